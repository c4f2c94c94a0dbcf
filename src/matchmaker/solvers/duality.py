"""What a choice of edges is worth, and what prices prove about all others.

By weak duality, any choice is worth at most the sum over columns of what their units could
earn at some prices, plus the sum over rows of the best that each row could do at these
prices.  It holds for any prices of 0 or more (Bertsekas, Auction algorithms for network
flow problems, 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import CheckError
from matchmaker.jit import jit
from matchmaker.solvers.problem import BMatching, Solution, UnitCosts, Weights

__all__ = [
    "NOTHING",
    "Unseen",
    "check_solution",
    "column_bounds",
    "dual_bound",
    "row_bounds",
    "unit_cost_of",
    "value",
]

NOTHING = -(1 << 61)  # the net weight of an edge that does not exist


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
    """Return the objective of a choice of edges: weights and bonuses, less unit costs."""
    served = np.unique(problem.row[is_taken])
    weight = int(problem.weight[is_taken].sum(dtype=np.int64))
    load = np.bincount(problem.column[is_taken], minlength=len(problem.column_capacity))
    cost = int(unit_cost_of(problem.unit_costs, load).sum()) if problem.unit_costs else 0
    return weight + int(problem.first_bonus[served].sum()) - cost


def unit_cost_of(costs: UnitCosts, load: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what the first ``load`` units of each column cost together.

    Examples
    --------
    >>> costs = UnitCosts(cost=np.array([0, 5, 9]), width=np.array([2], "i4"),
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
    """Return the most that the units of each column could earn at these prices."""
    price = price.astype(np.int64)
    units = problem.column_capacity.astype(np.int64)
    costs = problem.unit_costs
    if costs is None:
        return units * price
    # Only the units whose cost lies below the price earn.
    below = np.searchsorted(costs.cost, price, side="left").astype(np.int64)
    reach = np.where(
        below == len(costs.cost), units, below * costs.width - costs.used.astype(np.int64)
    )
    load = np.clip(reach, 0, units)
    return load * price - unit_cost_of(costs, load)


def row_bounds(
    problem: BMatching, price: NDArray[np.int64], *, unseen: Unseen | None = None
) -> NDArray[np.int64]:
    """Return the best that each row could do at these prices; see `dual_bound`."""
    price = price.astype(np.int64)
    nested = problem.nested
    if nested is None and unseen is None:
        return _plain_rows(
            problem.indptr, problem.column, problem.weight, problem.row_capacity,
            problem.first_bonus, price,
        )  # fmt: skip
    n_rows = len(problem.row_capacity)
    none = np.full(n_rows, -1, dtype=np.int32)
    nothing = np.full(n_rows, NOTHING, dtype=np.int64)
    alone = np.arange(len(problem.column_capacity), dtype=np.int32)
    no_cap = len(alone) + 1
    return _nested_rows(
        problem.indptr,
        problem.column,
        problem.weight,
        problem.row_capacity,
        problem.first_bonus,
        price,
        nested.outer if nested else alone,
        nested.inner if nested else alone,
        nested.outer_cap if nested else no_cap,
        nested.inner_cap if nested else no_cap,
        nested.held_outer if nested else none,
        nested.held_inner if nested else none,
        unseen.group if unseen else none,
        unseen.inside if unseen else nothing,
        unseen.outside if unseen else nothing,
    )


@jit
def _plain_rows(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    weight: Weights,
    row_capacity: NDArray[np.int32],
    first_bonus: NDArray[np.int64],
    price: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the best of each row without groups: its heaviest edges at these prices."""
    bounds = np.zeros(len(row_capacity), dtype=np.int64)
    best = np.empty(max(1, row_capacity.max() if len(row_capacity) else 1), dtype=np.int64)
    for row in range(len(row_capacity)):
        size = 0
        for e in range(indptr[row], indptr[row + 1]):
            net = weight[e] - price[column[e]]
            if size < row_capacity[row]:
                at = size
                size += 1
            elif size > 0 and net > best[size - 1]:
                at = size - 1
            else:
                continue
            while at > 0 and best[at - 1] < net:
                best[at] = best[at - 1]
                at -= 1
            best[at] = net
        if size > 0:
            # A row may take a first edge that loses, for the bonus.
            bounds[row] += max(best[0] + first_bonus[row], 0)
        for i in range(1, size):
            bounds[row] += max(best[i], 0)
    return bounds


