"""Sectors, employers, and who could have varied lines, against trying all choices."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.groups import sectors_and_employers
from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists import variety
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.make import make_lists
from matchmaker.lists.pairing import keep_pairs
from matchmaker.lists.terms import whole_terms
from matchmaker.lists.variety import variety_figures
from matchmaker.settings import Settings
from tests.candidates.test_engines import prepared

SEEDS = st.integers(0, 10**6)


def is_varied(offers, market, settings) -> bool:
    """Try all choices of so many offers."""
    size = max(settings.min_lines, 2)  # one line alone is all of one sector
    cap = settings.lines_per_employer or size
    return any(
        np.unique(market.employer[list(some)], return_counts=True)[1].max() <= cap
        and len(set(market.sector[list(some)])) > 1
        for some in combinations(offers.tolist(), size)
    )


def by_youth(pairs):
    return np.split(pairs.offer, pairs.indptr[1:-1])


@pytest.mark.parametrize(("first_look", "room"), [(64, 1 << 24), (1, 5)])
@given(seed=SEEDS, wanted=st.integers(0, 4), cap=st.integers(0, 2))
def test_who_could_have_varied_lines_equals_trying_all_choices(first_look, room, seed, wanted, cap):
    """However few pairs the first search returns, and however few youths one search does."""
    settings = Settings(min_lines=wanted, lines_per_employer=cap)
    market, scores, engine = prepared(seed, settings, n_youths=30, n_offers=25)
    # Few employers, so that the cap on one often binds.
    names = pd.Series([f"E{i % 3}" for i in range(25)], dtype="str")
    sector, employer = sectors_and_employers(market.offers.assign(employer=names))
    market = replace(market, sector=sector, employer=employer)
    engine, every = fused_engine(market, scores), plain_pairs(market, scores, k=None)
    terms = whole_terms(market, settings, remembered_lines(None, market))
    search = AllowedPairs(engine=engine, terms=terms)
    lines = keep_pairs(every, np.random.default_rng(seed).random(len(every)) < 0.4)
    has = np.array([is_varied(offers, market, settings) for offers in by_youth(lines)])
    could = np.array([is_varied(offers, market, settings) for offers in by_youth(every)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variety, "FIRST_LOOK", first_look)
        patch.setattr(variety, "MOST_ROOM", room)
        patch.setattr(variety, "DEEPER", 2)
        figures = variety_figures(search, lines, settings)
    youths = market.youths
    seeking = int((youths["status"].eq("seeking") & ~youths["opt_out"]).sum())
    assert figures["youths"] == has.sum()
    assert figures["others_could"] == (could & ~has).sum()
    assert figures["others_could_not"] == seeking - (could | has).sum()
    assert figures["share"] == (round(has.sum() / seeking, 4) if seeking else None)


def test_lines_sent_before_do_not_count_as_possible():
    settings = Settings(min_lines=2)
    market, scores, engine = prepared(5, settings, n_youths=60, n_offers=60)
    every = plain_pairs(market, scores, k=None)
    sent = pd.DataFrame({
        "youth_id": market.youths["youth_id"].to_numpy()[every.youth],
        "offer_id": market.offers["offer_id"].to_numpy()[every.offer],
    })  # fmt: skip

    def could(sent):
        terms = whole_terms(market, settings, remembered_lines(sent, market))
        search = AllowedPairs(engine=engine, terms=terms)
        none = keep_pairs(every, np.zeros(len(every), dtype=bool))
        return variety_figures(search, none, settings)["others_could"]

    assert could(None) > could(sent.iloc[::2]) > could(sent) == 0


def test_lists_under_the_caps_are_varied_where_they_are_long_enough():
    """Only a list of one sector, or a short one, is not: the caps see to the employers."""
    settings = Settings(lines_per_youth=4, min_lines=3, lists_per_seat=3, lines_per_employer=2)
    market, _scores, engine = prepared(8, settings, n_youths=80, n_offers=120)
    lists = make_lists(engine, settings)
    terms = whole_terms(market, settings, remembered_lines(None, market))
    search = AllowedPairs(engine=engine, terms=terms)
    figures = variety_figures(search, lists.pairs, settings)
    long = [offers for offers in by_youth(lists.pairs) if len(offers) >= 3]
    of_two = [offers for offers in long if len(set(market.sector[offers])) > 1]
    assert figures["youths"] == len(of_two) > 0
