"""Adapters: one file a source, each giving the neutral tables as text.

An adapter maps fields and nothing more; the checks of `matchmaker.tables` judge
the values, so that a fault reads the same whatever the source.

- `lba`, `france_travail`: parsed JSON to the offers table.
- `affelnet`, `parcoursup`: one table of wishes to youths, wishes and contacts.
"""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.tables.raw import RawTable
from matchmaker.tables.sources import affelnet, france_travail, lba, parcoursup
from matchmaker.tables.sources.wish_files import WishFile

__all__ = ["WishFile", "affelnet", "detect", "france_travail", "lba", "parcoursup"]


def detect(content: object, parcoursup_columns: Mapping[str, str] | None = None) -> str | None:
    """Return the source that `content` comes from, or None for a neutral table.

    Parameters
    ----------
    content : RawTable or object
        A table as read, or parsed JSON.
    parcoursup_columns : mapping of str to str, optional
        The setting of that name: there is no public column list to know the file by.

    Returns
    -------
    {"lba", "france_travail", "affelnet", "parcoursup"} or None

    Examples
    --------
    >>> detect({"resultats": []})
    'france_travail'
    >>> detect([{"offer_id": "1"}]) is None
    True
    """
    if isinstance(content, RawTable):
        headers = list(content.frame.columns)
        if affelnet.is_affelnet(headers):
            return "affelnet"
        return "parcoursup" if parcoursup.is_parcoursup(headers, parcoursup_columns or {}) else None
    if lba.is_lba(content):
        return "lba"
    return "france_travail" if france_travail.is_france_travail(content) else None
