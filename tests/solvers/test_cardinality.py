"""Maximum b-matching against another library's maximum flow, and against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matchmaker.solvers.cardinality import largest_matching

SEEDS = st.integers(0, 10**6)


def drawn(seed, rows=12, columns=9, most=4):
    """Draw a graph as a matrix of edges, targets and capacities, zeros among them."""
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, rows), rng.integers(1, columns)
    edges = rng.random(shape) < rng.random()
    target = rng.integers(0, most + 1, shape[0]).astype(np.int32)
    capacity = rng.integers(0, 6, shape[1]).astype(np.int32)
    return rng, edges, target, capacity


def filled(edges, target, capacity, held=None):
    indptr = np.concatenate([[0], np.cumsum(edges.sum(axis=1))]).astype(np.int64)
    column = np.nonzero(edges)[1].astype(np.int32)
    return largest_matching(indptr, column, target=target, capacity=capacity, held=held)


def maximum(edges, target, capacity) -> int:
    n, m = edges.shape
    row, column = np.nonzero(edges)
    source, sink = n + m, n + m + 1
    start = np.concatenate([np.full(n, source), row, n + np.arange(m)])
    end = np.concatenate([np.arange(n), n + column, np.full(m, sink)])
    units = np.concatenate([target, np.ones(len(row)), capacity]).astype(np.int32)
    graph = csr_array((units, (start, end)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph.tocsr(), source, sink).flow_value)


def check(largest, edges, target, capacity):
    """Each row holds columns of its own edges, each once; nothing beyond target or capacity."""
    held = np.split(largest.held, np.cumsum(target)[:-1])
    for row, columns in enumerate(held):
        some = columns[columns >= 0]
        assert len(set(some.tolist())) == len(some)
        assert edges[row, some].all()
        assert largest.is_short[row] == (len(some) < target[row])
    taken = largest.held[largest.held >= 0]
    assert (np.bincount(taken, minlength=len(capacity)) <= capacity).all()


@given(seed=SEEDS)
def test_no_choice_holds_more(seed):
    _, edges, target, capacity = drawn(seed)
    largest = filled(edges, target, capacity)
    check(largest, edges, target, capacity)
    assert int((largest.held >= 0).sum()) == maximum(edges, target, capacity)


@given(seed=SEEDS)
def test_brute_force_agrees(seed):
    _, edges, target, capacity = drawn(seed, rows=5, columns=4, most=2)

    def most(row, left):
        if row == len(target):
            return 0
        own = np.flatnonzero(edges[row] & (left > 0))
        best = 0
        for size in range(min(target[row], len(own)) + 1):
            for some in combinations(own, size):
                after = left.copy()
                after[list(some)] -= 1
                best = max(best, size + most(row + 1, after))
        return best

    largest = filled(edges, target, capacity)
    assert int((largest.held >= 0).sum()) == most(0, capacity)


@given(seed=SEEDS)
def test_the_cut_proves_that_nothing_more_can_be_held(seed):
    """Reached rows can get no more than the cut lets through, and hold exactly that."""
    _, edges, target, capacity = drawn(seed)
    largest = filled(edges, target, capacity)
    if not largest.is_short.any():
        assert not largest.reached_rows.any()
        assert not largest.reached_columns.any()
        return
    outside = edges[:, ~largest.reached_columns].sum(axis=1)
    through = np.minimum(target, outside)[largest.reached_rows].sum()
    most = through + capacity[largest.reached_columns].sum() + target[~largest.reached_rows].sum()
    assert most == (largest.held >= 0).sum()
    assert largest.reached_rows[largest.is_short].all()


@given(seed=SEEDS)
def test_going_on_ends_where_a_new_start_does(seed):
    """Edges join and capacities grow: what was held is a start, and only a start."""
    rng, edges, target, capacity = drawn(seed)
    first = filled(edges, target, capacity)
    edges = edges | (rng.random(edges.shape) < 0.2)
    capacity = capacity + rng.integers(0, 3, len(capacity)).astype(np.int32)
    kept = first.held.copy()
    warm, cold = filled(edges, target, capacity, first.held), filled(edges, target, capacity)
    check(warm, edges, target, capacity)
    np.testing.assert_array_equal(first.held, kept)
    assert (warm.held >= 0).sum() == (cold.held >= 0).sum() == maximum(edges, target, capacity)
    np.testing.assert_array_equal(warm.reached_rows, cold.reached_rows)
    np.testing.assert_array_equal(warm.reached_columns, cold.reached_columns)


@given(seed=SEEDS)
def test_the_order_of_rows_changes_neither_the_number_nor_the_cut(seed):
    rng, edges, target, capacity = drawn(seed)
    order = rng.permutation(len(target))
    one, other = filled(edges, target, capacity), filled(edges[order], target[order], capacity)
    assert (one.held >= 0).sum() == (other.held >= 0).sum()
    np.testing.assert_array_equal(one.reached_rows[order], other.reached_rows)
    np.testing.assert_array_equal(one.reached_columns, other.reached_columns)


def anyhow(rng, edges, target, capacity):
    """Hold whatever comes first, rows and columns in any order: a poor start, but a lawful one."""
    held, left = np.full(target.sum(), -1, dtype=np.int32), capacity.copy()
    slot = np.concatenate([[0], np.cumsum(target)])
    for row in rng.permutation(len(target)):
        own = rng.permutation(np.flatnonzero(edges[row] & (left > 0)))[: target[row]]
        held[slot[row] : slot[row] + len(own)] = own
        left[own] -= 1
    return held


@pytest.mark.parametrize("seed", range(8))
def test_paths_mend_any_start(seed):
    """From a poor start there are many paths, and holders replaced again and again."""
    rng = np.random.default_rng(seed)
    edges = rng.random((300, 60)) < 0.05
    target = rng.integers(0, 6, 300).astype(np.int32)
    capacity = rng.integers(0, 2 * int(target.sum()) // 60, 60).astype(np.int32)
    start = anyhow(rng, edges, target, capacity)
    largest = filled(edges, target, capacity, start)
    check(largest, edges, target, capacity)
    assert int((largest.held >= 0).sum()) == maximum(edges, target, capacity)


@pytest.mark.parametrize("seed", range(3))
def test_large_scarce_graphs_where_paths_are_long(seed):
    rng = np.random.default_rng(seed)
    edges = rng.random((600, 150)) < 0.03
    target = rng.integers(0, 7, 600).astype(np.int32)
    capacity = rng.integers(0, 2 * int(target.sum()) // 150, 150).astype(np.int32)
    largest = filled(edges, target, capacity)
    check(largest, edges, target, capacity)
    assert int((largest.held >= 0).sum()) == maximum(edges, target, capacity)


def test_graphs_of_nothing():
    none = np.zeros((0, 3), dtype=bool)
    assert len(filled(none, np.zeros(0, "i4"), np.ones(3, "i4")).held) == 0
    alone = filled(np.zeros((2, 0), dtype=bool), np.array([1, 0], "i4"), np.zeros(0, "i4"))
    assert alone.held.tolist() == [-1]
    assert alone.reached_rows.tolist() == [True, False]
