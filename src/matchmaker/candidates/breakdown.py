"""The score of lines taken apart: which wish gave it, and what each criterion adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import (
    STEPS_PER_REACH,
    rims,
    steps_of,
)
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import FORBIDDEN, NEAR, ScoreTables, rung_of
from matchmaker.candidates.travel import far_steps
from matchmaker.candidates.where import chords_between, km_between
from matchmaker.ragged import expand

__all__ = ["ScoredLines", "eligible", "score_lines"]

# Lines at a time: each is held with every wish and every code that could explain it.
BLOCK = 1 << 17
WISH_BITS, RUNG_BITS = 8, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredLines:
    """Lines in arrays, one entry a line: what made each score, and what phrases are built from.

    Attributes
    ----------
    youth, offer, entry : ndarray of int32
        Rows of the youths and offers tables; the wish entry that gave the score.
    trade : ndarray of int32
        The offer's trade code that gave the score, a position in ``market.trade_codes``.
    nearness : ndarray of int32
        Nearness of that code to the wished one, 0 to 10,000.
    nearness_step : ndarray of uint8
        0 same code, 1 same parent, 2 near, 3 same domain.
    step : ndarray of int32
        Step of distance.
    km : ndarray of float64
        NaN where the department or the region is all that is known of the place.
    rung : ndarray of uint8
    score : ndarray of int32
    points : mapping of str to ndarray of int32
        Weight x points of each criterion.
    costs : mapping of str to ndarray of int32
        ``rung``; ``later``, of a firm's second or later trade; ``doubt``, of a level far above
        the one aimed at.  The score is the sum of the points less the costs.

    Examples
    --------
    >>> one = np.array([0, 1], "i4")
    >>> lines = ScoredLines(
    ...     youth=one, offer=one, entry=one, trade=one, nearness=np.array([10_000, 7_000], "i4"),
    ...     nearness_step=np.array([0, 2], "u1"), step=one, km=np.array([0.0, 3.5]),
    ...     rung=np.array([1, 2], "u1"), score=np.array([300_000, 190_000], "i4"),
    ...     points={"trade": np.array([300_000, 210_000], "i4")},
    ...     costs={"rung": np.array([0, 20_000], "i4")},
    ... )
    >>> lines.at(np.array([1])).km.tolist()
    [3.5]
    """

    youth: NDArray[np.int32]
    offer: NDArray[np.int32]
    entry: NDArray[np.int32]
    trade: NDArray[np.int32]
    nearness: NDArray[np.int32]
    nearness_step: NDArray[np.uint8]
    step: NDArray[np.int32]
    km: NDArray[np.float64]
    rung: NDArray[np.uint8]
    score: NDArray[np.int32]
    points: Mapping[str, NDArray[np.int32]]
    costs: Mapping[str, NDArray[np.int32]]

    def at(self, rows: slice | NDArray[np.intp]) -> ScoredLines:
        """Return some of the lines, or all of them in another order.

        Parameters
        ----------
        rows : slice or ndarray of int

        Returns
        -------
        ScoredLines
        """
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        points, costs = (
            {name: column[rows] for name, column in columns.pop(parts).items()}
            for parts in ("points", "costs")
        )
        of_lines = {name: column[rows] for name, column in columns.items()}
        return ScoredLines(**of_lines, points=points, costs=costs)


def score_lines(
    market: Market, tables: ScoreTables, youth: NDArray[np.int32], offer: NDArray[np.int32]
) -> ScoredLines:
    """Score some eligible pairs, and say what gave the score: see `Engine.score`.

    Of the wish entries and trade codes that join the two, the best score counts, then the
    earliest wish, then the lowest rung, then the first in the order of the tables.

    Parameters
    ----------
    market : Market
    tables : ScoreTables
    youth, offer : ndarray of int32, shape (n_lines,)
        Rows of the two tables, in any order.

    Returns
    -------
    ScoredLines
        In the order given.

    Raises
    ------
    ValueError
        A pair is not eligible.
    """
    n, lookup = len(youth), _Lookup.of(market, tables)
    found = _Found(
        entry=np.empty(n, dtype=np.int32),
        trade=np.empty(n, dtype=np.int32),
        nearness=np.empty(n, dtype=np.int32),
        nearness_step=np.empty(n, dtype=np.uint8),
        rung=np.empty(n, dtype=np.uint8),
        is_later=np.empty(n, dtype=bool),
        score=np.empty(n, dtype=np.int32),
    )
    step, km = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float64)
    far = np.empty(n, dtype=np.int32)
    for start in range(0, n, BLOCK):
        here = slice(start, start + BLOCK)
        chord, step[here], far[here] = lookup.distance(youth[here], offer[here])
        km[here] = km_between(market, offer[here], chord)
        lines, some = lookup.found(youth[here], offer[here], step[here], far[here])
        if len(lines) < len(chord):
            raise ValueError("a pair is not eligible")
        for name, column in found._asdict().items():
            column[here] = getattr(some, name)
    points, doubt = {}, np.zeros(n, dtype=np.int32)
    for name in tables.names:
        if name in tables.pair_names:
            c = tables.pair_names.index(name)
            at = tables.pair_part(c, found.entry, offer, found.nearness_step >= NEAR)
            points[name] = tables.pair_table[at] + tables.pair_cost[at]
            doubt += tables.pair_cost[at]
        elif name in tables.distance_parts:
            points[name] = tables.distance_parts[name][far]
        elif name in tables.trade_parts:
            points[name] = tables.trade_parts[name] * found.nearness
        else:  # a rule of dates alone
            points[name] = np.zeros(n, dtype=np.int32)
    costs = {
        "rung": tables.rung_cost[found.rung],
        "later": tables.later_cost * found.is_later.astype(np.int32),
        "doubt": doubt,
    }
    of_lines = found._asdict()
    of_lines.pop("is_later")
    return ScoredLines(
        youth=youth, offer=offer, step=step, km=km, points=points, costs=costs, **of_lines
    )


def eligible(
    market: Market, tables: ScoreTables, youth: NDArray[np.int32], offer: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Tell which pairs are eligible: those that `score_lines` would score.

    Parameters
    ----------
    market : Market
    tables : ScoreTables
    youth, offer : ndarray of int32, shape (n,)
        Rows of the two tables, in any order.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    lookup = _Lookup.of(market, tables)
    is_in = np.zeros(len(youth), dtype=bool)
    for start in range(0, len(youth), BLOCK):
        here = slice(start, start + BLOCK)
        _, step, far = lookup.distance(youth[here], offer[here])
        lines, _ = lookup.found(youth[here], offer[here], step, far)
        is_in[start + lines] = True
    return is_in


class _Found(NamedTuple):
    """What gave the score of each line."""

    entry: NDArray[np.int32]
    trade: NDArray[np.int32]
    nearness: NDArray[np.int32]
    nearness_step: NDArray[np.uint8]
    rung: NDArray[np.uint8]
    is_later: NDArray[np.bool_]
    score: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    """The market laid out to look up the codes of an offer and the nearness of two codes.

    Attributes
    ----------
    market, tables
    rim : ndarray of int64
        Bounds of the steps of distance.
    codes_start, codes : ndarray, shapes (n_offers + 1,) and (n_postings,)
        Trade codes of each offer, in the order of the market's postings.
    is_later : ndarray of bool, shape (n_postings,)
        Of `codes`: a firm's second or later one.
    near_key : ndarray of int64
        Two near codes as one number, rising.
    near_value, near_step : ndarray
        Their nearness and its step.
    """

    market: Market
    tables: ScoreTables
    rim: NDArray[np.int64]
    codes_start: NDArray[np.int64]
    codes: NDArray[np.int32]
    is_later: NDArray[np.bool_]
    near_key: NDArray[np.int64]
    near_value: NDArray[np.int64]
    near_step: NDArray[np.uint8]

    @classmethod
    def of(cls, market: Market, tables: ScoreTables) -> _Lookup:
        """Lay out the market."""
        start = np.zeros(len(market.offer_hash) + 1, dtype=np.int64)
        np.cumsum(np.bincount(market.posting_offer, minlength=len(start) - 1), out=start[1:])
        near, n = market.trade_nearness, len(market.trade_codes)
        rows = np.repeat(np.arange(n, dtype=np.int64), np.diff(near.indptr))
        key = rows * n + near.code
        order = np.argsort(key)
        by_offer = np.argsort(market.posting_offer, kind="stable")
        return cls(
            market=market,
            tables=tables,
            rim=rims(len(tables.distance_points) // STEPS_PER_REACH),
            codes_start=start,
            codes=market.posting_trade[by_offer],
            is_later=market.posting_is_later[by_offer],
            near_key=key[order],
            near_value=near.value[order].astype(np.int64),
            near_step=near.step[order],
        )

    def distance(
        self, youth: NDArray[np.int32], offer: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """Return the squared chord of each line, its step, and the step that gives its points."""
        market = self.market
        chord = chords_between(market, youth, offer)
        step = steps_of(chord, market.reach_km[youth], self.rim)
        last = self.rim.shape[1] - 1
        far = far_steps(market.travel, youth, offer, market.reach_km, step, last=last)
        return chord, step, far

    def found(
        self,
        youth: NDArray[np.int32],
        offer: NDArray[np.int32],
        step: NDArray[np.int32],
        far: NDArray[np.int32],
    ) -> tuple[NDArray[np.int64], _Found]:
        """Return the lines that are eligible, and what gives the best score of each of them.

        All wishes and codes are tried.
        """
        market, tables = self.market, self.tables
        line, entry = expand(np.diff(market.entry_indptr)[youth], market.entry_indptr[:-1][youth])
        row, at = expand(np.diff(self.codes_start)[offer[line]], self.codes_start[:-1][offer[line]])
        line, entry, trade, is_later = line[row], entry[row], self.codes[at], self.is_later[at]
        value, near_step = self._nearness(market.entry_trade[entry], trade)
        is_related = value >= 0
        line, entry, trade = line[is_related], entry[is_related], trade[is_related]
        value, near_step = value[is_related], near_step[is_related]
        is_later = is_later[is_related]
        its_step = step[line]
        rung = rung_of(
            market.offer_kind[offer[line]], near_step >= NEAR, its_step >= STEPS_PER_REACH
        )
        widest = market.reach_factor[youth[line]].astype(np.int64) * STEPS_PER_REACH
        rings = np.minimum(widest, self.rim.shape[1])
        score = (
            tables.trade_weight * value
            - tables.rung_cost[rung]
            - tables.later_cost * is_later
            + tables.distance_points[far[line]]
        )
        for c in range(len(tables.pair_names)):
            at_c = tables.pair_part(c, entry, offer[line], near_step >= NEAR)
            score += tables.pair_table[at_c]
        is_eligible = (rung > 0) & (its_step < rings) & (score > FORBIDDEN // 2)
        wish = market.wish_position[market.entry_wish[entry]].astype(np.int64)
        # One number, so that the least of a line is its best: score, then wish, then rung.
        key = (-score << WISH_BITS + RUNG_BITS) | (wish << RUNG_BITS) | rung
        key[~is_eligible] = np.iinfo(np.int64).max
        best = np.full(len(youth), np.iinfo(np.int64).max)
        np.minimum.at(best, line, key)
        is_it = np.flatnonzero(is_eligible & (key == best[line]))
        found, first = np.unique(line[is_it], return_index=True)
        is_in = market.takes_part[youth] & market.is_open[offer]
        for rule in tables.start_days.values():
            is_in &= rule.allow(youth, offer, market.start_day[offer])
        chosen = is_it[first][is_in[found]]
        return found[is_in[found]], _Found(
            entry=entry[chosen].astype(np.int32),
            trade=trade[chosen],
            nearness=value[chosen].astype(np.int32),
            nearness_step=near_step[chosen],
            rung=rung[chosen],
            is_later=is_later[chosen],
            score=score[chosen].astype(np.int32),
        )

    def _nearness(
        self, wished: NDArray[np.int32], held: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Return nearness and its step for pairs of trade positions, -1 where there is none."""
        key = self.near_key
        if len(key) == 0:
            return np.full(len(wished), -1, dtype=np.int64), np.zeros(len(wished), dtype=np.uint8)
        wanted = wished.astype(np.int64) * len(self.market.trade_codes) + held
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        return np.where(key[at] == wanted, self.near_value[at], -1), self.near_step[at]
