"""Offers shared out over all lists at once, with a proof over all eligible pairs.

A solver that sees only each youth's best pairs solves the wrong problem: scarce offers
make a youth's fiftieth pair matter.  So the solver's prices go back to the search, which
returns for each youth the best pairs at these prices among *all* eligible ones; new ones
join, and the solver runs again.  The same pairs bound, from above, the sum of scores of
any lists whatever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.index import OfferIndex
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, ScoreTables
from matchmaker.lists.bound import Search, bound_over_all
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.pairing import keep_pairs, merge_pairs
from matchmaker.lists.terms import Terms
from matchmaker.solvers.auction import auction
from matchmaker.solvers.duality import (
    check_solution,
    column_bounds,
    dual_bound,
    unit_cost_of,
    value,
)
from matchmaker.solvers.problem import BMatching, Solver
from matchmaker.solvers.served import is_most_served

__all__ = ["Proof", "Round", "Shared", "share_out"]

MAX_ROUNDS = 30  # a run that needs more is said to be unproved, never cut short in silence
SPARE = 10  # pairs beyond a full list that a round may bring a youth
# The proved gap is usually far below the one that the bids' step guarantees, so the first
# step is larger than the wanted gap and is cut only where the proof asks for it.
FIRST_EPSILON = 16
ROUGH = 5  # times that step for the first round: its prices only tell which pairs are missing
NEAR = 8  # times the wanted gap, within which the next round starts from these prices
MORE = 4  # times as large a bonus, where it was too small
SLACK = 16  # part of the wanted gap that a loose bound may take up


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One solve: the pairs it saw, and what it reached."""

    pairs: int
    served: int
    score: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is certified about a sharing-out, and over which pairs.

    Attributes
    ----------
    servable : int
        Youths with at least one eligible pair.
    served : int
        Youths with at least one line.
    is_most_served : bool
        True when the cut proves that no lists under these caps serve more youths.
    score : int
        Sum of the plain scores of all lines, without bonuses.
    costs : int
        What the lists of an offer beyond its first ones cost; 0 unless asked for.
    bound : int
        No lists under these caps that serve as many youths have a greater sum of scores
        less costs.
    rounds : tuple of Round
        What each run of the solver reached; the last is the one that counts.
    """

    servable: int
    served: int
    is_most_served: bool
    score: int
    costs: int
    bound: int
    rounds: tuple[Round, ...]

    @property
    def gap(self) -> float:
        """(bound - reached) / reached; 0 where there is nothing to share out."""
        reached = self.score - self.costs
        return (self.bound - reached) / reached if reached > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Chosen pairs, the proof, and the certificate that anybody may add up again.

    Attributes
    ----------
    pairs : Pairs
        Sorted by youth, then offer.
    candidates : Pairs
        All pairs that the solver or the bound looked at.
    proof : Proof
    terms : Terms
        What was asked for.
    certificate : Certificate
    has_candidate : ndarray of bool, shape (n_youths,)
    """

    pairs: Pairs
    candidates: Pairs
    proof: Proof
    terms: Terms
    certificate: Certificate
    has_candidate: NDArray[np.bool_]