@jit
def _nested_rows(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    weight: Weights,
    row_capacity: NDArray[np.int32],
    first_bonus: NDArray[np.int64],
    price: NDArray[np.int64],
    outer: NDArray[np.int32],
    inner: NDArray[np.int32],
    outer_cap: int,
    inner_cap: int,
    held_outer: NDArray[np.int32],
    held_inner: NDArray[np.int32],
    unseen_group: NDArray[np.int32],
    unseen_inside: NDArray[np.int64],
    unseen_outside: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the best of each row under caps on groups: greedy is exact on nested caps.

    (Edmonds, Matroids and the greedy algorithm, 1971.)  Unlisted edges count as if each
    had an inner group of its own, those outside the row's group an outer one too.
    """
    bounds = np.zeros(len(row_capacity), dtype=np.int64)
    most = np.int64(1)
    for row in range(len(row_capacity)):
        most = max(most, np.int64(row_capacity[row]))
    outers = np.empty(most + 1, dtype=np.int32)
    inners = np.empty(most + 1, dtype=np.int32)
    for row in range(len(row_capacity)):
        wanted = np.int64(row_capacity[row])
        if wanted <= 0:
            continue
        low = indptr[row]
        nets = weight[low : indptr[row + 1]] - price[column[low : indptr[row + 1]]]
        order = np.argsort(-nets)
        held = 0
        if held_outer[row] >= 0:
            outers[0], inners[0] = held_outer[row], held_inner[row]
            held = 1
        taken, size = np.int64(0), held  # `size` counts those whose groups are written down
        bonus = first_bonus[row]
        inside, outside = unseen_inside[row], unseen_outside[row]
        may_inside = inside != NOTHING
        for i in range(len(order) + 1):
            net = nets[order[i]] if i < len(order) else np.int64(NOTHING)
            if may_inside and inside >= net and inside > outside:
                # As many as the group's cap leaves room for.
                may_inside = False
                used = np.int64(0)
                for s in range(size):
                    used += outers[s] == unseen_group[row]
                while used < outer_cap and taken < wanted and inside + bonus > 0:
                    bounds[row] += inside + bonus
                    bonus = np.int64(0)
                    outers[size], inners[size] = unseen_group[row], -1
                    size += 1
                    used += 1
                    taken += 1
            if outside != NOTHING and outside >= net:
                while taken < wanted and outside + bonus > 0:
                    bounds[row] += outside + bonus
                    bonus = np.int64(0)
                    taken += 1
                break
            if i == len(order) or taken >= wanted or net + bonus <= 0:
                break
            c = column[low + order[i]]
            used_outer, used_inner = np.int64(0), np.int64(0)
            for s in range(size):
                used_outer += outers[s] == outer[c]
                used_inner += inners[s] == inner[c]
            if used_outer >= outer_cap or used_inner >= inner_cap:
                continue
            bounds[row] += net + bonus
            bonus = np.int64(0)
            outers[size], inners[size] = outer[c], inner[c]
            size += 1
            taken += 1
    return bounds


def check_solution(problem: BMatching, solution: Solution) -> None:
    """Raise unless the choice is feasible and the prices are proper.

    Raises
    ------
    CheckError
        A capacity or a cap on a group is exceeded, or a price is negative.
    """
    row, column = problem.row[solution.is_taken], problem.column[solution.is_taken]
    rows = np.bincount(row, minlength=len(problem.row_capacity))
    columns = np.bincount(column, minlength=len(problem.column_capacity))
    if (rows > problem.row_capacity).any() or (columns > problem.column_capacity).any():
        raise CheckError("solver: a capacity is exceeded; nothing is published.")
    nested = problem.nested
    if nested is not None:
        for group, held, cap in (
            (nested.outer, nested.held_outer, nested.outer_cap),
            (nested.inner, nested.held_inner, nested.inner_cap),
        ):
            has = np.flatnonzero(held >= 0)
            width = int(max(group.max(initial=0), held.max(initial=0))) + 1
            keys = np.concatenate([
                row.astype(np.int64) * width + group[column], has * width + held[has]
            ])  # fmt: skip
            if (np.unique(keys, return_counts=True)[1] > cap).any():
                raise CheckError("solver: a cap on a group is exceeded; nothing is published.")
    if (solution.price < 0).any():
        raise CheckError("solver: a price is negative, so its bound proves nothing.")
