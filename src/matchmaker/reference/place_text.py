"""Reading of what people write in the cells of a place: codes, names, both at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from matchmaker.reference.lookup import fold, read_table

__all__ = [
    "COLLECTIVITIES",
    "PlaceText",
    "departement_named",
    "place_name",
    "read_code",
    "read_place",
    "region_named",
]

# First three signs of codes -> collectivity overseas that lies in none of the 18 regions.
COLLECTIVITIES: Mapping[str, str] = {
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "984": "Terres australes et antarctiques françaises",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
    "989": "Clipperton",
}
# Communes bear these names too: alone they name no collectivity.
_SHARED_NAMES = frozenset({"977", "978"})

_CODE = re.compile(r"(?:FR?[ -]?)?(\d{4,5}|\d[AB]\d{3}|\d\d \d{3})(?:[.,]0+)?")
_POSTAL = re.compile(r"\d{5}")
_ORDINAL = re.compile(r"0?(\d\d?)(?:er|ere|e|eme|nd|nde)")
_SAID_OUT = re.compile(r"^departement (?:de la |de l |des |du |de |d )?| departement$")
_TAIL = re.compile(r"(.*\S)\s*(?:\(([^()]+)\)|,([^,]+))\s*")
_ARTICLES = {"le", "la", "les", "l"}
# City with arrondissements -> number of them.
_DISTRICTS = {"paris": 20, "lyon": 9, "marseille": 16}
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_SHORTENED = frozenset({*_ABBREVIATIONS, "s", "ss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceText:
    """What one cell says about a place.

    Attributes
    ----------
    name : str
        Folded name as `place_name` gives it; "" when the cell holds none.
    postal_code, departement : str
        Found beside the name; "" when absent.
    district : int
        Number of the arrondissement of Paris, Lyon or Marseille; 0 when absent.
    """

    name: str = ""
    postal_code: str = ""
    departement: str = ""
    district: int = 0


def read_code(text: str) -> str:
    """Return an INSEE or postal code of five signs, or "" when `text` is none.

    Case, spaces, the country's letter, ".0" of a spreadsheet and a lost leading zero are
    repaired.

    Examples
    --------
    >>> [read_code(t) for t in ("75011", "F-75011", "75 011", "1000", "2a004", "75011.0", "97")]
    ['75011', '75011', '75011', '01000', '2A004', '75011', '']
    """
    if len(text) == 5 and text.isascii() and text.isdigit():
        return text
    found = _CODE.fullmatch(text.strip().upper())
    if not found:
        return ""
    code = found[1].replace(" ", "")
    return "0" + code if len(code) == 4 else code


def place_name(text: str) -> str:
    """Return a place name in one spelling: folded, saints and "sur" written out.

    Examples
    --------
    >>> place_name("ST-CYR S/ LOIRE") == place_name("Saint-Cyr-sur-Loire")
    True
    """
    folded = fold(text)
    words = folded.split()
    if _SHORTENED.isdisjoint(words):
        return folded
    words = [_ABBREVIATIONS.get(word, word) for word in words]
    for i in range(1, len(words) - 1):
        if words[i] in ("s", "ss"):
            words[i] = "sur" if words[i] == "s" else "sous"
    return " ".join(words)


@cache
def _names_of_departements() -> dict[str, str]:
    """Return department (or collectivity) code by its folded name."""
    table = read_table("departements.csv")
    names = {
        fold(name): code for code, name in zip(table["departement"], table["name"], strict=True)
    }
    return names | {
        fold(name): code for code, name in COLLECTIVITIES.items() if code not in _SHARED_NAMES
    }


@cache
def _departement_names() -> dict[str, str]:
    """Return department (or collectivity) code by its code in lower case and by its folded name."""
    names = _names_of_departements()
    return {code.lower(): code for code in (*names.values(), *COLLECTIVITIES)} | names


def departement_named(name: str) -> str:
    """Return the code of the department that a spelt name is that of, "" for none.

    Examples
    --------
    >>> departement_named("vienne"), departement_named("departement du cher")
    ('86', '18')
    >>> departement_named("rennes")
    ''
    """
    return _names_of_departements().get(_SAID_OUT.sub("", name), "")


@cache
def _names_of_regions() -> dict[str, str]:
    """Return region code by its folded name; a region of before 2016 is a part of one."""
    table, others = read_table("regions.csv"), read_table("region_names.csv")
    others = others[others["kind"] == "short"]
    pairs = [*zip(table["name"], table["region_code"], strict=True)]
    pairs += zip(others["name"], others["region_code"], strict=True)
    return {fold(name): code for name, code in pairs}


def region_named(name: str) -> str:
    """Return the code of the region that a spelt name is that of, "" for none.

    Examples
    --------
    >>> region_named("bretagne"), region_named("region ile de france"), region_named("alsace")
    ('53', '11', '')
    """
    names = _names_of_regions()
    return names.get(name) or names.get(name.removeprefix("region "), "")


@lru_cache(maxsize=1 << 16)
def read_place(text: str) -> PlaceText:
    """Read a free text such as "75012 Paris 12e", "35 - RENNES" or "Le Havre (76)".

    CEDEX is left out; its number counts as arrondissement in Paris, Lyon and Marseille.

    Examples
    --------
    >>> read_place("75012 PARIS 12e")
    PlaceText(name='paris', postal_code='75012', departement='', district=12)
    >>> read_place("Saint-Denis (974)")
    PlaceText(name='saint denis', postal_code='', departement='974', district=0)
    >>> read_place("RENNES CEDEX 7").name
    'rennes'
    """
    departement = ""
    if tail := _TAIL.fullmatch(text):
        hint = fold(tail[2] or tail[3])
        if hint in _ARTICLES:  # "Havre (Le)"
            text = f"{hint} {tail[1]}"
        elif hint in _departement_names():
            text, departement = tail[1], _departement_names()[hint]
    words = place_name(text).split()
    postal_code = next((word for word in words if _POSTAL.fullmatch(word)), "")
    words = [word for word in words if word != postal_code]
    is_cedex = "cedex" in words
    words = [word for word in words if word not in ("cedex", "arrondissement")]
    if len(words) > 1 and words[-1] == "france" and words[-2] not in ("de", "en"):
        words = words[:-1]  # the country, not a part of the name
    code = _departement_names().get(words[0], "") if len(words) > 1 else ""
    if code and code == words[0].upper():  # a code, not "Lot" of "Lot-et-Garonne"
        departement = departement or code
        words = words[1:]
    district = 0
    if len(words) > 1 and words[0] in _DISTRICTS:
        district = _district(words, departement)
        words = words[:1] if district else words
    if len(words) > 1 and (words[-1].isdigit() or words[-1] in ("2a", "2b")):
        if not is_cedex:
            departement = departement or _departement_names().get(words[-1], "")
        words = words[:-1]
    return PlaceText(
        name=" ".join(words),
        postal_code=postal_code,
        departement=departement,
        district=district,
    )


def _district(words: list[str], departement: str) -> int:
    """Return the number of the arrondissement in "paris 12e" or "lyon 03", 0 when none."""
    ordinal = _ORDINAL.fullmatch(words[1])
    if ordinal:
        number = int(ordinal[1])
    elif words[1].isdigit() and not (words == ["marseille", "13"] and not departement):
        number = int(words[1])  # "Marseille 13" may as well be the department
    else:
        return 0
    return number if 1 <= number <= _DISTRICTS[words[0]] else 0
