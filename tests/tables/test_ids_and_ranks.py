"""Ids that a spreadsheet damaged, ranks written with words, and rows that are none."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.settings import Settings
from matchmaker.tables import Tables, load
from matchmaker.tables.checks.cells import parser_of
from matchmaker.tables.checks.footers import footers
from matchmaker.tables.lost_zeros import ids_with_zeros
from matchmaker.tables.reading.remark_rows import is_remark
from matchmaker.tables.schemas import columns_of

AS_OF = dt.date(2026, 9, 15)
OFFERS = pd.DataFrame({"offer_id": ["E1"], "title": ["boulanger"], "postal_code": ["29000"]})
RANK = parser_of(columns_of("wishes")["rank"], AS_OF)


def texts(*values: str) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def loaded(youth_ids: list[str], wishes: list[tuple[str, str]]) -> Tables:
    """Youths who live in Quimper, and wishes of (youth, rank), each for a trade of its own."""
    trades = ["D1102", "F1703", "G1602", "F1602", "I1604", "D1104", "K1302", "F1603"]
    ids, ranks = zip(*wishes, strict=True)
    youths = pd.DataFrame({"youth_id": youth_ids, "postal_code": "29000"})
    wished = pd.DataFrame({"youth_id": ids, "rank": ranks,
                           "trade_code": [trades[i % 8] for i in range(len(ids))]})  # fmt: skip
    return load(youths, wished, OFFERS, as_of=AS_OF, settings=Settings(max_rejected_rows=100))


def reasons(tables: Tables) -> list[tuple[str, str]]:
    return list(zip(tables.rejects["table"], tables.rejects["reason"], strict=True))


def test_zeros_lost_in_the_wishes_are_put_back():
    tables = loaded(["00010", "00011", "G99"], [("10", "1"), ("11", "1"), ("G99", "1")])

    assert tables.wishes["youth_id"].tolist() == ["00010", "00011", "G99"]
    assert reasons(tables) == []
    found = tables.quality.query("reason == 'id_zeros'")
    assert found[["table", "kind", "count"]].to_numpy().tolist() == [["wishes", "repair", 2]]


def test_zeros_lost_among_the_youths_are_found_too():
    tables = loaded(["10", "11", "120"], [("00010", "1"), ("00011", "1"), ("00120", "1")])

    assert tables.wishes["youth_id"].tolist() == ["10", "11", "120"]


def test_without_evidence_the_youth_is_only_proposed():
    """Ids of two widths: 10 may be an id of its own."""
    tables = loaded(["00010", "123"], [("10", "1"), ("123", "1")])

    assert reasons(tables) == [("wishes", "unknown_youth")]
    assert tables.rejects["hint"].tolist() == [
        "Les vœux de '10' sont peut-être ceux de '00010' : Excel retire les zéros de tête."
    ]


def test_two_youths_who_may_be_meant_are_not_proposed():
    assert ids_with_zeros(["7"], texts("7"), texts("007", "0007")) == ({}, {})


def test_wishes_are_not_given_to_a_youth_who_has_some_of_their_own():
    certain, possible = ids_with_zeros(["10"], texts("10", "00010"), texts("00010", "00011"))

    assert (certain, possible) == ({}, {"10": "00010"})


@given(
    numbers=st.lists(st.integers(0, 99_999), min_size=1, max_size=20, unique=True),
    width=st.integers(5, 9),
)
def test_whatever_zeros_were_lost_each_wish_finds_its_own_youth(numbers, width):
    whole = [f"{number:0{width}}" for number in numbers]
    lost = {text: text.lstrip("0") or "0" for text in whole}
    damaged = [short for text, short in lost.items() if short != text]

    certain, _ = ids_with_zeros(damaged, texts(*lost.values()), texts(*whole))

    assert certain == {short: text for text, short in lost.items() if short != text}


def test_ids_that_excel_rounded_are_rejected_and_their_wishes_go_to_nobody():
    tables = loaded(["1,23457E+13", "1,23457E+13", "G99"], [("1,23457E+13", "1"), ("G99", "1")])

    assert sorted(reasons(tables)) == [
        ("wishes", "id_scientific"), ("youths", "id_scientific"), ("youths", "id_scientific"),
    ]  # fmt: skip
    assert tables.wishes["youth_id"].tolist() == ["G99"]


@pytest.mark.parametrize("text", ["12E45", "5E7", "E+13", "1E+1"])
def test_ids_that_look_like_rounded_ones_are_kept(text):
    assert loaded([text], [(text, "1")]).youths["youth_id"].tolist() == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [("V1", 1), ("v 2", 2), ("vœu 2", 2), ("Voeu n°3", 3), ("1er", 1), ("1ère", 1), ("2ème", 2),
     ("2e", 2), ("3 ème", 3), ("2nd", 2), ("n° 4", 4), ("Rang : 5", 5), ("choix 12", 12)],
)  # fmt: skip
def test_a_rank_written_with_words_is_its_number(text, value):
    answer = RANK(text)
    assert (answer.value, answer.verdict, answer.reason) == (value, "repair", "rank_in_words")


@pytest.mark.parametrize("text", ["premier", "1 ou 2", "A1", "1-2", "vœu", "-1", "1.5", "V0"])
def test_what_is_no_rank_is_rejected(text):
    assert RANK(text).verdict == "reject"


def test_ranks_that_count_from_0_are_read_from_1():
    tables = loaded(["A", "B"], [("A", "0"), ("A", "1"), ("B", "V0"), ("B", "V1"), ("B", "")])

    assert tables.wishes["rank"].tolist() == [1, 2, 1, 2, 0]
    assert "rank_from_zero" in tables.quality["reason"].tolist()


@pytest.mark.parametrize(
    "wishes",
    [[("A", "0"), ("A", "1"), ("B", "1")], [("A", "0"), ("A", "0"), ("B", "0")]],
    ids=["one youth counts from 1", "no ranking"],
)
def test_a_0_that_may_mean_anything_is_rejected(wishes):
    tables = loaded(["A", "B"], [*wishes, ("B", "2"), ("A", "3")])

    assert {reason for _, reason in reasons(tables)} == {"out_of_bounds"}


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=6), st.sampled_from(["{}", "V{}", "vœu {}"])
)
@settings(max_examples=25)
def test_counting_from_0_gives_the_same_ranks(sizes, form):
    youths = [f"Y{i}" for i in range(len(sizes))]
    pairs = [(y, rank) for y, size in zip(youths, sizes, strict=True) for rank in range(size)]

    from_0 = loaded(youths, [(y, form.format(rank)) for y, rank in pairs])
    from_1 = loaded(youths, [(y, str(rank + 1)) for y, rank in pairs])

    pd.testing.assert_frame_equal(from_0.wishes, from_1.wishes)


@pytest.mark.parametrize(
    "cells",
    [["Total", "", "", "60"], ["Total général", "3", "", "60"], ["Sous-total Ain", "", "", ""],
     ["Source : rectorat", "", "", ""], ["Note (1) les offres", "", "", ""], ["* provisoire", "", "", ""],
     ["", "Total", "", "60"], ["Ces jeunes sont à rappeler", "", "", ""], ["Extraction du 15/09/2026", "", "", ""]],
)  # fmt: skip
def test_totals_and_remarks_below_a_table_are_no_rows(cells):
    assert is_remark(cells[0], cells[1:], is_last=True)


@pytest.mark.parametrize(
    "cells",
    [["Y1", "", "", ""], ["TOTAL-001", "", "", ""], ["Total", "2008-03-01", "01000", "CAP"],
     ["Source", "2008-03-01", "01000", "3"], ["", "2008-03-01", "", "3"], ["Notes-7", "", "", "3"],
     ["Jean 12", "", "", ""]],
)  # fmt: skip
def test_a_row_with_an_id_and_data_stays_one(cells):
    assert not is_remark(cells[0], cells[1:], is_last=True)


FOOTER = st.lists(
    st.sampled_from([["Total", "", "", "12"], ["Source : SIO", "", "", ""], ["", "", "", ""],
                     ["Lecture : deux jeunes sur trois", "", "", ""]]), max_size=4,
)  # fmt: skip


@given(st.integers(1, 5), FOOTER)
def test_only_what_stands_below_is_dropped(rows, below):
    body = [[f"Y{i}", "2008-03-01", "01000", ""] for i in range(rows)]
    frame = pd.DataFrame([*body, *below], columns=list("abcd"), dtype="str")

    expected = [rows + i for i, row in enumerate(below) if any(row)]
    assert footers(frame, 0).tolist() == expected


def test_a_sum_between_rows_is_none_either_and_a_remark_there_is_left_to_the_checks():
    frame = pd.DataFrame([["Y1", "3"], ["Total zone A", "1"], ["Note", ""], ["Y2", "3"]],
                         columns=["youth_id", "level"], dtype="str")  # fmt: skip
    assert footers(frame, 0).tolist() == [1]
