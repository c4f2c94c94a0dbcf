"""The eligible pairs that the terms of a sharing-out allow, as an engine finds them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine, Found
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, Skip
from matchmaker.lists.pairing import merge_pairs
from matchmaker.lists.terms import Terms

__all__ = ["SHUT", "AllowedPairs"]

LEAVING = 4  # pairs a youth that the search of the cut asks for at a time; 2 or more
SHUT = 1 << 60  # a price that no pair can pay


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedPairs:
    """An engine under terms: worth by their bands, and without the pairs that they exclude.

    Attributes
    ----------
    engine : Engine
    terms : Terms
    """

    engine: Engine
    terms: Terms

    @property
    def market(self) -> Market:
        """The engine's market."""
        return self.engine.market

    def best(
        self,
        *,
        k: int,
        price: NDArray[np.int64] | None = None,
        who: NDArray[np.int32] | None = None,
        skip: Skip | None = None,
        floor: NDArray[np.int64] | None = None,
        outside: int = 0,
    ) -> Found:
        """Return the best k allowed pairs of each youth, or a few more.

        Parameters as for `matchmaker.candidates.engine.Engine.best`.

        Parameters
        ----------
        k, price, who, skip, floor, outside
            As for `matchmaker.candidates.engine.Engine.best`.

        Returns
        -------
        Found
        """
        excluded = self.terms.excluded
        # More than asked for, since the excluded ones are taken out again.
        found = self.engine.best(
            k=k + excluded.most,
            price=price,
            who=who,
            skip=skip,
            floor=floor,
            bands=self.terms.bands,
            outside=outside + excluded.most if outside else 0,
        )
        return replace(
            found,
            pairs=excluded.without(found.pairs),
            outside_pairs=excluded.without(found.outside_pairs),
        )

    def among(self, offers: NDArray[np.bool_]) -> AllowedPairs:
        """Return the same of some offers alone.

        Parameters
        ----------
        offers : ndarray of bool, shape (n_offers,)

        Returns
        -------
        AllowedPairs
        """
        return replace(self, engine=self.engine.among(offers))

    def first(self, *, k: int, spare: int) -> Pairs:
        """Return the pairs that a sharing-out begins with: the best k, and some of elsewhere.

        Where sectors are capped, `spare` pairs outside the sector that fills the best k.

        Parameters
        ----------
        k, spare : int
            Pairs a youth; those outside its main sector.

        Returns
        -------
        Pairs
        """
        found = self.best(k=k, outside=spare if self.terms.has_sector_cap else 0)
        if not self.terms.has_sector_cap:
            return found.pairs
        return merge_pairs(found.pairs, found.outside_pairs)

    def leaving(self, rows: NDArray[np.int32], is_reached: NDArray[np.bool_]) -> Pairs:
        """Return some allowed pairs of some youths with offers that are not reached.

        Parameters
        ----------
        rows : ndarray of int32, shape (n,)
            Rows of youths.
        is_reached : ndarray of bool, shape (n_offers,)

        Returns
        -------
        Pairs
        """
        excluded = self.terms.excluded
        found = self.engine.best(
            k=LEAVING + excluded.most,
            price=np.where(is_reached, SHUT, 0).astype(np.int64),
            floor=np.full(len(self.market.youth_hash), -(SHUT // 2), dtype=np.int64),
            who=rows,
        )
        return excluded.without(found.pairs)

    def worth(self, pairs: Pairs) -> NDArray[np.int64]:
        """Return what each pair is worth before prices, as a new array.

        Parameters
        ----------
        pairs : Pairs

        Returns
        -------
        ndarray of int64, shape (n_pairs,)
        """
        bands = self.terms.bands
        return pairs.score.astype(np.int64) if bands is None else bands.worth(pairs.score)

    def weight(self, pairs: Pairs) -> NDArray[np.int32] | NDArray[np.int64]:
        """Return the same for a solver: half the size where it is the score.

        Parameters
        ----------
        pairs : Pairs

        Returns
        -------
        ndarray of int32 or int64, shape (n_pairs,)
        """
        return pairs.score if self.terms.bands is None else self.worth(pairs)
