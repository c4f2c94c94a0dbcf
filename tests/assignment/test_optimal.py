"""The optimum against brute force, the figures of each method, and what was missed."""

import itertools
import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.assignment import (
    Matching,
    compare_methods,
    cutoffs,
    encode,
    missed_wishes,
    optimal,
    optimal_assignment,
    rank_weights,
)
from matchmaker.errors import CheckError, UsageError
from matchmaker.solvers.cardinality import largest_matching
from matchmaker.solvers.duality import value
from matchmaker.solvers.problem import BMatching, Solution
from tests.assignment import properties
from tests.languages import raises
from tests.oracles.highs import highs


def brute_force(indptr, offer, weight, capacity):
    """(placed, weight) of every feasible assignment."""
    lists = [[None, *range(a, b)] for a, b in itertools.pairwise(indptr)]
    for pairs in itertools.product(*lists):
        used = [p for p in pairs if p is not None]
        if np.all(np.bincount(offer[used], minlength=len(capacity)) <= capacity):
            yield len(used), int(weight[used].sum())


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=60)
def test_optimum_equals_brute_force(seed, has_negative):
    rng = np.random.default_rng(seed)
    n_youths, n_offers = rng.integers(1, 6), rng.integers(1, 5)
    lists = [rng.permutation(n_offers)[: rng.integers(0, n_offers + 1)] for _ in range(n_youths)]
    indptr = np.concatenate(([0], np.cumsum([len(one) for one in lists])))
    offer = np.concatenate(lists).astype(np.int32)
    weight = rng.integers(-20 if has_negative else 1, 100, len(offer))
    capacity = rng.integers(0, 3, n_offers)
    every = list(brute_force(indptr, offer, weight, capacity))

    by_weight = optimal_assignment(indptr, offer, weight, capacity, objective="weight")
    assert by_weight.weight == by_weight.weight_bound == max(w for _, w in every)
    by_number = optimal_assignment(indptr, offer, weight, capacity, objective="placements")
    assert (by_number.placed, by_number.weight) == max(every)
    assert by_number.weight_bound == by_number.weight
    assert by_number.most_placed == by_weight.most_placed == max(every)[0]


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_optimum_equals_the_simplex_on_larger_markets(seed):
    """Up to 60 youths, ties and scarce seats; HiGHS as the oracle."""
    rng = np.random.default_rng(seed)
    n_youths, n_offers = int(rng.integers(2, 60)), int(rng.integers(1, 20))
    lists = [
        np.sort(rng.permutation(n_offers)[: rng.integers(0, n_offers + 1)]) for _ in range(n_youths)
    ]
    indptr = np.concatenate(([0], np.cumsum([len(one) for one in lists])))
    offer = np.concatenate(lists).astype(np.int32)
    weight = rng.integers(1, rng.choice([3, 30, 1000]), len(offer))
    capacity = rng.integers(0, 4, n_offers)
    for objective, bonus in (("weight", 0), ("placements", 100_000)):
        problem = BMatching(
            indptr=indptr,
            column=offer,
            weight=weight.astype(np.int32),
            row_capacity=np.ones(n_youths, dtype=np.int32),
            column_capacity=capacity.astype(np.int32),
            first_bonus=np.full(n_youths, bonus),
        )
        expected = value(problem, highs(problem).is_taken)
        got = optimal_assignment(indptr, offer, weight, capacity, objective=objective)
        assert got.weight + bonus * got.placed == expected
        assert got.weight_bound == got.weight


def test_a_large_market_is_solved_within_the_gap():
    rng = np.random.default_rng(0)
    n_youths, n_offers, length = 3000, 300, 20
    indptr = np.arange(0, n_youths * length + 1, length)
    offer = np.argsort(rng.random((n_youths, n_offers)), axis=1)[:, :length].astype(np.int32)
    weight = rng.integers(300_000, 1_000_000, n_youths * length)
    capacity = np.full(n_offers, 9)
    for objective in ("weight", "placements"):
        got = optimal_assignment(indptr, offer.ravel(), weight, capacity, objective=objective)
        assert got.placed == got.most_placed == 2700
        assert 0 <= got.weight_bound - got.weight <= 1e-5 * got.weight


def small(objective="weight"):
    return optimal_assignment(
        np.array([0, 2, 3]),
        np.array([0, 1, 0], dtype=np.int32),
        np.array([9, 5, 8]),
        np.array([1, 1]),
        objective=objective,
    )


