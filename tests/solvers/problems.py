"""Small random problems, and their best value by trying every subset of edges."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from matchmaker.solvers.problem import BMatching, ConvexCosts, LaminarCaps

__all__ = ["brute_force", "ladder", "market", "problems", "shelf"]


@st.composite
def problems(draw, max_rows=12, max_columns=9, max_weight=50):
    """Small markets with ties, zero capacities and isolated rows among them."""
    rows, columns = draw(st.integers(1, max_rows)), draw(st.integers(1, max_columns))

    def numbers(size, low, high, dtype="i4"):
        return np.array(
            draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), dtype=dtype
        )

    lists = [sorted(draw(st.sets(st.integers(0, columns - 1)))) for _ in range(rows)]
    column = np.array([c for one in lists for c in one], dtype="i4")
    costs = None
    if draw(st.booleans()):
        steps = draw(st.integers(1, 4))
        costs = ConvexCosts(
            cost=np.cumsum(numbers(steps, 0, max_weight // 2, "i8")),
            width=numbers(columns, 1, 2),
            used=numbers(columns, 0, 2),
        )
    caps = None
    if draw(st.booleans()):
        # Group 4 is of no column: a row may hold it all the same.
        outer_of_inner = numbers(5, 0, 2)
        inner, held = numbers(columns, 0, 3), numbers(rows, -1, 4)
        caps = LaminarCaps(
            outer=outer_of_inner[inner],
            inner=inner,
            outer_cap=draw(st.integers(1, 3)),
            inner_cap=draw(st.integers(1, 2)),
            held_outer=np.where(held >= 0, outer_of_inner[held], -1).astype("i4"),
            held_inner=held,
        )
    return BMatching(
        indptr=np.cumsum([0, *map(len, lists)]).astype("i8"),
        column=column,
        weight=numbers(len(column), 1, max_weight, draw(st.sampled_from(["i4", "i8"]))),
        row_capacity=numbers(rows, 0, 4),
        column_capacity=numbers(columns, 0, 3),
        first_bonus=np.full(rows, draw(st.sampled_from([0, 0, 60, 1000])), dtype="i8"),
        convex_costs=costs,
        laminar_caps=caps,
        column_bonus=draw(
            st.sampled_from(
                [None, numbers(columns, 0, 60, "i8"), 1000 * numbers(columns, 0, 1, "i8")]
            )
        ),
    )


def brute_force(problem: BMatching) -> int:
    """The best value over all subsets of edges, by the definitions of `BMatching`."""
    row, column, edges = problem.row, problem.column, len(problem.column)
    subset = (np.arange(1 << edges)[:, None] >> np.arange(edges)) & 1
    by_row = subset @ (row[:, None] == np.arange(len(problem.row_capacity)))
    by_column = subset @ (column[:, None] == np.arange(len(problem.column_capacity)))
    is_feasible = (by_row <= problem.row_capacity).all(axis=1)
    is_feasible &= (by_column <= problem.column_capacity).all(axis=1)
    worth = subset @ problem.weight + (by_row > 0) @ problem.first_bonus
    worth += (by_column > 0) @ problem.column_bonuses
    costs, caps = problem.convex_costs, problem.laminar_caps
    if costs is not None:
        for c in range(by_column.shape[1]):
            steps = (costs.used[c] + np.arange(edges)) // costs.width[c]
            unit = costs.cost[np.minimum(steps, len(costs.cost) - 1)]
            worth = worth - np.concatenate([[0], np.cumsum(unit)])[by_column[:, c]]
    if caps is not None:
        for group, held, cap in (
            (caps.outer, caps.held_outer, caps.outer_cap),
            (caps.inner, caps.held_inner, caps.inner_cap),
        ):
            for r in range(len(problem.row_capacity)):
                for g in range(int(group.max()) + 1):
                    used = subset @ ((row == r) & (group[column] == g)) + (held[r] == g)
                    is_feasible &= used <= cap
    return int(worth[is_feasible].max())


def market(seed: int) -> BMatching:
    """A market of up to 60 rows, some of everything: popular columns, ties, no way out."""
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 61)), int(rng.integers(1, 41))
    popularity = 1 / np.arange(1, columns + 1) ** rng.uniform(0, 1)
    is_edge = rng.random((rows, columns)) < popularity * rng.uniform(0.2, 1)
    is_edge[rng.random(rows) < 0.1] = False
    column = np.nonzero(is_edge)[1].astype("i4")
    inner = rng.integers(0, 12, columns).astype("i4")
    held = rng.integers(-1, 12, rows).astype("i4")
    sector = rng.integers(0, 4, 12).astype("i4")
    return BMatching(
        indptr=np.concatenate([[0], np.cumsum(is_edge.sum(axis=1))]),
        column=column,
        # Weights of one to five grades: ties everywhere; or of a thousand: hardly any.
        weight=rng.integers(1, rng.choice([6, 1000]), len(column)),
        row_capacity=rng.integers(0, 6, rows).astype("i4"),
        column_capacity=rng.integers(0, 5, columns).astype("i4"),
        first_bonus=np.full(rows, rng.choice([0, 100, 10_000])),
        convex_costs=None
        if seed % 2
        else ConvexCosts(
            cost=np.cumsum(rng.integers(0, 100, 3)),
            width=rng.integers(1, 3, columns).astype("i4"),
            used=rng.integers(0, 3, columns).astype("i4"),
        ),
        laminar_caps=None
        if seed % 3
        else LaminarCaps(
            outer=sector[inner],
            inner=inner,
            outer_cap=2,
            inner_cap=1,
            held_outer=np.where(held >= 0, sector[held], -1).astype("i4"),
            held_inner=held,
        ),
        column_bonus=None
        if seed % 5 < 3
        else rng.integers(0, 2, columns) * [100, 10_000][seed % 2],
    )


def ladder(bonus: int = 0) -> BMatching:
    """Two rows want the first column; a bonus makes the first row take the poor one."""
    return BMatching(
        indptr=np.array([0, 2, 3]), column=np.array([0, 1, 0], "i4"),
        weight=np.array([100, 1, 90], "i4"), row_capacity=np.array([1, 1], "i4"),
        column_capacity=np.array([1, 1], "i4"), first_bonus=np.array([bonus, bonus]),
    )  # fmt: skip


def shelf() -> BMatching:
    """One row that takes one edge, and two columns: the second is the poorer one."""
    return BMatching(
        indptr=np.array([0, 2]), column=np.array([0, 1], "i4"), weight=np.array([30, 10], "i4"),
        row_capacity=np.array([1], "i4"), column_capacity=np.array([1, 1], "i4"),
        first_bonus=np.zeros(1, "i8"),
    )  # fmt: skip
