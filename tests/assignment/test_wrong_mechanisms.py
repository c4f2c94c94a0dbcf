"""Wrong mechanisms, kept on purpose: each breaks at least one property (run with -s)."""
# ruff: noqa: T201 - the counts are for who runs this with -s

import itertools
import random

import pytest

from matchmaker.assignment import (
    deferred_acceptance,
    encode,
    optimal_assignment,
    rank_weights,
)
from tests.assignment import properties


def ours(youths, offers, capacities):
    return deferred_acceptance(youths, offers, capacities).by_youth


def offer_proposing(youths, offers, capacities):
    return deferred_acceptance(youths, offers, capacities, proposing="offers").by_youth


def boston(youths, offers, capacities):
    """Immediate acceptance: who asks first keeps the seat."""
    by_youth, room = {}, dict(capacities)
    for turn in range(5):
        asked = {}
        for y, tiers in sorted(youths.items()):
            if y not in by_youth and turn < len(tiers):
                asked.setdefault(tiers[turn][0], []).append(y)
        for o, who in asked.items():
            fans = [y for y in who if properties.rank(offers[o], y) < properties.NONE]
            fans.sort(key=lambda y, o=o: properties.rank(offers[o], y))
            for y in fans[: room[o]]:
                by_youth[y] = o
                room[o] -= 1
    return by_youth


def bare_assignment_on_ranks(youths, offers, capacities):
    market = encode(youths, offers, capacities, seed=0)
    p = market.preferences
    best = optimal_assignment(
        p.indptr, p.offer, rank_weights(p), p.capacity, objective="placements"
    )
    return {
        market.youth_ids[y]: market.offer_ids[p.offer[pair]]
        for y, pair in enumerate(best.pair.tolist())
        if pair >= 0
    }


def one_seat_too_many(youths, offers, capacities):
    return ours(youths, offers, {o: n + 1 for o, n in capacities.items()})


def one_seat_too_few(youths, offers, capacities):
    return ours(youths, offers, {o: max(0, n - 1) for o, n in capacities.items()})


def ties_by_order_of_rows(youths, offers, capacities):
    """Breaks ties by the position in the file instead of the lottery."""

    def flat(table):
        return {k: [[one] for one in itertools.chain.from_iterable(v)] for k, v in table.items()}

    return ours(flat(youths), flat(offers), capacities)


def markets():
    source = random.Random(7)
    for _ in range(12):
        yield True, properties.dense_market(source.randint, n=4)
        yield True, properties.short_market(source.randint, strict=True)
        yield False, properties.short_market(source.randint, strict=False)


def broken_by(solve):
    broken = set()
    for is_strict, market in markets():
        for holds in properties.ALL + (properties.STRICT if is_strict else ()):
            if holds.__name__ not in broken:
                try:
                    holds(solve, market)
                except AssertionError:
                    broken.add(holds.__name__)
    return broken


MUTANTS = {
    offer_proposing: "best_for_youths",
    boston: "no_blocking_pair",
    bare_assignment_on_ranks: "no_blocking_pair",
    one_seat_too_many: "feasible",
    one_seat_too_few: "no_wasted_seat",
    ties_by_order_of_rows: "order_of_input_is_nothing",
}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.__name__)
def test_mutant_is_caught(mutant):
    broken = broken_by(mutant)
    print(f"\n{mutant.__name__}: breaks {', '.join(sorted(broken))}")
    assert MUTANTS[mutant] in broken


def test_ours_is_not_caught():
    assert broken_by(ours) == set()


def test_random_markets_tell_the_sides_apart():
    differing = sum(ours(*m) != offer_proposing(*m) for is_strict, m in markets() if is_strict)
    assert differing >= 3
