"""The reverse auction: columns bid for rows, and no price is left that nobody pays.

Where rows take one edge only.  A column that an auction of rows leaves with room to spare,
at a price above zero, spoils the proof of the prices.  So it bids in its turn: it lowers its price until a row gains by
coming over, or to zero.  The row's former column has room now, and bids next.  Each move
raises the profit of a row by epsilon or more and no price rises, so it ends; and all that
the rows' own bids made true within epsilon stays true.
Source: Bertsekas and Castanon, A forward/reverse auction algorithm for asymmetric
assignment problems, Computational Optimization and Applications 1 (1992); the units of a
column and the bonus of a row are ours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.ragged import NOTHING
from matchmaker.solvers.layout import Edges, Rows

__all__ = ["ByColumn", "by_column", "settle"]


class ByColumn(NamedTuple):
    """Edges column by column, and where each column's begin.

    Attributes
    ----------
    start : int64, shape (n_columns + 1,)
    edges : int32, shape (n_edges,)
    """

    start: NDArray[np.int64]
    edges: NDArray[np.int32]


@jit
def by_column(column: NDArray[np.int32], n_columns: int) -> ByColumn:
    """Return the edges column by column.

    Parameters
    ----------
    column : int32, shape (n_edges,)
    n_columns : int

    Returns
    -------
    ByColumn
    """
    start = np.zeros(n_columns + 1, dtype=np.int64)
    for e in range(len(column)):
        start[column[e] + 1] += 1
    for c in range(n_columns):
        start[c + 1] += start[c]
    at = start[:-1].copy()
    edges = np.empty(len(column), dtype=np.int32)
    for e in range(len(column)):
        edges[at[column[e]]] = e
        at[column[e]] += 1
    return ByColumn(start, edges)


@jit
def settle(
    edges: Edges,
    rows: Rows,
    capacity: NDArray[np.int64],
    listed: ByColumn,
    is_taken: NDArray[np.bool_],
    price: NDArray[np.int64],
    epsilon: int,
) -> None:
    """Lower the prices of columns with room until nobody gains, in place.

    Rows take one edge at most; `is_taken` and `price` are what the rows' auction with the
    same `epsilon` ended with, `listed` what `by_column` returns.

    Parameters
    ----------
    edges : Edges
    rows : Rows
    capacity : int64, shape (n_columns,)
    listed : ByColumn
    is_taken : bool, shape (n_edges,)
        Changed in place.
    price : int64, shape (n_columns,)
        Changed in place.
    epsilon : int
        The step, in units of the weights.
    """
    column, weight, edge_row, first_bonus = edges.column, edges.weight, edges.row, rows.first_bonus
    n_rows, n_columns = len(rows.capacity), len(capacity)
    held = np.full(n_rows, -1, dtype=np.int64)
    profit = np.zeros(n_rows, dtype=np.int64)
    load = np.zeros(n_columns, dtype=np.int64)
    for e in range(len(column)):
        if is_taken[e]:
            r = edge_row[e]
            held[r] = e
            profit[r] = weight[e] + first_bonus[r] - price[column[e]]
            load[column[e]] += 1
    # A ring of columns with room; one stands in it once at most.
    queue = np.empty(n_columns, dtype=np.int64)
    waits = np.zeros(n_columns, dtype=np.bool_)
    head, length = 0, 0
    for c in range(n_columns):
        if price[c] > 0 and load[c] < capacity[c]:
            queue[length] = c
            waits[c] = True
            length += 1
    while length > 0:
        c = queue[head]
        head = head + 1 if head + 1 < n_columns else 0
        length -= 1
        waits[c] = False
        if price[c] <= 0 or load[c] >= capacity[c]:
            continue
        best, second, at = np.int64(NOTHING), np.int64(NOTHING), np.int64(-1)
        for i in range(listed.start[c], listed.start[c + 1]):
            e = listed.edges[i]
            r = edge_row[e]
            if held[r] == e or rows.capacity[r] == 0:
                continue
            gain = weight[e] + first_bonus[r] - profit[r]
            if gain > best:
                best, second, at = gain, best, np.int64(e)
            elif gain > second:
                second = gain
        came = np.int64(-1)
        if best <= epsilon:
            price[c] = 0
        else:
            price[c] = max(np.int64(0), second - epsilon)
            r = edge_row[at]
            left = held[r]
            held[r] = at
            is_taken[at] = True
            load[c] += 1
            if left >= 0:
                is_taken[left] = False
                came = np.int64(column[left])
                load[came] -= 1
        # Whoever holds a unit of the column pays the new price too.
        for i in range(listed.start[c], listed.start[c + 1]):
            e = listed.edges[i]
            if is_taken[e]:
                profit[edge_row[e]] = weight[e] + first_bonus[edge_row[e]] - price[c]
        for other in (came, c):
            if (
                other >= 0
                and not waits[other]
                and price[other] > 0
                and load[other] < capacity[other]
            ):
                tail = head + length
                queue[tail if tail < n_columns else tail - n_columns] = other
                waits[other] = True
                length += 1
