"""The problem that solvers solve, and what they answer.  No youths here, no offers.

Maximise the sum of weights of chosen edges of a sparse bipartite graph, where each row
takes at most ``row_capacity`` edges, each column at most ``column_capacity``, and a row
that has at least one edge earns its ``first_bonus`` once.  The bonus is how "serve as many
rows as can be served" enters: only a row's first edge carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import CheckError
from matchmaker.jit import jit

__all__ = ["BMatching", "Solution", "Solver", "check_solution", "dual_bound", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BMatching:
    """A maximum-weight b-matching problem in compressed rows.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n_rows + 1,)
    column : ndarray of int32, shape (n_edges,)
        No column twice in one row.
    weight : ndarray of int32, shape (n_edges,)
        Above 0: an edge that is worth nothing has no business here.
    row_capacity : ndarray of int32, shape (n_rows,)
    column_capacity : ndarray of int32, shape (n_columns,)
    first_bonus : ndarray of int64, shape (n_rows,)
        Earned once by a row that holds an edge; 0 or more.
    """

    indptr: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: NDArray[np.int32]
    row_capacity: NDArray[np.int32]
    column_capacity: NDArray[np.int32]
    first_bonus: NDArray[np.int64]

    @property
    def row(self) -> NDArray[np.int32]:
        """Row of each edge."""
        return np.repeat(np.arange(len(self.row_capacity), dtype=np.int32), np.diff(self.indptr))


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a solver answers.

    Attributes
    ----------
    is_taken : ndarray of bool, shape (n_edges,)
    price : ndarray of int64, shape (n_columns,)
        Dual prices, 0 or more. By `dual_bound` they prove how good the choice is.
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


def value(problem: BMatching, is_taken: NDArray[np.bool_]) -> int:
    """Return the objective of a choice of edges, bonuses included."""
    served = np.unique(problem.row[is_taken])
    weight = int(problem.weight[is_taken].sum(dtype=np.int64))
    return weight + int(problem.first_bonus[served].sum())


def dual_bound(problem: BMatching, price: NDArray[np.int64]) -> int:
    """Return an upper bound on the objective, proved by prices alone.

    By weak duality, any choice is worth at most
    ``sum(column_capacity * price) + sum over rows of the best the row could do at those
    prices``; it holds for any prices of 0 or more (Bertsekas, Auction algorithms for
    network flow problems, 1992).

    Examples
    --------
    >>> problem = BMatching(indptr=np.array([0, 1, 2]), column=np.array([0, 0], "i4"),
    ...     weight=np.array([5, 3], "i4"), row_capacity=np.array([1, 1], "i4"),
    ...     column_capacity=np.array([1], "i4"), first_bonus=np.zeros(2, "i8"))
    >>> dual_bound(problem, np.array([3])), dual_bound(problem, np.array([0]))
    (5, 8)
    """
    rows = _rows_at_best(
        problem.indptr,
        problem.column,
        problem.weight,
        problem.row_capacity,
        problem.first_bonus,
        price.astype(np.int64),
    )
    return int(problem.column_capacity.astype(np.int64) @ price) + int(rows)


@jit
def _rows_at_best(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    weight: NDArray[np.int32],
    row_capacity: NDArray[np.int32],
    first_bonus: NDArray[np.int64],
    price: NDArray[np.int64],
) -> int:
    """Return the sum over rows of the best that each could do at these prices."""
    total = 0
    best = np.empty(max(1, row_capacity.max() if len(row_capacity) else 1), dtype=np.int64)
    for row in range(len(row_capacity)):
        size = 0
        for e in range(indptr[row], indptr[row + 1]):
            net = weight[e] - price[column[e]]
            if size < row_capacity[row]:
                at = size
                size += 1
            elif size > 0 and net > best[size - 1]:
                at = size - 1
            else:
                continue
            while at > 0 and best[at - 1] < net:
                best[at] = best[at - 1]
                at -= 1
            best[at] = net
        if size > 0:
            # A row may take a first edge that loses, for the bonus.
            total += max(best[0] + first_bonus[row], 0)
        for i in range(1, size):
            total += max(best[i], 0)
    return total


def check_solution(problem: BMatching, solution: Solution) -> None:
    """Raise unless the choice is feasible and the prices are proper.

    Raises
    ------
    CheckError
        A capacity is exceeded, or a price is negative.
    """
    rows = np.bincount(problem.row[solution.is_taken], minlength=len(problem.row_capacity))
    columns = np.bincount(problem.column[solution.is_taken], minlength=len(problem.column_capacity))
    if (rows > problem.row_capacity).any() or (columns > problem.column_capacity).any():
        raise CheckError("solver: a capacity is exceeded; nothing is published.")
    if (solution.price < 0).any():
        raise CheckError("solver: a price is negative, so its bound proves nothing.")
