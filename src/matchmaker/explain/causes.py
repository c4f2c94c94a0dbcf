"""Why lists are short: the one rule which, lifted alone, would give more lines.

For each rule the market is changed as if the rule did not exist, and the search runs again
for the youths concerned, beside the lists as they are: an offer that has no list left to
stand in, that was sent before or that the caps on employers keep out gives no line.  So the
rule named is true by construction, and a test lifts it again by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import EngineMaker
from matchmaker.candidates.geometry import MAX_REACH_KM
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import ScoreTables
from matchmaker.explain.extra import Beside, Extra, extra_lines
from matchmaker.explain.lifts import (
    LIFTS,
    is_moot,
    nearest_first,
    next_door,
    with_sectors,
    without_any,
)
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row

__all__ = ["TOLD_FIRST", "Cause", "causes_of", "lines_wanted"]

WIDER = 2  # how many times the reach a youth with some lines is asked to go
# Of rules that would give as many lines, the one that a youth or a campaign can change.
TOLD_FIRST = (
    "out_of_reach",
    "start",
    "level",
    "region",
    "contract_type",
    "flagged",
    "place_unknown",
    "full",
    "expired",
    "cancelled",
    "procedure",
    "age",
    "minor",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One rule, and what lifting it gives.

    Attributes
    ----------
    code : str
    offer : int
        Row of the best offer that it gives, of the nearest for ``out_of_reach``; -1: none.
    gain : int
        Lines that it gives, as far as they are wanted.
    km : int
        For ``out_of_reach``: the reach that gives them, in whole kilometres; -1: none does.
    """

    code: str
    offer: int = -1
    gain: int = 0
    km: int = -1


def causes_of(
    market: Market,
    tables: ScoreTables,
    beside: Beside,
    engine_of: EngineMaker,
    *,
    alone: NDArray[np.int32],
    few: NDArray[np.int32],
    settings: Settings,
) -> dict[int, Cause]:
    """Return the cause of each short list, by row of youth.

    Of a youth without a line, the first rule that alone gives one.  Of a youth with some,
    the rule that gives most lines, as far as they are wanted; of equals, the first of
    `TOLD_FIRST`; their reach is not lifted but doubled.

    Parameters
    ----------
    market, tables
    beside : Beside
    engine_of : callable
        Makes an engine of a market and its tables: each rule is lifted in both.
    alone : ndarray of int32
        Rows of youths without a line, none of whom has an eligible offer that was not sent.
    few : ndarray of int32
        Rows of youths with less lines than wanted.
    settings : Settings

    Returns
    -------
    dict of int to Cause
        ``few_in_trades`` where no rule alone gives a youth with some lines another one.
    """
    found: dict[int, Cause] = {}
    gains = _Gains(beside, few, lines_wanted(market, settings), _widened(market))
    if len(few) or (len(alone) and len(beside.sent.key)):
        engine = engine_of(market, tables)
        gains.leave_out(extra_lines(engine, few, beside))
        # The search itself knows nothing of what was sent before.
        pairs = engine.best(k=1, who=alone).pairs
        found |= {y: Cause(code=_all_out(y, beside)) for y in pairs.youth.tolist()}
    for name, lift in LIFTS:
        left = _left(alone, found)
        if len(left) + len(few) and not is_moot(name, market, tables):
            who = np.concatenate([left, few])
            extra = extra_lines(engine_of(*lift(market, tables)), who, beside)
            gains.add(name, extra)
            found |= _best_of(extra, name, left)
    if len(few):
        wide = replace(market, reach_km=_widened(market).astype(np.int16))
        engine = engine_of(wide, nearest_first(tables, on_foot=False))
        gains.add("out_of_reach", extra_lines(engine, few, beside, by_distance=True))
    found |= _nearest(market, tables, _left(alone, found), beside, engine_of)
    left = _left(alone, found)
    if len(left):
        pairs = engine_of(next_door(market), tables).best(k=1, who=left).pairs
        found |= dict.fromkeys(pairs.youth.tolist(), Cause(code="out_of_reach"))
    left = _left(alone, found)
    if len(left) and not settings.sector_trades:
        extra = extra_lines(engine_of(with_sectors(market, settings), tables), left, beside)
        found |= _best_of(extra, "other_trade", left)
    left = _left(alone, found)
    if len(left):
        pairs = engine_of(*without_any(market, tables)).best(k=1, who=left).pairs
        found |= dict.fromkeys(pairs.youth.tolist(), Cause(code="several"))
    nothing = dict.fromkeys(_left(alone, found).tolist(), Cause(code="no_trade_offer"))
    return found | nothing | gains.causes()


