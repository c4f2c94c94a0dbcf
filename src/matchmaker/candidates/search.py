"""Runs the fused kernel over blocks of youths and gathers its pairs."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import STEPS_PER_REACH, rims
from matchmaker.candidates.index import OfferIndex
from matchmaker.candidates.kernel import best_pairs
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, ScoreTables

__all__ = ["find_pairs"]

BLOCK = 4096  # youths a task: long enough to hide the hand-over, short enough to share out


def find_pairs(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    *,
    k: int,
    price: NDArray[np.int64] | None = None,
    floor: NDArray[np.int64] | None = None,
    who: NDArray[np.int32] | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Pairs:
    """Return the k best eligible pairs of each youth.

    Parameters
    ----------
    market, tables, index
        What to match, how to score it, and the offers laid out for the kernel.
    k : int
        Pairs kept a youth.
    price : ndarray of int64, shape (n_offers,), optional
        Subtracted from the score when pairs are compared; 0 or more.
    floor : ndarray of int64, shape (n_youths,), optional
        Only pairs whose score less price exceeds it are kept.
    who : ndarray of int32, optional
        Rows of the youths to do; all others get no pair.
    threads : int, optional
        Default: one a core. The result does not depend on it.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    Pairs
        Offers increase within a youth.
    """
    n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
    price = np.zeros(n_offers, dtype=np.int64) if price is None else price
    floor = np.full(n_youths, -(1 << 62), dtype=np.int64) if floor is None else floor
    chosen = np.arange(n_youths, dtype=np.int32) if who is None else np.sort(who).astype(np.int32)
    chosen = chosen[market.youth_state[chosen] == 0]
    n = len(chosen)
    count = np.zeros(n, dtype=np.int32)
    offer = np.empty((n, k), dtype=np.int32)
    score = np.empty((n, k), dtype=np.int32)
    wish = np.empty((n, k), dtype=np.uint8)
    rung = np.empty((n, k), dtype=np.uint8)
    near = market.trade_nearness
    factor = len(tables.distance_points) // STEPS_PER_REACH
    row_best = tables.pair_table.max(axis=2) if tables.names else np.zeros((0, 1), dtype=np.int32)
    shared = (
        market.youths["latitude"].to_numpy(dtype=np.float64),
        market.youths["longitude"].to_numpy(dtype=np.float64),
        market.youth_point,
        market.youth_hash,
        market.reach_km,
        market.is_mobile,
        market.entry_indptr,
        market.wish_position[market.entry_wish],
        market.entry_trade,
        tables.entry_feature,
        near.indptr,
        near.code,
        near.value,
        near.step,
        index.trade_start,
        index.cell,
        index.point,
        index.feature,
        index.kind,
        index.offer,
        market.offer_hash,
        tables.pair_table,
        row_best,
        tables.trade_weight,
        tables.distance_points,
        tables.rung_cost,
        rims(factor),
        factor,
        price,
        floor,
        k,
        count,
        offer,
        score,
        wish,
        rung,
    )
    starts = range(0, n, BLOCK)
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        tasks = [pool.submit(best_pairs, s, min(s + BLOCK, n), chosen, *shared) for s in starts]
        for done, task in enumerate(tasks, start=1):
            task.result()
            if progress is not None:
                progress(done / len(tasks))
    return _gathered(n_youths, chosen, count, offer, score, wish, rung)


def _gathered(
    n_youths: int,
    chosen: NDArray[np.int32],
    count: NDArray[np.int32],
    offer: NDArray[np.int32],
    score: NDArray[np.int32],
    wish: NDArray[np.uint8],
    rung: NDArray[np.uint8],
) -> Pairs:
    """Sort each youth's pairs by offer and close the gaps between youths."""
    k = offer.shape[1]
    is_used = np.arange(k) < count[:, None]
    # Unused places sort behind every offer.
    order = np.argsort(np.where(is_used, offer, np.iinfo(np.int32).max), axis=1, kind="stable")
    indptr = np.zeros(n_youths + 1, dtype=np.int64)
    indptr[chosen + 1] = count
    np.cumsum(indptr, out=indptr)
    return Pairs(
        indptr=indptr,
        offer=np.take_along_axis(offer, order, axis=1)[is_used],
        score=np.take_along_axis(score, order, axis=1)[is_used],
        wish=np.take_along_axis(wish, order, axis=1)[is_used],
        rung=np.take_along_axis(rung, order, axis=1)[is_used],
    )
