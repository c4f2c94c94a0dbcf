"""The order of call: rates hold on every prefix, and no more is moved than they ask."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.assignment import call_order
from matchmaker.errors import InputError
from tests.languages import raises

rankings = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30).map(
    lambda kinds: [(f"c{i}", *kind) for i, kind in enumerate(kinds)]
)
rates = st.integers(0, 100)


@given(rankings, rates, rates)
def test_rates_hold_on_every_prefix_or_the_kind_is_used_up(ranking, boursiers, residents):
    called = call_order(ranking, quota_boursiers=boursiers, quota_residents=residents)
    assert sorted(called) == sorted(one for one, _, _ in ranking)
    kind = {one: (b, r) for one, b, r in ranking}
    total = [sum(kind[one][i] for one in called) for i in (0, 1)]
    for k in range(1, len(called) + 1):
        count = [sum(kind[one][i] for one in called[:k]) for i in (0, 1)]
        assert 100 * count[0] >= boursiers * k or count[0] == total[0]
        # The boursier rate prevails by law; alone, the resident rate holds likewise.
        assert boursiers > 0 or 100 * count[1] >= residents * k or count[1] == total[1]


@given(rankings, rates, rates)
def test_boursier_residents_are_never_overtaken_and_kinds_keep_their_order(ranking, b, r):
    called = call_order(ranking, quota_boursiers=b, quota_residents=r)
    place = {one: i for i, one in enumerate(called)}
    for (x, xb, xr), (y, yb, yr) in itertools.combinations(ranking, 2):
        if (xb, xr) in {(yb, yr), (True, True)}:
            assert place[x] < place[y]


@given(rankings)
def test_no_rates_no_change(ranking):
    called = call_order(ranking, quota_boursiers=0, quota_residents=0)
    assert called == [one for one, _, _ in ranking]


def inversions(order):
    return sum(a > b for a, b in itertools.combinations(order, 2))


def holds(ranking, order, rate):
    seen, total = 0, sum(b for _, b, _ in ranking)
    for k, i in enumerate(order, start=1):
        seen += ranking[i][1]
        if 100 * seen < rate * k and seen < total:
            return False
    return True


def is_best_for_one_rate(ranking, called, rate):
    order = [int(one[1:]) for one in called]
    every = itertools.permutations(range(len(ranking)))
    fewest = min(inversions(one) for one in every if holds(ranking, one, rate))
    return holds(ranking, order, rate) and inversions(order) == fewest


@given(rankings.filter(lambda ranking: len(ranking) <= 6), rates)
def test_one_rate_makes_the_fewest_inversions(ranking, rate):
    called = call_order(ranking, quota_boursiers=rate, quota_residents=0)
    assert is_best_for_one_rate(ranking, called, rate)


def literally(ranking, q_boursiers, q_residents, binds):
    """The rule as the specification words it, in O(n^2); `binds` is what mutants change."""
    left, called = list(ranking), []
    while left:
        k = len(called) + 1
        b, r = (sum(one[i] for one in called) for i in (1, 2))
        b_binds = any(one[1] for one in left) and binds(b, q_boursiers, k)
        r_binds = any(one[2] for one in left) and binds(r, q_residents, k)
        order = [lambda _: True]
        if b_binds and r_binds:
            order = [lambda one: one[1] and one[2], lambda one: one[1], lambda one: one[2], *order]
        elif b_binds or r_binds:
            order = [lambda one, i=1 if b_binds else 2: one[i], *order]
        best = next(one for wanted in order for one in left if wanted(one))
        left.remove(best)
        called.append(best)
    return [one for one, _, _ in called]


@given(rankings, rates, rates)
def test_the_queues_do_what_the_specification_says(ranking, b, r):
    expected = literally(ranking, b, r, lambda count, quota, k: 100 * count < quota * k)
    assert call_order(ranking, quota_boursiers=b, quota_residents=r) == expected


@pytest.mark.parametrize(
    "binds",
    [
        pytest.param(lambda count, quota, k: 100 * count <= quota * k, id="or_equal"),
        pytest.param(lambda count, quota, k: 100 * count < quota * (k - 1), id="one_late"),
        pytest.param(lambda count, quota, k: 100 * count < quota * (k + 1), id="one_early"),
        pytest.param(lambda count, quota, k: count < round(quota * k / 100), id="rounded"),
    ],
)
def test_mutants_of_the_rule_are_caught(binds):
    caught = [
        (kinds, rate)
        for kinds in itertools.product([False, True], repeat=5)
        for rate in (0, 20, 25, 50, 75, 100)
        for ranking in [[(f"c{i}", kind, False) for i, kind in enumerate(kinds)]]
        if not is_best_for_one_rate(ranking, literally(ranking, rate, 0, binds), rate)
    ]
    assert caught


@pytest.mark.parametrize("quota", [-1, 101, 12.5, True])
def test_rates_that_cannot_be_are_named(quota):
    with raises(InputError, f"column 'quota_boursiers': '{quota}' is not"):
        call_order([], quota_boursiers=quota, quota_residents=0)


def test_an_id_twice_is_named():
    with raises(InputError, "ranking, line 2: 'a' stands twice"):
        call_order([("a", True, True)] * 2, quota_boursiers=0, quota_residents=0)
