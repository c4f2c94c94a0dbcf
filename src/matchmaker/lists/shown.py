"""Published offers that are owed a first list: their pairs, and the proof that no more are shown.

Most youths' best pairs leave out some published offers: nobody has them among the best.  Such
offers are few, and so are their pairs; they are asked for by themselves.  Where the price of an
offer lies below 0, because its first list earns a bonus, a search that skips pairs by their
score could not skip any: there too all pairs of these offers are taken, and everything else is
searched as ever.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.pairing import keep_pairs, merge_pairs, no_pairs
from matchmaker.ragged import NOTHING
from matchmaker.solvers.shown import Edges, is_most_shown

__all__ = ["Asked", "all_pairs", "are_most_shown", "rare_pairs"]

RARE = 10  # pairs at hand, below which an offer is asked for by itself ...
ENOUGH = 8  # ... and so many of its pairs are taken to begin with
FIRST_LOOK = 64  # pairs a youth of some offers: enough for nearly all ...
DEEPER = 8  # ... and so many times more for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All allowed pairs of some offers.

    Attributes
    ----------
    offers : ndarray of bool, shape (n_offers,)
    pairs : Pairs
    """

    offers: NDArray[np.bool_]
    pairs: Pairs

    @classmethod
    def nothing(cls, allowed: AllowedPairs) -> Asked:
        """Return what is known before anything was asked for.

        Parameters
        ----------
        allowed : AllowedPairs

        Returns
        -------
        Asked
        """
        none = np.zeros(len(allowed.terms.offer_capacity), dtype=bool)
        return cls(offers=none, pairs=no_pairs(len(allowed.terms.youth_capacity)))

    def and_of(self, offers: NDArray[np.bool_], allowed: AllowedPairs) -> Asked:
        """Return the same with the pairs of some more offers.

        Parameters
        ----------
        offers : ndarray of bool, shape (n_offers,)
        allowed : AllowedPairs

        Returns
        -------
        Asked
        """
        new = offers & ~self.offers
        if not new.any():
            return self
        return Asked(
            offers=self.offers | new, pairs=merge_pairs(self.pairs, all_pairs(allowed, new))
        )

    def of(self, offers: NDArray[np.bool_]) -> Pairs:
        """Return the known pairs of some offers.

        Parameters
        ----------
        offers : ndarray of bool, shape (n_offers,)

        Returns
        -------
        Pairs
        """
        return keep_pairs(self.pairs, offers[self.pairs.offer])


def all_pairs(allowed: AllowedPairs, offers: NDArray[np.bool_]) -> Pairs:
    """Return all allowed pairs of some offers.

    Parameters
    ----------
    allowed : AllowedPairs
    offers : ndarray of bool, shape (n_offers,)

    Returns
    -------
    Pairs
    """
    some = allowed.among(offers)
    found = some.best(k=FIRST_LOOK)
    pairs, k = found.pairs, FIRST_LOOK
    who = np.flatnonzero(found.left != NOTHING).astype(np.int32)
    while len(who):
        k *= DEEPER
        found = some.best(k=k, who=who)
        pairs = merge_pairs(pairs, found.pairs)
        who = who[found.left[who] != NOTHING]
    return pairs


def rare_pairs(allowed: AllowedPairs, pairs: Pairs) -> tuple[Asked, Pairs]:
    """Return pairs with the best ones of those offers to show that have few among them.

    Parameters
    ----------
    allowed : AllowedPairs
    pairs : Pairs

    Returns
    -------
    Asked
        All pairs of these offers.
    Pairs
    """
    terms, asked = allowed.terms, Asked.nothing(allowed)
    if terms.to_show is None:
        return asked, pairs
    count = np.bincount(pairs.offer, minlength=len(terms.to_show))
    asked = asked.and_of(terms.to_show & (count < RARE), allowed)
    return asked, merge_pairs(pairs, _best_of_offers(asked.pairs, pairs, terms.longest_list))


def _best_of_offers(pairs: Pairs, others: Pairs, longest: int) -> Pairs:
    """Return the pairs of each offer that cost its youths least: what they would give up for it."""
    count = np.diff(others.indptr)
    given_up = np.zeros(len(count), dtype=np.int64)
    for youth in np.unique(pairs.youth[count[pairs.youth] >= longest]):
        score = others.score[others.indptr[youth] : others.indptr[youth + 1]]
        given_up[youth] = np.partition(score, len(score) - longest)[len(score) - longest]
    order = np.lexsort((pairs.youth, given_up[pairs.youth] - pairs.score, pairs.offer))
    offer = pairs.offer[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = offer[1:] != offer[:-1]
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    keep = np.zeros(len(order), dtype=bool)
    keep[order] = np.arange(len(order)) - start < ENOUGH
    return keep_pairs(pairs, keep)


def are_most_shown(allowed: AllowedPairs, chosen: Pairs, asked: Asked) -> tuple[bool, Asked]:
    """Tell whether no lists show more of the offers that are to be shown.

    Parameters
    ----------
    allowed : AllowedPairs
    chosen : Pairs
        The lines.
    asked : Asked

    Returns
    -------
    bool
    Asked
        With the pairs of all offers that the search came by.
    """
    terms, known = allowed.terms, [asked]
    if terms.to_show is None:
        return True, asked
    load = np.bincount(chosen.offer, minlength=len(terms.to_show))
    unshown = terms.to_show & (load == 0)

    def edges_of(offers: NDArray[np.bool_]) -> Edges:
        known.append(known[-1].and_of(offers, allowed))
        pairs = known[-1].of(offers)
        return pairs.youth, pairs.offer

    at = np.unique(chosen.offer, return_index=True)[1]
    at = at[terms.to_show[chosen.offer[at]]]
    is_most = is_most_shown(
        unshown,
        (chosen.youth[at], chosen.offer[at]),
        terms.youth_capacity,
        terms.laminar_caps,
        edges_of,
    )
    return is_most, known[-1]
