"""The assignment of the highest weight, with a proof in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from matchmaker.errors import CheckError

__all__ = ["OptimalAssignment", "optimal_assignment"]


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
) -> OptimalAssignment:
    """Place youths for the highest total weight, or as many as can be and then so.

    Parameters
    ----------
    indptr : int64, shape (n_youths + 1,)
    offer : int32, shape (n_pairs,)
    weight : integers, shape (n_pairs,)
        Worth of each pair; a pair of weight below 0 is used for "placements" only.
    capacity : int64, shape (n_offers,)
    objective : {"placements", "weight"}
        "placements": first the number of youths placed, then the weight.

    Returns
    -------
    OptimalAssignment

    Raises
    ------
    CheckError
        The independent check of feasibility or of the dual bound failed.

    Notes
    -----
    A transport problem: its linear program has whole-number solutions and dual prices,
    found by the simplex method of HiGHS.  The prices are rounded to integers and give
    the bound by weak duality, so a wrong solver cannot pass: whatever the prices,
    ``sum(price x capacity) + sum(max(0, weight - price))`` bounds every assignment.

    Examples
    --------
    >>> import numpy as np
    >>> best = optimal_assignment(np.array([0, 2, 3]), np.int32([0, 1, 0]),
    ...                           np.array([9, 5, 8]), np.array([1, 1]), objective="weight")
    >>> best.pair.tolist(), best.weight, best.weight_bound
    ([1, 2], 13, 13)
    """
    worth = weight.astype(np.int64)
    most = _most_placed(indptr, offer, capacity)
    pair, total, bound = _solve(indptr, offer, worth, capacity, None)
    wanted = most if objective == "placements" else None
    if wanted is not None and int((pair >= 0).sum()) < wanted:
        pair, total, bound = _solve(indptr, offer, worth, capacity, wanted)
    placed = int((pair >= 0).sum())
    if wanted is not None and placed != wanted:
        raise CheckError(f"placements: {placed} of {wanted} possible ones were made.")
    if total != bound:
        raise CheckError(f"optimal assignment: weight {total}, but the proof allows {bound}.")
    return OptimalAssignment(
        pair=pair, placed=placed, most_placed=most, weight=total, weight_bound=bound
    )


def _solve(
    indptr: NDArray[np.int64],
    offer: NDArray[np.int32],
    weight: NDArray[np.int64],
    capacity: NDArray[np.int64],
    n_placed: int | None,
) -> tuple[NDArray[np.int64], int, int]:
    """Return the pairs, their weight and the dual bound; `n_placed` fixes the number."""
    n_youths, n_pairs = len(indptr) - 1, len(offer)
    pair = np.full(n_youths, -1, dtype=np.int64)
    if n_pairs == 0:
        return pair, 0, 0
    youth = np.repeat(np.arange(n_youths), np.diff(indptr))
    column = np.arange(n_pairs)
    one = np.ones(n_pairs)
    seats: Any = vstack(
        [  # Any: the stubs of linprog know no sparse arrays from vstack
            coo_array((one, (youth, column)), shape=(n_youths, n_pairs)),
            coo_array((one, (offer, column)), shape=(len(capacity), n_pairs)),
        ]
    ).tocsr()
    total: Any = None if n_placed is None else coo_array(one[None, :]).tocsr()
    found = linprog(
        -weight.astype(np.float64),
        A_ub=seats,
        b_ub=np.concatenate((np.ones(n_youths), capacity.astype(np.float64))),
        A_eq=total,
        b_eq=None if n_placed is None else np.array([n_placed]),
        bounds=(0, None),  # an upper bound of 1 follows, and would slow the simplex down
        method="highs-ds",
    )
    if found.status != 0 or found.x is None:
        raise CheckError(f"the linear program was not solved: {found.message}")
    used = np.flatnonzero(found.x > 0.5)
    pair[youth[used]] = used
    if len(np.unique(youth[used])) < len(used) or np.any(
        np.bincount(offer[used], minlength=len(capacity)) > capacity
    ):
        raise CheckError("the solution of the linear program exceeds a capacity.")

    # Prices of seats, and what one more placement is worth.
    price = np.maximum(0, np.rint(-found.ineqlin.marginals[n_youths:])).astype(np.int64)
    worth = 0 if n_placed is None else int(np.rint(-found.eqlin.marginals[0]))
    bound = _bound(youth, offer, weight - worth, capacity, price, n_youths)
    return pair, int(weight[used].sum()), bound + worth * (n_placed or 0)


def _bound(
    youth: NDArray[np.int64],
    offer: NDArray[np.int32],
    weight: NDArray[np.int64],
    capacity: NDArray[np.int64],
    price: NDArray[np.int64],
    n_youths: int,
) -> int:
    """Return what no assignment can exceed, whatever the prices of 0 or more."""
    surplus = np.zeros(n_youths, dtype=np.int64)
    np.maximum.at(surplus, youth, weight - price[offer])
    return int((price * capacity).sum() + surplus.sum())


def _most_placed(
    indptr: NDArray[np.int64], offer: NDArray[np.int32], capacity: NDArray[np.int64]
) -> int:
    """Return how many youths can be placed at most, proved by a cut."""
    n_youths, n_offers = len(indptr) - 1, len(capacity)
    youth = np.repeat(np.arange(n_youths), np.diff(indptr))
    source, sink = n_youths + n_offers, n_youths + n_offers + 1
    tail = np.concatenate((np.full(n_youths, source), youth, n_youths + np.arange(n_offers)))
    head = np.concatenate((np.arange(n_youths), n_youths + offer, np.full(n_offers, sink)))
    room = np.concatenate((np.ones(n_youths + len(offer)), np.minimum(capacity, n_youths)))
    size = sink + 1
    graph = csr_array((room.astype(np.int32), (tail, head)), shape=(size, size))
    found = maximum_flow(graph, source, sink)
    left: Any = (graph - found.flow) > 0  # room left; Any as above
    reached = breadth_first_order(left, source, return_predecessors=False)
    price = np.zeros(size, dtype=np.int64)
    price[reached] = 1
    bound = _bound(
        youth,
        offer,
        np.ones(len(offer), dtype=np.int64),
        capacity,
        price[n_youths : n_youths + n_offers],
        n_youths,
    )
    if bound != found.flow_value:
        raise CheckError(
            f"most placements: {found.flow_value} found, but the proof allows {bound}."
        )
    return bound
