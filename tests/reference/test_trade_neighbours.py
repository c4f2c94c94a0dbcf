"""What a coded neighbour lends, what it does not, and that no order changes it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.reference import trade_neighbours
from matchmaker.reference.trade_neighbours import trades_of_neighbours
from matchmaker.settings import Settings

WORDS = ["drive", "rayon", "équipier", "caisse", "Vannes", "chargé", "mission"]


def borrowed(asked, coded):
    titles, codes = zip(*coded, strict=True) if coded else ((), ())
    texts = (pd.Series(list(one), dtype="str") for one in (asked, titles, codes))
    return trades_of_neighbours(*texts, Settings()).tolist()


@pytest.mark.parametrize(
    ("asked", "coded", "code"),
    [
        ("Équipière drive et rayon (H/F)", [("Équipier drive et rayon", "N1103")], "N1103"),
        ("Équipier drive et rayon", [("Équipier drive", "N1103")], ""),  # half of the pairs only
        ("Équipier", [("Équipier", "N1103")], ""),  # one word proves nothing
        ("Équipier drive", [("Équipier drive", "N1103"), ("Équipier drive", "G1603")], ""),
        ("Équipier drive", [("Équipier drive", "N1103")] * 2 + [("Équipier drive", "G1603")],
         "N1103"),
        # An offer of several codes has one vote in all; within a family the best code is given.
        ("Équipier drive", [("Équipier drive", "N1103|G1603"), ("Équipier drive", "N1103")],
         "N1103"),
        ("Équipier drive", [], ""),
    ],
)  # fmt: skip
def test_who_lends(asked, coded, code):
    assert borrowed([asked], coded) == [code]


@given(
    titles=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), max_size=12),
    asked=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), max_size=5),
    data=st.data(),
)
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing(titles, asked, data):
    coded = [
        (" ".join(title), data.draw(st.sampled_from(["N1103", "G1603", "N1103|D1507"])))
        for title in titles
    ]
    texts = [" ".join(title) for title in asked]
    found = dict(zip(texts, borrowed(texts, coded), strict=True))

    turned, other = data.draw(st.permutations(texts)), data.draw(st.permutations(coded))

    assert dict(zip(turned, borrowed(turned, other), strict=True)) == found
    assert set(found.values()) <= {"", "N1103", "G1603", "D1507"}


def test_how_many_are_held_at_a_time_changes_nothing(monkeypatch):
    coded = [(f"Équipier drive {word}", "N1103") for word in WORDS]
    asked = [f"Équipière drive {word}" for word in WORDS]
    whole = borrowed(asked, coded)
    monkeypatch.setattr(trade_neighbours, "_AT_ONCE", 2)
    assert borrowed(asked, coded) == whole
    assert whole == ["N1103"] * len(WORDS)


def test_only_so_many_titles_are_read_those_that_stand_most_often(monkeypatch):
    monkeypatch.setattr(trade_neighbours, "_MOST", 1)
    coded = [("Chargé mission", "M1402"), ("Équipier drive", "N1103"), ("Équipier drive", "N1103")]
    assert borrowed(["Équipier drive", "Chargé mission"], coded) == ["", ""]
    assert borrowed(["Équipier drive", "Équipier drive"], coded) == ["N1103"] * 2
