"""Combinations of texts, and which texts are among others, as plain Python would say it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.lookup import combinations, is_among, repeated


def by_dictionary(columns: list[pd.Series]) -> tuple[list[int], list[int]]:
    """The same, said plainly."""
    numbers: dict[tuple[object, ...], int] = {}
    first = []
    row_of = []
    for row, cells in enumerate(zip(*columns, strict=True)):
        if cells not in numbers:
            numbers[cells] = len(numbers)
            first.append(row)
        row_of.append(numbers[cells])
    return row_of, first


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "é"])] * 3), max_size=30))
def test_combinations_are_numbered_in_the_order_in_which_they_come(rows):
    columns = [pd.Series([row[i] for row in rows], dtype="str") for i in range(3)]
    row_of, first = combinations(columns)

    assert (row_of.tolist(), first.tolist()) == by_dictionary(columns)


def test_more_combinations_than_64_bits_hold_are_told_apart():
    """Eight columns of 3,000 texts are 6.5e27 combinations, of which 3,000 and one occur."""
    texts = pd.Series(np.arange(3000), dtype="str")
    columns = [pd.concat([texts, texts[:2]], ignore_index=True) for _ in range(8)]
    columns[7].iloc[3001] = "0"
    row_of, first = combinations(columns)

    assert (row_of.tolist(), first.tolist()) == by_dictionary(columns)
    assert row_of[3000] == 0
    assert row_of[3001] == 3000


TEXTS = st.lists(st.sampled_from(["", "a", "A", "é", "\U0001f600", "nan"]), max_size=12)


@given(TEXTS, TEXTS)
def test_texts_are_among_others_as_a_set_says(texts, known):
    found = is_among(pd.Series(texts, dtype="str"), known)
    assert found.tolist() == [text in known for text in texts]
    assert (
        found.tolist()
        == is_among(pd.Series(texts, dtype="str"), pd.Series(known, dtype="str")).tolist()
    )


@given(TEXTS)
def test_texts_are_repeated_as_a_count_says(texts):
    found = repeated(pd.Series(texts, dtype="str"))
    assert found.tolist() == [texts.count(text) > 1 for text in texts]


def test_missing_cells_make_a_combination_of_their_own():
    days = pd.Series(pd.to_datetime(["2023-09-15", None, None]))
    row_of, first = combinations([pd.Series(["b", "a", "b"], dtype="str"), days])
    assert (row_of.tolist(), first.tolist()) == ([0, 1, 2], [0, 1, 2])
    assert repeated(days).tolist() == [False, True, True]
