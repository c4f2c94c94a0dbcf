"""As many units as a graph can carry: maximum-cardinality b-matching by augmenting paths.

Each row wants some columns, each column once; a column serves as many rows as it has
units.  Paths of the shortest length are augmented together, phase by phase (Hopcroft and
Karp, 1973; Dinic, 1970).  Where rows stay short, what they reach is the minimum cut: each
reached column is full, and a reached row has no edge to any other column but those it
holds.

The state is what each row holds, not which edges: so edges may join and capacities may
grow between two calls, and the second starts where the first ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.solvers.augmenting import NONE, Held, Wanted, augment, layers, linked, take_free

__all__ = ["LargestMatching", "largest_matching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LargestMatching:
    """What rows hold, and the cut that keeps the short ones short.

    Attributes
    ----------
    held : ndarray of int32, shape (target.sum(),)
        Columns that each row holds, row after row, -1 for what is missing.
    is_short : ndarray of bool, shape (n_rows,)
        Rows that hold less than their target.
    reached_rows, reached_columns : ndarray of bool
        The smallest minimum cut; all false where no row is short.
    """

    held: NDArray[np.int32]
    is_short: NDArray[np.bool_]
    reached_rows: NDArray[np.bool_]
    reached_columns: NDArray[np.bool_]


def largest_matching(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    *,
    target: NDArray[np.int32],
    capacity: NDArray[np.int32],
    held: NDArray[np.int32] | None = None,
) -> LargestMatching:
    """Give rows as many of the columns they want as can be given in all.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_rows + 1,)
    column : ndarray of int32, shape (n_edges,)
        Edges row by row, no column twice in one row.
    target : ndarray of int32, shape (n_rows,)
        Columns that each row wants.
    capacity : ndarray of int32, shape (n_columns,)
        Rows that each column can serve.
    held : ndarray of int32, shape (target.sum(),), optional
        An earlier answer, to go on from: for the same targets, no greater capacities and
        no other edges than now.

    Returns
    -------
    LargestMatching
        The units held are as many as any choice could hold. Which rows are short may
        depend on the order of the rows; how many units they lack, and the cut, do not.

    Examples
    --------
    >>> two = largest_matching(np.array([0, 1, 2]), np.array([0, 0], "i4"),
    ...     target=np.array([1, 1], "i4"), capacity=np.array([1], "i4"))
    >>> two.held.tolist(), two.is_short.tolist(), two.reached_columns.tolist()
    ([0, -1], [False, True], [True])
    """
    slot = np.zeros(len(target) + 1, dtype=np.int64)
    np.cumsum(target, out=slot[1:])
    held = np.full(slot[-1], NONE, dtype=np.int32) if held is None else held.copy()
    owner = np.repeat(np.arange(len(target), dtype=np.int32), target)
    load = np.bincount(held[held != NONE], minlength=len(capacity))
    fewest_first = np.argsort(np.diff(indptr), kind="stable")
    wanted = Wanted(indptr=indptr, column=column, slot=slot, capacity=capacity)
    take_free(fewest_first, wanted, held, load)
    head, link = linked(held, len(capacity))
    n_short = np.bincount(owner[held == NONE], minlength=len(target))
    level_row = np.empty(len(target), dtype=np.int32)
    level_column = np.empty(len(capacity), dtype=np.int32)
    state = Held(column=held, owner=owner, head=head, link=link, load=load, n_short=n_short)
    while n_short.any() and layers(wanted, state, level_row, level_column):
        augment(wanted, state, level_row, level_column)
    is_stuck = n_short.any()
    return LargestMatching(
        held=held,
        is_short=n_short > 0,
        reached_rows=(level_row != NONE) & is_stuck,
        reached_columns=(level_column != NONE) & is_stuck,
    )
