"""What a reason says, held against the figures of its line.

Its trade is looked for by `matchmaker.verify.words`.  Here: the rank of the wish, how far it is,
what to do of a firm, and that a school publishes it.  The other parts of a sentence (level,
contract, day of the start, other criteria) are not read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.gazetteer import departements, regions
from matchmaker.settings import Settings
from matchmaker.verify.advice import ADVISED
from matchmaker.verify.clean import Clean, Lines, rows_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.places import Places
from matchmaker.words import Lang, say, table, word

__all__ = ["check_sentences", "faults_of_sentences"]

BLOCK = 1 << 16  # lines whose texts are in hand at a time
ROUNDED_KM = 0.06  # what is told may have been rounded to 0.1 km before
EXACT, HOME_CENTRE, PLACE_CENTRE, CENTRES, VAGUE = range(5)
KEYS = {
    HOME_CENTRE: "phrase.from_centre",
    PLACE_CENTRE: "phrase.to_centre",
    CENTRES: "phrase.centres",
    VAGUE: "phrase.roughly",
}
STEP_KM = 5
FEW_KM = 2.5  # inside one's own commune


HEAD = word("verify", "lists")


def check_sentences(lists: pd.DataFrame, clean: Clean, settings: Settings) -> None:
    """Raise unless every reason says the figures of its line.

    Parameters
    ----------
    lists : DataFrame
        As in `matchmaker.MatchResult`; their youths and offers exist.
    clean : Clean
    settings : Settings

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults_of_sentences(lists, clean, settings).refuse(HEAD)


def faults_of_sentences(lists: pd.DataFrame, clean: Clean, settings: Settings) -> Faults:
    """Return what is wrong with the reasons; parameters as for `check_sentences`.

    Parameters
    ----------
    lists, clean, settings
        As for `check_sentences`.

    Returns
    -------
    Faults
    """
    faults, told, places = Faults(), _Told(clean, settings), Places.of(clean, settings)
    for first in range(0, len(lists), BLOCK):
        some = lists.iloc[first : first + BLOCK]
        lines = Lines(
            frame=some,
            youth=rows_of(some["youth_id"], clean.youths["youth_id"]),
            offer=rows_of(some["offer_id"], clean.offers["offer_id"]),
            before=first,
        )
        _check(told, places, lines, faults)
    return faults


class _Told:
    """What reasons may say of youths and offers, before any line is looked at."""

    def __init__(self, clean: Clean, settings: Settings) -> None:
        youths, offers = clean.youths, clean.offers
        self.lang: Lang = settings.lang
        self.has_minutes = bool(settings.travel_times_file)
        wishes = rows_of(clean.wishes["youth_id"], youths["youth_id"])
        is_advised = clean.wishes["source"].eq(ADVISED).to_numpy(dtype=bool) & (wishes >= 0)
        self.has_advised = np.bincount(wishes[is_advised], minlength=len(youths)) > 0
        self.has_one = np.bincount(wishes[wishes >= 0], minlength=len(youths)) <= 1
        both, names = pd.factorize(
            pd.concat([youths["commune_code"], offers["commune_code"]], ignore_index=True)
        )
        is_named = np.array([name != "" for name in names], dtype=bool)
        self.home, self.there = both[: len(youths)], both[len(youths) :]
        self.is_named = is_named
        self.is_centre = [f["is_approximate"].to_numpy(dtype=bool) for f in (youths, offers)]
        self.place, self.places = pd.factorize(offers["place_name"])
        self._departement = [f["departement"].astype("str").tolist() for f in (youths, offers)]
        self._region = offers["region_code"].astype("str").tolist()
        self._names = {
            name: dict(zip(frame[name], frame["name"], strict=True))
            for name, frame in (("departement", departements()), ("region_code", regions()))
        }

    def area(self, youth: int, offer: int) -> str:
        """Return what is said of an offer of which the department or the region alone is known."""
        home, there = self._departement[0][youth], self._departement[1][offer]
        of_region = self._names["region_code"].get(self._region[offer], "")
        name = self._names["departement"].get(there, of_region)
        is_own = bool(there) and home == there
        key = "phrase.somewhere_near" if is_own else "phrase.somewhere"
        return say(self.lang, key, name=name)


