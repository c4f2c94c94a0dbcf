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
from matchmaker.candidates.search import find_pairs
from matchmaker.solvers.auction import auction
from matchmaker.solvers.duality import check_solution, dual_bound, value
from matchmaker.solvers.problem import BMatching, Solver
from matchmaker.solvers.served import is_most_served

__all__ = ["Proof", "Shared", "merge_pairs", "share_out"]

MAX_ROUNDS = 30  # a run that needs more is said to be unproved, never cut short in silence
SPARE = 10  # pairs beyond a full list that a round may bring a youth
# The proved gap is usually far below the one that the bids' step guarantees, so the first
# step is larger than the wanted gap and is cut only where the proof asks for it.
FIRST_EPSILON = 2
NEAR = 4  # times the wanted gap, within which the next round starts from these prices
LEAVING = 4  # pairs a youth that the search of the cut asks for at a time; 2 or more
SHUT = 1 << 40


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
    bound : int
        No lists under these caps that serve as many youths have a greater sum.
    rounds : int
        Times the solver ran.
    pairs : int
        Candidate pairs in the last problem solved.
    """

    servable: int
    served: int
    is_most_served: bool
    score: int
    bound: int
    rounds: int
    pairs: int

    @property
    def gap(self) -> float:
        """(bound - score) / score; 0 where there is nothing to share out."""
        return (self.bound - self.score) / self.score if self.score else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Chosen pairs, the prices that prove them, and the proof."""

    pairs: Pairs
    price: NDArray[np.int64]
    proof: Proof
    has_candidate: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Lines that stand before the sharing-out begins: one offer a youth, or -1."""

    offer: NDArray[np.int32]

    def without(self, pairs: Pairs) -> Pairs:
        """Return `pairs` less the fixed ones."""
        return _subset(pairs, pairs.offer != self.offer[pairs.youth])


def share_out(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    *,
    row_capacity: NDArray[np.int32],
    column_capacity: NDArray[np.int32],
    candidates: int,
    max_gap: float,
    serve_first: bool = True,
    fixed: NDArray[np.int32] | None = None,
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
    row_capacity : ndarray of int32, shape (n_youths,)
        Longest list of each youth.
    column_capacity : ndarray of int32, shape (n_offers,)
        In how many lists each offer may stand.
    candidates : int
        Pairs a youth starts with.
    max_gap : float
        Gap of the score at which the rounds stop.
    serve_first : bool
        False: the sum of scores alone decides.
    fixed : ndarray of int32, shape (n_youths,), optional
        An offer that each youth has already, -1 for none: it is not chosen again, the
        youth counts as served. Capacities are those that remain.
    solver : Solver
    threads : int, optional
    progress : callable, optional
        Called with the fraction done; it goes up round by round and may end early.

    Returns
    -------
    Shared
    """
    n_youths = len(row_capacity)
    kept = Fixed(offer=np.full(n_youths, -1, dtype=np.int32) if fixed is None else fixed)
    is_fixed = kept.offer >= 0
    search = _Search(market, tables, index, kept, int(row_capacity.max(initial=1)) + SPARE, threads)
    pairs = search.best(k=max(candidates, search.width))
    has_candidate = np.diff(pairs.indptr) > 0
    top = int(pairs.score.max(initial=0))
    bonus = top if serve_first else 0
    best_is_proved = False
    price: NDArray[np.int64] | None = None
    epsilon = max(1, int(max_gap * _mean(pairs.score) * FIRST_EPSILON))
    for round_number in range(1, MAX_ROUNDS + 1):
        problem = BMatching(
            indptr=pairs.indptr,
            column=pairs.offer,
            weight=pairs.score,
            row_capacity=row_capacity,
            column_capacity=column_capacity,
            first_bonus=np.where(is_fixed, 0, bonus).astype(np.int64),
        )
        solution = solver(problem, epsilon=epsilon, price=price)
        check_solution(problem, solution)
        chosen = _subset(pairs, solution.is_taken)
        served = (np.diff(chosen.indptr) > 0) | is_fixed
        score = int(chosen.score.sum(dtype=np.int64))
        fresh = search.best(k=search.width, price=solution.price)
        reached = value(problem, solution.is_taken)
        bonuses = reached - score
        bound = _full_bound(problem, fresh, solution.price) - bonuses
        proof = Proof(
            servable=int((has_candidate | is_fixed).sum()),
            served=int(served.sum()),
            is_most_served=False,
            score=score,
            bound=bound,
            rounds=round_number,
            pairs=len(pairs),
        )
        if progress is not None:
            progress(round_number / (round_number + 2))
        grown = merge_pairs(pairs, fresh, len(column_capacity))
        # Prices far from the last ones are a worse start than none.
        price = solution.price if proof.gap <= NEAR * max_gap else None
        if proof.gap > max_gap:
            # Two causes: pairs that the solver has not seen, and bids in too large steps.
            within = dual_bound(problem, solution.price) - reached
            is_coarse = epsilon > 1 and within > max_gap * score / 2
            if is_coarse:
                epsilon = max(1, epsilon // 4)
            if is_coarse or len(grown) > len(pairs):
                pairs = grown
                continue
        if not serve_first:
            break
        asked: list[Pairs] = []
        best_is_proved = is_most_served(
            np.flatnonzero(has_candidate & ~served).astype(np.int32),
            (chosen.youth, chosen.offer),
            (grown.youth, grown.offer),
            column_capacity,
            is_fixed,
            partial(search.leaving, asked=asked),
        )
        if best_is_proved:
            break
        # More youths can be served: give the solver the pairs of the way, and a larger bonus.
        bonus *= 2
        pairs = grown
        for part in asked:
            pairs = merge_pairs(pairs, part, len(column_capacity))
    return Shared(
        pairs=chosen,
        price=solution.price,
        proof=replace(proof, is_most_served=best_is_proved),
        has_candidate=has_candidate | is_fixed,
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """The search with everything but prices and rows filled in."""

    market: Market
    tables: ScoreTables
    index: OfferIndex
    fixed: Fixed
    width: int
    threads: int | None

    def best(self, *, k: int, price: NDArray[np.int64] | None = None) -> Pairs:
        # One pair more than asked for, since the fixed one is taken out again.
        found = find_pairs(
            self.market, self.tables, self.index, k=k + 1, price=price, threads=self.threads
        )
        return self.fixed.without(found)

    def leaving(
        self, rows: NDArray[np.int32], is_reached: NDArray[np.bool_], asked: list[Pairs]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return each youth's best pairs with offers outside a set, and keep them in `asked`."""
        # A price that no score can pay shuts the set out.
        found = find_pairs(
            self.market,
            self.tables,
            self.index,
            k=LEAVING,
            price=np.where(is_reached, SHUT, 0).astype(np.int64),
            floor=np.full(len(self.market.youth_hash), -(SHUT // 2), dtype=np.int64),
            who=rows,
            threads=self.threads,
        )
        found = self.fixed.without(found)
        asked.append(found)
        return found.youth, found.offer


def _full_bound(problem: BMatching, fresh: Pairs, price: NDArray[np.int64]) -> int:
    """Return the dual bound over all eligible pairs.

    `fresh` holds each youth's best pairs at these prices, more than a list holds, out of
    all eligible ones: no other pair can enter what the youth could do best.
    """
    return dual_bound(
        replace(problem, indptr=fresh.indptr, column=fresh.offer, weight=fresh.score), price
    )


def _mean(score: NDArray[np.int32]) -> float:
    return float(score.mean()) if len(score) else 0.0


def _subset(pairs: Pairs, keep: NDArray[np.bool_]) -> Pairs:
    """Return the pairs where `keep` is true."""
    indptr = np.zeros(len(pairs.indptr), dtype=np.int64)
    np.cumsum(np.bincount(pairs.youth[keep], minlength=len(indptr) - 1), out=indptr[1:])
    return Pairs(
        indptr=indptr,
        offer=pairs.offer[keep],
        score=pairs.score[keep],
        wish=pairs.wish[keep],
        rung=pairs.rung[keep],
    )


def merge_pairs(pairs: Pairs, fresh: Pairs, n_offers: int) -> Pairs:
    """Return both sets of pairs as one, each (youth, offer) once; both score it the same."""
    key = np.concatenate(
        [part.youth.astype(np.int64) * n_offers + part.offer for part in (pairs, fresh)]
    )
    keys, at = np.unique(key, return_index=True)
    indptr = np.zeros(len(pairs.indptr), dtype=np.int64)
    np.cumsum(np.bincount(keys // n_offers, minlength=len(indptr) - 1), out=indptr[1:])
    return Pairs(
        indptr=indptr,
        offer=(keys % n_offers).astype(np.int32),
        score=np.concatenate([pairs.score, fresh.score])[at],
        wish=np.concatenate([pairs.wish, fresh.wish])[at],
        rung=np.concatenate([pairs.rung, fresh.rung])[at],
    )
