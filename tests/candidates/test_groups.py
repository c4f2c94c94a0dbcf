"""Sectors and employers of offers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.groups import sectors_and_employers
from tests.worlds import random_tables


def offers_of(codes, employers=None, sirets=None):
    offers = random_tables(np.random.default_rng(0), 1, len(codes)).offers
    return offers.assign(
        trade_codes=pd.Series(codes, dtype="str"),
        employer=pd.Series(employers or ["x"] * len(codes), dtype="str"),
        siret=pd.Series(sirets or [""] * len(codes), dtype="str"),
    )


def test_the_sector_is_the_domain_of_the_first_code():
    offers = offers_of(["D1102|F1602", "D1106", "D1201", "F1602|D1102", "", ""])
    assert sectors_and_employers(offers)[0].tolist() == [1, 1, 2, 3, 0, 0]


def test_an_employer_of_two_sectors_is_two_groups():
    offers = offers_of(
        ["D1102", "D1106", "F1602", "D1102", "D1102"],
        ["A", "a", "a", "a", ""], ["", "", "", "123", ""],
    )  # fmt: skip
    employer = sectors_and_employers(offers)[1]
    assert employer[0] == employer[1]
    assert len(set(employer.tolist())) == 4


@given(seed=st.integers(0, 10**6))
def test_groups_lie_inside_each_other_whatever_the_order_of_rows(seed):
    rng = np.random.default_rng(seed)
    offers = random_tables(rng, 1, 60).offers
    groups = np.stack(sectors_and_employers(offers))
    owners = np.unique(groups, axis=1)
    assert len(np.unique(owners[1])) == owners.shape[1]
    order = rng.permutation(60)
    moved = sectors_and_employers(offers.iloc[order].reset_index(drop=True))
    np.testing.assert_array_equal(np.stack(moved), groups[:, order])
