"""The auction in plain numpy, all rows at once: slower than `auction`, and the one to read.

In each round all rows that may still take edges choose, at today's prices and beside what
they hold, the edges they would like best, and bid on each as much as makes it no better
than what would replace it, less a step.  Then every column keeps its best bids that pay
for their units.  Its price is what the next bid must beat: the cost of its next unit, or
the lowest bid it holds.  Rows that lost an edge bid again.  Nobody bids: the end.

Prices only rise, so a row holds to the end, within a step an edge, the best it could
hold; and with prices that began at zero no unit is priced that is not held.  So the value
is within a step an edge of the bound that the prices prove.  Groups inside groups form a
matroid, and so does a list's length: the greedy choice is a row's best, and what a row
holds stays part of its best while other prices rise (gross substitutes).

Sources: Bertsekas, The auction algorithm, Annals of Operations Research 14 (1988), for
bids at once and the finer and finer steps; Kelso and Crawford, Job matching, coalition
formation, and gross substitutes, Econometrica 50 (1982).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.ragged import expand
from matchmaker.solvers.duality import dual_bound, value
from matchmaker.solvers.problem import BMatching, Solution

__all__ = ["jacobi"]

COARSEST = 64  # the first step, as a part of the largest weight or bonus
FINER = 4  # each phase's step is that part of the one before
MARGIN = 8  # steps by which prices are lowered between phases
NEVER = 1 << 61


def jacobi(problem: BMatching, *, epsilon: int, price: NDArray[np.int64] | None = None) -> Solution:
    """Solve `problem` to within `epsilon` a taken edge.

    Parameters
    ----------
    problem : BMatching
    epsilon : int
        How far from the bound the value may be, an edge taken, in units of the weights;
        1 or more.
    price : ndarray of int64, shape (n_columns,), optional
        Prices of a similar problem, to start from.

    Returns
    -------
    Solution
        The same for the same problem.

    Examples
    --------
    >>> problem = BMatching(indptr=np.array([0, 2, 4]), column=np.array([0, 1, 0, 1], "i4"),
    ...     weight=np.array([9, 8, 9, 1], "i4"), row_capacity=np.array([1, 1], "i4"),
    ...     column_capacity=np.array([1, 1], "i4"), first_bonus=np.zeros(2, "i8"))
    >>> jacobi(problem, epsilon=1).is_taken.tolist()
    [False, True, True, False]
    """
    # Half of what is allowed goes to the bids, the rest to units priced and not held.
    final = (epsilon + 1) // 2
    largest = max(int(problem.weight.max(initial=0)), int(problem.first_bonus.max(initial=0)))
    coarsest = max(final, largest // COARSEST)
    least = -problem.column_bonuses
    # Three ways, each surer and slower than the one before: the last keeps its promise.
    ways = [(least, coarsest), (least, final)]
    if price is not None:
        step = min(coarsest, FINER * final)
        ways.insert(0, (np.maximum(price - MARGIN * step, least), step))
    for start, step in ways:
        is_taken, found = _phases(problem, start, step, final)
        short = dual_bound(problem, found) - value(problem, is_taken)
        if short <= epsilon * int(is_taken.sum()):
            break
    return Solution(is_taken=is_taken, price=found)


def _phases(
    problem: BMatching, price: NDArray[np.int64], step: int, final: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Run with finer and finer steps down to `final`, each from a margin below the last."""
    while True:
        is_taken, price = _phase(problem, price, step)
        if step <= final:
            return is_taken, price
        price = np.maximum(price - MARGIN * step, -problem.column_bonuses)
        step = max(final, step // FINER)


def _phase(
    problem: BMatching, start: NDArray[np.int64], step: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Hold rounds of bids until nobody bids; return the edges held, and the prices."""
    column, capacity = problem.column, problem.column_capacity
    n_columns = len(capacity)
    caps = _caps(problem)
    row = caps[-1].group
    is_held = np.zeros(len(column), dtype=np.bool_)
    bid = np.zeros(len(column), dtype=np.int64)
    # Nobody can pay for a column without units, and its price costs the bound nothing.
    dearest = int(problem.weight.max(initial=0)) + int(problem.first_bonus.max(initial=0))
    first = np.arange(n_columns)
    start = np.maximum(
        start, _unit_price(problem, start, first, np.zeros(n_columns, dtype=np.int64))
    )
    price = np.where(capacity > 0, start, dearest)
    bidders = np.arange(len(problem.row_capacity), dtype=np.int64)
    while True:
        edge, offered = _bids(problem, caps, bidders, is_held, price, step)
        if len(edge) == 0:
            return is_held, price
        is_held[edge] = True
        bid[edge] = offered
        is_wanted = np.zeros(n_columns, dtype=np.bool_)
        is_wanted[column[edge]] = True
        rival = np.flatnonzero(is_held & is_wanted[column])
        unit = _rank(column[rival], bid[rival])
        is_best = (unit < capacity[column[rival]]) & (
            bid[rival] >= _unit_price(problem, start, column[rival], unit)
        )
        best, lost = rival[is_best], rival[~is_best]
        is_held[lost] = False
        lowest = np.full(n_columns, NEVER)
        np.minimum.at(lowest, column[best], bid[best])
        load = np.bincount(column[best], minlength=n_columns)
        wanted = np.flatnonzero(is_wanted)
        following = _unit_price(problem, start, wanted, load[wanted])
        has_room = load[wanted] < capacity[wanted]
        price[wanted] = np.minimum(lowest[wanted], np.where(has_room, following, NEVER))
        bidders = np.unique(row[lost])


def _bids(
    problem: BMatching,
    caps: list[_Cap],
    rows: NDArray[np.int64],
    is_held: NDArray[np.bool_],
    price: NDArray[np.int64],
    step: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the edges that these rows choose beside those they hold, and their bids."""
    start, end = problem.indptr[rows], problem.indptr[rows + 1]
    at, edge = expand(end - start, start)
    row = rows[at]
    held = is_held[edge]
    weight = problem.weight[edge].astype(np.int64)
    net = weight - price[problem.column[edge]]
    # Of each inner group the best that there is room for, of these the best of each outer
    # group, of these the best of the row: on groups inside groups, greedy is exact.
    fits = ~held
    for cap in caps:
        group = cap.group[edge]
        room = cap.most - np.bincount(group[held], minlength=len(cap.most))
        fits[fits] = _rank(group[fits], net[fits]) < room[group[fits]]
    # A row that holds nothing and finds nothing that pays may take one edge for the bonus.
    is_poor = np.ones(len(problem.row_capacity), dtype=np.bool_)
    is_poor[row[held | (fits & (net > 0))]] = False
    floor = np.where(is_poor, -problem.first_bonus, 0)[row]
    fits &= net > floor
    fits[fits] = ~is_poor[row[fits]] | (_rank(row[fits], net[fits]) == 0)
    # What would replace a chosen edge: the floor, or the best edge left out because of a
    # full group that holds the chosen one too.
    replacement = floor
    chosen, left_out = held | fits, ~(held | fits)
    for cap in caps:
        group = cap.group[edge]
        used = np.bincount(group[chosen], minlength=len(cap.most))
        is_full = used[group] >= cap.most[group]
        if cap is caps[-1]:
            is_full |= is_poor[row]
        waits = left_out & is_full
        left_out &= ~is_full
        best = np.full(len(cap.most), -NEVER)
        np.maximum.at(best, group[waits], net[waits])
        replacement = np.maximum(replacement, best[group])
    return edge[fits], (weight - replacement + step)[fits]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cap:
    """The most that may be held of each group of edges."""

    group: NDArray[np.int64]
    most: NDArray[np.int64]


def _caps(problem: BMatching) -> list[_Cap]:
    """Return the caps that hold: of inner groups, of outer groups, of rows."""
    row = problem.row.astype(np.int64)
    rows = _Cap(group=row, most=problem.row_capacity.astype(np.int64))
    groups = [_Cap(group=kind.of_edge, most=kind.room) for kind in problem.row_groups()]
    return [*reversed(groups), rows]


def _unit_price(
    problem: BMatching,
    start: NDArray[np.int64],
    column: NDArray[np.integer[Any]],
    unit: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what a unit of a column costs, counted from 0; no less than its first price.

    The first one costs less by the column's bonus.
    """
    reserve: NDArray[np.int64] = start[column]
    costs, cost = problem.convex_costs, np.zeros(len(column), dtype=np.int64)
    if costs is not None:
        at = np.minimum((costs.used[column] + unit) // costs.width[column], len(costs.cost) - 1)
        cost = costs.cost[at]
    return np.asarray(
        np.maximum(reserve, cost - np.where(unit == 0, problem.column_bonuses[column], 0))
    )


def _rank(group: NDArray[np.integer[Any]], key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each entry within its group, highest key first, from 0."""
    order = np.lexsort((-key, group))
    ordered = group[order]
    place = np.arange(len(order))
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(is_first, place, 0))
    return rank
