"""What an admission mechanism promises, as functions of any solver and any market.

A solver maps (youths' lists, offers' lists, capacities) to a dict of placed youths; lists
are lists of tiers.  `test_properties` holds ours to all of them, `test_wrong_mechanisms` shows that
each wrong solver breaks at least one.
"""

from __future__ import annotations

import copy
import itertools
import random
from typing import NamedTuple

NONE = 10**6  # rank of "not placed"


class Market(NamedTuple):
    youths: dict[str, list[list[str]]]
    offers: dict[str, list[list[str]]]
    capacities: dict[str, int]


def rank(tiers, wanted):
    return next((i for i, tier in enumerate(tiers) if wanted in tier), NONE)


def each_blocking(market, by_youth):
    """Blocking pairs one by one, straight from the definition; ties as written."""
    for y, tiers in market.youths.items():
        own = rank(tiers, by_youth.get(y))
        for o in itertools.chain.from_iterable(tiers[:own]):
            mine = rank(market.offers[o], y)
            if mine == NONE:
                continue
            held = [rank(market.offers[o], z) for z, got in by_youth.items() if got == o]
            if len(held) < market.capacities[o] or any(mine < theirs for theirs in held):
                yield y, o


def blocking(market, by_youth):
    return list(each_blocking(market, by_youth))


def blocks(market, by_youth):
    return next(each_blocking(market, by_youth), None) is not None


def is_feasible(market, by_youth):
    return all(
        rank(market.youths[y], o) < NONE and rank(market.offers[o], y) < NONE
        for y, o in by_youth.items()
    ) and all(
        sum(got == o for got in by_youth.values()) <= seats
        for o, seats in market.capacities.items()
    )


def within_capacity(market, ids):
    """Every matching of the youths `ids` whose pairs are on both lists."""
    if not ids:
        yield {}
        return
    last = ids[-1]
    options = [o for tier in market.youths[last] for o in tier]
    options = [o for o in options if rank(market.offers[o], last) < NONE]
    for by_youth in within_capacity(market, ids[:-1]):
        yield by_youth
        for o in options:
            if sum(got == o for got in by_youth.values()) < market.capacities[o]:
                yield {**by_youth, last: o}


def all_stable(market):
    """Every stable matching by brute force, for strict markets of up to 5 x 4."""
    every = within_capacity(market, list(market.youths))
    return [by_youth for by_youth in every if not blocks(market, by_youth)]


def is_small(market):
    return len(market.youths) <= 5 and len(market.offers) <= 5


def feasible(solve, market):
    assert is_feasible(market, solve(*market))


def no_blocking_pair(solve, market):
    assert blocking(market, solve(*market)) == []


def no_wasted_seat(solve, market):
    by_youth = solve(*market)
    for y, tiers in market.youths.items():
        for o in itertools.chain.from_iterable(tiers):
            if rank(tiers, o) < rank(tiers, by_youth.get(y)) and rank(market.offers[o], y) < NONE:
                taken = sum(got == o for got in by_youth.values())
                assert taken == market.capacities[o]


def best_for_youths(solve, market):
    """Strict, small: each youth gets the best they get in any stable matching."""
    if is_small(market):
        by_youth = solve(*market)
        stable = all_stable(market)
        for y, tiers in market.youths.items():
            best = min(rank(tiers, one.get(y)) for one in stable)
            assert rank(tiers, by_youth.get(y)) == best


def rural_hospitals(solve, market):
    """Strict, small: who is placed, and where seats stay free, is the same everywhere."""
    if is_small(market):
        by_youth = solve(*market)
        for one in all_stable(market):
            assert set(one) == set(by_youth)
            for o, seats in market.capacities.items():
                ours = {y for y, got in by_youth.items() if got == o}
                theirs = {y for y, got in one.items() if got == o}
                assert len(ours) == len(theirs)
                assert ours == theirs or len(ours) == seats


def truthful(solve, market):
    """No youth gains by reordering or cutting their list."""
    honest = solve(*market)
    for y, tiers in market.youths.items():
        flat = list(itertools.chain.from_iterable(tiers))
        for length in range(len(flat) + 1):
            for lie in itertools.islice(itertools.permutations(flat, length), 12):
                got = solve({**market.youths, y: [[o] for o in lie]}, *market[1:])
                assert rank(tiers, got.get(y)) >= rank(tiers, honest.get(y))


def more_seats_hurt_no_youth(solve, market):
    before = solve(*market)
    for o, seats in market.capacities.items():
        after = solve(*market[:2], {**market.capacities, o: seats + 1})
        for y, tiers in market.youths.items():
            assert rank(tiers, after.get(y)) <= rank(tiers, before.get(y))


def more_youths_help_no_youth(solve, market):
    after = solve(*market)
    for gone in market.youths:
        youths = {y: tiers for y, tiers in market.youths.items() if y != gone}
        offers = {o: [[y for y in t if y != gone] for t in ts] for o, ts in market.offers.items()}
        before = solve(youths, {o: [t for t in ts if t] for o, ts in offers.items()}, market[2])
        for y, tiers in youths.items():
            assert rank(tiers, before.get(y)) <= rank(tiers, after.get(y))


