import csv
import io
import itertools

import numpy as np
import pandas as pd
import pytest

from matchmaker.report.tables import mailing, write_csv, write_mailing, write_parquet


def parquet(frame):
    sink = io.BytesIO()
    write_parquet(frame, sink)
    return sink.getvalue()


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "youth_id": ["a", "b", "c"],
            "km": [1.25, np.nan, 7.1234567],
            "rank": np.array([1, 2, 3], np.int16),
            "title": ["=1+1", 'dit "oui"', "a\nb;c"],
        }
    )


def test_parquet_is_exact(frame):
    back = pd.read_parquet(io.BytesIO(parquet(frame)))
    pd.testing.assert_frame_equal(back, frame)


def test_bytes_depend_on_values_only(frame):
    parts = pd.concat([frame.iloc[:1], frame.iloc[1:]], ignore_index=True)
    other = frame.astype({"title": "category", "youth_id": object}).set_index(pd.Index([7, 8, 9]))
    assert parquet(frame) == parquet(parts) == parquet(other)


def test_bytes_do_not_depend_on_how_a_long_frame_was_put_together():
    long = pd.DataFrame({"reason": [f"reason {i}" for i in range(300_000)]}, dtype="str")
    cuts = [0, 7, 70_001, 131_072, 299_999, 300_000]
    parts = [long.iloc[a:b] for a, b in itertools.pairwise(cuts)]
    assert parquet(long) == parquet(pd.concat(parts, ignore_index=True))


def test_csv_keeps_one_line_a_row_and_rounds_to_the_metre(frame):
    sink = io.BytesIO()
    write_csv(frame, sink)
    rows = list(csv.reader(io.StringIO(sink.getvalue().decode(), newline="")))
    assert rows[1:] == [
        ["a", "1.25", "1", "'=1+1"],
        ["b", "", "2", 'dit "oui"'],
        ["c", "7.123", "3", "a b;c"],
    ]
    assert len(sink.getvalue().splitlines()) == 4


def test_an_empty_table_has_its_header():
    sink = io.BytesIO()
    write_csv(pd.DataFrame({"youth_id": [], "score": np.array([], np.int32)}), sink)
    assert sink.getvalue() == b'"youth_id","score"\n'


def lists_of(lengths):
    rows = [(f"Y{y}", r + 1) for y, n in enumerate(lengths) for r in range(n)]
    frame = pd.DataFrame(rows, columns=["youth_id", "rank"])
    for column in ("title", "employer", "place", "url", "reason"):
        frame[column] = column + ":" + frame["youth_id"] + ":" + frame["rank"].astype(str)
    return frame.assign(kind=np.where(frame["rank"] == 2, "spontaneous", "offer"))


def test_mailing_has_one_row_a_youth_and_siblings_apart():
    table = mailing(lists_of([2, 0, 3]), 3, "fr")
    assert table["youth_id"].to_pylist() == ["Y0", "Y2"]
    assert table["ligne_2_titre"].to_pylist() == ["title:Y0:2", "title:Y2:2"]
    assert table["ligne_2_type"].to_pylist() == ["candidature à proposer"] * 2
    assert table["ligne_3_raison"].to_pylist() == ["", "reason:Y2:3"]
    assert table.column_names[1:7] == [
        f"ligne_1_{part}" for part in ("type", "titre", "employeur", "lieu", "url", "raison")
    ]


def test_mailing_does_not_depend_on_the_order_of_lines():
    lists = lists_of([2, 4, 1])
    assert mailing(lists, 4, "fr").equals(mailing(lists.iloc[::-1], 4, "fr"))


def test_mailing_of_nobody():
    table = mailing(lists_of([]), 2, "fr")
    assert (table.num_rows, table.num_columns) == (0, 13)


def written_mailing(lists, lines_per_youth):
    sink = io.BytesIO()
    write_mailing(lists, lines_per_youth, "fr", sink)
    return sink.getvalue().decode()


def test_excel_variant_has_a_mark_and_semicolons():
    lists = lists_of([1]).assign(title="é;@x")
    header, row = written_mailing(lists, 1).splitlines()
    assert header.startswith('\ufeff"youth_id";"ligne_1_type";"ligne_1_titre";')
    assert row.startswith('"Y0";"offre publiée";"é;\'@x";"employer:Y0:1";')


def test_a_mailing_written_in_parts_is_the_same(monkeypatch):
    lists = lists_of([2, 4, 1, 3, 3, 1])
    whole = written_mailing(lists, 4)
    for rows in (1, 4, 9):
        monkeypatch.setattr("matchmaker.report.tables._BATCH_ROWS", rows)
        assert written_mailing(lists, 4) == whole
    assert len(whole.splitlines()) == 7
    assert written_mailing(lists_of([]), 4).count("\n") == 1


def test_texts_held_once_are_written_like_others(monkeypatch, frame):
    categories = frame.astype({"title": "category", "youth_id": "category"})
    sinks = [io.BytesIO(), io.BytesIO()]
    write_csv(frame, sinks[0])
    monkeypatch.setattr("matchmaker.report.tables._BATCH_ROWS", 2)
    write_csv(categories, sinks[1])
    assert sinks[0].getvalue() == sinks[1].getvalue()
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(parquet(categories))), frame)


@pytest.mark.parametrize("kind", ["str", "category"])
def test_no_cell_of_a_mailing_can_run(kind):
    bad = "=HYPERLINK(1)"
    lists = pd.DataFrame(
        {
            "youth_id": ["=a", "b", "b"],
            "rank": [1, 1, 2],
            "kind": "offer",
            "title": ["t", bad, "a\tb"],
            "employer": [bad, "", "x;=y"],
            "place": bad,
            "url": ["", "@u", ""],
            "reason": ["r", bad, "+1"],
        }
    )
    words = ["title", "employer", "place", "url"]
    sink = io.BytesIO()
    write_mailing(lists.astype(dict.fromkeys(words, kind)), 2, "fr", sink)
    text = io.StringIO(sink.getvalue().decode("utf-8-sig"), newline="")
    _, first, second = csv.reader(text, delimiter=";")
    what, safe = "offre publiée", f"'{bad}"
    assert first == ["'=a", what, "t", safe, safe, "", "r", *[""] * 6]
    assert second == ["b", what, safe, "", safe, "'@u", safe, what, "a b", "x;'=y", safe, "", "'+1"]
