"""The level that a wish aims at, and which offers lie far above it.

A wish says its level, else its youth does, else the source of the youth: who comes from
Affelnet has left the 3e and aims at levels 3 and 4 (CAP, Bac pro), who comes from Parcoursup
at levels 5 and 6 (BTS, BUT, licence).  An offer is far above the aim two levels higher, and
wherever it lies above all that the source leads to.

Higher education is open to those who have the baccalauréat (code de l'éducation, L612-3): whoever
wishes a CAP or a Bac pro does not enter a BTS, and an offer that leads to Bac+2 or more is none
for that wish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.offer_levels import LOWEST, N_SETS, levels_in

__all__ = ["FAR_ABOVE", "Aims", "aims"]

TOP = 8  # no source leads higher
BAC = 4  # the level that opens the next ones
FAR_ABOVE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """Aims of some wishes.

    Attributes
    ----------
    low, high : ndarray of int64, shape (n_wishes,)
        Levels aimed at, both included; 0 and 0 where nothing tells.
    far : ndarray of int64, shape (n_wishes,)
        The least level that lies far above; `TOP` + 1 where none does.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    far: NDArray[np.int64]

    def apart(self, offered: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return how many levels each offer lies off the aim; 0 where one side is unknown.

        Parameters
        ----------
        offered : ndarray of int, broadcast against the wishes
            Levels of offers, 0 unknown.

        Returns
        -------
        ndarray of int64
        """
        off = np.maximum(np.maximum(self.low - offered, offered - self.high), 0)
        return np.where((self.low == 0) | (np.asarray(offered) == 0), 0, off)

    def apart_of_sets(self) -> NDArray[np.int64]:
        """Return how many levels each set of levels lies off each aim: its nearest one counts.

        Returns
        -------
        ndarray of int64, shape (n_wishes, `matchmaker.reference.offer_levels.N_SETS`)
            0 where one side is unknown.

        Examples
        --------
        >>> one = Aims(low=np.array([4]), high=np.array([4]), far=np.array([6]))
        >>> one.apart_of_sets()[0, [0, 0b100, 0b101]].tolist()  # none; Bac+2; CAP or Bac+2
        [0, 1, 1]
        """
        far = np.full((len(self.low), N_SETS), TOP, dtype=np.int64)
        far[:, LOWEST == 0] = 0
        for bits in np.flatnonzero(LOWEST):
            for level in levels_in(int(bits)):
                far[:, bits] = np.minimum(far[:, bits], self.apart(np.array(level)))
        return far

    def is_far_above(self, offered: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Tell which offers lie far above the aim; an unknown level does not.

        Parameters
        ----------
        offered : ndarray of int, broadcast against the wishes

        Returns
        -------
        ndarray of bool
        """
        is_far: NDArray[np.bool_] = np.asarray(offered) >= self.far
        return is_far

    def is_barred_of_sets(self) -> NDArray[np.bool_]:
        """Tell which sets of levels ask for a baccalauréat that an aim does not.

        Returns
        -------
        ndarray of bool, shape (n_wishes, `matchmaker.reference.offer_levels.N_SETS`)
            False where one side is unknown, and for a set that holds a level below.

        Examples
        --------
        >>> one = Aims(low=np.array([3]), high=np.array([4]), far=np.array([5]))
        >>> one.is_barred_of_sets()[0, [0, 0b100, 0b101]].tolist()  # none; Bac+2; CAP or Bac+2
        [False, True, False]
        """
        is_before = (self.high > 0) & (self.high <= BAC)
        is_after: NDArray[np.bool_] = LOWEST > BAC
        return is_before[:, None] & is_after


def aims(
    wished: NDArray[np.integer],
    own: NDArray[np.integer],
    source: pd.Series,
    source_levels: Mapping[str, Sequence[int]],
) -> Aims:
    """Return the aims of wishes.

    Parameters
    ----------
    wished, own : ndarray of int, shape (n_wishes,)
        Level of the wish and of its youth, 0 unknown.
    source : Series of str, shape (n_wishes,)
        Source of the youth.
    source_levels : mapping of str to (int, int)
        Setting of that name.

    Returns
    -------
    Aims

    Examples
    --------
    >>> found = aims(np.array([0, 4, 4]), np.array([0, 0, 0]),
    ...              pd.Series(["affelnet", "affelnet", ""]), {"affelnet": [3, 4]})
    >>> found.low.tolist(), found.high.tolist(), found.far.tolist()
    ([3, 4, 4], [4, 4, 4], [5, 5, 6])
    """
    code, names = pd.factorize(source)
    known = [source_levels.get(str(name), (0, 0)) for name in names]
    bounds = np.array([*known, (0, 0)], dtype=np.int64)[code]  # a missing source has code -1
    said = np.where(wished > 0, wished, own).astype(np.int64)
    low = np.where(said > 0, said, bounds[:, 0])
    high = np.where(said > 0, said, bounds[:, 1])
    # A source leads as high as the wish itself says, whatever is usual there.
    top = np.where(bounds[:, 1] > 0, np.maximum(bounds[:, 1], high), TOP)
    far = np.where(high > 0, np.minimum(high + FAR_ABOVE, top + 1), TOP + 1)
    return Aims(low=low, high=high, far=far)