def share_out(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    terms: Terms,
    *,
    candidates: int,
    max_gap: float,
    epsilon: int | None = None,
    first_bonus: int | None = None,
    solver: Solver = auction,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Shared:
    """Choose lines for all youths at once.

    First as many youths as can be served get a line; then the sum of scores decides.

    Parameters
    ----------
    market, tables, index
        The market, its scores, and the offers laid out for the search.
    terms : Terms
    candidates : int
        Pairs a youth starts with.
    max_gap : float
        Gap of the score at which the rounds stop.
    epsilon : int, optional
        The solver's step once the first, rough round is done; by default what the gap
        asks for.
    first_bonus : int, optional
        What a first line earns at first; raised until the cut proves the most served.
        By default as much as the best pair.
    solver : Solver
    threads : int, optional
    progress : callable, optional
        Called with the fraction done; it goes up round by round and may end early.

    Returns
    -------
    Shared
    """
    width = int(terms.youth_capacity.max(initial=1)) + SPARE
    search = Search(market=market, tables=tables, index=index, terms=terms, threads=threads)
    pairs = search.first(k=max(candidates, width), spare=width)
    has_candidate = np.diff(pairs.indptr) > 0
    if first_bonus is None:
        first_bonus = int(search.worth(pairs).max(initial=0))
    bonus = first_bonus if terms.serve_first else 0
    is_proved = False
    price: NDArray[np.int64] | None = None
    if epsilon is None:
        epsilon = max(1, int(max_gap * _mean(pairs.score) * FIRST_EPSILON))
    rounds: list[Round] = []
    step = ROUGH * epsilon
    while True:
        problem = BMatching(
            indptr=pairs.indptr,
            column=pairs.offer,
            weight=pairs.score if terms.bands is None else search.worth(pairs),
            row_capacity=terms.youth_capacity,
            column_capacity=terms.offer_capacity,
            first_bonus=np.where(terms.is_fixed, 0, bonus).astype(np.int64),
            unit_costs=terms.unit_costs,
            nested=terms.nested,
        )
        solution = solver(problem, epsilon=step, price=price)
        check_solution(problem, solution)
        chosen = keep_pairs(pairs, solution.is_taken)
        served = (np.diff(chosen.indptr) > 0) | terms.is_fixed
        score = int(chosen.score.sum(dtype=np.int64))
        costs = _costs(terms, chosen)
        reached = value(problem, solution.is_taken)
        # What earned a bonus, for a first line or for its band, is no score.
        bonuses = reached - score + costs
        fresh = search.best(k=width, price=solution.price)
        within = dual_bound(problem, solution.price) - reached
        allowed = max_gap * max(score - costs, 0)
        youth_bound, seen = bound_over_all(
            problem, search, solution.price, fresh, k=width,
            # A bound that the solver's own gap spoils is not worth a deeper search.
            tolerance=int(allowed / SLACK) if within <= allowed or step == 1 else -1,
        )  # fmt: skip
        offer_bound = column_bounds(problem, solution.price)
        bound = int(youth_bound.sum()) + int(offer_bound.sum()) - bonuses
        rounds.append(Round(pairs=len(pairs), served=int(served.sum()), score=score, bound=bound))
        proof = Proof(
            servable=int((has_candidate | terms.is_fixed).sum()),
            served=int(served.sum()),
            is_most_served=False,
            score=score,
            costs=costs,
            bound=bound,
            rounds=tuple(rounds),
        )
        if progress is not None:
            progress(len(rounds) / (len(rounds) + 2))
        grown = merge_pairs(pairs, seen)
        # Prices far from the last ones are a worse start than none.
        price = solution.price if proof.gap <= NEAR * max_gap else None
        if len(rounds) == MAX_ROUNDS:
            break
        # What a step of one would have lost on this problem, if losses go by the step.
        finest = within / step
        if step > epsilon:  # never the last word
            step = epsilon = max(1, min(epsilon, int(allowed / 2 / max(finest, 1.0))))
            pairs = grown
            continue
        is_good = proof.gap <= max_gap
        if not is_good:
            # Two causes: pairs that the solver has not seen, and bids in too large steps.
            is_coarse = epsilon > 1 and within > allowed / 2
            if is_coarse:
                step = epsilon = max(1, min(epsilon // 2, int(allowed / 2 / finest)))
            is_good = not is_coarse and len(grown) == len(pairs)
        pairs = grown
        if terms.serve_first:
            # Before the score is good, only ways over the pairs at hand count: they are free.
            asked: list[Pairs] = []
            is_most = is_most_served(
                np.flatnonzero(has_candidate & ~served & (terms.youth_capacity > 0)).astype(
                    np.int32
                ),
                (chosen.youth, chosen.offer),
                (grown.youth, grown.offer),
                terms.offer_capacity,
                terms.is_fixed,
                partial(search.leaving, asked=asked) if is_good else _none_leaves,
            )
            is_proved = is_most and is_good
            if not is_most:
                # Give the solver a larger bonus, and the pairs of the way.
                bonus *= MORE
                price = None  # those for another bonus are far off
                for part in asked:
                    pairs = merge_pairs(pairs, part)
                continue
        if is_good:
            break
    return Shared(
        pairs=chosen,
        candidates=grown,
        proof=replace(proof, is_most_served=is_proved),
        terms=terms,
        certificate=Certificate(
            price=solution.price,
            offer_bound=offer_bound,
            offer_capacity=terms.offer_capacity,
            youth_bound=youth_bound,
            youth_capacity=terms.youth_capacity,
            bonus=problem.first_bonus,
        ),
        has_candidate=has_candidate | terms.is_fixed,
    )


def _none_leaves(
    _rows: NDArray[np.int32], _reached: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return no pair: the search of the cut stays among those at hand."""
    return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)


def _costs(terms: Terms, chosen: Pairs) -> int:
    if terms.unit_costs is None:
        return 0
    load = np.bincount(chosen.offer, minlength=len(terms.offer_capacity))
    return int(unit_cost_of(terms.unit_costs, load).sum())


def _mean(score: NDArray[np.int32]) -> float:
    return float(score.mean()) if len(score) else 0.0
