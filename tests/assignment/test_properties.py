"""Deferred acceptance keeps all its promises, on short lists and on dense markets."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.assignment import (
    blocking_pairs,
    deferred_acceptance,
    encode,
    envied_pairs,
    stable_matching,
)
from tests.assignment import properties
from tests.oracles.proposals import matching_in_rounds

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(QUICK, max_examples=500)


@st.composite
def markets(draw, *, strict):
    # One seed instead of hundreds of draws: quick, and any market can come of it.
    source = random.Random(draw(st.integers(0, 2**32)))
    if draw(st.booleans()):
        return properties.dense_market(source.randint)
    return properties.short_market(source.randint, strict=strict)


def solve(youths, offers, capacities):
    return deferred_acceptance(youths, offers, capacities, seed=5).by_youth


@pytest.mark.parametrize("holds", properties.ALL, ids=lambda one: one.__name__)
@given(market=markets(strict=False))
@QUICK
def test_property(holds, market):
    holds(solve, market)


@pytest.mark.parametrize("holds", properties.STRICT, ids=lambda one: one.__name__)
@given(market=markets(strict=True))
@QUICK
def test_property_of_strict_markets(holds, market):
    holds(solve, market)


@pytest.mark.long
@pytest.mark.parametrize("holds", properties.ALL + properties.STRICT, ids=lambda one: one.__name__)
@given(market=markets(strict=True))
@LONG
def test_property_at_length(holds, market):
    holds(solve, market)


@given(
    market=markets(strict=False),
    proposing=st.sampled_from(["youths", "offers"]),
    lottery=st.sampled_from(["common", "per_offer"]),
)
@QUICK
def test_engines_agree_and_the_checks_find_nothing(market, proposing, lottery):
    preferences = encode(*market, seed=5, lottery=lottery).preferences
    compiled = stable_matching(preferences, proposing=proposing)
    plain = matching_in_rounds(preferences, proposing=proposing)
    assert compiled.pair.tolist() == plain.pair.tolist()
    assert len(blocking_pairs(preferences, compiled)) == 0
    assert len(envied_pairs(preferences, compiled)) == 0


@given(market=markets(strict=False), seed=st.integers(0, 2**32))
@QUICK
def test_the_check_counts_blocking_pairs_of_any_matching(market, seed):
    coded = encode(*market, seed=0)
    preferences = coded.preferences
    source = random.Random(seed)
    pair = np.full(len(coded.youth_ids), -1)
    room = preferences.capacity.copy()
    for y in range(len(pair)):
        mine = range(preferences.indptr[y], preferences.indptr[y + 1])
        free = [p for p in mine if room[preferences.offer[p]] > 0]
        if free and source.random() < 0.8:
            pair[y] = source.choice(free)
            room[preferences.offer[pair[y]]] -= 1
    matching = stable_matching(preferences)
    matching = type(matching)(pair=pair, seat=np.full(len(pair), -1, dtype=np.int16))
    by_youth = {
        coded.youth_ids[y]: coded.offer_ids[preferences.offer[p]]
        for y, p in enumerate(pair)
        if p >= 0
    }
    youth = preferences.youth()
    found = {
        (coded.youth_ids[youth[p]], coded.offer_ids[preferences.offer[p]])
        for p in blocking_pairs(preferences, matching)
    }
    assert found == set(properties.blocking(market, by_youth))
    strictly = set(envied_pairs(preferences, matching).tolist())
    assert set(blocking_pairs(preferences, matching).tolist()) <= strictly
