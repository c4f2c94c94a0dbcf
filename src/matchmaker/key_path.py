"""Where the key of pseudonyms lies: told without loading what reads it."""

from __future__ import annotations

from pathlib import Path

__all__ = ["key_path"]


def key_path(contacts: Path) -> Path:
    """Return where the key of a file of contacts lies: beside it, ``contacts.csv.key``.

    Parameters
    ----------
    contacts : Path

    Returns
    -------
    Path

    Examples
    --------
    >>> key_path(Path("private/contacts.csv")).name
    'contacts.csv.key'
    """
    return contacts.with_name(f"{contacts.name}.key")
