"""Decathlon: its feed of offers in JSON (as the tool Digital Recruiters writes it).

Field by field: ``docs/reference/sources/decathlon.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import (
    as_text,
    dig,
    home_place,
    least_likeness,
    offers_table,
    one_line,
    paragraphs,
)
from matchmaker.tables.sources.source import Head, Kind

__all__ = ["Decathlon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decathlon:
    """Offers of a feed ``{"ads": [...]}``; a line is the place of its offer."""

    name: str = "decathlon"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are its own, 1 where the key around them is."""
        return least_likeness(head, _likeness)

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers.

        Raises
        ------
        InputError
            The file has no items.
        """
        del as_of  # the feed gives no day that is read
        return (
            offers_table(raw, _row, source=self.name, keys=("ads",), note="Decathlon", day_of=_day),
        )


def _likeness(item: Mapping[str, object]) -> int:
    if {"contract_type", "contract_work_period", "service_hash_id"} <= item.keys():
        return 2
    return int(isinstance(item.get("ads"), list))


def _day(item: dict[str, object]) -> object:
    return item.get("published_at")


def _row(item: dict[str, object]) -> dict[str, str]:
    address = item.get("address")
    months = [as_text(dig(item, "contract_duration", name)) for name in ("min", "max")]
    return {
        "offer_id": as_text(item.get("reference")),
        "title": one_line(item.get("title")),
        **home_place(
            as_text(dig(address, "parts", "country")),
            postal_code=as_text(dig(address, "parts", "zip")),
            place_name=one_line(dig(address, "parts", "city")),
            latitude=as_text(dig(address, "position", "lat")),
            longitude=as_text(dig(address, "position", "lon")),
        ),
        # "education_level" is asked for at entry: not the level aimed at.
        "contract_type": as_text(item.get("contract_type")),
        "duration": "-".join(dict.fromkeys(filter(None, months))),
        "employer": one_line(dig(item, "brand", "name")) or "Decathlon",
        "url": as_text(item.get("apply_url")),
        "kind": "offer",
        "source": "decathlon",
        "status": "open",
        "description": paragraphs(item.get("description"), item.get("profile")),
    }
