"""Sharing out against the exact optimum over all eligible pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.exposure import exposure_caps
from matchmaker.lists.make import make_lists
from matchmaker.lists.share import Effort, share_out
from matchmaker.lists.terms import Terms
from matchmaker.settings import Settings
from matchmaker.solvers.duality import value
from matchmaker.solvers.problem import BMatching
from tests.candidates.test_engines import prepared
from tests.oracles.highs import highs


def most_served(pairs, n_youths, caps) -> int:
    """The maximum flow with one unit a youth, by another library's solver."""
    n_offers = len(caps)
    source, sink = n_youths + n_offers, n_youths + n_offers + 1
    rows = np.concatenate([np.full(n_youths, source), pairs.youth, n_youths + np.arange(n_offers)])
    columns = np.concatenate([np.arange(n_youths), n_youths + pairs.offer, np.full(n_offers, sink)])
    capacity = np.concatenate([np.ones(n_youths), np.ones(len(pairs)), caps]).astype(np.int32)
    graph = csr_array((capacity, (rows, columns)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph.tocsr(), source, sink).flow_value)


def terms_of(market, k, caps, **more) -> Terms:
    nothing = np.zeros(0, dtype=np.int32)
    fields = {
        "youth_capacity": np.where(market.takes_part, k, 0).astype(np.int32),
        "offer_capacity": caps,
        "excluded": Excluded.of(nothing, nothing, len(caps)),
        "is_fixed": np.zeros(len(market.youth_hash), dtype=bool),
    }
    return Terms(**{**fields, **more})


def share(prep, k, caps, candidates, gap=0.0, **more):
    market, _scores, engine = prep
    terms = terms_of(market, k, caps, **more)
    return terms.youth_capacity, share_out(
        engine, terms, Effort(candidates=candidates, max_gap=gap)
    )


@given(
    seed=st.integers(0, 10**6), k=st.integers(1, 4), cap=st.integers(1, 3),
    candidates=st.sampled_from([1, 3, 50]),
)  # fmt: skip
def test_most_are_served_and_then_the_sum_is_the_optimum(seed, k, cap, candidates):
    """From however few candidates the rounds begin, they end at the optimum of all pairs."""
    prep = prepared(seed, Settings(), n_youths=30, n_offers=40)
    market, scores, _ = prep
    caps = np.where(market.is_open, cap, 0).astype(np.int32)
    rows, shared = share(prep, k, caps, candidates)
    everything = plain_pairs(market, scores, k=None)
    assert shared.proof.is_most_served
    assert shared.proof.served == most_served(everything, len(rows), caps)
    exact = BMatching(
        indptr=everything.indptr, column=everything.offer, weight=everything.score,
        row_capacity=rows, column_capacity=caps,
        first_bonus=np.full(len(rows), 10**7),
    )  # fmt: skip
    best = value(exact, highs(exact).is_taken) - 10**7 * shared.proof.served
    assert shared.proof.score <= best <= shared.proof.bound
    assert shared.proof.gap < 1e-5


@pytest.mark.parametrize("serve_first", [True, False])
def test_serving_first_costs_score_and_never_youths(serve_first):
    prep = prepared(4, Settings(), n_youths=120, n_offers=60)
    caps = np.where(prep[0].is_open, 1, 0).astype(np.int32)
    _, shared = share(prep, 3, caps, 50, serve_first=serve_first)
    _, other = share(prep, 3, caps, 50, serve_first=not serve_first)
    first, second = (shared, other) if serve_first else (other, shared)
    assert first.proof.served > second.proof.served
    assert first.proof.score < second.proof.score


@given(seed=st.integers(0, 10**6))
def test_assignment_pairs_are_lines_and_caps_hold(seed):
    settings = Settings(lines_per_youth=3, lists_per_seat=2, lists_per_firm=1)
    market, _scores, engine = prepared(seed, settings, n_youths=40, n_offers=60)
    lists = make_lists(engine, settings, assignment=True)
    pairs = lists.pairs
    assert np.bincount(pairs.youth, minlength=1).max(initial=0) <= 3
    assert (
        np.bincount(pairs.offer, minlength=len(market.offer_hash))
        <= exposure_caps(market, settings)
    ).all()
    assigned = pairs.youth[lists.is_assigned]
    assert len(np.unique(assigned)) == len(assigned) == lists.proofs["assignment"].served
    assert lists.proofs["assignment"].is_most_served


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("gap", [0.0, 0.01])
def test_a_bonus_that_is_too_small_is_raised_until_the_proof(k, gap):
    prep = prepared(61, Settings(), n_youths=150, n_offers=60)
    market, scores, engine = prep
    caps = np.where(market.is_open, 1, 0).astype(np.int32)
    shared = share_out(
        engine, terms_of(market, k, caps),
        Effort(candidates=2, max_gap=gap, first_bonus=1),
    )  # fmt: skip
    every = plain_pairs(market, scores, k=None)
    assert shared.proof.is_most_served
    assert shared.proof.served == most_served(every, len(market.youth_hash), caps)
    assert shared.proof.rounds[0].served < shared.proof.served
    assert shared.proof.gap <= max(gap, 1e-5)  # whole prices: a unit a line may be left


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_a_run_cut_short_proves_nothing_of_the_most(monkeypatch, rounds):
    """Even where the pairs at hand allow no more, those that were not asked for might."""
    monkeypatch.setattr("matchmaker.lists.rounds.MAX_ROUNDS", rounds)
    prep = prepared(2, Settings(), n_youths=300, n_offers=400)
    caps = np.where(prep[0].is_open, 1, 0).astype(np.int32)
    _, shared = share(prep, 2, caps, 1)
    assert len(shared.proof.rounds) == rounds
    assert not shared.proof.is_most_served
    assert shared.proof.bound >= shared.proof.score


def test_a_looser_gap_is_reached_and_said():
    prep = prepared(9, Settings(), n_youths=150, n_offers=120)
    caps = np.where(prep[0].is_open, 2, 0).astype(np.int32)
    _, shared = share(prep, 4, caps, 50, gap=0.05)
    assert 0 <= shared.proof.gap <= 0.05


def test_scores_do_not_depend_on_the_prices_of_a_round():
    """Pairs fetched at prices carry their plain score."""
    prep = prepared(2, Settings(), n_youths=300, n_offers=400)
    caps = np.where(prep[0].is_open, 1, 0).astype(np.int32)
    _, shared = share(prep, 2, caps, 1)
    market, scores, _ = prep
    true = plain_pairs(market, scores, k=None)
    key = true.youth.astype(np.int64) * len(caps) + true.offer
    mine = shared.pairs.youth.astype(np.int64) * len(caps) + shared.pairs.offer
    assert len(shared.proof.rounds) > 1
    np.testing.assert_array_equal(shared.pairs.score, true.score[np.searchsorted(key, mine)])
    assert shared.proof.score == int(shared.pairs.score.sum())
