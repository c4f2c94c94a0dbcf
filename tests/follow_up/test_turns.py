"""Who is called first, by when, by whom."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.follow_up.turns import called_in_order, due_days, holders, named_referents


def facts(**columns):
    n = len(next(iter(columns.values())))
    given = {"youth_id": [f"Y{i}" for i in range(n)], "asked": False, "is_minor": False,
             "has_rqth": False, "days_left": np.nan, "lines": 5, "last_contact": pd.NaT}  # fmt: skip
    return pd.DataFrame({**given, **columns}, index=range(n))


def order(**columns):
    return called_in_order(facts(**columns)).tolist()


def test_each_key_decides_before_those_behind_it():
    assert order(asked=[False, True], is_minor=[True, False]) == [1, 0]
    assert order(has_rqth=[False, True], days_left=[1.0, np.nan]) == [1, 0]
    assert order(days_left=[np.nan, 40.0, -3.0, 2.0], lines=[0, 9, 9, 9]) == [2, 3, 1, 0]
    assert order(lines=[3, 0, 1]) == [1, 2, 0]
    days = pd.to_datetime(["2023-09-10", None, "2023-08-01"])
    assert order(last_contact=days) == [1, 2, 0]


def test_days_that_are_over_are_no_more_urgent_than_none_left():
    assert order(days_left=[0.0, -50.0], lines=[0, 3]) == [0, 1]


@given(st.permutations(list(range(6))))
def test_the_order_of_rows_changes_nothing(shuffled):
    table = facts(lines=[2, 0, 2, 1, 0, 2], is_minor=[False, True, False, False, True, False])
    mixed = table.iloc[shuffled].reset_index(drop=True)
    assert (
        mixed["youth_id"].iloc[called_in_order(mixed)].tolist()
        == table["youth_id"].iloc[called_in_order(table)].tolist()
    )


def test_calls_fall_on_working_days_and_no_more_a_person_than_asked():
    who = np.array(["A"] * 5 + ["B"], dtype=object)
    due = due_days(who, np.ones(6, dtype=bool), dt.date(2023, 9, 16), 2)
    assert [str(day) for day in due] == [
        "2023-09-18", "2023-09-18", "2023-09-19", "2023-09-19", "2023-09-20", "2023-09-18",
    ]  # fmt: skip


def test_one_structure_holds_a_file():
    table = pd.DataFrame(
        {
            "days_left": [10.0, -1.0, np.nan, np.nan, np.nan, np.nan],
            "age": [17.0, 17.0, 15.0, 26.0, np.nan, 30.0],
            "transfer": ["", "", "", "", "", "cell"],
        }
    )
    assert holders(table).tolist() == [
        "cfa", "mission_locale", "cell", "france_travail", "cell", "cell",
    ]  # fmt: skip


def people(*rows):
    names = ["departement", "commune_code", "region_code", "referent_name", "capacity"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(referent_contact=table["referent_name"] + "@example.org")


def youths(departements, regions, first=None):
    n = len(departements)
    return pd.DataFrame(
        {"youth_id": [f"Y{i}" for i in range(n)], "commune_code": "", "departement": departements,
         "region_code": regions, "is_first": first or [False] * n}
    )  # fmt: skip


def test_loads_are_even_and_minors_choose_first():
    referents = people(("35", "", "", "A", 3), ("35", "", "", "B", 3), ("", "", "53", "C", 9))
    named = named_referents(youths(["35"] * 6, ["53"] * 6), referents)
    assert named["referent_name"].value_counts().to_dict() == {"A": 3, "B": 3}
    first = [False] * 6 + [True]
    named = named_referents(youths(["35"] * 7, ["53"] * 7, first), referents)
    assert named["referent_name"].iloc[6] == "A"
    assert (named["referent_name"] == "C").sum() == 1
    assert named["referent_name"].iloc[5] == "C"  # the last who is neither


def test_nobody_is_left_without_a_referent_where_there_is_any():
    referents = people(("35", "", "", "A", 1), ("29", "", "", "B", 50), ("75", "", "", "P", 50))
    named = named_referents(
        youths(["35", "22", "22", "", "13"], ["53", "53", "53", "", "93"]), referents
    )
    assert (named["referent_name"] != "").all()
    assert named["referent_name"].tolist()[1:3] == ["B", "B"]  # of the region, with room
    assert (
        named_referents(youths(["35"], ["53"]), referents.iloc[:0])["referent_name"] == ""
    ).all()
