"""France Travail: the answer of "Offres d'emploi v2" as the offers table.

Field by field: ``docs/reference/sources/france-travail.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matchmaker.reference.gazetteer import departements, regions
from matchmaker.reference.lookup import fold, read_table
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

__all__ = ["FranceTravail"]

_DEPARTEMENT_PREFIX = re.compile(r"^\s*(?:\d{2,3}|2[AB])\s*-\s*", re.IGNORECASE)
# The nomenclature "naturesContrats" of the API; the answer has its labels, exports its codes.
_PLACE = ("postal_code", "commune_code", "place_name", "latitude", "longitude")
_NATURES = {"e2": "apprentissage", "fs": "professionnalisation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FranceTravail:
    """Offers of one or several answers as one table.

    An answer is ``{resultats: [...]}``; a list of answers and a list of offers will do too.
    The line of a row is the place of its offer from 1.  The level of this source is the one
    *required at entry*, not the one aimed at: the column `level` stays empty for every row.

    Examples
    --------
    >>> answer = {"resultats": [{"id": "1", "intitule": "Maçon (H/F)", "romeCode": "F1703",
    ...                          "natureContrat": "Contrat apprentissage",
    ...                          "lieuTravail": {"libelle": "29 - QUIMPER", "commune": "29232"}}]}
    >>> raw = JsonAnswer(role="offers", file="ft.json", items=lambda: iter([(1, answer)]),
    ...                  head=(answer,), sha256="")
    >>> (table,) = FranceTravail().to_tables(raw, as_of=dt.date(2023, 9, 15))
    >>> table.frame.loc[0, ["place_name", "contract_type", "kind", "level"]].tolist()
    ['QUIMPER', 'apprentissage', 'offer', '']
    """

    name: str = "france_travail"
    kinds: frozenset[Kind] = frozenset({"offers"})

    def recognises(self, head: Head) -> int:
        """Return 2 where all items are its own, 1 where an answer's outer key is."""
        return least_likeness(head, _likeness)

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return the offers; those of ordinary contracts have the kind ``job``.

        Raises
        ------
        InputError
            The file is no JSON of this kind.
        """
        del as_of  # an answer holds no day that is read
        return (
            offers_table(
                raw,
                _offer,
                source=self.name,
                keys=("resultats",),
                note="France Travail",
                day_of=_day,
            ),
        )


def _likeness(item: Mapping[str, object]) -> int:
    """Return how surely one JSON object is an offer, or an answer, of this source."""
    if "intitule" in item and ("lieuTravail" in item or "romeCode" in item):
        return 2
    return int(isinstance(item.get("resultats"), list))


def _day(item: Mapping[str, object]) -> object:
    return item.get("dateActualisation") or item.get("dateCreation")


def _offer(item: Mapping[str, object]) -> dict[str, str]:
    """Return the row of one offer."""
    place = dig(item, "lieuTravail")
    commune, postal_code = as_text(dig(place, "commune")), as_text(dig(place, "codePostal"))
    label = one_line(dig(place, "libelle"))
    # Without a code beside it the label is all there is, its department included.
    is_alone = not commune and len(postal_code) < 4  # "15" is a department
    is_area = is_alone and _names_an_area(label)
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
        "place_name": label if is_alone else _DEPARTEMENT_PREFIX.sub("", label),
        "latitude": as_text(dig(place, "latitude")),
        "longitude": as_text(dig(place, "longitude")),
        # A department or a region is no workplace, its point no more than its middle: the
        # offer is kept, and counted among those without a place.
        **(dict.fromkeys(_PLACE, "") if is_area else {}),
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
        "welcomes_disabled": _welcomes_disabled(item),
        "licence_asked": _licence_asked(item),
    }


@cache
def _areas() -> frozenset[str]:
    """Return the folded names of what is larger than a commune."""
    names = [
        *departements()["name"],
        *regions()["name"],
        *read_table("region_names.csv")["name"],
        "France",
        "France entière",
        "France métropolitaine",
    ]
    # Paris is a department and a commune at once.
    return frozenset(map(fold, names)) - {"paris"}


def _names_an_area(label: str) -> bool:
    """Tell whether a label names a department, a region or the country ("53 - Mayenne").

    Communes are written in capitals ("53 - MAYENNE"), but not always: such a label is none.
    """
    bare = fold(_DEPARTEMENT_PREFIX.sub("", label)).removesuffix(" dept")
    return bare in _areas()


def _contract(item: Mapping[str, object]) -> tuple[str, str]:
    """Return (contract type, kind); what is no training contract is an ordinary job."""
    nature = as_text(item.get("natureContrat")).casefold()
    nature = _NATURES.get(nature, nature)
    for name in ("apprentissage", "professionnalisation"):
        if name in nature:
            return name, "offer"
    if item.get("alternance") is True:
        return "alternance", "offer"
    if not nature and item.get("alternance") is None:
        return "", "offer"
    return as_text(item.get("typeContrat")), "job"


def _welcomes_disabled(item: Mapping[str, object]) -> str:
    """Return "yes" where one of three fields says so; a box left open says nothing."""
    says = (
        item.get("accessibleTH"),
        item.get("employeurHandiEngage"),
        item.get("entrepriseAdaptee"),
        dig(item, "entreprise", "entrepriseAdaptee"),
    )
    return "yes" if any(value is True for value in says) else ""


def _licence_asked(item: Mapping[str, object]) -> str:
    """Return whether the licence of category B is required ("E") or wished ("S").

    Of other categories, and of an offer that names none, nothing is known.
    """
    licences = item.get("permis")
    for licence in licences if isinstance(licences, list) else ():
        if re.match(r"B\b", as_text(dig(licence, "libelle"))):
            return "required" if dig(licence, "exigence") == "E" else "wished"
    return ""


def _description(item: Mapping[str, object]) -> str:
    """Return the description, with the experience asked for as its last line.

    A required experience ("E") is a field of its own here; the flag for ordinary
    jobs reads it from the text, as for every other source.
    """
    text = plain_text(item.get("description"))
    if item.get("experienceExige") == "E":
        text += f"\nExpérience exigée : {one_line(item.get('experienceLibelle'))}"
    return text.strip()
