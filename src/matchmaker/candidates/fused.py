"""The fused engine: the kernel run over blocks of youths, and their pairs put together."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.arguments import (
    Entries,
    Fixed,
    Near,
    Offers,
    Out,
    Points,
    Request,
    Times,
    Youths,
)
from matchmaker.candidates.breakdown import ScoredLines, score_lines
from matchmaker.candidates.engine import Found, found_by, sum_of_best, taking_part
from matchmaker.candidates.geometry import STEPS_PER_REACH, rims
from matchmaker.candidates.index import (
    CELLS_PER_DEGREE,
    LATER_KIND,
    NUMBER,
    OfferIndex,
    build_index,
)
from matchmaker.candidates.kernel import best_pairs
from matchmaker.candidates.market import KINDS, Market, only_open
from matchmaker.candidates.pairs import (
    FORBIDDEN,
    LAST_DAY,
    Bands,
    Pairs,
    ScoreTables,
    Skip,
    StartDays,
    rung_of,
)

__all__ = ["FusedEngine", "fused_engine"]

BLOCK = 16_384  # youths a task: many neighbours among them, and yet work for every thread
MOST_CLASSES = 256  # a posting has one byte for its class
BLOCK_PAIRS = 1 << 22  # and no more than this many pairs: with k in the thousands


def fused_engine(
    market: Market,
    tables: ScoreTables,
    *,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> FusedEngine:
    """Lay the offers out for the kernel.

    Parameters
    ----------
    market, tables
        What to match, and how to score it.
    threads : int, optional
        Default: one a core. The result does not depend on it.
    progress : callable, optional
        Called with the fraction of each search that is done.

    Returns
    -------
    FusedEngine
    """
    return FusedEngine(
        market=market,
        tables=tables,
        fixed=_fixed(market, tables),
        threads=threads or os.cpu_count() or 1,
        progress=progress,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedEngine:
    """An `Engine` for the memory and the cores of one machine; see `fused_engine`.

    Attributes
    ----------
    market : Market
    tables : ScoreTables
    fixed : Fixed
        What the kernel reads, laid out once.
    threads : int
        Answers do not depend on it.
    progress : callable or None
        Called with the fraction of a search that is done, 0 to 1.
    """

    market: Market
    tables: ScoreTables
    fixed: Fixed
    threads: int
    progress: Callable[[float], None] | None

    def best(
        self,
        *,
        k: int,
        price: NDArray[np.int64] | None = None,
        floor: NDArray[np.int64] | None = None,
        who: NDArray[np.int32] | None = None,
        skip: Skip | None = None,
        bands: Bands | None = None,
        outside: int = 0,
    ) -> Found:
        """Return the k best eligible pairs of each youth (`Engine.best`).

        Parameters
        ----------
        k, price, floor, who, skip, bands, outside
            As for `Engine.best`.

        Returns
        -------
        Found

        Raises
        ------
        ValueError
            `skip` and `outside` are asked for together.
        """
        return found_by(
            partial(self._pairs, price=price, floor=floor, who=who, bands=bands),
            self.market,
            k=k,
            price=price,
            skip=skip,
            bands=bands,
            outside=outside,
        )

    def bound(self, price: NDArray[np.int64], capacity: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the best that each youth could do at some prices (`Engine.bound`).

        Parameters
        ----------
        price, capacity
            As for `Engine.bound`.

        Returns
        -------
        ndarray of int64, shape (n_youths,)
        """
        pairs = self._pairs(
            k=max(int(capacity.max(initial=0)), 1),
            price=price,
            floor=np.zeros(len(capacity), dtype=np.int64),
            who=np.flatnonzero(capacity > 0).astype(np.int32),
        )
        return sum_of_best(pairs, price, capacity)

    def count(self, who: NDArray[np.int32] | None = None) -> NDArray[np.int64]:
        """Return the number of eligible pairs of each youth (`Engine.count`).

        Parameters
        ----------
        who : ndarray of int32, optional
            Rows of youths; default: all.

        Returns
        -------
        ndarray of int64, shape (n_youths,)
        """
        chosen = taking_part(self.market, who)
        counts = np.zeros(len(self.market.youth_hash), dtype=np.int64)
        # Room for every open offer: the kernel skips nothing that is eligible.  The less room
        # a youth asks for, the more youths make a block.
        every = self._request(k=max(len(self.fixed.offers.row), 1))
        # What is yielded is thrown away, so that all pairs are never held at once.
        parts = self._parts(chosen, every)
        counts[chosen] = np.concatenate([np.zeros(0, dtype=np.int64), *(p.size for p in parts)])
        return counts

    def among(self, offers: NDArray[np.bool_]) -> FusedEngine:
        """Return an engine that finds the same pairs of some offers alone (`Engine.among`).

        Parameters
        ----------
        offers : ndarray of bool, shape (n_offers,)

        Returns
        -------
        FusedEngine
        """
        some = only_open(self.market, offers)
        return fused_engine(some, self.tables, threads=self.threads)

    def score(self, youth: NDArray[np.int32], offer: NDArray[np.int32]) -> ScoredLines:
        """Take the scores of some eligible pairs apart (`Engine.score`).

        Parameters
        ----------
        youth, offer : ndarray of int32, shape (n_lines,)
            Rows of the two tables.

        Returns
        -------
        ScoredLines

        Raises
        ------
        ValueError
            A pair is not eligible.
        """
        return score_lines(self.market, self.tables, youth, offer)

    def _pairs(
        self,
        *,
        k: int,
        price: NDArray[np.int64] | None = None,
        floor: NDArray[np.int64] | None = None,
        who: NDArray[np.int32] | None = None,
        skip: Skip | None = None,
        bands: Bands | None = None,
    ) -> Pairs:
        """Return the k best pairs, parameters as for `best`."""
        n_youths = len(self.market.youth_hash)
        chosen = taking_part(self.market, who)
        request = self._request(k=k, price=price, floor=floor, skip=skip, bands=bands)
        # Room for all; the system gives pages only where something is written.
        room = len(chosen) * request.k
        offer = np.empty(room, dtype=np.int32)
        score = np.empty(room, dtype=np.int32)
        wish = np.empty(room, dtype=np.uint8)
        rung = np.empty(room, dtype=np.uint8)
        indptr = np.zeros(n_youths + 1, dtype=np.int64)
        done = filled = 0
        for part in self._parts(chosen, request):
            indptr[chosen[done : done + len(part.size)] + 1] = part.size
            done += len(part.size)
            here = slice(filled, filled + len(part.offer))
            offer[here], score[here] = part.offer, part.score
            wish[here], rung[here] = part.wish, part.rung
            filled = here.stop
            if self.progress is not None:
                self.progress(done / len(chosen))
        np.cumsum(indptr, out=indptr)
        columns: tuple[NDArray[np.generic], ...] = (offer, score, wish, rung)
        for column in columns:
            column.resize(filled, refcheck=False)  # gives back the rest, in place
        return Pairs(indptr=indptr, offer=offer, score=score, wish=wish, rung=rung)

    def _request(
        self,
        *,
        k: int,
        price: NDArray[np.int64] | None = None,
        floor: NDArray[np.int64] | None = None,
        skip: Skip | None = None,
        bands: Bands | None = None,
    ) -> Request:
        """Return what is asked for as the kernel reads it."""
        number = self.fixed.offers.row
        none, none_wide = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
        return Request(
            k=min(k, max(len(self.market.offer_hash), 1)),
            price=none_wide if price is None else price[number],
            floor=none_wide if floor is None else floor,
            group=skip.group[number] if skip else none,
            skipped=skip.of_youth if skip else none,
            band_floor=bands.floor if bands else none,
            band_bonus=bands.bonus if bands else np.zeros(1, dtype=np.int64),
        )

    def _parts(self, chosen: NDArray[np.int32], request: Request) -> Iterator[Out]:
        """Run the kernel on blocks of the youths `chosen`, and yield each block's pairs in order."""
        k, threads = request.k, self.threads
        # Few youths are shared out over all threads too.
        block = max(1, min(BLOCK, BLOCK_PAIRS // k, -(-len(chosen) // (4 * threads))))
        blocks = (chosen[start : start + block] for start in range(0, len(chosen), block))
        with ThreadPoolExecutor(threads) as pool:
            # Some blocks ahead, and no more: what waits to be taken must not fill the memory.
            tasks = deque(
                pool.submit(_part, self.fixed, request, who) for who in islice(blocks, 2 * threads)
            )
            while tasks:
                done = tasks.popleft().result()
                tasks.extend(
                    pool.submit(_part, self.fixed, request, who) for who in islice(blocks, 1)
                )
                yield done


def _part(fixed: Fixed, request: Request, who: NDArray[np.int32]) -> Out:
    """Return the pairs of one block of youths."""
    room = len(who) * request.k
    out = Out(
        size=np.zeros(len(who), dtype=np.int32),
        offer=np.empty(room, dtype=np.int32),
        score=np.empty(room, dtype=np.int32),
        wish=np.empty(room, dtype=np.uint8),
        rung=np.empty(room, dtype=np.uint8),
    )
    # Rows of cells from south to north, each from west to east.
    row, column = (
        np.floor(degrees[who] * CELLS_PER_DEGREE)
        for degrees in (fixed.youths.latitude, fixed.youths.longitude)
    )
    n = best_pairs(who, np.lexsort((column, row)), fixed, request, out)
    return out._replace(
        offer=out.offer[:n], score=out.score[:n], wish=out.wish[:n], rung=out.rung[:n]
    )


def _fixed(market: Market, tables: ScoreTables) -> Fixed:
    """Return market, tables and index as the kernel reads them."""
    days = _all_start_days(market, tables)
    index = build_index(market, tables, days.offer)
    near = market.trade_nearness
    factor = len(tables.distance_points) // STEPS_PER_REACH
    ring_rung, ring_points = _ladder(tables)
    has_table = len(tables.pair_names) > 0
    return Fixed(
        youths=Youths(
            latitude=market.youths["latitude"].to_numpy(dtype=np.float64),
            longitude=market.youths["longitude"].to_numpy(dtype=np.float64),
            point=market.youth_point,
            hash=market.youth_hash,
            reach_km=market.reach_km,
            widening=np.minimum(market.reach_factor, factor).astype(np.uint8),
            first_day=days.first,
            last_day=days.last,
            entry_indptr=market.entry_indptr,
        ),
        entries=Entries(
            wish=market.wish_position[market.entry_wish],
            trade=market.entry_trade,
            feature=tables.entry_feature,
            near_feature=tables.near_feature,
        ),
        near=Near(indptr=near.indptr, trade=near.code, value=near.value, step=near.step),
        offers=Offers(
            row_rank=index.row_rank,
            run_start=index.run_start,
            somewhere_start=index.somewhere_start,
            column=index.column,
            posting=index.posting,
            octets=index.posting.view(np.uint8),
            halves=index.posting.view(np.int16),
            row=index.offer,
            hash=market.offer_hash[index.offer],
        ),
        points=Points(
            pair_table=tables.pair_table,
            row_best=tables.pair_table.max(axis=2)
            if has_table
            else np.zeros((0, 1), dtype=np.int32),
            trade_weight=tables.trade_weight,
            ring_points=ring_points,
            ring_rung=ring_rung,
            ring_best=_most_points(market, tables, ring_points).max(axis=1),
            by_ring=tables.distance_points,
            rims=rims(factor),
        ),
        times=_times(market, index),
    )


def _most_points(
    market: Market, tables: ScoreTables, points: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the most that `points` of a ring can become: a known time may be as short as any."""
    if market.travel is None:
        return points
    most = points - tables.distance_points + tables.distance_points.max()
    return np.where(points > FORBIDDEN // 2, most, points).astype(np.int32)


def _times(market: Market, index: OfferIndex) -> Times:
    """Return the known times as the kernel reads them."""
    travel, none = market.travel, np.zeros(0, dtype=np.int32)
    if travel is None:
        start, short = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int16)
        return Times(
            origin=none, place=none, n_places=0, indptr=start, to=none, minutes=short, per_km=1
        )
    return Times(
        origin=travel.origin,
        place=travel.place[index.offer[index.posting[:, NUMBER]]],
        n_places=travel.n_places,
        indptr=travel.indptr,
        to=travel.to,
        minutes=travel.minutes,
        per_km=travel.per_km,
    )


def _all_start_days(market: Market, tables: ScoreTables) -> StartDays:
    """Return all rules of dates as one: its classes are the products of theirs that occur."""
    n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
    rules = list(tables.start_days.values())
    label = np.zeros(n_offers, dtype=np.int64)
    for rule in rules:
        label = label * rule.first.shape[1] + rule.offer
    # Hashed: classes are few, and a sort of all offers would cost more than the layout below.
    of_offer, classes_in_use = pd.factorize(label, sort=True)
    example = np.zeros(len(classes_in_use), dtype=np.int64)
    example[of_offer[::-1]] = np.arange(n_offers)[::-1]  # the first of each is written last
    n_classes = max(len(example), 1)
    if n_classes > MOST_CLASSES:
        raise ValueError(f"rules of dates make {n_classes} classes of offers; {MOST_CLASSES} fit")
    first = np.zeros((n_youths, n_classes), dtype=np.int16)
    last = np.full((n_youths, n_classes), LAST_DAY, dtype=np.int16)
    for rule in rules:
        classes = rule.offer[example]
        if len(classes):  # an empty market has none
            np.maximum(first, rule.first[:, classes], out=first)
            np.minimum(last, rule.last[:, classes], out=last)
    return StartDays(offer=of_offer.astype(np.uint8), first=first, last=last)


def _ladder(tables: ScoreTables) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return the ladder by (the trade is near, kind of offer, ring of distance).

    Behind the kinds stands one more: a firm in its second or a later trade.

    Returns
    -------
    rung : ndarray of uint8, shape (2, n_kinds + 1, n_rings)
        0 where the ladder has none.
    points : ndarray of int32, shape (2, n_kinds + 1, n_rings)
        Points of the distance less the cost of the rung, and that of a later trade.
    """
    kind = np.arange(len(KINDS) + 1, dtype=np.uint8)
    kind[LATER_KIND] = KINDS.index("spontaneous")
    rung = rung_of(
        kind[:, None],
        np.array([False, True])[:, None, None],
        np.arange(len(tables.distance_points)) >= STEPS_PER_REACH,
    )
    worth = tables.distance_points - tables.rung_cost[rung]
    worth[:, LATER_KIND] -= tables.later_cost
    points = np.where(rung > 0, worth, FORBIDDEN)
    return rung, points.astype(np.int32)
