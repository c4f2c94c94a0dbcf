"""What a user reads of an assignment: a table of youths, of offers, of methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd

from matchmaker.assignment.arrays import Matching
from matchmaker.assignment.compare import Method, MethodFigures
from matchmaker.assignment.encode import NamedPreferences
from matchmaker.assignment.outcome import cutoffs, missed_wishes
from matchmaker.words import Lang, table

__all__ = ["method_table", "offer_table", "youth_table"]


def youth_table(market: NamedPreferences, matching: Matching, *, lang: Lang) -> pd.DataFrame:
    """Return one row a youth: offer, rank obtained, first wish missed and why.

    Columns: youth_id, offer_id ("" for none), rank (0 for none), lottery (text of 16
    hexadecimal digits, which sort as the numbers do), missed_offer_id, missed_rank (0 for
    none), why_code, why.

    Parameters
    ----------
    market : NamedPreferences
    matching : Matching
    lang : {"fr", "en"}
        Language of ``why``.

    Returns
    -------
    DataFrame
        In the order of the ids.
    """
    offers = np.array([*market.offer_ids, ""], dtype=object)  # the last one for "none"
    preferences = market.preferences
    missed, why = missed_wishes(preferences, matching)
    reasons = table(lang, "missed_wish")
    offer_of = np.append(preferences.offer, -1)
    tier_of = np.append(preferences.tier, 0)
    return pd.DataFrame(
        {
            "youth_id": market.youth_ids,
            "offer_id": offers[offer_of[matching.pair]],
            "rank": tier_of[matching.pair],
            "lottery": [f"{number:016x}" for number in preferences.youth_hash.tolist()],
            "missed_offer_id": offers[offer_of[missed]],
            "missed_rank": tier_of[missed],
            "why_code": why,
            "why": [reasons[code] if code else "" for code in why],
        }
    )


def offer_table(
    market: NamedPreferences, matching: Matching, *, by_score: bool = False
) -> pd.DataFrame:
    """Return one row an offer: seats, youths who wished it, placed, and its cut-off.

    Columns: offer_id, capacity, wished, placed, last_youth_id, last_rank (the standing of
    the last youth taken, 1 best; ``last_score`` where priorities are scores) and
    last_lottery; the last three empty while seats are free.

    Parameters
    ----------
    market : NamedPreferences
    matching : Matching
    by_score : bool
        Priorities are scores, not ranks.

    Returns
    -------
    DataFrame
        In the order of the ids.
    """
    preferences = market.preferences
    youth = preferences.youth()
    n_offers = len(market.offer_ids)
    last = cutoffs(preferences, matching)
    used = matching.pair[matching.pair >= 0]
    drawn = preferences.tickets()
    youths = np.array([*market.youth_ids, ""], dtype=object)
    return pd.DataFrame(
        {
            "offer_id": market.offer_ids,
            "capacity": preferences.capacity,
            "wished": np.bincount(preferences.offer, minlength=n_offers),
            "placed": np.bincount(preferences.offer[used], minlength=n_offers),
            "last_youth_id": youths[np.append(youth, -1)[last]],
            # An offer without an order of its own has only the lottery: priority 0.
            "last_score" if by_score else "last_rank": [
                str(abs(preferences.priority[p])) if p >= 0 and preferences.priority[p] else ""
                for p in last
            ],
            "last_lottery": [f"{drawn[p]:016x}" if p >= 0 else "" for p in last],
        }
    )


def method_table(figures: Mapping[Method, tuple[Matching, MethodFigures]]) -> pd.DataFrame:
    """Return one row a method: its `MethodFigures`.

    Parameters
    ----------
    figures : mapping of method to (Matching, MethodFigures)

    Returns
    -------
    DataFrame
    """
    frame = pd.DataFrame([{"method": name, **asdict(one)} for name, (_, one) in figures.items()])
    return frame.astype({"weight_bound": "Int64"})  # whole where there is one: none for "stable"
