"""An epsilon-auction for b-matching, by Gauss-Seidel bidding in phases of finer steps.

Rows bid for units of columns.  A row that may still take m edges looks at its edges at
today's prices, and offers for each of the m best as much as would make it no better than
the next best (and epsilon more).  A column keeps its highest bids; its price is the lowest
bid it holds once it is full, and before that what its next unit costs, if that is less.
Whoever is outbid bids again.

When prices start at zero, at the end every row holds, within epsilon an edge, the best it
could hold at the final prices, and only taken units have a price above their cost: so the
value is within epsilon times the number of taken edges of the bound that the prices prove
(`duality.dual_bound`).  With a small epsilon that takes long where many rows want the
same columns.  So a phase with a coarse epsilon comes first, and the next one starts from
its prices less a margin, and from zero where a column was left with room.  A column that
ends the last phase with room to spare at a price above what room costs would spoil the
proof.  Where rows take one edge, columns bid then (`reverse.settle`), and none is left.
Elsewhere, if it sums to too much, the phases run again from zero, and if that does not
help, one phase with the finest step does, from zero.

A column's bonus is put into its edges: each weighs that much more, every unit but the first
costs that much more, and the price is that much higher than the one that is answered, which
for a first unit that nobody asks for is the bonus below 0.  So the kernel knows no price below
0, and edges that come heaviest first stay so.
Source: Bertsekas and Castanon, The auction algorithm for the transportation problem,
Annals of Operations Research 20 (1989); the bonus on a first edge, the one-edge-a-pair
rule, the bonus on a first unit, the costs of units, the caps on groups and the margin are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.solvers.bidding import bid
from matchmaker.solvers.duality import dual_bound, value
from matchmaker.solvers.layout import (
    ColumnUnits,
    EdgeGroups,
    Edges,
    Rows,
    by_weight,
    columns_of,
    groups_of_rows,
)
from matchmaker.solvers.problem import BMatching, Solution, Weights
from matchmaker.solvers.reverse import ByColumn, by_column, settle

__all__ = ["auction"]

COARSEST = 16  # the first step, as a part of the largest weight
FINER = 4  # each phase's step is that part of the one before
# Steps by which prices are lowered between phases; measured, see the docs ...
MARGIN = 3
WIDE_MARGIN = 16  # ... and where that left too much room at a price


def auction(
    problem: BMatching, *, epsilon: int, price: NDArray[np.int64] | None = None
) -> Solution:
    """Solve `problem` to within `epsilon` a taken edge.

    Parameters
    ----------
    problem : BMatching
    epsilon : int
        How far from the bound the value may be, an edge taken, in units of the weights;
        1 or more. With whole weights, an epsilon below 1 over the number of taken edges
        would be exact; scale the weights up to get there.
    price : ndarray of int64, shape (n_columns,), optional
        Prices of a similar problem, to start from. They change the time and, within
        epsilon, the answer; never what is proved of it.

    Returns
    -------
    Solution
        The same for the same problem: there is no chance in it, and no thread.

    Examples
    --------
    >>> problem = BMatching(indptr=np.array([0, 2, 4]), column=np.array([0, 1, 0, 1], "i4"),
    ...     weight=np.array([9, 8, 9, 1], "i4"), row_capacity=np.array([1, 1], "i4"),
    ...     column_capacity=np.array([1, 1], "i4"), first_bonus=np.zeros(2, "i8"))
    >>> auction(problem, epsilon=1).is_taken.tolist()
    [False, True, True, False]
    """
    bidding = _Bidding.of(problem)
    # Half of what is allowed goes to the bids, the rest to columns with room at a price.
    final = (epsilon + 1) // 2
    coarsest = max(final, int(problem.weight.max(initial=0)) // COARSEST)
    zero = np.zeros(len(problem.column_capacity), dtype=np.int64)
    # Four ways, each surer and slower than the one before; the last leaves no room priced.
    ways = [(zero, coarsest, MARGIN), (zero, coarsest, WIDE_MARGIN), (zero, final, 0)]
    if price is not None:
        step = min(coarsest, FINER * final)
        lifted = price + problem.column_bonuses
        ways.insert(0, (np.maximum(lifted - MARGIN * step, 0), step, MARGIN))
    for start, step, margin in ways:
        is_taken, found = bidding.phases(start, step, final, margin)
        found -= bidding.columns.lift
        lost = dual_bound(problem, found) - value(problem, is_taken)
        if lost <= int(is_taken.sum()) * epsilon:
            break
    return Solution(is_taken=is_taken, price=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bidding:
    """A problem laid out for the kernel: edges of a row heaviest first."""

    problem: BMatching
    order: NDArray[np.int64]
    edges: Edges
    rows: Rows
    columns: ColumnUnits
    groups: EdgeGroups
    by_column: ByColumn | None  # where columns bid too

    @classmethod
    def of(cls, problem: BMatching) -> _Bidding:
        """Sort the edges, and give each column as many places for bids as it can use."""
        weight = problem.weight
        if problem.column_bonus is not None:
            weight = _narrowed(weight + problem.column_bonus[problem.column])
        order = by_weight(problem.indptr, weight)
        column = problem.column[order]
        is_assignment = (
            problem.laminar_caps is None
            and problem.convex_costs is None
            and problem.column_bonus is None
            and int(problem.row_capacity.max(initial=0)) <= 1
        )
        return cls(
            problem=problem,
            order=order,
            edges=Edges(
                indptr=problem.indptr,
                column=column,
                weight=weight[order],
                row=problem.row,
            ),
            rows=Rows(
                capacity=problem.row_capacity.astype(np.int64), first_bonus=problem.first_bonus
            ),
            columns=columns_of(problem),
            groups=groups_of_rows(problem.laminar_caps, problem.indptr, column),
            by_column=by_column(column, len(problem.column_capacity)) if is_assignment else None,
        )

    def phases(
        self, price: NDArray[np.int64], step: int, final: int, margin: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Run with finer and finer steps down to `final`, each from `margin` steps below.

        Where a column ended with room to spare, its price of before was too high: it
        starts from zero, or where its first unit alone is in demand, from what that costs.
        Prices that come in and go out are lifted by the bonuses of the columns.
        """
        lift = self.columns.lift
        while True:
            answer = self.run(price, step)
            if step <= final:
                return answer
            is_taken, found = answer
            load = np.bincount(self.problem.column[is_taken], minlength=len(found))
            most = np.where(load >= self.problem.column_capacity, found, np.minimum(found, lift))
            price = np.where(load > 0, np.maximum(most - margin * step, 0), 0)
            # A last step that hardly differs from the one before would be a phase for nothing.
            step = step // FINER if step >= 2 * FINER * final else final

    def run(
        self, price: NDArray[np.int64], epsilon: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which edges are taken, and the prices."""
        taken, found = bid(self.edges, self.rows, self.columns, self.groups, price, epsilon)
        if self.by_column is not None:
            capacity = self.columns.capacity
            settle(self.edges, self.rows, capacity, self.by_column, taken, found, epsilon)
        is_taken = np.zeros(len(self.order), dtype=np.bool_)
        is_taken[self.order] = taken
        return is_taken, found


def _narrowed(weight: NDArray[np.int64]) -> Weights:
    """Return weights at half the size where they fit, so that the kernel reads less."""
    fits = int(weight.max(initial=0)) <= np.iinfo(np.int32).max
    return weight.astype(np.int32) if fits else weight
