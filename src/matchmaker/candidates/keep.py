"""The k best pairs of one youth, kept in a buffer that is cut back when it is full.

A heap would pay for each pair that comes; the buffer takes it for the price of a store,
and one selection in linear time serves the next k of them.  A pair is better when its net
score (score less price) is greater, then when the mixed hash of its two ids is smaller.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchmaker.hashing import mix
from matchmaker.jit import jit

__all__ = ["LAST_TIE", "Kept", "cut_back", "room_for"]

Number = TypeVar("Number", np.int64, np.uint64)

LAST_TIE = np.uint64(0xFFFF_FFFF_FFFF_FFFF)  # behind every hash, or level with it


@jit
def room_for(k: int) -> int:
    """Return the size of a buffer: twice k, so that a cut is paid for by k pairs.

    Parameters
    ----------
    k : int
        Pairs that are kept.

    Returns
    -------
    int
        Slots.
    """
    return k + max(k, 32)


@jit
def _select(values: NDArray[Number], size: int, wanted: int) -> None:
    """Move to ``values[wanted]`` what sorting the first `size` would put there (Hoare)."""
    low, high = 0, size - 1
    while low < high:
        a, b, c = values[low], values[(low + high) >> 1], values[high]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if wanted <= j:
            high = j
        elif wanted >= i:
            low = i
        else:
            return


class Kept(NamedTuple):
    """The buffer: columns of pairs by slot, the slot of each offer, and room to sort in.

    Attributes
    ----------
    offer, score, wish, rung : ndarray, shape (n_slots,)
        As in `matchmaker.candidates.pairs.Pairs`.
    net : int64, shape (n_slots,)
        Worth less price.
    slot_of : int32, shape (n_offers,)
    nets, ties : int64 and uint64, shape (n_slots,)
        Written over.
    """

    offer: NDArray[np.int32]
    score: NDArray[np.int32]
    wish: NDArray[np.uint8]
    rung: NDArray[np.uint8]
    net: NDArray[np.int64]
    slot_of: NDArray[np.int32]
    nets: NDArray[np.int64]
    ties: NDArray[np.uint64]


@jit
def cut_back(
    k: int, size: int, youth_hash: np.uint64, offer_hash: NDArray[np.uint64], kept: Kept
) -> tuple[np.int64, np.uint64]:
    """Keep the k best of the first ``size > k`` pairs, in the first k slots.

    ``slot_of`` is brought up to date for the offers that stay.

    Parameters
    ----------
    k, size : int
        Pairs to keep; pairs there are.
    youth_hash : uint64
    offer_hash : uint64, shape (n_offers,)
    kept : Kept
        Changed in place.

    Returns
    -------
    net, tie
        Those of the worst pair kept: what is behind them cannot enter any more.
    """
    offer, score, wish, rung = kept.offer, kept.score, kept.wish, kept.rung
    net, slot_of, nets, ties = kept.net, kept.slot_of, kept.nets, kept.ties
    nets[:size] = net[:size]
    _select(nets, size, size - k)
    bar = nets[size - k]
    above = level = 0
    for s in range(size):
        if net[s] > bar:
            above += 1
        elif net[s] == bar:
            ties[level] = mix(youth_hash, offer_hash[offer[s]])
            level += 1
    # Hashes are needed only where scores are equal.
    _select(ties, level, k - above - 1)
    bar_tie = ties[k - above - 1]
    to = 0
    for s in range(size):
        if net[s] > bar or (net[s] == bar and mix(youth_hash, offer_hash[offer[s]]) <= bar_tie):
            offer[to], score[to], wish[to] = offer[s], score[s], wish[s]
            rung[to], net[to] = rung[s], net[s]
            slot_of[offer[to]] = to
            to += 1
    return bar, bar_tie
