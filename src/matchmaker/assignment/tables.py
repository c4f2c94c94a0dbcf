"""What a user reads of an assignment: a table of youths, of offers, of methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd

from matchmaker.assignment.arrays import Matching
from matchmaker.assignment.compare import Method, MethodFigures
from matchmaker.assignment.encode import Market
from matchmaker.assignment.lottery import tickets
from matchmaker.assignment.outcome import cutoffs, missed_wishes

__all__ = ["method_table", "offer_table", "youth_table"]

WHY = {
    "fr": {
        "no_list": "Sa liste est vide, ou aucune offre de sa liste ne l'accepte.",
        "no_seat": "L'offre n'a aucune place.",
        "lower_priority": "Les jeunes retenus sont mieux classés par l'offre.",
        "lottery": "À égalité, les jeunes retenus ont un meilleur numéro de tirage.",
        "given_to_lower": "La place est allée à un jeune moins bien classé (méthode non stable).",
        "seat_left_empty": "Une place est restée libre (méthode non stable).",
        "": "",
    },
    "en": {
        "no_list": "The list is empty, or no offer on it accepts the youth.",
        "no_seat": "The offer has no seat.",
        "lower_priority": "The offer ranks the youths it took higher.",
        "lottery": "At equal rank, the youths it took have a better lottery number.",
        "given_to_lower": "The seat went to a youth ranked lower (the method is not stable).",
        "seat_left_empty": "A seat was left empty (the method is not stable).",
        "": "",
    },
}


def youth_table(market: Market, matching: Matching, *, lang: str) -> pd.DataFrame:
    """Return one row a youth: offer, rank obtained, first wish missed and why.

    Columns: youth_id, offer_id ("" for none), rank (0 for none), lottery (text of 16
    hexadecimal digits, which sort as the numbers do), missed_offer_id, missed_rank (0 for
    none), why_code, why.
    """
    offers = np.array([*market.offer_ids, ""], dtype=object)  # the last one for "none"
    preferences = market.preferences
    missed, why = missed_wishes(preferences, matching)
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
            "why": [WHY[lang][code] for code in why],
        }
    )


def offer_table(market: Market, matching: Matching, *, by_score: bool = False) -> pd.DataFrame:
    """Return one row an offer: seats, youths who wished it, placed, and its cut-off.

    Columns: offer_id, capacity, wished, placed, last_youth_id, last_rank (the standing of
    the last youth taken, 1 best; ``last_score`` where priorities are scores) and
    last_lottery; the last three empty while seats are free.
    """
    preferences = market.preferences
    youth = preferences.youth()
    n_offers = len(market.offer_ids)
    last = cutoffs(preferences, matching)
    used = matching.pair[matching.pair >= 0]
    drawn = tickets(
        youth,
        preferences.offer,
        preferences.youth_hash,
        preferences.offer_hash,
        preferences.lottery,
    )
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
    """Return one row a method: its `MethodFigures`."""
    frame = pd.DataFrame([{"method": name, **asdict(one)} for name, (_, one) in figures.items()])
    return frame.astype({"weight_bound": "Int64"})  # whole where there is one: none for "stable"
