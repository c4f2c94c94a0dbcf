import re

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.report.cells import guard_column, guard_table
from matchmaker.tables.sent import _without_guard

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
SKIPPED = " \t\u00a0\u200b\u2060\u3000\ufeff"
risky_text = st.text(
    st.sampled_from(SIGNS + SKIPPED + ';,|"\r\nab1') | st.characters(codec="utf-8"), max_size=12
)


def guarded(text):
    return guard_column(pa.chunked_array([[text]])).to_pylist()[0]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "\ufeff", "\u00a0", "x;", "x, ", 'x"'])
def test_a_formula_is_neutralised(sign, before):
    cell = guarded(f"{before}{sign}HYPERLINK(1)")
    assert f"'{sign}HYPERLINK" in cell
    assert not re.search(r"[\t\r\n]", cell)


@given(risky_text)
def test_no_piece_of_a_cell_can_run_whatever_the_separator(text):
    cell = guarded(text)
    for piece in re.split(r'[;,|"\t\r\n]', cell):
        assert not piece.strip(SKIPPED + "\u2000\u2028\u2029\u202f").startswith(tuple(SIGNS))


@given(st.lists(st.text("=+'a;,", max_size=4), min_size=2, max_size=2, unique=True))
def test_two_texts_never_become_one(texts):
    assert len(set(map(guarded, texts))) == 2


@given(st.text("=+'a;,", max_size=6))
def test_what_a_run_reads_again_is_what_it_was(text):
    assert _without_guard(pd.Series([guarded(text)], dtype="str")).tolist() == [text]


@pytest.mark.parametrize(
    "text",
    ["Boulanger(ère) H/F", "à 7 km", "a-b", "l'offre", "x=1", "jean@example.org", "", "H/F - CAP"],
)
def test_plain_text_stays(text):
    assert guarded(text) == text


def test_numbers_and_nulls_stay_and_headers_are_guarded():
    table = pa.table({"=h": pa.array(["-1", None], pa.large_string()), "n": [-1.5, 2.0]})
    out = guard_table(table)
    assert out.column_names == ["'=h", "n"]
    assert out.to_pydict() == {"'=h": ["'-1", None], "n": [-1.5, 2.0]}
    assert out.schema.types == table.schema.types
