"""The kernels of `cardinality`: layers of a walk from short rows, and paths along them.

Rows hold columns in slots, row after row; the slots that hold a column are linked as a list.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit

__all__ = ["NONE", "Held", "Wanted", "augment", "layers", "linked", "take_free"]

NONE = -1
BEFORE, AFTER = 0, 1  # rows of the links


class Wanted(NamedTuple):
    """The graph: which columns each row wants, where its slots begin, units of columns.

    Attributes
    ----------
    indptr : int64, shape (n_rows + 1,)
    column : int32, shape (n_edges,)
    slot : int64, shape (n_rows + 1,)
    capacity : int32, shape (n_columns,)
    """

    indptr: NDArray[np.int64]
    column: NDArray[np.int32]
    slot: NDArray[np.int64]
    capacity: NDArray[np.int32]


class Held(NamedTuple):
    """What is held, changed in place.

    Attributes
    ----------
    column : ndarray of int32, shape (n_slots,)
        Column that each slot holds, `NONE` for what is missing.
    owner : ndarray of int32, shape (n_slots,)
        Row of each slot.
    head : ndarray of int64, shape (n_columns,)
    link : ndarray of int64, shape (2, n_slots)
        The slots that hold each column, as lists.
    load : ndarray of int64, shape (n_columns,)
    n_short : ndarray of int64, shape (n_rows,)
        Slots of each row that hold nothing.
    """

    column: NDArray[np.int32]
    owner: NDArray[np.int32]
    head: NDArray[np.int64]
    link: NDArray[np.int64]
    load: NDArray[np.int64]
    n_short: NDArray[np.int64]


@jit
def _holds(held: NDArray[np.int32], first: int, last: int, wanted: int) -> bool:
    """Tell whether a row, whose slots are `first` to `last`, holds a column."""
    for s in range(first, last):  # noqa: SIM110 - numba compiles no generator here
        if held[s] == wanted:
            return True
    return False


@jit
def take_free(
    order: NDArray[np.int64], wanted: Wanted, held: NDArray[np.int32], load: NDArray[np.int64]
) -> None:
    """Give each row, in some order, the columns with most units left: a first answer.

    Near what a graph can carry it leaves a handful of units to the paths, which would
    have to find tens of thousands if rows took whatever comes first.

    Parameters
    ----------
    order : int64, shape (n,)
        Rows, in the order in which they take.
    wanted : Wanted
    held : int32, shape (n_slots,)
        Column of each slot, `NONE` for none; changed in place.
    load : int64, shape (n_columns,)
        Units taken; changed in place.
    """
    indptr, column, slot, capacity = wanted
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
def linked(held: NDArray[np.int32], n_columns: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the slots that hold each column as lists: their heads, and the links of slots.

    So whoever holds a column can be found, and replaced in place.

    Parameters
    ----------
    held : int32, shape (n_slots,)
        Column of each slot, `NONE` for none.
    n_columns : int

    Returns
    -------
    head : int64, shape (n_columns,)
    link : int64, shape (2, n_slots)
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
def layers(
    wanted: Wanted,
    state: Held,
    level_row: NDArray[np.int32],
    level_column: NDArray[np.int32],
) -> bool:
    """Walk outwards from the short rows; tell whether a column with a unit to spare is met.

    Rows have even levels, columns odd ones, -1 what is not reached; the walk ends with the
    layer of the nearest such column.

    Parameters
    ----------
    wanted : Wanted
    state : Held
    level_row, level_column : int32, shapes (n_rows,) and (n_columns,)
        Written in place.

    Returns
    -------
    bool
    """
    indptr, column, slot, capacity = wanted
    held, owner, head, link, load, n_short = state
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
def augment(
    wanted: Wanted,
    state: Held,
    level_row: NDArray[np.int32],
    level_column: NDArray[np.int32],
) -> None:
    """Follow the layers from each short row, each edge at most once, and move along the paths.

    On a path, each row takes a column and its holder gives it up for the next one; the
    last column has a unit to spare.

    Parameters
    ----------
    wanted : Wanted
    state : Held
        Changed in place.
    level_row, level_column : int32, shapes (n_rows,) and (n_columns,)
        As `layers` wrote them.
    """
    indptr, column, slot, capacity = wanted
    held, owner, head, link, load, n_short = state
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
