"""Published offers in no list, each with the reason: for the ambassadors who call employers.

Either no youth who seeks is eligible for the offer: then the rule is named that alone keeps all
of them away.  Or some are, and the lists have no room: then it is an orphan.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.engine import EngineMaker
from matchmaker.candidates.market import Market, only_open
from matchmaker.candidates.pairs import ScoreTables, without_rules
from matchmaker.explain.lifts import next_door, without_any
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.make import YouthLists
from matchmaker.lists.shown import all_pairs
from matchmaker.settings import Settings
from matchmaker.words import table

__all__ = ["REASONS", "orphans_frame"]

REASONS = ("caps", "level", "date", "place", "rule", "trade")
"""In the order in which they are tried; the first that holds is named."""


def orphans_frame(
    lists: YouthLists,
    market: Market,
    tables: ScoreTables,
    settings: Settings,
    engine_of: EngineMaker,
) -> pd.DataFrame:
    """Return the published offers that stand in no list, with the reason of each.

    Parameters
    ----------
    lists : YouthLists
    market, tables
        What the lists were made of.
    settings : Settings
        ``lang`` is that of the reasons.
    engine_of : callable

    Returns
    -------
    DataFrame
        By id of the offer: ``offer_id``, ``title``, ``employer``, ``place``, ``departement``,
        ``seats``, ``youths`` (eligible ones), ``reason_code``, ``reason``; no row where
        showing every offer was no aim.
    """
    showing = lists.proofs["lists"].offers
    none = np.zeros(len(market.offer_hash), dtype=bool)
    orphan, nobody = none, none
    if showing is not None:
        orphan, nobody = showing.is_orphan, showing.is_for_nobody
    allowed = AllowedPairs(engine=engine_of(market, tables), terms=lists.terms["lists"])
    youths = _count(allowed, orphan)
    code = np.full(len(none), "", dtype=object)
    code[orphan] = "caps"
    waits = nobody.copy()
    ways = {
        "level": (market, without_rules(tables, ["level"])),
        "date": (market, without_rules(tables, ["start"])),
        "place": (next_door(market), tables),
        "rule": without_any(market, tables),
    }
    for name, (lifted, rules) in ways.items():
        if not waits.any():
            break
        engine = engine_of(only_open(lifted, waits), rules)
        found = _count(AllowedPairs(engine=engine, terms=lists.terms["lists"]), waits) > 0
        code[waits & found] = name
        waits &= ~found
    code[waits] = "trade"
    rows = np.flatnonzero(orphan | nobody)
    offers = market.offers.iloc[rows]
    codes, words = [str(one) for one in code[rows]], table(settings.lang, "orphans")
    return pd.DataFrame(
        {
            "offer_id": offers["offer_id"].array,
            "title": offers["title"].array,
            "employer": offers["employer"].array,
            "place": offers["place_name"].array,
            "departement": offers["departement"].array,
            "seats": market.seats[rows],
            "youths": youths[rows],
            "reason_code": pd.array(codes, dtype="str"),
            "reason": pd.array([words[one] for one in codes], dtype="str"),
        }
    )


def _count(allowed: AllowedPairs, offers: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many youths are eligible for each of some offers, 0 for all others."""
    if not offers.any():
        return np.zeros(len(offers), dtype=np.int64)
    return np.bincount(all_pairs(allowed, offers).offer, minlength=len(offers))
