"""How many pairs are eligible, found on a sample of the youths before the whole is done."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.index import OfferIndex
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import RUNGS, ScoreTables
from matchmaker.candidates.search import pairs_of_blocks, taking_part

__all__ = ["PairCounts", "count_pairs", "sample_of"]

SAMPLE = 6000  # youths: a total within 6 % where the pairs of a youth vary as in cities
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
    """
    chosen = taking_part(market)
    if len(chosen) <= size:
        return chosen
    first = np.argpartition(market.youth_hash[chosen], size)[:size]
    rows: NDArray[np.int32] = np.sort(chosen[first])
    return rows


def count_pairs(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    *,
    k: int,
    sample: int = SAMPLE,
    threads: int | None = None,
) -> PairCounts:
    """Count the eligible pairs of a sample of youths, all of them, and scale up.

    Parameters
    ----------
    market, tables, index
        As for `matchmaker.candidates.search.find_pairs`.
    k : int
        Pairs that a youth would keep; only `kept` depends on it.
    sample : int
        Youths to count.
    threads : int, optional
        Default: one a core. The result does not depend on it.

    Returns
    -------
    PairCounts
    """
    who = sample_of(market, sample)
    youths = len(taking_part(market))
    counts = np.zeros((len(who), len(RUNGS)), dtype=np.int64)
    done = 0
    # The kernel with room for every offer: it skips nothing that is eligible.
    every = max(len(market.offer_hash), 1)
    for part in pairs_of_blocks(market, tables, index, who, k=every, threads=threads):
        n = len(part.count)
        owner = np.repeat(np.arange(n), part.count)
        cells = np.bincount(owner * len(RUNGS) + part.rung - 1, minlength=n * len(RUNGS))
        counts[done : done + n] = cells.reshape(n, len(RUNGS))
        done += n
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
