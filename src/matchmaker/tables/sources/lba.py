"""La bonne alternance: answers of its job search (API v3) and its daily national export.

Field by field: ``docs/reference/sources/lba.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from matchmaker.reference.rome import rome
from matchmaker.settings import Settings
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.items import (
    as_text,
    dig,
    least_likeness,
    offers_table,
    one_line,
    plain_text,
)
from matchmaker.tables.sources.source import Head, Kind
from matchmaker.words import said

__all__ = ["Lba"]

_DAYS_ONLINE = 60  # the API's own default: an offer ends 60 days after its creation
_STATUS = {"active": "open", "filled": "filled", "cancelled": "cancelled"}
_FIRMS = "recruteurs_lba"
"""Label of the firms that take spontaneous applications; it also stands in for their texts."""
_NO_TRADE = "Candidature spontanée"
_FRANCE_TRAVAIL_PAGE = "https://candidat.francetravail.fr/offres/recherche/detail/"
# "12 rue des Lilas, 75011 Paris" or "97400 SAINT-DENIS CEDEX 9": code and town at the end.
_ADDRESS_END = re.compile(
    r"\b(\d{5})\s+(\D[^,;]*?)(?:\s+cedex(?:\s+\d+)?)?\s*(?:,\s*france)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lba:
    """Jobs, and firms that take spontaneous applications, as one table of offers.

    The national export is one list of items; an answer of the search is ``{jobs,
    recruiters, warnings}``, and a list of answers will do too.  The line of a row is the
    place of its item from 1: the jobs of an answer, then its recruiters, then the next
    answer.  An item is a firm by its label, whatever its shape, or where it has neither an
    offer nor a contract.

    Attributes
    ----------
    settings : Settings
        Where the labels of trades come from: a firm in the export has trade codes, and no
        title.

    Examples
    --------
    >>> answer = {"jobs": [{"identifier": {"id": "a1"}, "offer": {"title": "Boulanger"},
    ...                     "workplace": {"location": {"address": "1 rue Haute 29000 Quimper"}}}]}
    >>> raw = JsonAnswer(role="offers", file="lba.json", items=lambda: iter([(1, answer)]),
    ...                  head=(answer,), sha256="")
    >>> (table,) = Lba().to_tables(raw, as_of=dt.date(2023, 9, 15))
    >>> table.frame.loc[0, ["title", "postal_code", "place_name", "level"]].tolist()
    ['Boulanger', '29000', 'Quimper', '']
    """

    settings: Settings = field(default_factory=Settings, repr=False)
    name: str = "lba"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are its own, 1 where an answer's outer keys are."""
        return least_likeness(head, _likeness)

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers, firms that take spontaneous applications included.

        Raises
        ------
        InputError
            The file is no JSON of this kind.
        """
        del as_of  # every day in an answer is written in full
        codes = rome(self.settings).codes
        labels = dict(zip(codes["code"].tolist(), codes["label"].tolist(), strict=True))
        return (
            offers_table(
                raw,
                partial(_row, labels),
                source=self.name,
                keys=("jobs", "recruiters"),
                note="LBA",
                not_one=said("source.not_a_job"),
                day_of=_day,
            ),
        )


def _likeness(item: Mapping[str, object]) -> int:
    """Return how surely one JSON object is an item, or an answer, of this source."""
    if "identifier" in item and "workplace" in item:
        return 2
    return int(any(isinstance(item.get(key), list) for key in ("jobs", "recruiters")))


def _day(item: dict[str, object]) -> object:
    """Return when an offer was made; the days of firms are filled in by rote."""
    return None if _is_firm(item) else dig(item, "offer", "publication", "creation")


def _is_firm(item: dict[str, object]) -> bool:
    partner = as_text(dig(item, "identifier", "partner_label"))
    return partner.casefold() == _FIRMS or not ("offer" in item or "contract" in item)


def _row(labels: Mapping[str, str], item: dict[str, object]) -> dict[str, str]:
    """Return the row of one item; `labels` are those of trade codes."""
    if _is_firm(item):
        return _firm(item, labels)
    return _job(item, as_text(dig(item, "identifier", "partner_label")))


def _shared(item: dict[str, object]) -> dict[str, str]:
    """Return the columns that a job and a firm share."""
    workplace = dig(item, "workplace")
    place, domain = dig(workplace, "location"), dig(workplace, "domain")
    point = dig(place, "geopoint", "coordinates")
    # GeoJSON: longitude first.
    lon, lat = point if isinstance(point, list) and len(point) == 2 else (None, None)
    postal_code, town = _address_end(one_line(dig(place, "address")))
    return {
        "postal_code": postal_code,
        "place_name": town,
        "latitude": as_text(lat),
        "longitude": as_text(lon),
        "employer": one_line(dig(workplace, "name"))
        or one_line(dig(workplace, "brand"))
        or one_line(dig(workplace, "legal_name")),
        "siret": as_text(dig(workplace, "siret")),
        "naf_code": as_text(dig(domain, "naf", "code")),
        "url": as_text(dig(item, "apply", "url")),
        "size": as_text(dig(workplace, "size")),
        "opco": one_line(dig(domain, "opco")),
    }


def _address_end(address: str) -> tuple[str, str]:
    """Return the postal code and the town in which an address ends, "" where it does not."""
    found = _ADDRESS_END.search(address)
    return (found[1], found[2].strip()) if found else ("", "")


def _job(item: dict[str, object], partner: str) -> dict[str, str]:
    """Return the row of an offer."""
    offer, contract = item.get("offer"), item.get("contract")
    partner_id = as_text(dig(item, "identifier", "partner_job_id"))
    row = _shared(item)
    if not row["url"] and partner.casefold() == "france travail" and partner_id:
        row["url"] = _FRANCE_TRAVAIL_PAGE + partner_id
    if item.get("is_delegated") is True:
        row |= _delegated(row)
    status = as_text(dig(offer, "status"))
    return row | {
        "offer_id": as_text(dig(item, "identifier", "id"))
        or (f"{partner}:{partner_id}" if partner_id else ""),
        "title": one_line(dig(offer, "title")),
        "trade_code": _joined(dig(offer, "rome_codes")),
        # The level aimed at; null for most offers and then unknown, never guessed.
        "level": as_text(dig(offer, "target_diploma", "european")),
        "capacity": as_text(dig(offer, "opening_count")),
        "start_date": as_text(dig(contract, "start")),
        "expiry_date": _expiry(dig(offer, "publication")),
        "contract_type": _contract(dig(contract, "type")),
        "duration": as_text(dig(contract, "duration")),
        "remote": as_text(dig(contract, "remote")),
        "kind": "offer",
        "source": f"lba:{partner}" if partner else "lba",
        "status": _STATUS.get(status.casefold(), status),
        "description": plain_text(dig(offer, "description")),
    }


def _delegated(row: Mapping[str, str]) -> dict[str, str]:
    """Return what changes where a training centre publishes for a firm that it does not name.

    Name, SIRET, address and activity are the centre's, and would make one firm of all that it
    publishes for; only the point is the workplace's.
    """
    not_its_own = ("employer", "siret", "naf_code", "postal_code", "place_name", "size", "opco")
    return dict.fromkeys(not_its_own, "") | {
        "is_delegated": "true",
        "delegated_by": row["employer"],
    }


def _firm(item: dict[str, object], labels: Mapping[str, str]) -> dict[str, str]:
    """Return the row of a firm that takes spontaneous applications.

    In the export it has trade codes, and the label of the first is its title; texts, contract
    and dates are filled in by rote there and not read.  In an answer it has no trade, only
    the firm's activity, from whose label the trade can be resolved.
    """
    row = _shared(item)
    codes = _joined(dig(item, "offer", "rome_codes"))
    activity = one_line(dig(item, "workplace", "domain", "naf", "label"))
    job_id = as_text(dig(item, "identifier", "partner_job_id"))
    status = as_text(dig(item, "offer", "status"))
    return row | {
        "offer_id": as_text(dig(item, "identifier", "id"))
        or (f"siret:{row['siret']}" if row["siret"] else "")
        or (f"{_FIRMS}:{job_id}" if job_id else ""),
        "title": labels.get(codes.partition("|")[0]) or activity or _NO_TRADE,
        "trade_code": codes,
        "kind": "spontaneous",
        "source": "lba:recruteurs",
        "status": _STATUS.get(status.casefold(), "open"),
        "description": _own_text(plain_text(dig(item, "workplace", "description"))),
    }


def _own_text(text: str) -> str:
    """Return a text, "" for one that only repeats the label of the firms."""
    return text if text.replace(_FIRMS, "") else ""


def _joined(value: object) -> str:
    """Return a list of codes as ``A|B``, or a single value as text."""
    return "|".join(map(as_text, value)) if isinstance(value, list) else as_text(value)


def _contract(value: object) -> str:
    """Return the contract type; both at once say no more than "alternance".

    The API fills in both where the poster names none.
    """
    names = [as_text(name) for name in value] if isinstance(value, list) else [as_text(value)]
    return names[0] if len(names) == 1 else "alternance" if names else ""


def _expiry(publication: object) -> str:
    """Return the day the offer ends, or creation plus 60 days where none is given."""
    expiration = as_text(dig(publication, "expiration"))
    if expiration:
        return expiration
    try:
        created = dt.date.fromisoformat(as_text(dig(publication, "creation"))[:10])
        return (created + dt.timedelta(days=_DAYS_ONLINE)).isoformat()
    except (ValueError, OverflowError):
        return ""  # no creation day either: the end is unknown
