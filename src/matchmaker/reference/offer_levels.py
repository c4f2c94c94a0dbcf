"""Levels of offers as sets: one bit a level, and one that says that they were read from words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["LOWEST", "N_SETS", "READ", "level_bits", "levels_in"]

FIRST = 3  # the level of bit 0
_LEVELS = range(FIRST, 9)
READ = 1 << len(_LEVELS)
"""Bit of levels that were read from title or text, and not given."""
N_SETS = 2 * READ


def levels_in(bits: int) -> tuple[int, ...]:
    """Return the levels of a set, rising.

    Examples
    --------
    >>> levels_in(0b1100), levels_in(READ | 0b1), levels_in(0)
    ((5, 6), (3,), ())
    """
    return tuple(level for level in _LEVELS if bits >> (level - FIRST) & 1)


LOWEST = np.array([min(levels_in(bits), default=0) for bits in range(N_SETS)], dtype=np.int8)
"""Lowest level of each set, 0 for none."""


def level_bits(offers: pd.DataFrame) -> NDArray[np.uint8]:
    """Return the set of levels of each offer: the one given, else those read.

    Parameters
    ----------
    offers : DataFrame, n rows
        Clean offers: ``level``, and ``levels_read`` where words were read.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Bit ``level - 3`` for each level, and `READ`; 0 for unknown.

    Examples
    --------
    >>> offers = pd.DataFrame({"level": [4, 0, 0], "levels_read": ["", "5|6", ""]})
    >>> [levels_in(bits) for bits in level_bits(offers)]
    [(4,), (5, 6), ()]
    """
    level = offers["level"].to_numpy(dtype=np.int64)
    bits = np.where(level >= FIRST, 1 << np.maximum(level - FIRST, 0), 0)
    if "levels_read" in offers.columns:
        code, texts = pd.factorize(offers["levels_read"])
        read = np.array([_bits_of(text) for text in texts], dtype=np.int64)[code]
        bits = np.where(bits == 0, read, bits)
    return bits.astype(np.uint8)


def _bits_of(text: str) -> int:
    levels = {int(level) for level in text.split("|") if level}
    return sum(1 << (level - FIRST) for level in levels) | (READ if levels else 0)
