"""What every `Engine` must hold to, by the definition: all eligible pairs, sorted.

The definition is written here a second time, pair by pair, over the pairs that `plain_pairs`
lists.  A further engine is a further entry of `ENGINES`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.engine import Found
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market
from matchmaker.candidates.pairs import Bands, Pairs, Skip
from matchmaker.candidates.plain import plain_engine, plain_pairs
from matchmaker.hashing import mix
from matchmaker.lists.pairing import keep_pairs
from matchmaker.ragged import NOTHING
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables

DEFAULT = Settings()
SEEDS = st.integers(0, 10**6)
# Without these points the wishes of a youth often give one offer the same score.
TIED = Settings(weights={"trade": 0, "wish": 0}, rung_costs=(0,) * 6, level_doubt_cost=0)
SETTINGS = st.builds(
    replace,
    st.sampled_from([DEFAULT, TIED]),
    seed=st.integers(0, 5),
    strict_region=st.booleans(),
    strict_level=st.booleans(),
    mobile_reach_factor=st.integers(1, 3),
    sector_trades=st.booleans(),
    later_code_cost=st.sampled_from([0, 30_000]),
)
ENGINES = {"fused": partial(fused_engine, threads=2), "plain": plain_engine}


def world(seed, settings=DEFAULT, n_youths=15, n_offers=100):
    tables = random_tables(np.random.default_rng(seed), n_youths, n_offers)
    market = build_market(tables, settings, as_of=AS_OF)
    return market, score_tables(market, settings)


def request_of(seed, market, bands):
    """Draw prices, floors, youths and offers to leave out; each may be missing."""
    rng = np.random.default_rng(seed + 1)
    n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
    drawn = {
        "price": rng.integers(0, 600_000, n_offers) * rng.integers(0, 2, n_offers),
        "floor": rng.integers(-100_000, 700_000, n_youths),
        "who": rng.permutation(n_youths)[: n_youths // 2].astype(np.int32),
        "skip": Skip(
            group=rng.integers(0, 4, n_offers).astype(np.int32),
            of_youth=rng.integers(-1, 4, n_youths).astype(np.int32),
        ),
    }
    chosen = {name: value for name, value in drawn.items() if rng.random() < 0.6}
    if bands:
        chosen["bands"] = Bands(
            floor=np.array([500_000, 800_000], dtype=np.int32),
            bonus=np.array([0, 10**9, 10**12], dtype=np.int64),
        )
    return chosen


def by_definition(market, every, youth, *, k, price, floor, skip, bands):
    """Return (net, pair) of the k best of one youth, best first, and whether there are more."""
    ranked = []
    for i in range(every.indptr[youth], every.indptr[youth + 1]):
        offer, score = int(every.offer[i]), int(every.score[i])
        if skip is not None and skip.group[offer] == skip.of_youth[youth]:
            continue
        worth = score
        if bands is not None:
            worth += int(bands.bonus[int((bands.floor <= score).sum())])
        net = worth - (0 if price is None else int(price[offer]))
        if floor is not None and net <= floor[youth]:
            continue
        tie = int(mix(market.youth_hash[[youth]], market.offer_hash[[offer]])[0])
        ranked.append((-net, tie, offer, i))
    ranked.sort()
    return [(-net, offer, i) for net, _, offer, i in ranked[:k]]


def rows_of(pairs: Pairs, youth):
    here = slice(pairs.indptr[youth], pairs.indptr[youth + 1])
    columns = (pairs.offer, pairs.score, pairs.wish, pairs.rung)
    return [tuple(int(column[here][i]) for column in columns)
            for i in range(here.stop - here.start)]  # fmt: skip


def assert_same_pairs(a: Pairs, b: Pairs) -> None:
    for f in fields(Pairs):
        mine, theirs = getattr(a, f.name), getattr(b, f.name)
        assert mine.dtype == theirs.dtype, f.name
        np.testing.assert_array_equal(mine, theirs, err_msg=f.name)


def assert_same_found(a: Found, b: Found) -> None:
    assert_same_pairs(a.pairs, b.pairs)
    assert_same_pairs(a.outside_pairs, b.outside_pairs)
    np.testing.assert_array_equal(a.left, b.left)
    np.testing.assert_array_equal(a.outside_left, b.outside_left)


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
class TestEngine:
    """Small worlds with every oddity."""

    @given(seed=SEEDS, settings=SETTINGS, k=st.integers(1, 30), bands=st.booleans())
    def test_best_is_what_sorting_all_pairs_gives(self, engine_of, seed, settings, k, bands):
        market, tables = world(seed, settings)
        asked = request_of(seed, market, bands)
        found = engine_of(market, tables).best(k=k, **asked)
        every = plain_pairs(market, tables, k=None)
        who = asked.pop("who", np.arange(len(market.youth_hash)))
        full = {"price": None, "floor": None, "skip": None, "bands": None, **asked}
        assert len(found.outside_pairs) == 0
        np.testing.assert_array_equal(found.left, found.outside_left)
        for youth in range(len(market.youth_hash)):
            best = by_definition(market, every, youth, k=k, **full) if youth in who else []
            expected = sorted(
                (offer, int(every.score[i]), int(every.wish[i]), int(every.rung[i]))
                for _, offer, i in best
            )
            assert rows_of(found.pairs, youth) == expected
            assert found.left[youth] == (best[-1][0] if len(best) == k else NOTHING)

    @given(seed=SEEDS, k=st.integers(1, 12), outside=st.integers(1, 8), bands=st.booleans())
    def test_outside_the_main_sector(self, engine_of, seed, k, outside, bands):
        market, tables = world(seed)
        asked = request_of(seed, market, bands)
        asked.pop("skip", None)
        engine = engine_of(market, tables)
        found = engine.best(k=k, outside=outside, **asked)
        assert_same_pairs(found.pairs, engine.best(k=k, **asked).pairs)
        every = plain_pairs(market, tables, k=None)
        asked.pop("who", None)
        full = {"price": None, "floor": None, "bands": None, **asked}
        for youth in range(len(market.youth_hash)):
            mine = rows_of(found.pairs, youth)
            if not mine:
                assert rows_of(found.outside_pairs, youth) == []
                continue
            held = Counter(int(market.sector[offer]) for offer, *_ in mine)
            main = min(held, key=lambda sector: (-held[sector], sector))
            skip = Skip(group=market.sector, of_youth=np.full(len(market.youth_hash), main))
            best = by_definition(market, every, youth, k=outside, skip=skip, **full)
            assert [row[0] for row in rows_of(found.outside_pairs, youth)] == sorted(
                offer for _, offer, _ in best
            )
            last = best[-1][0] if len(best) == outside else NOTHING
            assert found.outside_left[youth] == min(int(found.left[youth]), last)

    def test_skip_and_outside_exclude_each_other(self, engine_of):
        market, tables = world(1)
        skip = Skip(group=market.sector, of_youth=np.zeros(len(market.youth_hash), dtype=np.int32))
        with pytest.raises(ValueError, match="exclude each other"):
            engine_of(market, tables).best(k=3, outside=2, skip=skip)

    @given(seed=SEEDS, k=st.integers(1, 12), parts=st.integers(2, 4), bands=st.booleans())
    def test_a_split_of_the_youths_does_not_matter(self, engine_of, seed, k, parts, bands):
        market, tables = world(seed)
        asked = request_of(seed, market, bands)
        asked.pop("skip", None)
        who = asked.pop("who", np.arange(len(market.youth_hash), dtype=np.int32))
        engine = engine_of(market, tables)
        whole = engine.best(k=k, outside=3, who=who, **asked)
        for some in np.array_split(who, parts):
            part = engine.best(k=k, outside=3, who=some, **asked)
            for youth in range(len(market.youth_hash)):
                inside = youth in some
                for mine, theirs in (
                    (part.pairs, whole.pairs), (part.outside_pairs, whole.outside_pairs),
                ):  # fmt: skip
                    expected = rows_of(theirs, youth) if inside else []
                    assert rows_of(mine, youth) == expected
                assert part.left[youth] == (whole.left[youth] if inside else NOTHING)

    @given(seed=SEEDS)
    def test_bound_is_the_best_sum(self, engine_of, seed):
        market, tables = world(seed)
        rng = np.random.default_rng(seed)
        n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
        price = rng.integers(0, 900_000, n_offers) * rng.integers(0, 2, n_offers)
        capacity = rng.integers(0, 6, n_youths).astype(np.int32)
        every = plain_pairs(market, tables, k=None)
        net = every.score - price[every.offer]
        expected = [
            sum(sorted(mine[mine > 0].tolist(), reverse=True)[: capacity[youth]])
            for youth, mine in enumerate(np.split(net, every.indptr[1:-1]))
        ]
        bound = engine_of(market, tables).bound(price, capacity)
        assert bound.dtype == np.int64
        assert bound.tolist() == expected

    @given(seed=SEEDS, some=st.booleans())
    def test_count_is_the_number_of_eligible_pairs(self, engine_of, seed, some):
        market, tables = world(seed)
        n_youths = len(market.youth_hash)
        who = np.random.default_rng(seed).permutation(n_youths)[:9].astype(np.int32)
        counts = engine_of(market, tables).count(who if some else None)
        expected = np.diff(plain_pairs(market, tables, k=None).indptr)
        if some:
            expected[np.setdiff1d(np.arange(n_youths), who)] = 0
        assert counts.dtype == np.int64
        assert counts.tolist() == expected.tolist()

    @given(seed=SEEDS, settings=SETTINGS)
    def test_among_finds_the_pairs_of_some_offers(self, engine_of, seed, settings):
        market, tables = world(seed, settings)
        some = np.random.default_rng(seed).random(len(market.offer_hash)) < 0.3
        found = engine_of(market, tables).among(some).best(k=len(some)).pairs
        every = plain_pairs(market, tables, k=None)
        assert_same_pairs(found, keep_pairs(every, some[every.offer]))

    @given(seed=SEEDS, settings=SETTINGS)
    def test_scores_taken_apart_add_up(self, engine_of, seed, settings):
        market, tables = world(seed, settings)
        every = plain_pairs(market, tables, k=None)
        order = np.random.default_rng(seed).permutation(len(every))
        youth, offer = every.youth[order], every.offer[order]
        lines = engine_of(market, tables).score(youth, offer)
        np.testing.assert_array_equal(lines.youth, youth)
        np.testing.assert_array_equal(lines.offer, offer)
        np.testing.assert_array_equal(lines.score, every.score[order])
        np.testing.assert_array_equal(lines.rung, every.rung[order])
        wish = market.wish_position[market.entry_wish[lines.entry]]
        np.testing.assert_array_equal(wish, every.wish[order])
        assert tuple(lines.points) == tables.names
        total = sum(lines.points.values()) - sum(lines.costs.values())
        np.testing.assert_array_equal(total, lines.score)

    @given(seed=SEEDS)
    def test_some_lines_at_a_time_are_taken_apart_the_same(self, engine_of, seed):
        market, tables = world(seed)
        every = plain_pairs(market, tables, k=5)
        engine = engine_of(market, tables)
        whole = engine.score(every.youth, every.offer)
        half = len(every) // 2
        for rows in (slice(0, half), slice(half, len(every))):
            part, expected = engine.score(every.youth[rows], every.offer[rows]), whole.at(rows)
            for f in fields(ScoredLines):
                mine, theirs = getattr(part, f.name), getattr(expected, f.name)
                for name in mine if f.name in ("points", "costs") else [None]:
                    np.testing.assert_array_equal(
                        mine if name is None else mine[name],
                        theirs if name is None else theirs[name],
                    )

    @given(seed=SEEDS)
    def test_a_pair_that_is_not_eligible_has_no_score(self, engine_of, seed):
        market, tables = world(seed, n_youths=6, n_offers=8)
        every = plain_pairs(market, tables, k=None)
        eligible = set(zip(every.youth.tolist(), every.offer.tolist(), strict=True))
        engine = engine_of(market, tables)
        for youth in range(len(market.youth_hash)):
            for offer in range(len(market.offer_hash)):
                one = np.array([youth], dtype=np.int32), np.array([offer], dtype=np.int32)
                if (youth, offer) in eligible:
                    engine.score(*one)
                else:
                    with pytest.raises(ValueError, match="not eligible"):
                        engine.score(*one)

    def test_nobody_and_nothing(self, engine_of):
        market, tables = world(2)
        none = replace(market, youth_state=np.ones_like(market.youth_state))
        engine = engine_of(none, tables)
        assert len(engine.best(k=4, outside=2).pairs) == 0
        assert engine.count().sum() == 0
        rows = np.zeros(0, dtype=np.int32)
        assert len(engine.score(rows, rows).score) == 0


@given(seed=SEEDS, k=st.integers(1, 30), bands=st.booleans(), outside=st.integers(0, 9))
def test_all_find_the_same(seed, k, bands, outside):
    market, tables = world(seed, n_youths=40, n_offers=150)
    asked = request_of(seed, market, bands)
    if outside:
        asked.pop("skip", None)
    first, *others = [
        engine_of(market, tables).best(k=k, outside=outside, **asked)
        for engine_of in ENGINES.values()
    ]
    assert first.left.dtype == np.int64
    for found in others:
        assert_same_found(found, first)
