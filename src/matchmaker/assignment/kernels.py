"""The proposing loops of deferred acceptance, compiled; arrays in, arrays out.

Both run any market whose bounds are *laminar*: a pair applies to a cell, a cell may lie
within a wider node (an offer, an employer), and each node holds at most its capacity.
`tests/oracles/proposals.py` gives equal results by another way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.hashing import mix
from matchmaker.jit import jit

__all__ = ["offers_propose", "youths_propose"]


# Columns of a heap entry: what is compared, in this order, then whose it is.
PRIORITY, TICKET, PAIR, YOUTH = 0, 1, 2, 3
SIGN = np.uint64(1 << 63)


@jit
def _is_behind(a: Any, b: Any) -> bool:
    """Tell whether entry a stands behind b: priority, then lottery, then position."""
    if a[PRIORITY] != b[PRIORITY]:
        return bool(a[PRIORITY] < b[PRIORITY])
    if a[TICKET] != b[TICKET]:
        return bool(a[TICKET] > b[TICKET])
    return bool(a[PAIR] > b[PAIR])


@jit
def _push(heap: Any, size: int, entry: Any) -> None:
    """Add an entry to a heap of `size` entries; its root is the worst one."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if not _is_behind(entry, heap[above]):
            break
        heap[at] = heap[above]
        at = above
    heap[at] = entry


@jit
def _replace_root(heap: Any, size: int, entry: Any) -> None:
    """Put an entry in the place of the root of a heap of `size` entries."""
    at = 0
    while 2 * at + 1 < size:
        low = 2 * at + 1
        if low + 1 < size and _is_behind(heap[low + 1], heap[low]):
            low += 1
        if not _is_behind(heap[low], entry):
            break
        heap[at] = heap[low]
        at = low
    heap[at] = entry


