"""How far it is from a home to an offer, one whose department or region alone is known among them.

Such an offer may be anywhere in it.  It counts as at the edge of the own reach, of every youth
alike, and the criterion of the region keeps it to those who live there; people read no distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import STEPS_PER_REACH, rims, squared_chords, to_km
from matchmaker.candidates.market import Market

__all__ = ["chords_between", "km_between"]


def chords_between(
    market: Market, youth: NDArray[np.integer], offer: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Return the squared chords of some pairs.

    Parameters
    ----------
    market : Market
    youth, offer : ndarray of int, shape (n,)
        Rows of the two tables.

    Returns
    -------
    ndarray of int64, shape (n,)
        In units of 2**-60.
    """
    chord = squared_chords(market.youth_point[youth], market.offer_point[offer])
    if not market.is_somewhere.any():
        return chord
    edge = rims(1)[market.reach_km[youth], STEPS_PER_REACH - 1]
    return np.where(market.is_somewhere[offer], edge, chord)


def km_between(
    market: Market, offer: NDArray[np.integer], chord: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return kilometres for people to read; NaN where the place of the offer is not known.

    Parameters
    ----------
    market : Market
    offer : ndarray of int, shape (n,)
        Rows of the offers.
    chord : ndarray of int64, shape (n,)
        As `chords_between` gives them.

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    return np.where(market.is_somewhere[offer], np.nan, to_km(chord))
