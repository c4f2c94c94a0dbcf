"""What lists may be asked for: variety, fair first lines, waves, competition, an assignment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.groups import sectors_and_employers
from matchmaker.candidates.plain import plain_pairs
from matchmaker.errors import UsageError
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.exposure import exposure_caps, variety_caps
from matchmaker.lists.make import make_lists
from matchmaker.lists.share import Effort, share_out
from matchmaker.settings import Settings
from matchmaker.solvers.duality import value
from matchmaker.solvers.problem import BMatching, ConvexCosts, LaminarCaps
from tests.candidates.test_engines import prepared
from tests.lists.test_share import terms_of
from tests.oracles.highs import highs

SEEDS = st.integers(0, 10**6)
BONUS = 10**7


@given(
    seed=SEEDS, k=st.integers(1, 5), cap=st.integers(1, 3), outer_cap=st.integers(1, 4),
    inner_cap=st.integers(1, 2), candidates=st.sampled_from([1, 50]),
)  # fmt: skip
def test_all_terms_at_once_reach_the_optimum_of_all_pairs(
    seed, k, cap, outer_cap, inner_cap, candidates
):
    """Groups, costs of units, pairs left out and fixed lines, against a linear program."""
    prep = prepared(seed, Settings(), n_youths=25, n_offers=60)
    market, scores, _ = prep
    rng = np.random.default_rng(seed)
    n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
    everything = plain_pairs(market, scores, k=None)
    gone = rng.random(len(everything)) < 0.2
    outer = rng.integers(0, 3, n_offers).astype(np.int32)
    inner = (outer * 4 + rng.integers(0, 4, n_offers)).astype(np.int32)
    is_fixed = rng.random(n_youths) < 0.2
    held = np.where(is_fixed, rng.integers(0, 3, n_youths), -1).astype(np.int32)
    terms = terms_of(
        market, k, np.where(market.is_open, cap, 0).astype(np.int32),
        excluded=Excluded.of(everything.youth[gone], everything.offer[gone], n_offers),
        is_fixed=is_fixed,
        laminar_caps=LaminarCaps(
            outer=outer, inner=inner, outer_cap=outer_cap, inner_cap=inner_cap,
            held_outer=held, held_inner=np.where(held >= 0, held * 4, -1).astype(np.int32),
        ),
        convex_costs=ConvexCosts(
            cost=np.array([0, 90_000, 400_000]), width=np.ones(n_offers, dtype=np.int32),
            used=rng.integers(0, 2, n_offers).astype(np.int32),
        ),
    )  # fmt: skip
    shared = share_out(prep[2], terms, Effort(candidates=candidates, max_gap=0.0))
    allowed = terms.excluded.without(everything)
    exact = BMatching(
        indptr=allowed.indptr, column=allowed.offer, weight=allowed.score,
        row_capacity=terms.youth_capacity, column_capacity=terms.offer_capacity,
        first_bonus=np.where(is_fixed, 0, BONUS), laminar_caps=terms.laminar_caps,
        convex_costs=terms.convex_costs,
    )  # fmt: skip
    taken = highs(exact).is_taken
    served = int(((np.bincount(allowed.youth[taken], minlength=n_youths) > 0) | is_fixed).sum())
    best = value(exact, taken) - BONUS * (served - int(is_fixed.sum()))
    reached = shared.proof.score - shared.proof.costs
    assert shared.proof.served == served
    assert reached <= best <= shared.proof.bound
    assert shared.proof.bound - reached <= max(1e-5 * abs(best), k * n_youths)
    assert not terms.excluded.holds(shared.pairs).any()


@given(seed=SEEDS, per_seat=st.integers(1, 2))
def test_fair_first_lines_are_the_lexicographic_optimum(seed, per_seat):
    settings = Settings(
        objective="fair", lists_per_seat=per_seat, lists_per_firm=1, lines_per_youth=3,
        fair_floors=(600_000, 750_000, 850_000),
    )  # fmt: skip
    market, scores, engine = prepared(seed, settings, n_youths=30, n_offers=40)
    lists = make_lists(engine, settings)
    counts = _lexicographic(
        plain_pairs(market, scores, k=None), exposure_caps(market, settings), settings.fair_floors
    )
    assert [level.youths for level in lists.levels] == counts
    # The proof is mostly exact; where it is not, it says so and is never below the truth.
    assert all(level.at_most >= level.youths for level in lists.levels)
    best = lists.pairs.score[lists.would_be_first]
    assert [int((best >= floor).sum()) for floor in (0, *settings.fair_floors)] == counts


def _lexicographic(pairs, caps, floors) -> list[int]:
    """Maximise each count with those before it held fixed: whole numbers, another solver."""
    n_youths, n_edges = len(pairs.indptr) - 1, len(pairs)
    at, one = np.arange(n_edges), np.ones(n_edges)
    rows = csr_array((one, (pairs.youth, at)), shape=(n_youths, n_edges))
    columns = csr_array((one, (pairs.offer, at)), shape=(len(caps), n_edges))
    limits = [
        LinearConstraint(vstack([rows, columns]), ub=np.concatenate([np.ones(n_youths), caps]))
    ]
    counts = []
    for floor in (0, *floors):
        counted = (pairs.score >= floor).astype(float)
        if n_edges == 0:
            counts.append(0)
            continue
        answer = milp(-counted, constraints=limits, integrality=one, bounds=Bounds(0, 1))
        counts.append(round(-answer.fun))
        limits.append(LinearConstraint(counted[None, :], lb=counts[-1]))
    return counts


def test_fair_levels_are_proved_on_a_scarce_market():
    settings = Settings(objective="fair", lists_per_seat=1, lists_per_firm=1)
    _market, _scores, engine = prepared(5, settings, n_youths=300, n_offers=200)
    lists = make_lists(engine, settings)
    assert all(level.youths == level.at_most for level in lists.levels)
    other = make_lists(engine, replace(settings, objective="best"))
    mine, theirs = ([level.youths for level in one.levels] for one in (lists, other))
    assert mine > theirs  # compared as lists: the first difference decides
    assert all(level.youths <= level.at_most for level in other.levels)
    best = sum(proof.score for proof in other.proofs.values())
    assert sum(proof.score for proof in lists.proofs.values()) < best


@given(seed=SEEDS, objective=st.sampled_from(["most", "best"]))
def test_blocking_pairs_are_counted_over_all_pairs(seed, objective):
    settings = Settings(assignment_objective=objective, lists_per_seat=3)
    market, scores, engine = prepared(seed, settings, n_youths=60, n_offers=80)
    lists = make_lists(engine, settings, assignment=True)
    assigned = lists.is_assigned
    own = np.zeros(len(market.youth_hash))
    own[lists.pairs.youth[assigned]] = lists.pairs.score[assigned]
    held = [[] for _ in market.offer_hash]
    for offer, score in zip(lists.pairs.offer[assigned], lists.pairs.score[assigned], strict=True):
        held[offer].append(score)
    everything, seats = plain_pairs(market, scores, k=None), market.seats
    blocking = sum(
        score > own[youth] and (len(held[offer]) < seats[offer] or score > min(held[offer]))
        for youth, offer, score in zip(
            everything.youth, everything.offer, everything.score, strict=True
        )
    )
    assert lists.blocking_pairs == blocking


def test_the_sum_alone_places_fewer_youths_for_more_score():
    settings = Settings(lists_per_seat=1)
    _market, _scores, engine = prepared(49, settings, n_youths=200, n_offers=90)
    most, best = (
        make_lists(engine, replace(settings, assignment_objective=name), assignment=True).proofs[
            "assignment"
        ]
        for name in ("most", "best")
    )
    assert most.served > best.served
    assert most.score < best.score
    assert most.is_most_served
    assert not best.is_most_served


@given(seed=SEEDS, sector=st.integers(0, 2), employer=st.integers(1, 2), how=st.integers(0, 2))
def test_caps_on_sectors_and_employers_hold_in_whole_lists(seed, sector, employer, how):
    settings = Settings(
        lines_per_youth=4, other_sector_lines=sector, lines_per_employer=employer,
        objective="fair" if how == 2 else "best",
    )  # fmt: skip
    market, scores, engine = prepared(seed, settings, n_youths=30, n_offers=120)
    firms = pd.Series([f"firm {i % 5}" for i in range(len(market.offers))], dtype="str")
    offers = market.offers.assign(employer=firms, siret="")
    sector_of, employer_of = sectors_and_employers(offers)
    engine = fused_engine(replace(market, sector=sector_of, employer=employer_of), scores)
    lists = make_lists(engine, settings, assignment=how == 1)
    sector_caps, employer_cap = variety_caps(settings, market.youths)
    for group, cap in ((sector_of, int(sector_caps.max())), (employer_of, employer_cap)):
        of_line = pd.Series(group[lists.pairs.offer])
        assert of_line.groupby([lists.pairs.youth, of_line]).size().max() <= cap


@given(seed=SEEDS)
def test_a_wave_repeats_no_line_and_counts_the_exposure_of_those_before(seed):
    settings = Settings(lists_per_seat=2, lists_per_firm=2, lines_per_youth=3)
    market, _scores, engine = prepared(seed, settings, n_youths=40, n_offers=60)
    first = make_lists(engine, settings)
    lines = pd.DataFrame(
        {
            "youth_id": market.youths["youth_id"].to_numpy()[first.pairs.youth],
            "offer_id": market.offers["offer_id"].to_numpy()[first.pairs.offer],
        }
    )
    gone = pd.DataFrame({"youth_id": ["who has left"], "offer_id": ["not here"]})
    sent = remembered_lines(pd.concat([lines, gone]), market)
    assert (sent.rows, sent.known) == (len(lines) + 1, len(lines))
    second = make_lists(engine, settings, sent=sent)
    assert not sent.pairs.holds(second.pairs).any()
    np.testing.assert_array_equal(
        second.exposure, first.exposure + np.bincount(second.pairs.offer, minlength=60)
    )
    assert (second.exposure <= exposure_caps(market, settings)).all()
    assert all(proof.gap < 0.001 for proof in second.proofs.values())


def test_competition_costs_spread_lines_over_more_offers():
    settings = Settings(lists_per_seat=10, lists_per_firm=10)
    _market, _scores, engine = prepared(6, settings, n_youths=300, n_offers=200)
    plain = make_lists(engine, settings)
    costly = replace(settings, competition_costs=(0, 20_000, 60_000, 120_000, 400_000))
    spread = make_lists(engine, costly)
    assert spread.proofs["lists"].costs > 0
    assert spread.proofs["lists"].gap < settings.max_gap
    assert (spread.exposure**2).sum() < (plain.exposure**2).sum()


def served(lists):
    return np.diff(lists.pairs.indptr) > 0


def test_lines_may_be_ordered_by_chance():
    """What else decides the order: `test_order.py`."""
    settings = Settings(line_order="chance", lists_per_seat=5)
    market, _scores, engine = prepared(7, settings, n_youths=200, n_offers=150)
    lists = make_lists(engine, settings)
    seats = np.maximum(market.seats, 1)[lists.pairs.offer].astype(np.int64)
    chance = lists.pairs.score * seats // np.maximum(lists.exposure[lists.pairs.offer], seats)
    most = np.maximum.reduceat(chance, np.unique(lists.pairs.indptr[:-1][served(lists)]))
    assert chance[lists.would_be_first].tolist() == most.tolist()
    plain = make_lists(engine, replace(settings, line_order="score"))
    np.testing.assert_array_equal(plain.pairs.offer, lists.pairs.offer)
    assert (plain.rank != lists.rank).any()


def test_fair_and_an_assignment_exclude_each_other():
    settings = Settings(objective="fair")
    _market, _scores, engine = prepared(1, settings)
    with pytest.raises(UsageError, match="Laissez l'un des deux"):
        make_lists(engine, settings, assignment=True)
