"""notes.csv: every doubt cell by cell, repairs once a distinct cell, nothing personal."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.checks.notes import NOTE_COLUMNS
from matchmaker.tables.masking import HIDDEN, mask

AS_OF = dt.date(2023, 9, 15)


def notes_of(wishes, **youths):
    people = {"youth_id": ["Y1", "Y2", "Y3"], "postal_code": ["29000"] * 3, **youths}
    tables = load(
        pd.DataFrame(people),
        pd.DataFrame(wishes),
        pd.DataFrame({"offer_id": ["O1"], "title": ["Boulanger"], "postal_code": ["29000"]}),
        as_of=AS_OF,
        settings=Settings(),
    )
    return tables.notes


WISHES = {
    "youth_id": ["Y1", "Y2", "Y3"],
    "rank": ["1", "1", "1"],
    "trade_label": ["zzqx un", "Boulanger", "zzqx trois"],
}


def test_each_label_that_nobody_understood_is_found_by_its_line():
    notes = notes_of(WISHES)
    lost = notes[notes["reason_code"] == "trade_unresolved"]
    assert lost["line"].tolist() == [1, 3]
    assert lost["value"].tolist() == ["zzqx un", "zzqx trois"]
    assert set(lost["verdict"]) == {"doubt"}
    assert set(lost["count_like_it"]) == {2}


def test_a_repair_stands_once_with_what_was_made_of_it():
    wishes = {**WISHES, "trade_label": ["Boulanger", "Boulanger", "Maçon"]}
    notes = notes_of(wishes)
    read = notes[(notes["reason_code"] == "trade_from_label") & (notes["table"] == "wishes")]
    assert read[["line", "value", "used", "count_like_it"]].to_numpy().tolist() == [
        [1, "Boulanger", "D1102", 2],
        [3, "Maçon", "F1703", 1],
    ]


def test_a_rejected_row_is_a_note_too():
    notes = notes_of({**WISHES, "rank": ["1", "minus", "1"]})
    (row,) = notes[notes["verdict"] == "rejected"].to_dict("records")
    assert (row["line"], row["column"], row["value"]) == (2, "rank", "minus")


def test_personal_columns_are_never_quoted_and_strays_are_hidden():
    notes = notes_of(
        WISHES,
        birth_date=["2007-02-29", "01/02/2006", "2006-05-02"],
        is_mobile=["lea@example.org", "oui", "non"],
        status=["seeking", "2 06 12 75 123 456 78", ""],
    )
    shown = notes.to_csv()
    assert set(notes.loc[notes["column"] == "birth_date", "value"]) == {HIDDEN}
    for private in ("2007-02-29", "lea@", "123 456", "01/02/2006"):
        assert private not in shown


def test_the_columns_are_those_of_the_contract():
    assert tuple(notes_of(WISHES).columns) == NOTE_COLUMNS


def test_notes_do_not_depend_on_the_order_of_rows():
    frame = pd.DataFrame(WISHES)
    one, other = notes_of(frame), notes_of(frame.iloc[::-1])
    columns = ["verdict", "column", "value", "used", "reason_code", "count_like_it"]

    def told(notes):
        return sorted(map(tuple, notes[columns].to_numpy().tolist()))

    assert told(one) == told(other)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("06.12.34.56.78", "…"),
        ("+33 6 12 34 56 78", "…"),
        ("tél 0612345678 le soir", "tél … le soir"),
        ("2060275123456", "…"),
        ("206027512345678", "…"),
        ("0123456789A", "…"),
        ("123456789AB", "…"),
        ("29000", "29000"),
        ("73282932000074", "73282932000074"),  # a SIRET is no person
        ("CAP Boulanger", "CAP Boulanger"),
        ("2023-10-02", "2023-10-02"),
        ("a\x1b[2Jb", "a [2Jb"),
    ],
)
def test_what_looks_like_a_person_is_hidden(written, shown):
    assert mask(pd.Series([written], dtype="str"), is_personal=False).tolist() == [shown]


@given(st.text(alphabet="abc. -'é", max_size=20), st.emails(), st.text("xyz ", max_size=9))
def test_an_address_is_hidden_wherever_it_stands(before, address, after):
    cell = pd.Series([f"{before} {address} {after}"], dtype="str")
    assert address not in mask(cell, is_personal=False).iloc[0]
