"""What prices prove over all eligible pairs, although a search returns only some of them.

Without caps on groups, the best that a youth could do at some prices lies among its k best
pairs at these prices.  With caps it may not: the k best may all be of one sector.  So each
search also says how good a pair it did not return could still be, the bound counts such
pairs as if they existed, and where that makes a difference, a second search looks only
outside the sector that fills the list, or a deeper one goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.index import OfferIndex
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, ScoreTables, Skip
from matchmaker.candidates.search import find_pairs
from matchmaker.jit import jit
from matchmaker.lists.pairing import merge_pairs
from matchmaker.lists.terms import Terms
from matchmaker.solvers.duality import NOTHING, Unseen, row_bounds
from matchmaker.solvers.problem import BMatching

__all__ = ["Found", "Search", "bound_over_all"]

LEAVING = 4  # pairs a youth that the search of the cut asks for at a time; 2 or more
SHUT = 1 << 60  # a price that no pair can pay
DEEPER = 4  # times as many pairs a youth, where the bound asks for a deeper search
MOST_DEEPER = 4  # times; beyond that the bound stays valid, and loose


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Pairs of a search, and how good a pair of each youth it left out can be at most.

    Attributes
    ----------
    pairs : Pairs
    left : ndarray of int64, shape (n_youths,)
        Worth less price of the worst pair returned; `NOTHING` where all were returned.
    """

    pairs: Pairs
    left: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search over all eligible pairs, with everything but prices filled in."""

    market: Market
    tables: ScoreTables
    index: OfferIndex
    terms: Terms
    threads: int | None

    def best(
        self,
        *,
        k: int,
        price: NDArray[np.int64] | None = None,
        who: NDArray[np.int32] | None = None,
        skip: Skip | None = None,
        floor: NDArray[np.int64] | None = None,
    ) -> Found:
        """Return the best k pairs of each youth that the terms do not exclude, or more.

        With a floor, only pairs whose worth less price exceeds it.
        """
        # More than asked for, since the excluded ones are taken out again.
        k += self.terms.excluded.most
        pairs = find_pairs(
            self.market, self.tables, self.index, k=k, price=price, who=who, skip=skip,
            floor=floor, bands=self.terms.bands, threads=self.threads,
        )  # fmt: skip
        worth = self.worth(pairs)
        if price is not None:
            worth -= price[pairs.offer]
        left = np.full(len(self.market.youth_hash), NOTHING, dtype=np.int64)
        count = np.diff(pairs.indptr)
        is_full = count >= k
        # Full rows have k pairs each, so that they make a matrix.
        left[is_full] = worth[np.repeat(is_full, count)].reshape(-1, k).min(axis=1)
        return Found(pairs=self.terms.excluded.without(pairs), left=left)

    def worth(self, pairs: Pairs) -> NDArray[np.int64]:
        """Return what each pair is worth before prices, as a new array."""
        bands = self.terms.bands
        return pairs.score.astype(np.int64) if bands is None else bands.worth(pairs.score)

    def leaving(
        self, rows: NDArray[np.int32], is_reached: NDArray[np.bool_], asked: list[Pairs]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return some pairs of some youths with offers outside a set, and keep them in `asked`."""
        found = find_pairs(
            self.market,
            self.tables,
            self.index,
            k=LEAVING + self.terms.excluded.most,
            price=np.where(is_reached, SHUT, 0).astype(np.int64),
            floor=np.full(len(self.market.youth_hash), -(SHUT // 2), dtype=np.int64),
            who=rows,
            threads=self.threads,
        )
        found = self.terms.excluded.without(found)
        asked.append(found)
        return found.youth, found.offer

    def first(self, *, k: int, spare: int) -> Pairs:
        """Return the pairs that a sharing-out begins with: the best k, and some of elsewhere.

        Where sectors are capped, `spare` pairs outside the sector that fills the best k.
        """
        pairs = self.best(k=k).pairs
        nested = self.terms.nested
        if nested is None or nested.outer_cap >= int(self.terms.youth_capacity.max(initial=0)):
            return pairs
        skip = Skip(
            group=nested.outer, of_youth=main_group(pairs.indptr, pairs.offer, nested.outer)
        )
        return merge_pairs(pairs, self.best(k=spare, skip=skip).pairs)


def bound_over_all(
    problem: BMatching,
    search: Search,
    price: NDArray[np.int64],
    fresh: Found,
    *,
    k: int,
    tolerance: int,
) -> tuple[NDArray[np.int64], Pairs]:
    """Return the best that each youth could do at `price` over all eligible pairs.

    Parameters
    ----------
    problem : BMatching
        Capacities, bonuses, caps; its own edges are not read.
    search : Search
    price : ndarray of int64, shape (n_offers,)
    fresh : Found
        The k best pairs of each youth at these prices, k more than any list holds.
    k : int
    tolerance : int
        How loose the sum may be before deeper searches are paid for; below 0, none is.

    Returns
    -------
    bounds : ndarray of int64, shape (n_youths,)
        Bounds; true ones, but for the tolerance.
    pairs : Pairs
        The pairs of `fresh`, and those that deeper searches brought.
    """
    pairs, inside = fresh.pairs, fresh.left
    if problem.nested is None:
        return _rows(problem, search, pairs, price, None), pairs
    outside = inside.copy()
    nested = problem.nested
    main = main_group(pairs.indptr, pairs.offer, nested.outer)
    caps_outer = nested.outer_cap < int(problem.row_capacity.max(initial=0))
    for attempt in range(MOST_DEEPER + 1):
        unseen = Unseen(group=main, inside=inside, outside=outside)
        bounds = _rows(problem, search, pairs, price, unseen)
        loose = bounds - _rows(problem, search, pairs, price, None)
        if tolerance < 0 or int(loose.sum()) <= tolerance or attempt == MOST_DEEPER:
            break
        who = np.flatnonzero(loose > 0).astype(np.int32)
        depth = k * DEEPER**attempt
        if attempt > 0 or not caps_outer:
            deeper = search.best(k=depth * DEEPER, price=price, who=who)
            pairs = merge_pairs(pairs, deeper.pairs)
            inside[who] = outside[who] = deeper.left[who]
        if caps_outer:
            skip = Skip(group=nested.outer, of_youth=main)
            others = search.best(k=depth, price=price, who=who, skip=skip)
            pairs = merge_pairs(pairs, others.pairs)
            outside[who] = np.minimum(inside[who], others.left[who])
    return bounds, pairs


def _rows(
    problem: BMatching,
    search: Search,
    pairs: Pairs,
    price: NDArray[np.int64],
    unseen: Unseen | None,
) -> NDArray[np.int64]:
    weight = pairs.score if search.terms.bands is None else search.worth(pairs)
    listed = replace(problem, indptr=pairs.indptr, column=pairs.offer, weight=weight)
    return row_bounds(listed, price, unseen=unseen)


@jit
def main_group(
    indptr: NDArray[np.int64], offer: NDArray[np.int32], group: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the group that most offers of each row are of, -1 for empty rows."""
    n_rows = len(indptr) - 1
    n_groups = group.max() + 1 if len(group) else 1
    count = np.zeros(n_groups, dtype=np.int32)
    main = np.full(n_rows, -1, dtype=np.int32)
    for row in range(n_rows):
        for i in range(indptr[row], indptr[row + 1]):
            g = group[offer[i]]
            count[g] += 1
            # Ties go to the lower number, whatever the order of the offers.
            best = main[row]
            if best < 0 or count[g] > count[best] or (count[g] == count[best] and g < best):
                main[row] = g
        for i in range(indptr[row], indptr[row + 1]):
            count[group[offer[i]]] = 0
    return main
