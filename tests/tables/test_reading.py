"""Any file as it comes: separators, encodings, line numbers, formats; never a traceback."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import os
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matchmaker.errors import InputError, MatchmakerError, UsageError
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.reading import from_frame, read_file
from matchmaker.tables.reading.stream import unpacked
from matchmaker.words import text_of

HEADER = ["youth_id", "postal_code", "source"]
ROWS = [["Y1", "01000", "été"], ["Y2", "2A004", 'dit "Léa"'], ["Y3", "", "deux\nlignes; ou, trois"]]


def read(tmp_path: Path, data: bytes, name: str = "youths.csv") -> RawTable:
    (tmp_path / name).write_bytes(data)
    table = read_file(tmp_path / name, "youths")
    assert isinstance(table, RawTable)
    return table


def as_csv(rows: list[list[str]], **dialect: str) -> str:
    out = io.StringIO()
    csv.writer(out, **{"lineterminator": "\n", **dialect}).writerows([HEADER, *rows])
    return out.getvalue()


def cells(table: RawTable) -> list[list[str]]:
    return table.frame.to_numpy(dtype=object).tolist()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separator_is_found_from_the_header(tmp_path, separator, end):
    text = as_csv(ROWS, delimiter=separator, lineterminator=end)

    table = read(tmp_path, text.encode())

    assert cells(table) == ROWS
    assert table.lines.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("encoding", "bom", "note"),
    [
        ("utf-8", b"", ""), ("utf-8", b"\xef\xbb\xbf", ""), ("cp1252", b"", "cp1252"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"), ("utf-16-be", b"\xfe\xff", "UTF-16"),
    ],
)  # fmt: skip
def test_encodings(tmp_path, encoding, bom, note):
    table = read(tmp_path, bom + as_csv(ROWS).encode(encoding))

    assert cells(table) == ROWS
    assert note in " ".join(text_of(note, "en") for note in table.notes)


def test_latin9_is_told_from_cp1252_by_its_own_signs(tmp_path):
    table = read(tmp_path, as_csv([["Y1", "", "900 € à sœur"]]).encode("iso8859-15"))

    assert cells(table) == [["Y1", "", "900 € à sœur"]]


def test_one_damaged_byte_in_utf8_stays_in_its_row(tmp_path):
    data = as_csv([["Y1", "", "é à ç"], ["Y2", "", "XX"]]).encode().replace(b"XX", b"a\xe9b")

    table = read(tmp_path, data)

    assert cells(table)[0][2] == "é à ç"
    assert "\ufffd" in cells(table)[1][2]


def test_byte_of_no_encoding_is_named_by_its_line(tmp_path):
    with pytest.raises(InputError, match="ligne 3 : le fichier contient l'octet 0x81"):
        read(tmp_path, as_csv(ROWS[:1]).encode("cp1252") + b"Y9,,\xe9\x81\n")


def test_lines_are_physical(tmp_path):
    rows = [["Y1", "", "a\nb\r\nc"], ["Y2", "", ""], ["Y3", "", "x"]]

    table = read(tmp_path, b"sep=,\n" + as_csv(rows).encode() + b"\n\n")

    assert table.header_line == 2
    assert table.lines.tolist() == [3, 6, 7]


@pytest.mark.parametrize(
    ("text", "ids", "lines"),
    [
        ("youth_id,level\rY1,3\rY2,4", ["Y1", "Y2"], [2, 3]),
        ("youth_id,level\r\nY1,3\nY2,4\rY3,5\n", ["Y1", "Y2", "Y3"], [2, 3, 4]),
        ("youth_id,level\nY1,3\n,\n\n  ,  \nY2,4\n", ["Y1", "Y2"], [2, 6]),
    ],
)  # fmt: skip
def test_ends_of_line_and_blank_rows(tmp_path, text, ids, lines):
    table = read(tmp_path, text.encode())

    assert table.frame["youth_id"].tolist() == ids
    assert table.lines.tolist() == lines


def test_damaged_rows_are_named_and_do_not_shift_the_others(tmp_path):
    text = 'youth_id,level,source\nY1,3\nY2,3,a,b\nY3,3,a,,\nY4,"3"x,\nY5,4,ok\n'

    table = read(tmp_path, text.encode())

    assert cells(table) == [["Y3", "3", "a"], ["Y5", "4", "ok"]]
    assert [(f.line, f.reason) for f in table.faults] == [
        (2, "cell_count"), (3, "cell_count"), (5, "stray_quote"),
    ]  # fmt: skip


def test_unclosed_quote_refuses_the_file_and_names_where_it_opens(tmp_path):
    with pytest.raises(InputError, match="ligne 3 : un guillemet s'ouvre et ne se ferme jamais"):
        read(tmp_path, b'youth_id,source\nY1,a\nY2,"b\nY3,c\nY4,d\n')


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rest of a workbook", "ZIP"), (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PAR1....PAR1", "Parquet"), (b"%PDF-1.7", "PDF"), (b"<!DOCTYPE html><html>", "page web"),
        (b"<?xml version='1.0'?><a/>", "XML"), (bytes(range(256)) * 4, "binaires"),
        ("youth_id\nY1\n".encode("utf-16-le"), "UTF-16"), (b'[{"youth_id": 1}]', "JSON"),
        ("youth_id\nY1\n".encode("utf-32"), "UTF-32"), (b"", "vide"), (b" \r\n\t\n", "vide"),
    ],
)  # fmt: skip
def test_content_that_is_not_what_the_name_says_is_named(tmp_path, data, says):
    with pytest.raises(InputError, match=says):
        read(tmp_path, data)


def test_missing_file_and_folder_are_usage_errors(tmp_path):
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(UsageError, match=str(path)):
            read_file(path, "youths")


def test_gzip_is_read_and_bombs_are_not(tmp_path):
    assert cells(read(tmp_path, gzip.compress(as_csv(ROWS).encode()), "y.csv.gz")) == ROWS
    with pytest.raises(InputError, match="200 fois sa taille"):
        read(tmp_path, gzip.compress(bytes(20 << 20)), "bomb.csv.gz")
    with pytest.raises(InputError, match="s'arrête avant la fin"):
        list(unpacked([gzip.compress(b"x" * 1000)[:-12]], "cut.csv.gz", 50))


def test_workbook_gives_the_same_text_as_csv(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append([*HEADER, "birth_date", "level"])
    sheet.append(["Y1", "01000", "été", dt.date(2007, 3, 1), 3])
    sheet.append([])
    sheet.append(["Y2", 1000, True, pd.Timestamp("2007-03-01 23:00").to_pydatetime(), 2.5])
    book.save(tmp_path / "y.xlsx")

    table = read_file(tmp_path / "y.xlsx", "youths")

    assert isinstance(table, RawTable)
    assert cells(table) == [
        ["Y1", "01000", "été", "2007-03-01", "3"],
        ["Y2", "1000", "true", "2007-03-01T23:00:00", "2.5"],
    ]
    assert (table.header_line, table.lines.tolist(), table.blank_rows) == (2, [3, 5], 1)


def test_parquet_json_and_json_lines_give_the_same_text(tmp_path):
    frame = pd.DataFrame({"youth_id": ["Y1", "Y2"], "level": [3, None], "source": ["a", None]})
    frame.to_parquet(tmp_path / "y.parquet")
    items = [{"youth_id": "Y1", "level": 3, "source": "a"}, {"youth_id": "Y2", "level": None}]
    (tmp_path / "y.json").write_text(json.dumps(items), "utf-8")
    (tmp_path / "y.jsonl").write_text("\n".join(map(json.dumps, items)) + "\nnot json\n", "utf-8")
    expected = [["Y1", "3", "a"], ["Y2", "", ""]]

    for name in ("y.parquet", "y.json", "y.jsonl"):
        table = read_file(tmp_path / name, "youths")
        assert isinstance(table, RawTable)
        assert cells(table) == expected, name
    assert [fault.line for fault in table.faults] == [3]


def test_json_of_an_api_is_left_to_its_adapter(tmp_path):
    (tmp_path / "lba.json").write_text('{"jobs": [], "recruiters": []}', "utf-8")

    answer = read_file(tmp_path / "lba.json", "offers")

    assert isinstance(answer, JsonAnswer)
    assert list(answer.items()) == [(1, {"jobs": [], "recruiters": []})]


def test_frame_of_any_dtype_becomes_text():
    frame = pd.DataFrame(
        {
            "youth_id": [1, 2],
            "postal_code": [1000.0, np.nan],
            "birth_date": pd.to_datetime(["2007-03-01", None]),
            "level": pd.Categorical(["3", None]),
            "is_mobile": [True, False],
            "source": pd.Series(["a\ud800", None], dtype=object),
            "status": pd.array(["seeking", pd.NA], dtype="string"),
            "max_distance_km": pd.array([30, pd.NA], dtype="Int64"),
        }
    ).set_axis(["x", "x"])

    table = from_frame(frame, "youths")

    assert cells(table) == [
        ["1", "1000", "2007-03-01", "3", "true", "a?", "seeking", "30"],
        ["2", "", "", "", "false", "", "", ""],
    ]
    assert table.sha256 == from_frame(frame, "youths").sha256
    assert table.sha256 != from_frame(frame[::-1], "youths").sha256


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;| '), max_size=8
)


@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example(rows=[["a", '"', '""']], separator=",", quoting=csv.QUOTE_ALL, end="\n")
def test_what_a_csv_writer_writes_reads_back(tmp_path_factory, rows, separator, quoting, end):
    rows = [[f"Y{i}", *row[1:]] for i, row in enumerate(rows)]
    text = as_csv(rows, delimiter=separator, quoting=quoting, lineterminator=end)
    path = tmp_path_factory.mktemp("csv") / "youths.csv"
    path.write_bytes(text.encode())

    table = read_file(path, "youths")

    assert cells(table) == rows
    before = [text[: text.index(f"Y{i}")] for i in range(len(rows))]
    assert table.lines.tolist() == [part.count("\n") + 1 for part in before]


STARTS = [
    b"",
    b"youth_id,rank\n",
    b"\xff\xfe",
    b"PK\x03\x04",
    b"PAR1",
    b"[{",
    b'{"a":',
    b"\x1f\x8b\x08",
]


@settings(max_examples=150)
@given(
    start=st.sampled_from(STARTS),
    data=st.binary(max_size=200) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")),
    suffix=st.sampled_from([".csv", ".xlsx", ".parquet", ".json", ".jsonl", ".csv.gz", ""]),
    is_packed=st.booleans(),
)
def test_any_bytes_at_all_give_a_table_or_a_sentence(
    tmp_path_factory, start, data, suffix, is_packed
):
    content = gzip.compress(start + data) if is_packed else start + data
    path = tmp_path_factory.mktemp("any") / f"wishes{suffix}"
    path.write_bytes(content)

    try:
        table = read_file(path, "wishes")
    except MatchmakerError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(table, RawTable | JsonAnswer)


def test_a_large_text_is_read_the_same_when_it_is_dropped_as_it_is_consumed(tmp_path, monkeypatch):
    path = tmp_path / "wishes.csv"
    rows = [f'Y{i:06d};{i % 9 + 1};"two\nlines {i}"' for i in range(200_000)]
    path.write_text("youth_id;rank;trade_label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    whole = read_file(path, "wishes")
    monkeypatch.setattr("matchmaker.tables.reading.delimited._LEAST_DROPPED", 1000)
    parts = read_file(path, "wishes")

    pd.testing.assert_frame_equal(parts.frame, whole.frame)
    assert parts.lines.tolist() == whole.lines.tolist() == list(range(2, 400_002, 2))
    assert parts.sha256 == whole.sha256


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "iso8859-15", "utf-8-sig"])
def test_a_text_of_several_parts_is_decoded_whole(tmp_path, monkeypatch, encoding):
    path = tmp_path / "wishes.csv"
    text = "youth_id;rank;trade_label\n" + "Y1;1;pâtissière\u2019 au cœur\n" * 50
    if encoding == "iso8859-15":
        text = text.replace("\u2019", "'")
    path.write_bytes(text.encode(encoding))
    monkeypatch.setattr("matchmaker.tables.reading.content._CHUNK", 64)
    frame = read_file(path, "wishes").frame

    assert set(frame["trade_label"]) == {text.split(";")[-1].strip()}


def test_records_of_several_blocks_are_gathered_in_order(tmp_path):
    """Blocks hold 4,096 records; every third here has quotes, every fifth a line break."""
    rows = [
        [f"Y{i}", "" if i % 2 else "01000", 'dit "Léa"\n' * (i % 15 == 0) + f"é{i % 3}" * (i % 3)]
        for i in range(10_000)
    ]
    table = read(tmp_path, as_csv(rows).encode())

    assert table.frame.to_numpy().tolist() == rows
    breaks = np.cumsum([0] + [row[2].count("\n") for row in rows[:-1]])
    assert table.lines.tolist() == (np.arange(10_000) + 2 + breaks).tolist()
    assert table.faults == ()


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_utf8_is_shown_as_what_can_be_written(tmp_path):
    path = tmp_path / os.fsdecode(b"v\x9cux.csv")
    path.write_text("youth_id,rank\nY1,1\n")
    assert read_file(path, "wishes").file == "v�ux.csv"
