"""Scored pairs as the preferences of both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from matchmaker.assignment.arrays import Preferences, order_lists
from matchmaker.assignment.encode import NamedPreferences
from matchmaker.assignment.lottery import Lottery
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs

__all__ = ["Priority", "scored_preferences"]

Priority = Literal["score", "lottery"]


def scored_preferences(
    market: Market, pairs: Pairs, priority: Priority, lottery: Lottery
) -> tuple[NamedPreferences, Pairs]:
    """Return scored pairs as preferences, and the pairs in their order, best first.

    Parameters
    ----------
    market : Market
    pairs : Pairs
        Each youth's eligible pairs, or the best of them.
    priority : {"score", "lottery"}
        How an offer ranks youths: by the score of the pair, ties by lottery, or by lottery
        alone.
    lottery : {"common", "per_offer"}

    Returns
    -------
    NamedPreferences
        Youths rank by score; equal scores share a rank.
    Pairs
        Best first within a youth, ties by a hash of both ids.
    """
    order = order_lists(
        pairs.indptr,
        pairs.offer,
        np.zeros(len(pairs), dtype=np.int32),
        pairs.score,
        market.youth_hash,
        market.offer_hash,
    )
    best_first = replace(
        pairs,
        offer=pairs.offer[order],
        score=pairs.score[order],
        wish=pairs.wish[order],
        rung=pairs.rung[order],
    )
    # The rank goes up wherever the score falls, counted from each youth's first pair.
    falls = np.zeros(len(pairs), dtype=np.int32)
    falls[1:] = np.diff(best_first.score) != 0
    steps = np.cumsum(falls)
    has_list = np.diff(pairs.indptr) > 0
    before = np.repeat(steps[pairs.indptr[:-1][has_list]], np.diff(pairs.indptr)[has_list])
    preferences = Preferences(
        indptr=pairs.indptr,
        offer=best_first.offer,
        tier=(1 + steps - before).astype(np.int32),
        priority=best_first.score if priority == "score" else np.zeros_like(pairs.score),
        capacity=market.seats.astype(np.int64),
        youth_hash=market.youth_hash,
        offer_hash=market.offer_hash,
        lottery=lottery,
    )
    named = NamedPreferences(
        youth_ids=market.youths["youth_id"].to_list(),
        offer_ids=market.offers["offer_id"].to_list(),
        preferences=preferences,
    )
    return named, best_first
