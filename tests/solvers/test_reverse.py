"""Columns that bid: no price is left that nobody pays, and the promise holds at once."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.solvers.auction import _Bidding
from matchmaker.solvers.duality import check_solution, dual_bound, value
from matchmaker.solvers.problem import BMatching, Solution
from matchmaker.solvers.reverse import by_column, settle
from tests.solvers.problems import brute_force, problems


def assignment(problem):
    """The same market where a row takes one edge, and nothing else is asked."""
    return replace(
        problem,
        row_capacity=np.minimum(problem.row_capacity, 1),
        convex_costs=None,
        laminar_caps=None,
        column_bonus=None,
    )


@given(problem=problems().map(assignment), step=st.integers(1, 40), data=st.data())
def test_one_phase_is_enough_from_any_prices(problem, step, data):
    n_columns = len(problem.column_capacity)
    price = data.draw(st.lists(st.integers(0, 90), min_size=n_columns, max_size=n_columns))
    is_taken, found = _Bidding.of(problem).run(np.array(price), step)
    check_solution(problem, Solution(is_taken=is_taken, price=found))
    load = np.bincount(problem.column[is_taken], minlength=n_columns)
    assert not found[load < problem.column_capacity].any()
    missing = dual_bound(problem, found) - value(problem, is_taken)
    assert 0 <= missing <= step * int(problem.row_capacity.sum())


@given(problem=problems(max_rows=4, max_columns=3).map(assignment))
def test_equals_brute_force_within_a_step_a_row(problem):
    zero = np.zeros(len(problem.column_capacity), dtype=np.int64)
    is_taken, _ = _Bidding.of(problem).run(zero + 70, 1)
    short = brute_force(problem) - value(problem, is_taken)
    assert 0 <= short <= int(problem.row_capacity.sum())


def test_a_chain_of_moves():
    """Rows 0 and 1 hold the columns that they like less; column 0 stands empty at a price."""
    problem = BMatching(
        indptr=np.array([0, 2, 4]), column=np.array([0, 1, 1, 2], "i4"),
        weight=np.array([90, 50, 80, 40], "i4"), row_capacity=np.ones(2, "i4"),
        column_capacity=np.ones(3, "i4"), first_bonus=np.zeros(2, "i8"),
    )  # fmt: skip
    is_taken, price = np.array([False, True, False, True]), np.array([45, 45, 0])
    laid_out = _Bidding.of(problem)
    assert laid_out.order.tolist() == [0, 1, 2, 3]
    edges, rows, listed = laid_out.edges, laid_out.rows, by_column(problem.column, 3)
    settle(edges, rows, laid_out.columns.capacity, listed, is_taken, price, 1)
    assert is_taken.tolist() == [True, False, True, False]
    assert price.tolist() == [0, 0, 0]
