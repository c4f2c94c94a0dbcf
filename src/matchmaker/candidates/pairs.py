"""Candidate pairs, and the integer tables that score them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FORBIDDEN", "RUNGS", "Bands", "Pairs", "ScoreTables", "Skip", "rung_of"]

# An entry of a criterion's table that rules the pair out. Seven of them still fit int32.
FORBIDDEN = -(1 << 28)

# The ladder. "Wished" means the very code or one under the same parent.
RUNGS = (
    "wished_offer",  # 1
    "near_offer",  # 2
    "wished_firm",  # 3: spontaneous application
    "near_firm",  # 4
    "wished_beyond_reach",  # 5: only with a vehicle
    "other_place",  # 6: training, school or job
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Sparse pairs of youths and offers, grouped by youth.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n_youths + 1,)
    offer : ndarray of int32, shape (n_pairs,)
        Row of the offers table, increasing within a youth: one pair a (youth, offer).
    score : ndarray of int32
        Sum of weight x points, less the cost of the rung.
    wish : ndarray of uint8
        Position of the best wish within the youth's wishes.
    rung : ndarray of uint8
        1 to 6, a position in `RUNGS` plus one.
    """

    indptr: NDArray[np.int64]
    offer: NDArray[np.int32]
    score: NDArray[np.int32]
    wish: NDArray[np.uint8]
    rung: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.offer)

    @property
    def youth(self) -> NDArray[np.int32]:
        """Row of the youths table for each pair."""
        counts = np.diff(self.indptr)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTables:
    """Criteria as integer tables, weights already multiplied in.

    A pair's score is the sum over criteria ``c`` of
    ``pair_table[c, entry_feature[e, c], offer_feature[o, c]]``, plus
    ``trade_weight x nearness``, plus ``distance_points[step]``, less ``rung_cost[rung]``.

    Attributes
    ----------
    names : tuple of str
        Criteria of the first axis of `pair_table`.
    pair_table : ndarray of int32, shape (n_criteria, max_entry_features, max_offer_features)
        `FORBIDDEN` entries rule a pair out.
    entry_feature : ndarray of uint8, shape (n_entries, n_criteria)
    offer_feature : ndarray of uint8, shape (n_offers, n_criteria)
    trade_weight : int
    distance_points : ndarray of int32, shape (STEPS_PER_REACH * mobile_reach_factor,)
    rung_cost : ndarray of int32, shape (7,)
        Entry 0 is unused.
    """

    names: tuple[str, ...]
    pair_table: NDArray[np.int32]
    entry_feature: NDArray[np.uint8]
    offer_feature: NDArray[np.uint8]
    trade_weight: int
    distance_points: NDArray[np.int32]
    rung_cost: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """What a pair is worth where the band of its score counts beside the score.

    Attributes
    ----------
    floor : ndarray of int32, shape (n_bands,)
        Least score of each band, rising; scores below the first are of no band.
    bonus : ndarray of int64, shape (n_bands + 1,)
        What a pair that reaches so many of these scores earns, never falling.
    """

    floor: NDArray[np.int32]
    bonus: NDArray[np.int64]

    def worth(self, score: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return score and bonus together.

        Examples
        --------
        >>> bands = Bands(floor=np.array([5, 8], "i4"), bonus=np.array([0, 100, 300]))
        >>> bands.worth(np.array([4, 5, 9], "i4")).tolist()
        [4, 105, 309]
        """
        bonus: NDArray[np.int64] = self.bonus[np.searchsorted(self.floor, score, side="right")]
        return bonus + score


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Offers that a search leaves out, youth by youth: those of one group.

    Attributes
    ----------
    group : ndarray of int32, shape (n_offers,)
    of_youth : ndarray of int32, shape (n_youths,)
        The group to leave out, -1 for none.
    """

    group: NDArray[np.int32]
    of_youth: NDArray[np.int32]


def rung_of(
    kind: NDArray[np.uint8], is_near: NDArray[np.bool_], is_beyond: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return the rung of pairs, 0 where the ladder has none.

    Parameters
    ----------
    kind : ndarray of uint8
        Position in ``market.KINDS``: 0 offer, 1 spontaneous, 2 to 4 other places.
    is_near : ndarray of bool
        The trade is near the wished one, not the wished one itself.
    is_beyond : ndarray of bool
        The workplace lies beyond the youth's reach.

    Examples
    --------
    >>> rung_of(np.array([0, 0, 1, 0, 0], "u1"), np.array([0, 1, 0, 0, 1], bool),
    ...         np.array([0, 0, 0, 1, 1], bool)).tolist()
    [1, 2, 3, 5, 0]
    """
    within = np.where(kind == 0, 1, 3) + is_near
    within = np.where(kind >= 2, 6, within)
    beyond = np.where((kind == 0) & ~is_near, 5, 0)
    return np.where(is_beyond, beyond, within).astype(np.uint8)
