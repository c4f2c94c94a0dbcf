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

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.ragged import NOTHING
from matchmaker.solvers.heap import push, replace_least
from matchmaker.solvers.layout import ColumnUnits, EdgeGroups, Edges, Rows

__all__ = ["bid"]


class _State(NamedTuple):
    """What is held and asked at the moment."""

    is_taken: NDArray[np.bool_]
    held: NDArray[np.int64]
    price: NDArray[np.int64]


class _Room(NamedTuple):
    """How many edges of each group the row at hand may still take."""

    outer: NDArray[np.int64]
    inner: NDArray[np.int64]


class _Choice(NamedTuple):
    """The edges that a row chooses, their weight less price, and that of what stands in for them."""

    net: NDArray[np.int64]
    edge: NDArray[np.int64]
    instead: NDArray[np.int64]


@jit
def _choose(row: int, wanted: int, edges: Edges, rows: Rows, state: _State, choice: _Choice) -> int:
    """Choose the best free edges of a row without groups, and what it could do instead.

    A row that holds nothing yet earns a bonus with its first edge.  Returns how many edges
    are chosen, `wanted` at most; the first places of `choice` say which.
    """
    column, weight, price, is_taken = edges.column, edges.weight, state.price, state.is_taken
    best_net, best_edge, instead = choice.net, choice.edge, choice.instead
    size = 0
    for e in range(edges.indptr[row], edges.indptr[row + 1]):
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
        bonus = rows.first_bonus[row]
        if state.held[row] > 0 or best_net[0] + bonus <= 0:
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
def _choose_capped(
    row: int,
    wanted: int,
    edges: Edges,
    rows: Rows,
    groups: EdgeGroups,
    state: _State,
    room: _Room,
    choice: _Choice,
) -> int:
    """Choose as `_choose` does, under caps on groups; greedy is exact, the caps are laminar.

    `room` is left as it was.
    """
    bonus = np.int64(0) if state.held[row] > 0 else rows.first_bonus[row]
    if wanted == 1:
        return _choose_one(row, bonus, edges, groups, state, room, choice)
    first, last = edges.indptr[row], edges.indptr[row + 1]
    column, weight, price, is_taken = edges.column, edges.weight, state.price, state.is_taken
    best_net, best_edge, instead = choice.net, choice.edge, choice.instead
    outer, inner, outer_room, inner_room = groups.outer, groups.inner, room.outer, room.inner
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
        if at < 0 or best + (bonus if chosen == 0 else 0) <= 0:
            break
        best_net[chosen], best_edge[chosen] = best, at
        # Only a bare row gets here with a loss.
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
    row: int,
    bonus: np.int64,
    edges: Edges,
    groups: EdgeGroups,
    state: _State,
    room: _Room,
    choice: _Choice,
) -> int:
    """Choose one edge more: the best that the caps allow; what stands in for it is the next."""
    column, weight, price, is_taken = edges.column, edges.weight, state.price, state.is_taken
    outer, inner, outer_room, inner_room = groups.outer, groups.inner, room.outer, room.inner
    best, next_best, at = np.int64(NOTHING), np.int64(NOTHING), np.int64(-1)
    for e in range(edges.indptr[row], edges.indptr[row + 1]):
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
    if at < 0 or best + bonus <= 0:
        return 0
    choice.net[0], choice.edge[0] = best, at
    # Where it pays for itself, it may be dropped for nothing; else only for the bonus lost.
    choice.instead[0] = max(next_best, 0 if best > 0 else -bonus)
    return 1


@jit
def _take_room(row: int, edges: Edges, groups: EdgeGroups, state: _State, room: _Room) -> None:
    """Set the room of the groups of a row: its caps less what it holds, here and beside."""
    cap = groups.outer_cap[row]
    for e in range(edges.indptr[row], edges.indptr[row + 1]):
        room.outer[groups.outer[e]] = cap
        room.inner[groups.inner[e]] = groups.inner_cap
    for h in range(groups.held_outer.shape[1]):
        room.outer[groups.held_outer[row, h]] -= 1  # of group 0, where it holds none, is no edge
        room.inner[groups.held_inner[row, h]] -= 1
    for e in range(edges.indptr[row], edges.indptr[row + 1]):
        if state.is_taken[e]:
            room.outer[groups.outer[e]] -= 1
            room.inner[groups.inner[e]] -= 1


