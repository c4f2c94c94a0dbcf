"""Sectors, employers, and who could have varied lines, against trying all choices."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists import varied
from matchmaker.lists.bound import Search
from matchmaker.lists.lines import make_lists, whole_terms
from matchmaker.lists.pairing import keep_pairs
from matchmaker.lists.varied import variety_figures
from matchmaker.lists.variety import groups_of
from matchmaker.lists.waves import sent_pairs
from matchmaker.settings import Settings
from tests.candidates.test_engines import prepared

SEEDS = st.integers(0, 10**6)


def market_of(codes, employers=None, sirets=None):
    market, _, _ = prepared(0, Settings(), n_youths=1, n_offers=len(codes))
    offers = market.offers.assign(
        trade_codes=pd.Series(codes, dtype="str"),
        employer=pd.Series(employers or ["x"] * len(codes), dtype="str"),
        siret=pd.Series(sirets or [""] * len(codes), dtype="str"),
    )
    return replace(market, offers=offers)


def test_the_sector_is_the_domain_of_the_first_code():
    groups = groups_of(market_of(["D1102|F1602", "D1106", "D1201", "F1602|D1102", "", ""]))
    assert groups.outer.tolist() == [1, 1, 2, 3, 0, 0]


def test_an_employer_of_two_sectors_is_two_groups():
    market = market_of(
        ["D1102", "D1106", "F1602", "D1102", "D1102"],
        ["A", "a", "a", "a", ""], ["", "", "", "123", ""],
    )  # fmt: skip
    inner = groups_of(market).inner
    assert inner[0] == inner[1]
    assert len(set(inner.tolist())) == 4


@given(seed=SEEDS)
def test_groups_lie_inside_each_other_whatever_the_order_of_rows(seed):
    market, _, _ = prepared(seed, Settings(), n_youths=1, n_offers=60)
    groups = groups_of(market)
    owners = np.unique(np.stack([groups.inner, groups.outer]), axis=1)
    assert len(np.unique(owners[0])) == owners.shape[1]
    order = np.random.default_rng(seed).permutation(60)
    moved = groups_of(replace(market, offers=market.offers.iloc[order].reset_index(drop=True)))
    np.testing.assert_array_equal(moved.outer, groups.outer[order])
    np.testing.assert_array_equal(moved.inner, groups.inner[order])


def is_varied(offers, groups, settings) -> bool:
    """Try all choices of so many offers."""
    size = max(settings.min_lines, 2)  # one line alone is all of one sector
    cap = settings.lines_per_employer or size
    return any(
        np.unique(groups.inner[list(some)], return_counts=True)[1].max() <= cap
        and len(set(groups.outer[list(some)])) > 1
        for some in combinations(offers.tolist(), size)
    )


def by_youth(pairs):
    return np.split(pairs.offer, pairs.indptr[1:-1])


@pytest.mark.parametrize(("first_look", "room"), [(64, 1 << 24), (1, 5)])
@given(seed=SEEDS, wanted=st.integers(0, 4), cap=st.integers(0, 2))
def test_who_could_have_varied_lines_equals_trying_all_choices(first_look, room, seed, wanted, cap):
    """However few pairs the first search returns, and however few youths one search does."""
    settings = Settings(min_lines=wanted, lines_per_employer=cap)
    market, scores, index = prepared(seed, settings, n_youths=30, n_offers=25)
    # Few employers, so that the cap on one often binds.
    names = pd.Series([f"E{i % 3}" for i in range(25)], dtype="str")
    market = replace(market, offers=market.offers.assign(employer=names))
    groups, every = groups_of(market), plain_pairs(market, scores, k=None)
    terms = whole_terms(market, settings, sent_pairs(None, market))
    search = Search(market=market, tables=scores, index=index, terms=terms, threads=None)
    lines = keep_pairs(every, np.random.default_rng(seed).random(len(every)) < 0.4)
    has = np.array([is_varied(offers, groups, settings) for offers in by_youth(lines)])
    could = np.array([is_varied(offers, groups, settings) for offers in by_youth(every)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(varied, "FIRST_LOOK", first_look)
        patch.setattr(varied, "MOST_ROOM", room)
        patch.setattr(varied, "DEEPER", 2)
        figures = variety_figures(search, groups, lines, settings)
    youths = market.youths
    seeking = int((youths["status"].eq("seeking") & ~youths["opt_out"]).sum())
    assert figures["youths"] == has.sum()
    assert figures["others_could"] == (could & ~has).sum()
    assert figures["others_could_not"] == seeking - (could | has).sum()
    assert figures["share"] == (round(has.sum() / seeking, 4) if seeking else None)


def test_lines_sent_before_do_not_count_as_possible():
    settings = Settings(min_lines=2)
    market, scores, index = prepared(5, settings, n_youths=60, n_offers=60)
    groups, every = groups_of(market), plain_pairs(market, scores, k=None)
    sent = pd.DataFrame({
        "youth_id": market.youths["youth_id"].to_numpy()[every.youth],
        "offer_id": market.offers["offer_id"].to_numpy()[every.offer],
    })  # fmt: skip

    def could(sent):
        terms = whole_terms(market, settings, sent_pairs(sent, market))
        search = Search(market=market, tables=scores, index=index, terms=terms, threads=None)
        none = keep_pairs(every, np.zeros(len(every), dtype=bool))
        return variety_figures(search, groups, none, settings)["others_could"]

    assert could(None) > could(sent.iloc[::2]) > could(sent) == 0


def test_lists_under_the_caps_are_varied_where_they_are_long_enough():
    """Only a list of one sector, or a short one, is not: the caps see to the employers."""
    settings = Settings(lines_per_youth=4, min_lines=3, lists_per_seat=3, lines_per_employer=2)
    market, scores, index = prepared(8, settings, n_youths=80, n_offers=120)
    lists = make_lists(market, scores, index, settings)
    groups = groups_of(market)
    terms = whole_terms(market, settings, sent_pairs(None, market))
    search = Search(market=market, tables=scores, index=index, terms=terms, threads=None)
    figures = variety_figures(search, groups, lists.pairs, settings)
    long = [offers for offers in by_youth(lists.pairs) if len(offers) >= 3]
    of_two = [offers for offers in long if len(set(groups.outer[offers])) > 1]
    assert figures["youths"] == len(of_two) > 0
