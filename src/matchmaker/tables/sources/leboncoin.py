"""Leboncoin: its feed of offers in CSV.

Field by field: ``docs/reference/sources/leboncoin.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

import pandas as pd

from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import one_line, plain_text
from matchmaker.tables.sources.source import Head, Kind, table_in
from matchmaker.tables.sources.wish_files import cells, header_key

__all__ = ["Leboncoin"]

# Neutral column -> header of the feed; "région" is not read.
_COLUMNS = {
    "offer_id": "identifiant",
    "title": "titre",
    "employer": "entreprise",
    "postal_code": "code postal",
    "place_name": "ville",
    "url": "redirection",
    "description": "description",
}
# "Résumé / TITLE, 37540 Saint Cyr Sur Loire, Alternance, Temps plein."
_CONTRACT = re.compile(r"Résumé\s.*?\d{4,5} [^,\n]+, ([^\n]+?), Temps (?:plein|partiel)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leboncoin:
    """Offers of a CSV; lines are those of the file."""

    name: str = "leboncoin"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 1 for the headers of this feed."""
        keys = set(map(header_key, head.headers))
        return int({header_key(header) for header in _COLUMNS.values()} <= keys)

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers; the contract is the one of the summary that the text begins with.

        Raises
        ------
        InputError
            The file is no table.
        """
        del as_of  # the feed gives no day
        table = table_in(raw)
        written = {header_key(str(header)): str(header) for header in table.frame.columns}
        column = {
            name: cells(table.frame, written.get(header_key(header)))
            for name, header in _COLUMNS.items()
        }
        text = column["description"].map(plain_text)
        frame = pd.DataFrame(
            column
            | {
                "title": column["title"].map(one_line),
                "employer": column["employer"].map(one_line),
                "contract_type": text.map(_contract),
                "description": text,
                "kind": "offer",
                "source": self.name,
                "status": "open",
            },
            index=table.frame.index,
        ).astype("str")
        return (replace(table, role="offers", frame=frame, notes=(*table.notes, "Leboncoin")),)


def _contract(text: str) -> str:
    """Return the contract in the summary of a text, "" where it has none."""
    found = _CONTRACT.match(text)
    return found[1] if found else ""
