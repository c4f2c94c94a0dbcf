"""The plain engine: the same pairs as the kernel, in numpy.

Slower and obviously right: it lists all eligible pairs of a block of youths, scores them
by looking up the same integer tables, and keeps the best.  Tests hold the kernel to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.candidates.breakdown import ScoredLines, score_lines
from matchmaker.candidates.engine import Found, found_by, sum_of_best, taking_part
from matchmaker.candidates.geometry import (
    STEPS_PER_REACH,
    rims,
    steps_of,
)
from matchmaker.candidates.market import Market, build_market, only_open
from matchmaker.candidates.pairs import FORBIDDEN, NEAR, Bands, Pairs, ScoreTables, Skip, rung_of
from matchmaker.candidates.travel import far_steps
from matchmaker.candidates.where import chords_between
from matchmaker.hashing import mix
from matchmaker.ragged import expand

__all__ = ["PlainEngine", "build_market", "plain_engine", "plain_pairs"]

BLOCK = 32  # youths at a time: bounds the memory of the full list of pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEngine:
    """An `Engine` that is obviously right, for tests and checks.

    Attributes
    ----------
    market : Market
    tables : ScoreTables
    """

    market: Market
    tables: ScoreTables

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
        search = partial(self.pairs, price=price, floor=floor, who=who, bands=bands)
        return found_by(
            search, self.market, k=k, price=price, skip=skip, bands=bands, outside=outside
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
        return sum_of_best(self.pairs(k=None), price, capacity)

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
        return np.diff(self.pairs(k=None, who=who).indptr)

    def among(self, offers: NDArray[np.bool_]) -> PlainEngine:
        """Return an engine that finds the same pairs of some offers alone (`Engine.among`).

        Parameters
        ----------
        offers : ndarray of bool, shape (n_offers,)

        Returns
        -------
        PlainEngine
        """
        return plain_engine(only_open(self.market, offers), self.tables)

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

    def pairs(
        self,
        *,
        k: int | None,
        price: NDArray[np.int64] | None = None,
        floor: NDArray[np.int64] | None = None,
        who: NDArray[np.int32] | None = None,
        skip: Skip | None = None,
        bands: Bands | None = None,
    ) -> Pairs:
        """Return the k best pairs of each youth, or all of them.

        Parameters
        ----------
        k : int or None
            Pairs kept a youth; None keeps every eligible pair.
        price : ndarray of int64, shape (n_offers,), optional
            Subtracted from the score when pairs are compared.
        floor : ndarray of int64, shape (n_youths,), optional
            Only pairs whose score less price exceeds it are kept.
        who : ndarray of int32, optional
            Rows of the youths to do; all others get no pair.
        skip : Skip, optional
            Offers that a youth's search leaves out.
        bands : Bands, optional
            What pairs are worth when they are compared, instead of their score.

        Returns
        -------
        Pairs
        """
        market = self.market
        n_youths = len(market.youth_hash)
        price = np.zeros(len(market.offer_hash), dtype=np.int64) if price is None else price
        floor = np.full(n_youths, -(1 << 62), dtype=np.int64) if floor is None else floor
        youth, offer, score, wish, rung = _eligible(market, self.tables, taking_part(market, who))
        worth = (bands.worth(score) if bands else score) - price[offer]
        tie = mix(market.youth_hash[youth], market.offer_hash[offer])
        order = np.lexsort((tie, -worth, youth))
        order = order[worth[order] > floor[youth[order]]]
        if skip is not None:
            order = order[skip.group[offer[order]] != skip.of_youth[youth[order]]]
        if k is not None:
            counts = np.bincount(youth[order], minlength=n_youths)
            begin = np.repeat(np.cumsum(counts) - counts, counts)
            order = order[np.arange(len(order)) - begin < k]
        order = order[np.lexsort((offer[order], youth[order]))]
        indptr = np.zeros(n_youths + 1, dtype=np.int64)
        np.cumsum(np.bincount(youth[order], minlength=n_youths), out=indptr[1:])
        return Pairs(
            indptr=indptr,
            offer=offer[order].astype(np.int32),
            score=score[order].astype(np.int32),
            wish=wish[order].astype(np.uint8),
            rung=rung[order].astype(np.uint8),
        )


def plain_engine(market: Market, tables: ScoreTables) -> PlainEngine:
    """Return the plain engine of a market.

    Parameters
    ----------
    market : Market
    tables : ScoreTables
        Of this market.

    Returns
    -------
    PlainEngine
    """
    return PlainEngine(market=market, tables=tables)


def plain_pairs(
    market: Market, tables: ScoreTables, *, k: int | None, who: NDArray[np.int32] | None = None
) -> Pairs:
    """Return the k best pairs of each youth, or all of them (`PlainEngine.pairs`).

    Parameters
    ----------
    market : Market
    tables : ScoreTables
    k : int or None
        Pairs a youth; None: all.
    who : ndarray of int32, optional
        Rows of youths; default: all.

    Returns
    -------
    Pairs
    """
    return plain_engine(market, tables).pairs(k=k, who=who)


def _eligible(
    market: Market, tables: ScoreTables, youths: NDArray[np.int32]
) -> list[NDArray[np.int64]]:
    """Return youth, offer, score, wish and rung of all eligible pairs of some youths."""
    rim_table = rims(int(len(tables.distance_points) // STEPS_PER_REACH))
    open_offers = np.flatnonzero(market.is_open & ~market.is_somewhere)
    open_offers = open_offers[np.argsort(market.offer_point[open_offers, 2], kind="stable")]
    trades = _trade_matrix(market)
    parts = [
        _block(market, tables, youths[i : i + BLOCK], open_offers, rim_table, trades)
        for i in range(0, len(youths), BLOCK)
    ]
    return [
        np.concatenate([part[column] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
        for column in range(5)
    ]


def _trade_matrix(market: Market) -> tuple[NDArray[np.int64], NDArray[np.int64], csr_array]:
    """Return nearness value + 1 and step + 1 as dense matrices, and postings as offer x trade.

    A posting is 1, or 2 where the trade is a firm's later one.
    """
    n = len(market.trade_codes)
    near = market.trade_nearness
    rows = np.repeat(np.arange(n), np.diff(near.indptr))
    value = np.zeros((n, n), dtype=np.int64)
    step = np.zeros((n, n), dtype=np.int64)
    value[rows, near.code] = near.value.astype(np.int64) + 1
    step[rows, near.code] = near.step.astype(np.int64) + 1
    postings = csr_array(
        (1 + market.posting_is_later, (market.posting_offer, market.posting_trade)),
        shape=(len(market.offer_hash), n),
    )
    return value, step, postings


def _in_reach(
    market: Market,
    youths: NDArray[np.int32],
    farthest: NDArray[np.int64],
    open_offers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return place in `youths`, offer and squared chord of all pairs that are near enough.

    Offers come by the third part of their unit vectors, as high as their latitude: it differs
    by no more than the chord, so those of a youth lie in one run.  Those whose department or
    region alone is known are in reach of everybody.
    """
    height = market.offer_point[open_offers, 2].astype(np.int64)
    own = market.youth_point[youths, 2].astype(np.int64)
    radius = np.ceil(np.sqrt(farthest)).astype(np.int64) + 1  # decided in integers below
    first = np.searchsorted(height, own - radius, side="left").astype(np.int64)
    last = np.searchsorted(height, own + radius, side="right").astype(np.int64)
    mine, at = expand(last - first, first)
    somewhere = np.flatnonzero(market.is_open & market.is_somewhere)
    mine = np.concatenate([mine, np.repeat(np.arange(len(youths)), len(somewhere))])
    offer = np.concatenate([open_offers[at], np.tile(somewhere, len(youths))])
    chord = chords_between(market, youths[mine], offer)
    is_near = chord <= farthest[mine]
    return mine[is_near], offer[is_near], chord[is_near]


