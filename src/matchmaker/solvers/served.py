"""Proof that no more rows can be served: the cut of a maximum flow, over all edges.

A row without an edge could be served if an alternating path led from it to a free unit,
or to a row that holds two edges and can spare one.  The rows and columns reached from
all unserved rows form a cut: if every reached column is full and every row that holds a
unit there holds only that one, then no choice whatever serves more rows (Ford and
Fulkerson, 1956).  The edges of a reached row are asked for only when it is reached, so
the proof speaks of all edges that exist, not of those that the solver was given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cut", "find_cut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What the search found.

    Attributes
    ----------
    is_proved : bool
        True: no choice serves more rows.
    rows : ndarray of int32
        Rows reached, the unserved ones included. When the proof fails, a solver that is
        given all edges of these rows can serve more.
    """

    is_proved: bool
    rows: NDArray[np.int32]


def find_cut(
    unserved: NDArray[np.int32],
    taken_row: NDArray[np.int32],
    taken_column: NDArray[np.int32],
    column_capacity: NDArray[np.int32],
    fixed: NDArray[np.bool_],
    edges_of: Callable[[NDArray[np.int32]], NDArray[np.int32]],
) -> Cut:
    """Search for a way to serve one more row.

    Parameters
    ----------
    unserved : ndarray of int32
        Rows that hold nothing although some edge exists.
    taken_row, taken_column : ndarray of int32, shape (n_taken,)
        The chosen edges.
    column_capacity : ndarray of int32, shape (n_columns,)
    fixed : ndarray of bool, shape (n_rows,)
        Rows that are served whatever they give up here.
    edges_of : callable
        From rows to the distinct columns that any of them has an edge to.

    Returns
    -------
    Cut
    """
    held = np.bincount(taken_row, minlength=len(fixed))
    order = np.argsort(taken_column, kind="stable")
    by_column = taken_row[order]
    load = np.bincount(taken_column, minlength=len(column_capacity))
    start = np.concatenate([[0], np.cumsum(load)])
    reached_row = np.zeros(len(fixed), dtype=bool)
    reached_column = np.zeros(len(column_capacity), dtype=bool)
    frontier = np.unique(unserved)
    reached_row[frontier] = True
    is_proved = True
    while len(frontier) and is_proved:
        columns = edges_of(frontier)
        columns = columns[~reached_column[columns] & (column_capacity[columns] > 0)]
        reached_column[columns] = True
        if (load[columns] < column_capacity[columns]).any():
            is_proved = False
        holders = [by_column[start[c] : start[c + 1]] for c in columns]
        rows = np.unique(np.concatenate(holders)) if holders else frontier[:0]
        rows = rows[~reached_row[rows]]
        if ((held[rows] > 1) | fixed[rows]).any():
            is_proved = False
        reached_row[rows] = True
        frontier = rows
    return Cut(is_proved=is_proved, rows=np.flatnonzero(reached_row).astype(np.int32))
