"""What a matching means for each offer and each youth: cut-offs and wishes missed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment.arrays import Matching, Preferences
from matchmaker.assignment.lottery import tickets

__all__ = ["cutoffs", "missed_wishes"]


def cutoffs(preferences: Preferences, matching: Matching) -> NDArray[np.int64]:
    """Return for each offer the pair of the last youth it took, -1 while seats are free.

    Shape (n_offers,).  Without rules and with the method "stable", a youth who wishes the
    offer is refused exactly when they stand behind that pair.

    Parameters
    ----------
    preferences : Preferences
    matching : Matching

    Returns
    -------
    int64, shape (n_offers,)
        Positions of pairs.
    """
    n_offers = len(preferences.capacity)
    youth = np.flatnonzero(matching.pair >= 0).astype(np.int32)
    used = matching.pair[youth]
    offer = preferences.offer[used]
    drawn = tickets(
        youth, offer, preferences.youth_hash, preferences.offer_hash, preferences.lottery
    )
    order = np.lexsort((used, drawn, -preferences.priority[used].astype(np.int64), offer))
    end = np.cumsum(np.bincount(offer, minlength=n_offers))
    is_full = np.bincount(offer, minlength=n_offers) >= preferences.capacity
    last = np.full(n_offers, -1, dtype=np.int64)
    has_any = is_full & (preferences.capacity > 0)
    last[has_any] = used[order[end[has_any] - 1]]
    return last


def missed_wishes(
    preferences: Preferences, matching: Matching
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return each youth's first wish missed, and why.

    Parameters
    ----------
    preferences : Preferences
    matching : Matching

    Returns
    -------
    pair : int64, shape (n_youths,)
        The first pair of the youth's list where it ranks above what they got, -1 for none.
    why : object, shape (n_youths,)
        ``no_seat`` (capacity 0), ``lower_priority`` and ``lottery`` (those who hold it all
        go before), ``given_to_lower`` (somebody behind holds it), ``seat_left_empty``: the
        last two occur only where the method is not stable. ``no_list``: the list is
        empty, or no offer on it accepts the youth. "" when nothing was missed.
    """
    n_youths = len(matching.pair)
    why = np.full(n_youths, "", dtype=object)
    pair = np.full(n_youths, -1, dtype=np.int64)
    why[np.diff(preferences.indptr) == 0] = "no_list"
    wished = np.flatnonzero(np.diff(preferences.indptr) > 0)
    first, own = preferences.indptr[wished], matching.pair[wished]
    is_missed = (own < 0) | (preferences.tier[own] > preferences.tier[first])
    youth, first = wished[is_missed].astype(np.int32), first[is_missed]
    pair[youth] = first

    offer = preferences.offer[first]
    last = cutoffs(preferences, matching)[offer]
    drawn = preferences.tickets()
    same = preferences.priority[first] == preferences.priority[last]
    why[youth] = np.select(
        [
            preferences.capacity[offer] == 0,
            last < 0,
            preferences.priority[first] < preferences.priority[last],
            same & (drawn[first] > drawn[last]),
        ],
        ["no_seat", "seat_left_empty", "lower_priority", "lottery"],
        "given_to_lower",
    )
    return pair, why
