"""The levels that wishes aim at, derived from the clean tables and the settings alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings

__all__ = ["AimedLevels", "levels_named", "lowest_levels"]

FAR = 2  # levels above the aim
TOP = 8
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

    def is_two_off(self, wish: NDArray[np.int64], named: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which offers name no level less than two off the aim beside them, and some level.

        Parameters
        ----------
        wish : ndarray of int64, shape (n,)
            Rows of wishes.
        named : ndarray of bool, shape (n, TOP + 1)
            As `levels_named` gives them.

        Returns
        -------
        ndarray of bool, shape (n,)
            False where one side is unknown.
        """
        low, high = self.low[wish], self.high[wish]
        level = np.arange(TOP + 1)
        is_close = (level > low[:, None] - FAR) & (level < high[:, None] + FAR)
        is_off: NDArray[np.bool_] = (low > 0) & named.any(axis=1) & ~(named & is_close).any(axis=1)
        return is_off

    def is_far(self, wish: NDArray[np.int64], offered: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which offers lie far above the wish beside them; parameters as for `holds`."""
        top = self.top[wish]
        is_above: NDArray[np.bool_] = (top > 0) & (offered > top)
        return is_above


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


def levels_named(offers: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which levels each offer names: the one given, else all that were read.

    Parameters
    ----------
    offers : DataFrame
        As for `lowest_levels`.

    Returns
    -------
    ndarray of bool, shape (n_offers, TOP + 1)

    Examples
    --------
    >>> offers = pd.DataFrame({"level": [4, 0, 0], "levels_read": ["", "5|6", ""]})
    >>> [np.flatnonzero(row).tolist() for row in levels_named(offers)]
    [[4], [5, 6], []]
    """
    given = offers["level"].to_numpy(dtype=np.int64)
    named: NDArray[np.bool_] = given[:, None] == np.arange(TOP + 1)
    named[:, 0] = False
    if "levels_read" in offers:
        for level in range(1, TOP + 1):
            is_read = offers["levels_read"].str.contains(str(level), regex=False).to_numpy(bool)
            named[:, level] |= is_read & (given == 0)
    return named
