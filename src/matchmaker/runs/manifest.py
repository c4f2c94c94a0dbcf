"""The manifest: what a run read, with which settings and versions, and what it wrote."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from matchmaker.settings import Settings
from matchmaker.version import VERSION

__all__ = ["InputRecord", "build_manifest", "json_bytes"]

# Packages whose version can change a byte of the outputs.
_PACKAGES = ("numpy", "scipy", "rapidfuzz", "pandas", "pyarrow", "numba", "jinja2")


class InputRecord(Protocol):
    """One file or frame that was read (`matchmaker.tables.InputFile` is one)."""

    @property
    def role(self) -> str:
        """Table that the file holds."""

    @property
    def name(self) -> str:
        """Name shown to the user."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes read."""

    @property
    def rows(self) -> int:
        """Rows read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """How it was read."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets of a workbook that were read."""


def build_manifest(
    files: Sequence[InputRecord],
    *,
    settings: Settings,
    as_of: dt.date | None,
    reference: Sequence[Mapping[str, Any]],
    counts: Mapping[str, int],
    is_synthetic: bool,
    handed_in: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return the manifest of a run as plain values; it holds no clock and no path.

    Parameters
    ----------
    files : sequence of InputRecord
        What was read.
    settings : Settings
        Written down whole; ``seed`` once more by itself.
    as_of : date or None
        None where no rule of the run looks at a date.
    reference : sequence of mapping
        Reference tables of the user's own, each with its SHA-256.
    counts : mapping of str to int
        Rows of the outputs, or other figures that identify the run.
    is_synthetic : bool
        A row of the input was made by the generator.
    handed_in : mapping of str to sequence of str
        Criteria, solver and sources that came as objects, which no setting names.

    Returns
    -------
    dict
        Ready for JSON.
    """
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "is_synthetic": is_synthetic,
        "inputs": [
            {
                "role": f.role,
                "name": f.name,
                "sha256": f.sha256,
                "rows": int(f.rows),
                "notes": list(f.notes),
                "sheets": list(f.sheets),
            }
            for f in files
        ],
        "reference": [dict(table) for table in reference],
        "seed": settings.seed,
        "settings": settings.to_dict(),
        "handed_in": {name: list(names) for name, names in handed_in.items()},
        "counts": {name: int(count) for name, count in counts.items()},
        "versions": {
            "matchmaker": VERSION,
            "python": platform.python_version(),
            **{name: found for name in _PACKAGES if (found := _version(name))},
        },
    }


def json_bytes(value: Any) -> bytes:
    r"""Return `value` as JSON for people and machines: indented, UTF-8, no NaN.

    Parameters
    ----------
    value : object
        Ready for JSON.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        A number is NaN or infinite.

    Examples
    --------
    >>> json_bytes({"é": 1}).decode()
    '{\n  "é": 1\n}\n'
    """
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
