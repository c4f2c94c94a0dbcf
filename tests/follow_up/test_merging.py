"""Counts that are shown hide each count under five, and no subtraction gives one back."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.follow_up.merging import LEAST, merged
from matchmaker.follow_up.missing import missing_in

KEYS = list(itertools.product("ab", "xyz", "12"))
TABLES = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 12), min_size=1, max_size=12)


def small(cells):
    """All that a reader may ask for by any part of a key, of which there are too few."""
    keys = sorted(cells)
    wanted = [{key} for key in keys]
    for parts in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
        for _, some in itertools.groupby(
            sorted(keys, key=lambda key: [key[p] for p in parts]),
            key=lambda key: [key[p] for p in parts],
        ):
            wanted.append(set(some))
    return [one for one in wanted if sum(cells[key] for key in one) < LEAST]


@given(TABLES)
def test_no_sum_or_difference_of_what_is_shown_gives_a_small_count(cells):
    groups = merged(cells.items())
    keys = sorted(cells)
    shown = np.array([[key in group.cells for key in keys] for group in groups], dtype=float)
    assert all(group.count >= LEAST for group in groups)
    for asked in small(cells):
        aim = np.array([key in asked for key in keys], dtype=float)
        if len(shown):
            found = np.linalg.lstsq(shown.T, aim, rcond=None)[0]
            assert not np.allclose(shown.T @ found, aim)


@given(TABLES)
def test_each_youth_is_counted_once_or_all_are_too_few(cells):
    groups = merged(cells.items())
    held = [cell for group in groups for cell in group.cells]
    whole = sum(cells.values())
    assert sorted(held) == (sorted(cells) if whole >= LEAST else [])
    assert sum(group.count for group in groups) == (whole if whole >= LEAST else 0)
    for group in groups:
        assert all(cell[: len(group.key)] == group.key for cell in group.cells)
        assert group.count == sum(cells[cell] for cell in group.cells)


def test_a_region_shows_what_its_departments_show():
    cells = pd.DataFrame(
        [("35", "D1102", "35238", "3")] * 6 + [("35", "D1102", "35047", "3")] * 3
        + [("29", "D1102", "29019", "4")] * 4 + [("56", "K1302", "56121", "")] * 8,
        columns=["departement", "trade", "commune_code", "level"],
    )  # fmt: skip
    of_region = missing_in(cells, {"D1102": "Boulangerie"}, "fr")
    of_each = [missing_in(cells[cells["departement"] == d], {"D1102": "Boulangerie"}, "fr")
               for d in ("29", "35", "56")]  # fmt: skip
    assert sorted(map(repr, of_region)) == sorted(repr(row) for rows in of_each for row in rows)
    assert [(row.departement, row.count) for row in of_region] == [("35", 9), ("56", 8)]
