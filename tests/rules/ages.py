"""Boundaries of age: each age beside each contract, on the very day and the days about it.

A youth is named after the age that is reached on the birthday which the case is about.
"""

from __future__ import annotations

import datetime as dt

from tests.rules.case import Case

__all__ = ["CASES"]

AGES = (14, 15, 16, 25, 26, 29, 30)
RUN = dt.date(2023, 9, 15)
START = dt.date(2023, 10, 2)
DAY = dt.timedelta(days=1)


def turning(birthday, **cells):
    """Return youths who turn each age on a day."""
    return {
        str(age): {"birth_date": birthday.replace(year=birthday.year - age).isoformat()} | cells
        for age in AGES
    }


def offer(contract, start):
    return {"offer": {"contract_type": contract, "start_date": start and start.isoformat()}}


def opened(*ages):
    """Return lists in which youths turning these ages have the offer, and no others."""
    return {"lists": {str(age): "offer" if age in ages else "" for age in AGES}}


def born(**years):
    return {name: {"birth_year": str(year)} for name, year in years.items()}


APPRENTICES = [
    Case(
        rule="L6222-1",
        says=f"an apprenticeship is open from 15 to 29 on its start: {says}",
        youths=turning(birthday),
        offers=offer("apprentissage", start),
        expect=opened(*ages),
    )
    for says, birthday, start, ages in (
        ("the birthday is the day before", START - DAY, START, (15, 16, 25, 26, 29)),
        ("the birthday is that very day", START, START, (15, 16, 25, 26, 29)),
        ("the birthday is the day after", START + DAY, START, (16, 25, 26, 29, 30)),
        ("the start is unknown, so today, the birthday", RUN, "", (15, 16, 25, 26, 29)),
        ("the start is unknown, the birthday tomorrow", RUN + DAY, "", (15, 16, 25, 26, 29, 30)),
        (
            "the start is unknown, the birthday ends the year",
            dt.date(2023, 12, 31),
            "",
            (15, 16, 25, 26, 29, 30),
        ),
        (
            "the start is unknown, the birthday begins the next year",
            dt.date(2024, 1, 1),
            "",
            (16, 25, 26, 29, 30),
        ),
        ("the start has passed, so today, the birthday", RUN, RUN - 9 * DAY, (15, 16, 25, 26, 29)),
        (
            "the start has passed, the birthday is tomorrow",
            RUN + DAY,
            RUN - DAY,
            (16, 25, 26, 29, 30),
        ),
    )
]

PROFESSIONALS = [
    Case(
        rule="L6325-1",
        says=f"a professionalisation contract is open from 16 to 25 today: {says}",
        youths=turning(birthday),
        offers=offer("professionnalisation", START),
        expect=opened(*ages),
    )
    for says, birthday, ages in (
        ("the birthday was yesterday", RUN - DAY, (16, 25)),
        ("the birthday is today", RUN, (16, 25)),
        ("the birthday is tomorrow, before the start", RUN + DAY, (25, 26)),
    )
]

