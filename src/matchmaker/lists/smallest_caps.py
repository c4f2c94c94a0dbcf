"""What the exposure caps allow, and the smallest caps that would give everybody enough lines.

The caps belong to a family with one number: a seat in c lists, a firm in as many as keep
the ratio of the settings.  A c will do if a b-matching exists that gives each youth the
lines wanted, or all eligible offers where there are fewer.  The answer is about all
eligible pairs, not about the candidates at hand: a c that is too small is shown to be so
by a cut, some youths whose eligible offers, *all* of them, have too few slots.

Caps on sectors and employers within a list are left aside: they are about variety, and a
youth whose offers are all of one employer would ask for caps that no number satisfies.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, Skip
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.exposure import MOST_LISTS, CapFamily
from matchmaker.lists.pairing import merge_pairs
from matchmaker.settings import Settings
from matchmaker.solvers.cardinality import LargestMatching, largest_matching
from matchmaker.tables.territories import by_row

__all__ = ["SmallestCaps", "caps_figures", "smallest_caps"]

MAX_ASKED = 20  # cuts put to all eligible pairs; beyond that the answer is said to be unproved


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallestCaps:
    """The smallest caps that give each youth the lines wanted.

    Attributes
    ----------
    lists_per_seat, lists_per_firm : int or None
        None where even 10,000 lists a seat would not do.
    is_proved : bool
        One list a seat less would not do, by a cut over all eligible pairs. Else these
        caps do, and smaller ones may too.
    servable : int
        Youths with an eligible pair.
    below : int
        Those of them with fewer eligible offers than lines wanted, whatever the caps.
    lines : int
        Lines wanted in all.
    """

    lists_per_seat: int | None
    lists_per_firm: int | None
    is_proved: bool
    servable: int
    below: int
    lines: int


def smallest_caps(
    allowed: AllowedPairs,
    pairs: Pairs,
    settings: Settings,
    *,
    used: NDArray[np.int32] | None = None,
) -> SmallestCaps:
    """Find the smallest caps under which all servable youths get ``settings.min_lines`` lines.

    Parameters
    ----------
    allowed : AllowedPairs
        All that count as eligible.
    pairs : Pairs
        Any eligible pairs to begin with; the more, the fewer searches.
    settings : Settings
        ``min_lines`` is read, and the ratio of ``lists_per_firm`` to ``lists_per_seat``.
    used : ndarray of int32, shape (n_offers,), optional
        Lists in which each offer stands already, from earlier waves.

    Returns
    -------
    SmallestCaps
    """
    market = allowed.market
    wanted = by_row(settings, "min_lines", market.youths)
    most = settings.most("min_lines")
    few = np.flatnonzero((np.diff(pairs.indptr) < wanted) & market.takes_part)
    if len(few):
        pairs = merge_pairs(pairs, allowed.best(k=most, who=few.astype(np.int32)).pairs)
    eligible = np.diff(pairs.indptr)
    target = np.minimum(eligible, wanted).astype(np.int32)
    room = _RoomLeft.of(market, settings, used)
    everywhere = np.ones(len(market.offers), dtype=bool)
    low = room.least(everywhere, int(target.sum(dtype=np.int64)))
    high = MOST_LISTS + 1
    for _ in range(MAX_ASKED):
        high, cut = _least_on(pairs, target, room, low, high)
        if cut is None:
            break
        # The cut rules out all below on the pairs at hand: does it on all eligible ones?
        found = allowed.best(
            k=most,
            who=np.flatnonzero(cut.reached_rows).astype(np.int32),
            skip=Skip(
                group=cut.reached_columns.astype(np.int32),
                of_youth=np.ones(len(target), dtype=np.int32),
            ),
        ).pairs
        need = _need(target, np.diff(found.indptr), cut.reached_rows)
        low = max(low, room.least(cut.reached_columns, need))
        if low == high:
            break
        pairs = merge_pairs(pairs, found)
    is_enough = high <= MOST_LISTS
    return SmallestCaps(
        lists_per_seat=high if is_enough else None,
        lists_per_firm=room.family.of_firm(high) if is_enough else None,
        is_proved=low == high,
        servable=int((eligible > 0).sum()),
        below=int(((eligible > 0) & (eligible < wanted)).sum()),
        lines=int(target.sum(dtype=np.int64)),
    )


def _least_on(
    pairs: Pairs, target: NDArray[np.int32], room: _RoomLeft, low: int, high: int
) -> tuple[int, LargestMatching | None]:
    """Return the fewest lists a seat from `low` to `high` that do, on these pairs alone.

    `low` may be too few, `high` is known to do (or stands for "none does").  The other
    answer is the cut that rules out all fewer, None where that is known beforehand.

    A number far below the answer takes long to refuse, and one near it is quick: so the
    search comes from above until it meets a cut, and goes up from there, cut by cut.
    """
    cut: LargestMatching | None = None
    while low < high:
        if cut is not None:
            seats = low
        else:
            seats = (low + high) // 2 if high <= MOST_LISTS else min(2 * low, MOST_LISTS)
        largest = largest_matching(
            pairs.indptr,
            pairs.offer,
            target=target,
            capacity=room.at(seats),
            held=None if cut is None else cut.held,
        )
        if not largest.is_short.any():
            high = seats
            continue
        cut = largest
        before = np.zeros(len(pairs) + 1, dtype=np.int64)
        np.cumsum(~cut.reached_columns[pairs.offer], out=before[1:])
        outside = np.diff(before[pairs.indptr])
        low = room.least(cut.reached_columns, _need(target, outside, cut.reached_rows))
    return high, cut


def _need(target: NDArray[np.int32], outside: NDArray[np.int64], reached: NDArray[np.bool_]) -> int:
    """Return the lines that reached youths need from reached offers, having so many elsewhere."""
    return int(np.maximum(target - outside, 0)[reached].sum(dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class _RoomLeft:
    """In how many more lists offers may stand, by the lists a seat.

    Attributes
    ----------
    family : CapFamily
    used : ndarray of int32, shape (n_offers,)
        Lists in which each offer stands already.
    n_youths : int
        No offer stands in more lists.
    """

    family: CapFamily
    used: NDArray[np.int32]
    n_youths: int

    @classmethod
    def of(cls, market: Market, settings: Settings, used: NDArray[np.int32] | None) -> _RoomLeft:
        """Return the room under the family of caps of `settings`."""
        return cls(
            family=CapFamily.of(market, settings),
            used=np.zeros(len(market.offers), dtype=np.int32) if used is None else used,
            n_youths=len(market.youth_hash),
        )

    def at(self, lists_per_seat: int) -> NDArray[np.int32]:
        """Return in how many more lists each offer may stand."""
        return self.family.left(lists_per_seat, self.used, self.n_youths)

    def least(self, some: NDArray[np.bool_], need: int) -> int:
        """Return the fewest lists a seat that give some offers so much room, or one too many."""

        def total(lists_per_seat: int) -> int:
            return int(self.at(lists_per_seat)[some].sum(dtype=np.int64))

        return bisect_left(range(1, MOST_LISTS + 1), need, key=total) + 1


def caps_figures(
    caps: SmallestCaps,
    market: Market,
    settings: Settings,
    *,
    used: NDArray[np.int32] | None = None,
) -> dict[str, Any]:
    """Return what the caps of the settings allow, beside the smallest that would be enough.

    Parameters
    ----------
    caps : SmallestCaps
    market : Market
    settings : Settings
        ``lists_per_seat``, ``lists_per_firm`` and ``min_lines`` are read.
    used : ndarray of int32, shape (n_offers,), optional
        Lists of earlier waves.

    Returns
    -------
    dict
        Ready for JSON; ``docs/reference/outputs.md`` says what each figure is.
    """
    left = _RoomLeft.of(market, settings, used).at(settings.lists_per_seat)
    slots = int(left.sum(dtype=np.int64))
    in_trades = int(left[_of_wished_trades(market)].sum(dtype=np.int64))
    return {
        "lists_per_seat": settings.lists_per_seat,
        "lists_per_firm": settings.lists_per_firm,
        "slots": slots,
        "slots_of_other_trades": slots - in_trades,
        "servable": caps.servable,
        "lines_per_youth_allowed": round(in_trades / caps.servable, 2) if caps.servable else None,
        "min_lines": settings.min_lines,
        "below_min_lines_whatever_the_caps": caps.below,
        "smallest": {
            "lists_per_seat": caps.lists_per_seat,
            "lists_per_firm": caps.lists_per_firm,
            "is_proved": caps.is_proved,
        },
    }


def _of_wished_trades(market: Market) -> NDArray[np.bool_]:
    """Tell which offers are of a trade that a youth taking part wishes, or of a near one."""
    takes_part = market.takes_part[market.entry_youth]
    is_wished = np.zeros(len(market.trade_codes), dtype=bool)
    is_wished[market.entry_trade[takes_part]] = True
    near = market.trade_nearness
    is_near = np.zeros(len(market.trade_codes), dtype=bool)
    is_near[near.code[np.repeat(is_wished, np.diff(near.indptr))]] = True
    found = np.zeros(len(market.offers), dtype=bool)
    found[market.posting_offer[is_near[market.posting_trade]]] = True
    return found
