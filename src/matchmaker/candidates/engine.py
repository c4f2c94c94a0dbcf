"""The door to candidates: what any engine answers about a market, in the same numbers.

Whoever shares offers out, explains or counts asks an `Engine` and knows no more of it: the
fused kernel (`matchmaker.candidates.fused`) and the plain engine (`matchmaker.candidates.plain`)
give equal answers, and so must one that works in many processes.  One test class holds them
all to it (``tests/candidates/test_engine_contract.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.groups import main_group
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Bands, Pairs, ScoreTables, Skip
from matchmaker.ragged import NOTHING

__all__ = ["Engine", "EngineMaker", "Found", "found_by", "sum_of_best", "taking_part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Pairs of a search, and how good a pair of each youth it left out can be at most.

    Attributes
    ----------
    pairs : Pairs
        By youth, then offer: rows do not depend on how the search was done.
    left : ndarray of int64, shape (n_youths,)
        Worth less price of the worst pair returned; `matchmaker.ragged.NOTHING` where all
        were returned.
    outside_pairs : Pairs
        The best pairs outside the sector that holds most of the youth's `pairs` (of equals,
        the sector of the lower number); some of them may be among `pairs` too.  Empty
        unless asked for.
    outside_left : ndarray of int64, shape (n_youths,)
        The same as `left` for pairs outside that sector, after both answers.

    Examples
    --------
    >>> pairs = Pairs(
    ...     indptr=np.array([0, 2, 2]), offer=np.array([0, 4], "i4"), score=np.array([9, 5], "i4"),
    ...     wish=np.zeros(2, "u1"), rung=np.ones(2, "u1"),
    ... )
    >>> found = found_by(  # a search that always has the same answer; the worst of two is worth 5
    ...     lambda *, k, skip: pairs, None, k=2, price=None, skip=None, bands=None, outside=0
    ... )
    >>> found.left.tolist() == [5, NOTHING]
    True
    """

    pairs: Pairs
    left: NDArray[np.int64]
    outside_pairs: Pairs
    outside_left: NDArray[np.int64]


