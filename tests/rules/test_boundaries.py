"""The table of boundaries, end to end: each rule the day before, on and after."""

from __future__ import annotations

import pytest

from matchmaker.candidates.market import YOUTH_STATES
from matchmaker.explain.lifts import CRITERION_RULES, OFFER_RULES
from tests.rules import ages, counts, pairs, test_files, waves
from tests.rules.case import seen

CASES = {
    f"{case.rule}: {case.says}": case
    for table in (pairs, ages, counts, waves)
    for case in table.CASES
}


@pytest.mark.parametrize("name", CASES)
def test_boundary(name):
    case = CASES[name]
    assert seen(case) == case.expect


def test_no_row_hides_another():
    assert len(CASES) == sum(len(table.CASES) for table in (pairs, ages, counts, waves))


def test_every_reason_is_told_to_somebody():
    told = {why for case in CASES.values() for why in case.expect.get("why alone", {}).values()}
    told |= {youth.why for youth in test_files.YOUTHS.values()}
    others = {"all_full", "all_sent", "out_of_reach", "other_trade", "no_trade_offer", "several"}
    told.add("opposed")  # no table says it: tests/tables/test_oppositions.py
    assert told == {*YOUTH_STATES, *OFFER_RULES, *CRITERION_RULES.values()} | others
