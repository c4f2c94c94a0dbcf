"""Offers of which the department or the region alone is known: every engine finds the same ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market
from matchmaker.candidates.plain import plain_engine
from matchmaker.reference.places import departements
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.candidates.test_engines import assert_equal
from tests.worlds import AS_OF, hand_made, random_tables

SETTINGS = st.builds(
    Settings, strict_region=st.booleans(), strict_level=st.booleans(),
    mobile_reach_factor=st.integers(1, 3),
)  # fmt: skip


def without_points(seed, share):
    """Return a world in which so many offers have a region, or a department of it, and no point."""
    rng = np.random.default_rng(seed)
    tables = random_tables(rng, 40, 120)
    known = departements().sample(frac=1, random_state=seed)
    of_region = dict(zip(known["region_code"], known["departement"], strict=True))
    offers = tables.offers.copy()
    is_it = rng.random(len(offers)) < share
    offers.loc[is_it, ["latitude", "longitude"]] = np.nan
    one = offers["region_code"].map(of_region).fillna("").where(rng.random(len(offers)) < 0.6, "")
    offers["departement"] = one.astype("str")
    youths = tables.youths.copy()
    youths["departement"] = youths["region_code"].map(of_region).fillna("").astype("str")
    youths.loc[rng.random(len(youths)) < 0.2, "max_distance_km"] = 0.0
    return replace(tables, offers=offers, youths=youths)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), chosen=SETTINGS, k=st.integers(1, 30), share=st.floats(0.1, 1))
def test_the_engines_agree_and_stay_in_the_region(seed, chosen, k, share):
    market = build_market(without_points(seed, share), chosen, as_of=AS_OF)
    tables = score_tables(market, chosen)
    fused, plain = fused_engine(market, tables), plain_engine(market, tables)
    pairs = fused.best(k=k).pairs
    assert_equal(pairs, plain.best(k=k).pairs)
    np.testing.assert_array_equal(fused.count(), plain.count())
    is_it = market.is_somewhere[pairs.offer]
    home, there = (
        frame["region_code"].take(rows).to_numpy()
        for frame, rows in ((market.youths, pairs.youth), (market.offers, pairs.offer))
    )
    assert (home == there)[is_it].all()
    lines = fused.score(pairs.youth, pairs.offer)
    np.testing.assert_array_equal(lines.score, pairs.score)
    np.testing.assert_array_equal(np.isnan(lines.km), is_it)


NOWHERE = {"latitude": np.nan, "longitude": np.nan}


@pytest.mark.parametrize(
    ("offer", "score_of_region"),
    [
        ({"departement": "75", "region_code": "11"}, 10_000),
        ({"departement": "93", "region_code": "11"}, 5_000),
        ({"departement": "", "region_code": "11"}, 5_000),
        ({"departement": "35", "region_code": "53"}, None),
        ({"departement": "", "region_code": "53"}, None),
        ({"departement": "", "region_code": ""}, None),
    ],
)
def test_who_lives_in_the_region_may_have_it(offer, score_of_region):
    tables = hand_made({"departement": "75"}, [NOWHERE])
    tables = replace(tables, offers=tables.offers.assign(**offer).astype({"departement": "str"}))
    market = build_market(tables, Settings(), as_of=AS_OF)
    engine = fused_engine(market, score_tables(market, Settings()))
    pairs = engine.best(k=5).pairs
    assert len(pairs) == (score_of_region is not None)
    if score_of_region:
        points = engine.score(pairs.youth, pairs.offer).points
        assert points["region"].tolist() == [10 * score_of_region]
        assert points["distance"].tolist() == [20 * 2_000]  # as at the edge of the reach


def test_a_wish_of_another_region_leaves_it_out():
    tables = hand_made({"departement": "75"}, [NOWHERE])
    offers = tables.offers.assign(departement=pd.array(["75"], dtype="str"))
    wishes = tables.wishes.assign(region_code=pd.array(["53"], dtype="str"))
    tables = replace(tables, offers=offers, wishes=wishes)
    market = build_market(tables, Settings(strict_region=False), as_of=AS_OF)
    engine = fused_engine(market, score_tables(market, Settings(strict_region=False)))
    assert len(engine.best(k=5).pairs) == 0