class Engine(Protocol):
    """A point of extension: the eligible pairs of one market, and their scores.

    Rows of youths and offers are those of `market`.  Answers are equal, bit by bit, for
    every engine, and for a set of youths the same as for its parts.

    Examples
    --------
    >>> import datetime as dt
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import Settings, generate
    >>> from matchmaker.candidates.fused import fused_engine
    >>> from matchmaker.candidates.market import build_market
    >>> from matchmaker.scoring.total import score_tables
    >>> from matchmaker.tables import load
    >>> day, settings = dt.date(2023, 9, 15), Settings()
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     paths = made["youths"], made["wishes"], made["offers"]
    ...     tables = load(*paths, as_of=day, settings=settings)
    >>> market = build_market(tables, settings, as_of=day)
    >>> engine = fused_engine(market, score_tables(market, settings))
    >>> pairs = engine.best(k=3).pairs
    >>> bool((np.diff(pairs.indptr) == np.minimum(engine.count(), 3)).all())
    True
    >>> bool((engine.score(pairs.youth, pairs.offer).score == pairs.score).all())
    True
    >>> free, three = np.zeros(300, "i8"), np.full(20, 3, "i4")
    >>> int(engine.bound(free, three).sum()) == int(pairs.score.sum())
    True
    """

    @property
    def market(self) -> Market:
        """The market whose pairs it finds."""
        ...

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
        """Return the k best eligible pairs of each youth.

        A pair is better when its worth less price is greater, then by the mixed hash of the
        two ids.

        Parameters
        ----------
        k : int
            Pairs a youth, 1 or more.
        price : ndarray of int64, shape (n_offers,), optional
            Subtracted from the worth when pairs are compared; 0 or more.
        floor : ndarray of int64, shape (n_youths,), optional
            Only pairs whose worth less price exceeds it are returned.
        who : ndarray of int32, optional
            Rows of the youths to do, in any order; all others get no pair.
        skip : Skip, optional
            Offers that a youth's search leaves out.
        bands : Bands, optional
            What pairs are worth instead of their score.
        outside : int
            So many pairs a youth outside its main sector too.

        Returns
        -------
        Found

        Raises
        ------
        ValueError
            `skip` and `outside` are asked for together.
        """
        ...

    def bound(self, price: NDArray[np.int64], capacity: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the best that each youth could do at some prices, over all eligible pairs.

        Parameters
        ----------
        price : ndarray of int64, shape (n_offers,)
            0 or more.
        capacity : ndarray of int32, shape (n_youths,)
            Lines that each youth may have; no caps on sectors or employers.

        Returns
        -------
        ndarray of int64, shape (n_youths,)
            Sum of score less price of the best pairs that add something.
        """
        ...

    def count(self, who: NDArray[np.int32] | None = None) -> NDArray[np.int64]:
        """Return the number of eligible pairs of each youth, 0 for those not of `who`.

        Parameters
        ----------
        who : ndarray of int32, optional
            Rows of the youths to count for; default: all.

        Returns
        -------
        ndarray of int64, shape (n_youths,)
        """
        ...

    def among(self, offers: NDArray[np.bool_]) -> Engine:
        """Return an engine that finds the same pairs of some offers, and no others.

        Parameters
        ----------
        offers : ndarray of bool, shape (n_offers,)
            All others count as if they took no part.

        Returns
        -------
        Engine
            Rows are those of the whole market.
        """
        ...

    def score(self, youth: NDArray[np.int32], offer: NDArray[np.int32]) -> ScoredLines:
        """Take the scores of some eligible pairs apart.

        Parameters
        ----------
        youth, offer : ndarray of int32, shape (n_lines,)
            Rows of the two tables, in any order.

        Returns
        -------
        ScoredLines
            In the order of the pairs given.

        Raises
        ------
        ValueError
            A pair is not eligible.
        """
        ...


EngineMaker = Callable[[Market, ScoreTables], Engine]


def taking_part(market: Market, who: NDArray[np.int32] | None = None) -> NDArray[np.int32]:
    """Return the rows, rising, of the youths of `who` (default: all) that take part.

    Parameters
    ----------
    market : Market
    who : ndarray of int32, optional
        Rows of youths, in any order.

    Returns
    -------
    ndarray of int32
    """
    n_youths = len(market.youth_hash)
    chosen = np.arange(n_youths, dtype=np.int32) if who is None else np.sort(who).astype(np.int32)
    return chosen[market.takes_part[chosen]]


class PairSearch(Protocol):
    """The k best pairs, by whatever means; parameters as for `Engine.best`."""

    def __call__(self, *, k: int, skip: Skip | None) -> Pairs:
        """Return the k best pairs of each youth."""
        ...


def found_by(
    search: PairSearch,
    market: Market,
    *,
    k: int,
    price: NDArray[np.int64] | None,
    skip: Skip | None,
    bands: Bands | None,
    outside: int,
) -> Found:
    """Answer `Engine.best` with one search, or with a second one outside the main sector.

    Parameters
    ----------
    search : callable
        Knows prices, floors, youths and bands; takes `k` and `skip`.
    market, k, price, skip, bands, outside
        As for `Engine.best`.

    Returns
    -------
    Found

    Raises
    ------
    ValueError
        `skip` and `outside` are asked for together.
    """
    if skip is not None and outside:
        raise ValueError("skip and outside exclude each other")
    pairs = search(k=k, skip=skip)
    left = _left(pairs, k, price, bands)
    if not outside:
        return Found(pairs=pairs, left=left, outside_pairs=_none(pairs), outside_left=left)
    main = main_group(pairs.indptr, pairs.offer, market.sector)
    others = search(k=outside, skip=Skip(group=market.sector, of_youth=main))
    return Found(
        pairs=pairs,
        left=left,
        outside_pairs=others,
        outside_left=np.minimum(left, _left(others, outside, price, bands)),
    )


def sum_of_best(
    pairs: Pairs, price: NDArray[np.int64], capacity: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the sum of the largest scores less prices of each youth, as many as it may have.

    Parameters
    ----------
    pairs : Pairs
        All that count; those that would lose are left out here.
    price, capacity
        As for `Engine.bound`.

    Returns
    -------
    ndarray of int64, shape (n_youths,)
    """
    net = pairs.score.astype(np.int64) - price[pairs.offer]
    youth = pairs.youth
    order = np.lexsort((-net, youth))
    place = np.arange(len(net)) - np.repeat(pairs.indptr[:-1], np.diff(pairs.indptr))
    taken = order[(place < capacity[youth]) & (net[order] > 0)]
    total = np.zeros(len(capacity), dtype=np.int64)
    np.add.at(total, youth[taken], net[taken])
    return total


def _left(
    pairs: Pairs, k: int, price: NDArray[np.int64] | None, bands: Bands | None
) -> NDArray[np.int64]:
    worth = pairs.score.astype(np.int64) if bands is None else bands.worth(pairs.score)
    if price is not None:
        worth -= price[pairs.offer]
    count = np.diff(pairs.indptr)
    left = np.full(len(count), NOTHING, dtype=np.int64)
    is_full = count >= k
    # Full rows have k pairs each, so that they make a matrix.
    left[is_full] = worth[np.repeat(is_full, count)].reshape(-1, k).min(axis=1)
    return left


def _none(pairs: Pairs) -> Pairs:
    return Pairs(
        indptr=np.zeros_like(pairs.indptr),
        offer=pairs.offer[:0],
        score=pairs.score[:0],
        wish=pairs.wish[:0],
        rung=pairs.rung[:0],
    )
