"""Lines that could still be added to the lists as they are: within every cap, sent to nobody yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine
from matchmaker.candidates.geometry import to_km
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs
from matchmaker.candidates.where import chords_between
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.exposure import CapFamily, variety_caps
from matchmaker.lists.pairing import keep_pairs
from matchmaker.ragged import expand
from matchmaker.settings import Settings

__all__ = ["Beside", "Extra", "extra_lines"]

NO_ROOM = 1 << 40  # a price above any worth
SPARE = 16  # pairs to look at beyond those held and sent: some may be of one employer


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a further line has to fit beside.

    Attributes
    ----------
    lines : ndarray of int64, shape (n_youths,)
        How many lines each youth has.
    taken : Excluded
        Pairs that are lines, or were sent before.
    sent : Excluded
        Those of them that were sent before, or that an adviser bars.
    has_room : ndarray of bool, shape (n_offers,)
        The offer may stand in one more list; of a closed one, if it were open.
    held : Pairs
        The lines.
    caps : (ndarray of int32, int)
        How many lines of a list may be of one sector, by youth, and of one employer in it.
    barred : Excluded or None
        Pairs that an adviser bars.
    """

    lines: NDArray[np.int64]
    taken: Excluded
    sent: Excluded
    has_room: NDArray[np.bool_]
    held: Pairs
    caps: tuple[NDArray[np.int32], int]
    barred: Excluded | None = None

    @classmethod
    def of(
        cls,
        market: Market,
        settings: Settings,
        *,
        held: Pairs,
        exposure: NDArray[np.int32],
        sent: Excluded,
        barred: Excluded | None = None,
    ) -> Beside:
        """Return what is beside the lists of a run.

        Parameters
        ----------
        market : Market
        settings : Settings
        held : Pairs
            The lines.
        exposure : ndarray of int32, shape (n_offers,)
            In how many lists each offer stands, those of earlier waves included.
        sent : Excluded
        barred : Excluded, optional
            Pairs that an adviser bars.

        Returns
        -------
        Beside
        """
        # An offer that is closed for want of places would have one.
        places = np.maximum(market.offers["capacity"].to_numpy(dtype=np.int64), 1)
        seats = np.where(market.is_firm, 1, places)
        family = replace(CapFamily.of(market, settings), seats=seats)
        out = sent if barred is None else sent | barred
        return cls(
            lines=np.diff(held.indptr),
            taken=out | Excluded.of(held.youth, held.offer, len(exposure)),
            sent=out,
            barred=barred,
            has_room=family.caps(settings.lists_per_seat) > exposure,
            held=held,
            caps=variety_caps(settings, market.youths),
        )

    @classmethod
    def nothing(cls, market: Market, settings: Settings) -> Beside:
        """Return it for lists that are empty, where no offer has a cap.

        Parameters
        ----------
        market : Market
        settings : Settings

        Returns
        -------
        Beside
        """
        n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
        none = np.zeros(0, dtype=np.int32)
        byte = np.zeros(0, dtype=np.uint8)
        no_pairs = Excluded.of(none, none, n_offers)
        return cls(
            lines=np.zeros(n_youths, dtype=np.int64),
            taken=no_pairs,
            sent=no_pairs,
            has_room=np.ones(n_offers, dtype=bool),
            held=Pairs(
                indptr=np.zeros(n_youths + 1, dtype=np.int64),
                offer=none,
                score=none,
                wish=byte,
                rung=byte,
            ),
            caps=variety_caps(settings, market.youths),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Lines that could be added, best first a youth.

    Attributes
    ----------
    youth, offer : ndarray of int32, shape (n,)
        All of a youth's together fit beside the list.
    km : ndarray of float64, shape (n,)
        As the crow flies, in the market of the search.
    is_all : ndarray of bool, shape (n_youths,)
        The search left no pair of the youth unseen.
    """

    youth: NDArray[np.int32]
    offer: NDArray[np.int32]
    km: NDArray[np.float64]
    is_all: NDArray[np.bool_]

    def gain(self, n_youths: int) -> NDArray[np.int64]:
        """Return how many lines each youth could have more, shape (n_youths,)."""
        return np.bincount(self.youth, minlength=n_youths)

    def nth(self, count: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where the line stands that makes so many, of each youth; -1 for count 0.

        Parameters
        ----------
        count : ndarray of int64, shape (n_youths,)
            At most what `gain` says.

        Returns
        -------
        ndarray of int64, shape (n_youths,)
        """
        gain = self.gain(len(count))
        return np.where(count > 0, np.cumsum(gain) - gain + count - 1, -1)


def extra_lines(
    engine: Engine,
    who: NDArray[np.int32],
    beside: Beside,
    *,
    by_distance: bool = False,
) -> Extra:
    """Search for lines that could be added to some lists.

    Parameters
    ----------
    engine : Engine
        Of a market in which a rule is lifted.
    who : ndarray of int32
        Rows of the youths.
    beside : Beside
    by_distance : bool
        Nearest first, in place of best first; the engine has to score so too.

    Returns
    -------
    Extra
    """
    market = engine.market
    most_held = int(beside.lines[who].max(initial=0)) + beside.sent.most
    k = most_held + SPARE
    pairs = engine.best(
        k=k,
        who=who,
        price=np.where(beside.has_room, 0, NO_ROOM),
        floor=np.full(len(beside.lines), -NO_ROOM // 2),
    ).pairs
    is_all = np.diff(pairs.indptr) < k
    is_free = ~beside.taken.holds(pairs)
    if by_distance:  # a place that is not told is no nearer to anybody who would go farther
        is_free &= ~market.is_somewhere[pairs.offer]
    pairs = keep_pairs(pairs, is_free)
    youth = pairs.youth
    chord = chords_between(market, youth, pairs.offer)
    order = np.lexsort((chord if by_distance else -pairs.score.astype(np.int64), youth))
    youth, offer = youth[order], pairs.offer[order]
    sector_cap, employer_cap = beside.caps
    rows = np.arange(len(youth))
    for group, cap in (
        (market.employer, np.full_like(sector_cap, employer_cap)),
        (market.sector, sector_cap),
    ):
        rows = rows[_within(group, cap, youth[rows], offer[rows], who, beside.held)]
    return Extra(youth=youth[rows], offer=offer[rows], km=to_km(chord[order][rows]), is_all=is_all)


def _within(
    group: NDArray[np.int32],
    cap: NDArray[np.int32],
    youth: NDArray[np.int32],
    offer: NDArray[np.int32],
    who: NDArray[np.int32],
    held: Pairs,
) -> NDArray[np.bool_]:
    """Tell which pairs, taken in their order after the lines held, keep to a cap of groups."""
    row, at = expand(np.diff(held.indptr)[who], held.indptr[who])
    n_groups = int(group.max(initial=0)) + 1
    mine = np.concatenate([who[row], youth]).astype(np.int64) * n_groups
    key = mine + group[np.concatenate([held.offer[at], offer])]
    order = np.argsort(key, kind="stable")
    is_first = np.ones(len(key), dtype=bool)
    is_first[1:] = np.diff(key[order]) != 0
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(key)), 0))
    place = np.empty(len(key), dtype=np.int64)
    place[order] = np.arange(len(key)) - start
    return np.asarray(place[len(row) :] < cap[youth])
