"""Jobteaser: its feed of offers in XML.

Field by field: ``docs/reference/sources/jobteaser.md``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import (
    as_text,
    dig_first,
    home_place,
    least_likeness,
    offers_table,
    one_line,
    plain_text,
)
from matchmaker.tables.sources.source import Head, Kind

__all__ = ["Jobteaser"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobteaser:
    """Offers of a feed ``<jobs><job>...</job></jobs>``; a line is the place of its job."""

    name: str = "jobteaser"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are jobs of this feed."""
        return least_likeness(head, lambda item: 2 * ({"job_details", "company"} <= item.keys()))

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers.

        Raises
        ------
        InputError
            The file has no items.
        """
        del as_of  # days are written in full
        return (offers_table(raw, _row, source=self.name, note="Jobteaser", day_of=_day),)


def _day(item: dict[str, object]) -> object:
    return dig_first(item, "job_dates", "first_activated_at")


def _row(item: dict[str, object]) -> dict[str, str]:
    details, place = item.get("job_details"), item.get("job_locations")
    town = one_line(dig_first(place, "location_city"))
    departement = one_line(dig_first(place, "location_sub_state"))
    remote = as_text(dig_first(details, "remote_type"))
    return {
        "offer_id": as_text(item.get("id")),
        "title": one_line(dig_first(details, "title")),
        **home_place(
            as_text(dig_first(place, "location_country_code")),
            place_name=f"{town} ({departement})" if town and departement else town,
        ),
        "start_date": as_text(dig_first(item, "job_dates", "start_date")),
        "contract_type": as_text(dig_first(details, "contract_type")),
        "employer": one_line(dig_first(item, "company", "company_name")),
        "siret": as_text(dig_first(item, "company", "company_siren")),
        "url": as_text(dig_first(details, "url")),
        "remote": "" if remote == "Not specified" else remote,
        "kind": "offer",
        "source": "jobteaser",
        "status": "open",
        "description": plain_text(dig_first(details, "description")),
    }
