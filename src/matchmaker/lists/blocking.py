"""What an assignment costs in stability: its blocking pairs, counted over all eligible pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.allowed import SHUT, AllowedPairs
from matchmaker.ragged import NOTHING

__all__ = ["count_blocking_pairs"]

FIRST_K = 64
DEEPER = 16  # times as many pairs for the youths who have more
CELLS = 1 << 25  # pairs held at a time


def count_blocking_pairs(allowed: AllowedPairs, assigned: Pairs, seats: NDArray[np.int32]) -> int:
    """Return in how many eligible pairs youth and offer would both rather have each other.

    Both rank by score: the youth would have a better offer than its own, or one at all; the
    offer has a free seat, or holds a youth with a lower score.

    Parameters
    ----------
    allowed : AllowedPairs
    assigned : Pairs
        At most one a youth.
    seats : ndarray of int32, shape (n_offers,)

    Returns
    -------
    int
    """
    own = np.zeros(len(assigned.indptr) - 1, dtype=np.int64)
    own[assigned.youth] = assigned.score
    # What an offer would give up: its worst youth where it is full, else nothing.
    load = np.bincount(assigned.offer, minlength=len(seats))
    worst = np.full(len(seats), np.iinfo(np.int64).max)
    np.minimum.at(worst, assigned.offer, assigned.score.astype(np.int64))
    given_up = np.where(load < seats, 0, np.where(seats > 0, worst, SHUT))
    nothing = np.zeros(len(own), dtype=np.int64)
    count, k = 0, FIRST_K
    open_rows = np.arange(len(own), dtype=np.int32)
    while len(open_rows):
        k = min(k, len(seats) + 1)
        unfinished = []
        for start in range(0, len(open_rows), max(1, CELLS // k)):
            who = open_rows[start : start + max(1, CELLS // k)]
            found = allowed.best(k=k, price=given_up, who=who, floor=nothing)
            is_full = found.left != NOTHING
            blocks = found.pairs.score > own[found.pairs.youth]
            count += int((blocks & ~is_full[found.pairs.youth]).sum())
            unfinished.append(np.flatnonzero(is_full).astype(np.int32))
        open_rows = np.concatenate(unfinished)
        k *= DEEPER
    return count
