"""Codes that no table of communes holds: collectivities overseas, CEDEX codes, departments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rapidfuzz.distance import OSA

from matchmaker.reference.gazetteer import Gazetteer, departements
from matchmaker.reference.lookup import fold
from matchmaker.reference.place_text import COLLECTIVITIES

__all__ = ["cedex_town", "collectivity", "is_slip_of_departement"]

# Saint-Barthélemy and Saint-Martin have postal codes of Guadeloupe, and had its commune
# codes until 2007; two of these are postal codes of communes of Guadeloupe as well.
_POSTAL: Mapping[str, str] = {"97133": "977", "97150": "978"}
_FORMER: Mapping[str, str] = {"97123": "977", "97127": "978"}


def collectivity(code: str, *, is_postal: bool) -> str:
    """Return the name of the overseas collectivity that a code lies in, "" for none.

    Parameters
    ----------
    code : str
        As `matchmaker.reference.place_text.read_code` gives it, or its first three signs.
    is_postal : bool
        A postal code, or a commune's.

    Examples
    --------
    >>> collectivity("97133", is_postal=True), collectivity("97133", is_postal=False)
    ('Saint-Barthélemy', '')
    >>> collectivity("97127", is_postal=False), collectivity("97127", is_postal=True)
    ('Saint-Martin', '')
    """
    known = (_POSTAL if is_postal else _FORMER).get(code, code[:3])
    return COLLECTIVITIES.get(known, "")


def cedex_town(gazetteer: Gazetteer, code: str) -> int:
    """Return the largest commune whose postal codes begin like a code, -1 for none.

    A CEDEX code shares three digits with the postal code of its sorting office. That tells a
    person where to look; it is no table of CEDEX codes, and places nothing.

    Examples
    --------
    >>> from matchmaker.reference.gazetteer import gazetteer
    >>> g = gazetteer()
    >>> [g.name[cedex_town(g, code)] for code in ("35042", "44041", "31059", "59033", "33077")]
    ['Rennes', 'Nantes', 'Toulouse', 'Lille', 'Bordeaux']
    """
    places = gazetteer.by_postal_start.get(code[:3], frozenset())
    return max(places, key=lambda p: (gazetteer.population[p], gazetteer.code[p]), default=-1)


def is_slip_of_departement(name: str, departement: str) -> bool:
    """Tell whether a spelt name is one letter away from the name of its own department.

    Examples
    --------
    >>> is_slip_of_departement("viene", "86"), is_slip_of_departement("dienne", "38")
    (True, False)
    """
    return OSA.distance(name, _spelt(departement), score_cutoff=1) <= 1


@cache
def _spelt(departement: str) -> str:
    """Return the folded name of a department."""
    table = departements()
    return fold(str(table["name"][table["departement"] == departement].iloc[0]))
