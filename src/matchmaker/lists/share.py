"""Offers shared out over all lists at once, with a proof over all eligible pairs.

A solver that sees only each youth's best pairs solves the wrong problem: scarce offers
make a youth's fiftieth pair matter.  So the solver's prices go back to the search, which
returns for each youth the best pairs at these prices among *all* eligible ones; new ones
join, and the solver runs again.  The same pairs bound, from above, the sum of scores of
any lists whatever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matchmaker.candidates.engine import Engine
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.pairing import merge_pairs
from matchmaker.lists.proof import Proof, Round, Shared
from matchmaker.lists.rounds import Measured, State, decide, next_state
from matchmaker.lists.solving import bound, find_way, solve, width_of
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

    First as many youths as can be served get a line; then the sum of scores decides.

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
    state = _first_state(allowed, effort)
    has_candidate = np.diff(state.pairs.indptr) > 0
    rounds: list[Round] = []
    while True:
        solved = solve(allowed, state, solver)
        bounded = bound(allowed, solved, step=state.step, max_gap=effort.max_gap)
        rounds.append(bounded.round)
        if progress is not None:
            progress(len(rounds) / (len(rounds) + 2))
        grown = merge_pairs(state.pairs, bounded.seen)
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
        decision = decide(now, has_way=has_way)
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
        ),
        terms=terms,
        certificate=Certificate(
            price=solved.solution.price,
            offer_bound=bounded.offer_bound,
            offer_capacity=terms.offer_capacity,
            youth_bound=bounded.youth_bound,
            youth_capacity=terms.youth_capacity,
            bonus=solved.problem.first_bonus,
        ),
        has_candidate=has_candidate | terms.is_fixed,
    )


def _first_state(allowed: AllowedPairs, effort: Effort) -> State:
    """Return each youth's best pairs, and the rough step that the rounds begin with."""
    width = width_of(allowed.terms)
    pairs = allowed.first(k=max(effort.candidates, width), spare=width)
    bonus, epsilon = effort.first_bonus, effort.epsilon
    if bonus is None:
        bonus = int(allowed.worth(pairs).max(initial=0))
    if epsilon is None:
        mean = float(pairs.score.mean()) if len(pairs) else 0.0
        epsilon = max(1, int(effort.max_gap * mean * FIRST_EPSILON))
    return State(
        pairs=pairs,
        price=None,
        step=ROUGH * epsilon,
        epsilon=epsilon,
        bonus=bonus if allowed.terms.serve_first else 0,
    )
