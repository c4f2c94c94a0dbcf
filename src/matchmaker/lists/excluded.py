"""Pairs that are out of the question, whatever they are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.pairing import keep_pairs

__all__ = ["Excluded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Pairs that are not to be chosen: sent before, or fixed already.

    Attributes
    ----------
    key : ndarray of int64
        ``youth * n_offers + offer`` of each, rising.
    n_offers : int
    """

    key: NDArray[np.int64]
    n_offers: int

    @classmethod
    def of(cls, youth: NDArray[np.int32], offer: NDArray[np.int32], n_offers: int) -> Excluded:
        """Build from pairs in any order, repeats among them.

        Parameters
        ----------
        youth, offer : ndarray of int32, shape (n,)
            Rows of the two tables.
        n_offers : int

        Returns
        -------
        Excluded
        """
        return cls(key=np.unique(youth.astype(np.int64) * n_offers + offer), n_offers=n_offers)

    def __or__(self, other: Excluded) -> Excluded:
        return Excluded(key=np.union1d(self.key, other.key), n_offers=self.n_offers)

    @property
    def most(self) -> int:
        """Most pairs of one youth."""
        if len(self.key) == 0:
            return 0
        return int(np.unique(self.key // self.n_offers, return_counts=True)[1].max())

    def without(self, pairs: Pairs) -> Pairs:
        """Return `pairs` less these.

        Parameters
        ----------
        pairs : Pairs

        Returns
        -------
        Pairs
        """
        if len(self.key) == 0:  # the common case, and a copy saved
            return pairs
        return keep_pairs(pairs, ~self.holds(pairs))

    def holds(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Tell which of `pairs` are among these.

        Parameters
        ----------
        pairs : Pairs

        Returns
        -------
        ndarray of bool, shape (n_pairs,)
        """
        if len(self.key) == 0:
            return np.zeros(len(pairs), dtype=bool)
        key = pairs.youth.astype(np.int64) * self.n_offers + pairs.offer
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return np.asarray(self.key[at] == key)
