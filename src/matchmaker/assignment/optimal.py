"""The assignment of the highest weight, with a proof in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import CheckError, UsageError
from matchmaker.solvers.auction import auction
from matchmaker.solvers.cardinality import largest_matching
from matchmaker.solvers.duality import check_solution, dual_bound, value
from matchmaker.solvers.problem import BMatching
from matchmaker.words import said

__all__ = ["OptimalAssignment", "optimal_assignment"]

FINER = 10  # how many times smaller the step of a bid gets from one round to the next
MORE = 4  # times as large a bonus of each placement, where it was too small
LARGEST = int(np.iinfo(np.int32).max)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimalAssignment:
    """An assignment and what no other assignment on the same pairs can exceed.

    Attributes
    ----------
    pair : int64, shape (n_youths,)
        Position of the pair each youth got, -1 for none.
    placed, most_placed : int
        Youths placed, and the most that could be.
    weight, weight_bound : int
        Sum of the weights, and the proved bound of it: among assignments that place
        `most_placed` youths for the objective "placements", among all for "weight".
        Equal: the assignment is optimal.
    """

    pair: NDArray[np.int64]
    placed: int
    most_placed: int
    weight: int
    weight_bound: int


def optimal_assignment(
    indptr: NDArray[np.int64],
    offer: NDArray[np.int32],
    weight: NDArray[np.integer[Any]],
    capacity: NDArray[np.int64],
    *,
    objective: Literal["placements", "weight"],
    max_gap: float = 1e-5,
) -> OptimalAssignment:
    """Place youths for the highest total weight, or as many as can be and then so.

    Parameters
    ----------
    indptr : int64, shape (n_youths + 1,)
    offer : int32, shape (n_pairs,)
    weight : integers, shape (n_pairs,)
        Worth of each pair, below 2**30 in size; a pair of weight 0 or below is used for
        "placements" only.
    capacity : int64, shape (n_offers,)
    objective : {"placements", "weight"}
        "placements": first the number of youths placed, then the weight.
    max_gap : float
        Share of the weight by which the bound may exceed it.  Both are whole numbers, so
        a weight below ``1 / max_gap`` is exact; a larger one mostly is.

    Returns
    -------
    OptimalAssignment

    Raises
    ------
    UsageError
        A weight is out of bounds.
    CheckError
        The independent check of feasibility, of the number placed or of the bound failed.

    Notes
    -----
    The auction of `matchmaker.solvers` ends within one unit a youth placed of the bound
    that its prices prove.  Multiplying all weights by a scale makes that unit smaller,
    until the gap is as wanted.  For "placements" every placement earns a bonus, raised
    until the number equals the maximum flow, which a cut proves.

    Examples
    --------
    >>> import numpy as np
    >>> best = optimal_assignment(np.array([0, 2, 3]), np.int32([0, 1, 0]),
    ...                           np.array([9, 5, 8]), np.array([1, 1]), objective="weight")
    >>> best.pair.tolist(), best.weight, best.weight_bound
    ([1, 2], 13, 13)
    """
    worth = weight.astype(np.int64)
    low, high = int(worth.min(initial=1)), int(worth.max(initial=1))
    if max(-low, high) >= 1 << 30:
        raise UsageError(said("usage.weights"))
    # As soon as the number placed is settled, a constant on every pair changes nothing else.
    shift = max(0, 1 - low) if objective == "placements" else 0
    kept = np.flatnonzero(worth + shift > 0)
    youth = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    start = np.concatenate(([0], np.cumsum(np.bincount(youth[kept], minlength=len(indptr) - 1))))
    most = _most_placed(indptr, offer, capacity)
    scale, bonus = 1, high + shift if objective == "placements" else 0
    while True:
        problem = BMatching(
            indptr=start,
            column=offer[kept],
            weight=((worth[kept] + shift) * scale).astype(np.int32),
            row_capacity=np.ones(len(start) - 1, dtype=np.int32),
            column_capacity=np.minimum(capacity, len(start) - 1).astype(np.int32),
            first_bonus=np.full(len(start) - 1, bonus * scale, dtype=np.int64),
        )
        solution = auction(problem, epsilon=1)
        check_solution(problem, solution)
        used = kept[solution.is_taken]
        bound = dual_bound(problem, solution.price)
        short = bound - value(problem, solution.is_taken)
        if short > len(used):
            raise CheckError(said("refused.short", short=short, most=len(used)))
        if objective == "placements" and len(used) < most:
            bonus *= MORE
            continue
        total = int(worth[used].sum())
        bound = bound // scale - (bonus + shift) * len(used)
        finer = min(scale * FINER, LARGEST // (high + shift))
        if bound - total <= max_gap * abs(total) or finer == scale:
            break
        scale = finer
    pair = np.full(len(start) - 1, -1, dtype=np.int64)
    pair[youth[used]] = used
    return OptimalAssignment(
        pair=pair, placed=len(used), most_placed=most, weight=total, weight_bound=bound
    )


def _most_placed(
    indptr: NDArray[np.int64], offer: NDArray[np.int32], capacity: NDArray[np.int64]
) -> int:
    """Return how many youths can be placed at most, proved by a cut."""
    n_youths = len(indptr) - 1
    largest = largest_matching(
        indptr,
        offer,
        target=np.ones(n_youths, dtype=np.int32),
        capacity=np.minimum(capacity, n_youths).astype(np.int32),
    )
    found = int((largest.held >= 0).sum())
    # The cut: seats of the offers reached, and the youths who wish any other offer.
    is_cut = largest.reached_columns
    can_leave = np.zeros(n_youths, dtype=bool)
    can_leave[np.repeat(np.arange(n_youths), np.diff(indptr))[~is_cut[offer]]] = True
    bound = int(capacity[is_cut].sum() + can_leave.sum())
    if bound != found:
        raise CheckError(said("refused.most_placed", found=found, bound=bound))
    return found
