"""The problem that solvers solve, and what they answer.  No youths here, no offers.

Maximise the sum of weights of chosen edges of a sparse bipartite graph, where each row
takes at most ``row_capacity`` edges, each column at most ``column_capacity``, and a row
that has at least one edge earns its ``first_bonus`` once.  The bonus is how "serve as many
rows as can be served" enters: only a row's first edge carries it.

Three more things may be asked for, and all keep the problem a flow, so that its optimum is
whole and prices prove it: further units of a column may cost more than the first ones
(`ConvexCosts`), a row's edges may be capped by groups of columns, one inside another
(`LaminarCaps`), and a column may earn a bonus with its first unit, as a row does with its
first edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["BMatching", "ConvexCosts", "LaminarCaps", "RowGroups", "Solution", "Solver", "Weights"]

Weights = NDArray[np.int32] | NDArray[np.int64]  # int64 only where bonuses are in them


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvexCosts:
    """What the units of a column cost: the first ones least, so that the sum is convex.

    Unit u of column c, counted from 0, costs ``cost[min((used[c] + u) // width[c], last)]``.

    Attributes
    ----------
    cost : ndarray of int64, shape (n_steps,)
        0 or more, never falling.
    width : ndarray of int32, shape (n_columns,)
        Units of a column that share a step; 1 or more.
    used : ndarray of int32, shape (n_columns,)
        Units that were gone before.

    Examples
    --------
    >>> costs = ConvexCosts(  # one list a seat is free; the column has two seats, one list is gone
    ...     cost=np.array([0, 50]), width=np.array([2], "i4"), used=np.array([1], "i4")
    ... )
    >>> steps = (costs.used[0] + np.arange(3)) // costs.width[0]
    >>> costs.cost[np.minimum(steps, len(costs.cost) - 1)].tolist()
    [0, 50, 50]
    """

    cost: NDArray[np.int64]
    width: NDArray[np.int32]
    used: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaminarCaps:
    """Caps on how many edges of a row fall into one group of columns: a laminar family.

    Attributes
    ----------
    outer, inner : ndarray of int32, shape (n_columns,)
        Group of each column, and its group within that one: columns of one inner group
        are of one outer group, which is what keeps the problem exact.
    outer_cap : int or ndarray of int32, shape (n_rows,)
        Most edges of a row in an outer group, 1 or more: of all rows, or row by row.
    inner_cap : int
        Most edges of a row in an inner group, 1 or more.
    held_outer, held_inner : ndarray of int32, shape (n_rows,) or (n_rows, most)
        Groups of the edges that the row has beside this problem, -1 for none.

    Examples
    --------
    >>> caps = LaminarCaps(  # two of a sector, one of an employer in it
    ...     outer=np.array([0, 0, 1], "i4"), inner=np.array([0, 1, 2], "i4"), outer_cap=2,
    ...     inner_cap=1, held_outer=np.array([-1], "i4"), held_inner=np.array([-1], "i4"),
    ... )
    >>> caps.outer_cap >= caps.inner_cap
    True
    """

    outer: NDArray[np.int32]
    inner: NDArray[np.int32]
    outer_cap: int | NDArray[np.int32]
    inner_cap: int
    held_outer: NDArray[np.int32]
    held_inner: NDArray[np.int32]

    @property
    def outer_caps(self) -> NDArray[np.int32]:
        """`outer_cap` row by row, shape (n_rows,)."""
        n_rows = len(self.held_outer)
        return np.broadcast_to(np.asarray(self.outer_cap, np.int32), (n_rows,)).copy()

    @property
    def inner_caps(self) -> NDArray[np.int32]:
        """`inner_cap` row by row, shape (n_rows,)."""
        return np.full(len(self.held_inner), self.inner_cap, dtype=np.int32)

    @property
    def held_outers(self) -> NDArray[np.int32]:
        """`held_outer`, shape (n_rows, most)."""
        return _by_edge(self.held_outer)

    @property
    def held_inners(self) -> NDArray[np.int32]:
        """`held_inner`, shape (n_rows, most)."""
        return _by_edge(self.held_inner)


def _by_edge(held: NDArray[np.int32]) -> NDArray[np.int32]:
    return held if held.ndim > 1 else held[:, None]


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

    Examples
    --------
    >>> groups = RowGroups(of_edge=np.array([0, 0, 1]), first=np.array([0, 2]), room=np.array([1, 1]))
    >>> np.bincount(groups.of_edge).tolist()  # edges of each group
    [2, 1]
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
    convex_costs : ConvexCosts or None
    laminar_caps : LaminarCaps or None
    column_bonus : ndarray of int64, shape (n_columns,), or None
        Earned once by a column that an edge is taken to; 0 or more.

    Examples
    --------
    >>> problem = BMatching(  # two rows that both want the one unit of column 0
    ...     indptr=np.array([0, 2, 3]), column=np.array([0, 1, 0], "i4"),
    ...     weight=np.array([9, 8, 5], "i4"), row_capacity=np.ones(2, "i4"),
    ...     column_capacity=np.ones(2, "i4"), first_bonus=np.zeros(2, "i8"),
    ... )
    >>> problem.row.tolist()
    [0, 0, 1]
    >>> from matchmaker.solvers.auction import auction
    >>> auction(problem, epsilon=1).is_taken.tolist()
    [False, True, True]
    """

    indptr: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: Weights
    row_capacity: NDArray[np.int32]
    column_capacity: NDArray[np.int32]
    first_bonus: NDArray[np.int64]
    convex_costs: ConvexCosts | None = None
    laminar_caps: LaminarCaps | None = None
    column_bonus: NDArray[np.int64] | None = None

    @property
    def column_bonuses(self) -> NDArray[np.int64]:
        """`column_bonus`, 0 where there is none, shape (n_columns,)."""
        if self.column_bonus is None:
            return np.zeros(len(self.column_capacity), dtype=np.int64)
        return self.column_bonus

    @property
    def row(self) -> NDArray[np.int32]:
        """Row of each edge."""
        return np.repeat(np.arange(len(self.row_capacity), dtype=np.int32), np.diff(self.indptr))

    def row_groups(self) -> tuple[RowGroups, ...]:
        """Return the outer groups, then the inner ones; nothing where nothing is capped.

        Returns
        -------
        tuple of RowGroups
        """
        caps = self.laminar_caps
        if caps is None:
            return ()
        row = self.row.astype(np.int64)
        kinds = []
        for group, held, cap in (
            (caps.outer, caps.held_outers, caps.outer_caps),
            (caps.inner, caps.held_inners, caps.inner_caps),
        ):
            width = int(group.max(initial=0)) + 1
            _, first, of_edge = np.unique(
                row * width + group[self.column], return_index=True, return_inverse=True
            )
            n_held = (group[self.column[first]][:, None] == held[row[first]]).sum(axis=1)
            kinds.append(RowGroups(of_edge=of_edge, first=first, room=cap[row[first]] - n_held))
        return tuple(kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a solver answers.

    Attributes
    ----------
    is_taken : ndarray of bool, shape (n_edges,)
    price : ndarray of int64, shape (n_columns,)
        Dual prices: 0 or more, of a column with a bonus that bonus less. By
        `matchmaker.solvers.duality` they prove how good the choice is.

    Examples
    --------
    >>> solution = Solution(is_taken=np.array([False, True, True]), price=np.array([1, 0]))
    >>> int(solution.is_taken.sum())
    2
    """

    is_taken: NDArray[np.bool_]
    price: NDArray[np.int64]


class Solver(Protocol):
    """Any function from a problem to a choice of edges and prices.

    Whoever calls it checks the choice and adds up the bound from the prices
    (`matchmaker.solvers.duality`), so that a solver is never taken at its word.  Solvers
    agree within the gap that their prices prove, not edge by edge.

    Examples
    --------
    >>> def nothing(problem, *, epsilon, price=None):
    ...     taken = np.zeros(len(problem.column), dtype=bool)
    ...     return Solution(is_taken=taken, price=np.zeros(len(problem.column_capacity), "i8"))
    >>> solver: Solver = nothing  # legal, and its prices prove that it is far from the best
    """

    def __call__(
        self, problem: BMatching, *, epsilon: int, price: NDArray[np.int64] | None = None
    ) -> Solution:
        """Solve `problem`.

        Parameters
        ----------
        problem : BMatching
            It is not to be changed.
        epsilon : int
            The step, 1 or more: by how much, a taken edge, the value may fall short of the
            bound of the prices, in units of the weights.  A coarse one may save time; a
            solver that is exact ignores it.
        price : ndarray of int64, shape (n_columns,), optional
            Prices of a similar problem, to start from.  A solver that has no use for them
            ignores them; nothing that is proved may depend on them.

        Returns
        -------
        Solution
            The same for the same arguments, for any number of threads.
        """
        ...
