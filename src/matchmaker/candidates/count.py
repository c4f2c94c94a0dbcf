"""How many pairs are eligible, found on a sample of the youths before the whole is done."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine, taking_part
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import RUNGS

__all__ = ["PairCounts", "count_pairs", "sample_of"]

SAMPLE = 6000  # youths: a total within 6 % where the pairs of a youth vary as in cities
MOST_ROOM = 1 << 26  # pairs asked for at a time, if each youth had all offers
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """Eligible pairs, scaled up from a sample; exact where the sample is everybody.

    Attributes
    ----------
    youths, sampled : int
        Youths that take part, and those counted.
    by_rung : ndarray of int64, shape (6,)
        Distinct eligible pairs on each rung of `matchmaker.candidates.pairs.RUNGS`.
    margin_by_rung : ndarray of int64, shape (6,)
        Half the width of the 95 % interval of each.
    total, margin : int
        All rungs together.
    with_candidates : int
        Youths with any eligible pair.
    kept : int
        Pairs that remain when each youth keeps the best `k`.
    """

    youths: int
    sampled: int
    by_rung: NDArray[np.int64]
    margin_by_rung: NDArray[np.int64]
    total: int
    margin: int
    with_candidates: int
    kept: int


def sample_of(market: Market, size: int = SAMPLE) -> NDArray[np.int32]:
    """Return the rows of the `size` youths taking part whose hashes are smallest.

    The hash makes it a fair sample, and the same one whatever the order of the rows.

    Parameters
    ----------
    market : Market
    size : int

    Returns
    -------
    ndarray of int32, rising
    """
    chosen = taking_part(market)
    if len(chosen) <= size:
        return chosen
    first = np.argpartition(market.youth_hash[chosen], size)[:size]
    rows: NDArray[np.int32] = np.sort(chosen[first])
    return rows


def count_pairs(engine: Engine, *, k: int, sample: int = SAMPLE) -> PairCounts:
    """Count the eligible pairs of a sample of youths, all of them, and scale up.

    Parameters
    ----------
    engine : Engine
    k : int
        Pairs that a youth would keep; only `kept` depends on it.
    sample : int
        Youths to count.

    Returns
    -------
    PairCounts
    """
    market = engine.market
    who = sample_of(market, sample)
    youths = len(taking_part(market))
    counts = np.zeros((len(who), len(RUNGS)), dtype=np.int64)
    # With room for every offer an engine skips nothing that is eligible.
    every = max(len(market.offer_hash), 1)
    size = max(1, MOST_ROOM // every)
    for start in range(0, len(who), size):
        some = who[start : start + size]
        pairs = engine.best(k=every, who=some).pairs
        place = start + np.searchsorted(some, pairs.youth)
        np.add.at(counts, (place, pairs.rung - 1), 1)
    each = counts.sum(axis=1)
    scale = youths / max(len(who), 1)
    return PairCounts(
        youths=youths,
        sampled=len(who),
        by_rung=np.rint(counts.sum(axis=0) * scale).astype(np.int64),
        margin_by_rung=np.array([_margin(column, youths) for column in counts.T], dtype=np.int64),
        total=round(int(each.sum()) * scale),
        margin=_margin(each, youths),
        with_candidates=round(int((each > 0).sum()) * scale),
        kept=round(int(np.minimum(each, k).sum()) * scale),
    )


def _margin(counts: NDArray[np.int64], youths: int) -> int:
    """Return half the 95 % interval of a total over `youths`, sampled without replacement."""
    n = len(counts)
    if n >= youths or n < 2:
        return 0
    deviation = float(counts.std(ddof=1)) * math.sqrt((1 - n / youths) / n)
    return math.ceil(NORMAL_95 * deviation * youths)
