"""The order of the lines inside a list.

It is one key: what an adviser said, the doubt, the worth, then the hash; and among lines of the same doubt and
of wishes of the same rank published offers come before all others.  So that this last rule
moves no other line, lines keep among themselves the places that their rank of wish has by
worth: the best of these places goes to the best published offer.

The order decides nothing else: which lines a list has, and their scores, are settled before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import Pairs
from matchmaker.hashing import mix

__all__ = ["Order", "in_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Places of lines in their lists.

    Attributes
    ----------
    rank : ndarray of int16, shape (n_lines,)
        1 first.
    would_be_first : ndarray of bool, shape (n_lines,)
        The lines that would stand first by worth alone.
    """

    rank: NDArray[np.int16]
    would_be_first: NDArray[np.bool_]


def in_order(
    market: Market,
    pairs: Pairs,
    doubt: NDArray[np.uint8],
    exposure: NDArray[np.int64] | None,
    *,
    said: NDArray[np.int64] | None = None,
) -> Order:
    """Return the place of each line in its list.

    Parameters
    ----------
    market : Market
    pairs : Pairs
        The lines.
    doubt : ndarray of uint8, shape (n_lines,)
        Position in `matchmaker.lists.doubts.DOUBTS`.
    exposure : ndarray of int64, shape (n_offers,), or None
        The worth of a line is its score; with an exposure, its score times the chance of one
        seat among the lists that show it.
    said : ndarray of int64, shape (n_lines,), optional
        Place that an adviser said, smaller ones first; lines of equal places keep to the rest of the key.

    Returns
    -------
    Order
    """
    youth = pairs.youth
    worth = pairs.score.astype(np.int64)
    if exposure is not None:
        seats = np.maximum(market.seats, 1).astype(np.int64)[pairs.offer]
        worth = worth * seats // np.maximum(exposure[pairs.offer], seats)
    tie = mix(market.youth_hash[youth], market.offer_hash[pairs.offer])
    said = np.zeros(len(pairs), dtype=np.int64) if said is None else said
    by_worth = np.lexsort((tie, -worth, doubt, said, youth))
    place = np.empty(len(pairs), dtype=np.int64)
    place[by_worth] = np.arange(len(pairs))
    wish_rank = market.wishes["rank"].to_numpy()[market.wish_rows(youth, pairs.wish)]
    is_rest = market.offer_kind[pairs.offer] != KINDS.index("offer")
    # Both orders hold the same groups, one after another, each line and each place once.
    places = place[np.lexsort((place, wish_rank, doubt, said, youth))]
    place[np.lexsort((place, is_rest, wish_rank, doubt, said, youth))] = places
    best = np.lexsort((tie, -worth, youth))
    would_be_first = np.zeros(len(pairs), dtype=bool)
    would_be_first[best[np.flatnonzero(np.diff(youth[best], prepend=-1))]] = True
    return Order(
        rank=(place - pairs.indptr[youth] + 1).astype(np.int16), would_be_first=would_be_first
    )
