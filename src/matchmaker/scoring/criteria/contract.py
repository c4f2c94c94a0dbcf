"""Contract: a rule only; the legal age of each kind of contract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.pairs import LAST_DAY, StartDays
from matchmaker.reference.contracts import LegalAges, legal_ages
from matchmaker.scoring.birthdays import born_between, turns
from matchmaker.scoring.criterion import Context, Phrases, positions
from matchmaker.words import Lang, day_text, say

__all__ = ["Contract"]

CONTRACTS = ("", "apprentissage", "professionnalisation")
SOME_DAY = len(CONTRACTS)  # class of an apprenticeship that does not say when it starts
# Youths of a campaign have left the 3e. Conditions that no table of ours can tell
# (registered as job seeker, top athlete, ...) are not assumed.
CONDITIONS = frozenset({"", "after_3e"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Rules out contracts that the law does not open to the youth's age.

    The bounds come from the table of age rules, each with its article and the day on which
    the age is counted: the start of an apprenticeship (the day of the run where it is past), the
    day of the run for a professionalisation contract, which may be signed at once.  An
    apprenticeship that does not say when it starts can wait for a birthday of this year, as the
    law lets who turns 15 before its end begin the training (L6222-1).  An unknown age is
    eligible, and so is an offer without contract type; where only the year of birth is known,
    one day of that year is enough.  Who is born on 29 February is a year older on 1 March where
    the year has no such day.
    """

    name: str = "contract"
    weight: int = 0
    steps: dict[str, int] = field(default_factory=dict)

    def table(self, context: Context) -> StartDays:
        """Return the days on which the law lets each youth start each contract.

        Parameters
        ----------
        context : Context

        Returns
        -------
        StartDays
        """
        market = context.market
        youths, as_of = market.youths, np.datetime64(market.as_of, "D")
        born_first, born_last = born_between(youths)
        has_rqth = youths["has_rqth"].to_numpy(dtype=bool)
        first = np.zeros((len(youths), SOME_DAY + 1), dtype=np.int16)
        last = np.full_like(first, LAST_DAY)
        for column, contract in enumerate(CONTRACTS[1:], start=1):
            for conditions, rows in (
                (CONDITIONS, ~has_rqth),
                (CONDITIONS | {"rqth"}, has_rqth),
            ):
                ages = legal_ages(contract, conditions)
                first[rows, column], last[rows, column] = _days(
                    ages, born_first[rows], born_last[rows], as_of
                )
        apprenticeship = CONTRACTS.index("apprentissage")
        days_left = (dt.date(market.as_of.year, 12, 31) - market.as_of).days
        is_near = first[:, apprenticeship] <= days_left
        first[:, SOME_DAY] = np.where(is_near, 0, first[:, apprenticeship])
        last[:, SOME_DAY] = last[:, apprenticeship]
        return StartDays(offer=_classes(context), first=first, last=last)

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say a contract that is no apprenticeship, and the birthday that one has to wait for.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market, as_of = context.market, np.datetime64(context.market.as_of, "D")
        kind = market.offers["contract_type"].take(lines.offer)
        is_firm = market.is_firm[lines.offer].astype(np.int64)
        is_told = kind.eq("professionnalisation").to_numpy(dtype=bool)
        code = is_told * (1 + is_firm)
        text = [
            "",
            say(lang, "phrase.professionalisation"),
            say(lang, "phrase.firm_professionalisation"),
        ]
        age = legal_ages("apprentissage", CONDITIONS).low
        born, born_last = born_between(market.youths)
        birthday = turns(age, born)[lines.youth]
        waits = (_classes(context)[lines.offer] == SOME_DAY) & (birthday > as_of)
        waits &= (born == born_last)[lines.youth]  # of a year alone no day can be said
        days, of_line = np.unique(birthday[waits], return_inverse=True)
        code[waits] = len(text) + of_line
        for day in days.tolist():
            words = day_text(day, lang, as_of=market.as_of)
            text.append(say(lang, "phrase.from_birthday", age=age, day=words))
        return Phrases(code=code, text=tuple(text))


def _classes(context: Context) -> NDArray[np.uint8]:
    """Return the class of each offer: its contract, or `SOME_DAY`."""
    offers = context.market.offers
    found = positions(offers["contract_type"], CONTRACTS)
    is_silent = offers["start_date"].isna().to_numpy(dtype=bool)
    found[is_silent & (found == CONTRACTS.index("apprentissage"))] = SOME_DAY
    return found


def _days(
    ages: LegalAges,
    born_first: NDArray[np.datetime64],
    born_last: NDArray[np.datetime64],
    as_of: np.datetime64,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last legal day of start, from the day of the run.

    Parameters
    ----------
    ages : LegalAges
    born_first, born_last : ndarray of datetime64[D]
        The first and the last day on which each may have been born; NaT for unknown.
    as_of : datetime64[D]
    """
    is_known = ~np.isnat(born_last)
    first = np.zeros(len(born_last), dtype=np.int64)
    last = np.full(len(born_last), LAST_DAY, dtype=np.int64)
    first[is_known] = (turns(ages.low, born_first[is_known]) - as_of).astype(np.int64)
    if ages.high is not None:
        too_old = turns(ages.high + 1, born_last[is_known])
        last[is_known] = (too_old - as_of).astype(np.int64) - 1
    if ages.counted_on == "signing":  # the age on the day of the run opens all days, or none
        is_legal = (first <= 0) & (last >= 0)
        return np.zeros_like(first), np.where(is_legal, LAST_DAY, -1)
    return np.clip(first, 0, LAST_DAY), np.clip(last, -1, LAST_DAY)
