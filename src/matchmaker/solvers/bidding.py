"""The kernel of the auction: rows bid for units of columns until nobody wants to bid.

What a bid may be follows from the alternative.  A row that adds edges to those it holds
could do, instead of each added edge, with the best free edge that may stand in its place,
or with none.  It offers as much as makes both equally good, and epsilon more.  Where caps
on groups restrict a row, what may stand in the place of an edge is any edge that the same
tight cap keeps out: the row's choices form a matroid, there the pairwise exchange is enough
(Murota, Discrete Convex Analysis, 2003, theorem 6.26), and a rise of one price never makes
a row want to give up what it holds elsewhere (gross substitutes).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.solvers.duality import NOTHING
from matchmaker.solvers.heap import push, replace_least
from matchmaker.solvers.problem import Weights

__all__ = ["bid", "by_weight", "local_groups"]


@jit
def by_weight(indptr: NDArray[np.int64], weight: Weights) -> NDArray[np.int64]:
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
def _choose(
    first: int,
    last: int,
    wanted: int,
    column: NDArray[np.int32],
    weight: Weights,
    price: NDArray[np.int64],
    is_taken: NDArray[np.bool_],
    is_bare: bool,
    bonus: int,
    best_net: NDArray[np.int64],
    best_edge: NDArray[np.int64],
    instead: NDArray[np.int64],
) -> int:
    """Choose the best free edges of a row without groups, and what it could do instead.

    Edges ``first`` to ``last`` come heaviest first.  A row that `is_bare` holds nothing yet
    and earns `bonus` with its first edge.  Returns how many edges are chosen; they stand in
    `best_edge`, their weight less price in `best_net`, the alternatives' in `instead`.
    """
    size = 0
    for e in range(first, last):
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
        return 0
    if best_net[0] <= 0:
        # Nothing pays for itself: only a first edge may still be worth its bonus.
        if not is_bare or best_net[0] + bonus <= 0:
            return 0
        instead[0] = -bonus
        if size > 1:
            instead[0] = max(instead[0], best_net[1])
        return 1
    other = np.int64(0)
    if size > wanted:
        other = max(other, best_net[wanted])
    chosen = 0
    while chosen < min(wanted, size) and best_net[chosen] > 0:
        instead[chosen] = other
        chosen += 1
    return chosen


@jit
def local_groups(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    group: NDArray[np.int32],
    held: NDArray[np.int32],
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Give each edge the number of its group within its row, from 1; 0 is a group without edge.

    Returns
    -------
    of_edge : ndarray of uint16, shape (n_edges,)
    of_held : ndarray of uint16, shape (n_rows,)
        Number of the group that the row holds an edge of beside the problem, else 0.
    """
    n_rows = len(indptr) - 1
    number = np.zeros(group.max() + 1 if len(group) else 1, dtype=np.uint16)
    of_edge = np.empty(len(column), dtype=np.uint16)
    of_held = np.zeros(n_rows, dtype=np.uint16)
    for row in range(n_rows):
        size = np.uint16(0)
        for e in range(indptr[row], indptr[row + 1]):
            g = group[column[e]]
            if number[g] == 0:
                size += np.uint16(1)
                number[g] = size
            of_edge[e] = number[g]
        if held[row] >= 0 and held[row] < len(number):
            of_held[row] = number[held[row]]
        for e in range(indptr[row], indptr[row + 1]):
            number[group[column[e]]] = 0
    return of_edge, of_held


