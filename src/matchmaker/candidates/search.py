"""Runs the fused kernel over blocks of youths and puts their pairs together."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import STEPS_PER_REACH, rims
from matchmaker.candidates.index import CELLS_PER_DEGREE, OfferIndex
from matchmaker.candidates.kernel import best_pairs
from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import FORBIDDEN, Bands, Pairs, ScoreTables, Skip, rung_of

__all__ = ["find_pairs", "pairs_of_blocks", "taking_part"]

BLOCK = 16_384  # youths a task: many neighbours among them, and yet work for every thread
BLOCK_PAIRS = 1 << 22  # and no more than this many pairs: with k in the thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Pairs of one block of youths: how many each has, then the columns of `Pairs`."""

    count: NDArray[np.int32]
    offer: NDArray[np.int32]
    score: NDArray[np.int32]
    wish: NDArray[np.uint8]
    rung: NDArray[np.uint8]


def find_pairs(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    *,
    k: int,
    price: NDArray[np.int64] | None = None,
    floor: NDArray[np.int64] | None = None,
    who: NDArray[np.int32] | None = None,
    skip: Skip | None = None,
    bands: Bands | None = None,
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
    skip : Skip, optional
        Offers that a youth's search leaves out.
    bands : Bands, optional
        What pairs are worth when they are compared, instead of their score.
    threads : int, optional
        Default: one a core. The result does not depend on it.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    Pairs
        Offers increase within a youth.
    """
    n_youths = len(market.youth_hash)
    chosen = taking_part(market, who)
    # Room for all; the system gives pages only where something is written.
    room = len(chosen) * min(k, len(market.offer_hash))
    offer = np.empty(room, dtype=np.int32)
    score = np.empty(room, dtype=np.int32)
    wish = np.empty(room, dtype=np.uint8)
    rung = np.empty(room, dtype=np.uint8)
    indptr = np.zeros(n_youths + 1, dtype=np.int64)
    done = filled = 0
    parts = pairs_of_blocks(
        market, tables, index, chosen,
        k=k, price=price, floor=floor, skip=skip, bands=bands, threads=threads,
    )  # fmt: skip
    for part in parts:
        indptr[chosen[done : done + len(part.count)] + 1] = part.count
        done += len(part.count)
        here = slice(filled, filled + len(part.offer))
        offer[here], score[here] = part.offer, part.score
        wish[here], rung[here] = part.wish, part.rung
        filled = here.stop
        if progress is not None:
            progress(done / len(chosen))
    np.cumsum(indptr, out=indptr)
    columns: tuple[NDArray[np.generic], ...] = (offer, score, wish, rung)
    for column in columns:
        column.resize(filled, refcheck=False)  # gives back the rest, in place
    return Pairs(indptr=indptr, offer=offer, score=score, wish=wish, rung=rung)


def taking_part(market: Market, who: NDArray[np.int32] | None = None) -> NDArray[np.int32]:
    """Return the rows, rising, of the youths of `who` (default: all) that take part."""
    n_youths = len(market.youth_hash)
    chosen = np.arange(n_youths, dtype=np.int32) if who is None else np.sort(who).astype(np.int32)
    is_in: NDArray[np.bool_] = market.youth_state[chosen] == 0
    return chosen[is_in]


def pairs_of_blocks(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    chosen: NDArray[np.int32],
    *,
    k: int,
    price: NDArray[np.int64] | None = None,
    floor: NDArray[np.int64] | None = None,
    skip: Skip | None = None,
    bands: Bands | None = None,
    threads: int | None = None,
) -> Iterator[Part]:
    """Run the kernel on blocks of the youths `chosen`, and yield each block's pairs in order.

    Parameters are those of `find_pairs`; what is yielded is small enough to be thrown away.
    """
    k = min(k, max(len(market.offer_hash), 1))
    none, none_wide = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    near = market.trade_nearness
    factor = len(tables.distance_points) // STEPS_PER_REACH
    ring_rung, ring_points = _ladder(tables)
    row_best = tables.pair_table.max(axis=2) if tables.names else np.zeros((0, 1), dtype=np.int32)
    latitude = market.youths["latitude"].to_numpy(dtype=np.float64)
    longitude = market.youths["longitude"].to_numpy(dtype=np.float64)
    shared = (
        latitude,
        longitude,
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
        index.row_rank,
        index.run_start,
        index.column,
        index.posting,
        index.posting.view(np.uint8),
        index.offer,
        market.offer_hash[index.offer],
        tables.pair_table,
        row_best,
        tables.trade_weight,
        ring_points,
        ring_rung,
        ring_points.max(axis=1),
        rims(factor),
        factor,
        none_wide if price is None else price[index.offer],
        none_wide if floor is None else floor,
        skip.group[index.offer] if skip else none,
        skip.of_youth if skip else none,
        bands.floor if bands else none,
        bands.bonus if bands else np.zeros(1, dtype=np.int64),
        k,
    )

    def part(who: NDArray[np.int32]) -> Part:
        room = len(who) * k
        count = np.zeros(len(who), dtype=np.int32)
        offer, score = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        wish, rung = np.empty(room, dtype=np.uint8), np.empty(room, dtype=np.uint8)
        # Rows of cells from south to north, each from west to east.
        row, column = (
            np.floor(degrees[who] * CELLS_PER_DEGREE) for degrees in (latitude, longitude)
        )
        order = np.lexsort((column, row))
        n = best_pairs(who, order, *shared, count, offer, score, wish, rung)
        return Part(count=count, offer=offer[:n], score=score[:n], wish=wish[:n], rung=rung[:n])

    threads = threads or os.cpu_count() or 1
    # Few youths are shared out over all threads too.
    block = max(1, min(BLOCK, BLOCK_PAIRS // k, -(-len(chosen) // (4 * threads))))
    blocks = (chosen[start : start + block] for start in range(0, len(chosen), block))
    with ThreadPoolExecutor(threads) as pool:
        # Some blocks ahead, and no more: what waits to be taken must not fill the memory.
        tasks = deque(pool.submit(part, who) for who in islice(blocks, 2 * threads))
        while tasks:
            done = tasks.popleft().result()
            tasks.extend(pool.submit(part, who) for who in islice(blocks, 1))
            yield done


def _ladder(tables: ScoreTables) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return the ladder by (the trade is near, kind of offer, ring of distance).

    Returns
    -------
    rung : ndarray of uint8, shape (2, n_kinds, n_rings)
        0 where the ladder has none.
    points : ndarray of int32, shape (2, n_kinds, n_rings)
        Points of the distance less the cost of the rung.
    """
    rung = rung_of(
        np.arange(len(KINDS), dtype=np.uint8)[:, None],
        np.array([False, True])[:, None, None],
        np.arange(len(tables.distance_points)) >= STEPS_PER_REACH,
    )
    points = np.where(rung > 0, tables.distance_points - tables.rung_cost[rung], FORBIDDEN)
    return rung, points.astype(np.int32)
