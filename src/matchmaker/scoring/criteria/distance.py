"""Distance: from home to the workplace, against the youth's own reach."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.geometry import STEPS_PER_REACH
from matchmaker.candidates.market import Market
from matchmaker.reference.places import departements, regions
from matchmaker.scoring.criterion import Context, DistancePoints, Phrases
from matchmaker.words import Lang, say, table

__all__ = ["Distance", "about"]

# Which ends of a distance are the centre of a commune; or minutes from a table of the user's.
EXACT, HOME_CENTRE, PLACE_CENTRE, CENTRES, VAGUE, MINUTES, SOMEWHERE = range(7)
FORMS = {
    HOME_CENTRE: "phrase.from_centre",
    PLACE_CENTRE: "phrase.to_centre",
    CENTRES: "phrase.centres",
    VAGUE: "phrase.roughly",
}
STEP_KM = 5  # of a distance from a centre; the median error of such a point is 4 km
FEW_KM = 2.5  # nearer than that inside one's own commune needs no figure
MOST_KM = 1 << 15  # more than half the way round the earth


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """Points fall in a straight line from the door to the edge of the reach.

    Steps: at home, at the edge of the reach, and beyond it (with a vehicle).  The reach
    is the youth's own, so that 20 km weigh more for somebody who can go 25 than for
    somebody who can go 60.  Where ``travel_times_file`` knows the minutes from one commune to
    the other, they count in place of the straight line, ``travel_minutes_per_km`` as one
    kilometre.
    """

    name: str = "distance"
    weight: int = 20
    steps: dict[str, int] = field(
        default_factory=lambda: {"at_home": 10_000, "at_edge": 2_000, "beyond": 0}
    )

    def table(self, context: Context) -> DistancePoints:
        """Return the points of each step of distance.

        Parameters
        ----------
        context : Context

        Returns
        -------
        DistancePoints
        """
        near, edge = context.points["at_home"], context.points["at_edge"]
        widest = context.settings.most("mobile_reach_factor")
        steps = np.arange(STEPS_PER_REACH * widest, dtype=np.int64)
        inside = near + (edge - near) * steps // (STEPS_PER_REACH - 1)
        points = np.where(steps < STEPS_PER_REACH, inside, context.points["beyond"])
        return DistancePoints(points=points.astype(np.int32))

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say where it is: the youth's own commune, the minutes, or how far, as exactly as is known.

        A point that stands for a whole commune gives no exact kilometre, and never "less than
        1 km": such distances are said in steps of 5 km.  Where the department or the region is
        all that is known, it is named.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market = context.market
        place, names = _own_commune(lines, market)
        form = _form(lines, market)
        known_km = np.nan_to_num(lines.km)
        km = np.where(form == EXACT, np.rint(known_km), STEP_KM * np.rint(known_km / STEP_KM))
        km = np.where((place > 0) & (known_km < FEW_KM), 0, km).astype(np.int64)
        beyond = lines.step >= STEPS_PER_REACH
        if market.travel is not None:
            minutes = market.travel.minutes_of(lines.youth, lines.offer)
            is_told = (minutes >= 0) & (place == 0)
            form, km = np.where(is_told, MINUTES, form), np.where(is_told, minutes, km)
        is_somewhere = market.is_somewhere[lines.offer]
        if is_somewhere.any():
            of_place, areas = _areas(lines, market)
            place = np.where(is_somewhere, of_place + len(names), place)
            form, names = np.where(is_somewhere, SOMEWHERE, form), names + areas
        reach = np.where(beyond, market.reach_km[lines.youth].astype(np.int64) + 1, 0)
        key = ((form * len(names) + place) * MOST_KM + km) * MOST_KM + reach
        code, used = pd.factorize(key)
        text = []
        for k in used.tolist():
            rest, its_reach = divmod(k, MOST_KM)
            rest, its_km = divmod(rest, MOST_KM)
            its_form, its_place = divmod(rest, len(names))
            here = names[its_place] if its_place else None
            text.append(_said(its_form, here, its_km, its_reach - 1, lang))
        return Phrases(code=code.astype(np.int64), text=tuple(text))


def _own_commune(lines: ScoredLines, market: Market) -> tuple[NDArray[np.int64], list[str]]:
    """Return where the place is the youth's own commune, as a position in names; 0 elsewhere."""
    home = market.youths["commune_code"].take(lines.youth)
    there = market.offers["commune_code"].take(lines.offer)
    both, _ = pd.factorize(pd.concat([home, there], ignore_index=True))
    n, is_known = len(home), home.ne("").to_numpy(dtype=bool)
    same = np.flatnonzero((both[:n] == both[n:]) & is_known)
    place = np.zeros(n, dtype=np.int64)
    code, names = pd.factorize(market.offers["place_name"].take(lines.offer[same]))
    place[same] = code + 1
    return place, ["", *map(str, names)]


