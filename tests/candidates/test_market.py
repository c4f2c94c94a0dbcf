"""Which offers and youths take part: each rule the day before, on and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matchmaker.candidates.market import OFFER_STATES, YOUTH_STATES, build_market, with_rules
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables

SETTINGS = Settings(min_days_left=4, leave_out_flags=("discriminatory",))
LAST = dt.date(2023, 9, 19)  # four days are left


def one_offer(**columns):
    """Return the market of one offer that takes part but for what is given."""
    tables = random_tables(np.random.default_rng(0), 3, 1)
    sound = {
        "latitude": 48.8, "longitude": 2.3, "trade_codes": "D1102", "capacity": np.int32(2),
        "status": "open", "contract_type": "apprentissage", "kind": "offer", "flags": "",
        "expiry_date": None,
    }  # fmt: skip
    offers = tables.offers.assign(**{**sound, **columns})
    offers["expiry_date"] = pd.to_datetime(offers["expiry_date"]).astype("datetime64[s]")
    return build_market(replace(tables, offers=offers), SETTINGS, as_of=AS_OF)


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, ""),
        ({"capacity": np.int32(0)}, "full"),
        ({"capacity": np.int32(1)}, ""),
        ({"status": "filled"}, "full"),
        ({"status": "cancelled"}, "cancelled"),
        ({"expiry_date": LAST - dt.timedelta(days=1)}, "expired"),
        ({"expiry_date": LAST}, ""),
        ({"expiry_date": LAST + dt.timedelta(days=1)}, ""),
        ({"contract_type": ""}, ""),
        ({"contract_type": "cdi"}, "contract_type"),
        ({"flags": "nameless"}, ""),
        ({"flags": "discriminatory|nameless"}, "flagged"),
        ({"trade_codes": ""}, "trade_unknown"),
        ({"latitude": np.nan, "longitude": np.nan, "region_code": ""}, "place_unknown"),
        ({"latitude": np.nan, "longitude": np.nan, "region_code": "53"}, ""),
        ({"kind": "spontaneous"}, ""),
    ],
)
def test_an_offer_is_open_when_no_rule_keeps_it_out(columns, state):
    market = one_offer(**columns)
    assert OFFER_STATES[market.offer_state[0]] == state
    assert market.is_open[0] == (state == "")
    capacity = columns.get("capacity", 2)
    assert market.seats[0] == (capacity if state == "" else 0)
    assert market.is_firm[0] == (columns.get("kind") == "spontaneous")


def test_rules_lifted_by_hand_open_an_offer_and_give_it_its_seats():
    market = one_offer(status="cancelled", flags="discriminatory")
    assert OFFER_STATES[market.offer_state[0]] == "flagged"
    one_left = with_rules(market, market.offer_rules & ~np.uint8(1))
    assert OFFER_STATES[one_left.offer_state[0]] == "cancelled"
    assert (one_left.is_open[0], one_left.seats[0]) == (False, 0)
    none_left = with_rules(market, np.zeros(1, dtype=np.uint8))
    assert (none_left.is_open[0], none_left.seats[0]) == (True, 2)
    assert market.seats[0] == 0  # nothing is changed in place


def test_a_youth_takes_part_when_no_rule_keeps_it_out():
    market = build_market(random_tables(np.random.default_rng(1), 200, 5), SETTINGS, as_of=AS_OF)
    assert (market.takes_part == (market.youth_state == YOUTH_STATES.index(""))).all()
    assert 0 < market.takes_part.sum() < 200
