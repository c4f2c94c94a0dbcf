"""Points of a share between 0 and 1 that a table of offers gives, such as a rate of answering."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.words import Lang, say

__all__ = ["hundredths", "phrases_of_share", "points_of_share"]

HUNDRED = 100
HALF = 1 + HUNDRED // 2  # the feature of one half: a smaller share is no reason to apply


def hundredths(share: pd.Series[float]) -> NDArray[np.uint8]:
    """Return each share as a feature: 0 for unknown, else 1 more than its whole hundredths.

    Parameters
    ----------
    share : Series of float64, shape (n,)
        0 to 1, NaN for unknown.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Examples
    --------
    >>> hundredths(pd.Series([None, 0.0, 0.004, 0.006, 0.5, 1.0], dtype="float64")).tolist()
    [0, 1, 1, 2, 51, 101]
    """
    known = share.to_numpy(dtype=np.float64)
    whole = np.rint(np.round(np.nan_to_num(known), 6) * HUNDRED)
    return np.where(np.isnan(known), 0, 1 + whole).astype(np.uint8)


def points_of_share(context: Context, column: str) -> PairPoints:
    """Return points that rise in a straight line with a share of the offer.

    Parameters
    ----------
    context : Context
        Its points are those of three steps: a share of 0, a share of 1, unknown.
    column : str
        Of the offers, 0 to 1 or NaN.

    Returns
    -------
    PairPoints
    """
    market = context.market
    none, whole, unknown = (int(points) for points in context.points.values())
    rising = none + (whole - none) * np.arange(HUNDRED + 1, dtype=np.int64) // HUNDRED
    return PairPoints(
        entry=np.zeros(len(market.entry_wish), dtype=np.uint8),
        offer=hundredths(market.offers[column]),
        points=np.concatenate([[unknown], rising]).astype(np.int32)[None, :],
    )


def phrases_of_share(
    lines: ScoredLines, context: Context, column: str, *, key: str, lang: Lang
) -> Phrases:
    """Give the share of each line's offer in percent, from one half up; else say nothing.

    Parameters
    ----------
    lines : ScoredLines
    context : Context
    column : str
        Of the offers, 0 to 1 or NaN.
    key : str
        Of the sentence, which names ``{percent}``.
    lang : {"fr", "en"}

    Returns
    -------
    Phrases
    """
    feature = hundredths(context.market.offers[column])[lines.offer]
    told = [say(lang, key, percent=f - 1) for f in range(HALF, HUNDRED + 2)]
    return Phrases(code=feature.astype(np.int64), text=("",) * HALF + tuple(told))
