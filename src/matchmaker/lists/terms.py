"""What a sharing-out has to keep to: how much, of what, and what is out of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import Bands, Pairs
from matchmaker.lists.earlier import Remembered
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.exposure import counted_seats, exposure_left, variety_caps
from matchmaker.settings import Settings
from matchmaker.solvers.problem import ConvexCosts, LaminarCaps
from matchmaker.tables.territories import by_row

__all__ = ["Terms", "terms_beside", "whole_terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one sharing-out.

    Attributes
    ----------
    youth_capacity : ndarray of int32, shape (n_youths,)
        Longest list of each youth.
    offer_capacity : ndarray of int32, shape (n_offers,)
        In how many more lists each offer may stand.
    excluded : Excluded
    is_fixed : ndarray of bool, shape (n_youths,)
        The youth has a line already, so that a first one earns nothing more.
    laminar_caps : LaminarCaps or None
        Caps on sectors and employers within a list.
    convex_costs : ConvexCosts or None
        What further lists of an offer cost.
    bands : Bands or None
        What a pair is worth, where that is not its score.
    serve_first : bool
        True: as many youths as can be served first; False: the sum alone.
    to_show : ndarray of bool, shape (n_offers,), or None
        Published offers that have stood in no list: as many of them as can be are shown,
        before the sum decides. None: the sum alone says which.
    """

    youth_capacity: NDArray[np.int32]
    offer_capacity: NDArray[np.int32]
    excluded: Excluded
    is_fixed: NDArray[np.bool_]
    laminar_caps: LaminarCaps | None = None
    convex_costs: ConvexCosts | None = None
    bands: Bands | None = None
    serve_first: bool = True
    to_show: NDArray[np.bool_] | None = None

    @property
    def longest_list(self) -> int:
        """Most lines that any youth may have."""
        return int(self.youth_capacity.max(initial=0))

    @property
    def has_sector_cap(self) -> bool:
        """A list could be too long for one sector."""
        caps = self.laminar_caps
        return caps is not None and bool((caps.outer_caps < self.youth_capacity).any())


def whole_terms(market: Market, settings: Settings, earlier: Remembered) -> Terms:
    """Return the terms of whole lists, before any line is chosen.

    Parameters
    ----------
    market : Market
    settings : Settings
        Those of caps, variety and competition are read.
    earlier : Remembered

    Returns
    -------
    Terms
    """
    lines = by_row(settings, "lines_per_youth", market.youths)
    return Terms(
        youth_capacity=np.where(market.takes_part, lines, 0).astype(np.int32),
        offer_capacity=exposure_left(market, settings, earlier.exposure),
        excluded=earlier.pairs,
        is_fixed=np.zeros(len(market.youth_hash), dtype=bool),
        laminar_caps=_variety(market, settings, lines),
        convex_costs=_competition(market, settings, earlier),
        to_show=_published(market, earlier) if settings.show_every_offer else None,
    )


def _published(market: Market, earlier: Remembered) -> NDArray[np.bool_]:
    """Return the published offers with seats left that no wave has shown to anybody."""
    is_offer = market.offer_kind == KINDS.index("offer")
    return np.asarray(market.is_open & is_offer & (earlier.exposure == 0))


def _variety(market: Market, settings: Settings, lines: NDArray[np.int64]) -> LaminarCaps | None:
    """Return the caps on sectors and employers, None where no list is long enough to meet them."""
    sector_cap, employer_cap = variety_caps(settings, market.youths)
    if (np.minimum(sector_cap, employer_cap) >= lines).all():
        return None
    none = np.full(len(market.youth_hash), -1, dtype=np.int32)
    return LaminarCaps(
        outer=market.sector,
        inner=market.employer,
        outer_cap=sector_cap,
        inner_cap=employer_cap,
        held_outer=none,
        held_inner=none,
    )


def _competition(market: Market, settings: Settings, earlier: Remembered) -> ConvexCosts | None:
    """Return what further lists of an offer cost, None where nothing."""
    if not settings.competition_costs:
        return None
    return ConvexCosts(
        cost=np.array(settings.competition_costs, dtype=np.int64),
        # A firm has said of no number of seats; its lists compete for one.
        width=np.maximum(counted_seats(market), 1),
        used=earlier.exposure,
    )


def terms_beside(terms: Terms, first: Pairs) -> Terms:
    """Return the terms of the lines beside those that some youths have already.

    Parameters
    ----------
    terms : Terms
    first : Pairs
        Within the terms.

    Returns
    -------
    Terms
    """
    n_offers = len(terms.offer_capacity)
    lines = np.diff(first.indptr).astype(np.int32)
    shown = np.bincount(first.offer, minlength=n_offers).astype(np.int32)
    caps, costs = terms.laminar_caps, terms.convex_costs
    if caps is not None:
        caps = replace(
            caps,
            held_outer=_beside(caps.held_outers, first, caps.outer),
            held_inner=_beside(caps.held_inners, first, caps.inner),
        )
    if costs is not None:
        costs = replace(costs, used=costs.used + shown)
    return replace(
        terms,
        youth_capacity=terms.youth_capacity - lines,
        offer_capacity=terms.offer_capacity - shown,
        excluded=terms.excluded | Excluded.of(first.youth, first.offer, n_offers),
        is_fixed=terms.is_fixed | (lines > 0),
        laminar_caps=caps,
        convex_costs=costs,
        to_show=None if terms.to_show is None else terms.to_show & (shown == 0),
    )


def _beside(held: NDArray[np.int32], first: Pairs, group: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the groups that each youth holds, with those of some lines beside them."""
    place = np.arange(len(first)) - first.indptr[first.youth]
    more = np.full((len(held), int(place.max(initial=-1)) + 1), -1, dtype=np.int32)
    more[first.youth, place] = group[first.offer]
    kept = held[:, (held >= 0).any(axis=0)]  # a column that nobody holds anything in says nothing
    both = np.hstack([kept, more])
    return both if both.shape[1] else held