def answering(monkeypatch, is_taken, price):
    def wrong(problem, *, epsilon):
        return Solution(is_taken=np.array(is_taken), price=np.array(price))

    monkeypatch.setattr(optimal, "auction", wrong)


def test_a_wrong_answer_of_the_solver_is_refused(monkeypatch):
    answering(monkeypatch, [False, False, False], [4, 0])
    with raises(CheckError, "13 below what its prices prove, and 0 at most"):
        small()
    answering(monkeypatch, [True, False, True], [4, 0])
    with raises(CheckError, "a capacity is exceeded"):
        small()
    answering(monkeypatch, [False, True, True], [-4, 0])
    with raises(CheckError, "a price is negative"):
        small()


def test_a_wrong_maximum_is_refused(monkeypatch):
    def wrong(*edges, **limits):
        found = largest_matching(*edges, **limits)
        return replace(found, held=np.full_like(found.held, -1))

    monkeypatch.setattr(optimal, "largest_matching", wrong)
    with raises(CheckError, "0 found, but the proof allows 2"):
        small()


def test_weights_out_of_bounds_are_refused():
    with raises(UsageError, "weights must be below"):
        optimal_assignment(
            np.array([0, 1]),
            np.array([0], dtype=np.int32),
            np.array([2**30]),
            np.array([1]),
            objective="weight",
        )


SCARCE = (
    {"a": ["o", "p"], "b": ["o"], "c": ["o", "p"], "d": ["z"]},
    {"o": ["a", "c", "b"], "p": [["a", "c"]]},
    {"o": 1, "p": 1, "z": 0},
)


def test_methods_side_by_side():
    market = encode(*SCARCE, seed=0)
    figures = {
        name: one
        for name, (_, one) in compare_methods(
            market.preferences, rank_weights(market.preferences)
        ).items()
    }
    assert figures["stable"].placed == figures["best"].placed == figures["most"].placed == 2
    assert figures["stable"].blocking_pairs == 0
    assert figures["stable"].first == 1
    assert figures["stable"].mean_rank == 1.5
    assert figures["best"].weight >= figures["stable"].weight
    empty = encode({}, {}, {}, seed=0)
    for _, one in compare_methods(empty.preferences, rank_weights(empty.preferences)).values():
        assert (one.placed, one.mean_rank) == (0, None)


def test_cutoffs_and_wishes_missed_for_every_reason():
    market = encode(
        {"a": ["o"], "b": ["o"], "c": ["t"], "d": ["t"], "e": ["z"], "f": ["p"], "g": []},
        {"o": ["a", "b"], "p": ["f"]},
        {"o": 1, "p": 1, "t": 1, "z": 0},
        seed=0,
    )
    p = market.preferences
    stable = compare_methods(p, rank_weights(p))["stable"][0]
    pair, why = missed_wishes(p, stable)
    by_youth = dict(zip(market.youth_ids, why, strict=True))
    assert by_youth["b"] == "lower_priority"
    assert sorted((by_youth["c"], by_youth["d"])) == ["", "lottery"]
    assert (by_youth["e"], by_youth["g"], by_youth["f"]) == ("no_seat", "no_list", "")
    youth = p.youth()
    last = {
        o: market.youth_ids[youth[q]]
        for o, q in zip(market.offer_ids, cutoffs(p, stable).tolist(), strict=True)
        if q >= 0
    }
    assert last["o"] == "a"
    assert set(last) == {"o", "p", "t"}
    other = Matching(pair=np.array([-1, 1, 2, -1, -1, -1, -1]), seat=stable.seat)
    why = missed_wishes(p, other)[1]
    assert why[0] == "given_to_lower"
    assert why[5] == "seat_left_empty"
    assert pair[6] == -1


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_cutoffs_say_who_is_refused(seed):
    market = properties.short_market(random.Random(seed).randint, strict=False, n_youths=8)
    coded = encode(*market, seed=1)
    p = coded.preferences
    matching = compare_methods(p, rank_weights(p))["stable"][0]
    last = cutoffs(p, matching)
    for y in range(len(coded.youth_ids)):
        own = matching.pair[y]
        for q in range(p.indptr[y], own if own >= 0 else p.indptr[y + 1]):
            end = last[p.offer[q]]
            if p.capacity[p.offer[q]]:
                ahead = int(np.flatnonzero(matching.pair == end)[0])
                assert (-p.priority[q], p.youth_hash[y]) > (-p.priority[end], p.youth_hash[ahead])
