"""Sharing out solutions, against an independent solver on small worlds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matchmaker.solutions.sharing import MOST_A_YOUTH, Fitting, share_solutions


@st.composite
def worlds(draw: st.DrawFn) -> Fitting:
    n_youths, n_solutions = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    fits = draw(
        st.lists(
            st.lists(st.integers(0, n_solutions - 1), unique=True),
            min_size=n_youths,
            max_size=n_youths,
        )
    )
    solution = np.array([one for row in fits for one in sorted(row)], dtype=np.int32)
    score = draw(st.lists(st.integers(1, 10_000), min_size=len(solution), max_size=len(solution)))
    seats = draw(st.lists(st.integers(-1, 3), min_size=n_solutions, max_size=n_solutions))
    first = draw(st.lists(st.booleans(), min_size=n_youths, max_size=n_youths))
    return Fitting(
        indptr=np.cumsum([0, *map(len, fits)]).astype(np.int64),
        solution=solution,
        score=np.array(score, dtype=np.int32),
        seats=np.array(seats, dtype=np.int32),
        comes_first=np.array(first, dtype=bool),
    )


def best(fitting: Fitting) -> tuple[int, int, int]:
    """Served of those who come first, served of all, score: one after the other, by HiGHS."""
    n_youths, n_edges = len(fitting.comes_first), len(fitting.solution)
    row = np.repeat(np.arange(n_youths), np.diff(fitting.indptr))
    n = n_edges + n_youths  # edges, then whether a youth is served
    by_youth = (np.arange(n_youths)[:, None] == row).astype(float)
    by_solution = (np.arange(len(fitting.seats))[:, None] == fitting.solution).astype(float)
    room = np.where(fitting.seats < 0, n_youths, fitting.seats)
    rules = [
        LinearConstraint(np.hstack([by_youth, np.zeros((n_youths, n_youths))]), ub=MOST_A_YOUTH),
        LinearConstraint(np.hstack([by_solution, np.zeros((len(room), n_youths))]), ub=room),
        LinearConstraint(np.hstack([-by_youth, np.eye(n_youths)]), ub=0),
    ]
    goals = []
    for aim in (
        np.r_[np.zeros(n_edges), fitting.comes_first],
        np.r_[np.zeros(n_edges), np.ones(n_youths)],
        np.r_[fitting.score, np.zeros(n_youths)],
    ):
        found = milp(
            -aim, constraints=rules, bounds=Bounds(0, 1), integrality=np.ones(n, dtype=np.int8)
        )
        assert found.fun is not None
        goals.append(round(-found.fun))
        rules.append(LinearConstraint(aim[None, :], lb=goals[-1] - 0.5))
    return goals[0], goals[1], goals[2]


@given(worlds())
def test_no_other_way_serves_more_or_scores_higher(fitting: Fitting) -> None:
    shared = share_solutions(fitting)
    first, served, score = best(fitting)
    row = np.repeat(np.arange(len(fitting.comes_first)), np.diff(fitting.indptr))
    assert int(shared.is_served[fitting.comes_first].sum()) == first
    assert int(shared.is_served.sum()) == served
    assert 0 <= score - shared.score <= shared.short_of_bound <= int(shared.is_taken.sum())
    assert np.bincount(row[shared.is_taken], minlength=1).max(initial=0) <= MOST_A_YOUTH
    load = np.bincount(fitting.solution[shared.is_taken], minlength=len(fitting.seats))
    assert (load <= fitting.capacity).all()


def test_who_has_no_line_goes_before_a_better_score() -> None:
    shared = share_solutions(
        Fitting(
            indptr=np.array([0, 2, 3]),
            solution=np.array([0, 1, 0], dtype=np.int32),
            score=np.array([10_000, 9_000, 1], dtype=np.int32),
            seats=np.array([1, 0], dtype=np.int32),
            comes_first=np.array([False, True]),
        )
    )
    assert shared.is_taken.tolist() == [False, False, True]


def test_a_youth_is_told_of_the_best_three_and_no_more() -> None:
    shared = share_solutions(
        Fitting(
            indptr=np.array([0, 5]),
            solution=np.arange(5, dtype=np.int32),
            score=np.array([1, 9, 8, 7, 2], dtype=np.int32),
            seats=np.full(5, -1, dtype=np.int32),
            comes_first=np.array([False]),
        )
    )
    assert shared.is_taken.tolist() == [False, True, True, True, False]
