"""What follows from a round: every way on, and every way out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists import rounds
from matchmaker.lists.pairing import no_pairs
from matchmaker.lists.rounds import Decision, Measured, State, decide, next_state

GOOD = Measured(
    number=3, step=16, epsilon=16, within=40, tolerated=100.0, gap=0.0005, max_gap=0.001,
    has_new_pairs=True,
)  # fmt: skip
WIDE = replace(GOOD, gap=0.002)
ROUGH = replace(WIDE, number=1, step=80)


def test_a_rough_round_only_chooses_the_step_of_the_next():
    """Its step of 80 lost 40 points; 50 are tolerated, and a step never gets larger."""
    decision = decide(ROUGH, has_way=None)
    assert decision == Decision(
        is_last=False,
        is_most_served=False,
        is_most_shown=False,
        epsilon=16,
        raises_bonus=False,
        raises_show_bonus=False,
        keeps_price=True,
    )
    assert (
        decide(replace(ROUGH, within=800), has_way=None).epsilon == 5
    )  # 10 a step, 50 are tolerated
    assert decide(replace(ROUGH, tolerated=0.0), has_way=None).epsilon == 1
    # A tenth of a point a step: counted as one.
    assert decide(replace(ROUGH, epsilon=70, step=400), has_way=None).epsilon == 50


@pytest.mark.parametrize("gap", [0.0005, 0.002])
def test_a_rough_round_is_never_the_last(gap):
    now = replace(ROUGH, gap=gap, has_new_pairs=False)
    assert not now.counts
    assert not decide(now, has_way=None).is_last


def test_coarse_steps_are_made_finer():
    now = replace(WIDE, within=160)  # 10 a step; 50 are tolerated
    assert now.is_coarse
    assert not now.is_good
    decision = decide(now, has_way=False)
    assert (decision.is_last, decision.is_most_served, decision.epsilon) == (False, False, 5)
    assert decide(replace(now, within=51), has_way=False).epsilon == 8  # at least halved
    assert decide(replace(now, tolerated=0.0), has_way=False).epsilon == 1


def test_steps_of_one_are_not_to_blame():
    now = replace(WIDE, step=1, epsilon=1, within=160, has_new_pairs=False)
    assert not now.is_coarse
    assert decide(now, has_way=None).is_last


def test_steps_that_lost_half_of_what_is_tolerated_are_not_to_blame():
    assert not replace(WIDE, within=50).is_coarse
    assert replace(WIDE, within=51).is_coarse


def test_new_pairs_call_for_another_round_at_the_same_step():
    decision = decide(WIDE, has_way=False)
    assert (decision.is_last, decision.epsilon, decision.raises_bonus) == (False, 16, False)


def test_a_wide_gap_ends_where_nothing_can_be_done_about_it():
    """The proof says how wide; a further round would be the same one again."""
    decision = decide(replace(WIDE, has_new_pairs=False), has_way=False)
    assert (decision.is_last, decision.is_most_served) == (True, True)


@pytest.mark.parametrize("now", [GOOD, WIDE, replace(WIDE, within=160)])
def test_a_way_raises_the_bonus_and_forgets_the_prices(now):
    decision = decide(now, has_way=True)
    assert decision.raises_bonus
    assert not any((decision.is_last, decision.is_most_served, decision.keeps_price))


def test_no_way_over_all_pairs_is_the_proof_and_the_end():
    decision = decide(GOOD, has_way=False)
    assert (decision.is_last, decision.is_most_served) == (True, True)


def test_who_does_not_ask_for_the_most_served_is_told_nothing_of_it():
    decision = decide(GOOD, has_way=None)
    assert (decision.is_last, decision.is_most_served) == (True, False)


def test_the_last_round_that_there_may_be_proves_nothing(monkeypatch):
    monkeypatch.setattr(rounds, "MAX_ROUNDS", 3)
    assert not GOOD.counts
    decision = decide(GOOD, has_way=None)
    assert (decision.is_last, decision.is_most_served) == (True, False)
    assert decide(replace(ROUGH, number=3), has_way=None).is_last


def test_prices_are_kept_only_near_the_wanted_gap():
    assert decide(replace(WIDE, gap=0.008), has_way=False).keeps_price
    assert not decide(replace(WIDE, gap=0.0081), has_way=False).keeps_price


@given(
    number=st.integers(1, 40), step=st.integers(1, 99), epsilon=st.integers(1, 99),
    within=st.integers(0, 999), tolerated=st.floats(0, 500), gap=st.floats(0, 0.02),
    has_new_pairs=st.booleans(), has_way=st.sampled_from([None, True, False]),
)  # fmt: skip
def test_what_holds_of_every_decision(has_way, **fields):
    fields["step"] = max(fields["step"], fields["epsilon"])
    now = Measured(max_gap=0.001, **fields)
    decision = decide(now, has_way=has_way if now.counts else None)
    assert 1 <= decision.epsilon <= now.epsilon
    assert not (decision.is_most_served and not decision.is_last)
    assert not (decision.is_last and decision.raises_bonus)
    # Each further round has something new: a finer step, pairs, another bonus, or it was rough.
    assert (
        decision.is_last
        or decision.epsilon < now.epsilon
        or now.has_new_pairs
        or decision.raises_bonus
        or now.is_rough
    )


def test_the_next_state_takes_the_pairs_and_what_was_decided():
    none = Pairs(
        indptr=np.zeros(1, "i8"), offer=np.zeros(0, "i4"), score=np.zeros(0, "i4"),
        wish=np.zeros(0, "u1"), rung=np.zeros(0, "u1"),
    )  # fmt: skip
    state = State(pairs=none, price=None, step=80, epsilon=16, bonus=100)
    price = np.ones(2, "i8")
    kept = next_state(state, decide(GOOD, has_way=False), none, price)
    assert (kept.step, kept.epsilon, kept.bonus) == (16, 16, 100)
    assert kept.price is price
    raised = next_state(state, decide(GOOD, has_way=True), none, price)
    assert (raised.bonus, raised.price) == (400, None)


def test_a_way_to_show_one_more_raises_that_bonus_alone():
    decision = decide(GOOD, has_way=False, could_show=True)
    assert not decision.is_last
    assert decision.is_most_served
    assert (decision.is_most_shown, decision.raises_show_bonus) == (False, True)
    assert (decision.raises_bonus, decision.keeps_price) == (False, False)
    assert decide(GOOD, has_way=False, could_show=False).is_most_shown
    assert not decide(GOOD, has_way=False, could_show=None).is_most_shown
    none = no_pairs(0)
    state = State(pairs=none, price=None, step=1, epsilon=1, bonus=7, show_bonus=5)
    following = next_state(state, decision, none, np.zeros(0, "i8"))
    assert (following.bonus, following.show_bonus) == (7, 20)