def _check(told: _Told, places: Places, lines: Lines, faults: Faults) -> None:
    """Check what the reasons of some lines say."""
    frame, lang, row = lines.frame, told.lang, lines.before
    texts = frame["reason"].tolist()
    ranks = table(lang, "wish_rank")
    rank = frame["wish_rank"].to_numpy(dtype=np.int64)
    advised = ranks["advised"]
    is_advised = told.has_advised[lines.youth] & (rank == 1)
    names = {
        r: ranks["unranked"]
        if r == 0
        else ranks.get(str(r)) or say(lang, "wish_rank.later", rank=r)
        for r in np.unique(rank).tolist()
    }
    may_be_only = told.has_one[lines.youth] & (rank <= 1)
    is_ranked = [
        advised in text if is_new else names[r] in text or (only and ranks["only"] in text)
        for r, only, is_new, text in zip(
            rank.tolist(), may_be_only.tolist(), is_advised.tolist(), texts, strict=True
        )
    ]
    faults.must("reason_wish", np.array(is_ranked, dtype=bool), column="reason", row=row)
    action, school = table(lang, "reason_action"), table(lang, "reason_doubt")["school"]
    is_firm = (frame["kind"] == "spontaneous").tolist()
    is_school = (frame["doubt"] == "school").tolist()
    write, too = action.values()
    is_right = [
        (write in text or too in text) == firm and (school in text or not of_school)
        for text, firm, of_school in zip(texts, is_firm, is_school, strict=True)
    ]
    faults.must("reason_action", np.array(is_right, dtype=bool), column="reason", row=row)
    if not told.has_minutes:
        is_told = _tells_distance(told, places, lines, texts)
        faults.must("reason_distance", is_told, column="reason", row=row)


def _tells_distance(
    told: _Told, places: Places, lines: Lines, texts: Sequence[str]
) -> NDArray[np.bool_]:
    youth, offer = lines.youth, lines.offer
    is_somewhere = places.is_somewhere(offer)
    km = np.where(is_somewhere, 0.0, places.km(youth, offer))
    home, there = told.is_centre[0][youth], told.is_centre[1][offer]
    home_named = told.is_named[told.home[youth]]
    there_named = told.is_named[told.there[offer]]
    form = np.where(home, HOME_CENTRE, EXACT) + np.where(there, PLACE_CENTRE, EXACT)
    form = np.where((home & ~home_named) | (there & ~there_named), VAGUE, form)
    is_here = (told.home[youth] == told.there[offer]) & home_named
    unit = np.where(form == EXACT, 1, STEP_KM)
    low, high = (
        (unit * np.rint(np.maximum(km + off, 0) / unit)).astype(np.int64)
        for off in (-ROUNDED_KM, ROUNDED_KM)
    )
    is_near = is_here & (km - ROUNDED_KM < FEW_KM)
    place = np.where(is_here, told.place[offer] + 1, 0)
    said: dict[tuple[int, int, int, int, bool], list[str]] = {}
    is_told = np.zeros(len(texts), dtype=bool)
    columns = (form, place, low, high, is_near)
    keys = zip(*(column.tolist() for column in columns), strict=True)
    for at, (key, text) in enumerate(zip(keys, texts, strict=True)):
        if key not in said:
            said[key] = _phrases(told, *key)
        is_told[at] = said[key][0] in text or said[key][-1] in text
    for at in np.flatnonzero(is_somewhere).tolist():
        is_told[at] = told.area(int(youth[at]), int(offer[at])) in texts[at]
    return is_told


def _phrases(told: _Told, form: int, place: int, low: int, high: int, is_near: bool) -> list[str]:
    """Return the one or two things that may be said of a distance, rounded either way."""
    lang = told.lang
    both = sorted({low, high})
    if place:
        name = str(told.places[place - 1])
        here = say(lang, "phrase.in_this_commune")
        if name:
            here = say(lang, "phrase.in_commune", place=name)
        far = [_about(km, lang, is_exact=form == EXACT) for km in both]
        across = [say(lang, "phrase.across_commune", here=here, far=one) for one in far]
        return [here] if is_near else across
    if form == EXACT:
        return [say(lang, "phrase.far", km=km) if km else say(lang, "phrase.near") for km in both]
    return [say(lang, KEYS[form], about=_about(km, lang, is_exact=False)) for km in both]


def _about(km: int, lang: Lang, *, is_exact: bool) -> str:
    words = table(lang, "about_km")
    if not is_exact and not km:
        return words["few"]
    known = None if is_exact else words.get(str(km))
    return known or say(lang, "about_km.other", km=km)
