"""Reserves, quotas and employers' caps: bounds kept, nobody refused without reason."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.assignment import (
    bound_faults,
    check_matching,
    deferred_acceptance,
    encode,
    envied_pairs,
    stable_matching,
)
from matchmaker.assignment.named_rules import NamedRules, encode_rules
from matchmaker.errors import CheckError, InputError, UsageError
from tests.assignment import properties
from tests.assignment.properties import NONE, rank
from tests.languages import raises
from tests.oracles.proposals import matching_in_rounds

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def ruled(draw, *, kind):
    """A market with many competitors, and rules of one kind (strict priorities)."""
    source = random.Random(draw(st.integers(0, 2**32)))
    market = properties.short_market(source.randint, strict=True, n_youths=8, n_offers=3)
    youths = list(market.youths)
    some = [y for y in youths if source.random() < 0.5]
    others = [y for y in youths if y not in some]
    rules = {}
    if kind in {"reserves", "one_reserve"}:
        overlap = [y for y in youths if source.random() < 0.4]
        rules["groups"] = {"a": some} if kind == "one_reserve" else {"a": some, "b": overlap}
        rules["reserves"] = {}
        for o, seats in market.capacities.items():
            a = source.randint(0, seats)
            rules["reserves"][o] = {"a": a}
            if kind == "reserves":
                rules["reserves"][o]["b"] = source.randint(0, seats - a)
    if kind in {"quotas", "all"}:
        rules["groups"] = {"a": some, "b": others}
        rules["quotas"] = {o: {g: source.randint(0, 2) for g in "ab"} for o in market.offers}
    if kind in {"employers", "all"}:
        rules["employers"] = {o: source.choice(["E", "F"]) for o in market.offers}
        rules["employer_caps"] = {"E": source.randint(0, 4), "F": source.randint(0, 4)}
        # An employer has one ranking of youths over all its offers.
        ranking = sorted(youths, key=lambda _: source.random())
        market = market._replace(offers={o: [[y] for y in ranking] for o in market.offers})
    return market, rules


def refused(market, by_youth):
    for y, tiers in market.youths.items():
        for (o,) in tiers:
            if rank(tiers, o) < rank(tiers, by_youth.get(y)) and rank(market.offers[o], y) < NONE:
                yield y, o


def taken(by_youth, o):
    return [y for y, got in by_youth.items() if got == o]


@pytest.mark.parametrize("kind", ["reserves", "one_reserve", "quotas", "employers", "all"])
@given(data=st.data())
@QUICK
def test_engines_agree_and_the_checks_find_nothing(kind, data):
    market, given_rules = data.draw(ruled(kind=kind))
    coded = encode(*market, seed=3)
    rules = encode_rules(coded, NamedRules(**given_rules))
    compiled = stable_matching(coded.preferences, rules=rules)
    plain = matching_in_rounds(coded.preferences, rules=rules)
    assert compiled.pair.tolist() == plain.pair.tolist()
    assert compiled.seat.tolist() == plain.seat.tolist()
    assert bound_faults(coded.preferences, compiled, rules) == []
    assert len(envied_pairs(coded.preferences, compiled, rules)) == 0


@pytest.mark.parametrize("kind", ["reserves", "one_reserve", "quotas", "employers", "all"])
@given(data=st.data())
@settings(QUICK, max_examples=25)
def test_no_youth_gains_by_another_list(kind, data):
    market, rules = data.draw(ruled(kind=kind))
    properties.truthful(lambda *m: deferred_acceptance(*m, **rules).by_youth, market)


@given(ruled(kind="reserves"))
@QUICK
def test_reserves_leave_no_seat_empty_and_go_to_the_group(given_market):
    market, rules = given_market
    result = deferred_acceptance(*market, **rules)
    for y, o in refused(market, result.by_youth):
        held = taken(result.by_youth, o)
        assert len(held) == market.capacities[o]
        for group, members in rules["groups"].items():
            if y in members:
                on_reserve = [z for z in held if result.reserved.get(z) == group]
                assert len(on_reserve) == rules["reserves"][o][group]
                assert set(on_reserve) <= set(members)


def by_choice_functions(market, members, reserve):
    """Reserves of one group as in Hafalir et al.: the choice written down, no cells."""
    refused_pairs = set()
    while True:
        asks = {o: [] for o in market.offers}
        for y, tiers in market.youths.items():
            left = [o for (o,) in tiers if (y, o) not in refused_pairs]
            left = [o for o in left if rank(market.offers[o], y) < NONE]
            if left:
                asks[left[0]].append(y)
        new, by_youth = set(), {}
        for o, fans in asks.items():
            fans.sort(key=lambda y, o=o: rank(market.offers[o], y))
            chosen = [y for y in fans if y in members][: reserve[o]]
            rest = [y for y in fans if y not in chosen]
            chosen += rest[: market.capacities[o] - len(chosen)]
            by_youth.update(dict.fromkeys(chosen, o))
            new |= {(y, o) for y in fans if y not in chosen}
        if not new:
            return by_youth
        refused_pairs |= new


@given(ruled(kind="one_reserve"))
@QUICK
def test_one_group_equals_the_choice_function_of_the_paper(given_market):
    market, rules = given_market
    reserve = {o: r["a"] for o, r in rules["reserves"].items()}
    expected = by_choice_functions(market, set(rules["groups"]["a"]), reserve)
    assert deferred_acceptance(*market, **rules).by_youth == expected


def quota_faults(market, rules, by_youth):
    """What contradicts the quotas as declared: too many of a group, or a needless refusal."""

    def of_group(youths, group):
        return [y for y in youths if y in rules["groups"][group]]

    for o in market.offers:
        for group in rules["groups"]:
            if len(of_group(taken(by_youth, o), group)) > rules["quotas"][o][group]:
                yield "quota", o
    for y, o in refused(market, by_youth):
        group = next(g for g, members in rules["groups"].items() if y in members)
        held = taken(by_youth, o)
        mine = rank(market.offers[o], y)
        if len(of_group(held, group)) == rules["quotas"][o][group]:
            held = of_group(held, group)
        elif len(held) < market.capacities[o]:
            yield "empty seat", y
        if any(rank(market.offers[o], z) > mine for z in held):
            yield "envy", y


@given(ruled(kind="quotas"))
@QUICK
def test_quotas_hold_and_only_they_leave_seats_empty(given_market):
    market, rules = given_market
    by_youth = deferred_acceptance(*market, **rules).by_youth
    assert list(quota_faults(market, rules, by_youth)) == []


@pytest.mark.parametrize(("off_by", "fault"), [(1, "quota"), (-1, "empty seat")])
def test_mutants_of_the_quota_are_caught(off_by, fault):
    found = set()
    for seed in range(60):
        source = random.Random(seed)
        market = properties.short_market(source.randint, strict=True, n_youths=8, n_offers=2)
        groups = {"a": list(market.youths)[::2], "b": list(market.youths)[1::2]}
        quotas = {o: {g: source.randint(0, 2) for g in "ab"} for o in market.offers}
        rules = {"groups": groups, "quotas": quotas}
        wrong = {o: {g: max(0, n + off_by) for g, n in q.items()} for o, q in quotas.items()}
        by_youth = deferred_acceptance(*market, groups=groups, quotas=wrong).by_youth
        found |= {kind for kind, _ in quota_faults(market, rules, by_youth)}
    assert fault in found


@given(ruled(kind="employers"))
@QUICK
def test_employers_stable_as_student_project_allocation(given_market):
    """Blocking pairs as Abraham, Irving and Manlove define them, one ranking an employer."""
    market, rules = given_market
    by_youth = deferred_acceptance(*market, **rules).by_youth
    firm, caps = rules["employers"], rules["employer_caps"]
    hired = {e: [y for y, o in by_youth.items() if firm[o] == e] for e in caps}
    assert all(len(hired[e]) <= caps[e] for e in caps)
    for y, o in refused(market, by_youth):
        e, held = firm[o], taken(by_youth, o)
        mine = rank(market.offers[o], y)

        def beats(youths, mine=mine, o=o):
            return any(rank(market.offers[o], z) > mine for z in youths)

        if len(held) < market.capacities[o]:
            assert len(hired[e]) == caps[e]
            assert y not in hired[e]
            assert not beats(hired[e])
        else:
            assert not beats(held)


def test_a_group_takes_its_seat_although_all_others_rank_higher():
    result = deferred_acceptance(
        {y: ["o"] for y in "abc"},
        {"o": ["a", "b", "c"]},
        {"o": 2},
        groups={"qpv": ["c"]},
        reserves={"o": {"qpv": 1}},
    )
    assert result.by_youth == {"a": "o", "c": "o"}
    assert result.reserved == {"c": "qpv"}


def test_a_reserve_nobody_asks_for_goes_to_the_others():
    result = deferred_acceptance(
        {y: ["o"] for y in "abc"},
        {"o": ["a", "b", "c"]},
        {"o": 2},
        groups={"qpv": []},
        reserves={"o": {"qpv": 2}},
    )
    assert set(result.by_youth) == {"a", "b"}


def broken(market, rules, change):
    coded = encode(*market, seed=0)
    coded_rules = encode_rules(coded, NamedRules(**rules))
    matching = stable_matching(coded.preferences, rules=coded_rules)
    check_matching(coded.preferences, matching, coded_rules)
    pair, seat = matching.pair.copy(), matching.seat.copy()
    change(pair, seat)
    return coded.preferences, type(matching)(pair=pair, seat=seat), coded_rules


FOUR = properties.Market(
    {y: [["o"], ["p"]] for y in "abcd"},
    {o: [[y] for y in "abcd"] for o in "op"},
    {"o": 2, "p": 1},
)


def assign(y, pair_value, seat_value=-1):
    def change(pair, seat):
        pair[y], seat[y] = pair_value, seat_value

    return change


@pytest.mark.parametrize(
    ("rules", "change", "message"),
    [
        ({}, assign(3, 6), "offer number 0 holds 3 youths and may hold 2"),
        ({}, assign(3, 0), "not on their list"),
        ({}, assign(1, -1), "refused without reason at offer number 0"),
        ({}, lambda pair, _seat: pair.__setitem__(slice(None), [0, -1, 5, 6]), "youth number 1"),
        (
            {"groups": {"g": ["a", "b"]}, "quotas": {"o": {"g": 1}}},
            lambda pair, _seat: pair.__setitem__(slice(None), [0, 2, 5, -1]),
            "quota of group number 0, offer number 0 holds 2 youths and may hold 1",
        ),
        (
            {"groups": {"g": ["d"]}, "reserves": {"o": {"g": 1}}},
            lambda pair, seat: (
                pair.__setitem__(slice(None), [0, 2, 5, -1]),
                seat.__setitem__(slice(None), [-1, 0, -1, -1]),
            ),
            "youth number 3 was refused without reason",
        ),
        (
            {"groups": {"g": ["d"]}, "reserves": {"o": {"g": 1}}},
            lambda pair, seat: (
                pair.__setitem__(slice(None), [0, -1, 5, 6]),
                seat.__setitem__(slice(None), [0, -1, -1, 0]),
            ),
            "reserve of group number 0, offer number 0 holds 2",
        ),
        (
            {"employers": {"o": "E", "p": "E"}, "employer_caps": {"E": 2}},
            assign(2, 5),
            "employer number 0 holds 3 youths and may hold 2",
        ),
    ],
)
def test_the_check_refuses(rules, change, message):
    with raises(CheckError, message):
        check_matching(*broken(FOUR, rules, change))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"groups": {"g": ["z"]}}, r"groups\['g'\]: 'z' is no youth"),
        ({"groups": {"g": []}, "reserves": {"q": {"g": 1}}}, "reserves: 'q' is no offer"),
        ({"groups": {"g": []}, "reserves": {"o": {"h": 1}}}, "'h' is no group"),
        ({"groups": {"g": []}, "quotas": {"o": {"g": -1}}}, "'-1' is not a number of seats"),
        ({"groups": {"g": []}, "reserves": {"o": {"g": 3}}}, "'o' reserves 3 seats and has 2"),
        (
            {"groups": {"g": [], "h": []}, "reserves": {"o": {"g": 1}}, "quotas": {"o": {"h": 1}}},
            "both a reserve and a quota",
        ),
        (
            {"groups": {"g": ["a"], "h": ["a"]}, "quotas": {"o": {"g": 1, "h": 1}}},
            "groups that share youths",
        ),
        ({"employers": {"q": "E"}}, "employers: 'q' is no offer"),
        ({"employer_caps": {"E": -2}}, r"employer_caps\['E'\]: '-2' is not a capacity"),
    ],
)
def test_rules_that_cannot_be_are_named(rules, message):
    with raises(InputError, message):
        deferred_acceptance(*FOUR, **rules)


def test_offers_cannot_propose_under_rules():
    with raises(UsageError, "need proposing='youths'"):
        deferred_acceptance(*FOUR, proposing="offers", groups={"g": ["a"]})


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 20))
@QUICK
def test_spread_reserve_gives_out_all_within_capacity(capacity, seats):
    from matchmaker.assignment import spread_reserve

    capacity = np.array(capacity)
    if seats > capacity.sum():
        with raises(UsageError, "exceeds"):
            spread_reserve(capacity, seats)
        return
    share = spread_reserve(capacity, seats)
    assert share.sum() == seats
    assert np.all(share <= capacity)
    exact = capacity * seats / max(1, capacity.sum())
    assert np.all(np.abs(share - exact) < 1)
