"""An epsilon-auction for b-matching, by Gauss-Seidel bidding in phases of finer steps.

Rows bid for units of columns.  A row that may still take m edges looks at its edges at
today's prices, and offers for each of the m best as much as would make it no better than
the next best (less epsilon).  A column keeps its highest bids; its price is the lowest
bid it holds once it is full.  Whoever is outbid bids again.

When prices start at zero, at the end every row holds, within epsilon an edge, the best it
could hold at the final prices, and only full columns have a price: so the value is within
epsilon times the number of taken edges of the bound that the prices prove
(`problem.dual_bound`).  With a small epsilon that takes long where many rows want the
same columns.  So a phase with a coarse epsilon comes first, and the next one starts from
its prices less a margin.  A column that ends with room to spare at a price above zero
would spoil the proof by price x room: if that sums to too much, the phases run again
from zero, and if that does not help, one phase with the finest step does, from zero.
Source: Bertsekas and Castanon, The auction algorithm for the transportation problem,
Annals of Operations Research 20 (1989); the bonus on a first edge, the one-edge-a-pair
rule and the margin are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.solvers.problem import BMatching, Solution

__all__ = ["auction"]

COARSEST = 64  # the first step, as a part of the largest weight
FINER = 4  # each phase's step is that part of the one before
MARGIN = 8  # steps by which prices are lowered between phases; measured, see the docs


def auction(
    problem: BMatching, *, epsilon: int, price: NDArray[np.int64] | None = None
) -> Solution:
    """Solve `problem` to within `epsilon` a taken edge.

    Parameters
    ----------
    problem : BMatching
    epsilon : int
        How far from the bound the value may be, an edge taken, in units of the weights;
        1 or more. With whole weights, an epsilon below 1 over the number of taken edges
        would be exact; scale the weights up to get there.
    price : ndarray of int64, shape (n_columns,), optional
        Prices of a similar problem, to start from. They change the time and, within
        epsilon, the answer; never what is proved of it.

    Returns
    -------
    Solution
        The same for the same problem: there is no chance in it, and no thread.

    Examples
    --------
    >>> problem = BMatching(indptr=np.array([0, 2, 4]), column=np.array([0, 1, 0, 1], "i4"),
    ...     weight=np.array([9, 8, 9, 1], "i4"), row_capacity=np.array([1, 1], "i4"),
    ...     column_capacity=np.array([1, 1], "i4"), first_bonus=np.zeros(2, "i8"))
    >>> auction(problem, epsilon=1).is_taken.tolist()
    [False, True, True, False]
    """
    bidding = _Bidding.of(problem)
    # Half of what is allowed goes to the bids, the rest to columns with room at a price.
    final = (epsilon + 1) // 2
    coarsest = max(final, int(problem.weight.max(initial=0)) // COARSEST)
    zero = np.zeros(len(problem.column_capacity), dtype=np.int64)
    # Three ways, each surer and slower than the one before; the last leaves no room priced.
    ways = [(zero, coarsest), (zero, final)]
    if price is not None:
        step = min(coarsest, FINER * final)
        ways.insert(0, (np.maximum(price - MARGIN * step, 0), step))
    for start, step in ways:
        is_taken, found, room = bidding.phases(start, step, final)
        if int((found * room).sum()) <= int(is_taken.sum()) * (epsilon - final):
            break
    return Solution(is_taken=is_taken, price=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bidding:
    """A problem laid out for the kernel: edges of a row heaviest first."""

    problem: BMatching
    order: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: NDArray[np.int32]
    row: NDArray[np.int32]
    start: NDArray[np.int64]

    @classmethod
    def of(cls, problem: BMatching) -> _Bidding:
        """Sort the edges, and give each column as many places for bids as it can use."""
        order = _by_weight(problem.indptr, problem.weight)
        degree = np.bincount(problem.column, minlength=len(problem.column_capacity))
        start = np.zeros(len(problem.column_capacity) + 1, dtype=np.int64)
        np.cumsum(np.minimum(problem.column_capacity, degree), out=start[1:])
        return cls(
            problem=problem,
            order=order,
            column=problem.column[order],
            weight=problem.weight[order],
            row=problem.row,
            start=start,
        )

    def phases(
        self, price: NDArray[np.int64], step: int, final: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
        """Run with finer and finer steps down to `final`, each from a margin below the last."""
        while True:
            answer = self.run(price, step)
            if step <= final:
                return answer
            price = np.maximum(answer[1] - MARGIN * step, 0)
            step = max(final, step // FINER)

    def run(
        self, price: NDArray[np.int64], epsilon: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
        """Return which edges are taken, the prices, and the room left in priced columns."""
        problem = self.problem
        taken, found = _bid(
            problem.indptr,
            self.column,
            self.weight,
            self.row,
            problem.row_capacity.astype(np.int64),
            self.start,
            problem.column_capacity.astype(np.int64),
            problem.first_bonus,
            price,
            epsilon,
        )
        is_taken = np.zeros(len(self.order), dtype=np.bool_)
        is_taken[self.order] = taken
        load = np.bincount(problem.column[is_taken], minlength=len(found))
        return is_taken, found, np.where(found > 0, problem.column_capacity - load, 0)


@jit
def _by_weight(indptr: NDArray[np.int64], weight: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the edges of each row, heaviest first; equal weights keep their order."""
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
def _push(
    bid: NDArray[np.int64],
    edge: NDArray[np.int32],
    low: int,
    size: int,
    new_bid: int,
    new_edge: int,
) -> None:
    """Add a bid to the min-heap ``bid[low:low + size]``; equal bids order by edge."""
    at = size
    while at > 0:
        parent = (at - 1) // 2
        if bid[low + parent] < new_bid or (
            bid[low + parent] == new_bid and edge[low + parent] < new_edge
        ):
            break
        bid[low + at] = bid[low + parent]
        edge[low + at] = edge[low + parent]
        at = parent
    bid[low + at] = new_bid
    edge[low + at] = new_edge


