"""What prices prove over all allowed pairs, although a search returns only some of them.

Without caps on groups, the best that a youth could do at some prices lies among its k best
pairs at these prices.  With caps it may not: the k best may all be of one sector.  So each
search also says how good a pair it did not return could still be, the bound counts such
pairs as if they existed, and where that makes a difference, a second search looks only
outside the sector that fills the list, or a deeper one goes on.

An offer may have a price below 0, where its first list earns a bonus.  A search takes prices of
0 or more; so such offers are free in it, and all their pairs are put beside what it returns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.groups import main_group
from matchmaker.candidates.pairs import Pairs, Skip
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.pairing import keep_pairs, kth_best, merge_pairs
from matchmaker.solvers.duality import Unseen, column_bounds, row_bounds
from matchmaker.solvers.problem import BMatching

__all__ = ["OverAll", "bound_over_all"]

DEEPER = 4  # times as many pairs a youth, where the bound asks for a deeper search
MOST_DEEPER = 4  # times; beyond that the bound stays valid, and loose


@dataclass(frozen=True, slots=True, kw_only=True)
class OverAll:
    """What prices prove of the youths, over all allowed pairs.

    Attributes
    ----------
    bounds : ndarray of int64, shape (n_youths,)
        The best that each youth could do; true bounds, but for the tolerance.
    pairs : Pairs
        The best pairs at these prices, and those that deeper searches brought.
    found : Pairs
        Those of them that searches at prices of 0 or more brought.
    unseen : Unseen or None
        How good the others can be; None where that makes no difference.
    """

    bounds: NDArray[np.int64]
    pairs: Pairs
    found: Pairs
    unseen: Unseen | None

    def without_bonus(
        self, problem: BMatching, allowed: AllowedPairs, price: NDArray[np.int64]
    ) -> int:
        """Bound the same problem as if no offer earned a bonus, at prices of 0 or more.

        Parameters
        ----------
        problem : BMatching
        allowed : AllowedPairs
        price : ndarray of int64, shape (n_offers,)
            Those that it was found at.

        Returns
        -------
        int
        """
        free, price = replace(problem, column_bonus=None), np.maximum(price, 0)
        rows = _rows(free, allowed, self.found, price, self.unseen)
        return int(rows.sum()) + int(column_bounds(free, price).sum())


def bound_over_all(
    problem: BMatching,
    allowed: AllowedPairs,
    price: NDArray[np.int64],
    *,
    k: int,
    tolerance: int,
    paid: Pairs | None = None,
) -> OverAll:
    """Return the best that each youth could do at `price` over all allowed pairs.

    Parameters
    ----------
    problem : BMatching
        Capacities, bonuses, caps; its own edges are not read.
    allowed : AllowedPairs
    price : ndarray of int64, shape (n_offers,)
    k : int
        Pairs a youth of the first search, more than any list holds.
    tolerance : int
        How loose the sum may be before deeper searches are paid for; below 0, none is.
    paid : Pairs, optional
        All allowed pairs of the offers with a price below 0.

    Returns
    -------
    OverAll
    """
    free = np.maximum(price, 0)

    def beside(found: Pairs) -> Pairs:
        return found if paid is None else merge_pairs(found, paid)

    first = allowed.best(k=k, price=free)
    pairs, inside, caps = first.pairs, first.left, problem.laminar_caps
    if caps is None:
        whole = beside(pairs)
        bounds = _rows(problem, allowed, whole, price, None)
        best = (
            pairs if paid is None else merge_pairs(pairs, _wanted(whole, paid, allowed, price, k))
        )
        return OverAll(bounds=bounds, pairs=best, found=pairs, unseen=None)
    outside = inside.copy()
    main = main_group(pairs.indptr, pairs.offer, caps.outer)
    has_sector_cap = allowed.terms.has_sector_cap
    for attempt in range(MOST_DEEPER + 1):
        unseen = Unseen(group=main, inside=inside, outside=outside)
        whole = beside(pairs)
        bounds = _rows(problem, allowed, whole, price, unseen)
        loose = bounds - _rows(problem, allowed, whole, price, None)
        if tolerance < 0 or int(loose.sum()) <= tolerance or attempt == MOST_DEEPER:
            break
        who = np.flatnonzero(loose > 0).astype(np.int32)
        depth = k * DEEPER**attempt
        if attempt > 0 or not has_sector_cap:
            deeper = allowed.best(k=depth * DEEPER, price=free, who=who)
            pairs = merge_pairs(pairs, deeper.pairs)
            inside[who] = outside[who] = deeper.left[who]
        if has_sector_cap:
            skip = Skip(group=caps.outer, of_youth=main)
            others = allowed.best(k=depth, price=free, who=who, skip=skip)
            pairs = merge_pairs(pairs, others.pairs)
            outside[who] = np.minimum(inside[who], others.left[who])
    best = pairs if paid is None else merge_pairs(pairs, _wanted(whole, paid, allowed, price, k))
    return OverAll(bounds=bounds, pairs=best, found=pairs, unseen=unseen)


def _wanted(
    whole: Pairs, paid: Pairs, allowed: AllowedPairs, price: NDArray[np.int64], k: int
) -> Pairs:
    """Return those of the pairs `paid` that are among the best k of their youth."""
    bar = kth_best(whole.indptr, allowed.worth(whole) - price[whole.offer], k)
    net = allowed.worth(paid) - price[paid.offer]
    return keep_pairs(paid, net >= bar[paid.youth])


def _rows(
    problem: BMatching,
    allowed: AllowedPairs,
    pairs: Pairs,
    price: NDArray[np.int64],
    unseen: Unseen | None,
) -> NDArray[np.int64]:
    """Return the best of each youth among `pairs`, and unseen ones."""
    listed = replace(problem, indptr=pairs.indptr, column=pairs.offer, weight=allowed.weight(pairs))
    return row_bounds(listed, price, unseen=unseen)
