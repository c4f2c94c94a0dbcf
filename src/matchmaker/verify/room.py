"""How much room a list has: its length, and its caps on sectors and employers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, employers, rows_of, sectors
from matchmaker.verify.territories import own_values

__all__ = ["ListCaps", "caps_of", "caps_of_length", "could_show", "has_no_room"]

NO_CAP = 1 << 20  # more than any list is long


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCaps:
    """How many lines of a list may be of one sector, and of one employer within it.

    Attributes
    ----------
    sector, employer : ndarray of int64, shape (n_offers,)
    most_of_sector, most_of_employer : int
        Of one youth: a territory may have longer lists.
    """

    sector: NDArray[np.int64]
    employer: NDArray[np.int64]
    most_of_sector: int
    most_of_employer: int


def caps_of(offers: pd.DataFrame, settings: Settings) -> ListCaps:
    """Return the caps of a list, but for its length.

    Parameters
    ----------
    offers : DataFrame
    settings : Settings

    Returns
    -------
    ListCaps
    """
    sector = sectors(offers)
    firm = employers(offers)
    within, _ = pd.factorize(sector * (int(firm.max(initial=0)) + 1) + firm)
    return ListCaps(
        sector=sector,
        employer=within.astype(np.int64),
        most_of_sector=NO_CAP,
        most_of_employer=settings.lines_per_employer or NO_CAP,
    )


def caps_of_length(caps: ListCaps, longest: int, settings: Settings) -> ListCaps:
    """Return the caps of a list of at most so many lines.

    Parameters
    ----------
    caps : ListCaps
    longest : int
    settings : Settings

    Returns
    -------
    ListCaps
    """
    most = longest - settings.other_sector_lines
    return replace(caps, most_of_sector=max(most, 1)) if settings.other_sector_lines else caps


def has_no_room(
    lists: pd.DataFrame,
    clean: Clean,
    settings: Settings,
    waiting: tuple[NDArray[np.int32], NDArray[np.int32]],
    caps: ListCaps,
    first_offer: NDArray[np.int64],
    pins: Mapping[int, Sequence[int]],
) -> NDArray[np.bool_]:
    """Tell of each youth whose list could not hold an offer that waits, not even in place of a line.

    Parameters
    ----------
    lists : DataFrame
    clean : Clean
    settings : Settings
    waiting : (ndarray of int32, ndarray of int32)
        Youth and offer of each eligible pair of an offer that waits.
    caps : ListCaps
    first_offer : ndarray of int64, shape (n_youths,)
        Offer of a line that stays, -1 for none.
    pins : mapping of int to sequence of int
        By youth, offers of lines that advisers keep: they stay as well.

    Returns
    -------
    ndarray of bool
        One of each youth with such a pair.
    """
    longest = own_values(settings, "lines_per_youth", clean.youths["region_code"])
    youth = rows_of(lists["youth_id"], clean.youths["youth_id"])
    offer = rows_of(lists["offer_id"], clean.offers["offer_id"])
    is_free = (lists["kind"] != "offer").to_numpy() | (lists["lists_of_offer"] > 1).to_numpy()
    is_free &= first_offer[youth] != offer
    is_free &= [
        o not in pins.get(y, ()) for y, o in zip(youth.tolist(), offer.tolist(), strict=True)
    ]
    has_none = []
    for who in np.unique(waiting[0]).tolist():
        mine, most = youth == who, int(longest[who])
        own = caps_of_length(caps, most, settings)
        groups = (
            (np.zeros_like(caps.sector), most),
            (caps.sector, own.most_of_sector),
            (caps.employer, own.most_of_employer),
        )
        offers = waiting[1][waiting[0] == who].astype(np.int64)
        could = could_show(offers, offer[mine], may_go=is_free[mine], groups=groups)
        has_none.append(not could)
    return np.array(has_none, dtype=bool)


def could_show(
    unshown: NDArray[np.int64],
    lines: NDArray[np.int64],
    *,
    may_go: NDArray[np.bool_],
    groups: tuple[tuple[NDArray[np.int64], int], ...],
) -> bool:
    """Tell whether a list could hold one of some offers, in place of a line or beside all.

    Parameters
    ----------
    unshown : ndarray of int64
        Offers in no list, each eligible.
    lines : ndarray of int64
        Offers of the list.
    may_go : ndarray of bool, shape (n_lines,)
        Lines that may be given up: their offers stand in other lists too, or need not.
    groups : tuple of (ndarray of int64, shape (n_offers,), int)
        The group of each offer, and how many lines of one group a list may have.

    Returns
    -------
    bool

    Examples
    --------
    >>> all_alike = (np.zeros(3, dtype=np.int64), 1)  # one line a list
    >>> held, offer = np.array([0]), np.array([2])
    >>> could_show(offer, held, may_go=np.array([False]), groups=(all_alike,))
    False
    >>> could_show(offer, held, may_go=np.array([True]), groups=(all_alike,))
    True
    """
    without = [lines] + [np.delete(lines, at) for at in np.flatnonzero(may_go)]
    return any(
        all((group[left] == group[offer]).sum() < most for group, most in groups)
        for offer in unshown.tolist()
        for left in without
    )
