"""The confidence of a title's trade: what it promises, on the titles it was fitted for."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference import trade_confidence
from matchmaker.reference.trade_confidence import MOST, by_likeness, by_title
from matchmaker.reference.trades import resolve_trades, trade_table
from matchmaker.settings import Settings
from tests.reference.official import official_settings
from tests.reference.test_trade_text import PAIRS

TITLES = Path(__file__).resolve().parents[2] / "benchmarks" / "data" / "titles" / "titles.csv"
part = st.floats(0.0, 1.0)


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "no-user-tables"))


@pytest.fixture(scope="module")
def postings():
    with TITLES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def answered(postings, least):
    titles = pd.Series([row["title"] for row in postings], dtype="str")
    return resolve_trades(titles, Settings(min_trade_confidence=least))


@given(part, part, part)
def test_more_likeness_and_more_lead_are_never_less_sure(like, lead, more):
    here = by_likeness(like, lead)
    assert 0.0 < here <= MOST
    assert by_likeness(min(like + more, 1.0), lead) >= here
    assert by_likeness(like, lead + more) >= here


@given(part)
def test_likeness_without_a_lead_is_never_enough(like):
    assert by_likeness(like, 0.0) < Settings().min_trade_confidence


@given(part, part)
def test_one_word_alone_is_never_enough(like, lead):
    assert by_likeness(like, lead, 1) < Settings().min_trade_confidence


def test_what_is_said_word_for_word_is_answered_by_default():
    least = Settings().min_trade_confidence
    assert least <= trade_confidence.LEXICON
    assert by_title(1.0) >= least > by_title(0.1)


def test_gender_changes_no_confidence_where_it_changes_no_code():
    male, female = (
        resolve_trades(pd.Series(titles, dtype="str"), Settings())
        for titles in zip(*PAIRS, strict=True)
    )
    same = (male["codes"] == female["codes"]) & (male["how"] == female["how"])
    assert same.sum() >= len(PAIRS) - 4
    differ = same & (male["confidence"] != female["confidence"])
    assert not differ.any(), [PAIRS[i] for i in np.flatnonzero(differ)]


def test_a_higher_threshold_only_takes_answers_away(postings):
    low, high = answered(postings, 0.80), answered(postings, 0.90)
    is_kept = high["codes"] != ""
    assert 0 < is_kept.sum() < (low["codes"] != "").sum()
    pd.testing.assert_frame_equal(low[is_kept], high[is_kept])
    assert (high.loc[is_kept, "confidence"] >= 0.90).all()
    assert (low.loc[~is_kept & (low["codes"] != ""), "confidence"] < 0.90).all()


@pytest.mark.parametrize(("least", "coverage"), [(0.80, 0.50), (0.90, 0.42)])
def test_a_threshold_is_right_as_often_as_it_says(least, coverage, postings, shared_data, tmp_path):
    # The embedded tables know the parents of the lexicon's trades only.
    table = trade_table(official_settings(shared_data, tmp_path))
    parent = dict(zip(table["code"], table["parent"], strict=True))
    firsts = answered(postings, least)["codes"].str.split("|").str[0]
    right = [
        bool({first, parent[first]} & ({*codes} | {parent[c] for c in codes if c}))
        for first, codes in zip(firsts, (row["codes"].split("|") for row in postings), strict=True)
        if first
    ]
    assert len(right) >= coverage * len(postings)
    assert np.mean(right) >= least
