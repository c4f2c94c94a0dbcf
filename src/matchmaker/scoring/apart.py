"""The score of published lines taken apart: which wish gave it, and what each criterion adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import (
    STEPS_PER_REACH,
    rims,
    squared_chords,
    steps_of,
    to_km,
)
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, ScoreTables, rung_of
from matchmaker.candidates.ragged import expand
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.scoring.criterion import Criterion, DistancePoints, Lines, PairPoints
from matchmaker.scoring.total import contexts, weights
from matchmaker.settings import Settings

__all__ = ["contributions", "take_apart"]

BLOCK = (
    1 << 18
)  # lines at a time: each is held with every wish and every code that could explain it


def take_apart(market: Market, tables: ScoreTables, pairs: Pairs) -> Lines:
    """Find again, for each pair, the wish entry and trade code that gave its score.

    Parameters
    ----------
    market, tables
        As given to the engine.
    pairs : Pairs
        The lines to publish.

    Returns
    -------
    Lines
        In the order of `pairs`.
    """
    n, youth, search = len(pairs), pairs.youth, _Search.of(market, tables)
    entry, trade, nearness = (np.empty(n, dtype=np.int32) for _ in range(3))
    nearness_step = np.empty(n, dtype=np.uint8)
    step, km = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float64)
    for start in range(0, n, BLOCK):
        here = slice(start, start + BLOCK)
        who, offer = youth[here], pairs.offer[here]
        chord = squared_chords(market.youth_point[who], market.offer_point[offer])
        step[here] = steps_of(chord, market.reach_km[who], search.rim)
        km[here] = to_km(chord)
        entry[here], trade[here], nearness[here], nearness_step[here] = search.found(
            who, offer, pairs.wish[here], pairs.rung[here], pairs.score[here], step[here]
        )
    return Lines(
        youth=youth,
        offer=pairs.offer,
        entry=entry,
        trade=trade,
        nearness=nearness,
        nearness_step=nearness_step,
        step=step,
        km=km,
        rung=pairs.rung,
        score=pairs.score,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The market laid out to look up the codes of an offer and the nearness of two codes.

    Attributes
    ----------
    market, tables
    rim : ndarray of int64
        Bounds of the steps of distance.
    codes_start, codes : ndarray, shapes (n_offers + 1,) and (n_postings,)
        Trade codes of each offer, in the order of the market's postings.
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
    near_key: NDArray[np.int64]
    near_value: NDArray[np.int64]
    near_step: NDArray[np.uint8]

    @classmethod
    def of(cls, market: Market, tables: ScoreTables) -> _Search:
        """Lay out the market."""
        start = np.zeros(len(market.offer_hash) + 1, dtype=np.int64)
        np.cumsum(np.bincount(market.posting_offer, minlength=len(start) - 1), out=start[1:])
        near, n = market.trade_nearness, len(market.trade_codes)
        rows = np.repeat(np.arange(n, dtype=np.int64), np.diff(near.indptr))
        key = rows * n + near.code
        order = np.argsort(key)
        return cls(
            market=market,
            tables=tables,
            rim=rims(len(tables.distance_points) // STEPS_PER_REACH),
            codes_start=start,
            codes=market.posting_trade[np.argsort(market.posting_offer, kind="stable")],
            near_key=key[order],
            near_value=near.value[order].astype(np.int64),
            near_step=near.step[order],
        )

    def found(
        self,
        youth: NDArray[np.int32],
        offer: NDArray[np.int32],
        wish: NDArray[np.uint8],
        rung: NDArray[np.uint8],
        score: NDArray[np.int32],
        step: NDArray[np.int32],
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.uint8]]:
        """Return entry, trade, nearness and its step of each line: the first that gives its score."""
        market, tables = self.market, self.tables
        line, entry = expand(np.diff(market.entry_indptr)[youth], market.entry_indptr[:-1][youth])
        is_wish = market.wish_position[market.entry_wish[entry]] == wish[line]
        line, entry = line[is_wish], entry[is_wish]
        row, at = expand(np.diff(self.codes_start)[offer[line]], self.codes_start[:-1][offer[line]])
        line, entry, trade = line[row], entry[row], self.codes[at]
        value, near_step = self._nearness(market.entry_trade[entry], trade)
        is_related = value >= 0
        line, entry, trade = line[is_related], entry[is_related], trade[is_related]
        value, near_step = value[is_related], near_step[is_related]
        its_rung = rung_of(
            market.offer_kind[offer[line]], near_step >= 2, step[line] >= STEPS_PER_REACH
        )
        its_score = (
            tables.trade_weight * value
            - tables.rung_cost[its_rung]
            + tables.distance_points[step[line]]
        )
        for c in range(len(tables.names)):
            its_score += tables.pair_table[
                c, tables.entry_feature[entry, c], tables.offer_feature[offer[line], c]
            ]
        is_it = np.flatnonzero((its_score == score[line]) & (its_rung == rung[line]))
        _, first = np.unique(line[is_it], return_index=True)
        chosen = is_it[first]
        return entry[chosen], trade[chosen], value[chosen], near_step[chosen]

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


def contributions(
    lines: Lines,
    market: Market,
    settings: Settings,
    criteria: tuple[Criterion, ...] = CRITERIA,
) -> dict[str, NDArray[np.int32]]:
    """Return weight x points of each criterion for each line; they add up to the score.

    Returns
    -------
    dict of str to ndarray of int32, shape (n_lines,)
        Keyed by the criterion's name, in its order; the cost of the rung is not in it.
    """
    weight = weights(settings, criteria)
    context = contexts(market, settings, criteria)
    result = {}
    for criterion in criteria:
        table = criterion.table(context[criterion.name])
        if isinstance(table, PairPoints):
            points = table.points[table.entry[lines.entry], table.offer[lines.offer]]
        elif isinstance(table, DistancePoints):
            points = table.points[lines.step]
        else:
            points = lines.nearness
        result[criterion.name] = (points.astype(np.int64) * weight[criterion.name]).astype(np.int32)
    return result
