"""The order inside lists: doubts, published before firms of the same wish, worth; and no more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import KINDS, build_market
from matchmaker.lists.doubts import DOUBTS, doubts_of
from matchmaker.lists.order import in_order
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.verify.order import DOUBTS as DOUBTS_OF_VERIFY
from matchmaker.verify.order import is_in_order
from tests.worlds import AS_OF, hand_made, random_tables

SHOWN = Settings(sector_trades=True)


def world(tables, settings=SHOWN, k=10):
    market = build_market(tables, settings, as_of=AS_OF)
    engine = fused_engine(market, score_tables(market, settings), threads=1)
    return market, engine, engine.best(k=k).pairs


def first_to_last(offers, settings=SHOWN):
    """Return the places of some hand-made offers in the list of a youth of level 5."""
    market, engine, pairs = world(hand_made(YOUTH, offers), settings)
    order = in_order(market, pairs, doubts_of(engine, pairs, settings), None)
    return [int(o) for o in pairs.offer[np.argsort(order.rank)]]


YOUTH = {"level": np.int8(5), "departement": "75"}
FAR = {"latitude": 48.98}  # 14 km from the home
SECTOR = {"trade_codes": "D1101", "level": 5}
NOWHERE = {"latitude": np.nan, "departement": "75"}


@pytest.mark.parametrize(("offers", "order"), [
    ([FAR, {}], [1, 0]),  # the better first
    ([FAR, {"kind": "spontaneous"}], [0, 1]),  # published first, whatever the score
    ([FAR | {"kind": "training"}, FAR | {"kind": "spontaneous"}], [1, 0]),  # both are no offers
    ([{"level": 7}, FAR], [1, 0]),  # two levels too high: behind
    ([{"level": 7}, {"kind": "spontaneous"}], [1, 0]),  # the doubt goes before the kind
    ([{"level": 6}, {"kind": "spontaneous"}], [0, 1]),  # one level higher leaves no doubt
    ([SECTOR, {"level": 7}, FAR | {"kind": "spontaneous"}], [2, 1, 0]),
    ([FAR | SECTOR, SECTOR | {"flags": "school"}], [1, 0]),  # the gravest doubt counts
    ([NOWHERE, {"flags": "school"}, {"level": 7}, SECTOR], [2, 1, 0, 3]),
])  # fmt: skip
def test_what_comes_first(offers, order):
    assert first_to_last(offers) == order


def definition(market, pairs, doubt, worth):
    """Sort by doubt and worth; then put each group's lines into its places, published first."""
    rank = np.zeros(len(pairs), dtype=np.int64)
    wish_rank = market.wishes["rank"].to_numpy()
    row_of = {
        (youth, wish): row
        for row, (youth, wish) in enumerate(
            zip(market.wishes["youth_id"], market.wishes["wish_id"], strict=True)
        )
    }
    for youth in range(len(market.youth_hash)):
        name = market.youths["youth_id"].iloc[youth]
        mine = list(range(pairs.indptr[youth], pairs.indptr[youth + 1]))
        mine.sort(key=lambda i: (doubt[i], -worth[i]))
        groups: dict[tuple[int, int], list[int]] = {}
        for place, i in enumerate(mine):
            key = int(doubt[i]), int(wish_rank[row_of[name, int(pairs.wish[i])]])
            groups.setdefault(key, []).append(place)
        for places in groups.values():
            lines = sorted(
                (mine[place] for place in places),
                key=lambda i: (
                    market.offer_kind[pairs.offer[i]] != KINDS.index("offer"),
                    -worth[i],
                ),
            )
            for place, i in zip(places, lines, strict=True):
                rank[i] = place + 1
    return rank


@given(seed=st.integers(0, 10**6), by_chance=st.booleans(), has_sectors=st.booleans())
def test_the_order_is_its_definition_and_verify_agrees(seed, by_chance, has_sectors):
    settings = Settings(sector_trades=has_sectors)
    rng = np.random.default_rng(seed)
    market, engine, pairs = world(random_tables(rng, 12, 60, one_point=True), settings)
    doubt = doubts_of(engine, pairs, settings)
    exposure = rng.integers(0, 9, len(market.offer_hash)) if by_chance else None
    order = in_order(market, pairs, doubt, exposure)
    worth = pairs.score.astype(np.int64)
    if exposure is not None:
        seats = np.maximum(market.seats, 1)[pairs.offer]
        worth = worth * seats // np.maximum(exposure[pairs.offer], seats)
    due = definition(market, pairs, doubt, worth)
    # Equal lines may change places: what stands in a place is the same.
    for youth in range(len(market.youth_hash)):
        mine = slice(pairs.indptr[youth], pairs.indptr[youth + 1])
        assert sorted(order.rank[mine]) == list(range(1, mine.stop - mine.start + 1))
        of_order, of_due = np.argsort(order.rank[mine]), np.argsort(due[mine])
        for column in (worth, doubt, market.offer_kind[pairs.offer]):
            if len({*worth[mine].tolist()}) == mine.stop - mine.start:
                assert column[mine][of_order].tolist() == column[mine][of_due].tolist()
        first = np.flatnonzero(order.would_be_first[mine])
        assert len(first) == min(1, mine.stop - mine.start)
        assert (worth[mine][first] == worth[mine].max(initial=0)).all()
    wish = market.wish_rows(pairs.youth, pairs.wish)
    told = pd.DataFrame(
        {
            "youth": pairs.youth,
            "rank": order.rank,
            "doubt": pd.Categorical.from_codes(doubt.astype(np.int8), list(DOUBTS)),
            "wish_rank": market.wishes["rank"].to_numpy(dtype=np.int64)[wish],
            "kind": np.array(KINDS)[market.offer_kind[pairs.offer]],
            "worth": worth,
        }
    ).sort_values(["youth", "rank"], ignore_index=True)

    def is_right(frame):
        return is_in_order(
            frame["youth"].to_numpy(dtype=np.int64),
            frame["doubt"],
            frame["wish_rank"].to_numpy(),
            frame["kind"],
            frame["worth"].to_numpy(),
        )

    assert is_right(told).all()
    # Two neighbours of one list that differ, the other way round, are found.
    for at in range(len(told) - 1):
        one, two = told.iloc[at], told.iloc[at + 1]
        if one["youth"] == two["youth"] and one["doubt"] != two["doubt"]:
            rows = [*range(at), at + 1, at, *range(at + 2, len(told))]
            assert not is_right(told.iloc[rows].reset_index(drop=True)).all()


def test_both_rooms_know_the_same_doubts():
    assert DOUBTS == DOUBTS_OF_VERIFY
