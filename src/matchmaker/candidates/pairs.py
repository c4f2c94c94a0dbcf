"""Candidate pairs, and the integer tables that score them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FORBIDDEN",
    "LAST_DAY",
    "NEAR",
    "RUNGS",
    "SECTOR",
    "Bands",
    "Pairs",
    "ScoreTables",
    "Skip",
    "StartDays",
    "rung_of",
    "without_rules",
]

# An entry of a criterion's table that rules the pair out. Seven of them still fit int32.
FORBIDDEN = -(1 << 28)
NEAR = 2  # the first step of nearness that is no wished trade
SECTOR = 3  # and the one of trades that share no more than their sector
LAST_DAY = 32_767  # days from the run, 89 years: no later start can be told from it

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

    Examples
    --------
    >>> pairs = Pairs(
    ...     indptr=np.array([0, 2, 2, 3]), offer=np.array([1, 4, 0], "i4"),
    ...     score=np.array([900_000, 700_000, 800_000], "i4"),
    ...     wish=np.array([0, 1, 0], "u1"), rung=np.array([1, 2, 1], "u1"),
    ... )
    >>> pairs.youth.tolist(), len(pairs)
    ([0, 0, 2], 3)
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
class StartDays:
    """A rule of dates: on which days a contract may start, by youth and class of offer.

    Days are counted from the run, as `matchmaker.candidates.market.Market.start_day` is.

    Attributes
    ----------
    offer : ndarray of uint8, shape (n_offers,)
        Class of each offer.
    first, last : ndarray of int16, shape (n_youths, n_classes)
        The first and the last legal day; none where the last comes before the first.
    """

    offer: NDArray[np.uint8]
    first: NDArray[np.int16]
    last: NDArray[np.int16]

    def allow(
        self, youth: NDArray[np.integer], offer: NDArray[np.integer], day: NDArray[np.int16]
    ) -> NDArray[np.bool_]:
        """Tell which pairs of rows may start a contract on the given days.

        Parameters
        ----------
        youth, offer : ndarray of int, shape (n,)
            Rows of youths and offers.
        day : ndarray of int16, shape (n,)
            Days from the run to the start of the contract.

        Returns
        -------
        ndarray of bool, shape (n,)

        Examples
        --------
        >>> rule = StartDays(offer=np.array([0, 1], "u1"), first=np.array([[0, 5]], "i2"),
        ...                  last=np.array([[LAST_DAY, 9]], "i2"))
        >>> rule.allow(np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([4, 4, 5], "i2")).tolist()
        [True, False, True]
        """
        of_offer = self.offer[offer]
        first, last = self.first[youth, of_offer], self.last[youth, of_offer]
        is_legal: NDArray[np.bool_] = (first <= day) & (day <= last)
        return is_legal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTables:
    """Criteria as integer tables, weights already multiplied in.

    A pair's score is the sum over criteria ``c`` of
    ``pair_table[c, entry_feature[e, c], offer_feature[o, c]]`` (``near_feature`` in the place of
    ``entry_feature`` where the offer's trade is no wished one), plus
    ``trade_weight x nearness``, plus ``distance_points[step]``, less ``rung_cost[rung]`` and,
    where the trade is a firm's second or later one, less ``later_cost``.  All rules of
    ``start_days`` have to allow it.

    Attributes
    ----------
    names : tuple of str
        All criteria, in the order in which reasons name them.
    pair_names : tuple of str
        Criteria of the first axis of `pair_table`.
    pair_table : ndarray of int32, shape (n_criteria, max_entry_features, max_offer_features)
        `FORBIDDEN` entries rule a pair out.
    pair_cost : ndarray of int32, of the same shape
        Costs of doubts, 0 or more; `pair_table` has them taken off.
    entry_feature, near_feature : ndarray of uint8, shape (n_entries, n_criteria)
    offer_feature : ndarray of uint8, shape (n_offers, n_criteria)
    trade_weight : int
    trade_parts : mapping of str to int
        What each criterion of nearness adds to `trade_weight`.
    distance_points : ndarray of int32, shape (STEPS_PER_REACH * mobile_reach_factor,)
    distance_parts : mapping of str to ndarray of int32
        What each criterion of distance adds to `distance_points`.
    rung_cost : ndarray of int32, shape (7,)
        Entry 0 is unused.
    later_cost : int
        Of a firm's second and later trades.
    start_days : mapping of str to StartDays
        Rules of dates, by criterion.

    Examples
    --------
    >>> tables = ScoreTables(
    ...     names=("level", "trade"), pair_names=("level",),
    ...     pair_table=np.array([[[50_000, FORBIDDEN]]], "i4"),
    ...     pair_cost=np.zeros((1, 1, 2), "i4"),
    ...     entry_feature=np.zeros((1, 1), "u1"), near_feature=np.zeros((1, 1), "u1"),
    ...     offer_feature=np.array([[0], [1]], "u1"),
    ...     trade_weight=30, trade_parts={"trade": 30}, distance_points=np.zeros(20, "i4"),
    ...     distance_parts={}, rung_cost=np.zeros(7, "i4"), later_cost=0, start_days={},
    ... )
    >>> without_rules(tables, {"level"}).pair_table.tolist()  # the second offer is allowed again
    [[[50000, 0]]]
    """

    names: tuple[str, ...]
    pair_names: tuple[str, ...]
    pair_table: NDArray[np.int32]
    pair_cost: NDArray[np.int32]
    entry_feature: NDArray[np.uint8]
    near_feature: NDArray[np.uint8]
    offer_feature: NDArray[np.uint8]
    trade_weight: int
    trade_parts: Mapping[str, int]
    distance_points: NDArray[np.int32]
    distance_parts: Mapping[str, NDArray[np.int32]]
    rung_cost: NDArray[np.int32]
    later_cost: int
    start_days: Mapping[str, StartDays]

    def pair_part(
        self,
        c: int,
        entry: NDArray[np.integer],
        offer: NDArray[np.integer],
        is_near: NDArray[np.bool_],
    ) -> tuple[int, NDArray[np.uint8], NDArray[np.uint8]]:
        """Return where in `pair_table` the part of a criterion stands, of some pairs.

        Parameters
        ----------
        c : int
            Position in `pair_names`.
        entry, offer : ndarray of int, shape (n,)
        is_near : ndarray of bool, shape (n,)
            The trade is no wished one.

        Returns
        -------
        int, ndarray of uint8, ndarray of uint8
            Indices of the three axes.
        """
        wished, near = self.entry_feature[entry, c], self.near_feature[entry, c]
        return c, np.where(is_near, near, wished), self.offer_feature[offer, c]


def without_rules(tables: ScoreTables, names: Collection[str]) -> ScoreTables:
    """Return the tables as if these criteria ruled nothing out; points stay as they are.

    Parameters
    ----------
    tables : ScoreTables
    names : collection of str
        Names that are not among the criteria are passed over.

    Returns
    -------
    ScoreTables
    """
    cube = tables.pair_table.copy()
    for c, name in enumerate(tables.pair_names):
        if name in names:
            cube[c][cube[c] == FORBIDDEN] = 0
    return replace(
        tables,
        pair_table=cube,
        start_days={n: rule for n, rule in tables.start_days.items() if n not in names},
    )


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

        Parameters
        ----------
        score : ndarray of int32 or int64, shape (n,)

        Returns
        -------
        ndarray of int64, shape (n,)

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

    Examples
    --------
    >>> skip = Skip(group=np.array([7, 7, 8], "i4"), of_youth=np.array([-1, 7], "i4"))
    >>> (skip.group == skip.of_youth[1]).tolist()  # the offers that are left out for youth 1
    [True, True, False]
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

    Returns
    -------
    ndarray of uint8
        1 to 6, a position in `RUNGS` plus one; 0 where the pair stands on no rung.

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
