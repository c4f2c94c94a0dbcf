"""Exposure caps: in how many lists an offer may stand.

A seat stands in so many lists; a firm that takes spontaneous applications in so many,
whatever its size, since nobody asked it how many it wants.  This file alone says so; the
independent check says it again, from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.settings import Settings

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
    """

    seats: NDArray[np.int64]
    is_firm: NDArray[np.bool_]
    ratio: tuple[int, int]

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
        return self.seats * np.where(self.is_firm, self.of_firm(lists_per_seat), lists_per_seat)

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


def variety_caps(settings: Settings) -> tuple[int, int]:
    """Return how many lines of a list may be of one sector, and of one employer within it.

    Parameters
    ----------
    settings : Settings
        ``lines_per_youth``, ``other_sector_lines`` and ``lines_per_employer`` are read.

    Returns
    -------
    sector, employer : int
        `NO_CAP` where there is none.
    """
    sector = settings.lines_per_youth - settings.other_sector_lines
    return (
        max(sector, 1) if settings.other_sector_lines else NO_CAP,
        settings.lines_per_employer or NO_CAP,
    )
