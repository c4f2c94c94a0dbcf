"""Start: the day the contract begins against the day the youth is available."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import Market, days_from
from matchmaker.candidates.pairs import LAST_DAY, StartDays
from matchmaker.scoring.criterion import Context, PairPoints, Phrases, positions
from matchmaker.settings import Settings
from matchmaker.words import Lang, day_text, say

__all__ = ["Start"]

# Where the start comes from, and the words for it.
AT_ONCE = {
    "given": "phrase.start_at_once",
    "firm": "phrase.firm_at_once",
    "day": "phrase.start_at_once",
    "month": "phrase.start_at_once",
    "at_once": "phrase.read_at_once",
}
ON_DAY = {
    "given": "phrase.start",
    "firm": "phrase.firm_start",
    "day": "phrase.read_start",
    "month": "phrase.read_month",
}
FORMS = tuple(AT_ONCE)
WEEKS = 104  # a start or an availability later than that counts as this far off


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Starts within three months of availability are best; too early or too late is ruled out.

    A start in the past of an offer that is still open means as soon as possible, the day
    of the run.  The rule's bounds, to the day, are ``max_early_start_days`` and
    ``max_late_start_days``; an offer whose start is unknown is not subject to it.  Points go
    by whole weeks.  A start that was read from title or text has its points and its words; no
    rule rests on it.
    """

    name: str = "start"
    weight: int = 5
    steps: dict[str, int] = field(
        default_factory=lambda: {"in_time": 10_000, "early": 3_000, "late": 4_000, "unknown": 6_000}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by week of availability and week of start (0 = unknown).

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market, points = context.market, context.points
        week = np.arange(WEEKS + 1)
        delay = week[None, :] - week[:, None]  # weeks from availability to start
        table = np.where(delay < 0, points["early"], points["in_time"])
        table = np.where(delay > 13, points["late"], table)
        unknown = np.full((WEEKS + 1, 1), points["unknown"])
        available = days_from(market.as_of, market.youths["available_from"], unknown=0)
        available = np.maximum(available, 0)  # in the past: at once
        is_known = market.offers["start_date"].notna().to_numpy()
        day, is_read = _days_read(market)
        day = np.where(is_known, market.start_day, day)
        return PairPoints(
            entry=_weeks(available)[market.entry_youth].astype(np.uint8),
            offer=np.where(is_known | is_read, _weeks(day) + 1, 0).astype(np.uint8),
            points=np.hstack([unknown, table]).astype(np.int32),
            start_days=_window(available, is_known, context.settings),
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say the day; "as soon as possible" where it has passed; nothing where unknown.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market, n_forms = context.market, len(FORMS)
        names = ("start_date", "start_how", "start_read")
        told = [name for name in names if name in market.offers.columns]
        offers = market.offers[told].take(lines.offer)
        as_of = np.datetime64(market.as_of, "D")
        day = offers["start_date"].to_numpy(dtype="datetime64[D]")
        form = np.where(market.is_firm[lines.offer], FORMS.index("firm"), FORMS.index("given"))
        if "start_how" in offers.columns:
            how = positions(offers["start_how"], ("", *FORMS))
            form = np.where(how > 0, how - 1, form)
            day = np.where(np.isnat(day), offers["start_read"].to_numpy(dtype="datetime64[D]"), day)
            day[how - 1 == FORMS.index("at_once")] = as_of - 1
        offset = np.where(np.isnat(day), -2, np.maximum((day - as_of).astype(np.int64), -1))
        code, used = pd.factorize(n_forms * (offset + 2) + form)
        text = tuple(
            _said(k // n_forms - 2, market.as_of, lang, FORMS[k % n_forms]) for k in used.tolist()
        )
        return Phrases(code=code.astype(np.int64), text=text)


def _days_read(market: Market) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the days to the starts that were read from words, and which offers have one."""
    n = len(market.offers)
    if "start_how" not in market.offers.columns:
        return np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    days = np.clip(days_from(market.as_of, market.offers["start_read"], unknown=0), 0, LAST_DAY)
    return days, (market.offers["start_how"] != "").to_numpy(dtype=bool)


def _weeks(days: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return whole weeks after the run."""
    return np.minimum(days.astype(np.int64) // 7, WEEKS)


def _window(
    available: NDArray[np.int64], is_known: NDArray[np.bool_], settings: Settings
) -> StartDays:
    """Return the days on which a contract may start: class 0 of offers, unknown, on any."""
    first = np.zeros((len(available), 2), dtype=np.int16)
    last = np.full((len(available), 2), LAST_DAY, dtype=np.int16)
    first[:, 1] = np.clip(available - settings.max_early_start_days, 0, LAST_DAY)
    last[:, 1] = np.minimum(available + settings.max_late_start_days, LAST_DAY)
    return StartDays(offer=is_known.astype(np.uint8), first=first, last=last)


def _said(offset: int, as_of: dt.date, lang: Lang, form: str) -> str:
    """Return the words for a start `offset` days after the run (-1 past, -2 unknown)."""
    if offset == -2:
        return ""
    if offset == -1:
        return say(lang, AT_ONCE[form])
    date = as_of + dt.timedelta(days=offset)
    day = day_text(date, lang, as_of=as_of)
    if form == "month":
        day = day.split(" ", 1)[1]
    return say(lang, ON_DAY[form], day=day)