@jit
def _replace_least(
    bid: NDArray[np.int64],
    edge: NDArray[np.int32],
    low: int,
    size: int,
    new_bid: int,
    new_edge: int,
) -> None:
    """Put a bid in the place of the lowest of the min-heap ``bid[low:low + size]``."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            bid[low + right] < bid[low + child]
            or (bid[low + right] == bid[low + child] and edge[low + right] < edge[low + child])
        ):
            child = right
        if bid[low + child] > new_bid or (
            bid[low + child] == new_bid and edge[low + child] > new_edge
        ):
            break
        bid[low + at] = bid[low + child]
        edge[low + at] = edge[low + child]
        at = child
    bid[low + at] = new_bid
    edge[low + at] = new_edge


@jit
def _bid(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    weight: NDArray[np.int32],
    edge_row: NDArray[np.int32],
    row_capacity: NDArray[np.int64],
    start: NDArray[np.int64],
    full_capacity: NDArray[np.int64],
    first_bonus: NDArray[np.int64],
    start_price: NDArray[np.int64],
    epsilon: int,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Run the auction; return which edges are taken, and the prices.

    Edges of a row are given heaviest first.
    """
    n_rows, n_columns = len(row_capacity), len(full_capacity)
    is_taken = np.zeros(len(column), dtype=np.bool_)
    held = np.zeros(n_rows, dtype=np.int64)
    price = start_price.copy()
    filled = np.zeros(n_columns, dtype=np.int64)
    bid = np.empty(start[-1], dtype=np.int64)
    bid_edge = np.empty(start[-1], dtype=np.int32)
    top = np.int64(0)
    for e in range(len(weight)):
        top = max(top, np.int64(weight[e]))
    for r in range(n_rows):
        top = max(top, first_bonus[r])
    for c in range(n_columns):
        if full_capacity[c] <= 0:
            price[c] = 2 * top  # nobody can pay it, and it costs the bound nothing
    most = np.int64(1)
    for r in range(n_rows):
        most = max(most, row_capacity[r])
    best_net = np.empty(most + 1, dtype=np.int64)
    best_edge = np.empty(most + 1, dtype=np.int64)
    # A ring of rows that want more; a row stands in it once at most.
    queue = np.arange(n_rows, dtype=np.int64)
    waits = np.ones(n_rows, dtype=np.bool_)
    head, length = 0, n_rows
    while length > 0:
        row = queue[head]
        head = head + 1 if head + 1 < n_rows else 0
        length -= 1
        waits[row] = False
        wanted = row_capacity[row] - held[row]
        if wanted <= 0:
            continue
        # The `wanted` best free edges and the next one, best first.
        size = 0
        for e in range(indptr[row], indptr[row + 1]):
            # Edges come heaviest first and prices only take away.
            if size > wanted and weight[e] <= best_net[size - 1]:
                break
            if is_taken[e]:
                continue
            net = weight[e] - price[column[e]]
            if size <= wanted:
                at = size
                size += 1
            elif net > best_net[size - 1]:
                at = size - 1
            else:
                continue
            while at > 0 and best_net[at - 1] < net:
                best_net[at] = best_net[at - 1]
                best_edge[at] = best_edge[at - 1]
                at -= 1
            best_net[at] = net
            best_edge[at] = e
        if size == 0:
            continue
        if best_net[0] <= 0:
            # Nothing pays for itself: only a first edge may still be worth its bonus.
            if held[row] > 0 or best_net[0] + first_bonus[row] <= 0:
                continue
            wanted = 1
            next_best = -first_bonus[row]
            if size > 1:
                next_best = max(next_best, best_net[1])
        else:
            next_best = np.int64(0)
            if size > wanted:
                next_best = max(next_best, best_net[wanted])
        for i in range(min(wanted, size)):
            net = best_net[i]
            if net <= 0 and i > 0:
                break
            e = best_edge[i]
            c = column[e]
            offered = price[c] + net - next_best + epsilon
            low, room = start[c], start[c + 1] - start[c]
            is_taken[e] = True
            held[row] += 1
            if filled[c] < room:
                _push(bid, bid_edge, low, filled[c], offered, e)
                filled[c] += 1
            else:
                loser = bid_edge[low]
                _replace_least(bid, bid_edge, low, room, offered, e)
                is_taken[loser] = False
                other = edge_row[loser]
                held[other] -= 1
                if not waits[other]:
                    tail = head + length
                    queue[tail if tail < n_rows else tail - n_rows] = other
                    waits[other] = True
                    length += 1
            if filled[c] == full_capacity[c]:
                price[c] = max(price[c], bid[low])
    return is_taken, price
