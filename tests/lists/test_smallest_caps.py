"""The smallest caps against maximum flows over all eligible pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists import smallest_caps as caps_module
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.exposure import exposure_caps
from matchmaker.lists.smallest_caps import caps_figures, smallest_caps
from matchmaker.lists.terms import whole_terms
from matchmaker.settings import Settings
from tests.candidates.test_engines import prepared

SEEDS = st.integers(0, 10**6)


def world(seed, settings, n_youths=40, n_offers=30, sent=None):
    market, scores, engine = prepared(seed, settings, n_youths=n_youths, n_offers=n_offers)
    memory = remembered_lines(sent, market)
    terms = whole_terms(market, settings, memory)
    search = AllowedPairs(engine=engine, terms=terms)
    every = terms.excluded.without(plain_pairs(market, scores, k=None))
    return search, every


def caps_at(market, settings, seats, used):
    """The caps of so many lists a seat, by the definition of the exposure caps."""
    firm = min(-(-seats * settings.lists_per_firm // settings.lists_per_seat), 10_000)
    at = replace(settings, lists_per_seat=seats, lists_per_firm=firm)
    return np.maximum(exposure_caps(market, at) - used, 0)


def is_enough(pairs, wanted, caps) -> bool:
    """Tell by another library's maximum flow whether all can have the lines wanted."""
    n, m = len(pairs.indptr) - 1, len(caps)
    target = np.minimum(np.diff(pairs.indptr), wanted)
    source, sink = n + m, n + m + 1
    start = np.concatenate([np.full(n, source), pairs.youth, n + np.arange(m)])
    end = np.concatenate([np.arange(n), n + pairs.offer, np.full(m, sink)])
    units = np.concatenate([target, np.ones(len(pairs)), caps]).astype(np.int32)
    graph = csr_array((units, (start, end)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph.tocsr(), source, sink).flow_value) == target.sum()


def smallest(search, every, settings, used) -> int | None:
    """The fewest lists a seat that are enough, by halving; None where none are."""

    def enough(seats):
        caps = caps_at(search.market, settings, seats, used)
        return is_enough(every, settings.min_lines, caps)

    low, high = 1, 10_001
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low if low <= 10_000 else None


@given(
    seed=SEEDS, wanted=st.integers(0, 8), ratio=st.tuples(st.integers(1, 7), st.integers(0, 7)),
    known=st.sampled_from([1, 3, 50]), with_used=st.booleans(),
)  # fmt: skip
def test_these_caps_are_enough_and_one_less_is_not(seed, wanted, ratio, known, with_used):
    """Whatever pairs the search begins with, the answer is about all eligible ones."""
    settings = Settings(min_lines=wanted, lists_per_seat=ratio[0], lists_per_firm=ratio[1])
    search, every = world(seed, settings)
    rng = np.random.default_rng(seed)
    n_offers = len(search.market.offers)
    used = (rng.integers(0, 9, n_offers) * with_used).astype(np.int32)
    caps = smallest_caps(search, search.best(k=known).pairs, settings, used=used)
    assert caps.is_proved
    assert caps.lists_per_seat == smallest(search, every, settings, used)
    if caps.lists_per_seat is None:
        assert caps.lists_per_firm is None
    else:
        assert caps.lists_per_firm == min(-(-caps.lists_per_seat * ratio[1] // ratio[0]), 10_000)
    eligible = np.diff(every.indptr)
    assert caps.servable == (eligible > 0).sum()
    assert caps.below == ((eligible > 0) & (eligible < wanted)).sum()
    assert caps.lines == np.minimum(eligible, wanted).sum()


def test_more_pairs_than_those_at_hand_are_asked_for(monkeypatch):
    """From two pairs a youth, the first answer is too large; the cuts bring it down."""
    settings = Settings(min_lines=2)
    search, every = world(3, settings, n_youths=150, n_offers=80)
    true = smallest(search, every, settings, 0)
    known = search.best(k=2).pairs
    assert smallest(search, known, settings, 0) > true
    assert smallest_caps(search, known, settings).lists_per_seat == true
    monkeypatch.setattr(caps_module, "MAX_ASKED", 1)
    cut_short = smallest_caps(search, known, settings)
    assert not cut_short.is_proved
    assert cut_short.lists_per_seat > true


def test_firms_that_stand_in_no_list_are_no_help():
    settings = Settings(lists_per_firm=0, sector_trades=True)
    search, every = world(1, settings)
    market = search.market
    is_offer = market.offer_kind[every.offer] != 1
    only_firms = (np.diff(every.indptr) > 0) & ~np.isin(np.arange(40), every.youth[is_offer])
    assert only_firms.any()
    caps = smallest_caps(search, every, settings)
    assert (caps.lists_per_seat, caps.lists_per_firm, caps.is_proved) == (None, None, True)


def test_lines_sent_before_are_not_eligible_again():
    settings = Settings(min_lines=3)
    search, every = world(7, settings)
    youth, offer = every.youth[::3], every.offer[::3]
    market = search.market
    sent = market.youths["youth_id"].iloc[youth].reset_index(drop=True).to_frame()
    sent["offer_id"] = market.offers["offer_id"].iloc[offer].to_numpy()
    search, rest = world(7, settings, sent=sent)
    assert len(rest) == len(every) - len(youth)
    used = np.bincount(offer, minlength=len(market.offers)).astype(np.int32)
    caps = smallest_caps(search, search.best(k=3).pairs, settings, used=used)
    assert caps.lists_per_seat == smallest(search, rest, settings, used)
    assert caps.lines == np.minimum(np.diff(rest.indptr), 3).sum()


def test_a_market_without_anybody():
    settings = Settings()
    search, every = world(0, settings, n_youths=0, n_offers=5)
    caps = smallest_caps(search, every, settings)
    assert (caps.lists_per_seat, caps.is_proved, caps.servable) == (1, True, 0)
    assert caps_figures(caps, search.market, settings)["lines_per_youth_allowed"] is None


@pytest.mark.parametrize("with_used", [False, True])
def test_figures_of_what_the_caps_allow(with_used):
    settings = Settings(lists_per_seat=3, lists_per_firm=2)
    search, every = world(3, settings)
    market = search.market
    used = np.full(len(market.offers), 2 * with_used, dtype=np.int32)
    caps = smallest_caps(search, every, settings, used=used)
    figures = caps_figures(caps, market, settings, used=used if with_used else None)
    left = caps_at(market, settings, 3, used)
    assert figures["slots"] == left.sum()
    # An offer that some youth could have is of a wished trade, or a near one.
    reachable = left[np.unique(every.offer)].sum()
    of_trades = figures["slots"] - figures["slots_of_other_trades"]
    assert of_trades >= reachable
    assert figures["lines_per_youth_allowed"] == round(of_trades / caps.servable, 2)


def test_slots_of_trades_that_nobody_wishes_are_set_apart():
    settings = Settings()
    search, every = world(3, settings)
    market = search.market
    wished = market.trade_codes.index("G1602")
    alone = replace(market, entry_trade=np.full_like(market.entry_trade, wished))
    caps = smallest_caps(search, every, settings)
    apart = caps_figures(caps, alone, settings)["slots_of_other_trades"]
    near = market.trade_nearness
    codes = {wished, *near.code[near.indptr[wished] : near.indptr[wished + 1]].tolist()}
    of_them = np.unique(market.posting_offer[np.isin(market.posting_trade, list(codes))])
    left = caps_at(market, settings, settings.lists_per_seat, 0)
    assert 0 < apart == left.sum() - left[of_them].sum()