@jit
def _dearest(edges: Edges, rows: Rows) -> np.int64:
    """Return the largest weight or bonus."""
    top = np.int64(0)
    for e in range(len(edges.weight)):
        top = max(top, np.int64(edges.weight[e]))
    for r in range(len(rows.first_bonus)):
        top = max(top, rows.first_bonus[r])
    return top


@jit
def bid(
    edges: Edges,
    rows: Rows,
    columns: ColumnUnits,
    groups: EdgeGroups,
    start_price: NDArray[np.int64],
    epsilon: int,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Run the auction; return which edges are taken, and the prices.

    Parameters
    ----------
    edges : Edges
    rows : Rows
    columns : ColumnUnits
    groups : EdgeGroups
    start_price : int64, shape (n_columns,)
        0 or more.
    epsilon : int
        The least step of a bid, 1 or more, in units of the weights.

    Returns
    -------
    is_taken : bool, shape (n_edges,)
        In the order of `edges`.
    price : int64, shape (n_columns,)
    """
    n_rows, n_columns = len(rows.capacity), len(columns.capacity)
    start, cost, used, width = columns.start, columns.cost, columns.used, columns.width
    lift = columns.lift
    last_step = len(cost) - 1
    filled = np.zeros(n_columns, dtype=np.int64)
    bids = np.empty(start[-1], dtype=np.int64)
    bid_edge = np.empty(start[-1], dtype=np.int32)
    # What the next unit of a column costs, and what has to be outbid there.
    unit = np.empty(n_columns, dtype=np.int64)
    price = np.empty(n_columns, dtype=np.int64)
    top = _dearest(edges, rows)
    for c in range(n_columns):
        unit[c] = max(start_price[c], cost[min(used[c] // width[c], last_step)])
        # Nobody can pay for a column without units, and it costs the bound nothing.
        price[c] = unit[c] if columns.capacity[c] > 0 else 2 * top
    is_taken = np.zeros(len(edges.column), dtype=np.bool_)
    held = np.zeros(n_rows, dtype=np.int64)
    state = _State(is_taken, held, price)
    most = np.int64(1)
    for r in range(n_rows):
        most = max(most, rows.capacity[r])
    choice = _Choice(
        np.empty(most + 1, dtype=np.int64),
        np.empty(most + 1, dtype=np.int64),
        np.empty(most + 1, dtype=np.int64),
    )
    n_outer = groups.outer.max() if len(groups.outer) else 0
    n_inner = groups.inner.max() if len(groups.inner) else 0
    room = _Room(
        np.zeros(n_outer + 1, dtype=np.int64),
        np.zeros(n_inner + 1, dtype=np.int64),
    )
    # A ring of rows that want more; a row stands in it once at most.
    queue = np.arange(n_rows, dtype=np.int64)
    waits = np.ones(n_rows, dtype=np.bool_)
    head, length = 0, n_rows
    while length > 0:
        row = queue[head]
        head = head + 1 if head + 1 < n_rows else 0
        length -= 1
        waits[row] = False
        wanted = rows.capacity[row] - held[row]
        if wanted <= 0:
            continue
        if groups.are_capped:
            _take_room(row, edges, groups, state, room)
            chosen = _choose_capped(row, wanted, edges, rows, groups, state, room, choice)
        else:
            chosen = _choose(row, wanted, edges, rows, state, choice)
        for i in range(chosen):
            e = choice.edge[i]
            c = edges.column[e]
            offered = price[c] + choice.net[i] - choice.instead[i] + epsilon
            low = start[c]
            is_taken[e] = True
            held[row] += 1
            if filled[c] < start[c + 1] - low and (filled[c] == 0 or unit[c] <= bids[low]):
                push(bids, bid_edge, low, filled[c], offered, e)
                filled[c] += 1
                step = min((used[c] + filled[c]) // width[c], last_step)
                unit[c] = max(unit[c], cost[step] + lift[c])
            else:
                loser = bid_edge[low]
                replace_least(bids, bid_edge, low, filled[c], offered, e)
                is_taken[loser] = False
                other = edges.row[loser]
                held[other] -= 1
                if not waits[other]:
                    tail = head + length
                    queue[tail if tail < n_rows else tail - n_rows] = other
                    waits[other] = True
                    length += 1
            if filled[c] == columns.capacity[c]:
                price[c] = max(price[c], bids[low])
            else:
                price[c] = max(price[c], min(unit[c], bids[low]))
    return is_taken, price
