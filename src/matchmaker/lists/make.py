"""Lists for all youths: what is chosen before the rest, the rest, and both as lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine
from matchmaker.candidates.pairs import Pairs
from matchmaker.errors import UsageError
from matchmaker.lists.advised import Advised, nothing_advised
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.blocking import count_blocking_pairs
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.doubts import doubts_of
from matchmaker.lists.earlier import Remembered, remembered_lines
from matchmaker.lists.fair import LevelReached, first_lines, levels_reached
from matchmaker.lists.order import in_order
from matchmaker.lists.pairing import merge_pairs
from matchmaker.lists.proof import Proof, Shared
from matchmaker.lists.share import Effort, share_out
from matchmaker.lists.terms import Terms, terms_beside, whole_terms
from matchmaker.settings import Settings
from matchmaker.solvers.auction import auction
from matchmaker.solvers.problem import Solver
from matchmaker.words import said

__all__ = ["YouthLists", "make_lists"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthLists:
    """Lists of all youths, best line first.

    Attributes
    ----------
    pairs : Pairs
        The lines, by youth and then offer.
    rank : ndarray of int16, shape (n_lines,)
        Place of each line in its list, 1 first.
    doubt : ndarray of uint8, shape (n_lines,)
        What each line leaves to be doubted, a position in `matchmaker.lists.doubts.DOUBTS`.
    would_be_first : ndarray of bool, shape (n_lines,)
        The line would stand first by its worth alone (`matchmaker.lists.order`).
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
    levels : tuple of LevelReached
        How many youths have a first line that reaches each score of ``fair_floors``.
    blocking_pairs : int or None
        Of the assignment; None where there is none.
    """

    pairs: Pairs
    rank: NDArray[np.int16]
    doubt: NDArray[np.uint8]
    would_be_first: NDArray[np.bool_]
    is_assigned: NDArray[np.bool_]
    has_candidate: NDArray[np.bool_]
    candidates: Pairs
    exposure: NDArray[np.int32]
    proofs: Mapping[str, Proof]
    whole: Terms
    terms: Mapping[str, Terms]
    certificates: Mapping[str, Certificate]
    first_offer: NDArray[np.int32]
    levels: tuple[LevelReached, ...]
    blocking_pairs: int | None


def make_lists(
    engine: Engine,
    settings: Settings,
    *,
    assignment: bool = False,
    sent: Remembered | None = None,
    advised: Advised | None = None,
    solver: Solver = auction,
    progress: Callable[[float], None] | None = None,
) -> YouthLists:
    """Share the offers out; a one-to-one assignment, or the fair first lines, come first.

    The assignment gives each youth one offer and each seat one youth; its pairs are lines
    of the lists, and the other lines share the exposure that remains.  The same holds of
    the first lines where ``settings.objective`` is ``fair``.  Lines that advisers keep stand
    before both, and use up length and exposure.

    Parameters
    ----------
    engine : Engine
    settings : Settings
    assignment : bool
    sent : Remembered, optional
        What earlier waves sent.
    advised : Advised, optional
        What advisers said of lines.
    solver : Solver
    progress : callable, optional

    Returns
    -------
    YouthLists

    Raises
    ------
    UsageError
        An assignment is asked for together with the objective ``fair``.
    """
    earlier = sent or remembered_lines(None, engine.market)
    told = advised or nothing_advised(len(engine.market.youth_hash), len(earlier.exposure))
    whole = whole_terms(engine.market, settings, earlier)
    whole = replace(whole, excluded=whole.excluded | told.banned)
    free = terms_beside(whole, told.pins) if len(told.pins) else whole
    effort = Effort(candidates=settings.candidates_per_youth, max_gap=settings.max_gap)

    def share(terms: Terms) -> Shared:
        return share_out(engine, terms, effort, solver=solver, progress=progress)

    first: _First | None = None
    if assignment and settings.objective == "fair":
        raise UsageError(said("usage.fair_and_assignment"))
    if assignment:
        placing = _placing(engine, settings, free)
        first = _assigned(engine, share(placing))
    elif settings.objective == "fair":
        one_line = replace(_one_line(free), to_show=None)
        fairest, levels = first_lines(
            engine, one_line, settings.fair_floors, effort, solver=solver, progress=progress
        )
        first = _First(name="first_lines", shared=fairest, levels=levels)
    rest = share(free if first is None else terms_beside(free, first.shared.pairs))
    return _as_lists(engine, settings, earlier, told, whole=whole, first=first, rest=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _First:
    """Lines that are chosen before the others, one a youth at most."""

    name: str  # of the proof
    shared: Shared
    levels: tuple[LevelReached, ...] = ()
    blocking_pairs: int | None = None


def _one_each(terms: Terms) -> NDArray[np.int32]:
    return np.minimum(terms.youth_capacity, 1)


def _one_line(free: Terms) -> Terms:
    """Return the terms of one line a youth, beside those that are kept.

    Alone, a line meets no cap on groups; beside lines that advisers keep it may. Who has such
    a line is served already: all others come first.
    """
    return replace(
        free,
        youth_capacity=_one_each(free),
        laminar_caps=free.laminar_caps if free.is_fixed.any() else None,
    )


def _placing(engine: Engine, settings: Settings, free: Terms) -> Terms:
    """Return the terms of an assignment: one offer a youth, one youth a seat."""
    return replace(
        _one_line(free),
        offer_capacity=np.minimum(engine.market.seats, free.offer_capacity),
        convex_costs=None,
        serve_first=settings.assignment_objective == "most",
    )


def _assigned(engine: Engine, placed: Shared) -> _First:
    """Return an assignment with what it costs in stability."""
    allowed = AllowedPairs(engine=engine, terms=placed.terms)
    blocking = count_blocking_pairs(allowed, placed.pairs, placed.terms.offer_capacity)
    return _First(name="assignment", shared=placed, blocking_pairs=blocking)


def _as_lists(
    engine: Engine,
    settings: Settings,
    earlier: Remembered,
    told: Advised,
    *,
    whole: Terms,
    first: _First | None,
    rest: Shared,
) -> YouthLists:
    """Put the lines kept, those chosen first, and the rest together."""
    pairs, candidates = rest.pairs, rest.candidates
    if len(told.pins):
        pairs, candidates = merge_pairs(pairs, told.pins), merge_pairs(candidates, told.pins)
    first_offer = np.full(len(rest.has_candidate), -1, dtype=np.int32)
    if first is not None:
        chosen = first.shared.pairs
        pairs, candidates = merge_pairs(pairs, chosen), merge_pairs(candidates, chosen)
        first_offer[chosen.youth] = chosen.offer
    exposure = earlier.exposure + np.bincount(pairs.offer, minlength=len(earlier.exposure))
    shared = {"lists": rest} if first is None else {first.name: first.shared, "lists": rest}
    is_first = first_offer[pairs.youth] == pairs.offer
    is_assignment = first is not None and first.name == "assignment"
    doubt = doubts_of(engine, pairs, settings)
    by_chance = settings.line_order == "chance"
    order = in_order(
        engine.market, pairs, doubt, exposure if by_chance else None, said=told.places(pairs)
    )
    return YouthLists(
        pairs=pairs,
        rank=order.rank,
        doubt=doubt,
        would_be_first=order.would_be_first,
        is_assigned=is_first & is_assignment,
        has_candidate=rest.has_candidate,
        candidates=candidates,
        exposure=exposure.astype(np.int32),
        proofs={name: one.proof for name, one in shared.items()},
        whole=whole,
        terms={name: one.terms for name, one in shared.items()},
        certificates={name: one.certificate for name, one in shared.items()},
        first_offer=first_offer,
        levels=(first.levels if first else ()) or _levels(pairs, candidates, settings.fair_floors),
        blocking_pairs=first.blocking_pairs if first else None,
    )


def _levels(pairs: Pairs, candidates: Pairs, floors: tuple[int, ...]) -> tuple[LevelReached, ...]:
    """Return the levels that lists reach beside those that youths alone could reach."""
    reached, could = levels_reached(pairs, floors), levels_reached(candidates, floors)
    return tuple(
        LevelReached(floor=floor, youths=youths, at_most=at_most)
        for floor, youths, at_most in zip((0, *floors), reached, could, strict=True)
    )
