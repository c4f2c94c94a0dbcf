"""Lifting one rule: the market, or the tables of scores, as if the rule did not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matchmaker.candidates.geometry import STEPS_PER_REACH, fixed_points
from matchmaker.candidates.market import OFFER_STATES, Market, with_rules
from matchmaker.candidates.pairs import FORBIDDEN, LAST_DAY, ScoreTables, without_rules
from matchmaker.reference.nearness import nearness
from matchmaker.scoring.contract_types import CONTRACT_TYPES
from matchmaker.settings import Settings

__all__ = [
    "CRITERION_RULES",
    "LIFTS",
    "OFFER_RULES",
    "Lift",
    "is_moot",
    "nearest_first",
    "next_door",
    "with_sectors",
    "without_any",
]

Lift = Callable[[Market, ScoreTables], tuple[Market, ScoreTables]]

# Rules in the order in which they are tried; the first that alone gives a candidate is named.
OFFER_RULES = ("full", "expired", "cancelled", "contract_type", "flagged", "place_unknown")
CRITERION_RULES = {
    "start": "start",
    "level": "level",
    "region": "region",
    "procedure": "procedure",
    "contract": "age",
    "minors": "minor",
}


def _without_offer_rule(name: str) -> Lift:
    bit = np.uint8(1 << (OFFER_STATES.index(name) - 1))

    def lift(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
        # Open are the offers that this rule alone keeps out: what is open anyway is no gain of
        # it, and a market of few offers is soon laid out.
        rules = market.offer_rules ^ bit
        if name == "contract_type" and CONTRACT_TYPES in tables.start_days:
            # Open to some homes alone: those are offers of this rule too.
            rules, tables = market.offer_rules & ~bit, without_rules(tables, [CONTRACT_TYPES])
        opened = with_rules(market, rules)
        # Nobody knows how far offers without a place are: they count as if next door.
        return next_door(opened) if name == "place_unknown" else opened, tables

    return lift


def _without_criterion(criterion: str) -> Lift:
    def lift(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
        lifted = without_rules(tables, [criterion])
        # The region is all that keeps offers without a point to who lives there: they stay there.
        return (_placed(market) if criterion == "region" else market), lifted

    return lift


def _placed(market: Market) -> Market:
    """Return the market without the offers of which the department or the region alone is known."""
    unknown = np.uint8(1 << (OFFER_STATES.index("place_unknown") - 1))
    rules = market.offer_rules | np.where(market.is_somewhere, unknown, np.uint8(0))
    return with_rules(market, rules) if market.is_somewhere.any() else market


LIFTS: tuple[tuple[str, Lift], ...] = (
    *((name, _without_offer_rule(name)) for name in OFFER_RULES),
    *((name, _without_criterion(criterion)) for criterion, name in CRITERION_RULES.items()),
)
"""Every rule but the reach, which is lifted by kilometres (`nearest_first`)."""


def is_moot(name: str, market: Market, tables: ScoreTables) -> bool:
    """Tell whether a rule of `LIFTS` keeps nobody from anything, so that lifting it is idle.

    Parameters
    ----------
    name : str
    market, tables

    Returns
    -------
    bool
    """
    if name == "contract_type" and CONTRACT_TYPES in tables.start_days:
        return False
    if name in OFFER_RULES:
        return not (market.offer_rules == 1 << (OFFER_STATES.index(name) - 1)).any()
    criterion = next(c for c, rule in CRITERION_RULES.items() if rule == name)
    forbids = any(
        criterion == named and bool((table == FORBIDDEN).any())
        for named, table in zip(tables.pair_names, tables.pair_table, strict=True)
    )
    days = tables.start_days.get(criterion)
    closes = days is not None and bool((days.first > 0).any() or (days.last < LAST_DAY).any())
    return not forbids and not closes


def without_any(market: Market, tables: ScoreTables) -> tuple[Market, ScoreTables]:
    """Lift all rules but the trade.

    Parameters
    ----------
    market, tables

    Returns
    -------
    Market, ScoreTables
    """
    tradeless = np.uint8(1 << (OFFER_STATES.index("trade_unknown") - 1))
    opened = with_rules(market, market.offer_rules & tradeless)
    return next_door(opened), without_rules(tables, (*tables.names, *tables.start_days))


def with_sectors(market: Market, settings: Settings) -> Market:
    """Return the market as if other trades of the same sector counted.

    Parameters
    ----------
    market : Market
    settings : Settings

    Returns
    -------
    Market
    """
    shown = replace(settings, sector_trades=True)
    return replace(market, trade_nearness=nearness(market.trade_codes, shown))


def next_door(market: Market) -> Market:
    """Return the market as if everybody lived and worked at one point.

    Parameters
    ----------
    market : Market

    Returns
    -------
    Market
    """
    here = {"latitude": 0.0, "longitude": 0.0}
    point = fixed_points(np.zeros(1), np.zeros(1))
    return replace(
        market,
        youths=market.youths.assign(**here),
        offers=market.offers.assign(**here),
        youth_point=np.repeat(point, len(market.youth_point), axis=0),
        offer_point=np.repeat(point, len(market.offer_point), axis=0),
    )


def nearest_first(tables: ScoreTables, *, on_foot: bool) -> ScoreTables:
    """Return tables that score pairs by nothing but their distance.

    Parameters
    ----------
    tables : ScoreTables
    on_foot : bool
        A vehicle takes nobody beyond the reach.

    Returns
    -------
    ScoreTables
        A pair of step ``s`` scores the number of steps less ``s``.
    """
    steps = STEPS_PER_REACH if on_foot else len(tables.distance_points)
    return replace(
        tables,
        pair_table=np.where(tables.pair_table == FORBIDDEN, FORBIDDEN, 0).astype(np.int32),
        trade_weight=0,
        distance_points=np.arange(steps, 0, -1, dtype=np.int32),
        rung_cost=np.zeros_like(tables.rung_cost),
        later_cost=0,
    )
