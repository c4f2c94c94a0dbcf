"""France Travail: the answer of "Offres d'emploi v2" as the offers table.

Field by field: ``docs/reference/sources/france-travail.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

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

__all__ = ["is_france_travail", "to_offers"]

_DEPARTEMENT_PREFIX = re.compile(r"^\s*(?:\d{2,3}|2[AB])\s*-\s*", re.IGNORECASE)


def is_france_travail(payload: object) -> bool:
    """Tell whether `payload` is an answer of this source, a list of them, or of its items."""
    if isinstance(payload, Mapping):
        return isinstance(payload.get("resultats"), list) or (
            "intitule" in payload and ("lieuTravail" in payload or "romeCode" in payload)
        )
    if isinstance(payload, list):
        shaped = [item for item in payload[:20] if isinstance(item, Mapping)]
        return bool(shaped) and all(is_france_travail(item) for item in shaped)
    return False


def to_offers(payload: object, file: str, sha256: str) -> RawTable:
    """Return the offers of one or several answers as one offers table.

    The level of this source is the one *required at entry*, not the one aimed at:
    the column `level` stays empty for every row.

    Parameters
    ----------
    payload : object
        Parsed JSON: an answer ``{resultats: [...]}``, a list of answers, or a list
        of offers.
    file : str
        Name that messages show.
    sha256 : str
        Of the bytes read.

    Returns
    -------
    RawTable
        One row an offer, its line the place of the offer from 1; what is no JSON
        object stands in `faults`.

    Examples
    --------
    >>> table = to_offers(
    ...     {"resultats": [{"id": "1", "intitule": "Maçon (H/F)", "romeCode": "F1703",
    ...                     "natureContrat": "Contrat apprentissage",
    ...                     "lieuTravail": {"libelle": "29 - QUIMPER", "commune": "29232"}}]},
    ...     "ft.json", "")
    >>> table.frame.loc[0, ["place_name", "contract_type", "kind", "level"]].tolist()
    ['QUIMPER', 'apprentissage', 'offer', '']
    """
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    faults: list[Issue] = []
    for index, item in enumerate(_items(payload), start=1):
        if isinstance(item, Mapping):
            rows.append(_offer(item))
            lines.append(index)
        else:
            faults.append(shapeless(file, index, item, "an offer"))
    return offers_table(
        rows, lines, file=file, sha256=sha256, notes=("France Travail",), faults=faults
    )


def _items(payload: object) -> Iterator[object]:
    """Yield the offers of an answer, or of a list of answers and offers, in order."""
    for part in payload if isinstance(payload, list) else [payload]:
        if isinstance(part, Mapping) and isinstance(part.get("resultats"), list):
            yield from part["resultats"]
        else:
            yield part


def _offer(item: Mapping[str, object]) -> dict[str, str]:
    """Return the row of one offer."""
    place = dig(item, "lieuTravail")
    commune, postal_code = as_text(dig(place, "commune")), as_text(dig(place, "codePostal"))
    contract, kind = _contract(item)
    partners = dig(item, "origineOffre", "partenaires")
    urls = (
        dig(item, "origineOffre", "urlOrigine"),
        dig(item, "contact", "urlPostulation"),
        dig(partners[0], "url") if isinstance(partners, list) and partners else None,
    )
    return {
        "offer_id": as_text(item.get("id")),
        "title": one_line(item.get("intitule")),
        "trade_code": as_text(item.get("romeCode")),
        "postal_code": postal_code,
        "commune_code": commune,
        # Without a code the label names a department or a region ("53 - Mayenne"),
        # which may also be the name of a town: no place is better than a wrong one.
        "place_name": _DEPARTEMENT_PREFIX.sub("", one_line(dig(place, "libelle")))
        if commune or postal_code
        else "",
        "latitude": as_text(dig(place, "latitude")),
        "longitude": as_text(dig(place, "longitude")),
        "capacity": as_text(item.get("nombrePostes")),
        "contract_type": contract,
        "employer": one_line(dig(item, "entreprise", "nom")),
        "siret": as_text(dig(item, "entreprise", "siret")),
        "naf_code": as_text(item.get("codeNAF")) or as_text(item.get("secteurActivite")),
        "kind": kind,
        "url": next(filter(None, map(as_text, urls)), ""),
        "source": "france_travail",
        "status": "open",
        "description": _description(item),
    }


def _contract(item: Mapping[str, object]) -> tuple[str, str]:
    """Return (contract type, kind); what is no training contract is an ordinary job."""
    nature = as_text(item.get("natureContrat")).casefold()
    for name in ("apprentissage", "professionnalisation"):
        if name in nature:
            return name, "offer"
    if item.get("alternance") is True:
        return "alternance", "offer"
    if not nature and item.get("alternance") is None:
        return "", "offer"
    return as_text(item.get("typeContrat")), "job"


def _description(item: Mapping[str, object]) -> str:
    """Return the description, with the experience asked for as its last line.

    A required experience ("E") is a field of its own here; the flag for ordinary
    jobs reads it from the text, as for every other source.
    """
    text = plain_text(item.get("description"))
    if item.get("experienceExige") == "E":
        text += f"\nExpérience exigée : {one_line(item.get('experienceLibelle'))}"
    return text.strip()
