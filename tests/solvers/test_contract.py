"""One contract for all solvers: whatever the problem, within what is promised of them."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import UsageError
from matchmaker.solvers.auction import auction
from matchmaker.solvers.by_name import solver_named
from matchmaker.solvers.duality import check_solution, dual_bound, value
from matchmaker.solvers.min_cost_flow import min_cost_flow
from matchmaker.solvers.problem import BMatching
from tests.languages import raises
from tests.oracles.highs import highs
from tests.oracles.jacobi import jacobi
from tests.solvers.problems import brute_force, ladder, market, problems, shelf

EXACT = (highs, min_cost_flow)


def promised(solver, is_taken, epsilon=1) -> int:
    """How far below its bound the answer may be."""
    return 0 if solver in EXACT else epsilon * int(is_taken.sum())


@pytest.mark.parametrize("solver", [auction, jacobi, highs, min_cost_flow])
class TestSolverContract:
    """Every solver passes this class."""

    @given(problem=problems(), epsilon=st.sampled_from([1, 2, 7]))
    def test_feasible_and_within_its_proof(self, solver, problem, epsilon):
        solution = solver(problem, epsilon=epsilon)
        check_solution(problem, solution)
        reached = value(problem, solution.is_taken)
        bound = dual_bound(problem, solution.price)
        assert reached <= bound <= reached + promised(solver, solution.is_taken, epsilon)

    @given(problem=problems(max_rows=4, max_columns=3))
    def test_equals_brute_force_within_its_proof(self, solver, problem):
        best = brute_force(problem)
        solution = solver(problem, epsilon=1)
        reached = value(problem, solution.is_taken)
        assert best - promised(solver, solution.is_taken) <= reached <= best
        assert dual_bound(problem, solution.price) >= best

    @given(problem=problems(), data=st.data())
    def test_any_prices_to_start_from_keep_the_promise(self, solver, problem, data):
        n_columns = len(problem.column_capacity)
        price = data.draw(st.lists(st.integers(0, 90), min_size=n_columns, max_size=n_columns))
        solution = solver(problem, epsilon=1, price=np.array(price))
        check_solution(problem, solution)
        missing = dual_bound(problem, solution.price) - value(problem, solution.is_taken)
        assert missing <= promised(solver, solution.is_taken)

    def test_same_answer_twice_and_input_left_alone(self, solver):
        problem = market(6)  # costs of units and groups
        before = copy.deepcopy(problem)
        first, second = (solver(problem, epsilon=1) for _ in range(2))
        np.testing.assert_array_equal(first.is_taken, second.is_taken)
        np.testing.assert_array_equal(first.price, second.price)
        assert repr(problem) == repr(before)

    def test_bonus_serves_one_row_more(self, solver):
        assert solver(ladder(), epsilon=1).is_taken.tolist() == [True, False, False]
        assert solver(ladder(bonus=100), epsilon=1).is_taken.tolist() == [False, True, True]

    def test_bonus_shows_one_column_more(self, solver):
        shown = replace(shelf(), column_bonus=np.array([0, 5]))
        assert solver(shown, epsilon=1).is_taken.tolist() == [True, False]
        shown = replace(shelf(), column_bonus=np.array([0, 50]))
        solution = solver(shown, epsilon=1)
        assert solution.is_taken.tolist() == [False, True]
        assert -50 <= solution.price[1] < 0  # it pays to be taken

    def test_a_second_unit_earns_no_bonus(self, solver):
        two = BMatching(
            indptr=np.array([0, 2, 4]), column=np.array([0, 1, 0, 1], "i4"),
            weight=np.array([9, 2, 9, 1], "i4"), row_capacity=np.array([1, 1], "i4"),
            column_capacity=np.array([2, 2], "i4"), first_bonus=np.zeros(2, "i8"),
            column_bonus=np.array([0, 20]),
        )  # fmt: skip
        assert solver(two, epsilon=1).is_taken.tolist() == [False, True, True, False]

    def test_no_edges(self, solver):
        empty = BMatching(
            indptr=np.zeros(3, "i8"), column=np.zeros(0, "i4"), weight=np.zeros(0, "i4"),
            row_capacity=np.ones(2, "i4"), column_capacity=np.ones(2, "i4"),
            first_bonus=np.zeros(2, "i8"),
        )  # fmt: skip
        solution = solver(empty, epsilon=1)
        assert not solution.is_taken.any()
        assert solution.price.tolist() == [0, 0]


def test_solvers_are_chosen_by_name_only():
    assert (solver_named("auction"), solver_named("exact")) == (auction, min_cost_flow)
    with raises(UsageError, r"no solver is called 'exakt'\. Did you mean 'exact'"):
        solver_named("exakt")


@pytest.mark.parametrize("solver", [auction, jacobi])
def test_200_markets_equal_the_optimum_of_or_tools(solver):
    """Within the gap at epsilon 1; and exactly, once the weights are scaled up.

    With all worths times (edges + 1), epsilon 1 an edge is below one unit of worth.
    """
    for seed in range(200):
        problem = market(seed)
        exact = value(problem, min_cost_flow(problem).is_taken)
        solution = solver(problem, epsilon=1)
        assert value(problem, solution.is_taken) <= exact <= dual_bound(problem, solution.price)
        finest = solver(_scaled(problem, len(problem.column) + 1), epsilon=1)
        assert value(problem, finest.is_taken) == exact, f"market {seed}"


def _scaled(problem: BMatching, factor: int) -> BMatching:
    costs, bonus = problem.convex_costs, problem.column_bonus
    return replace(
        problem,
        weight=problem.weight.astype(np.int64) * factor,
        first_bonus=problem.first_bonus * factor,
        column_bonus=None if bonus is None else bonus * factor,
        convex_costs=costs and replace(costs, cost=costs.cost * factor),
    )
