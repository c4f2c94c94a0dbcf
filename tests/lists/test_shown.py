"""Published offers that are owed a first list: most of them shown, and what that costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.make import make_lists
from matchmaker.settings import Settings
from matchmaker.solvers.duality import value
from matchmaker.solvers.problem import BMatching
from tests.candidates.test_engines import prepared
from tests.oracles.highs import highs

BONUS = 10**8
KINDS = [
    Settings(lines_per_youth=2, lists_per_seat=1, lists_per_firm=1, max_gap=0.0),
    Settings(lines_per_youth=3, other_sector_lines=1, lines_per_employer=1, max_gap=0.0),
    Settings(lines_per_youth=2, competition_costs=(0, 40_000, 90_000), max_gap=0.0),
    Settings(lines_per_youth=1, candidates_per_youth=1, max_gap=0.0),
]


def problem_of(terms, pairs, *, shows: bool) -> BMatching:
    return BMatching(
        indptr=pairs.indptr, column=pairs.offer, weight=pairs.score,
        row_capacity=terms.youth_capacity, column_capacity=terms.offer_capacity,
        first_bonus=np.full(len(terms.youth_capacity), BONUS), convex_costs=terms.convex_costs,
        laminar_caps=terms.laminar_caps, column_bonus=terms.to_show * BONUS if shows else None,
    )  # fmt: skip


@pytest.mark.parametrize("worlds", [12, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.parametrize("settings", KINDS, ids=["scarce", "varied", "costs", "one line"])
def test_the_optimum_over_all_pairs(settings, worlds):
    """HiGHS on all eligible pairs: as many youths, as many offers, the sum within the bound."""
    orphans = 0
    for seed in range(worlds):
        market, scores, engine = prepared(seed, settings, n_youths=12, n_offers=25)
        lists = make_lists(engine, settings)
        proof, terms = lists.proofs["lists"], lists.terms["lists"]
        everything = plain_pairs(market, scores, k=None)
        exact = problem_of(terms, everything, shows=True)
        taken = highs(exact).is_taken
        shown = terms.to_show & (
            np.bincount(everything.offer[taken], minlength=len(terms.to_show)) > 0
        )
        served = len(np.unique(exact.row[taken]))
        assert proof.is_most_served
        assert proof.offers.is_most
        assert (proof.served, proof.offers.shown) == (served, int(shown.sum())), f"world {seed}"
        best = value(exact, taken) - BONUS * (served + int(shown.sum()))
        assert proof.score - proof.costs <= best <= proof.bound
        assert proof.gap < 1e-5
        free = problem_of(terms, everything, shows=False)
        without = value(free, highs(free).is_taken) - BONUS * served
        assert best <= without <= proof.offers.bound_without
        has_pair = np.bincount(everything.offer, minlength=len(terms.to_show)) > 0
        np.testing.assert_array_equal(proof.offers.is_for_nobody, terms.to_show & ~has_pair)
        unshown = terms.to_show & has_pair & (lists.exposure == 0)
        np.testing.assert_array_equal(proof.offers.is_orphan, unshown)
        orphans += int(unshown.sum())
    assert orphans > 0 or worlds < 50  # some worlds have too few lines


def test_turned_off_the_sum_alone_decides():
    settings = KINDS[3]
    off = replace(settings, show_every_offer=False)
    on = []
    for seed in range(10):
        _market, _scores, engine = prepared(seed, settings, n_youths=12, n_offers=25)
        with_aim, without = (make_lists(engine, one).proofs["lists"] for one in (settings, off))
        assert without.offers is None
        assert with_aim.score <= without.score
        assert with_aim.served == without.served
        on.append(without.score - with_aim.score)
    assert max(on) > 0


def test_an_offer_of_an_earlier_wave_is_owed_nothing():
    """The one line that reached nobody leaves its offer to be shown."""
    settings = KINDS[1]
    market, _scores, engine = prepared(3, settings, n_youths=12, n_offers=25)
    first = make_lists(engine, settings)
    lines = pd.DataFrame(
        {
            "youth_id": market.youths["youth_id"].take(first.pairs.youth).array,
            "offer_id": market.offers["offer_id"].take(first.pairs.offer).array,
        }
    )
    lines["state"] = "sent"
    lines.loc[lines["offer_id"] == lines["offer_id"][0], "state"] = "bounced"
    second = make_lists(engine, settings, sent=remembered_lines(lines, market))
    was_shown = first.whole.to_show & (first.exposure > 0)
    bounced = int(first.pairs.offer[0])
    still = second.whole.to_show & was_shown
    assert was_shown.sum() > 1
    assert still.tolist() == ((np.arange(len(still)) == bounced) & was_shown).tolist()


def test_lines_that_are_chosen_first_show_their_offers():
    settings = replace(KINDS[0], lines_per_youth=3)
    _market, _scores, engine = prepared(5, settings, n_youths=12, n_offers=25)
    lists = make_lists(engine, settings, assignment=True)
    shown = np.unique(lists.pairs.offer[lists.is_assigned])
    assert lists.whole.to_show[shown].any()
    assert not lists.terms["lists"].to_show[shown].any()
    assert lists.proofs["lists"].offers.is_most
