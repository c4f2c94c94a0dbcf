"""Markets of preference lists as arrays, and their stable matching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment.kernels import offers_propose, youths_propose
from matchmaker.assignment.lottery import Lottery, tickets
from matchmaker.assignment.rules import Rules, cells
from matchmaker.errors import UsageError
from matchmaker.hashing import mix
from matchmaker.words import said

__all__ = ["Matching", "Preferences", "order_lists", "stable_matching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Who would take whom, as sparse arrays; one entry a pair that both sides accept.

    Attributes
    ----------
    indptr : int64, shape (n_youths + 1,)
        Pairs of youth y: ``indptr[y]`` to ``indptr[y + 1]``, in the order of their list.
    offer : int32, shape (n_pairs,)
        No offer stands twice in one list.
    tier : int32, shape (n_pairs,)
        Rank as wished, 1 first; equal ranks are ties, here already put in order.
    priority : integers, shape (n_pairs,)
        Standing of the youth at the offer: higher goes first, equal is a tie.
    capacity : int64, shape (n_offers,)
    youth_hash, offer_hash : uint64
        `matchmaker.hashing.hash_ids` of the ids.
    lottery : {"common", "per_offer"}
        How ties of priority are broken.
    """

    indptr: NDArray[np.int64]
    offer: NDArray[np.int32]
    tier: NDArray[np.int32]
    priority: NDArray[np.integer[Any]]
    capacity: NDArray[np.int64]
    youth_hash: NDArray[np.uint64]
    offer_hash: NDArray[np.uint64]
    lottery: Lottery = "common"

    def youth(self) -> NDArray[np.int32]:
        """Return the youth of each pair, shape (n_pairs,).

        Returns
        -------
        ndarray of int32, shape (n_pairs,)
        """
        n_youths = len(self.indptr) - 1
        return np.repeat(np.arange(n_youths, dtype=np.int32), np.diff(self.indptr))

    def tickets(self) -> NDArray[np.uint64]:
        """Return the lottery number of each pair, shape (n_pairs,); the smaller goes first.

        Returns
        -------
        ndarray of uint64, shape (n_pairs,)
        """
        return tickets(self.youth(), self.offer, self.youth_hash, self.offer_hash, self.lottery)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What a solver gives.

    Attributes
    ----------
    pair : int64, shape (n_youths,)
        Position in the preferences of the pair each youth got, -1 for none.
    seat : int16, shape (n_youths,)
        Group whose reserved seat it is, -1 for an open seat (or none).
    """

    pair: NDArray[np.int64]
    seat: NDArray[np.int16]


def order_lists(
    indptr: NDArray[np.int64],
    offer: NDArray[np.int32],
    tier: NDArray[np.int32],
    score: NDArray[np.integer[Any]],
    youth_hash: NDArray[np.uint64],
    offer_hash: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Return the order that puts each youth's pairs best first, shape (n_pairs,).

    By rank wished; ties (unranked wishes) by score, then by the hash of the pair, so that
    neither the order of rows nor the order of ids favours an offer.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_youths + 1,)
    offer, tier, score : ndarray, shape (n_pairs,)
        Row of the offer, rank as wished (1 first), score of the pair.
    youth_hash, offer_hash : ndarray of uint64, shapes (n_youths,) and (n_offers,)

    Returns
    -------
    ndarray of int64, shape (n_pairs,)
        Positions of the pairs.
    """
    youth = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    hashed = mix(youth_hash[youth], offer_hash[offer])
    return np.lexsort((hashed, -score.astype(np.int64), tier, youth))


def stable_matching(
    preferences: Preferences,
    *,
    rules: Rules | None = None,
    proposing: Literal["youths", "offers"] = "youths",
) -> Matching:
    """Return a stable matching by deferred acceptance.

    Parameters
    ----------
    preferences : Preferences
    rules : Rules, optional
        Reserves, quotas and employers' caps.
    proposing : {"youths", "offers"}
        The side for which the matching is the best of all stable ones.

    Returns
    -------
    Matching

    Raises
    ------
    UsageError
        Offers are to propose under rules: which side is served best is then not defined.
    """
    if proposing == "offers":
        if rules is not None:
            raise UsageError(said("assignment.offers_under_rules"))
        return _by_offers(preferences)
    market = cells(
        preferences.indptr, preferences.offer, preferences.priority, preferences.capacity, rules
    )
    salt = np.zeros(0, dtype=np.uint64)
    if preferences.lottery == "per_offer":
        salt = np.zeros(len(market.capacity), dtype=np.uint64)
        salt[market.cell] = preferences.offer_hash[preferences.offer[market.pair]]
    held = youths_propose(
        market.indptr,
        market.cell,
        market.priority,
        preferences.youth_hash,
        salt,
        market.parent,
        market.capacity,
        market.heap_start(),
    )
    is_placed = held >= 0
    pair = np.full(len(held), -1, dtype=np.int64)
    seat = np.full(len(held), -1, dtype=np.int16)
    pair[is_placed] = market.pair[held[is_placed]]
    seat[is_placed] = market.group[market.cell[held[is_placed]]]
    return Matching(pair=pair, seat=seat)


def _by_offers(preferences: Preferences) -> Matching:
    """Rank each offer's pairs and let the offers propose."""
    youth, offer = preferences.youth(), preferences.offer
    ranking = np.lexsort((preferences.tickets(), -preferences.priority.astype(np.int64), offer))
    start = np.concatenate(
        ([0], np.cumsum(np.bincount(offer, minlength=len(preferences.capacity))))
    ).astype(np.int64)
    n_youths = len(preferences.indptr) - 1
    pair = offers_propose(n_youths, offer, youth, preferences.capacity, ranking, start)
    return Matching(pair=pair, seat=np.full(len(pair), -1, dtype=np.int16))