def lines_wanted(market: Market, settings: Settings) -> NDArray[np.int64]:
    """Return how many lines are enough for each youth: no list is longer than it may be.

    Parameters
    ----------
    market : Market
    settings : Settings

    Returns
    -------
    ndarray of int64, shape (n_youths,)
    """
    least, most = (by_row(settings, n, market.youths) for n in ("min_lines", "lines_per_youth"))
    wanted: NDArray[np.int64] = np.minimum(least, most)
    return wanted


def _all_out(youth: int, beside: Beside) -> str:
    """Return why a youth has eligible offers and may be shown none of them."""
    barred = beside.barred
    is_barred = barred is not None and youth in barred.key // barred.n_offers
    return "all_barred" if is_barred else "all_sent"


def _left(who: NDArray[np.int32], found: Mapping[int, Cause]) -> NDArray[np.int32]:
    return np.array([y for y in who.tolist() if y not in found], dtype=np.int32)


def _widened(market: Market) -> NDArray[np.int64]:
    return np.clip(market.reach_km.astype(np.int64) * WIDER, 1, MAX_REACH_KM)


def _best_of(extra: Extra, name: str, who: NDArray[np.int32]) -> dict[int, Cause]:
    best = dict(zip(extra.youth[::-1].tolist(), extra.offer[::-1].tolist(), strict=True))
    return {y: Cause(code=name, offer=best[y], gain=1) for y in who.tolist() if y in best}


def _nearest(
    market: Market,
    tables: ScoreTables,
    who: NDArray[np.int32],
    beside: Beside,
    engine_of: EngineMaker,
) -> dict[int, Cause]:
    """Return who has an offer within the widest reach, with the nearest one.

    The reach grows until it holds an offer, then shrinks to the nearest one seen until no
    other one can be nearer.
    """
    found: dict[int, Cause] = {}
    flat = nearest_first(tables, on_foot=True)
    reach = _widened(market)
    while len(who):
        wide = replace(market, reach_km=reach.astype(np.int16))
        extra = extra_lines(engine_of(wide, flat), who, beside, by_distance=True)
        youth, first = np.unique(extra.youth, return_index=True)
        km = np.zeros(len(reach), dtype=np.int64)
        km[youth] = np.ceil(extra.km[first]).astype(np.int64)
        found |= {
            int(y): Cause(code="out_of_reach", offer=int(offer), gain=1, km=int(km[y]))
            for y, offer in zip(youth, extra.offer[first], strict=True)
        }
        is_seen = np.isin(who, youth)
        is_done = np.where(
            is_seen, extra.is_all[who] | (km[who] >= reach[who]), reach[who] >= MAX_REACH_KM
        )
        reach[who] = np.where(is_seen, km[who], np.minimum(reach[who] * 4, MAX_REACH_KM))
        who = who[~is_done]
    return found


class _Gains:
    """What each rule would give youths with some lines."""

    def __init__(
        self,
        beside: Beside,
        few: NDArray[np.int32],
        wanted: NDArray[np.int64],
        widest: NDArray[np.int64],
    ) -> None:
        self._widest = widest
        self._few = few
        self._need = np.zeros(len(beside.lines), dtype=np.int64)
        self._need[few] = (wanted - beside.lines)[few]
        self._extra: dict[str, Extra] = {}
        self._gain: dict[str, NDArray[np.int64]] = {}

    def leave_out(self, extra: Extra) -> None:
        """Leave out youths with a line that no rule keeps out: it is no rule's gain."""
        self._need[extra.youth] = 0

    def add(self, name: str, extra: Extra) -> None:
        """Take in what lifting a rule gives."""
        self._extra[name] = extra
        self._gain[name] = np.minimum(extra.gain(len(self._need)), self._need)

    def causes(self) -> dict[int, Cause]:
        """Return the rule that gives most to each."""
        few = self._few
        found = dict.fromkeys(few.tolist(), Cause(code="few_in_trades"))
        if len(few) == 0:
            return found
        tried = [name for name in TOLD_FIRST if name in self._gain]
        gains = np.array([self._gain[name][few] for name in tried])
        most = np.where(gains.max(axis=0) > 0, gains.argmax(axis=0), len(tried))
        for position, name in enumerate(tried):
            gain, extra = self._gain[name], self._extra[name]
            first, last = extra.nth(np.minimum(gain, 1)), extra.nth(gain)
            for y in few[most == position].tolist():
                km = -1
                if name == "out_of_reach":  # with a vehicle it may lie beyond the wider reach
                    km = min(int(np.ceil(extra.km[last[y]])), int(self._widest[y]))
                offer = int(extra.offer[first[y]])
                found[y] = Cause(code=name, offer=offer, gain=int(gain[y]), km=km)
        return found
