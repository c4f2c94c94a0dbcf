"""How much is open to a youth, and to how many others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.candidates.engine import EngineMaker
from matchmaker.candidates.market import OFFER_STATES, Market, with_rules
from matchmaker.candidates.pairs import Pairs, ScoreTables

__all__ = ["Crowd", "crowds"]

ROWS = 256  # youths at a time: each meets all youths who share an offer with it
SHUT = np.uint8(1 << (OFFER_STATES.index("cancelled") - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What is open to a youth under every rule, whoever's list it stands in.

    Attributes
    ----------
    places : int
        Of published offers and of other places.
    firms : int
        That published nothing and take applications.
    others : int
        Other youths to whom any of these is open.
    """

    places: int
    firms: int
    others: int


def crowds(
    market: Market, tables: ScoreTables, who: NDArray[np.int32], engine_of: EngineMaker
) -> dict[int, Crowd]:
    """Count what is open to some youths, and to whom else.

    Parameters
    ----------
    market, tables
    who : ndarray of int32
        Rows of youths.
    engine_of : callable

    Returns
    -------
    dict of int to Crowd
        By row of youth.
    """
    if len(who) == 0:
        return {}
    engine = engine_of(market, tables)
    most = max(int(engine.count(who).max()), 1)
    mine = _matrix(engine.best(k=most, who=who).pairs, market)[who]
    is_open = np.zeros(len(market.offer_hash), dtype=bool)
    is_open[mine.indices] = True
    # All other offers are shut, so that everybody's pairs are few.
    some = with_rules(market, np.where(is_open, market.offer_rules, market.offer_rules | SHUT))
    engine = engine_of(some, tables)
    most = max(int(engine.count().max(initial=0)), 1)
    theirs = _matrix(engine.best(k=most).pairs, market).T.tocsr()
    places: NDArray[np.int64] = mine @ np.where(market.is_firm, 0, market.seats).astype(np.int64)
    firms: NDArray[np.int64] = mine @ market.is_firm.astype(np.int64)
    met = np.concatenate(
        [np.diff((mine[i : i + ROWS] @ theirs).indptr) for i in range(0, len(who), ROWS)]
    )
    return {
        youth: Crowd(places=place, firms=firm, others=max(n - 1, 0))
        for youth, place, firm, n in zip(
            who.tolist(), places.tolist(), firms.tolist(), met.tolist(), strict=True
        )
    }


def _matrix(pairs: Pairs, market: Market) -> csr_array:
    """Return pairs as a matrix of youths x offers, 1 for a pair."""
    shape = (len(market.youth_hash), len(market.offer_hash))
    ones = np.ones(len(pairs), dtype=np.int64)
    return csr_array((ones, pairs.offer, pairs.indptr), shape=shape)
