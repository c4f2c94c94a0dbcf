"""How many lines each youth and each offer may have, and the lists made of chosen pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.index import OfferIndex
from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import Pairs, ScoreTables
from matchmaker.errors import UsageError
from matchmaker.hashing import mix
from matchmaker.lists.blocking import count_blocking_pairs
from matchmaker.lists.bound import Search
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.fair import Level, first_lines, levels_reached
from matchmaker.lists.pairing import merge_pairs
from matchmaker.lists.share import Proof, Shared, share_out
from matchmaker.lists.terms import Excluded, Terms
from matchmaker.lists.variety import groups_of
from matchmaker.lists.waves import Sent, sent_pairs
from matchmaker.settings import Settings
from matchmaker.solvers.auction import auction
from matchmaker.solvers.problem import Nested, Solver, UnitCosts

__all__ = ["Lists", "exposure_caps", "make_lists", "seats_of", "variety_caps", "whole_terms"]

NO_CAP = 1 << 20  # more than any list is long


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Lists of all youths, best line first.

    Attributes
    ----------
    pairs : Pairs
        The lines, by youth and then offer.
    rank : ndarray of int16, shape (n_lines,)
        Place of each line in its list, 1 first.
    is_assigned : ndarray of bool, shape (n_lines,)
        The line is the youth's one pair of the assignment.
    has_candidate : ndarray of bool, shape (n_youths,)
        The youth has an eligible pair that was not sent before, served or not.
    candidates : Pairs
        Pairs that the solver or the bounds looked at, the best of each youth among them.
    exposure : ndarray of int32, shape (n_offers,)
        In how many lists each offer stands, those of earlier waves included.
    proofs : mapping of str to Proof
        ``lists``; ``assignment`` or ``first_lines`` where these were chosen before, and
        then ``lists`` is about the lines beside them.
    whole : Terms
        Those of whole lists, before any line was chosen.
    terms : mapping of str to Terms
    certificates : mapping of str to Certificate
        By the same names.
    first_offer : ndarray of int32, shape (n_youths,)
        Offer of the line that was chosen before the others, -1 for none.
    levels : tuple of Level
        How many youths have a first line that reaches each score of ``fair_floors``.
    blocking_pairs : int or None
        Of the assignment; None where there is none.
    """

    pairs: Pairs
    rank: NDArray[np.int16]
    is_assigned: NDArray[np.bool_]
    has_candidate: NDArray[np.bool_]
    candidates: Pairs
    exposure: NDArray[np.int32]
    proofs: Mapping[str, Proof]
    whole: Terms
    terms: Mapping[str, Terms]
    certificates: Mapping[str, Certificate]
    first_offer: NDArray[np.int32]
    levels: tuple[Level, ...]
    blocking_pairs: int | None


def seats_of(market: Market) -> NDArray[np.int32]:
    """Return the seats of each offer, 0 for those that take no part."""
    seats = market.offers["capacity"].to_numpy(dtype=np.int32)
    return np.where(market.offer_state == 0, seats, 0).astype(np.int32)


def exposure_caps(market: Market, settings: Settings) -> NDArray[np.int32]:
    """Return in how many lists each offer may stand, all waves together.

    A seat stands in ``lists_per_seat`` lists; a firm that takes spontaneous applications
    in ``lists_per_firm``, whatever its size, since nobody asked it how many it wants.
    """
    seats = seats_of(market).astype(np.int64)
    is_firm = market.offer_kind == KINDS.index("spontaneous")
    caps = np.where(is_firm, settings.lists_per_firm * (seats > 0), seats * settings.lists_per_seat)
    return caps.astype(np.int32)


def variety_caps(settings: Settings) -> tuple[int, int]:
    """Return how many lines of a list may be of one sector, and of one employer within it."""
    sector = settings.lines_per_youth - settings.other_sector_lines
    return (
        max(sector, 1) if settings.other_sector_lines else NO_CAP,
        settings.lines_per_employer or NO_CAP,
    )


