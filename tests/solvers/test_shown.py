"""Most rows served and most columns shown: both at once, and the proof of the second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from matchmaker.solvers.auction import auction
from matchmaker.solvers.problem import BMatching, LaminarCaps
from matchmaker.solvers.shown import is_most_shown
from tests.oracles.highs import highs
from tests.solvers.problems import market


def world(seed: int) -> BMatching:
    """A market without costs; two of three have groups inside groups."""
    rng = np.random.default_rng(seed)
    problem = replace(market(seed), convex_costs=None)
    rows, columns = len(problem.row_capacity), len(problem.column_capacity)
    inner = rng.integers(0, 12, columns).astype("i4")
    held = rng.integers(-1, 12, rows).astype("i4")
    sector = rng.integers(0, 4, 12).astype("i4")
    caps = LaminarCaps(
        outer=sector[inner], inner=inner, outer_cap=int(rng.integers(1, 4)), inner_cap=1,
        held_outer=np.where(held >= 0, sector[held], -1).astype("i4"), held_inner=held,
    )  # fmt: skip
    return replace(problem, laminar_caps=caps if seed % 3 else None)


def most(problem: BMatching, served: float, shown: np.ndarray) -> tuple[int, int]:
    """Rows served and columns shown, most of both as they are weighed, by a whole programme."""
    edges, rows, columns = len(problem.column), len(problem.row_capacity), len(shown)
    n = edges + rows + columns

    def sums(group, size):
        return csr_array((np.ones(edges), (group, np.arange(edges))), shape=(size, n))

    def marks(start, size):
        at = np.arange(size)
        return csr_array((np.ones(size), (at, start + at)), shape=(size, n))

    by_row, by_column = sums(problem.row, rows), sums(problem.column, columns)
    parts = [
        (by_row, problem.row_capacity),
        (by_column, problem.column_capacity),
        (marks(edges, rows) - by_row, np.zeros(rows)),
        (marks(edges + rows, columns) - by_column, np.zeros(columns)),
        *((sums(groups.of_edge, len(groups.room)), groups.room) for groups in problem.row_groups()),
    ]
    answer = milp(
        -np.concatenate([np.zeros(edges), np.full(rows, served), shown]),
        integrality=np.ones(n),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            vstack([matrix for matrix, _ in parts]), ub=np.concatenate([room for _, room in parts])
        ),
    )
    taken = answer.x[:edges] > 0.5
    loads = np.bincount(problem.column[taken], minlength=columns)
    return len(np.unique(problem.row[taken])), int(((loads > 0) & (shown > 0)).sum())


@pytest.mark.parametrize("worlds", [60, pytest.param(300, marks=pytest.mark.long)])
def test_both_maxima_are_had_at_once(worlds):
    """Small worlds, caps inside caps among them (Mendelsohn and Dulmage, 1958)."""
    for seed in range(worlds):
        problem = world(seed)
        shown = np.random.default_rng(seed).integers(0, 2, len(problem.column_capacity))
        served, most_shown = most(problem, 1, 0 * shown)[0], most(problem, 0, shown)[1]
        assert most(problem, 1, shown) == (served, most_shown), f"world {seed}"


@pytest.mark.parametrize("worlds", [30, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.parametrize("solver", [auction, highs])
def test_the_bonus_shows_most_and_the_cut_proves_it(solver, worlds):
    """Small worlds: as many as a whole programme shows; without a bonus, in some fewer."""
    fewer = 0
    for seed in range(worlds):
        problem = world(seed)
        shown = np.random.default_rng(seed).integers(0, 2, len(problem.column_capacity))
        wanted = most(problem, 1, shown)
        for bonus in (0, 10**6):
            bonuses = problem.first_bonus * 0 + bonus
            asked = replace(problem, first_bonus=bonuses, column_bonus=shown * bonus)
            taken = solver(asked, epsilon=1).is_taken
            row, column = problem.row[taken], problem.column[taken]
            count = int(shown[np.unique(column)].sum())
            assert proved(problem, row, column, shown > 0) == (count == wanted[1]), f"world {seed}"
            if bonus:
                assert (len(np.unique(row)), count) == wanted, f"world {seed}"
            else:
                fewer += count < wanted[1]
    assert fewer > worlds / 10


def proved(problem, row, column, to_show) -> bool:
    """Put the question as `lists` does: one hold of each shown column, edges when asked for."""
    held, at = np.unique(column, return_index=True)
    at = at[to_show[held]]
    unshown = to_show.copy()
    unshown[held] = False

    def edges_of(columns):
        asked = columns[problem.column]
        return problem.row[asked], problem.column[asked]

    # A column without units can never be shown.
    unshown &= problem.column_capacity > 0
    return is_most_shown(
        unshown, (row[at], column[at]), problem.row_capacity, problem.laminar_caps, edges_of
    )
