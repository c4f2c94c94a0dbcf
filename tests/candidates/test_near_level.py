"""Another trade than the wished one, two levels off the aim, is two faults in one: no line."""

from __future__ import annotations

import numpy as np
import pytest

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market
from matchmaker.candidates.plain import plain_engine
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.worlds import AS_OF, hand_made

BAKER, PASTRY = "D1102", "D1104"  # near by their titles
OFFERS = [
    {"trade_codes": code, "level": np.int8(level), "levels_read": read}
    for code in (BAKER, PASTRY)
    for level, read in ((0, ""), (3, ""), (4, ""), (5, ""), (7, ""), (0, "3"), (0, "3|4"))
]


@pytest.mark.parametrize("make", [fused_engine, plain_engine])
def test_the_nearest_level_of_a_near_trade_is_one_off_at_most(make):
    market = build_market(hand_made({"level": np.int8(5)}, OFFERS), Settings(), as_of=AS_OF)
    pairs = make(market, score_tables(market, Settings())).best(k=20).pairs
    assert sorted(pairs.offer.tolist()) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 13]


def test_without_an_aim_every_level_stays():
    market = build_market(hand_made({"level": np.int8(0)}, OFFERS), Settings(), as_of=AS_OF)
    engine = fused_engine(market, score_tables(market, Settings()))
    assert len(engine.best(k=20).pairs) == len(OFFERS)
