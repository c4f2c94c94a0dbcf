"""Published offers that no youth can be shown, and the rule that alone keeps youths from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.engine import EngineMaker
from matchmaker.candidates.market import OFFER_STATES, Market, with_rules
from matchmaker.candidates.pairs import ScoreTables
from matchmaker.explain.lifts import CRITERION_RULES, LIFTS, is_moot, next_door, without_any

__all__ = ["unfit_offers"]

_SHUT = np.uint8(1 << (OFFER_STATES.index("cancelled") - 1))
_AT_ONCE = 64  # offers a youth is asked for: who has more is asked again
_RULES = tuple(pair for pair in LIFTS if pair[0] in CRITERION_RULES.values())


def unfit_offers(
    market: Market, tables: ScoreTables, listed: pd.Series, engine_of: EngineMaker
) -> pd.DataFrame:
    """Return the open published offers that no youth is eligible for, each with its reason.

    Parameters
    ----------
    market, tables
    listed : Series of str
        Offers that stand in a list: somebody fits them.
    engine_of : callable

    Returns
    -------
    DataFrame
        ``offer_id``, ``reason``: a rule, which lifted alone lets a youth in (level, start,
        region, procedure, age, minor, out_of_reach), ``several``, or ``no_trade``; by ``offer_id``.
    """
    left = market.is_open & ~market.is_firm
    left &= ~market.offers["offer_id"].isin(set(listed)).to_numpy()
    left &= ~_reached(market, tables, left, engine_of)
    reason = np.full(len(left), "", dtype=object)
    asked = left.copy()
    for name, changed in _lifted(market, tables):
        if left.any():
            hit = left & _reached(*changed, left, engine_of)
            reason[hit] = name
            left &= ~hit
    reason[left] = "no_trade"
    ids = market.offers["offer_id"].to_numpy(dtype=object)
    return pd.DataFrame({"offer_id": ids[asked], "reason": reason[asked]}, dtype="str")


def _lifted(market: Market, tables: ScoreTables) -> list[tuple[str, tuple[Market, ScoreTables]]]:
    """Return the market without one rule each, then without all but the trade."""
    one = [(n, lift(market, tables)) for n, lift in _RULES if not is_moot(n, market, tables)]
    near = ("out_of_reach", (next_door(market), tables))
    return [*one, near, ("several", without_any(market, tables))]


def _reached(
    market: Market, tables: ScoreTables, wanted: NDArray[np.bool_], engine_of: EngineMaker
) -> NDArray[np.bool_]:
    """Tell which of some offers a youth is eligible for.

    Offers that are found are shut, and the others looked for again, until none is found.
    """
    found = np.zeros(len(wanted), dtype=bool)
    while True:
        open_ = wanted & ~found
        if not open_.any():
            return found
        rules = np.where(open_, market.offer_rules, market.offer_rules | _SHUT)
        some = with_rules(replace(market), rules)
        pairs = engine_of(some, tables).best(k=_AT_ONCE).pairs
        if len(pairs) == 0:
            return found
        found[pairs.offer] = True
