"""Sets of pairs: some of them, and two of them as one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.jit import jit
from matchmaker.ragged import NOTHING

__all__ = ["keep_pairs", "kth_best", "merge_pairs", "no_pairs"]


def keep_pairs(pairs: Pairs, keep: NDArray[np.bool_]) -> Pairs:
    """Return the pairs where `keep` is true.

    Parameters
    ----------
    pairs : Pairs
    keep : ndarray of bool, shape (n_pairs,)

    Returns
    -------
    Pairs
    """
    before = np.zeros(len(keep) + 1, dtype=np.int64)
    np.cumsum(keep, out=before[1:])
    return Pairs(
        indptr=before[pairs.indptr],
        offer=pairs.offer[keep],
        score=pairs.score[keep],
        wish=pairs.wish[keep],
        rung=pairs.rung[keep],
    )


def no_pairs(n_youths: int) -> Pairs:
    """Return no pair of so many youths.

    Parameters
    ----------
    n_youths : int

    Returns
    -------
    Pairs
    """
    return Pairs(
        indptr=np.zeros(n_youths + 1, dtype=np.int64),
        offer=np.zeros(0, dtype=np.int32),
        score=np.zeros(0, dtype=np.int32),
        wish=np.zeros(0, dtype=np.uint8),
        rung=np.zeros(0, dtype=np.uint8),
    )


def merge_pairs(pairs: Pairs, fresh: Pairs) -> Pairs:
    """Return both sets of pairs as one, each (youth, offer) once; both score it the same.

    Parameters
    ----------
    pairs, fresh : Pairs
        Of the same youths.

    Returns
    -------
    Pairs
    """
    indptr, at = _merged(pairs.indptr, pairs.offer, fresh.indptr, fresh.offer)
    old, new = at[at >= 0], ~at[at < 0]
    is_old = at >= 0

    def column(mine: NDArray[np.generic], other: NDArray[np.generic]) -> NDArray[np.generic]:
        both = np.empty(len(at), dtype=mine.dtype)
        both[is_old] = mine[old]
        both[~is_old] = other[new]
        return both

    return Pairs(
        indptr=indptr,
        offer=column(pairs.offer, fresh.offer).astype(np.int32, copy=False),
        score=column(pairs.score, fresh.score).astype(np.int32, copy=False),
        wish=column(pairs.wish, fresh.wish).astype(np.uint8, copy=False),
        rung=column(pairs.rung, fresh.rung).astype(np.uint8, copy=False),
    )


@jit
def _merged(
    indptr: NDArray[np.int64],
    offer: NDArray[np.int32],
    other_indptr: NDArray[np.int64],
    other_offer: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Merge rows of rising offers; entry i of the first set is i, of the second ~i."""
    n_rows = len(indptr) - 1
    at = np.empty(len(offer) + len(other_offer), dtype=np.int64)
    merged = np.zeros(n_rows + 1, dtype=np.int64)
    n = 0
    for row in range(n_rows):
        i, j = indptr[row], other_indptr[row]
        end, other_end = indptr[row + 1], other_indptr[row + 1]
        while i < end or j < other_end:
            if j == other_end or (i < end and offer[i] <= other_offer[j]):
                if j < other_end and offer[i] == other_offer[j]:
                    j += 1
                at[n] = i
                i += 1
            else:
                at[n] = ~j
                j += 1
            n += 1
        merged[row + 1] = n
    return merged, at[:n].copy()


@jit
def kth_best(indptr: NDArray[np.int64], net: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return the k-th best value of each row; `NOTHING` where a row has fewer.

    Parameters
    ----------
    indptr : int64, shape (n_rows + 1,)
    net : int64, shape (n,)
    k : int
        1 or more.

    Returns
    -------
    int64, shape (n_rows,)
    """
    bar = np.full(len(indptr) - 1, NOTHING, dtype=np.int64)
    for row in range(len(indptr) - 1):
        low, high = indptr[row], indptr[row + 1]
        if high - low >= k:
            bar[row] = np.partition(net[low:high], high - low - k)[high - low - k]
    return bar
