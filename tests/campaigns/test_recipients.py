"""Whom a message goes to, who is called instead, and who gets nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from matchmaker.campaigns.recipients import add_recipients
from matchmaker.tables.contacts import CONTACT_COLUMNS
from tests.campaigns.waves import options

AS_OF = dt.date(2026, 9, 15)


def people(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame("", index=range(len(rows)), columns=list(CONTACT_COLUMNS)).astype(object)
    frame["birth_date"] = pd.array([None] * len(rows), "datetime64[s]")
    frame["birth_is_year"], frame["has_wished"] = False, True
    for i, row in enumerate(rows):
        frame.loc[i, "youth_id"] = f"Y{i}"
        for name, value in row.items():
            frame.loc[i, name] = value
    texts = [name for name in frame if name not in {"birth_date", "birth_is_year", "has_wished"}]
    return frame.astype({**dict.fromkeys(texts, "str"), "birth_is_year": bool, "has_wished": bool})


def result(*rows, opposed=frozenset(), **changes):
    of = add_recipients(people(*rows), opposed=opposed, as_of=AS_OF, options=options(**changes))
    return [*zip(of["code"], of["address"], of["recipient"], strict=True)]


BOTH = {"email_1": "Lea@example.org", "email_1_of": "youth", "email_2": "mere@example.org"}


def test_a_youth_is_written_to_at_the_own_address():
    assert result(BOTH) == [("", "lea@example.org", "youth")]


def test_the_first_address_is_a_guardians_where_the_youth_has_none():
    one = {"email_1": "mere@example.org", "email_1_of": "guardian"}
    assert result(one) == [("", "mere@example.org", "guardian")]


@pytest.mark.parametrize(
    ("born", "is_year", "is_young"),
    [
        ("2010-09-15", False, False),  # 16 today
        ("2010-09-16", False, True),
        ("2010-01-01", True, True),  # the year may be that of somebody born in December
        ("2009-01-01", True, False),
    ],
)
def test_below_16_the_guardian_is_written_to(born, is_year, is_young):
    one = {**BOTH, "birth_date": pd.Timestamp(born), "birth_is_year": is_year}
    ((code, address, _),) = result(one)
    assert (code == "guardian_needed") is is_young
    assert address == ("" if is_young else "lea@example.org")
    guardian = {**one, "email_1": "mere@example.org", "email_1_of": "guardian"}
    assert result(guardian) == [("", "mere@example.org", "guardian")]


def test_who_cannot_or_should_not_be_written_to_goes_to_a_person():
    none = {"email_2": "no address"}
    near = {"email_1": "a@example.org", "has_wished": False}
    assert [code for code, *_ in result(none, near)] == ["no_address", "near_trades_only"]
    assert [code for code, *_ in result(near, near_only="mail")] == [""]


def test_an_address_of_a_school_goes_to_a_person_whole():
    same = {"email_1": "secretariat@example.org"}
    assert {code for code, *_ in result(*[same] * 5)} == {"address_of_many"}
    assert {code for code, *_ in result(*[same] * 4)} == {""}
    assert {code for code, *_ in result(*[same] * 3, max_siblings=2)} == {"address_of_many"}


def test_who_opposed_is_not_written_to():
    codes = [code for code, *_ in result(BOTH, {}, opposed=frozenset({"Y0", "Y1"}))]
    assert codes == ["opposed", "opposed"]


def test_the_29_of_february_has_a_day_in_each_year():
    one = people({**BOTH, "birth_date": pd.Timestamp("2012-03-01")})
    of = add_recipients(one, opposed=frozenset(), as_of=dt.date(2028, 2, 29), options=options())
    assert np.array_equal(of["code"], ["guardian_needed"])