OTHERS = [
    Case(
        rule="L6222-2 3°",
        says="with an RQTH an apprenticeship has no upper limit",
        youths=turning(RUN, has_rqth="oui")
        | {"66": {"birth_date": "1957-09-15", "has_rqth": "oui"}},
        offers=offer("apprentissage", START),
        expect={"lists": {"14": "", "66": "offer"} | dict.fromkeys(map(str, AGES[1:]), "offer")},
    ),
    Case(
        rule="L6325-1",
        says="an RQTH changes nothing in a professionalisation contract",
        youths=turning(RUN, has_rqth="oui"),
        offers=offer("professionnalisation", START),
        expect=opened(16, 25),
    ),
    Case(
        rule="L6222-2 3°",
        says="a vehicle is no RQTH",
        youths=turning(RUN, is_mobile="oui"),
        offers=offer("apprentissage", START),
        expect=opened(15, 16, 25, 26, 29),
    ),
    Case(
        rule="contract_type",
        says="where the contract is not said no age is ruled out",
        youths=turning(RUN) | {"unknown": {}},
        offers=offer("", START),
        expect={"lists": dict.fromkeys([*map(str, AGES), "unknown"], "offer")},
    ),
    Case(
        rule="birth_date",
        says="an unknown age is ruled out of no contract",
        youths={"Y": {}},
        offers={
            "one": {"contract_type": "apprentissage"},
            "other": {"contract_type": "professionnalisation"},
        },
        expect={"lists": {"Y": "one other"}},
    ),
    Case(
        rule="birth_year",
        says="one day of the year is enough: 15 or 29 on some day of 2023",
        youths=born(old=1992, last=1993, first=2008, young=2009),
        offers=offer("apprentissage", ""),
        expect={"lists": {"old": "", "last": "offer", "first": "offer", "young": ""}},
    ),
    Case(
        rule="birth_year",
        says="on 30 December somebody of 1993 may still be 29, on 31 no more",
        youths=born(last=1993, young=2009),
        offers={day: {"start_date": f"2023-12-{day}"} for day in ("30", "31")},
        expect={"lists": {"last": "30", "young": ""}},
    ),
    Case(
        rule="birth_year",
        says="on 1 January somebody of 2009 may be 15",
        youths=born(young=2009),
        offers={day: {"start_date": day} for day in ("2023-12-31", "2024-01-01")},
        expect={"lists": {"young": "2024-01-01"}},
    ),
    Case(
        rule="29 February",
        says="in a common year the birthday is 1 March: not yet 15 the day before",
        youths={"Y": {"birth_date": "2008-02-29"}},
        as_of="2023-02-28",
        offers={"today": {"start_date": "2023-02-28"}, "tomorrow": {"start_date": "2023-03-01"}},
        expect={"lists": {"Y": "tomorrow"}},
    ),
    Case(
        rule="29 February",
        says="in a common year the birthday is 1 March: still 29 the day before",
        youths={"Y": {"birth_date": "1993-02-28"}, "leap": {"birth_date": "1992-02-29"}},
        as_of="2022-02-28",
        offers={"today": {}, "tomorrow": {"start_date": "2022-03-01"}},
        expect={"lists": {"Y": "today tomorrow", "leap": "today"}},
    ),
    Case(
        rule="29 February",
        says="in a leap year it is the day itself",
        youths={"Y": {"birth_date": "2008-02-29"}},
        as_of="2024-02-28",
        offers={"today": {"contract_type": "professionnalisation"}},
        expect={"why alone": {"Y": "age"}},
    ),
    Case(
        rule="29 February",
        says="in a leap year it is the day itself, and today",
        youths={"Y": {"birth_date": "2008-02-29"}},
        as_of="2024-02-29",
        offers={"today": {"contract_type": "professionnalisation"}},
        expect={"lists": {"Y": "today"}},
    ),
    Case(
        rule="L6222-1",
        says="assign goes by the same birthday",
        door="assign",
        youths={"15": {"birth_date": "2008-10-02"}, "14": {"birth_date": "2008-10-03"}},
        offers=offer("apprentissage", START),
        expect={"assigned, or why not": {"14": "age", "15": "offer"}},
    ),
]

DIVER = {"trade_code": "I1502"}
MINORS = [
    Case(
        rule="D4153-23",
        says="divers are 18 at the start, on the birthday itself",
        youths={
            "day before": {"birth_date": "2005-10-01"},
            "that day": {"birth_date": "2005-10-02"},
            "day after": {"birth_date": "2005-10-03"},
            "year": {"birth_year": "2005"},
            "unknown": {"birth_date": ""},
        },
        wishes=tuple(
            (youth, DIVER) for youth in ("day before", "that day", "day after", "year", "unknown")
        ),
        offers={"offer": {**DIVER, "capacity": "5", "start_date": "2023-10-02"}},
        expect={
            "lists": {
                "day before": "offer",
                "that day": "offer",
                "day after": "",
                "year": "offer",
                "unknown": "offer",
            }
        },
    ),
    Case(
        rule="D4153-23",
        says="who is too young to be a diver is told so",
        youths={"Y": {"birth_date": "2005-10-03"}},
        wishes=(("Y", DIVER),),
        offers={"offer": {**DIVER, "start_date": "2023-10-02"}},
        expect={"why alone": {"Y": "minor"}},
    ),
]

CASES = [*APPRENTICES, *PROFESSIONALS, *OTHERS, *MINORS]
