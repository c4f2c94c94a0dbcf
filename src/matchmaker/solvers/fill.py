"""As many units as a graph can carry: maximum b-matching by augmenting paths.

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

from matchmaker.jit import jit

__all__ = ["Filling", "fill"]

NONE = -1
BEFORE, AFTER = 0, 1  # rows of the links


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
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


def fill(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    *,
    target: NDArray[np.int32],
    capacity: NDArray[np.int32],
    held: NDArray[np.int32] | None = None,
) -> Filling:
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
    Filling
        The units held are as many as any choice could hold. Which rows are short may
        depend on the order of the rows; how many units they lack, and the cut, do not.

    Examples
    --------
    >>> two = fill(np.array([0, 1, 2]), np.array([0, 0], "i4"),
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
    _take_free(fewest_first, indptr, column, slot, capacity, held, load)
    links = _linked(held, len(capacity))
    n_short = np.bincount(owner[held == NONE], minlength=len(target))
    level_row = np.empty(len(target), dtype=np.int32)
    level_column = np.empty(len(capacity), dtype=np.int32)
    state = (indptr, column, slot, capacity, held, owner, *links, load, n_short)
    while n_short.any() and _layers(*state, level_row, level_column):
        _augment(*state, level_row, level_column)
    is_stuck = n_short.any()
    return Filling(
        held=held,
        is_short=n_short > 0,
        reached_rows=(level_row != NONE) & is_stuck,
        reached_columns=(level_column != NONE) & is_stuck,
    )


@jit
def _holds(held: NDArray[np.int32], first: int, last: int, wanted: int) -> bool:
    """Tell whether a row, whose slots are `first` to `last`, holds a column."""
    for s in range(first, last):  # noqa: SIM110 - numba compiles no generator here
        if held[s] == wanted:
            return True
    return False


@jit
def _take_free(
    order: NDArray[np.int64],
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    slot: NDArray[np.int64],
    capacity: NDArray[np.int32],
    held: NDArray[np.int32],
    load: NDArray[np.int64],
) -> None:
    """Give each row, in some order, the columns with most units left: a first answer.

    Near what a graph can carry it leaves a handful of units to the paths, which would
    have to find tens of thousands if rows took whatever comes first.
    """
    for row in order:
        first, last = slot[row], slot[row + 1]
        for s in range(first, last):
            if held[s] != NONE:
                continue
            most = 0
            for edge in range(indptr[row], indptr[row + 1]):
                c = column[edge]
                left = capacity[c] - load[c]
                if left > most and not _holds(held, first, last, c):
                    most = left
                    held[s] = c
            if held[s] == NONE:
                break
            load[held[s]] += 1


@jit
def _linked(held: NDArray[np.int32], n_columns: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the slots that hold each column as lists: their heads, and the links of slots.

    So whoever holds a column can be found, and replaced in place.
    """
    head = np.full(n_columns, NONE, dtype=np.int64)
    link = np.full((2, len(held)), NONE, dtype=np.int64)
    for s in range(len(held)):
        c = held[s]
        if c != NONE:
            link[AFTER, s] = head[c]
            if head[c] != NONE:
                link[BEFORE, head[c]] = s
            head[c] = s
    return head, link


@jit
def _layers(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    slot: NDArray[np.int64],
    capacity: NDArray[np.int32],
    held: NDArray[np.int32],
    owner: NDArray[np.int32],
    head: NDArray[np.int64],
    link: NDArray[np.int64],
    load: NDArray[np.int64],
    n_short: NDArray[np.int64],
    level_row: NDArray[np.int32],
    level_column: NDArray[np.int32],
) -> bool:
    """Walk outwards from the short rows; tell whether a column with a unit to spare is met.

    Rows have even levels, columns odd ones, -1 what is not reached; the walk ends with the
    layer of the nearest such column.
    """
    level_row[:] = NONE
    level_column[:] = NONE
    queue = np.empty(len(level_row), dtype=np.int32)
    size = 0
    for row in range(len(level_row)):
        if n_short[row] > 0:
            level_row[row] = 0
            queue[size] = row
            size += 1
    is_open = False
    last = at = 0
    while at < size and not (is_open and level_row[queue[at]] > last):
        row = queue[at]
        at += 1
        for edge in range(indptr[row], indptr[row + 1]):
            c = column[edge]
            if level_column[c] != NONE or _holds(held, slot[row], slot[row + 1], c):
                continue
            level_column[c] = level_row[row] + 1
            if load[c] < capacity[c]:
                is_open = True
                last = level_row[row]
                continue
            s = head[c]
            while s != NONE:
                if level_row[owner[s]] == NONE:
                    level_row[owner[s]] = level_column[c] + 1
                    queue[size] = owner[s]
                    size += 1
                s = link[AFTER, s]
    return is_open


@jit
def _augment(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    slot: NDArray[np.int64],
    capacity: NDArray[np.int32],
    held: NDArray[np.int32],
    owner: NDArray[np.int32],
    head: NDArray[np.int64],
    link: NDArray[np.int64],
    load: NDArray[np.int64],
    n_short: NDArray[np.int64],
    level_row: NDArray[np.int32],
    level_column: NDArray[np.int32],
) -> None:
    """Follow the layers from each short row, each edge at most once, and move along the paths.

    On a path, each row takes a column and its holder gives it up for the next one; the
    last column has a unit to spare.
    """
    next_edge = indptr[:-1].copy()
    next_holder = head.copy()
    path_slot = np.empty(len(level_row) + 1, dtype=np.int64)
    path_column = np.empty(len(level_row) + 1, dtype=np.int32)
    for start in range(len(level_row)):
        first = slot[start]
        while n_short[start] > 0:
            while held[first] != NONE:
                first += 1
            path_slot[0] = first
            depth = 0
            is_found = False
            while not is_found:
                row = owner[path_slot[depth]]
                is_onward = False
                while not is_onward and next_edge[row] < indptr[row + 1]:
                    c = column[next_edge[row]]
                    if level_column[c] == level_row[row] + 1 and not _holds(
                        held, slot[row], slot[row + 1], c
                    ):
                        path_column[depth] = c
                        if load[c] < capacity[c]:
                            is_found = is_onward = True
                            continue
                        s = next_holder[c]
                        while s != NONE and level_row[owner[s]] != level_column[c] + 1:
                            s = link[AFTER, s]
                        next_holder[c] = s
                        if s != NONE:
                            depth += 1
                            path_slot[depth] = s
                            is_onward = True
                            continue
                    next_edge[row] += 1
                if is_onward:
                    continue
                if depth == 0:
                    break
                # A dead end; the column's next holder may do better.
                next_holder[path_column[depth - 1]] = link[AFTER, path_slot[depth]]
                depth -= 1
            if not is_found:
                break
            n_short[start] -= 1
            for i in range(depth + 1):
                s, c = path_slot[i], path_column[i]
                next_edge[owner[s]] += 1
                held[s] = c
                if i < depth:
                    given_up = path_slot[i + 1]
                    link[:, s] = link[:, given_up]
                    next_holder[c] = link[AFTER, s]
                else:
                    link[BEFORE, s], link[AFTER, s] = NONE, head[c]
                    load[c] += 1
                if link[BEFORE, s] == NONE:
                    head[c] = s
                else:
                    link[AFTER, link[BEFORE, s]] = s
                if link[AFTER, s] != NONE:
                    link[BEFORE, link[AFTER, s]] = s
