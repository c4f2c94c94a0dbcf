"""The kernel's parts, and the odd worlds of which each must come out right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.geometry import (
    MAX_REACH_KM,
    STEPS_PER_REACH,
    fixed_points,
    rims,
    squared_chord,
    squared_chords,
    step_of,
    steps_of,
)
from matchmaker.candidates.keep import LAST_TIE, Kept, cut_back
from matchmaker.candidates.market import build_market
from matchmaker.candidates.plain import plain_pairs
from matchmaker.hashing import mix
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.candidates.test_engines import assert_equal, prepared
from tests.worlds import AS_OF, random_tables


@given(
    reach=st.integers(0, MAX_REACH_KM),
    factor=st.integers(1, 4),
    ring=st.integers(0, 4 * STEPS_PER_REACH - 1),
    nudge=st.integers(-2, 2),
    share=st.floats(0, 1),
)
def test_both_steps_of_a_distance_are_equal(reach, factor, ring, nudge, share):
    """At, just within and just beyond each rim, and anywhere in between."""
    table = rims(factor)
    row = table[reach]
    last = min(ring, len(row) - 1)
    for chord in (int(row[last]) + nudge, int(share * row[last])):
        expected = sum(int(rim) < chord for rim in row)
        many = steps_of(np.array([chord]), np.array([reach], dtype=np.int16), table)
        assert many.tolist() == [expected]
        for end in {last, len(row) - 1}:
            if 0 <= chord <= row[end]:
                assert step_of(np.int64(chord), 1 / max(row[0], 1), row, end) == expected


@given(st.integers(0, 10**6))
def test_both_chords_are_equal(seed):
    rng = np.random.default_rng(seed)
    a, b = (fixed_points(rng.uniform(-90, 90, 5), rng.uniform(-180, 180, 5)) for _ in range(2))
    one_by_one = [squared_chord(*a[i].astype(np.int64), b, i) for i in range(5)]
    assert one_by_one == squared_chords(a, b).tolist()


@given(
    seed=st.integers(0, 10**6),
    k=st.integers(1, 40),
    more=st.integers(1, 60),
    worths=st.integers(1, 50),
)
def test_cutting_back_keeps_what_sorting_would(seed, k, more, worths):
    rng = np.random.default_rng(seed)
    size = k + more
    offer_hash = rng.integers(0, 2**64, 200, dtype=np.uint64)
    mine = np.uint64(rng.integers(0, 2**63))
    offer = rng.choice(200, size, replace=False).astype(np.int32)
    net = rng.integers(-worths, worths, size)
    score = (net + 1000).astype(np.int32)
    wish, rung = (rng.integers(0, 6, size).astype(np.uint8) for _ in range(2))
    tie = mix(np.full(size, mine), offer_hash[offer])
    rows = list(zip(net.tolist(), tie.tolist(), offer.tolist(), score, wish, rung, strict=True))
    best = sorted(rows, key=lambda r: (-r[0], r[1]))[:k]
    slot_of = np.zeros(200, dtype=np.int32)
    buffer = Kept(
        offer=offer, score=score, wish=wish, rung=rung, net=net, slot_of=slot_of,
        nets=np.empty(size, dtype=np.int64), ties=np.empty(size, dtype=np.uint64),
    )  # fmt: skip
    bar, bar_tie = cut_back(k, size, mine, offer_hash, buffer)
    assert (bar, bar_tie) == best[-1][:2]
    assert bar_tie <= LAST_TIE
    kept = zip(net[:k], offer[:k], score[:k], wish[:k], rung[:k], strict=True)
    assert sorted(kept) == sorted((r[0], *r[2:]) for r in best)
    assert slot_of[offer[:k]].tolist() == list(range(k))


@given(seed=st.integers(0, 10**6), k=st.integers(1, 60), one=st.booleans())
def test_the_best_k_are_those_of_sorting_all_pairs(seed, k, one):
    market, scores, engine = prepared(seed, Settings(), n_youths=8, n_offers=300, one_point=one)
    every = plain_pairs(market, scores, k=None)
    expected = set()
    for youth in range(len(market.youth_hash)):
        mine = range(every.indptr[youth], every.indptr[youth + 1])
        tie = {
            p: int(
                mix(market.youth_hash[youth : youth + 1], market.offer_hash[every.offer[[p]]])[0]
            )
            for p in mine
        }
        best = sorted(mine, key=lambda p: (-int(every.score[p]), tie[p]))[:k]
        expected |= {(youth, int(every.offer[p]), int(every.score[p])) for p in best}
    found = engine.best(k=k).pairs
    assert set(
        zip(found.youth.tolist(), found.offer.tolist(), found.score.tolist(), strict=True)
    ) == (expected)


def odd(change):
    """Return the engines' input for a world with one thing changed in its tables."""
    tables = change(random_tables(np.random.default_rng(4), 60, 200))
    market = build_market(tables, Settings(), as_of=AS_OF)
    scores = score_tables(market, Settings())
    return market, scores, fused_engine(market, scores)