def _block(
    market: Market,
    tables: ScoreTables,
    youths: NDArray[np.int32],
    open_offers: NDArray[np.int64],
    rim_table: NDArray[np.int64],
    trades: tuple[NDArray[np.int64], NDArray[np.int64], csr_array],
) -> tuple[NDArray[np.int64], ...]:
    """Return youth, offer, score, wish and rung of all eligible pairs of some youths."""
    factor = len(tables.distance_points) // STEPS_PER_REACH
    reach = market.reach_km[youths].astype(np.int64)
    rings = np.minimum(market.reach_factor[youths].astype(np.int64), factor) * STEPS_PER_REACH
    farthest = rim_table[reach, rings - 1]
    mine, offer, chord = _in_reach(market, youths, farthest, open_offers)
    step = steps_of(chord, market.reach_km[youths[mine]], rim_table)

    # Every wish entry of the youth against every trade code of the offer.
    start = market.entry_indptr[youths]
    entries = market.entry_indptr[youths + 1] - start
    pair, entry = expand(entries[mine], start[mine])
    value, near_step, postings = trades
    first = postings.indptr.astype(np.int64)
    row, posting = expand(np.diff(first)[offer[pair]], first[offer[pair]])
    pair, entry = pair[row], entry[row]
    wished, held = market.entry_trade[entry], postings.indices[posting]
    is_related = value[wished, held] > 0
    pair, entry, posting = pair[is_related], entry[is_related], posting[is_related]
    wished, held = wished[is_related], held[is_related]

    target = offer[pair]
    is_near = near_step[wished, held] > NEAR  # one more than the step
    rung = rung_of(market.offer_kind[target], is_near, step[pair] >= STEPS_PER_REACH)
    far = far_steps(
        market.travel, youths[mine[pair]], target, market.reach_km, step[pair],
        last=len(tables.distance_points) - 1,
    )  # fmt: skip
    score = tables.trade_weight * (value[wished, held] - 1) - tables.later_cost * (
        postings.data[posting] > 1
    )
    score += tables.distance_points[far] - tables.rung_cost[rung]
    for c in range(len(tables.pair_names)):
        score += tables.pair_table[tables.pair_part(c, entry, target, is_near)]
    youth = youths[mine[pair]].astype(np.int64)
    first_wish = market.wish_position[market.entry_wish[entry]].astype(np.int64)
    ok = (rung > 0) & (score > FORBIDDEN // 2)
    for rule in tables.start_days.values():
        ok &= rule.allow(youth, target, market.start_day[target])
    youth, target, score = youth[ok], target[ok], score[ok].astype(np.int64)
    first_wish, ladder = first_wish[ok], rung[ok].astype(np.int64)
    # One line a (youth, offer): best score, then earliest wish, then lowest rung.
    order = np.lexsort((ladder, first_wish, -score, target, youth))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(youth[order]) != 0) | (np.diff(target[order]) != 0)
    keep = order[is_first]
    return youth[keep], target[keep], score[keep], first_wish[keep], ladder[keep]
