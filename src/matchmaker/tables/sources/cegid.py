"""Cegid Talentsoft: offers of an employer's own site in JSON, as France Travail has it.

Field by field: ``docs/reference/sources/cegid.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import (
    as_text,
    dig,
    least_likeness,
    offers_table,
    one_line,
    paragraphs,
)
from matchmaker.tables.sources.source import Head, Kind

__all__ = ["Cegid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cegid:
    """Offers of a list, or one; a line is the place of its offer."""

    name: str = "cegid"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are its own."""
        return least_likeness(head, _likeness)

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers.

        Raises
        ------
        InputError
            The file has no items.
        """
        del as_of  # days are written in full
        return (offers_table(raw, _row, source=self.name, note="Cegid", day_of=_day),)


def _likeness(item: Mapping[str, object]) -> int:
    return 2 * ({"reference", "organisationName", "contractType"} <= item.keys())


def _label(value: object) -> str:
    """Return the label of a code, or of the first of several."""
    first = value[0] if isinstance(value, list) and value else value
    return one_line(dig(first, "label"))


def _day(item: dict[str, object]) -> object:
    return item.get("modificationDate") or item.get("startPublicationDate")


def _row(item: dict[str, object]) -> dict[str, str]:
    return {
        "offer_id": as_text(item.get("reference")),
        "title": one_line(item.get("title")),
        # "country" and "region" hold regions and departments, which are no workplace.
        "place_name": _label(item.get("geographicalLocation")),
        "latitude": as_text(item.get("latitude")),
        "longitude": as_text(item.get("longitude")),
        "start_date": as_text(item.get("beginningDate")),
        "contract_type": _label(item.get("contractType")),
        "employer": one_line(item.get("organisationName")),
        "url": as_text(item.get("offerUrl")),
        "kind": "offer",
        "source": "cegid",
        "status": "open",
        "description": paragraphs(item.get("description1"), item.get("description2")),
    }
