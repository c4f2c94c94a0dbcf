"""What a sharing-out has to keep to: how much, of what, and what is out of the question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Bands, Pairs
from matchmaker.lists.pairing import keep_pairs
from matchmaker.solvers.problem import Nested, UnitCosts

__all__ = ["Excluded", "Terms"]


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
        """Build from pairs in any order, repeats among them."""
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
        """Return `pairs` less these."""
        if len(self.key) == 0:  # the common case, and a copy saved
            return pairs
        return keep_pairs(pairs, ~self.holds(pairs))

    def holds(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Tell which of `pairs` are among these."""
        if len(self.key) == 0:
            return np.zeros(len(pairs), dtype=bool)
        key = pairs.youth.astype(np.int64) * self.n_offers + pairs.offer
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return np.asarray(self.key[at] == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one sharing-out.

    Attributes
    ----------
    youth_capacity : ndarray of int32, shape (n_youths,)
        Longest list of each youth.
    offer_capacity : ndarray of int32, shape (n_offers,)
        In how many more lists each offer may stand.
    excluded : Excluded
    is_fixed : ndarray of bool, shape (n_youths,)
        The youth has a line already, so that a first one earns nothing more.
    nested : Nested or None
        Caps on sectors and employers within a list.
    unit_costs : UnitCosts or None
        What further lists of an offer cost.
    bands : Bands or None
        What a pair is worth, where that is not its score.
    serve_first : bool
        True: as many youths as can be served first; False: the sum alone.
    """

    youth_capacity: NDArray[np.int32]
    offer_capacity: NDArray[np.int32]
    excluded: Excluded
    is_fixed: NDArray[np.bool_]
    nested: Nested | None = None
    unit_costs: UnitCosts | None = None
    bands: Bands | None = None
    serve_first: bool = True