def higher_priority_never_hurts(solve, market):
    before = solve(*market)
    for o, ranking in market.offers.items():
        for place in range(1, len(ranking)):
            for y in ranking[place]:
                rest = [[z for z in t if z != y] for t in ranking]
                raised = [*rest[: place - 1], [y], *rest[place - 1 :]]
                offers = {**market.offers, o: [t for t in raised if t]}
                after = solve(market.youths, offers, market.capacities)
                tiers = market.youths[y]
                assert rank(tiers, after.get(y)) <= rank(tiers, before.get(y))


def order_of_input_is_nothing(solve, market):
    expected = solve(*market)
    shuffle = random.Random(1)

    def shuffled(table):
        items = list(table.items())
        shuffle.shuffle(items)
        return {
            k: [shuffle.sample(t, len(t)) for t in v] if isinstance(v, list) else v
            for k, v in items
        }

    assert solve(*map(shuffled, market)) == expected


def labels_are_nothing(solve, market):
    """Strict: the names of youths and offers, reversed, change nothing."""
    new = {}
    for ids in (market.youths, market.offers):
        new.update(zip(ids, reversed([f"new {one}" for one in ids]), strict=True))
    youths = {new[y]: [[new[o] for o in t] for t in ts] for y, ts in market.youths.items()}
    offers = {new[o]: [[new[y] for y in t] for t in ts] for o, ts in market.offers.items()}
    seats = {new[o]: n for o, n in market.capacities.items()}
    expected = {new[y]: new[o] for y, o in solve(*market).items()}
    assert solve(youths, offers, seats) == expected


def inputs_are_left_alone(solve, market):
    before = copy.deepcopy(market)
    assert solve(*market) == solve(*market)
    assert market == before


def wishes_below_the_match_are_nothing(solve, market):
    expected = solve(*market)
    cut = {
        y: tiers[: rank(tiers, expected[y]) + 1] if y in expected else tiers
        for y, tiers in market.youths.items()
    }
    assert solve(cut, *market[1:]) == expected


def withdrawn_offers_move_their_component_only(solve, market):
    """A withdrawn offer touches only youths linked to it by a chain of wishes."""
    before = solve(*market)
    for gone in market.offers:
        linked = {gone}
        while True:
            near = {
                y
                for y, ts in market.youths.items()
                if linked & set(itertools.chain.from_iterable(ts))
            }
            wider = linked | {
                o for y in near for o in itertools.chain.from_iterable(market.youths[y])
            }
            if wider == linked:
                break
            linked = wider
        after = solve(*market[:2], {**market.capacities, gone: 0})
        for y in set(market.youths) - near:
            assert after.get(y) == before.get(y)


ALL = (
    feasible,
    no_blocking_pair,
    no_wasted_seat,
    truthful,
    more_seats_hurt_no_youth,
    more_youths_help_no_youth,
    higher_priority_never_hurts,
    order_of_input_is_nothing,
    inputs_are_left_alone,
    wishes_below_the_match_are_nothing,
    withdrawn_offers_move_their_component_only,
)
STRICT = (best_for_youths, rural_hospitals, labels_are_nothing)


def short_market(draw, *, strict, n_youths=6, n_offers=4):
    """Short lists, some offers without seats, youths whom an offer does not accept."""
    names_o = [f"o{i}" for i in range(draw(1, n_offers))]
    names_y = [f"y{i}" for i in range(draw(1, n_youths))]

    def tiers(ids):
        kept = sorted(ids, key=lambda _: draw(0, 10**6))[: draw(0, min(len(ids), 4))]
        out = []
        for one in kept:
            if out and not strict and draw(0, 2) == 0:
                out[-1].append(one)
            else:
                out.append([one])
        return out

    youths = {y: tiers(names_o) for y in names_y}
    offers = {}
    for o in names_o:
        fans = [y for y in names_y if rank(youths[y], o) < NONE]
        ranked = sorted(fans, key=lambda _: draw(0, 10**6))
        out = []
        for y in ranked[: max(0, len(ranked) - (draw(0, 4) == 0))]:
            if out and not strict and draw(0, 1) == 0:
                out[-1].append(y)
            else:
                out.append([y])
        offers[o] = out
    return Market(youths, offers, {o: draw(0, 3) for o in names_o})


def dense_market(draw, *, n=5):
    """Complete strict lists, one seat each: here the two sides' best matchings differ."""
    n = draw(3, n)

    def lists(owners, ids):
        return {one: [[x] for x in sorted(ids, key=lambda _: draw(0, 10**6))] for one in owners}

    names_y, names_o = [f"y{i}" for i in range(n)], [f"o{i}" for i in range(n)]
    return Market(lists(names_y, names_o), lists(names_o, names_y), dict.fromkeys(names_o, 1))
