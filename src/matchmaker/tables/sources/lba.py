"""La bonne alternance: the answer of its job search (API v3) as the offers table.

Field by field: ``docs/reference/sources/lba.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable
from matchmaker.tables.sources.items import (
    as_text,
    dig,
    offers_table,
    one_line,
    plain_text,
    shapeless,
)

__all__ = ["is_lba", "to_offers"]

_DAYS_ONLINE = 60  # the API's own default: an offer ends 60 days after its creation
_STATUS = {"active": "open", "filled": "filled", "cancelled": "cancelled"}
_FRANCE_TRAVAIL_PAGE = "https://candidat.francetravail.fr/offres/recherche/detail/"
# "12 rue des Lilas, 75011 Paris" or "97400 SAINT-DENIS CEDEX 9": code and town at the end.
_ADDRESS_END = re.compile(
    r"\b(\d{5})\s+(\D[^,;]*?)(?:\s+cedex(?:\s+\d+)?)?\s*(?:,\s*france)?\s*$", re.IGNORECASE
)


def is_lba(payload: object) -> bool:
    """Tell whether `payload` is an answer of this source, a list of them, or of its items."""
    if isinstance(payload, Mapping):
        return (
            isinstance(payload.get("jobs"), list) or isinstance(payload.get("recruiters"), list)
        ) or ("identifier" in payload and "workplace" in payload)
    if isinstance(payload, list):
        shaped = [item for item in payload[:20] if isinstance(item, Mapping)]
        return bool(shaped) and all(is_lba(item) for item in shaped)
    return False


def to_offers(payload: object, file: str, sha256: str) -> RawTable:
    """Return jobs and recruiters of one or several answers as one offers table.

    Parameters
    ----------
    payload : object
        Parsed JSON: an answer ``{jobs, recruiters, warnings}``, a list of answers,
        or a list of items.
    file : str
        Name that messages show.
    sha256 : str
        Of the bytes read.

    Returns
    -------
    RawTable
        One row an item; what is no JSON object stands in `faults`. The line is the place of the item from 1: the jobs of an
        answer, then its recruiters, then the next answer.

    Examples
    --------
    >>> answer = {"jobs": [{"identifier": {"id": "a1"}, "offer": {"title": "Boulanger"},
    ...                     "workplace": {"location": {"address": "1 rue Haute 29000 Quimper"}}}]}
    >>> table = to_offers(answer, "lba.json", "")
    >>> table.frame.loc[0, ["title", "postal_code", "place_name", "level"]].tolist()
    ['Boulanger', '29000', 'Quimper', '']
    """
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    faults: list[Issue] = []
    for index, item in enumerate(_items(payload), start=1):
        if isinstance(item, Mapping):
            rows.append(_job(item) if "offer" in item or "contract" in item else _firm(item))
            lines.append(index)
        else:
            faults.append(shapeless(file, index, item, "a job or a recruiter"))
    return offers_table(rows, lines, file=file, sha256=sha256, notes=("LBA",), faults=faults)


def _items(payload: object) -> Iterator[object]:
    """Yield the items of an answer, or of a list of answers and items, in order."""
    for part in payload if isinstance(payload, list) else [payload]:
        if isinstance(part, Mapping) and ("jobs" in part or "recruiters" in part):
            for name in ("jobs", "recruiters"):
                items = part.get(name)
                yield from items if isinstance(items, list) else ()
        else:
            yield part


def _workplace(item: Mapping[str, object]) -> dict[str, str]:
    """Return the columns that a job and a recruiter share."""
    place = dig(item, "workplace", "location")
    found = _ADDRESS_END.search(one_line(dig(place, "address")))
    point = dig(place, "geopoint", "coordinates")
    # GeoJSON: longitude first.
    lon, lat = point if isinstance(point, list) and len(point) == 2 else ("", "")
    names = ("name", "brand", "legal_name")
    return {
        "postal_code": found[1] if found else "",
        "place_name": found[2].strip() if found else "",
        "latitude": as_text(lat),
        "longitude": as_text(lon),
        "employer": next(filter(None, (one_line(dig(item, "workplace", n)) for n in names)), ""),
        "siret": as_text(dig(item, "workplace", "siret")),
        "naf_code": as_text(dig(item, "workplace", "domain", "naf", "code")),
        "url": as_text(dig(item, "apply", "url")),
    }


def _job(item: Mapping[str, object]) -> dict[str, str]:
    """Return the row of an offer."""
    partner = as_text(dig(item, "identifier", "partner_label"))
    partner_id = as_text(dig(item, "identifier", "partner_job_id"))
    row = _workplace(item)
    if not row["url"] and partner.casefold() == "france travail" and partner_id:
        row["url"] = _FRANCE_TRAVAIL_PAGE + partner_id
    status = as_text(dig(item, "offer", "status"))
    return row | {
        "offer_id": as_text(dig(item, "identifier", "id"))
        or (f"{partner}:{partner_id}" if partner_id else ""),
        "title": one_line(dig(item, "offer", "title")),
        "trade_code": _joined(dig(item, "offer", "rome_codes")),
        # The level aimed at; null for most offers and then unknown, never guessed.
        "level": as_text(dig(item, "offer", "target_diploma", "european")),
        "capacity": as_text(dig(item, "offer", "opening_count")),
        "start_date": as_text(dig(item, "contract", "start")),
        "expiry_date": _expiry(dig(item, "offer", "publication")),
        "contract_type": _contract(dig(item, "contract", "type")),
        "kind": "offer",
        "source": f"lba:{partner}" if partner else "lba",
        "status": _STATUS.get(status.casefold(), status),
        "description": plain_text(dig(item, "offer", "description")),
    }


def _firm(item: Mapping[str, object]) -> dict[str, str]:
    """Return the row of a recruiter: a firm that takes spontaneous applications.

    The answer gives a recruiter no trade, only the firm's activity: its label
    stands in as title, from which the trade can be resolved.
    """
    row = _workplace(item)
    activity = one_line(dig(item, "workplace", "domain", "naf", "label"))
    return row | {
        "offer_id": as_text(dig(item, "identifier", "id"))
        or (f"siret:{row['siret']}" if row["siret"] else ""),
        "title": activity or "Candidature spontanée",
        "kind": "spontaneous",
        "source": "lba:recruteurs",
        "status": "open",
        "description": plain_text(dig(item, "workplace", "description")),
    }


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
        created = date.fromisoformat(as_text(dig(publication, "creation"))[:10])
        return (created + timedelta(days=_DAYS_ONLINE)).isoformat()
    except (ValueError, OverflowError):
        return ""  # no creation day either: the end is unknown
