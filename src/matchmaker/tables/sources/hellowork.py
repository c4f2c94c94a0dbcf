"""Hellowork: its feed of offers in XML.

Field by field: ``docs/reference/sources/hellowork.md``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import (
    as_text,
    home_place,
    least_likeness,
    offers_table,
    one_line,
    paragraphs,
)
from matchmaker.tables.sources.source import Head, Kind

__all__ = ["Hellowork"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hellowork:
    """Offers of a feed ``<root><job>...</job></root>``; a line is the place of its job."""

    name: str = "hellowork"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are jobs of this feed."""
        return least_likeness(head, lambda item: 2 * ({"job_id", "company_title"} <= item.keys()))

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers.

        Raises
        ------
        InputError
            The file has no items.
        """
        del as_of  # the feed gives no day that is read
        return (offers_table(raw, _row, source=self.name, note="Hellowork", day_of=_day),)


def _day(item: dict[str, object]) -> object:
    return item.get("updated_date") or item.get("publication_date")


def _row(item: dict[str, object]) -> dict[str, str]:
    lat, _, lon = as_text(item.get("geoloc")).partition(",")
    unit = as_text(item.get("contract_period_unit")).casefold()
    return {
        "offer_id": as_text(item.get("job_id")),
        "title": one_line(item.get("title")),
        **home_place(
            as_text(item.get("country")),
            postal_code=as_text(item.get("postal_code")),
            place_name=one_line(item.get("city")),
            latitude=lat.strip(),
            longitude=lon.strip(),
        ),
        # "education" is what is asked for at entry, not the level aimed at.
        "contract_type": as_text(item.get("contract")),
        "duration": as_text(item.get("contract_period_value")) if unit.startswith("mo") else "",
        "employer": one_line(item.get("company_title")),
        "siret": as_text(item.get("siret")),
        "naf_code": as_text(item.get("naf_code")),
        "url": as_text(item.get("url")),
        "remote": as_text(item.get("remote")),
        "kind": "offer",
        "source": "hellowork",
        "status": "open",
        "description": paragraphs(item.get("description"), item.get("profile")),
    }