@jit
def _choose_nested(
    first: int,
    last: int,
    wanted: int,
    column: NDArray[np.int32],
    weight: Weights,
    price: NDArray[np.int64],
    is_taken: NDArray[np.bool_],
    is_bare: bool,
    bonus: int,
    best_net: NDArray[np.int64],
    best_edge: NDArray[np.int64],
    instead: NDArray[np.int64],
    outer: NDArray[np.uint16],
    inner: NDArray[np.uint16],
    outer_room: NDArray[np.int64],
    inner_room: NDArray[np.int64],
) -> int:
    """Choose as `_choose` does, under caps on groups; greedy is exact, the caps are nested.

    ``outer_room`` and ``inner_room`` say how many edges of each group of the row (numbered
    by `local_groups`) may still be taken; they are left as they were.
    """
    if wanted == 1:
        return _choose_one(
            first, last, column, weight, price, is_taken, is_bare, bonus, best_net, best_edge,
            instead, outer, inner, outer_room, inner_room,
        )  # fmt: skip
    chosen = 0
    while chosen < wanted:
        best, at = np.int64(NOTHING), np.int64(-1)
        for e in range(first, last):
            if weight[e] <= best:
                break
            net = weight[e] - price[column[e]]
            if net <= best or is_taken[e] or outer_room[outer[e]] <= 0 or inner_room[inner[e]] <= 0:
                continue
            is_new = True
            for i in range(chosen):
                is_new = is_new and best_edge[i] != e
            if is_new:
                best, at = net, np.int64(e)
        if at < 0 or best + (bonus if is_bare and chosen == 0 else 0) <= 0:
            break
        best_net[chosen], best_edge[chosen] = best, at
        instead[chosen] = -bonus if best <= 0 else 0
        outer_room[outer[at]] -= 1
        inner_room[inner[at]] -= 1
        chosen += 1
        if best <= 0:
            break
    if chosen == 0:
        return 0
    least = instead[:chosen].min()
    # A row that takes only one losing edge could do with any other one in its place.
    is_full = chosen == wanted or best_net[0] <= 0
    for e in range(first, last):
        if weight[e] <= least:
            break
        net = weight[e] - price[column[e]]
        if net <= least or is_taken[e]:
            continue
        is_free = True
        for i in range(chosen):
            is_free = is_free and best_edge[i] != e
        if not is_free:
            continue
        # The innermost tight cap says which edges this one could stand in for.
        for i in range(chosen):
            mine = best_edge[i]
            if inner_room[inner[e]] <= 0:
                may = inner[mine] == inner[e]
            elif outer_room[outer[e]] <= 0:
                may = outer[mine] == outer[e]
            else:
                may = is_full
            if may and net > instead[i]:
                instead[i] = net
        least = instead[:chosen].min()
    for i in range(chosen):
        outer_room[outer[best_edge[i]]] += 1
        inner_room[inner[best_edge[i]]] += 1
    return chosen


@jit
def _choose_one(
    first: int,
    last: int,
    column: NDArray[np.int32],
    weight: Weights,
    price: NDArray[np.int64],
    is_taken: NDArray[np.bool_],
    is_bare: bool,
    bonus: int,
    best_net: NDArray[np.int64],
    best_edge: NDArray[np.int64],
    instead: NDArray[np.int64],
    outer: NDArray[np.uint16],
    inner: NDArray[np.uint16],
    outer_room: NDArray[np.int64],
    inner_room: NDArray[np.int64],
) -> int:
    """Choose one edge more: the best that the caps allow; what stands in for it is the next."""
    best, next_best, at = np.int64(NOTHING), np.int64(NOTHING), np.int64(-1)
    for e in range(first, last):
        if weight[e] <= next_best:
            break
        net = weight[e] - price[column[e]]
        if (
            net <= next_best
            or is_taken[e]
            or outer_room[outer[e]] <= 0
            or inner_room[inner[e]] <= 0
        ):
            continue
        if net > best:
            best, next_best, at = net, best, np.int64(e)
        else:
            next_best = net
    earned = bonus if is_bare else 0
    if at < 0 or best + earned <= 0:
        return 0
    best_net[0], best_edge[0] = best, at
    # Where it pays for itself, it may be dropped for nothing; else only for the bonus lost.
    instead[0] = 0 if best > 0 else -bonus
    instead[0] = max(instead[0], next_best)
    return 1


