"""Rows of different lengths in flat arrays, and what stands for no entry in a row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["NOTHING", "expand"]

NOTHING = -(1 << 61)  # the net worth of what does not exist: below any that does


def expand(
    counts: NDArray[np.int64], start: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each row, its number and ``start, start + 1, ...``, `counts` times.

    Parameters
    ----------
    counts, start : ndarray of int64, shape (n_rows,)
        Length of each row, and where it begins in some other flat array.

    Returns
    -------
    row, position : ndarray of int64, shape (counts.sum(),)

    Examples
    --------
    >>> expand(np.array([2, 0, 1]), np.array([5, 9, 7]))
    (array([0, 0, 2]), array([5, 6, 7]))
    """
    row = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    within = np.arange(len(row), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, np.repeat(start, counts).astype(np.int64) + within
