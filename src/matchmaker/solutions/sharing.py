"""Solutions are shared out as a problem of their own, after offers and never with them.

Rows are youths, columns are solutions with seats.  In this order: as many as can be of the
youths who come first (those without a line) get a solution, as many of all as can be get one,
and then the sum of scores is as high as it can be.  The first two never pull against each
other, since the sets of rows that can be served together are a matroid: a largest set exists
that holds a largest set of those who come first.  So one bonus on a row's first edge, twice as
high where the youth comes first, asks for both.  It is raised until as many are served as
the largest matchings prove can be; what its prices prove then is a bound of the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.solvers.auction import auction
from matchmaker.solvers.cardinality import largest_matching
from matchmaker.solvers.duality import check_solution, dual_bound, value
from matchmaker.solvers.problem import BMatching

__all__ = ["MOST_A_YOUTH", "Fitting", "SharedSolutions", "share_solutions"]

MOST_A_YOUTH = 3  # solutions that one youth is told of
FIRST_BONUS = 4  # best scores that a first solution is worth, to begin with
HIGHER = 16  # times the bonus, where somebody could still be served


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """Which solutions fit which youths, in compressed rows.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n_youths + 1,)
    solution : ndarray of int32, shape (n_edges,)
        No solution twice for one youth.
    score : ndarray of int32, shape (n_edges,)
        Above 0.
    seats : ndarray of int32, shape (n_solutions,)
        -1 where there is no limit.
    comes_first : ndarray of bool, shape (n_youths,)
        Those without a line of an offer.

    Examples
    --------
    >>> Fitting(indptr=np.array([0, 1]), solution=np.array([0], "i4"), score=np.array([9], "i4"),
    ...     seats=np.array([-1], "i4"), comes_first=np.array([True])).capacity.tolist()
    [1]
    """

    indptr: NDArray[np.int64]
    solution: NDArray[np.int32]
    score: NDArray[np.int32]
    seats: NDArray[np.int32]
    comes_first: NDArray[np.bool_]

    @property
    def capacity(self) -> NDArray[np.int32]:
        """Seats, or a seat for each youth where there is no limit."""
        return np.where(self.seats < 0, len(self.comes_first), self.seats).astype(np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSolutions:
    """Who gets which solution, and what is proved of it.

    Attributes
    ----------
    is_taken : ndarray of bool, shape (n_edges,)
    price : ndarray of int64, shape (n_solutions,)
        Dual prices, in units of score.
    is_served : ndarray of bool, shape (n_youths,)
    score : int
        Sum of the scores of what is taken.
    short_of_bound : int
        By how much the score may fall short of the best among all ways that serve as many.
    """

    is_taken: NDArray[np.bool_]
    price: NDArray[np.int64]
    is_served: NDArray[np.bool_]
    score: int
    short_of_bound: int


def share_solutions(fitting: Fitting) -> SharedSolutions:
    """Share out the seats of solutions: up to three a youth, one at least where one can be.

    Parameters
    ----------
    fitting : Fitting

    Returns
    -------
    SharedSolutions
        The same for the same rows.

    Raises
    ------
    CheckError
        The solver's choice breaks a capacity.

    Examples
    --------
    >>> shared = share_solutions(Fitting(  # one seat, and the second youth comes first
    ...     indptr=np.array([0, 1, 2]), solution=np.array([0, 0], "i4"),
    ...     score=np.array([90, 10], "i4"), seats=np.array([1], "i4"),
    ...     comes_first=np.array([False, True])))
    >>> shared.is_served.tolist()
    [False, True]
    """
    best = max(int(fitting.score.max(initial=0)), 1)
    # No sum of scores outweighs a youth then; far smaller bonuses mostly do, and are faster.
    surest = MOST_A_YOUTH * len(fitting.comes_first) * best + 1
    most_first, most = _most_served(fitting, fitting.comes_first), _most_served(fitting)
    bonus = min(FIRST_BONUS * best, surest)
    while True:
        shared = _solve(fitting, bonus)
        first = int(shared.is_served[fitting.comes_first].sum())
        if (first, int(shared.is_served.sum())) == (most_first, most) or bonus == surest:
            return shared
        bonus = min(bonus * HIGHER, surest)


def _most_served(fitting: Fitting, wants: NDArray[np.bool_] | None = None) -> int:
    """Return how many youths (of those who want one) can be given a solution at once."""
    target = np.ones(len(fitting.comes_first), dtype=np.int32)
    if wants is not None:
        target = wants.astype(np.int32)
    largest = largest_matching(
        fitting.indptr, fitting.solution, target=target, capacity=fitting.capacity
    )
    return int((largest.held >= 0).sum())


def _solve(fitting: Fitting, bonus: int) -> SharedSolutions:
    n_youths = len(fitting.comes_first)
    problem = BMatching(
        indptr=fitting.indptr,
        column=fitting.solution,
        weight=fitting.score,
        row_capacity=np.full(n_youths, MOST_A_YOUTH, dtype=np.int32),
        column_capacity=fitting.capacity,
        first_bonus=np.where(fitting.comes_first, 2 * bonus, bonus).astype(np.int64),
    )
    solution = auction(problem, epsilon=1)
    check_solution(problem, solution)
    row = problem.row
    return SharedSolutions(
        is_taken=solution.is_taken,
        price=solution.price,
        is_served=np.bincount(row[solution.is_taken], minlength=n_youths) > 0,
        score=int(fitting.score[solution.is_taken].sum(dtype=np.int64)),
        short_of_bound=dual_bound(problem, solution.price) - value(problem, solution.is_taken),
    )
