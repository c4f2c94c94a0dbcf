"""The kernels of `duality.row_bounds`: the best that each row could do at some prices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.ragged import NOTHING
from matchmaker.solvers.problem import Weights

__all__ = ["Caps", "Problem", "Unlisted", "best_of_rows", "best_under_caps"]


class Problem(NamedTuple):
    """What a kernel needs of a `BMatching`.

    Attributes
    ----------
    indptr, column, weight, row_capacity, first_bonus
        As there.
    """

    indptr: NDArray[np.int64]
    column: NDArray[np.int32]
    weight: Weights
    row_capacity: NDArray[np.int32]
    first_bonus: NDArray[np.int64]


class Caps(NamedTuple):
    """As `matchmaker.solvers.problem.LaminarCaps`.

    Attributes
    ----------
    outer, inner, outer_cap, inner_cap, held_outer, held_inner
        As there.
    """

    outer: NDArray[np.int32]
    inner: NDArray[np.int32]
    outer_cap: NDArray[np.int32]
    inner_cap: int
    held_outer: NDArray[np.int32]
    held_inner: NDArray[np.int32]


class Unlisted(NamedTuple):
    """As `matchmaker.solvers.duality.Unseen`.

    Attributes
    ----------
    group, inside, outside
        As there.
    """

    group: NDArray[np.int32]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]


@jit
def best_of_rows(problem: Problem, price: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the best of each row without groups: its heaviest edges at these prices.

    Parameters
    ----------
    problem : Problem
    price : int64, shape (n_columns,)
        0 or more.

    Returns
    -------
    int64, shape (n_rows,)
    """
    indptr, column, weight, row_capacity, first_bonus = problem
    bounds = np.zeros(len(row_capacity), dtype=np.int64)
    best = np.empty(max(1, row_capacity.max() if len(row_capacity) else 1), dtype=np.int64)
    for row in range(len(row_capacity)):
        size = 0
        for e in range(indptr[row], indptr[row + 1]):
            net = weight[e] - price[column[e]]
            if size < row_capacity[row]:
                at = size
                size += 1
            elif size > 0 and net > best[size - 1]:
                at = size - 1
            else:
                continue
            while at > 0 and best[at - 1] < net:
                best[at] = best[at - 1]
                at -= 1
            best[at] = net
        if size > 0:
            # A row may take a first edge that loses, for the bonus.
            bounds[row] += max(best[0] + first_bonus[row], 0)
        for i in range(1, size):
            bounds[row] += max(best[i], 0)
    return bounds


@jit
def best_under_caps(
    problem: Problem, caps: Caps, unlisted: Unlisted, price: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the best of each row under caps on groups: greedy is exact on laminar caps.

    (Edmonds, Matroids and the greedy algorithm, 1971.)  Unlisted edges count as if each
    had an inner group of its own, those outside the row's group an outer one too.

    Parameters
    ----------
    problem : Problem
    caps : Caps
    unlisted : Unlisted
    price : int64, shape (n_columns,)
        0 or more.

    Returns
    -------
    int64, shape (n_rows,)
    """
    indptr, column, weight, row_capacity, first_bonus = problem
    outer, inner, outer_caps, inner_cap, held_outer, held_inner = caps
    unseen_group, unseen_inside, unseen_outside = unlisted
    bounds = np.zeros(len(row_capacity), dtype=np.int64)
    most = np.int64(1)
    for row in range(len(row_capacity)):
        most = max(most, np.int64(row_capacity[row]))
    outers = np.empty(most + held_outer.shape[1], dtype=np.int32)
    inners = np.empty(most + held_outer.shape[1], dtype=np.int32)
    for row in range(len(row_capacity)):
        wanted = np.int64(row_capacity[row])
        if wanted <= 0:
            continue
        outer_cap = outer_caps[row]
        low = indptr[row]
        nets = weight[low : indptr[row + 1]] - price[column[low : indptr[row + 1]]]
        order = np.argsort(-nets)
        held = 0
        for h in range(held_outer.shape[1]):
            if held_outer[row, h] >= 0:
                outers[held], inners[held] = held_outer[row, h], held_inner[row, h]
                held += 1
        taken, size = np.int64(0), held  # `size` counts those whose groups are written down
        bonus = first_bonus[row]
        inside, outside = unseen_inside[row], unseen_outside[row]
        may_inside = inside != NOTHING
        for i in range(len(order) + 1):
            net = nets[order[i]] if i < len(order) else np.int64(NOTHING)
            if may_inside and inside >= net and inside > outside:
                # As many as the group's cap leaves room for.
                may_inside = False
                used = np.int64(0)
                for s in range(size):
                    used += outers[s] == unseen_group[row]
                while used < outer_cap and taken < wanted and inside + bonus > 0:
                    bounds[row] += inside + bonus
                    bonus = np.int64(0)
                    outers[size], inners[size] = unseen_group[row], -1
                    size += 1
                    used += 1
                    taken += 1
            if outside != NOTHING and outside >= net:
                while taken < wanted and outside + bonus > 0:
                    bounds[row] += outside + bonus
                    bonus = np.int64(0)
                    taken += 1
                break
            if i == len(order) or taken >= wanted or net + bonus <= 0:
                break
            c = column[low + order[i]]
            used_outer, used_inner = np.int64(0), np.int64(0)
            for s in range(size):
                used_outer += outers[s] == outer[c]
                used_inner += inners[s] == inner[c]
            if used_outer >= outer_cap or used_inner >= inner_cap:
                continue
            bounds[row] += net + bonus
            bonus = np.int64(0)
            outers[size], inners[size] = outer[c], inner[c]
            size += 1
            taken += 1
    return bounds
