"""Accepted contracts stand, and a run without change changes nothing."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.assignment import deferred_acceptance
from matchmaker.errors import InputError
from tests.assignment import properties
from tests.languages import raises


@st.composite
def accepted_some(draw):
    """A market, its first assignment, and the contracts that some youths accepted."""
    source = random.Random(draw(st.integers(0, 2**32)))
    market = properties.short_market(source.randint, strict=False, n_youths=8)
    first = deferred_acceptance(*market).by_youth
    return market, first, {y: o for y, o in first.items() if source.random() < 0.5}


@given(accepted_some())
@settings(max_examples=60)
def test_accepted_contracts_stand_and_without_change_nothing_moves(drawn):
    market, first, accepted = drawn
    assert deferred_acceptance(*market, accepted=accepted).by_youth == first
    assert deferred_acceptance(*market, accepted=first).by_youth == first


@given(accepted_some())
@settings(max_examples=60)
def test_new_youths_take_no_accepted_seat(drawn):
    market, _, accepted = drawn
    offers = {o: [["new"], *tiers] for o, tiers in market.offers.items()}
    youths = {**market.youths, "new": [[o] for o in offers]}
    result = deferred_acceptance(youths, offers, market.capacities, accepted=accepted)
    assert accepted.items() <= result.by_youth.items()
    for o, seats in market.capacities.items():
        assert len(result.by_offer[o]) <= seats


def test_accepted_contracts_count_on_reserves_quotas_and_caps():
    youths = {y: ["o"] for y in "abcd"}
    market = (youths, {"o": ["a", "b", "c", "d"]}, {"o": 3})
    groups = {"g": ["c", "d"]}
    reserved = deferred_acceptance(
        *market, groups=groups, reserves={"o": {"g": 1}}, accepted={"d": "o"}
    )
    assert set(reserved.by_youth) == {"a", "b", "d"}  # d holds the reserved seat
    full = deferred_acceptance(
        *market, groups=groups, reserves={"o": {"g": 3}}, accepted={"a": "o"}
    )
    assert set(full.by_youth) == {"a", "c", "d"}
    bound = deferred_acceptance(*market, groups=groups, quotas={"o": {"g": 1}}, accepted={"d": "o"})
    assert set(bound.by_youth) == {"a", "b", "d"}
    capped = deferred_acceptance(
        *market, employers={"o": "E"}, employer_caps={"E": 2}, accepted={"d": "o"}
    )
    assert set(capped.by_youth) == {"a", "d"}


@pytest.mark.parametrize(
    ("accepted", "message"),
    [
        ({"z": "o"}, "accepted: 'z' is no youth"),
        ({"a": "q"}, "accepted: 'q' is no offer"),
        ({"a": "o", "b": "o"}, "'o' has 2 accepted contracts and 1 seat"),
    ],
)
def test_contracts_that_cannot_be_are_named(accepted, message):
    with raises(InputError, message):
        deferred_acceptance({"a": ["o"], "b": ["o"]}, {}, {"o": 1}, accepted=accepted)
