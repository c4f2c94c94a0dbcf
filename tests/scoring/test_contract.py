"""Legal ages: the day before, on and after each birthday, by contract and day of start."""

from __future__ import annotations

import datetime as dt

import pytest

from matchmaker.settings import Settings
from tests.candidates.test_engine_contract import ENGINES
from tests.scoring.by_hand import day, eligible
from tests.worlds import AS_OF

SETTINGS = Settings(max_early_start_days=3650, max_late_start_days=3650)
FAR = 3000
both_engines = pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)


def born(age, days_ago):
    """Return the birth date of who turned `age` so many days before the run (15 September)."""
    birthday = AS_OF - dt.timedelta(days=days_ago)
    return birthday.replace(year=birthday.year - age)


def may_sign(engine_of, contract, *starts, **youth):
    offers = [{"contract_type": contract, "start_date": start} for start in starts]
    return eligible(engine_of, youth, offers, SETTINGS)


@both_engines
@pytest.mark.parametrize(
    ("contract", "age", "before", "on"),
    [
        # turning 14 changes nothing, 15 opens the apprenticeship, 30 closes it; and so on
        ("apprentissage", 14, False, False),
        ("apprentissage", 15, False, True),
        ("apprentissage", 16, True, True),
        ("apprentissage", 25, True, True),
        ("apprentissage", 26, True, True),
        ("apprentissage", 29, True, True),
        ("apprentissage", 30, True, False),
        ("professionnalisation", 14, False, False),
        ("professionnalisation", 15, False, False),
        ("professionnalisation", 16, False, True),
        ("professionnalisation", 25, True, True),
        ("professionnalisation", 26, True, False),
        ("professionnalisation", 29, False, False),
        ("professionnalisation", 30, False, False),
        ("", 14, True, True),
        ("", 30, True, True),
    ],
)
class TestBirthdays:
    def test_on_the_day_of_the_run(self, engine_of, contract, age, before, on):
        """A start that is past counts as the day of the run."""
        for days_ago, expected in ((-1, before), (0, on), (1, on)):
            legal = may_sign(engine_of, contract, day(-50), day(0), birth_date=born(age, days_ago))
            assert legal == [expected] * 2

    def test_an_unknown_start_can_wait_for_a_birthday_of_this_year(
        self, engine_of, contract, age, before, on
    ):
        """For the least age of an apprenticeship alone: nobody has to wait to be too old."""
        for ahead, waits in ((1, True), (107, True), (108, False)):  # 31 December is day 107
            legal = may_sign(engine_of, contract, None, birth_date=born(age, -ahead))
            can_wait = waits and contract == "apprentissage"
            assert legal == [before or (can_wait and on)]

    def test_on_the_day_of_the_start(self, engine_of, contract, age, before, on):
        """An apprenticeship counts the age on its start, whatever it is today."""
        starts = day(99), day(100), day(101)
        legal = may_sign(engine_of, contract, *starts, birth_date=born(age, -100))
        if contract == "apprentissage":
            assert legal == [before, on, on]
        else:  # signed on the day of the run
            assert legal == [before] * 3

    def test_rqth_lifts_the_upper_limit_of_the_apprenticeship(
        self, engine_of, contract, age, before, on
    ):
        is_lifted = contract == "apprentissage" and age >= 16
        for days_ago, expected in ((-1, before), (0, on)):
            birth = born(age, days_ago)
            assert (
                may_sign(engine_of, contract, day(0), day(-1), birth_date=birth, has_rqth=True)
                == [is_lifted or expected] * 2
            )


@both_engines
def test_rqth_has_no_upper_limit(engine_of):
    youth = {"birth_date": dt.date(1940, 1, 1)}
    assert may_sign(engine_of, "apprentissage", day(0), has_rqth=True, **youth) == [True]
    assert may_sign(engine_of, "professionnalisation", day(0), has_rqth=True, **youth) == [False]
    assert may_sign(engine_of, "apprentissage", day(0), **youth) == [False]


@both_engines
def test_an_unknown_age_is_eligible(engine_of):
    for contract in ("apprentissage", "professionnalisation", ""):
        assert may_sign(engine_of, contract, None, day(0), day(FAR), birth_date=None) == [True] * 3


@both_engines
@pytest.mark.parametrize(
    ("contract", "year", "start", "expected"),
    [
        # Born in 2008: 15 on some day of 2023, so perhaps by the day of the run.
        ("apprentissage", 2008, None, True),
        ("apprentissage", 2009, None, False),
        # Born in 2009: 15 on 1 January 2024 at the earliest.
        ("apprentissage", 2009, dt.date(2023, 12, 31), False),
        ("apprentissage", 2009, dt.date(2024, 1, 1), True),
        # Born in 1993: the 30th birthday may still come this year; born in 1992 it has.
        ("apprentissage", 1993, None, True),
        ("apprentissage", 1992, None, False),
        # Born on 31 December 1993 at the latest: 29 until 30 December 2023.
        ("apprentissage", 1993, dt.date(2023, 12, 30), True),
        ("apprentissage", 1993, dt.date(2023, 12, 31), False),
        ("professionnalisation", 2007, None, True),
        ("professionnalisation", 2008, dt.date(2024, 12, 31), False),
        ("professionnalisation", 1997, dt.date(2024, 12, 31), True),
        ("professionnalisation", 1996, None, False),
    ],
)
def test_one_day_of_the_year_of_birth_is_enough(engine_of, contract, year, start, expected):
    youth = {"birth_date": dt.date(year, 12, 31), "birth_is_year": True}
    assert may_sign(engine_of, contract, start, **youth) == [expected]


@both_engines
@pytest.mark.parametrize(
    ("birth", "starts"),
    [
        # 15 in 2027, which has no 29 February: on 1 March.
        (dt.date(2012, 2, 29), {dt.date(2027, 2, 28): False, dt.date(2027, 3, 1): True}),
        # 30 in 2026: still 29 on 28 February.
        (dt.date(1996, 2, 29), {dt.date(2026, 2, 28): True, dt.date(2026, 3, 1): False}),
        # A year that has the day.
        (dt.date(2013, 2, 28), {dt.date(2028, 2, 27): False, dt.date(2028, 2, 28): True}),
    ],
)
def test_who_is_born_on_29_february_is_a_year_older_on_1_march(engine_of, birth, starts):
    assert may_sign(engine_of, "apprentissage", *starts, birth_date=birth) == list(starts.values())


@both_engines
def test_age_and_window_are_lifted_one_by_one(engine_of):
    """Too young for the one, too late for the other: each rule alone keeps its offer out."""
    settings = Settings(max_late_start_days=30)
    youth = {"birth_date": born(15, -10)}
    offers = [{"start_date": day(5)}, {"start_date": day(40)}, {"start_date": day(20)}]
    assert eligible(engine_of, youth, offers, settings) == [False, False, True]
    assert eligible(engine_of, youth, offers, settings, lifted=["contract"]) == [True, False, True]
    assert eligible(engine_of, youth, offers, settings, lifted=["start"]) == [False, True, True]
