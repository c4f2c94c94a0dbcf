"""Proof that no more rows can be served: the cut of a maximum flow, over all edges.

A row without an edge could be served if an alternating path led from it to a free unit,
or to a row that holds two edges and can spare one.  The rows and columns reached from
all unserved rows form a cut: if every reached column is full, every row that holds a
unit there holds only that one, and no reached row has an edge to any other column, then
no choice whatever serves more rows (Ford and Fulkerson, 1956).

The edges at hand are only some of all edges.  So the cut is found on these, and then
whoever knows all edges is asked for any that leave it; these join, and the search goes
on.  None left is the proof, and it speaks of all edges that exist.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matchmaker.ragged import expand

__all__ = ["is_most_served"]

Edges = tuple[NDArray[np.int32], NDArray[np.int32]]


def is_most_served(
    unserved: NDArray[np.int32],
    taken: Edges,
    known: Edges,
    column_capacity: NDArray[np.int32],
    is_fixed: NDArray[np.bool_],
    leaving: Callable[[NDArray[np.int32], NDArray[np.bool_]], Edges],
) -> bool:
    """Tell whether no choice serves more rows, by searching for a way to serve one more.

    Parameters
    ----------
    unserved : ndarray of int32
        Rows that hold nothing although some edge exists.
    taken : (rows, columns)
        The chosen edges.
    known : (rows, columns)
        The edges at hand, the chosen ones among them.
    column_capacity : ndarray of int32, shape (n_columns,)
    is_fixed : ndarray of bool, shape (n_rows,)
        Rows that are served whatever they give up here.
    leaving : callable
        From rows and a mask of columns to some of the edges that lead from these rows to
        columns outside the mask, out of all edges that exist; none only if there is none.

    Returns
    -------
    bool
        False: a solver that is given the edges that `leaving` returned can serve more.
    """
    n_rows, n_columns = len(is_fixed), len(column_capacity)
    can_spare = (np.bincount(taken[0], minlength=n_rows) > 1) | is_fixed
    is_full = np.bincount(taken[1], minlength=n_columns) >= column_capacity
    holders = _grouped(taken[1], taken[0], n_columns)
    rows, columns = known
    while True:
        reached_rows, reached_columns, is_open = _closure(
            unserved, _grouped(rows, columns, n_rows), holders, can_spare, is_full
        )
        if is_open:
            return False
        more_rows, more_columns = leaving(
            np.flatnonzero(reached_rows).astype(np.int32), reached_columns
        )
        if len(more_rows) == 0:
            return True
        rows, columns = np.concatenate([rows, more_rows]), np.concatenate([columns, more_columns])


def _grouped(
    key: NDArray[np.int32], value: NDArray[np.int32], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return values grouped by key, as (start of each group, values)."""
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=n), out=start[1:])
    return start, value[np.argsort(key, kind="stable")]


def _closure(
    unserved: NDArray[np.int32],
    edges: tuple[NDArray[np.int64], NDArray[np.int32]],
    holders: tuple[NDArray[np.int64], NDArray[np.int32]],
    can_spare: NDArray[np.bool_],
    is_full: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """Return the rows and columns reached, and whether the way is open to one row more."""
    reached_rows = np.zeros(len(can_spare), dtype=bool)
    reached_columns = np.zeros(len(is_full), dtype=bool)
    frontier = unserved
    reached_rows[frontier] = True
    while len(frontier):
        columns = _neighbours(edges, frontier)
        columns = columns[~reached_columns[columns]]
        reached_columns[columns] = True
        if not is_full[columns].all():
            return reached_rows, reached_columns, True
        frontier = _neighbours(holders, columns)
        frontier = frontier[~reached_rows[frontier]]
        reached_rows[frontier] = True
        if can_spare[frontier].any():
            return reached_rows, reached_columns, True
    return reached_rows, reached_columns, False


def _neighbours(
    groups: tuple[NDArray[np.int64], NDArray[np.int32]], keys: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the distinct values of some groups."""
    start, value = groups
    _, at = expand(start[keys + 1] - start[keys], start[keys])
    return np.unique(value[at])
