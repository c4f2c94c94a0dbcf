"""The window of start dates, to the day: the day before, on and after, in every engine."""

from __future__ import annotations

import pytest

from matchmaker.settings import Settings
from tests.candidates.test_engine_contract import ENGINES
from tests.scoring.by_hand import day, eligible

SETTINGS = Settings(max_early_start_days=10, max_late_start_days=30)


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(
    ("available", "starts"),
    [
        # Available at once, whether said, long ago or not: no start is too early.
        (None, {-100: True, 0: True, 29: True, 30: True, 31: False, 36: False}),
        (-40, {-100: True, 0: True, 29: True, 30: True, 31: False}),
        (0, {0: True, 30: True, 31: False}),
        # Within so many days of availability, an offer of the past starts at once.
        (6, {-100: True, 0: True, 36: True, 37: False}),
        (10, {-1: True, 0: True, 40: True, 41: False}),
        (11, {-1: False, 0: False, 1: True, 41: True, 42: False}),
        (100, {89: False, 90: True, 91: True, 129: True, 130: True, 131: False}),
        # Beyond the weeks that points tell apart.
        (2000, {1989: False, 1990: True, 2030: True, 2031: False}),
    ],
)
def test_the_day_before_on_and_after_each_bound(engine_of, available, starts):
    youth = {"available_from": None if available is None else day(available)}
    offers = [{"start_date": day(offset)} for offset in starts]
    assert eligible(engine_of, youth, offers, SETTINGS) == list(starts.values())


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
def test_an_unknown_start_is_not_subject_to_the_window(engine_of):
    youth = {"available_from": day(500)}
    offers = [{"start_date": None}, {"start_date": day(0)}, {"start_date": day(490)}]
    assert eligible(engine_of, youth, offers, SETTINGS) == [True, False, True]


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
def test_the_window_can_be_lifted(engine_of):
    youth = {"available_from": day(100)}
    offers = [{"start_date": day(0)}, {"start_date": day(1000)}]
    assert eligible(engine_of, youth, offers, SETTINGS) == [False, False]
    assert eligible(engine_of, youth, offers, SETTINGS, lifted=["start"]) == [True, True]


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
def test_a_window_of_no_day_is_the_day_itself(engine_of):
    settings = Settings(max_early_start_days=0, max_late_start_days=0)
    offers = [{"start_date": day(offset)} for offset in (49, 50, 51)]
    youth = {"available_from": day(50)}
    assert eligible(engine_of, youth, offers, settings) == [False, True, False]
