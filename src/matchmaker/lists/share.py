"""Offers shared out over all lists at once, with a proof over all eligible pairs.

A solver that sees only each youth's best pairs solves the wrong problem: scarce offers
make a youth's fiftieth pair matter.  So the solver's prices go back to the search, which
returns for each youth the best pairs at these prices among *all* eligible ones; new ones
join, and the solver runs again.  The same pairs bound, from above, the sum of scores of
any lists whatever.

Published offers that no list has shown yet earn a bonus with their first one, so that as many of
them as can be are shown: that costs no youth a list (`matchmaker.solvers.shown`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matchmaker.candidates.engine import Engine
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.pairing import merge_pairs
from matchmaker.lists.proof import Proof, Round, Shared, Showing
from matchmaker.lists.rounds import Measured, State, decide, next_state
from matchmaker.lists.shown import Asked, are_most_shown, rare_pairs
from matchmaker.lists.solving import Bounded, Solved, bound, find_way, solve, width_of
from matchmaker.lists.terms import Terms
from matchmaker.solvers.auction import auction
from matchmaker.solvers.problem import Solver

__all__ = ["Effort", "share_out"]

# The proved gap is usually far below the one that the bids' step guarantees, so the first
# step is larger than the wanted gap and is cut only where the proof asks for it.
FIRST_EPSILON = 16
ROUGH = 5  # times that step for the first round: its prices only tell which pairs are missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Where the rounds begin, and when they may stop.

    Attributes
    ----------
    candidates : int
        Pairs a youth starts with.
    max_gap : float
        Gap of the score at which the rounds stop.
    epsilon : int or None
        The solver's step once the first, rough round is done; None: what the gap asks for.
    first_bonus : int or None
        What a first line earns at first; raised until the cut proves the most served.
        None: as much as the best pair.
    """

    candidates: int
    max_gap: float
    epsilon: int | None = None
    first_bonus: int | None = None


def share_out(
    engine: Engine,
    terms: Terms,
    effort: Effort,
    *,
    solver: Solver = auction,
    progress: Callable[[float], None] | None = None,
) -> Shared:
    """Choose lines for all youths at once.

    First as many youths as can be served get a line; then as many offers as can be of those to
    show are shown; then the sum of scores decides.

    Parameters
    ----------
    engine : Engine
    terms : Terms
    effort : Effort
    solver : Solver
    progress : callable, optional
        Called with the fraction done; it goes up round by round and may end early.

    Returns
    -------
    Shared
    """
    allowed = AllowedPairs(engine=engine, terms=terms)
    asked, state = _first_state(allowed, effort)
    has_candidate = np.diff(state.pairs.indptr) > 0
    rounds: list[Round] = []
    while True:
        solved = solve(allowed, state, solver)
        bounded = bound(allowed, solved, asked, step=state.step, max_gap=effort.max_gap)
        asked = bounded.asked
        rounds.append(bounded.round)
        if progress is not None:
            progress(len(rounds) / (len(rounds) + 2))
        grown = merge_pairs(state.pairs, bounded.over_all.pairs)
        now = Measured(
            number=len(rounds),
            step=state.step,
            epsilon=state.epsilon,
            within=bounded.within,
            tolerated=bounded.tolerated,
            gap=bounded.gap,
            max_gap=effort.max_gap,
            has_new_pairs=len(grown) > len(state.pairs),
        )
        has_way, ways = None, grown
        if terms.serve_first and now.counts:
            waits = has_candidate & ~solved.is_served & (terms.youth_capacity > 0)
            has_way, ways = find_way(allowed, solved, grown, waits, everywhere=now.is_good)
        is_most_shown: bool | None = None
        if now.counts and now.is_good:
            is_most_shown, asked = are_most_shown(allowed, solved.chosen, asked)
        could_show = None if is_most_shown is None else not is_most_shown
        decision = decide(now, has_way=has_way, could_show=could_show)
        if decision.is_last:
            break
        state = next_state(state, decision, ways, solved.solution.price)
    return Shared(
        pairs=solved.chosen,
        candidates=grown,
        proof=Proof(
            servable=int((has_candidate | terms.is_fixed).sum()),
            served=bounded.round.served,
            is_most_served=decision.is_most_served,
            score=solved.score,
            costs=solved.costs,
            bound=bounded.round.bound,
            rounds=tuple(rounds),
            offers=_showing(allowed, solved, bounded, asked, is_most=decision.is_most_shown),
        ),
        terms=terms,
        certificate=Certificate(
            price=solved.solution.price,
            offer_bound=bounded.offer_bound,
            offer_capacity=terms.offer_capacity,
            youth_bound=bounded.over_all.bounds,
            youth_capacity=terms.youth_capacity,
            bonus=solved.problem.first_bonus,
            show_bonus=solved.problem.column_bonuses,
        ),
        has_candidate=has_candidate | terms.is_fixed,
    )


def _showing(
    allowed: AllowedPairs, solved: Solved, bounded: Bounded, asked: Asked, *, is_most: bool
) -> Showing | None:
    """Return what became of the offers to show, and what no lists exceed that show others."""
    to_show, problem = allowed.terms.to_show, solved.problem
    if to_show is None:
        return None
    n_offers = len(to_show)
    is_shown = to_show & (np.bincount(solved.chosen.offer, minlength=n_offers) > 0)
    has_pair = is_shown.copy()
    has_pair[problem.column] = has_pair[asked.pairs.offer] = True
    whole = bounded.over_all.without_bonus(problem, allowed, solved.solution.price)
    earned = solved.reached - (solved.score - solved.costs)
    of_offers = int(problem.column_bonuses[is_shown].sum())
    return Showing(
        is_orphan=to_show & has_pair & ~is_shown,
        is_for_nobody=to_show & ~has_pair,
        shown=int(is_shown.sum()),
        is_most=is_most,
        bound_without=whole - (earned - of_offers),
    )


def _first_state(allowed: AllowedPairs, effort: Effort) -> tuple[Asked, State]:
    """Return each youth's best pairs, and the rough step that the rounds begin with.

    Besides, all pairs of the offers to show that are rare among these.
    """
    width = width_of(allowed.terms)
    asked, pairs = rare_pairs(allowed, allowed.first(k=max(effort.candidates, width), spare=width))
    bonus, epsilon = effort.first_bonus, effort.epsilon
    if bonus is None:
        bonus = int(allowed.worth(pairs).max(initial=0))
    if epsilon is None:
        mean = float(pairs.score.mean()) if len(pairs) else 0.0
        epsilon = max(1, int(effort.max_gap * mean * FIRST_EPSILON))
    return asked, State(
        pairs=pairs,
        price=None,
        step=ROUGH * epsilon,
        epsilon=epsilon,
        bonus=bonus if allowed.terms.serve_first else 0,
        show_bonus=bonus,
    )
