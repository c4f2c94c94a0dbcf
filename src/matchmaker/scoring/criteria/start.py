"""Start: the day the contract begins against the day the youth is available."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.scoring.criterion import Context, Lang, Lines, PairPoints, Phrases

__all__ = ["Start"]

WEEKS = 104  # a start or an availability later than that counts as this far off
MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
    "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Starts within three months of availability are best; too early or too late is ruled out.

    A start in the past of an offer that is still open means as soon as possible, the day
    of the run.  Dates are compared in weeks.  The rule's bounds are ``max_early_start_days``
    and ``max_late_start_days``.
    """

    name: str = "start"
    weight: int = 5
    steps: dict[str, int] = field(
        default_factory=lambda: {
            "in_time": 10_000, "early": 3_000, "late": 4_000, "unknown": 6_000
        }
    )  # fmt: skip

    def table(self, context: Context) -> PairPoints:
        """Return points by week of availability and week of start (0 = unknown)."""
        market, points, settings = context.market, context.points, context.settings
        week = np.arange(WEEKS + 1)
        delay = week[None, :] - week[:, None]  # weeks from availability to start
        table = np.where(delay < 0, points["early"], points["in_time"])
        table = np.where(delay > 13, points["late"], table)
        table = np.where(-delay * 7 > settings.max_early_start_days, FORBIDDEN, table)
        table = np.where(delay * 7 > settings.max_late_start_days, FORBIDDEN, table)
        unknown = np.full((WEEKS + 1, 1), points["unknown"])
        available = _weeks(market.youths["available_from"], market.as_of)
        start = _weeks(market.offers["start_date"], market.as_of)
        is_known = market.offers["start_date"].notna().to_numpy()
        return PairPoints(
            entry=available[market.entry_youth].astype(np.uint8),
            offer=np.where(is_known, start + 1, 0).astype(np.uint8),
            points=np.hstack([unknown, table]).astype(np.int32),
        )

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Say the day; "as soon as possible" where it has passed; nothing where unknown."""
        as_of = np.datetime64(context.market.as_of, "D")
        day = context.market.offers["start_date"].to_numpy(dtype="datetime64[D]")[lines.offer]
        offset = np.where(np.isnat(day), -2, np.maximum((day - as_of).astype(np.int64), -1))
        used, code = np.unique(offset, return_inverse=True)
        text = tuple(_said(int(o), context.market.as_of, lang) for o in used)
        return Phrases(code=code.astype(np.int64), text=text)


def _weeks(column: pd.Series[pd.Timestamp], as_of: dt.date) -> np.ndarray:
    """Return whole weeks after the run, 0 for the past, the unknown and today."""
    days = (column.to_numpy(dtype="datetime64[D]") - np.datetime64(as_of, "D")).astype(np.int64)
    days = np.where(column.isna().to_numpy(), 0, days)
    return np.clip(days // 7, 0, WEEKS)


def _said(offset: int, as_of: dt.date, lang: Lang) -> str:
    """Return the words for a start `offset` days after the run (-1 past, -2 unknown)."""
    if offset == -2:
        return ""
    if offset == -1:
        return "dès que possible" if lang == "fr" else "as soon as possible"
    day = as_of + dt.timedelta(days=offset)
    if lang == "en":
        return f"starting {day.isoformat()}"
    number = "1er" if day.day == 1 else str(day.day)
    year = "" if day.year == as_of.year else f" {day.year}"
    return f"début le {number} {MONTHS_FR[day.month - 1]}{year}"
