"""The problem that solvers solve, and what they answer.  No youths here, no offers.

Maximise the sum of weights of chosen edges of a sparse bipartite graph, where each row
takes at most ``row_capacity`` edges, each column at most ``column_capacity``, and a row
that has at least one edge earns its ``first_bonus`` once.  The bonus is how "serve as many
rows as can be served" enters: only a row's first edge carries it.

Two more things may be asked for, and both keep the problem a flow, so that its optimum is
whole and prices prove it: further units of a column may cost more than the first ones
(`UnitCosts`), and a row's edges may be capped by groups of columns, one inside another
(`Nested`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["BMatching", "Nested", "RowGroups", "Solution", "Solver", "UnitCosts", "Weights"]

Weights = NDArray[np.int32] | NDArray[np.int64]  # int64 only where bonuses are in them


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """What the units of a column cost: the first ones least.

    Unit u of column c, counted from 0, costs ``cost[min((used[c] + u) // width[c], last)]``.

    Attributes
    ----------
    cost : ndarray of int64, shape (n_steps,)
        0 or more, never falling.
    width : ndarray of int32, shape (n_columns,)
        Units of a column that share a step; 1 or more.
    used : ndarray of int32, shape (n_columns,)
        Units that were gone before.
    """

    cost: NDArray[np.int64]
    width: NDArray[np.int32]
    used: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """Caps on how many edges of a row fall into one group of columns.

    Attributes
    ----------
    outer, inner : ndarray of int32, shape (n_columns,)
        Group of each column, and its group within that one: columns of one inner group
        are of one outer group, which is what keeps the problem exact.
    outer_cap, inner_cap : int
        Most edges of a row in an outer, in an inner group; 1 or more.
    held_outer, held_inner : ndarray of int32, shape (n_rows,)
        Groups of an edge that the row has beside this problem, -1 for none.
    """

    outer: NDArray[np.int32]
    inner: NDArray[np.int32]
    outer_cap: int
    inner_cap: int
    held_outer: NDArray[np.int32]
    held_inner: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroups:
    """The groups of each row's edges, numbered over all rows, and the room in each.

    Attributes
    ----------
    of_edge : ndarray of int64, shape (n_edges,)
    first : ndarray of int64, shape (n_groups,)
        An edge of each group.
    room : ndarray of int64, shape (n_groups,)
        The cap, less what the row has of the group beside the problem.
    """

    of_edge: NDArray[np.int64]
    first: NDArray[np.int64]
    room: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BMatching:
    """A maximum-weight b-matching problem in compressed rows.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n_rows + 1,)
    column : ndarray of int32, shape (n_edges,)
        No column twice in one row.
    weight : ndarray of int32 or int64, shape (n_edges,)
        Above 0: an edge that is worth nothing has no business here.
    row_capacity : ndarray of int32, shape (n_rows,)
    column_capacity : ndarray of int32, shape (n_columns,)
    first_bonus : ndarray of int64, shape (n_rows,)
        Earned once by a row that holds an edge; 0 or more.
    unit_costs : UnitCosts or None
    nested : Nested or None
    """

    indptr: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: Weights
    row_capacity: NDArray[np.int32]
    column_capacity: NDArray[np.int32]
    first_bonus: NDArray[np.int64]
    unit_costs: UnitCosts | None = None
    nested: Nested | None = None

    @property
    def row(self) -> NDArray[np.int32]:
        """Row of each edge."""
        return np.repeat(np.arange(len(self.row_capacity), dtype=np.int32), np.diff(self.indptr))

    def row_groups(self) -> tuple[RowGroups, ...]:
        """Return the outer groups, then the inner ones; nothing where nothing is capped."""
        nested = self.nested
        if nested is None:
            return ()
        row = self.row.astype(np.int64)
        kinds = []
        for group, held, cap in (
            (nested.outer, nested.held_outer, nested.outer_cap),
            (nested.inner, nested.held_inner, nested.inner_cap),
        ):
            width = int(group.max(initial=0)) + 1
            _, first, of_edge = np.unique(
                row * width + group[self.column], return_index=True, return_inverse=True
            )
            is_held = group[self.column[first]] == held[row[first]]
            kinds.append(
                RowGroups(of_edge=of_edge, first=first, room=cap - is_held.astype(np.int64))
            )
        return tuple(kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a solver answers.

    Attributes
    ----------
    is_taken : ndarray of bool, shape (n_edges,)
    price : ndarray of int64, shape (n_columns,)
        Dual prices, 0 or more. By `matchmaker.solvers.duality` they prove how good the
        choice is.
    """

    is_taken: NDArray[np.bool_]
    price: NDArray[np.int64]


class Solver(Protocol):
    """A point of extension: any function from a problem to a solution.

    Solvers agree within the gap that their prices prove, not edge by edge.
    """

    def __call__(
        self, problem: BMatching, *, epsilon: int, price: NDArray[np.int64] | None = None
    ) -> Solution:
        """Solve to within `epsilon` a taken edge, perhaps starting from known prices.

        An exact solver ignores both.
        """
        ...
