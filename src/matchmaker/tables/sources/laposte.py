"""La Poste: its feed of offers in XML.

Field by field: ``docs/reference/sources/laposte.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import (
    as_text,
    least_likeness,
    offers_table,
    one_line,
    paragraphs,
)
from matchmaker.tables.sources.source import Head, Kind

__all__ = ["LaPoste"]

_KEYS = {"intitule-du-poste", "reference", "type-de-contrat"}
_POSTAL = re.compile(r"\s*(\d{5})\s+(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaPoste:
    """Offers of a feed ``<offres><offre>...</offre></offres>``; a line is the place of its offer."""

    name: str = "laposte"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are offers of this feed."""
        return least_likeness(head, lambda item: 2 * (item.keys() >= _KEYS))

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers.

        Raises
        ------
        InputError
            The file has no items.
        """
        del as_of  # the feed gives no day that is read
        return (offers_table(raw, _row, source=self.name, note="La Poste", day_of=_day),)


def _day(item: dict[str, object]) -> object:
    return item.get("date-de-mise-a-jour")


def _row(item: dict[str, object]) -> dict[str, str]:
    found = _POSTAL.fullmatch(one_line(item.get("localite")))
    town = one_line(item.get("localisation-du-poste"))
    return {
        "offer_id": as_text(item.get("reference")),
        "title": one_line(item.get("intitule-du-poste")),
        "postal_code": found[1] if found else "",
        "place_name": found[2] if found else town,
        "latitude": as_text(item.get("latitude")),
        "longitude": as_text(item.get("longitude")),
        # "niveau-de-formation-requis" is asked for at entry: not the level aimed at.
        "contract_type": as_text(item.get("type-de-contrat")),
        "duration": as_text(item.get("duree-du-contrat")),
        "employer": one_line(item.get("company")),
        "url": as_text(item.get("url-de-l-offre")),
        "remote": as_text(item.get("teletravail")),
        "kind": "offer",
        "source": "laposte",
        "status": "open",
        "description": paragraphs(
            item.get("description-de-la-mission"),
            item.get("profil-recherche"),
            item.get("formation-et-experience"),
        ),
    }
