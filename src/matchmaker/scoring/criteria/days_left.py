"""Days left: of the three months that a training centre keeps a youth without a contract."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import days_from
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.words import Lang, day_text, say

__all__ = ["DaysLeft", "days_left"]

MONTHS = 3  # article L6222-12-1 of the Code du travail
LONGEST = 92  # days of three months, at most
NO_CLOCK, OVER, LAST_DAY = 0, 1, 2  # features; days left come on top of the last one
SAID = 31  # days: the end is named in reasons from here on


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysLeft:
    """The fewer days are left of a youth's three months, the more points for all its lines.

    Who begins in a training centre without a contract may stay three months (article
    L6222-12-1 of the Code du travail), counted in calendar months from
    ``training_started_on``: from 30 November to the last day of February.  All offers of a youth
    get the same points, so they change no order within a list; they act where youths want the
    same seats.  No start known, or three months that are over, get the points of one who has
    just begun.
    """

    name: str = "days_left"
    weight: int = 0
    steps: dict[str, int] = field(
        default_factory=lambda: {"last_day": 10_000, "just_begun": 0, "no_clock": 0, "over": 0}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by days left; offers have no feature here.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market, points = context.market, context.points
        begun, last = points["just_begun"], points["last_day"]
        days = np.arange(LONGEST + 1, dtype=np.int64)
        rising = begun + (last - begun) * (LONGEST - days) // LONGEST
        table = np.concatenate([[points["no_clock"], points["over"]], rising])
        return PairPoints(
            entry=_features(context)[market.entry_youth],
            offer=np.zeros(len(market.offer_hash), dtype=np.uint8),
            points=table.astype(np.int32)[:, None],
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Name the last day where it is near.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        left = _features(context)[lines.youth].astype(np.int64) - LAST_DAY
        used, code = np.unique(np.where(left <= SAID, left, -1), return_inverse=True)
        text = tuple(_said(int(days), context.market.as_of, lang) for days in used)
        return Phrases(code=code.astype(np.int64), text=text)


def days_left(started: pd.Series[pd.Timestamp], as_of: dt.date) -> NDArray[np.float64]:
    """Return the days from the run to the last of the three months; NaN without a start.

    The last day has the number of the first, or is the last of its month where that has no such
    day (article 641 of the Code de procédure civile).

    Parameters
    ----------
    started : Series of datetime, shape (n,)
    as_of : date

    Returns
    -------
    ndarray of float64, shape (n,)
        Below 0 where the three months are over.

    Examples
    --------
    >>> begun = pd.to_datetime(pd.Series(["2023-11-30", "2023-12-01", None]))
    >>> days_left(begun, dt.date(2024, 2, 28)).tolist()
    [1.0, 2.0, nan]
    """
    last = started + pd.DateOffset(months=MONTHS)
    is_known = last.notna().to_numpy(dtype=bool)
    return np.where(is_known, days_from(as_of, last, unknown=0).astype(np.float64), np.nan)


def _features(context: Context) -> NDArray[np.uint8]:
    """Return the feature of each youth."""
    left = days_left(context.market.youths["training_started_on"], context.market.as_of)
    feature = LAST_DAY + np.minimum(np.nan_to_num(left), LONGEST)
    feature = np.where(left < 0, OVER, np.where(np.isnan(left), NO_CLOCK, feature))
    return feature.astype(np.uint8)


def _said(days: int, as_of: dt.date, lang: Lang) -> str:
    """Return the words for the last day; nothing where there is none, or none near."""
    if days < 0:
        return ""
    last = as_of + dt.timedelta(days=days)
    return say(lang, "phrase.days_left", day=day_text(last, lang, as_of=as_of))
