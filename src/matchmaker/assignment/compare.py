"""What each method would give on the same market, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment.arrays import Matching, Preferences, stable_matching
from matchmaker.assignment.optimal import optimal_assignment
from matchmaker.assignment.stability import blocking_pairs, bound_faults, check_matching
from matchmaker.errors import CheckError
from matchmaker.words import said

__all__ = ["Method", "MethodFigures", "compare_methods", "rank_weights", "solve"]

Method = Literal["stable", "best", "most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFigures:
    """What a matching gives, ranks as wished.

    Attributes
    ----------
    placed, first, top_three : int
        Youths placed, on their first wish, on one of their first three ranks.
    mean_rank : float or None
        Mean rank of those placed; None when nobody is.
    weight : int
        Sum of the weights of the pairs used.
    weight_bound : int or None
        What no assignment of the method's objective exceeds; None for "stable".
    blocking_pairs : int
        Pairs who would both rather have each other, ties as written.
    """

    placed: int
    first: int
    top_three: int
    mean_rank: float | None
    weight: int
    weight_bound: int | None
    blocking_pairs: int


def solve(
    preferences: Preferences, weight: NDArray[np.integer[Any]], method: Method
) -> tuple[Matching, int | None]:
    """Return the matching of one method, checked, and the proved bound of its weight.

    Parameters
    ----------
    preferences : Preferences
    weight : integers, shape (n_pairs,)
        Worth of a pair for the methods "best" (highest sum) and "most" (as many youths
        as can be, then the highest sum); "stable" does not look at it.
    method : {"stable", "best", "most"}

    Returns
    -------
    matching : Matching
    bound : int or None
        What no assignment of the method's objective exceeds, in the unit of `weight`; None
        for "stable".

    Raises
    ------
    CheckError
        The independent check refused the result.
    """
    if method == "stable":
        matching = stable_matching(preferences)
        check_matching(preferences, matching)
        return matching, None
    optimum = optimal_assignment(
        preferences.indptr,
        preferences.offer,
        weight,
        preferences.capacity,
        objective="weight" if method == "best" else "placements",
    )
    matching = Matching(pair=optimum.pair, seat=np.full(len(optimum.pair), -1, dtype=np.int16))
    faults = bound_faults(preferences, matching)
    if faults:
        raise CheckError(said("refused.matching", faults=faults[:20]))
    return matching, optimum.weight_bound


def rank_weights(preferences: Preferences) -> NDArray[np.int64]:
    """Return a weight a pair where only ranks are known: one point less a rank.

    The last rank of the longest list is worth 1, so that to be placed is always better.

    Parameters
    ----------
    preferences : Preferences

    Returns
    -------
    ndarray of int64, shape (n_pairs,)
    """
    longest = int(preferences.tier.max()) if len(preferences.tier) else 0
    return longest + 1 - preferences.tier.astype(np.int64)


def compare_methods(
    preferences: Preferences, weight: NDArray[np.integer[Any]]
) -> Mapping[Method, tuple[Matching, MethodFigures]]:
    """Return matching and figures of every method on one market.

    Parameters
    ----------
    preferences : Preferences
    weight : ndarray of int, shape (n_pairs,)
        As for `solve`.

    Returns
    -------
    mapping of {"stable", "best", "most"} to (Matching, MethodFigures)

    Raises
    ------
    CheckError
        The independent check refused a matching.
    """
    result: dict[Method, tuple[Matching, MethodFigures]] = {}
    for method in get_args(Method):
        matching, bound = solve(preferences, weight, method)
        used = matching.pair[matching.pair >= 0]
        rank = preferences.tier[used]
        result[method] = (
            matching,
            MethodFigures(
                placed=len(used),
                first=int((rank == 1).sum()),
                top_three=int((rank <= 3).sum()),
                mean_rank=float(rank.mean()) if len(used) else None,
                weight=int(weight[used].sum()),
                weight_bound=bound,
                blocking_pairs=len(blocking_pairs(preferences, matching)),
            ),
        )
    return result
