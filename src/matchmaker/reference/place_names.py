"""Which of some communes a name may mean, however it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from matchmaker.reference.gazetteer import Gazetteer

__all__ = ["Named", "communes_named"]

# Shortest name in which one wrong letter leaves enough to recognise it.
MIN_LETTERS_FOR_TYPO = 3


class Named(NamedTuple):
    """Communes that a name may mean, how sure that is, and a key of `PLACE_NOTES` or ""."""

    places: list[int]
    confidence: float
    note: str = ""


def communes_named(gazetteer: Gazetteer, name: str, places: Sequence[int]) -> Named:
    """Return those of some communes that a name may mean.

    Tried in turn until one gives an answer: the name, a former commune's name, the name
    without its article, a part of the name, a name one or two letters away.

    Parameters
    ----------
    gazetteer : Gazetteer
    name : str
        As `matchmaker.reference.place_text.place_name` spells it.
    places : sequence of int
        Positions of the communes to choose from: those of a postal code or a department.

    Examples
    --------
    >>> from matchmaker.reference.gazetteer import gazetteer
    >>> g = gazetteer()
    >>> communes_named(g, "bourg en bress", g.by_postal["01000"]).note
    'typo'
    """
    inside: Collection[int] = set(places) if len(places) > 8 else places
    exact = [place for place in gazetteer.by_name.get(name, ()) if place in inside]
    if exact:
        return Named(exact, 1.0)
    former = [place for place in gazetteer.by_former_name.get(name, ()) if place in inside]
    if former:
        return Named(former, 0.95, "former_commune")
    bare, spellings = _without_article(name), gazetteer.names
    loose = [p for p in places if any(_without_article(known) == bare for known in spellings[p])]
    if loose:
        return Named(loose, 0.95)
    closest = _closest(gazetteer, name, places)
    if len(places) <= 100:  # a postal code; in a whole department a part says too little
        part = [p for p in places if _is_part(spellings[p][0], name) and p not in closest.places]
        if part:
            # A part of one name and a slip of another: both are possible.
            return Named(closest.places + part, 0.85)
    return closest


def _closest(gazetteer: Gazetteer, name: str, places: Iterable[int]) -> Named:
    """Return the places whose name is fewest letters away, if few enough."""
    if len(name) < MIN_LETTERS_FOR_TYPO:
        return Named([], 0.0)
    allowed = 1 if len(name) < 10 else 2
    best: list[int] = []
    for place in places:
        for known in gazetteer.names[place]:
            away = OSA.distance(name, known, score_cutoff=allowed)
            if away < allowed or (away == allowed and not best):
                best, allowed = [place], away
            elif away == allowed and place not in best:
                best.append(place)
    return Named(best, 0.9, "typo" if best else "")


def _without_article(name: str) -> str:
    """Return a spelt name without its first article."""
    first, _, rest = name.partition(" ")
    return rest if rest and first in ("le", "la", "les", "l") else name


def _is_part(known: str, name: str) -> bool:
    """Tell whether one of two spelt names is the beginning of the other, in whole words."""
    return known.startswith(name + " ") or name.startswith(known + " ")
