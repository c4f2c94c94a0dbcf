"""A rule that is lifted opens the offers that it alone keeps out."""

from __future__ import annotations

import numpy as np
import pytest

from matchmaker.candidates.market import OFFER_STATES, build_market
from matchmaker.explain.lifts import LIFTS, OFFER_RULES
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables


@pytest.fixture(scope="module")
def world():
    tables = random_tables(np.random.default_rng(7), 30, 400)
    market = build_market(tables, Settings(), as_of=AS_OF)
    return market, score_tables(market, Settings())


@pytest.mark.parametrize("rule", OFFER_RULES)
def test_a_lifted_rule_opens_what_it_alone_keeps_out(world, rule):
    market, scores = world
    lifted, _ = dict(LIFTS)[rule](market, scores)
    alone = market.offer_rules == 1 << (OFFER_STATES.index(rule) - 1)
    assert lifted.is_open.tolist() == alone.tolist()
    assert (market.is_open & lifted.is_open).sum() == 0