def make_lists(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    settings: Settings,
    *,
    assignment: bool = False,
    sent: Sent | None = None,
    solver: Solver = auction,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Lists:
    """Share the offers out; a one-to-one assignment, or the fair first lines, come first.

    The assignment gives each youth one offer and each seat one youth; its pairs are lines
    of the lists, and the other lines share the exposure that remains.  The same holds of
    the first lines where ``settings.objective`` is ``fair``.

    Parameters
    ----------
    market, tables, index, settings
    assignment : bool
    sent : Sent, optional
        What earlier waves sent.
    solver : Solver
    threads : int, optional
    progress : callable, optional

    Returns
    -------
    Lists

    Raises
    ------
    UsageError
        An assignment is asked for together with the objective ``fair``.
    """
    if assignment and settings.objective == "fair":
        raise UsageError(
            "setting 'objective': 'fair' chooses each youth's first line, and so does"
            " --assignment. Leave one of them out."
        )
    sent = sent or sent_pairs(None, market)
    terms = whole = whole_terms(market, settings, sent)
    share = partial(
        share_out, market, tables, index,
        candidates=settings.candidates_per_youth, max_gap=settings.max_gap,
        solver=solver, threads=threads, progress=progress,
    )  # fmt: skip
    one = np.minimum(terms.youth_capacity, 1)
    levels: tuple[Level, ...] = ()
    blocking = None
    before: dict[str, Shared] = {}
    if assignment:
        seats = np.minimum(seats_of(market), terms.offer_capacity)
        placing = Terms(
            youth_capacity=one, offer_capacity=seats, excluded=terms.excluded,
            is_fixed=terms.is_fixed, serve_first=settings.assignment_objective == "most",
        )  # fmt: skip
        placed = before["assignment"] = share(placing)
        search = Search(market=market, tables=tables, index=index, terms=placing, threads=threads)
        blocking = count_blocking_pairs(search, placed.pairs, seats)
    elif settings.objective == "fair":
        before["first_lines"], levels = first_lines(
            market, tables, index, replace(terms, youth_capacity=one, nested=None),
            settings.fair_floors, candidates=settings.candidates_per_youth,
            max_gap=settings.max_gap, solver=solver, threads=threads, progress=progress,
        )  # fmt: skip
    for first in before.values():
        terms = _beside(terms, first.pairs)
    shared = share(terms)
    pairs, first_offer = shared.pairs, np.full(len(one), -1, dtype=np.int32)
    candidates = shared.candidates
    for first in before.values():
        pairs = merge_pairs(pairs, first.pairs)
        candidates = merge_pairs(candidates, first.pairs)
        first_offer[first.pairs.youth] = first.pairs.offer
    if not levels:
        levels = _levels(pairs, candidates, settings.fair_floors)
    exposure = sent.exposure + np.bincount(pairs.offer, minlength=len(sent.exposure))
    before["lists"] = shared
    return Lists(
        pairs=pairs,
        rank=_ranks(market, pairs, exposure if settings.line_order == "chance" else None),
        is_assigned=(first_offer[pairs.youth] == pairs.offer) & assignment,
        has_candidate=shared.has_candidate,
        candidates=candidates,
        exposure=exposure.astype(np.int32),
        proofs={name: one_of.proof for name, one_of in before.items()},
        whole=whole,
        terms={name: one_of.terms for name, one_of in before.items()},
        certificates={name: one_of.certificate for name, one_of in before.items()},
        first_offer=first_offer,
        levels=levels,
        blocking_pairs=blocking,
    )


def whole_terms(market: Market, settings: Settings, sent: Sent) -> Terms:
    """Return the terms of whole lists, before any line is fixed."""
    n_youths = len(market.youth_hash)
    takes_part = market.youth_state == 0
    room = np.maximum(exposure_caps(market, settings) - sent.exposure, 0).astype(np.int32)
    sector_cap, employer_cap = variety_caps(settings)
    nested = None
    if min(sector_cap, employer_cap) < settings.lines_per_youth:
        groups = groups_of(market)
        none = np.full(n_youths, -1, dtype=np.int32)
        nested = Nested(
            outer=groups.outer, inner=groups.inner, outer_cap=sector_cap, inner_cap=employer_cap,
            held_outer=none, held_inner=none,
        )  # fmt: skip
    costs = None
    if settings.competition_costs:
        is_firm = market.offer_kind == KINDS.index("spontaneous")
        costs = UnitCosts(
            cost=np.array(settings.competition_costs, dtype=np.int64),
            # A firm has said of no number of seats; its lists compete for one.
            width=np.where(is_firm, 1, np.maximum(seats_of(market), 1)).astype(np.int32),
            used=sent.exposure,
        )
    return Terms(
        youth_capacity=np.where(takes_part, settings.lines_per_youth, 0).astype(np.int32),
        offer_capacity=room,
        excluded=sent.pairs,
        is_fixed=np.zeros(n_youths, dtype=bool),
        nested=nested,
        unit_costs=costs,
    )


def _beside(terms: Terms, first: Pairs) -> Terms:
    """Return the terms of the lines beside one that some youths have already."""
    n_offers = len(terms.offer_capacity)
    has_line = np.diff(first.indptr) > 0
    shown = np.bincount(first.offer, minlength=n_offers).astype(np.int32)
    nested, costs = terms.nested, terms.unit_costs
    if nested is not None:
        held_outer, held_inner = nested.held_outer.copy(), nested.held_inner.copy()
        held_outer[first.youth] = nested.outer[first.offer]
        held_inner[first.youth] = nested.inner[first.offer]
        nested = replace(nested, held_outer=held_outer, held_inner=held_inner)
    if costs is not None:
        costs = replace(costs, used=costs.used + shown)
    return replace(
        terms,
        youth_capacity=terms.youth_capacity - has_line.astype(np.int32),
        offer_capacity=terms.offer_capacity - shown,
        excluded=terms.excluded | Excluded.of(first.youth, first.offer, n_offers),
        is_fixed=has_line,
        nested=nested,
        unit_costs=costs,
    )


def _levels(pairs: Pairs, candidates: Pairs, floors: tuple[int, ...]) -> tuple[Level, ...]:
    """Return the levels that lists reach beside those that youths alone could reach."""
    return tuple(
        Level(floor=floor, youths=youths, at_most=at_most)
        for floor, youths, at_most in zip(
            (0, *floors), levels_reached(pairs, floors), levels_reached(candidates, floors),
            strict=True,
        )
    )  # fmt: skip


def _ranks(market: Market, pairs: Pairs, exposure: NDArray[np.int64] | None) -> NDArray[np.int16]:
    """Return the place of each line in its list, ties by hash.

    Best score first; with an exposure, best score times chance first, the chance of a
    line being that of one seat among the lists that show it.
    """
    youth = pairs.youth
    worth = pairs.score.astype(np.int64)
    if exposure is not None:
        seats = np.maximum(seats_of(market), 1).astype(np.int64)[pairs.offer]
        worth = worth * seats // np.maximum(exposure[pairs.offer], seats)
    tie = mix(market.youth_hash[youth], market.offer_hash[pairs.offer])
    order = np.lexsort((tie, -worth, youth))
    rank = np.empty(len(pairs), dtype=np.int16)
    rank[order] = np.arange(len(pairs)) - pairs.indptr[youth[order]] + 1
    return rank
