"""What a line leaves to be doubted: it stands behind the lines that leave less."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import SECTOR, Pairs
from matchmaker.reference.aims import Aims, aims
from matchmaker.reference.offer_levels import LOWEST
from matchmaker.settings import Settings

__all__ = ["DOUBTS", "doubts_of", "level_aims"]

DOUBTS = ("none", "level", "school", "place", "sector")
"""From none to the gravest."""


def doubts_of(engine: Engine, pairs: Pairs, settings: Settings) -> NDArray[np.uint8]:
    """Return the gravest doubt about each pair, a position in `DOUBTS`.

    ``level``: two levels or more above the one aimed at, or above all that the youth's source
    leads to; of an offer of several levels, the lowest counts.  ``school``: published by a school or a training centre for others (the flag
    ``school``).  ``place``: the department or the region is all that is known of it.  ``sector``: a trade that shares no more than its sector with the wish.

    Parameters
    ----------
    engine : Engine
    pairs : Pairs
        Eligible ones.
    settings : Settings

    Returns
    -------
    ndarray of uint8, shape (n_pairs,)
    """
    market, youth = engine.market, pairs.youth
    doubt = np.zeros(len(pairs), dtype=np.uint8)
    aimed = level_aims(market, youth, market.wish_rows(youth, pairs.wish), settings)
    level = LOWEST[market.offer_levels[pairs.offer]]
    doubt[aimed.is_far_above(level)] = DOUBTS.index("level")
    doubt[market.is_of_school[pairs.offer]] = DOUBTS.index("school")
    doubt[market.is_somewhere[pairs.offer]] = DOUBTS.index("place")
    if settings.sector_trades:
        step = engine.score(youth, pairs.offer).nearness_step
        doubt[step == SECTOR] = DOUBTS.index("sector")
    return doubt


def level_aims(
    market: Market, youth: NDArray[np.int32], wish: NDArray[np.integer], settings: Settings
) -> Aims:
    """Return the levels aimed at by some wishes of some youths.

    Parameters
    ----------
    market : Market
    youth, wish : ndarray of int, shape (n,)
        Rows of the two tables.
    settings : Settings
        ``source_levels`` is read.

    Returns
    -------
    Aims
    """
    return aims(
        market.wishes["level"].to_numpy()[wish],
        market.youths["level"].to_numpy()[youth],
        market.youths["source"].take(youth),
        settings.source_levels,
    )
