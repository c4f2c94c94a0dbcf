"""First lines for the objective ``fair``: the worst-off first, band by band.

A youth's first line is what a list is judged by.  Its score falls into a band; ``fair``
serves as many youths as can be served, then brings as many as possible of them above the
lowest bound, then above the next one, and so on: the lexicographic order of these counts.
Only then the sum of scores decides, and the other lines share what exposure remains.

One line a youth makes this an assignment, so that each count can be proved.  A pair earns
a bonus for each bound that its score reaches, the lower bounds far more than the higher
ones.  How much more is enough is not guessed but proved, level by level: if prices show
that no assignment whatever does better in the sum of the bonuses of the first levels,
counted in units of the last of them, then no assignment that is as good on the levels
before can do better on that one (weak Lagrangian duality; the bonuses are the multipliers).
Prices of the levels are those of the whole problem, rounded to such units: with whole
bonuses an optimal price is whole at each level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine
from matchmaker.candidates.pairs import Bands, Pairs
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.proof import Shared
from matchmaker.lists.share import Effort, share_out
from matchmaker.lists.terms import Terms
from matchmaker.solvers.problem import Solver

__all__ = ["LevelReached", "first_lines", "levels_reached"]

UNIT = 1 << 24  # the bonus of the last level: sixteen times the best score and more
ROOM = 1 << 61  # sums over all youths have to stay below it
# Where prices are rounded up; a price that is whole at a level but for the levels below it
# lies near a whole number, so that the middle mostly does.
ROUND_UP = (4, 2, 6, 1, 7)  # eighths


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelReached:
    """How many youths have a first line that reaches a score.

    Attributes
    ----------
    floor : int
        The score; 0 for any line at all.
    youths : int
    at_most : int
        No lists whatever bring more youths there without fewer on a lower level.
    """

    floor: int
    youths: int
    at_most: int


def first_lines(
    engine: Engine,
    terms: Terms,
    floors: tuple[int, ...],
    effort: Effort,
    *,
    solver: Solver,
    progress: Callable[[float], None] | None = None,
) -> tuple[Shared, tuple[LevelReached, ...]]:
    """Choose one line a youth, the worst-off first.

    Parameters
    ----------
    engine : Engine
    terms : Terms
        Capacities of youths are 0 or 1, and nothing is capped by groups.
    floors : tuple of int
        Scores that divide the bands, rising.
    effort, solver, progress
        As in `share_out`.

    Returns
    -------
    Shared
    levels : tuple of LevelReached
        One for any line at all, then one a floor.
    """
    n_youths = len(terms.youth_capacity)
    base = _base(n_youths, len(floors))
    bonus = [UNIT * base ** (len(floors) - level) for level in range(len(floors) + 1)]
    banded = replace(terms, bands=_bands(floors, bonus[1:]))
    fine = replace(
        effort,
        # All steps together stay below the bonus of one youth on the last level.
        epsilon=max(1, UNIT // max(n_youths, UNIT >> 10)),
        first_bonus=bonus[0],
    )
    shared = share_out(engine, banded, fine, solver=solver, progress=progress)
    reached = levels_reached(shared.pairs, floors)
    levels = []
    for level, count in enumerate(reached):
        weights = [base ** (level - at) for at in range(level + 1)]
        # The score only breaks ties: it is less than one unit.
        in_units = _bands(floors[:level], [UNIT * weight for weight in weights[1:]])
        plain = replace(terms, convex_costs=None, bands=in_units)
        allowed = AllowedPairs(engine=engine, terms=plain)
        mine = sum(w * n for w, n in zip(weights, reached, strict=False))
        slack = _least_slack(allowed, shared.certificate.price, bonus[level], weights[0], mine)
        floor = floors[level - 1] if level else 0
        levels.append(LevelReached(floor=floor, youths=count, at_most=count + slack))
    return shared, tuple(levels)


def levels_reached(pairs: Pairs, floors: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many youths have any line, and a line that reaches each floor.

    Parameters
    ----------
    pairs : Pairs
    floors : tuple of int
        Scores.

    Returns
    -------
    tuple of int
        Youths with any line, then those of each floor.
    """
    best = np.full(len(pairs.indptr) - 1, -1, dtype=np.int64)
    np.maximum.at(best, pairs.youth, pairs.score)
    return (int((best >= 0).sum()), *(int((best >= floor).sum()) for floor in floors))


def _least_slack(
    allowed: AllowedPairs, price: NDArray[np.int64], unit: int, first: int, reached: int
) -> int:
    """Return how far the best bound at prices in whole units lies above what was reached."""
    capacity = allowed.terms.offer_capacity.astype(np.int64)
    takes_part = allowed.terms.youth_capacity > 0
    slacks = []
    for eighths in ROUND_UP:
        whole = (price + unit // 8 * eighths) // unit
        pairs = allowed.best(k=1, price=whole * UNIT).pairs
        has = np.diff(pairs.indptr) > 0
        best = np.zeros(len(has), dtype=np.int64)
        # Where some pairs are excluded there may be several a youth.
        worth = allowed.worth(pairs) // UNIT - whole[pairs.offer] + first
        best[has] = np.maximum.reduceat(worth, pairs.indptr[:-1][has])
        rows = np.maximum(best, 0)[takes_part]
        slacks.append(int(capacity @ whole) + int(rows.sum()) - reached)
        if slacks[-1] == 0:
            break
    return min(slacks)


def _bands(floors: tuple[int, ...], bonus: list[int]) -> Bands:
    return Bands(
        floor=np.array(floors, dtype=np.int32),
        bonus=np.cumsum([0, *bonus], dtype=np.int64),
    )


def _base(n_youths: int, n_floors: int) -> int:
    """Return the largest power of two whose bonuses add up within 62 bits, 16 at most."""
    base = 16
    while base > 2 and 2 * max(n_youths, 1) * UNIT * base**n_floors > ROOM:
        base //= 2
    return base
