"""The exposure caps: of seats, of firms, of what takes no part, and what is left of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.lists.exposure import (
    CapFamily,
    counted_seats,
    exposure_caps,
    exposure_left,
    variety_caps,
)
from matchmaker.settings import Settings
from tests.candidates.test_engines import prepared

SETTINGS = Settings(lists_per_seat=3, lists_per_firm=7)


def market_of(seats, is_firm):
    market, _, _ = prepared(0, SETTINGS, n_youths=2, n_offers=len(seats))
    return replace(market, seats=np.array(seats, "i4"), is_firm=np.array(is_firm))


MARKET = market_of([1, 5, 0, 1, 5, 0], [False, False, False, True, True, True])


def test_a_seat_counts_a_firm_counts_once_and_what_takes_no_part_not_at_all():
    assert counted_seats(MARKET).tolist() == [1, 5, 0, 1, 1, 0]
    assert exposure_caps(MARKET, SETTINGS).tolist() == [3, 15, 0, 7, 7, 0]


def test_what_is_left_is_never_below_nothing():
    used = np.array([2, 15, 1, 8, 0, 0], "i4")
    assert exposure_left(MARKET, SETTINGS, used).tolist() == [1, 0, 0, 0, 7, 0]


def test_firms_keep_their_ratio_to_a_seat_rounded_up():
    family = CapFamily.of(MARKET, SETTINGS)
    assert [family.of_firm(seats) for seats in (1, 2, 3, 6)] == [3, 5, 7, 14]
    assert family.of_firm(10_000) == 10_000  # the largest that the setting takes
    assert family.caps(6).tolist() == [6, 30, 0, 14, 14, 0]
    assert family.left(6, np.array([1, 0, 0, 0, 14, 0], "i4"), 20).tolist() == [5, 20, 0, 14, 0, 0]


@given(per_seat=st.integers(1, 10_000), per_firm=st.integers(0, 10_000))
def test_the_family_goes_through_the_caps_of_the_settings(per_seat, per_firm):
    settings = replace(SETTINGS, lists_per_seat=per_seat, lists_per_firm=per_firm)
    assert CapFamily.of(MARKET, settings).of_firm(per_seat) == per_firm
    assert exposure_caps(MARKET, settings)[[0, 3]].tolist() == [per_seat, per_firm]


def test_caps_on_sectors_and_employers():
    settings = Settings(lines_per_youth=10, other_sector_lines=4, lines_per_employer=2)
    homes = pd.DataFrame({"region_code": ["53", ""]})
    sector, employer = variety_caps(settings, homes)
    assert (sector.tolist(), employer) == ([6, 6], 2)
    sector, employer = variety_caps(
        replace(settings, other_sector_lines=0, lines_per_employer=0), homes
    )
    assert min(*sector, employer) > settings.lines_per_youth
    short = replace(settings, lines_per_youth=3, other_sector_lines=3)
    assert variety_caps(short, homes)[0].tolist() == [1, 1]
    own = replace(settings, territories={"53": {"pilot": "DREETS", "lines_per_youth": 12}})
    assert variety_caps(own, homes)[0].tolist() == [8, 6]
