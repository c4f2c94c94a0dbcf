"""The kernel equals the plain engine; both equal the definition."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.geometry import to_km
from matchmaker.candidates.market import build_market
from matchmaker.candidates.pairs import Bands, Pairs, Skip
from matchmaker.candidates.plain import plain_engine, plain_pairs
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables

SETTINGS = st.builds(
    Settings,
    seed=st.integers(0, 5),
    strict_region=st.booleans(),
    strict_level=st.booleans(),
    mobile_reach_factor=st.integers(1, 3),
)


def prepared(seed, settings, n_youths=40, n_offers=150, **kind):
    tables = random_tables(np.random.default_rng(seed), n_youths, n_offers, **kind)
    market = build_market(tables, settings, as_of=AS_OF)
    scores = score_tables(market, settings)
    return market, scores, fused_engine(market, scores)


def assert_equal(a: Pairs, b: Pairs) -> None:
    for f in fields(Pairs):
        np.testing.assert_array_equal(getattr(a, f.name), getattr(b, f.name), err_msg=f.name)


@given(seed=st.integers(0, 10**6), settings=SETTINGS, k=st.integers(1, 30), one=st.booleans())
def test_kernel_equals_plain(seed, settings, k, one):
    market, scores, engine = prepared(seed, settings, one_point=one)
    assert_equal(engine.best(k=k).pairs, plain_pairs(market, scores, k=k))


@given(seed=st.integers(0, 10**6), settings=SETTINGS, k=st.integers(1, 30))
def test_kernel_equals_plain_at_prices_and_floors(seed, settings, k):
    market, scores, engine = prepared(seed, settings)
    rng = np.random.default_rng(seed + 1)
    price = rng.integers(0, 600_000, len(market.offer_hash)) * rng.integers(0, 2)
    floor = rng.integers(-100_000, 700_000, len(market.youth_hash))
    who = np.flatnonzero(rng.random(len(market.youth_hash)) < 0.7).astype(np.int32)
    assert_equal(
        engine.best(k=k, price=price, floor=floor, who=who).pairs,
        plain_engine(market, scores).pairs(k=k, price=price, floor=floor, who=who),
    )


@given(seed=st.integers(0, 10**6), k=st.integers(1, 30))
def test_a_price_that_no_score_can_pay_puts_offers_last(seed, k):
    market, scores, engine = prepared(seed, Settings())
    price = np.random.default_rng(seed).integers(0, 2, len(market.offer_hash)) << 60
    assert_equal(
        engine.best(k=k, price=price).pairs,
        plain_engine(market, scores).pairs(k=k, price=price),
    )


@given(seed=st.integers(0, 10**6), k=st.integers(1, 20))
def test_kernel_equals_plain_with_bands_and_skipped_groups(seed, k):
    market, scores, engine = prepared(seed, Settings(), n_offers=300)
    rng = np.random.default_rng(seed)
    bands = Bands(
        floor=np.sort(rng.choice(1_000_000, rng.integers(0, 5), replace=False)).astype(np.int32),
        bonus=np.zeros(1, dtype=np.int64),
    )
    bonus = np.cumsum([0, *rng.choice([0, 10_000, 10**12], len(bands.floor))]).astype(np.int64)
    bands = replace(bands, bonus=bonus)
    skip = Skip(
        group=rng.integers(0, 3, len(market.offer_hash)).astype(np.int32),
        of_youth=rng.integers(-1, 3, len(market.youth_hash)).astype(np.int32),
    )
    price = rng.integers(0, rng.choice([1, 600_000, 10**12]), len(market.offer_hash))
    assert_equal(
        engine.best(k=k, price=price, skip=skip, bands=bands).pairs,
        plain_engine(market, scores).pairs(k=k, price=price, skip=skip, bands=bands),
    )


def test_worlds_hold_every_rung_and_wrap_the_date_line():
    seen = set()
    wrapped = 0
    for seed in range(20):
        market, scores, _ = prepared(seed, Settings(), n_youths=80, n_offers=400)
        pairs = plain_pairs(market, scores, k=None)
        seen |= set(pairs.rung.tolist())
        lon_y = market.youths["longitude"].to_numpy()[pairs.youth]
        lon_o = market.offers["longitude"].to_numpy()[pairs.offer]
        wrapped += int((np.abs(lon_y - lon_o) > 300).sum())
    assert seen == {1, 2, 3, 4, 5, 6}
    assert wrapped > 0


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_and_blocks_do_not_matter(monkeypatch, threads):
    market, scores, _engine = prepared(3, Settings(), n_youths=300, n_offers=500)
    expected = fused_engine(market, scores, threads=1).best(k=20).pairs
    monkeypatch.setattr("matchmaker.candidates.fused.BLOCK", 17)
    assert_equal(fused_engine(market, scores, threads=threads).best(k=20).pairs, expected)


def test_five_hundred_offers_on_one_point():
    market, scores, engine = prepared(5, Settings(), n_youths=30, n_offers=500, one_point=True)
    assert_equal(engine.best(k=7).pairs, plain_pairs(market, scores, k=7))


def test_zero_reach_gives_only_offers_next_door():
    market, scores, _ = prepared(8, Settings(), n_youths=200, n_offers=400)
    market = replace(market, reach_km=np.zeros_like(market.reach_km))
    pairs = fused_engine(market, scores).best(k=10).pairs
    chord = market.youth_point[pairs.youth].astype(np.int64) - market.offer_point[pairs.offer]
    is_known = ~market.is_somewhere[pairs.offer]
    assert is_known.any()
    assert to_km((chord**2).sum(axis=1))[is_known].max() == 0


def test_every_rule_holds_in_plain_words():
    """The definition once more, pair by pair, without any of the engines' code."""
    settings = Settings()
    tables = random_tables(np.random.default_rng(11), 60, 200)
    market = build_market(tables, settings, as_of=AS_OF)
    scores = score_tables(market, settings)
    pairs = plain_pairs(market, scores, k=None)
    youths, offers = tables.youths.iloc[pairs.youth], tables.offers.iloc[pairs.offer]
    assert len(pairs) > 50
    assert not youths["opt_out"].any()
    assert set(youths["status"]) == {"seeking"}
    assert set(offers["status"]) == {"open"}
    assert offers["capacity"].min() >= 1
    assert "cdi" not in set(offers["contract_type"])
    days = (offers["expiry_date"].dropna() - np.datetime64(AS_OF)).dt.days
    assert days.min() >= settings.min_days_left
    assert set(pairs.rung[offers["kind"].to_numpy() == "offer"].tolist()) <= {1, 2, 5}
