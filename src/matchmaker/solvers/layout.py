"""A problem laid out for the kernels of the auction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.solvers.problem import BMatching, LaminarCaps, Weights

__all__ = [
    "ColumnUnits",
    "EdgeGroups",
    "Edges",
    "Rows",
    "by_weight",
    "columns_of",
    "groups_of_rows",
]


# Named tuples, which numba can unpack: of this many arrays two could be swapped unseen.
class Edges(NamedTuple):
    """The edges, each row's heaviest first.

    Attributes
    ----------
    indptr : int64, shape (n_rows + 1,)
    column, weight, row : int32, int32 or int64, int32, shape (n_edges,)
    """

    indptr: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: Weights
    row: NDArray[np.int32]


class Rows(NamedTuple):
    """How many edges a row takes at most, and what it earns with its first one.

    Attributes
    ----------
    capacity, first_bonus : int64, shape (n_rows,)
    """

    capacity: NDArray[np.int64]
    first_bonus: NDArray[np.int64]


class ColumnUnits(NamedTuple):
    """Units of columns; `ConvexCosts` has their costs, `start` where places for bids begin.

    Attributes
    ----------
    start : int64, shape (n_columns + 1,)
    capacity : int64, shape (n_columns,)
    cost : int64, shape (n_steps,)
    width, used : int32, shape (n_columns,)
    lift : int64, shape (n_columns,)
        What every unit but the first one costs more.
    """

    start: NDArray[np.int64]
    capacity: NDArray[np.int64]
    cost: NDArray[np.int64]
    width: NDArray[np.int32]
    used: NDArray[np.int32]
    lift: NDArray[np.int64]


class EdgeGroups(NamedTuple):
    """Groups of edges as `groups_of_rows` numbers them, read only where the rows `are_capped`.

    Attributes
    ----------
    are_capped : bool
    outer, inner : uint16, shape (n_edges,)
    outer_cap : int32, shape (n_rows,)
    inner_cap : int
    held_outer, held_inner : uint16, shape (n_rows, most)
    """

    are_capped: bool
    outer: NDArray[np.uint16]
    inner: NDArray[np.uint16]
    outer_cap: NDArray[np.int32]
    inner_cap: int
    held_outer: NDArray[np.uint16]
    held_inner: NDArray[np.uint16]


def columns_of(problem: BMatching) -> ColumnUnits:
    """Return units and costs of columns; where none are asked for, a single cost of nothing.

    Parameters
    ----------
    problem : BMatching

    Returns
    -------
    ColumnUnits
    """
    n_columns = len(problem.column_capacity)
    degree = np.bincount(problem.column, minlength=n_columns)
    start = np.zeros(n_columns + 1, dtype=np.int64)
    np.cumsum(np.minimum(problem.column_capacity, degree), out=start[1:])
    costs = problem.convex_costs
    return ColumnUnits(
        start=start,
        capacity=problem.column_capacity.astype(np.int64),
        cost=costs.cost if costs else np.zeros(1, dtype=np.int64),
        width=costs.width if costs else np.ones(n_columns, dtype=np.int32),
        used=costs.used if costs else np.zeros(n_columns, dtype=np.int32),
        lift=problem.column_bonuses,
    )


def groups_of_rows(
    caps: LaminarCaps | None, indptr: NDArray[np.int64], column: NDArray[np.int32]
) -> EdgeGroups:
    """Return the groups of each row's edges, numbered; without any, arrays that are not read.

    Parameters
    ----------
    caps : LaminarCaps or None
    indptr : ndarray of int64, shape (n_rows + 1,)
    column : ndarray of int32, shape (n_edges,)

    Returns
    -------
    EdgeGroups
    """
    if caps is None:
        none = np.zeros(0, dtype=np.uint16)
        nobody = np.zeros((0, 0), dtype=np.uint16)
        return EdgeGroups(
            are_capped=False,
            outer=none,
            inner=none,
            outer_cap=np.zeros(0, dtype=np.int32),
            inner_cap=0,
            held_outer=nobody,
            held_inner=nobody,
        )
    outer, held_outer = _local_groups(indptr, column, caps.outer, caps.held_outers)
    inner, held_inner = _local_groups(indptr, column, caps.inner, caps.held_inners)
    return EdgeGroups(
        are_capped=True,
        outer=outer,
        inner=inner,
        outer_cap=caps.outer_caps,
        inner_cap=caps.inner_cap,
        held_outer=held_outer,
        held_inner=held_inner,
    )


@jit
def by_weight(indptr: NDArray[np.int64], weight: Weights) -> NDArray[np.int64]:
    """Return the edges of each row, heaviest first; equal weights keep their order.

    Parameters
    ----------
    indptr : int64, shape (n_rows + 1,)
    weight : int32 or int64, shape (n_edges,)

    Returns
    -------
    int64, shape (n_edges,)
        Positions of the edges.
    """
    order = np.arange(len(weight), dtype=np.int64)
    for row in range(len(indptr) - 1):
        for i in range(indptr[row] + 1, indptr[row + 1]):
            edge = order[i]
            at = i
            while at > indptr[row] and weight[order[at - 1]] < weight[edge]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = edge
    return order


@jit
def _local_groups(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    group: NDArray[np.int32],
    held: NDArray[np.int32],
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Give each edge the number of its group within its row, from 1; 0 is a group without edge.

    Returns
    -------
    of_edge : ndarray of uint16, shape (n_edges,)
    of_held : ndarray of uint16, shape (n_rows, most)
        Numbers of the groups that the row holds edges of beside the problem, else 0.
    """
    n_rows = len(indptr) - 1
    number = np.zeros(group.max() + 1 if len(group) else 1, dtype=np.uint16)
    of_edge = np.empty(len(column), dtype=np.uint16)
    of_held = np.zeros(held.shape, dtype=np.uint16)
    for row in range(n_rows):
        size = np.uint16(0)
        for e in range(indptr[row], indptr[row + 1]):
            g = group[column[e]]
            if number[g] == 0:
                size += np.uint16(1)
                number[g] = size
            of_edge[e] = number[g]
        for h in range(held.shape[1]):
            if held[row, h] >= 0 and held[row, h] < len(number):
                of_held[row, h] = number[held[row, h]]
        for e in range(indptr[row], indptr[row + 1]):
            number[group[column[e]]] = 0
    return of_edge, of_held
