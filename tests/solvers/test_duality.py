"""The check of an answer, and bounds on what a problem does not list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import CheckError
from matchmaker.ragged import NOTHING
from matchmaker.solvers.duality import Unseen, check_solution, dual_bound
from matchmaker.solvers.problem import LaminarCaps, Solution
from tests.languages import raises
from tests.solvers.problems import ladder, problems


def test_check_refuses_what_is_not_feasible():
    problem = ladder()
    everything = Solution(is_taken=np.ones(3, dtype=bool), price=np.zeros(2, "i8"))
    with raises(CheckError, "capacity"):
        check_solution(problem, everything)
    with raises(CheckError, "negative"):
        check_solution(problem, Solution(is_taken=np.zeros(3, dtype=bool), price=np.array([-1, 0])))


@pytest.mark.parametrize(
    ("outer", "inner", "held", "is_refused"),
    [
        ([0, 0], [0, 1], -1, True),  # two edges into the outer group
        ([0, 1], [0, 1], -1, False),
        ([0, 1], [0, 1], 1, True),  # one into a group that the row holds already
        ([0, 1], [0, 1], 2, False),  # a group of no column
    ],
)
def test_check_counts_groups_and_what_a_row_holds_beside(outer, inner, held, is_refused):
    problem = replace(
        ladder(),
        row_capacity=np.array([2, 1], "i4"),
        column_capacity=np.array([2, 1], "i4"),
        laminar_caps=LaminarCaps(
            outer=np.array(outer, "i4"),
            inner=np.array(inner, "i4"),
            outer_cap=1,
            inner_cap=1,
            held_outer=np.array([held, -1], "i4"),
            held_inner=np.array([held, -1], "i4"),
        ),
    )
    everything = Solution(is_taken=np.ones(3, dtype=bool), price=np.zeros(2, "i8"))
    if is_refused:
        with raises(CheckError, "cap on a group"):
            check_solution(problem, everything)
    else:
        check_solution(problem, everything)


@given(problem=problems(), data=st.data())
def test_a_bound_with_unseen_edges_holds_for_the_whole_problem(problem, data):
    """Some edges are taken out, and only the best of them, inside a group and out, is told."""
    n_edges, n_columns = len(problem.column), len(problem.column_capacity)
    price = np.array(
        data.draw(st.lists(st.integers(0, 60), min_size=n_columns, max_size=n_columns))
    )
    is_listed = np.array(
        data.draw(st.lists(st.booleans(), min_size=n_edges, max_size=n_edges)), dtype=bool
    )
    rows = len(problem.row_capacity)
    listed = replace(
        problem,
        indptr=np.concatenate(
            [[0], np.cumsum(np.bincount(problem.row[is_listed], minlength=rows))]
        ),
        column=problem.column[is_listed],
        weight=problem.weight[is_listed],
    )
    group = np.full(rows, -1, dtype="i4")
    if problem.laminar_caps is not None:
        group[:] = data.draw(st.lists(st.integers(-1, 2), min_size=rows, max_size=rows))
    inside, outside = np.full(rows, NOTHING), np.full(rows, NOTHING)
    for e in np.flatnonzero(~is_listed):
        r, c = problem.row[e], problem.column[e]
        best = (
            inside
            if problem.laminar_caps and problem.laminar_caps.outer[c] == group[r]
            else outside
        )
        best[r] = max(best[r], problem.weight[e] - price[c])
    unseen = Unseen(group=group, inside=inside, outside=outside)
    assert dual_bound(listed, price, unseen=unseen) >= dual_bound(problem, price)
    if is_listed.all():
        assert dual_bound(listed, price, unseen=unseen) == dual_bound(problem, price)
