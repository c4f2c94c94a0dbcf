"""The parts of a round of sharing-out: solve, bound, and look for a way to serve one more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.bound import OverAll, bound_over_all
from matchmaker.lists.pairing import keep_pairs, merge_pairs
from matchmaker.lists.proof import Round, relative_gap
from matchmaker.lists.rounds import State
from matchmaker.lists.shown import Asked
from matchmaker.lists.terms import Terms
from matchmaker.solvers.duality import (
    check_solution,
    column_bounds,
    dual_bound,
    unit_cost_of,
    value,
)
from matchmaker.solvers.problem import BMatching, Solution, Solver
from matchmaker.solvers.served import is_most_served

__all__ = ["Bounded", "Solved", "bound", "find_way", "solve", "width_of"]

SPARE = 10  # pairs beyond a full list that a round may bring a youth
SLACK = 16  # part of the wanted gap that a loose bound may take up


def width_of(terms: Terms) -> int:
    """Return how many pairs a youth a search at prices brings.

    Parameters
    ----------
    terms : Terms

    Returns
    -------
    int
    """
    return max(terms.longest_list, 1) + SPARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A problem, its solution, and what the choice is worth.

    Attributes
    ----------
    problem : BMatching
    solution : Solution
    chosen : Pairs
    is_served : ndarray of bool, shape (n_youths,)
    score : int
        Sum of the plain scores.
    costs : int
        Of competition, in units of score.
    reached : int
        Objective of the problem: with bonuses, less costs.
    """

    problem: BMatching
    solution: Solution
    chosen: Pairs
    is_served: NDArray[np.bool_]
    score: int
    costs: int
    reached: int  # with bonuses


def solve(allowed: AllowedPairs, state: State, solver: Solver) -> Solved:
    """Run the solver on the pairs at hand, and check its choice.

    Parameters
    ----------
    allowed : AllowedPairs
    state : State
        Pairs, prices and step of this round.
    solver : Solver

    Returns
    -------
    Solved

    Raises
    ------
    CheckError
        The choice breaks a capacity, or a price is below 0.
    """
    terms, pairs = allowed.terms, state.pairs
    problem = BMatching(
        indptr=pairs.indptr,
        column=pairs.offer,
        weight=allowed.weight(pairs),
        row_capacity=terms.youth_capacity,
        column_capacity=terms.offer_capacity,
        first_bonus=np.where(terms.is_fixed, 0, state.bonus).astype(np.int64),
        laminar_caps=terms.laminar_caps,
        convex_costs=terms.convex_costs,
        column_bonus=None if terms.to_show is None else terms.to_show * np.int64(state.show_bonus),
    )
    solution = solver(problem, epsilon=state.step, price=state.price)
    check_solution(problem, solution)
    chosen = keep_pairs(pairs, solution.is_taken)
    return Solved(
        problem=problem,
        solution=solution,
        chosen=chosen,
        is_served=(np.diff(chosen.indptr) > 0) | terms.is_fixed,
        score=int(chosen.score.sum(dtype=np.int64)),
        costs=_costs(terms, chosen),
        reached=value(problem, solution.is_taken),
    )


def _costs(terms: Terms, chosen: Pairs) -> int:
    if terms.convex_costs is None:
        return 0
    load = np.bincount(chosen.offer, minlength=len(terms.offer_capacity))
    return int(unit_cost_of(terms.convex_costs, load).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """What the prices of a solution prove, on the pairs at hand and over all eligible ones.

    Attributes
    ----------
    within : int
        Bound on the pairs at hand, less what was reached.
    tolerated : float
        The gap asked for, in units of score.
    gap : float
        Over all eligible pairs, as a share of what was reached.
    over_all : OverAll
        What the prices prove of the youths.
    offer_bound : ndarray of int64, shape (n_offers,)
        What each offer could earn at the prices.
    asked : Asked
        All pairs of the offers that a search at prices does not see whole.
    round : Round
    """

    within: int
    tolerated: float
    gap: float
    over_all: OverAll
    offer_bound: NDArray[np.int64]
    asked: Asked
    round: Round


def bound(
    allowed: AllowedPairs, solved: Solved, asked: Asked, *, step: int, max_gap: float
) -> Bounded:
    """Bound what any lists could be worth, by searches at the prices of the solution.

    Parameters
    ----------
    allowed : AllowedPairs
    solved : Solved
    asked : Asked
        All pairs of some offers, to begin with.
    step : int
        The solver's, in units of the weights.
    max_gap : float
        As a share of what is reached.

    Returns
    -------
    Bounded
    """
    problem, price = solved.problem, solved.solution.price
    plain = solved.score - solved.costs
    within = dual_bound(problem, price) - solved.reached
    tolerated = max_gap * max(plain, 0)
    # A bound that the solver's own gap spoils is not worth a deeper search.
    is_worth_it = within <= tolerated or step == 1
    paid = price < 0
    asked = asked.and_of(paid, allowed)
    over_all = bound_over_all(
        problem,
        allowed,
        price,
        k=width_of(allowed.terms),
        tolerance=int(tolerated / SLACK) if is_worth_it else -1,
        paid=asked.of(paid) if paid.any() else None,
    )
    offer_bound = column_bounds(problem, price)
    # What earned a bonus, for a first line or for its band, is no score.
    bonuses = solved.reached - plain
    most = int(over_all.bounds.sum()) + int(offer_bound.sum()) - bonuses
    return Bounded(
        within=within,
        tolerated=tolerated,
        gap=relative_gap(most, plain),
        over_all=over_all,
        offer_bound=offer_bound,
        asked=asked,
        round=Round(
            pairs=len(problem.column),
            served=int(solved.is_served.sum()),
            score=solved.score,
            bound=most,
        ),
    )


def find_way(
    allowed: AllowedPairs,
    solved: Solved,
    pairs: Pairs,
    waits: NDArray[np.bool_],
    *,
    everywhere: bool,
) -> tuple[bool, Pairs]:
    """Look for a way to serve one of the youths who wait, among these pairs or all eligible ones.

    Before the score is good, only ways over the pairs at hand count: they are free.
    Returns whether there is one, and the pairs with those that it leads over.

    Parameters
    ----------
    allowed : AllowedPairs
    solved : Solved
    pairs : Pairs
        Those at hand.
    waits : ndarray of bool, shape (n_youths,)
    everywhere : bool
        Search all eligible pairs.

    Returns
    -------
    is_found : bool
    pairs : Pairs
        With those that the way leads over.
    """
    terms = allowed.terms
    asked: list[Pairs] = []

    def leaving(
        rows: NDArray[np.int32], is_reached: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        if not everywhere:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
        asked.append(allowed.leaving(rows, is_reached))
        return asked[-1].youth, asked[-1].offer

    is_most = is_most_served(
        np.flatnonzero(waits).astype(np.int32),
        (solved.chosen.youth, solved.chosen.offer),
        (pairs.youth, pairs.offer),
        terms.offer_capacity,
        terms.is_fixed,
        leaving,
    )
    if not is_most:
        for part in asked:
            pairs = merge_pairs(pairs, part)
    return not is_most, pairs
