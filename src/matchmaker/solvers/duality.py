"""What a choice of edges is worth, and what prices prove about all others.

By weak duality, any choice is worth at most the sum over columns of what their units could
earn at some prices, plus the sum over rows of the best that each row could do at these
prices.  It holds for any prices of 0 or more (Bertsekas, Auction algorithms for network
flow problems, 1992).  A column that earns a bonus with its first unit may have a price below
0: it pays a row to take that unit, up to the bonus.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import CheckError
from matchmaker.ragged import NOTHING
from matchmaker.solvers.problem import BMatching, ConvexCosts, LaminarCaps, Solution
from matchmaker.solvers.row_kernels import Caps, Problem, Unlisted, best_of_rows, best_under_caps
from matchmaker.words import said

__all__ = [
    "Unseen",
    "check_solution",
    "column_bounds",
    "dual_bound",
    "row_bounds",
    "unit_cost_of",
    "value",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """What edges that a problem does not list could still be worth, row by row.

    Attributes
    ----------
    group : ndarray of int32, shape (n_rows,)
        An outer group of the row, -1 for none.
    inside, outside : ndarray of int64, shape (n_rows,)
        No unlisted edge into that group, or elsewhere, has a greater weight less price;
        `NOTHING` where there is none.
    """

    group: NDArray[np.int32]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]


def value(problem: BMatching, is_taken: NDArray[np.bool_]) -> int:
    """Return the objective of a choice of edges: weights and bonuses, less unit costs.

    Parameters
    ----------
    problem : BMatching
    is_taken : ndarray of bool, shape (n_edges,)

    Returns
    -------
    int
        In units of the weights.
    """
    served = np.unique(problem.row[is_taken])
    weight = int(problem.weight[is_taken].sum(dtype=np.int64))
    load = np.bincount(problem.column[is_taken], minlength=len(problem.column_capacity))
    cost = int(unit_cost_of(problem.convex_costs, load).sum()) if problem.convex_costs else 0
    bonuses = int(problem.first_bonus[served].sum()) + int(problem.column_bonuses[load > 0].sum())
    return weight + bonuses - cost


def unit_cost_of(costs: ConvexCosts, load: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what the first ``load`` units of each column cost together.

    Parameters
    ----------
    costs : ConvexCosts
    load : ndarray of int64, shape (n_columns,)
        Units, 0 or more.

    Returns
    -------
    ndarray of int64, shape (n_columns,)

    Examples
    --------
    >>> costs = ConvexCosts(cost=np.array([0, 5, 9]), width=np.array([2], "i4"),
    ...     used=np.array([1], "i4"))
    >>> unit_cost_of(costs, np.array([4])).tolist()  # 0, 5, 5, 9
    [19]
    """
    total = np.zeros(len(load), dtype=np.int64)
    low = costs.used.astype(np.int64)
    high = low + load
    for step, cost in enumerate(costs.cost):
        start = step * costs.width.astype(np.int64)
        end = start + costs.width if step + 1 < len(costs.cost) else high
        total += cost * np.maximum(np.minimum(high, end) - np.maximum(low, start), 0)
    return total


def dual_bound(
    problem: BMatching, price: NDArray[np.int64], *, unseen: Unseen | None = None
) -> int:
    """Return an upper bound on the objective, proved by prices alone.

    Parameters
    ----------
    problem : BMatching
    price : ndarray of int64, shape (n_columns,)
        0 or more.
    unseen : Unseen, optional
        Then the bound also holds for all problems that add such edges.

    Returns
    -------
    int

    Examples
    --------
    >>> problem = BMatching(indptr=np.array([0, 1, 2]), column=np.array([0, 0], "i4"),
    ...     weight=np.array([5, 3], "i4"), row_capacity=np.array([1, 1], "i4"),
    ...     column_capacity=np.array([1], "i4"), first_bonus=np.zeros(2, "i8"))
    >>> dual_bound(problem, np.array([3])), dual_bound(problem, np.array([0]))
    (5, 8)
    """
    rows = row_bounds(problem, price, unseen=unseen)
    return int(column_bounds(problem, price).sum()) + int(rows.sum())