@jit
def bid(
    indptr: NDArray[np.int64],
    column: NDArray[np.int32],
    weight: Weights,
    edge_row: NDArray[np.int32],
    row_capacity: NDArray[np.int64],
    start: NDArray[np.int64],
    capacity: NDArray[np.int64],
    first_bonus: NDArray[np.int64],
    cost: NDArray[np.int64],
    width: NDArray[np.int32],
    used: NDArray[np.int32],
    is_nested: bool,
    outer: NDArray[np.uint16],
    inner: NDArray[np.uint16],
    outer_cap: int,
    inner_cap: int,
    held_outer: NDArray[np.uint16],
    held_inner: NDArray[np.uint16],
    start_price: NDArray[np.int64],
    epsilon: int,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Run the auction; return which edges are taken, and the prices.

    Edges of a row are given heaviest first; ``start`` says where the places for each
    column's bids begin.  Groups are those of `local_groups`, read only where the problem
    `is_nested`.
    """
    n_rows, n_columns = len(row_capacity), len(capacity)
    last_step = len(cost) - 1
    is_taken = np.zeros(len(column), dtype=np.bool_)
    held = np.zeros(n_rows, dtype=np.int64)
    filled = np.zeros(n_columns, dtype=np.int64)
    bids = np.empty(start[-1], dtype=np.int64)
    bid_edge = np.empty(start[-1], dtype=np.int32)
    top = np.int64(0)
    for e in range(len(weight)):
        top = max(top, np.int64(weight[e]))
    for r in range(n_rows):
        top = max(top, first_bonus[r])
    # What the next unit of a column costs, and what has to be outbid there.
    unit = np.empty(n_columns, dtype=np.int64)
    price = np.empty(n_columns, dtype=np.int64)
    for c in range(n_columns):
        unit[c] = max(start_price[c], cost[min(used[c] // width[c], last_step)])
        # Nobody can pay for a column without units, and it costs the bound nothing.
        price[c] = unit[c] if capacity[c] > 0 else 2 * top
    most = np.int64(1)
    for r in range(n_rows):
        most = max(most, row_capacity[r])
    best_net = np.empty(most + 1, dtype=np.int64)
    best_edge = np.empty(most + 1, dtype=np.int64)
    instead = np.empty(most + 1, dtype=np.int64)
    # What each group of the row at hand has room for.
    outer_room = np.full((outer.max() if len(outer) else 0) + 1, outer_cap, dtype=np.int64)
    inner_room = np.full((inner.max() if len(inner) else 0) + 1, inner_cap, dtype=np.int64)
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
        if is_nested:
            first, last = indptr[row], indptr[row + 1]
            outer_room[held_outer[row]] -= 1
            inner_room[held_inner[row]] -= 1
            outer_room[0], inner_room[0] = outer_cap, inner_cap
            for e in range(first, last):
                if is_taken[e]:
                    outer_room[outer[e]] -= 1
                    inner_room[inner[e]] -= 1
            chosen = _choose_nested(
                first, last, wanted, column, weight, price, is_taken,
                held[row] == 0, first_bonus[row], best_net, best_edge, instead,
                outer, inner, outer_room, inner_room,
            )  # fmt: skip
            for e in range(first, last):
                outer_room[outer[e]], inner_room[inner[e]] = outer_cap, inner_cap
        else:
            chosen = _choose(
                indptr[row], indptr[row + 1], wanted, column, weight, price, is_taken,
                held[row] == 0, first_bonus[row], best_net, best_edge, instead,
            )  # fmt: skip
        for i in range(chosen):
            e = best_edge[i]
            c = column[e]
            offered = price[c] + best_net[i] - instead[i] + epsilon
            low = start[c]
            is_taken[e] = True
            held[row] += 1
            if filled[c] < start[c + 1] - low and (filled[c] == 0 or unit[c] <= bids[low]):
                push(bids, bid_edge, low, filled[c], offered, e)
                filled[c] += 1
                step = min((used[c] + filled[c]) // width[c], last_step)
                unit[c] = max(unit[c], cost[step])
            else:
                loser = bid_edge[low]
                replace_least(bids, bid_edge, low, filled[c], offered, e)
                is_taken[loser] = False
                other = edge_row[loser]
                held[other] -= 1
                if not waits[other]:
                    tail = head + length
                    queue[tail if tail < n_rows else tail - n_rows] = other
                    waits[other] = True
                    length += 1
            if filled[c] == capacity[c]:
                price[c] = max(price[c], bids[low])
            else:
                price[c] = max(price[c], min(unit[c], bids[low]))
    return is_taken, price
