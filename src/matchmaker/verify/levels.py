"""The levels that wishes aim at, derived from the clean tables and the settings alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings

__all__ = ["AimedLevels", "levels_of", "lowest_levels"]

FAR = 2  # levels above the aim
MOST_LEVEL = 8
SAME, UNKNOWN, ONE_APART, FARTHER = range(4)  # of the scale of the criterion "level"
BAC = 4  # code de l'éducation, L612-3: it opens what is above


@dataclass(frozen=True, slots=True, kw_only=True)
class AimedLevels:
    """What each wish aims at.

    Attributes
    ----------
    low, high : ndarray of int64, shape (n_wishes,)
        Levels aimed at, both included; 0 where nothing tells.
    top : ndarray of int64, shape (n_wishes,)
        The highest level that leaves no doubt; 0 where any does.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    top: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        level: NDArray[np.int64],
        own: NDArray[np.int64],
        source: pd.Series,
        settings: Settings,
    ) -> AimedLevels:
        """Derive them.

        Parameters
        ----------
        level, own : ndarray of int64, shape (n_wishes,)
            Of the wish and of its youth, 0 unknown.
        source : Series of str, shape (n_wishes,)
            Of the youth.
        settings : Settings
            ``source_levels`` is read.

        Returns
        -------
        AimedLevels
        """
        low = np.where(level > 0, level, own)
        high, is_silent = low.copy(), low == 0
        top = np.where(is_silent, 0, high + FAR - 1)
        for name, (lowest, highest) in settings.source_levels.items():
            is_its = (source == name).to_numpy(dtype=bool)
            low[is_its & is_silent], high[is_its & is_silent] = lowest, highest
            # The source leads no higher, but where the wish itself does.
            top[is_its] = np.minimum(high + FAR - 1, np.maximum(high, highest))[is_its]
        return cls(low=low, high=high, top=top)

    def holds(self, wish: NDArray[np.int64], offered: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which wishes (by row) aim at the level of the offer beside them, or may.

        Parameters
        ----------
        wish, offered : ndarray of int64, shape (n,)
            Rows of wishes, and levels of offers, 0 unknown.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        low, high = self.low[wish], self.high[wish]
        is_aim: NDArray[np.bool_] = (low <= offered) & (offered <= high)
        is_aim |= (low == 0) | (offered == 0)
        return is_aim

    def apart(self, wish: NDArray[np.int64], offered: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the place in the scale of "level" of the offer beside each wish.

        Parameters
        ----------
        wish : ndarray of int64, shape (n,)
            Rows of wishes.
        offered : ndarray of bool, shape (n, 9)
            Levels of the offers; of several the nearest counts.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        low, high = self.low[wish], self.high[wish]
        off = np.full(len(wish), MOST_LEVEL, dtype=np.int64)
        for level in range(1, MOST_LEVEL + 1):
            its = np.maximum(np.maximum(low - level, level - high), 0)
            off = np.where(offered[:, level], np.minimum(off, its), off)
        step = np.where(off == 0, SAME, np.where(off == 1, ONE_APART, FARTHER))
        return np.where((low == 0) | ~offered.any(axis=1), UNKNOWN, step)

    def may_enter(self, wish: NDArray[np.int64], lowest: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which offers ask for no baccalauréat, or stand beside a wish that does.

        Parameters
        ----------
        wish : ndarray of int64, shape (n,)
            Rows of wishes.
        lowest : ndarray of int64, shape (n,)
            Lowest level that each offer leads to, 0 unknown.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        high = self.high[wish]
        may: NDArray[np.bool_] = (lowest <= BAC) | (high == 0) | (high > BAC)
        return may

    def is_far(self, wish: NDArray[np.int64], offered: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which offers lie far above the wish beside them; parameters as for `holds`."""
        top = self.top[wish]
        is_above: NDArray[np.bool_] = (top > 0) & (offered > top)
        return is_above


def levels_of(offers: pd.DataFrame) -> NDArray[np.bool_]:
    """Return the levels that each offer leads to: the one given, else those read.

    Parameters
    ----------
    offers : DataFrame
        As for `lowest_levels`.

    Returns
    -------
    ndarray of bool, shape (n_offers, 9)

    Examples
    --------
    >>> offers = pd.DataFrame({"level": [4, 0, 0], "levels_read": ["", "5|6", ""]})
    >>> [row.nonzero()[0].tolist() for row in levels_of(offers)]
    [[4], [5, 6], []]
    """
    given = offers["level"].to_numpy(dtype=np.int64)
    known = np.zeros((len(offers), MOST_LEVEL + 1), dtype=bool)
    if "levels_read" in offers:
        code, texts = pd.factorize(offers["levels_read"])
        read = np.array(
            [[str(level) in text.split("|") for level in range(MOST_LEVEL + 1)] for text in texts],
            dtype=bool,
        ).reshape(len(texts), MOST_LEVEL + 1)
        known = read[code]
    known[given > 0] = False
    known[np.arange(len(offers)), given] = True
    known[:, 0] = False
    return known


def lowest_levels(offers: pd.DataFrame) -> NDArray[np.int64]:
    """Return the lowest level that each offer leads to: the one given, else the first one read.

    Parameters
    ----------
    offers : DataFrame
        Clean offers; one without ``levels_read``, of an earlier version, has given levels alone.

    Returns
    -------
    ndarray of int64, shape (n_offers,)
        0 where unknown.

    Examples
    --------
    >>> offers = pd.DataFrame({"level": [4, 0, 0], "levels_read": ["", "5|6", ""]})
    >>> lowest_levels(offers).tolist()
    [4, 5, 0]
    """
    given = offers["level"].to_numpy(dtype=np.int64)
    if "levels_read" not in offers:
        return given
    read = pd.to_numeric(offers["levels_read"].str[:1], errors="coerce").fillna(0)
    return np.where(given > 0, given, read.to_numpy(dtype=np.int64))
