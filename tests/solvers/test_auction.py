"""One contract for all solvers, and the auction against the exact linear program."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import CheckError
from matchmaker.solvers.auction import auction
from matchmaker.solvers.highs import highs
from matchmaker.solvers.problem import BMatching, Solution, check_solution, dual_bound, value


@st.composite
def problems(draw, max_rows=12, max_columns=9, max_weight=50):
    """Small markets with ties, zero capacities and isolated rows among them."""
    rows, columns = draw(st.integers(1, max_rows)), draw(st.integers(1, max_columns))
    lists = [
        sorted(draw(st.sets(st.integers(0, columns - 1), max_size=columns))) for _ in range(rows)
    ]
    column = np.array([c for one in lists for c in one], dtype="i4")
    bonus = draw(st.sampled_from([0, 0, 60, 1000]))
    return BMatching(
        indptr=np.cumsum([0, *map(len, lists)]).astype("i8"),
        column=column,
        weight=np.array(
            draw(st.lists(st.integers(1, max_weight), min_size=len(column), max_size=len(column))),
            dtype="i4",
        ),
        row_capacity=np.array(
            draw(st.lists(st.integers(0, 4), min_size=rows, max_size=rows)), dtype="i4"
        ),
        column_capacity=np.array(
            draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns)), dtype="i4"
        ),
        first_bonus=np.full(rows, bonus, dtype="i8"),
    )


def brute_force(problem: BMatching) -> int:
    """The best value over all subsets of edges."""
    best = 0
    edges = len(problem.column)
    for chosen in itertools.product([False, True], repeat=edges):
        is_taken = np.array(chosen, dtype=bool)
        rows = np.bincount(problem.row[is_taken], minlength=len(problem.row_capacity))
        columns = np.bincount(problem.column[is_taken], minlength=len(problem.column_capacity))
        if (rows <= problem.row_capacity).all() and (columns <= problem.column_capacity).all():
            best = max(best, value(problem, is_taken))
    return best


@pytest.mark.parametrize("solver", [auction, highs])
class TestSolverContract:
    """Every solver passes this class."""

    @given(problem=problems())
    def test_feasible_and_within_its_proof(self, solver, problem):
        solution = solver(problem, epsilon=1)
        check_solution(problem, solution)
        reached = value(problem, solution.is_taken)
        bound = dual_bound(problem, solution.price)
        assert reached <= bound <= reached + int(solution.is_taken.sum())

    @given(problem=problems(max_rows=4, max_columns=3))
    def test_equals_brute_force_within_its_proof(self, solver, problem):
        best = brute_force(problem)
        solution = solver(problem, epsilon=1)
        assert best - int(solution.is_taken.sum()) <= value(problem, solution.is_taken) <= best
        assert dual_bound(problem, solution.price) >= best

    def test_input_is_left_alone(self, solver):
        problem = _ladder()
        before = [a.copy() for a in (problem.indptr, problem.column, problem.weight)]
        solver(problem, epsilon=1)
        after = (problem.indptr, problem.column, problem.weight)
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))

    def test_no_edges(self, solver):
        empty = BMatching(
            indptr=np.zeros(3, "i8"), column=np.zeros(0, "i4"), weight=np.zeros(0, "i4"),
            row_capacity=np.ones(2, "i4"), column_capacity=np.ones(2, "i4"),
            first_bonus=np.zeros(2, "i8"),
        )  # fmt: skip
        assert not solver(empty, epsilon=1).is_taken.any()


def _ladder() -> BMatching:
    """Two rows want the first column; a bonus makes the second row take the poor one."""
    return BMatching(
        indptr=np.array([0, 2, 3]), column=np.array([0, 1, 0], "i4"),
        weight=np.array([100, 1, 90], "i4"), row_capacity=np.array([1, 1], "i4"),
        column_capacity=np.array([1, 1], "i4"), first_bonus=np.array([0, 0]),
    )  # fmt: skip


@given(problem=problems(max_weight=9))
def test_scaled_up_weights_make_the_auction_exact(problem):
    """With weights times (edges + 1), epsilon 1 is below one unit over all edges."""
    scale = len(problem.column) + 1
    large = BMatching(
        indptr=problem.indptr,
        column=problem.column,
        weight=problem.weight * np.int32(scale),
        row_capacity=problem.row_capacity,
        column_capacity=problem.column_capacity,
        first_bonus=problem.first_bonus * scale,
    )
    exact = value(problem, highs(problem, epsilon=1).is_taken)
    assert value(problem, auction(large, epsilon=1).is_taken) == exact


def test_bonus_serves_one_row_more():
    problem = _ladder()
    plain = auction(problem, epsilon=1).is_taken
    assert plain.tolist() == [True, False, False]
    bonus = BMatching(
        indptr=problem.indptr, column=problem.column, weight=problem.weight,
        row_capacity=problem.row_capacity, column_capacity=problem.column_capacity,
        first_bonus=np.array([100, 100]),
    )  # fmt: skip
    assert auction(bonus, epsilon=1).is_taken.tolist() == [False, True, True]


def test_check_refuses_what_is_not_feasible():
    problem = _ladder()
    with pytest.raises(CheckError, match="capacity"):
        check_solution(problem, Solution(is_taken=np.ones(3, dtype=bool), price=np.zeros(2, "i8")))
    with pytest.raises(CheckError, match="negative"):
        check_solution(problem, Solution(is_taken=np.zeros(3, dtype=bool), price=np.array([-1, 0])))
