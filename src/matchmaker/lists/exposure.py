"""Exposure caps: in how many lists an offer may stand.

A seat stands in so many lists; a firm that takes spontaneous applications in so many,
whatever its size, since nobody asked it how many it wants.  This file alone says so; the
independent check says it again, from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row

__all__ = [
    "MOST_LISTS",
    "CapFamily",
    "counted_seats",
    "exposure_caps",
    "exposure_left",
    "variety_caps",
]

MOST_LISTS = 10_000  # a seat: the largest that the setting takes
NO_CAP = 1 << 20  # more than any list is long


def counted_seats(market: Market) -> NDArray[np.int32]:
    """Return the seats that count: 1 for a firm, 0 for an offer that takes no part.

    Parameters
    ----------
    market : Market

    Returns
    -------
    ndarray of int32, shape (n_offers,)
    """
    return np.where(market.is_firm, np.minimum(market.seats, 1), market.seats)


def exposure_caps(market: Market, settings: Settings) -> NDArray[np.int32]:
    """Return in how many lists each offer may stand, all waves together, shape (n_offers,).

    Parameters
    ----------
    market : Market
    settings : Settings
        ``lists_per_seat`` and ``lists_per_firm`` are read.

    Returns
    -------
    ndarray of int32, shape (n_offers,)
    """
    family = CapFamily.of(market, settings)
    return family.caps(settings.lists_per_seat).astype(np.int32)


def exposure_left(market: Market, settings: Settings, used: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return in how many more lists each offer may stand, `used` being those of earlier waves.

    Parameters
    ----------
    market, settings
        As for `exposure_caps`.
    used : ndarray of int32, shape (n_offers,)
        Lists of earlier waves.

    Returns
    -------
    ndarray of int32, shape (n_offers,)
        0 or more.
    """
    return np.asarray(np.maximum(exposure_caps(market, settings) - used, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFamily:
    """Exposure caps by the lists a seat; those of a firm keep the ratio of the settings.

    Attributes
    ----------
    seats : ndarray of int64, shape (n_offers,)
        As `counted_seats`.
    is_firm : ndarray of bool, shape (n_offers,)
    ratio : (int, int)
        Lists of a firm, to lists of a seat.
    own : (ndarray of int64, ndarray of int64)
        Offers whose territory has caps of its own, and the lists of their seat or firm where a
        seat of all others stands in ``ratio[1]``: they keep that ratio.
    """

    seats: NDArray[np.int64]
    is_firm: NDArray[np.bool_]
    ratio: tuple[int, int]
    own: tuple[NDArray[np.int64], NDArray[np.int64]]

    @classmethod
    def of(cls, market: Market, settings: Settings) -> CapFamily:
        """Return the family that the caps of `settings` belong to.

        Parameters
        ----------
        market, settings
            As for `exposure_caps`.

        Returns
        -------
        CapFamily
        """
        return cls(
            seats=counted_seats(market).astype(np.int64),
            is_firm=market.is_firm,
            ratio=(settings.lists_per_firm, settings.lists_per_seat),
            own=_own_caps(market, settings),
        )

    def of_firm(self, lists_per_seat: int) -> int:
        """Return the lists of a firm that go with so many a seat, rounded up.

        Parameters
        ----------
        lists_per_seat : int

        Returns
        -------
        int
            At most `MOST_LISTS`.
        """
        return min(-(-lists_per_seat * self.ratio[0] // self.ratio[1]), MOST_LISTS)

    def caps(self, lists_per_seat: int) -> NDArray[np.int64]:
        """Return in how many lists each offer may stand, all waves together.

        Parameters
        ----------
        lists_per_seat : int

        Returns
        -------
        ndarray of int64, shape (n_offers,)
        """
        each = np.where(self.is_firm, self.of_firm(lists_per_seat), lists_per_seat)
        rows, lists = self.own
        each[rows] = np.minimum(-(-lists_per_seat * lists // self.ratio[1]), MOST_LISTS)
        return self.seats * each

    def left(
        self, lists_per_seat: int, used: NDArray[np.int32], n_youths: int
    ) -> NDArray[np.int32]:
        """Return in how many more lists, `n_youths` at most, each offer may stand.

        Parameters
        ----------
        lists_per_seat : int
        used : ndarray of int32, shape (n_offers,)
            Lists of earlier waves.
        n_youths : int

        Returns
        -------
        ndarray of int32, shape (n_offers,)
        """
        left: NDArray[np.int64] = self.caps(lists_per_seat) - used
        return np.clip(left, 0, n_youths).astype(np.int32)


def _own_caps(market: Market, settings: Settings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the offers whose territory has another cap, and that cap."""
    names = ("lists_per_firm", "lists_per_seat")
    firm, seat = (by_row(settings, name, market.offers) for name in names)
    lists = np.where(market.is_firm, firm, seat)
    of_all = np.where(market.is_firm, settings.lists_per_firm, settings.lists_per_seat)
    rows = np.flatnonzero(lists != of_all)
    return rows, lists[rows]


def variety_caps(settings: Settings, youths: pd.DataFrame) -> tuple[NDArray[np.int32], int]:
    """Return how many lines of a list may be of one sector, and of one employer within it.

    Parameters
    ----------
    settings : Settings
        ``lines_per_youth``, ``other_sector_lines`` and ``lines_per_employer`` are read.
    youths : DataFrame
        Their homes: a territory may have longer lists.

    Returns
    -------
    sector : ndarray of int32, shape (n_youths,)
    employer : int
        `NO_CAP` where there is none.
    """
    others = settings.other_sector_lines
    sector = np.maximum(by_row(settings, "lines_per_youth", youths) - others, 1)
    return (
        (sector if others else np.full(len(youths), NO_CAP)).astype(np.int32),
        settings.lines_per_employer or NO_CAP,
    )