def column_bounds(problem: BMatching, price: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the most that the units of each column could earn at these prices.

    Parameters
    ----------
    problem : BMatching
    price : ndarray of int64, shape (n_columns,)
        0 or more.

    Returns
    -------
    ndarray of int64, shape (n_columns,)
    """
    price = price.astype(np.int64)
    units = problem.column_capacity.astype(np.int64)
    costs = problem.convex_costs
    if problem.column_bonus is not None:
        return _with_first_unit(problem, price)
    if costs is None:
        return units * price
    # Only the units whose cost lies below the price earn.
    below = np.searchsorted(costs.cost, price, side="left").astype(np.int64)
    reach = np.where(
        below == len(costs.cost), units, below * costs.width - costs.used.astype(np.int64)
    )
    load = np.clip(reach, 0, units)
    return load * price - unit_cost_of(costs, load)


def _with_first_unit(problem: BMatching, price: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the same where first units earn a bonus: none, that unit alone, or as without one.

    A unit's cost never falls, so whoever earns with a further unit earns with the first.
    """
    plain = column_bounds(replace(problem, column_bonus=None), np.maximum(price, 0))
    one = np.minimum(problem.column_capacity.astype(np.int64), 1)
    cost = problem.convex_costs
    first = price + problem.column_bonuses - (0 if cost is None else unit_cost_of(cost, one))
    alone = one * np.maximum(first, 0)
    # Of those that earn without it, the bonus comes on top; a first unit may earn by it alone.
    free = column_bounds(
        replace(problem, column_bonus=None, column_capacity=one), np.maximum(price, 0)
    )
    return np.asarray(plain - free + alone)


def row_bounds(
    problem: BMatching, price: NDArray[np.int64], *, unseen: Unseen | None = None
) -> NDArray[np.int64]:
    """Return the best that each row could do at these prices; see `dual_bound`.

    Parameters
    ----------
    problem, price, unseen
        As for `dual_bound`.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
    """
    price = price.astype(np.int64)
    listed = Problem(
        indptr=problem.indptr,
        column=problem.column,
        weight=problem.weight,
        row_capacity=problem.row_capacity,
        first_bonus=problem.first_bonus,
    )
    if problem.laminar_caps is None and unseen is None:
        return best_of_rows(listed, price)
    caps = problem.laminar_caps or _no_caps(problem)
    unlisted = unseen or _none_unseen(problem)
    return best_under_caps(
        listed,
        Caps(
            outer=caps.outer,
            inner=caps.inner,
            outer_cap=caps.outer_caps,
            inner_cap=caps.inner_cap,
            held_outer=caps.held_outers,
            held_inner=caps.held_inners,
        ),
        Unlisted(group=unlisted.group, inside=unlisted.inside, outside=unlisted.outside),
        price,
    )


def _no_caps(problem: BMatching) -> LaminarCaps:
    """Return caps that no row can reach: each column is a group of its own."""
    n_columns = len(problem.column_capacity)
    alone = np.arange(n_columns, dtype=np.int32)
    none = np.full(len(problem.row_capacity), -1, dtype=np.int32)
    return LaminarCaps(
        outer=alone,
        inner=alone,
        outer_cap=n_columns + 1,
        inner_cap=n_columns + 1,
        held_outer=none[:, None],
        held_inner=none[:, None],
    )


def _none_unseen(problem: BMatching) -> Unseen:
    n_rows = len(problem.row_capacity)
    nothing = np.full(n_rows, NOTHING, dtype=np.int64)
    return Unseen(group=np.full(n_rows, -1, dtype=np.int32), inside=nothing, outside=nothing)


def check_solution(problem: BMatching, solution: Solution) -> None:
    """Raise unless the choice is feasible and the prices are proper.

    Parameters
    ----------
    problem : BMatching
    solution : Solution

    Raises
    ------
    CheckError
        A capacity or a cap on a group is exceeded, or a price lies below 0 by more than the
        column's bonus.
    """
    row, column = problem.row[solution.is_taken], problem.column[solution.is_taken]
    rows = np.bincount(row, minlength=len(problem.row_capacity))
    columns = np.bincount(column, minlength=len(problem.column_capacity))
    if (rows > problem.row_capacity).any() or (columns > problem.column_capacity).any():
        raise CheckError(said("refused.solver_capacity"))
    caps = problem.laminar_caps
    if caps is not None:
        for group, held, cap in (
            (caps.outer, caps.held_outers, caps.outer_caps),
            (caps.inner, caps.held_inners, caps.inner_caps),
        ):
            has, at = np.nonzero(held >= 0)
            width = int(max(group.max(initial=0), held.max(initial=0))) + 1
            taken = row.astype(np.int64) * width + group[column]
            keys = np.concatenate([taken, has * width + held[has, at]])
            held_by, counts = np.unique(keys, return_counts=True)
            if (counts > cap[held_by // width]).any():
                raise CheckError(said("refused.solver_cap"))
    if (solution.price < -problem.column_bonuses).any():
        raise CheckError(said("refused.solver_price"))