def every_level_unknown(tables):
    return replace(
        tables,
        youths=tables.youths.assign(level=np.int8(0)),
        wishes=tables.wishes.assign(level=np.int8(0)),
        offers=tables.offers.assign(level=np.int8(0), levels_read=""),
    )


def no_wishes(tables):
    return replace(tables, wishes=tables.wishes.iloc[:0])


def no_seats(tables):
    return replace(tables, offers=tables.offers.assign(capacity=np.int32(0)))


def no_offers(tables):
    return replace(tables, offers=tables.offers.iloc[:0])


def around_the_date_line(tables):
    rng = np.random.default_rng(9)

    def moved(frame):
        east = rng.random(len(frame)) < 0.5
        near = rng.uniform(0, 0.2, len(frame))
        return frame.assign(latitude=-13.3, longitude=np.where(east, 180 - near, -180 + near))

    return replace(tables, youths=moved(tables.youths), offers=moved(tables.offers))


@pytest.mark.parametrize(
    ("change", "has_pairs"),
    [
        (every_level_unknown, True),
        (no_wishes, False),
        (no_seats, False),
        (no_offers, False),
        (around_the_date_line, True),
    ],
)
@pytest.mark.parametrize("k", [1, 25])
def test_odd_worlds(change, has_pairs, k):
    market, scores, engine = odd(change)
    found = engine.best(k=k).pairs
    assert_equal(found, plain_pairs(market, scores, k=k))
    assert (len(found) > 0) == has_pairs


def test_pairs_cross_the_date_line_both_ways():
    market, _scores, engine = odd(around_the_date_line)
    found = engine.best(k=200).pairs
    home = market.youths["longitude"].to_numpy()[found.youth]
    work = market.offers["longitude"].to_numpy()[found.offer]
    assert ((home > 0) & (work < 0)).any()
    assert ((home < 0) & (work > 0)).any()


def test_points_that_rise_with_distance_are_no_trouble():
    """A user may prefer far offers: skipping by rings must not take nearness for granted."""
    market, scores, _engine = prepared(
        6, Settings(mobile_reach_factor=3), n_youths=60, n_offers=400
    )
    rng = np.random.default_rng(0)
    n = len(scores.distance_points)
    for points in (np.arange(n) * 3000, rng.integers(0, 200_000, n)):
        changed = replace(scores, distance_points=points.astype(np.int32))
        assert_equal(
            fused_engine(market, changed).best(k=5).pairs, plain_pairs(market, changed, k=5)
        )


@pytest.mark.parametrize("longitude", [2.3, 180.0])
@pytest.mark.parametrize("k", [20, 2000])
def test_runs_long_enough_to_be_searched(longitude, k):
    """One trade, thousands of offers: runs are searched by column, at every width of circle."""

    def dense(tables):
        rng = np.random.default_rng(3)

        def strewn(frame, half):
            degrees = longitude + rng.uniform(-half, half, len(frame))
            return frame.assign(
                latitude=48.8 + rng.uniform(-half, half, len(frame)) / 2,
                longitude=(degrees + 180) % 360 - 180,
            )

        tables = random_tables(rng, 60, 4000)
        return replace(
            tables,
            youths=strewn(tables.youths, 0.4),
            wishes=tables.wishes.assign(trade_codes="D1102"),
            offers=strewn(tables.offers, 1.5).assign(trade_codes="D1102"),
        )

    market, scores, engine = odd(dense)
    assert_equal(engine.best(k=k).pairs, plain_pairs(market, scores, k=k))


def test_equals_in_a_code_looked_at_late_still_count():
    """Two wishes of equal worth, every offer perfect: only hashes decide, across both."""

    def all_perfect(tables):
        youths = tables.youths.assign(
            latitude=48.8, longitude=2.3, max_distance_km=30.0, level=np.int8(0)
        )
        one = tables.wishes.iloc[:1].assign(rank=np.int16(0), level=np.int8(0), region_code="11")
        pairs = [
            one.assign(youth_id=youth, wish_id=np.int32(i), trade_codes=code)
            for youth in youths["youth_id"]
            for i, code in enumerate(("D1102", "F1602"))
        ]
        offers = tables.offers.assign(
            latitude=48.8, longitude=2.3, kind="offer", capacity=np.int32(1), status="open",
            level=np.int8(0), levels_read="", region_code="11", contract_type="apprentissage",
            expiry_date=np.datetime64("NaT", "s"), start_date=np.datetime64("NaT", "s"),
            trade_codes=np.where(np.arange(len(tables.offers)) % 2, "D1102", "F1602"),
        )  # fmt: skip
        return replace(
            tables, youths=youths, wishes=pd.concat(pairs, ignore_index=True),
            offers=offers.astype({"trade_codes": "str"}),
        )  # fmt: skip

    market, scores, _ = odd(all_perfect)
    # Nothing but trade and distance counts, so every pair is worth as much as any could be.
    scores = replace(scores, pair_table=np.zeros_like(scores.pair_table))
    found = fused_engine(market, scores).best(k=10).pairs
    assert_equal(found, plain_pairs(market, scores, k=10))
    assert len(np.unique(found.score)) == 1
    assert set(np.unique(found.wish).tolist()) == {0, 1}
