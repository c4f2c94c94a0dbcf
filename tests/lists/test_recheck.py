"""Bounds of youths by the plain engine; lists of small worlds, all their youths."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.plain import plain_pairs
from matchmaker.errors import CheckError
from matchmaker.lists.lines import make_lists
from matchmaker.lists.recheck import best_lines, recheck
from matchmaker.lists.waves import sent_pairs
from matchmaker.settings import Settings
from matchmaker.solvers.problem import Nested
from tests.candidates.test_engines import prepared

KINDS = {
    "plain": (Settings(lines_per_youth=4, lists_per_seat=2, lists_per_firm=1), False),
    "varied": (
        Settings(
            lines_per_youth=3, lists_per_seat=1, lists_per_firm=1, other_sector_lines=2,
            lines_per_employer=1,
        ),
        False,
    ),
    "fair": (Settings(lines_per_youth=2, lists_per_seat=1, objective="fair"), False),
    "assigned": (Settings(lines_per_youth=3, lists_per_seat=1, lists_per_firm=1), True),
    "costly": (
        Settings(lines_per_youth=3, lists_per_seat=3, competition_costs=(0, 90_000)), True
    ),
}  # fmt: skip


def shared_out(seed, kind, *, n_youths=40, n_offers=60, waves=True):
    settings, assignment = KINDS[kind]
    market, scores, index = prepared(seed, settings, n_youths=n_youths, n_offers=n_offers)
    sent = None
    if waves:
        every = plain_pairs(market, scores, k=3)
        gone = np.random.default_rng(seed).random(len(every)) < 0.3
        sent = sent_pairs(
            pd.DataFrame({
                "youth_id": market.youths["youth_id"].take(every.youth[gone]).array,
                "offer_id": market.offers["offer_id"].take(every.offer[gone]).array,
            }),
            market,
        )  # fmt: skip
    lists = make_lists(market, scores, index, settings, assignment=assignment, sent=sent)
    return market, scores, lists


def again(world, size=1000, **changed):
    market, scores, lists = world
    parts = {"lines": lists.pairs, "terms": lists.terms, "certificates": lists.certificates}
    return recheck(market, scores, size=size, **{**parts, **changed})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("waves", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_all_bounds_of_small_worlds_hold(seed, kind, waves):
    world = shared_out(seed, kind, waves=waves)
    assert again(world) == int((world[0].youth_state == 0).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_that_is_too_low_is_refused(kind):
    """By one, and that of a single youth whose bound is what the youth can truly do."""
    world = shared_out(7, kind)
    refused = 0
    for name, certificate in world[2].certificates.items():
        for youth in np.flatnonzero(certificate.youth_bound > 0):
            bound = certificate.youth_bound.copy()
            bound[youth] -= 1
            changed = {name: replace(certificate, youth_bound=bound)}
            try:
                again(world, certificates=changed)
            except CheckError as error:
                assert f"the proof '{name}': 1 of" in str(error)  # noqa: PT017 - some may pass
                refused += 1
    every = sum(int((c.youth_bound > 0).sum()) for c in world[2].certificates.values())
    assert refused >= 0.9 * every  # bounds may be loose only where sectors are capped


def test_a_price_that_is_too_low_is_refused():
    world = shared_out(3, "plain")
    certificate = world[2].certificates["lists"]
    assert certificate.price.max() > 0
    cheaper = replace(certificate, price=np.maximum(certificate.price - 1, 0))
    with pytest.raises(CheckError, match="could do better at its prices"):
        again(world, certificates={"lists": cheaper})


@pytest.mark.parametrize("what", ["score", "offer"])
def test_a_line_that_is_no_eligible_pair_is_refused(what):
    world = shared_out(5, "plain")
    pairs = world[2].pairs
    column = getattr(pairs, what).copy()
    column[2] = column[2] + 1 if what == "score" else len(world[0].offer_hash) - 1
    with pytest.raises(CheckError, match="1 lines of"):
        again(world, lines=replace(pairs, **{what: column}))


def test_the_sample_is_the_same_whatever_the_rows():
    world = shared_out(1, "plain")
    assert again(world, size=5) == 5


@given(
    nets=st.lists(st.integers(-5, 9), max_size=7), most=st.integers(0, 4), bonus=st.integers(0, 6),
    outer_cap=st.integers(1, 3), inner_cap=st.integers(1, 2), data=st.data(),
)  # fmt: skip
def test_best_lines_against_all_choices(nets, most, bonus, outer_cap, inner_cap, data):
    nets.sort(reverse=True)
    n = len(nets)
    draw = st.lists(st.integers(0, 1), min_size=n, max_size=n)
    outer = np.array(data.draw(draw), dtype=np.int32)
    inner = outer * 2 + np.array(data.draw(draw), dtype=np.int32)
    held = data.draw(st.integers(-1, 1))
    nested = Nested(
        outer=outer, inner=inner, outer_cap=outer_cap, inner_cap=inner_cap,
        held_outer=np.array([held], dtype=np.int32),
        held_inner=np.array([held * 2 if held >= 0 else -1], dtype=np.int32),
    )  # fmt: skip

    def fits(chosen):
        sectors = [*outer[list(chosen)].tolist(), *([held] if held >= 0 else [])]
        employers = [*inner[list(chosen)].tolist(), *([held * 2] if held >= 0 else [])]
        return all(sectors.count(s) <= outer_cap for s in sectors) and all(
            employers.count(e) <= inner_cap for e in employers
        )

    best = max(
        sum(nets[i] for i in chosen) + (bonus if chosen else 0)
        for size in range(min(most, n) + 1)
        for chosen in itertools.combinations(range(n), size)
        if not chosen or fits(chosen)
    )
    found = best_lines(
        zip(nets, range(n), strict=True), youth=0, most=most, bonus=bonus, nested=nested
    )
    assert found == best
