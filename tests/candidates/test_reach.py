"""The reach of a youth: as far as the table allows, and so many times farther with a vehicle."""

from __future__ import annotations

import pytest

from matchmaker.candidates.geometry import EARTH_RADIUS_KM, MAX_REACH_KM
from matchmaker.settings import Settings
from matchmaker.tables.schemas import TABLES
from tests.candidates.test_engine_contract import ENGINES
from tests.scoring.by_hand import eligible

HOME = 10.0  # degrees north, far from both poles


def north(km):
    """Return an offer so far from home, along the meridian."""
    degrees = km / EARTH_RADIUS_KM * 57.29577951308232
    return {"latitude": HOME + degrees, "longitude": 2.0}


def test_the_engine_holds_what_the_table_lets_in():
    (reach,) = (c for c in TABLES["youths"] if c.name == "max_distance_km")
    assert reach.high == MAX_REACH_KM == 1000


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("reach", [30, 499, 500, 501, 999, 1000])
@pytest.mark.parametrize("factor", [1, 2, 4])
@pytest.mark.parametrize("is_mobile", [False, True])
def test_just_within_and_just_beyond(engine_of, reach, factor, is_mobile):
    settings = Settings(mobile_reach_factor=factor)
    youth = {"latitude": HOME, "longitude": 2.0, "max_distance_km": float(reach),
             "is_mobile": is_mobile}  # fmt: skip
    farthest = reach * (factor if is_mobile else 1)
    offers = [north(farthest - 0.01), north(farthest + 0.01), north(reach - 0.01)]
    assert eligible(engine_of, youth, offers, settings) == [True, False, True]


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
def test_parts_of_a_kilometre_are_rounded_down(engine_of):
    youth = {"latitude": HOME, "longitude": 2.0, "max_distance_km": 30.9}
    assert eligible(engine_of, youth, [north(29.99), north(30.01)], Settings()) == [True, False]
