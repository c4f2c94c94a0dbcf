"""Min-heaps of bids, many of them side by side in two flat arrays: the bid and its edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit

__all__ = ["push", "replace_least"]


@jit
def push(
    bids: NDArray[np.int64],
    edge: NDArray[np.int32],
    low: int,
    size: int,
    new_bid: int,
    new_edge: int,
) -> None:
    """Add a bid to the min-heap ``bids[low:low + size]``; equal bids order by edge.

    Parameters
    ----------
    bids, edge : int64 and int32, shape (n,)
        Heaps side by side; changed in place.
    low, size : int
        Where the heap begins, and bids in it; there is room for one more.
    new_bid, new_edge : int
    """
    at = size
    while at > 0:
        parent = (at - 1) // 2
        if bids[low + parent] < new_bid or (
            bids[low + parent] == new_bid and edge[low + parent] < new_edge
        ):
            break
        bids[low + at] = bids[low + parent]
        edge[low + at] = edge[low + parent]
        at = parent
    bids[low + at] = new_bid
    edge[low + at] = new_edge


@jit
def replace_least(
    bids: NDArray[np.int64],
    edge: NDArray[np.int32],
    low: int,
    size: int,
    new_bid: int,
    new_edge: int,
) -> None:
    """Put a bid in the place of the lowest of the min-heap ``bids[low:low + size]``.

    Parameters
    ----------
    bids, edge, low, size, new_bid, new_edge
        As for `push`; `size` is 1 or more.
    """
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            bids[low + right] < bids[low + child]
            or (bids[low + right] == bids[low + child] and edge[low + right] < edge[low + child])
        ):
            child = right
        if bids[low + child] > new_bid or (
            bids[low + child] == new_bid and edge[low + child] > new_edge
        ):
            break
        bids[low + at] = bids[low + child]
        edge[low + at] = edge[low + child]
        at = child
    bids[low + at] = new_bid
    edge[low + at] = new_edge
