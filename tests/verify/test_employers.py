"""The employer of an offer is derived twice, apart: both must group offers alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.groups import firms_of
from matchmaker.verify.clean import employers

SITE, OTHER_SITE, OTHER_FIRM = "73282932000074", "73282932000017", "35600000009075"


def table(rows):
    frame = pd.DataFrame(rows, columns=["siret", "employer", "commune_code"], dtype="str")
    ids = pd.Series([f"O{row}" for row in range(len(frame))], dtype="str")
    return frame.assign(offer_id=ids)


def are_one(*rows):
    firms = set(firms_of(table(rows)))
    assert len(set(employers(table(rows)).tolist())) == len(firms)
    return len(firms) == 1


offer = st.tuples(
    st.sampled_from(
        ["", SITE, OTHER_SITE, OTHER_FIRM, SITE[:9], "00000000100010", "00000000200010"]
    ),
    st.sampled_from(["", "Martin", "S.A.R.L. MARTIN", "Martin & Fils", "Durand", "Confidentiel"]),
    st.sampled_from(["29232", "29019", ""]),
)


@given(rows=st.lists(offer, max_size=25), data=st.data())
def test_both_ways_group_alike_in_any_order(rows, data):
    offers = table(rows)
    ours = pd.factorize(firms_of(offers))[0]
    assert pd.factorize(employers(offers))[0].tolist() == ours.tolist()
    order = data.draw(st.permutations(range(len(rows))))
    moved = pd.factorize(firms_of(offers.iloc[list(order)].reset_index(drop=True)))[0]
    together = ours[:, None] == ours[None, :]
    np.testing.assert_array_equal(
        moved[:, None] == moved[None, :], together[np.ix_(order, order)] if len(rows) else together
    )


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ((SITE, "Martin", "29232"), (OTHER_SITE, "Au bon pain", "29232"), True),
        ((SITE, "Martin", "29232"), (SITE[:9], "Durand", "29232"), True),
        ((SITE, "Martin", "29232"), (SITE, "Martin", "29019"), False),
        ((SITE, "Martin", "29232"), (OTHER_FIRM, "Martin", "29232"), False),
        (("", "SARL Martin", "29232"), ("", "MARTIN", "29232"), True),
        (("", "Martin", "29232"), ("", "Martin", "29019"), False),
        (("", "Martin", "29232"), ("", "Durand", "29232"), False),
        (("", "Confidentiel", "29232"), ("", "Confidentiel", "29232"), False),
        (("", "", "29232"), ("", "", "29232"), False),
        # A placeholder of zeros and a one makes no firm of many.
        (("00000000000001", "Martin", "29232"), ("00000000000001", "Durand", "29232"), False),
        (("00000000100010", "Martin", "29232"), ("00000000100010", "Martin", "29232"), True),
    ],
)
def test_what_is_one_employer(one, other, is_one):
    assert are_one(one, other) == is_one