@jit
def youths_propose(
    indptr: NDArray[np.int64],
    cell: NDArray[np.int32],
    priority: NDArray[np.integer[Any]],
    youth_hash: NDArray[np.uint64],
    salt: NDArray[np.uint64],
    parent: NDArray[np.int32],
    capacity: NDArray[np.int64],
    heap_start: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the pair each youth holds in the youth-optimal stable matching, -1 for none.

    Parameters
    ----------
    indptr : int64, shape (n_youths + 1,)
        Pairs of a youth, best first: ``indptr[y]`` to ``indptr[y + 1]``.
    cell : int32, shape (n_pairs,)
        Node that the pair applies to.
    priority : integers, shape (n_pairs,)
        Higher goes first at the cell and at all nodes around it.
    youth_hash : uint64, shape (n_youths,)
        Lottery numbers; the smaller wins among equal priorities.
    salt : uint64, shape (n_nodes,) or (0,)
        Hash mixed in for a lottery of each offer's own; empty for one common lottery.
    parent : int32, shape (n_nodes,)
        The wider node around a node, -1 for none.
    capacity : int64, shape (n_nodes,)
        Most youths a node may hold, those of its inner nodes counted.
    heap_start : int64, shape (n_nodes + 1,)
        Room for each node's heap: for a node that stands alone its capacity (or its number
        of pairs, if smaller), else its number of pairs.

    Returns
    -------
    int64, shape (n_youths,)
        Positions of pairs.

    Notes
    -----
    A youth who is refused goes on with the next pair at once; the order of proposals does
    not change the result (McVitie and Wilson, 1971).  A node over its capacity drops its
    worst pair, the innermost such node first: in a laminar family that is the greedy
    choice, which never takes back what it once refused, hence stability.
    """
    n_youths = len(indptr) - 1
    upcoming = indptr[:-1].copy()
    held = np.full(n_youths, -1, dtype=np.int64)
    count = np.zeros(len(parent), dtype=np.int64)
    size = np.zeros(len(parent), dtype=np.int64)
    heaps = np.empty((heap_start[-1], 4), dtype=np.int64)
    is_alone = parent < 0
    for node in range(len(parent)):
        if parent[node] >= 0:
            is_alone[parent[node]] = False
    # A priority below this is refused at once; known for nodes that stand alone.
    needed = np.full(len(parent), np.iinfo(np.int64).min)
    mine = np.empty(4, dtype=np.int64)
    for first in range(n_youths):
        youth = first
        while upcoming[youth] < indptr[youth + 1]:
            pair = upcoming[youth]
            upcoming[youth] += 1
            here = cell[pair]
            if priority[pair] < needed[here]:
                continue
            ticket = youth_hash[youth]
            if len(salt) > 0:
                ticket = mix(ticket, salt[here])
            mine[PRIORITY], mine[PAIR], mine[YOUTH] = priority[pair], pair, youth
            mine[TICKET] = np.int64(ticket ^ SIGN)  # keeps the order of unsigned numbers

            if is_alone[here] and count[here] >= capacity[here]:
                # The common case, without a detour: the worst one leaves, or the new one.
                if capacity[here] == 0:
                    continue
                heap = heaps[heap_start[here] :]
                if _is_behind(mine, heap[0]):
                    continue
                held[youth] = pair
                youth = heap[0, YOUTH]
                _replace_root(heap, size[here], mine)
                needed[here] = heap[0, PRIORITY]
                held[youth] = -1
                continue

            held[youth] = pair
            full = -1
            node = here
            while node >= 0:
                _push(heaps[heap_start[node] :], size[node], mine)
                size[node] += 1
                count[node] += 1
                if full < 0 and count[node] > capacity[node]:
                    full = node
                node = parent[node]
            if full < 0:
                break
            heap = heaps[heap_start[full] :]
            # Entries of youths who were dropped by another node are passed over here.
            while True:
                lost, youth = heap[0, PAIR], heap[0, YOUTH]
                size[full] -= 1
                mine[:] = heap[size[full]]
                _replace_root(heap, size[full], mine)
                if held[youth] == lost:
                    break
            held[youth] = -1
            node = cell[lost]
            while node >= 0:
                count[node] -= 1
                node = parent[node]
    return held


@jit
def offers_propose(
    n_youths: int,
    offer: NDArray[np.int32],
    youth: NDArray[np.int32],
    capacity: NDArray[np.int64],
    ranking: NDArray[np.int64],
    ranking_start: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the pair each youth holds in the offer-optimal stable matching, -1 for none.

    Parameters
    ----------
    n_youths : int
    offer, youth : int32, shape (n_pairs,)
        Ends of each pair; the pairs of a youth stand together, best first.
    capacity : int64, shape (n_offers,)
    ranking : int64, shape (n_pairs,)
        Pairs by offer, each offer's best first.
    ranking_start : int64, shape (n_offers + 1,)

    Returns
    -------
    int64, shape (n_youths,)
        Positions of pairs.
    """
    n_offers = len(capacity)
    held = np.full(n_youths, -1, dtype=np.int64)
    upcoming = ranking_start[:-1].copy()
    filled = np.zeros(n_offers, dtype=np.int64)
    waiting = np.arange(n_offers)
    is_waiting = np.ones(n_offers, dtype=np.bool_)
    n_waiting = n_offers
    while n_waiting > 0:
        n_waiting -= 1
        here = waiting[n_waiting]
        is_waiting[here] = False
        while filled[here] < capacity[here] and upcoming[here] < ranking_start[here + 1]:
            pair = ranking[upcoming[here]]
            upcoming[here] += 1
            who = youth[pair]
            before = held[who]
            if before >= 0 and before < pair:
                continue
            held[who] = pair
            filled[here] += 1
            if before >= 0:
                left = offer[before]
                filled[left] -= 1
                if not is_waiting[left]:
                    is_waiting[left] = True
                    waiting[n_waiting] = left
                    n_waiting += 1
    return held
