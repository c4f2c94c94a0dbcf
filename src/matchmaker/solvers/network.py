"""A b-matching written as a flow of least cost, for solvers that know flows.

A row sends as many units as it may take: along its edges, through one node a group where
groups are capped, to columns and from there to the sink; what it does not use goes to the
sink directly.  Costs are negated weights.  A unit that a row leaves unused costs nothing,
except the last one: that forgoes the bonus.  Further units of a column are parallel arcs
that cost more and more.  Both costs rise, so a flow of least cost uses the cheap arcs first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.solvers.problem import BMatching

__all__ = ["Network"]

Arcs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Arcs and supplies; the least cost is what unserved rows forgo, less the value.

    Nodes are the columns, then the rows, then the groups, and last the sink.

    Attributes
    ----------
    tail, head : ndarray of int64, shape (n_arcs,)
        The first arcs are the problem's edges, in their order.
    capacity, cost : ndarray of int64, shape (n_arcs,)
    supply : ndarray of int64, shape (n_nodes,)
        Units that a node sends; below 0 at the sink.
    least : ndarray of int64, shape (n_columns,)
        The least price of each column: its bonus below 0.
    """

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    capacity: NDArray[np.int64]
    cost: NDArray[np.int64]
    supply: NDArray[np.int64]
    least: NDArray[np.int64]

    @classmethod
    def of(cls, problem: BMatching) -> Network:
        """Write a problem as a network.

        Parameters
        ----------
        problem : BMatching

        Returns
        -------
        Network

        Examples
        --------
        >>> problem = BMatching(indptr=np.array([0, 1]), column=np.array([0], "i4"),
        ...     weight=np.array([7], "i4"), row_capacity=np.array([1], "i4"),
        ...     column_capacity=np.array([2], "i4"), first_bonus=np.array([5]))
        >>> network = Network.of(problem)
        >>> for arc in zip(network.tail, network.head, network.capacity, network.cost):
        ...     print(*arc)  # the edge, the column's units, what the row does not use
        1 0 1 -7
        0 2 2 0
        1 2 0 0
        1 2 1 5
        """
        n_columns, n_rows = len(problem.column_capacity), len(problem.row_capacity)
        row = problem.row.astype(np.int64)
        before, groups, sink = _groups(problem, row)
        edges = (
            before,
            problem.column.astype(np.int64),
            np.ones(len(row), dtype=np.int64),
            -problem.weight.astype(np.int64),
        )
        parts = [edges, *groups, *_columns(problem, sink), *_unused(problem, sink)]
        tail, head, capacity, cost = (np.concatenate(column) for column in zip(*parts, strict=True))
        supply = np.zeros(sink + 1, dtype=np.int64)
        supply[n_columns : n_columns + n_rows] = problem.row_capacity
        supply[sink] = -supply.sum()
        return cls(
            tail=tail,
            head=head,
            capacity=capacity,
            cost=cost,
            supply=supply,
            least=-problem.column_bonuses,
        )

    def prices(self, potential: NDArray[np.int64], n_columns: int) -> NDArray[np.int64]:
        """Return prices of columns from potentials of nodes.

        Parameters
        ----------
        potential : ndarray of int64, shape (n_nodes,)
            With ``cost + potential[tail] - potential[head]`` 0 or more on every arc that
            could take more flow, 0 or less on every arc that has some.
        n_columns : int

        Returns
        -------
        ndarray of int64, shape (n_columns,)
            Optimal where the potentials are.  Only a column that nobody takes can come out
            below its least price, and such a one may as well have that.
        """
        return np.asarray(np.maximum(potential[-1] - potential[:n_columns], self.least))


def _groups(
    problem: BMatching, row: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[Arcs], int]:
    """Return the node that each edge starts at, the arcs to it, and the nodes so far.

    One node a row, and where groups are capped one a row and outer group, then one a row
    and inner group.
    """
    n_columns, n_rows = len(problem.column_capacity), len(problem.row_capacity)
    node, arcs, n_nodes = n_columns + row, [], n_columns + n_rows
    for groups in problem.row_groups():
        n_groups = len(groups.first)
        here = n_nodes + np.arange(n_groups, dtype=np.int64)
        free = np.zeros(n_groups, dtype=np.int64)
        arcs.append((node[groups.first], here, groups.room, free))
        node, n_nodes = here[groups.of_edge], n_nodes + n_groups
    return node, arcs, n_nodes


def _columns(problem: BMatching, sink: int) -> list[Arcs]:
    """Return arcs from the columns to the sink: one a step of the cost of further units."""
    capacity = problem.column_capacity.astype(np.int64)
    column = np.arange(len(capacity), dtype=np.int64)
    sinks = np.full(len(capacity), sink, dtype=np.int64)
    costs = problem.convex_costs
    if problem.column_bonus is not None:
        return _with_first_units(problem, sink)
    if costs is None:
        return [(column, sinks, capacity, np.zeros(len(capacity), dtype=np.int64))]
    arcs = []
    low = costs.used.astype(np.int64)
    for step, cost in enumerate(costs.cost):
        is_last = step + 1 == len(costs.cost)
        end = low + capacity if is_last else (step + 1) * costs.width.astype(np.int64)
        units = np.clip(end - low, 0, capacity)
        arcs.append((column, sinks, units, np.full(len(capacity), cost, dtype=np.int64)))
        low, capacity = low + units, capacity - units
    return arcs


def _with_first_units(problem: BMatching, sink: int) -> list[Arcs]:
    """Return the same where first units earn a bonus: an arc for them, cheaper by it."""
    one = np.minimum(problem.column_capacity, 1)
    plain = replace(problem, column_bonus=None, column_capacity=one)
    first = [
        (tail, head, units, cost - problem.column_bonuses)
        for tail, head, units, cost in _columns(plain, sink)
    ]
    costs = problem.convex_costs
    if costs is not None:
        costs = replace(costs, used=costs.used + one)
    rest = replace(plain, column_capacity=problem.column_capacity - one, convex_costs=costs)
    return first + _columns(rest, sink)


def _unused(problem: BMatching, sink: int) -> list[Arcs]:
    """Return arcs from the rows to the sink: for all units but the last, and for the last."""
    n_rows = len(problem.row_capacity)
    row = len(problem.column_capacity) + np.arange(n_rows, dtype=np.int64)
    sinks = np.full(n_rows, sink, dtype=np.int64)
    last = np.minimum(problem.row_capacity.astype(np.int64), 1)
    free = np.zeros(n_rows, dtype=np.int64)
    return [
        (row, sinks, problem.row_capacity - last, free),
        (row, sinks, last, problem.first_bonus.astype(np.int64)),
    ]