def _areas(lines: ScoredLines, market: Market) -> tuple[NDArray[np.int64], list[str]]:
    """Return the department of each line, its region where it has none, as a place in names.

    In front of a name stands "=" where it is the department of the home.
    """
    of_departement, of_region = (
        dict(zip(table[code], table["name"], strict=True))
        for table, code in ((departements(), "departement"), (regions(), "region_code"))
    )
    offers = market.offers[["departement", "region_code"]].take(lines.offer)
    home = market.youths["departement"].take(lines.youth)
    same = np.where(offers["departement"].to_numpy() == home.to_numpy(), "=", "")
    names = offers["departement"].map(of_departement).fillna(offers["region_code"].map(of_region))
    code, used = pd.factorize(pd.Series(same, dtype="str") + names.fillna("").to_numpy())
    return code.astype(np.int64), [str(name) for name in used]


def _form(lines: ScoredLines, market: Market) -> NDArray[np.int64]:
    """Return which end of each distance is the centre of a commune, as the constants say."""
    home, there = (
        (
            frame["is_approximate"].to_numpy(dtype=bool)[rows],
            frame["commune_code"].ne("").to_numpy(dtype=bool)[rows],
        )
        for frame, rows in ((market.youths, lines.youth), (market.offers, lines.offer))
    )
    form = np.where(home[0], HOME_CENTRE, EXACT) + np.where(there[0], PLACE_CENTRE, EXACT)
    # The point of a whole postal code or department is no centre of a commune.
    is_vague = (home[0] & ~home[1]) | (there[0] & ~there[1])
    return np.where(is_vague, VAGUE, form).astype(np.int64)


def _said(form: int, place: str | None, km: int, reach: int, lang: Lang) -> str:
    """Return the words for a distance.

    Parameters
    ----------
    form : int
    place : str or None
        Name of the commune where it is the youth's own ("" for one without a name).
    km : int
    reach : int
        -1 unless the place lies beyond it.
    lang : {"fr", "en"}
    """
    if form == SOMEWHERE and place is not None:
        key = "phrase.somewhere_near" if place.startswith("=") else "phrase.somewhere"
        said = say(lang, key, name=place.removeprefix("="))
    elif place is not None:
        here = say(lang, "phrase.in_this_commune")
        if place:
            here = say(lang, "phrase.in_commune", place=place)
        far = about(km, lang, is_exact=form == EXACT)
        said = say(lang, "phrase.across_commune", here=here, far=far) if km else here
    elif form == MINUTES:
        said = say(lang, "phrase.minutes", minutes=km)
    elif form == EXACT:
        said = say(lang, "phrase.far", km=km) if km else say(lang, "phrase.near")
    else:
        said = say(lang, FORMS[form], about=about(km, lang, is_exact=False))
    if reach < 0:
        return said
    # Minutes have no kilometre to compare with.
    is_far = form == MINUTES
    return (
        say(lang, "phrase.beyond_minutes", far=said)
        if is_far
        else say(lang, "phrase.beyond", far=said, reach=reach)
    )


def about(km: int, lang: Lang, *, is_exact: bool) -> str:
    """Return a distance as a noun, as people say it.

    Parameters
    ----------
    km : int
        Whole km; 0 for a rough one of less than half a step.
    lang : {"fr", "en"}
    is_exact : bool
        Both ends are points, not centres of communes.

    Returns
    -------
    str

    Examples
    --------
    >>> [about(km, "fr", is_exact=False) for km in (0, 5, 15)]
    ['quelques km', 'environ 5 km', 'une quinzaine de km']
    >>> about(15, "fr", is_exact=True)
    'environ 15 km'
    """
    words = table(lang, "about_km")
    if not is_exact and not km:
        return words["few"]
    round_number = None if is_exact else words.get(str(km))
    return round_number or say(lang, "about_km.other", km=km)
