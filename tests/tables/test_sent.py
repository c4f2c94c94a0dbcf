"""`load_sent`: what earlier waves sent, each pair once, whatever file it comes in."""

from __future__ import annotations

import datetime as dt
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from matchmaker.errors import InputError, UsageError
from matchmaker.report.tables import write_csv, write_parquet
from matchmaker.settings import Settings
from matchmaker.tables import Sent, joined_sent, load_sent

AS_OF = dt.date(2023, 9, 15)
COLUMNS = ["youth_id", "offer_id", "wave", "sent_at", "outcome"]
ROWS = [
    ("Y2", "O1", "1", "2023-09-01", "interview"),
    ("Y1", "O9", "1", "2023-09-01", ""),
    ("Y1", "O1", "2", "08/09/2023", "no answer"),
    ("é1", "O1", "", "", ""),
]
CLEAN = [
    ("Y1", "O1", "2", "2023-09-08", "no answer"),
    ("Y1", "O9", "1", "2023-09-01", ""),
    ("Y2", "O1", "1", "2023-09-01", "interview"),
    ("é1", "O1", "", "", ""),
]


def run(rows, **options: object) -> Sent:
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=COLUMNS)
    return load_sent(frame, settings=Settings(**options), as_of=AS_OF)


def told(sent: Sent) -> list[tuple[str, ...]]:
    days = sent.frame["sent_at"].dt.strftime("%Y-%m-%d").fillna("")
    return list(sent.frame.assign(sent_at=days)[COLUMNS].itertuples(index=False, name=None))


def counts(sent: Sent) -> dict[str, int]:
    return dict(zip(sent.quality["reason"], sent.quality["count"], strict=True))


def test_rows_are_cleaned_and_sorted_by_the_bytes_of_their_ids():
    sent = run(ROWS)

    assert told(sent) == CLEAN
    assert sent.frame.dtypes.astype(str).tolist() == [
        "str", "str", "str", "datetime64[s]", "str", "str",
    ]  # fmt: skip
    assert counts(sent) == {"date_form": 1}
    assert (sent.files[0].role, sent.files[0].rows) == ("sent", 4)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".xlsx"])
def test_every_format_gives_the_same(suffix, tmp_path):
    frame, path = pd.DataFrame(ROWS, columns=COLUMNS), tmp_path / f"sent{suffix}"
    if suffix == ".csv":
        frame.to_csv(path, index=False, sep=";", encoding="cp1252")
    elif suffix == ".parquet":
        frame.to_parquet(path)
    elif suffix == ".json":
        frame.to_json(path, orient="records")
    else:
        frame.to_excel(path, index=False)

    assert told(load_sent(path, settings=Settings(), as_of=AS_OF)) == CLEAN


@examples(max_examples=30)
@given(st.permutations(range(6)))
def test_a_pair_sent_again_stands_once_as_it_was_sent_last(order):
    rows = [
        ("Y1", "O1", "1", "2023-09-01", "no answer"),
        ("Y1", "O1", "2", "2023-09-08", "interview"),
        ("Y1", "O1", "2", "2023-09-08", "interview"),
        ("Y1", "O1", "3", "", ""),
        ("Y1", "O2", "2", "2023-09-08", ""),
        ("Y1", "O2", "2", "2023-09-08", "hired"),
    ]
    sent = run([rows[i] for i in order])

    assert told(sent) == [rows[1], rows[5]]
    assert counts(sent) == {"same_row_twice": 1, "sent_again": 3}


def lists_of_a_run() -> pd.DataFrame:
    """Lines as `MatchResult.lists` has them; ids that a spreadsheet would run among them."""
    ids = ["=Y1", "+33;@Y", "Y'3"]
    return pd.DataFrame(
        {"youth_id": ids, "rank": [1, 1, 1], "offer_id": ["-1", "O2", "O3"], "score": 9,
         "distance_km": [1.5, None, 3.0], "rung": 1, "reason": "à 3 km"}
    )  # fmt: skip


@pytest.mark.parametrize(("name", "write"), [("csv", write_csv), ("parquet", write_parquet)])
def test_the_lists_of_an_earlier_run_are_taken_as_they_are(name, write, tmp_path):
    lists = lists_of_a_run()
    path = tmp_path / f"lists.{name}"
    sink = io.BytesIO()
    write(lists, sink)
    path.write_bytes(sink.getvalue())
    sent = load_sent(path, settings=Settings(), as_of=AS_OF)

    ordered = lists.sort_values("youth_id")
    assert sent.frame["youth_id"].tolist() == ordered["youth_id"].tolist()
    assert sent.frame["offer_id"].tolist() == ordered["offer_id"].tolist()
    assert sent.frame["sent_at"].isna().all()
    assert sent.quality.empty


def test_a_strange_column_is_counted_and_an_apostrophe_stays_where_no_run_wrote_it():
    frame = pd.DataFrame({"youth_id": ["'-1"], "offer_id": ["O1"], "wawe": ["1"]})
    sent = run(frame)

    assert sent.frame["youth_id"].tolist() == ["'-1"]
    assert sent.quality["column"].tolist() == ["wawe"]


def test_bad_rows_are_named_and_the_rest_goes_on():
    frame = pd.DataFrame([*ROWS, ("", "O1", "", "", ""), ("Y4", "O1", "1", "31/31/2023", "")])
    sent = run(frame.set_axis(COLUMNS, axis=1))

    assert told(sent) == CLEAN
    named = sent.rejects[["table", "line", "column", "reason"]].to_numpy().tolist()
    assert named == [
        ["sent", 5, "youth_id", "missing_id"],
        ["sent", 6, "sent_at", "impossible_date"],
    ]
    assert sent.files[0].rows == 6


def test_too_many_bad_rows_refuse_the_file():
    bad = [*ROWS, ("", "O1", "", "", "")]
    with pytest.raises(InputError, match="1 ligne fautive sur 5"):
        run(bad, max_rejected_rows=0)
    with pytest.raises(InputError, match="aucune ligne utilisable sur 1"):
        run(bad[4:])


def test_nothing_sent_so_far_is_no_fault(tmp_path):
    path = tmp_path / "sent.csv"
    path.write_text("youth_id,offer_id\n", encoding="utf-8")
    sent = load_sent(path, settings=Settings(), as_of=AS_OF)

    assert sent.frame.columns.tolist() == [*COLUMNS, "state"]
    assert sent.frame.dtypes.equals(run(ROWS).frame.dtypes)
    assert len(sent.frame) == len(sent.rejects) == len(sent.quality) == 0


def test_what_was_sent_after_the_day_of_the_run_is_kept_and_counted():
    sent = run([("Y1", "O1", "1", "2023-09-16", ""), ("Y2", "O1", "1", "2023-09-15", "")])

    assert len(sent.frame) == 2
    assert counts(sent) == {"sent_after_this_day": 1}


def test_files_that_are_no_such_table_are_refused_in_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="n'existe pas"):
        load_sent(tmp_path / "none.csv", settings=Settings(), as_of=AS_OF)
    path = tmp_path / "answer.json"
    path.write_text('{"jobs": [{"a": {"b": 1}}]}', encoding="utf-8")
    with pytest.raises(InputError, match="pas la liste des envois"):
        load_sent(path, settings=Settings(), as_of=AS_OF)
    path = tmp_path / "sent.csv"
    path.write_text("youth_id,wave\nY1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="colonne 'offer_id' : cette colonne manque"):
        load_sent(path, settings=Settings(), as_of=AS_OF)


def test_a_missing_id_of_a_frame_is_a_fault_like_any_other():
    frame = pd.DataFrame({"youth_id": ["Y1", None], "offer_id": ["O1", "O2"]})
    sent = run(frame)

    assert told(sent) == [("Y1", "O1", "", "", "")]
    assert sent.rejects["reason"].tolist() == ["missing_id"]


def test_what_came_back_changes_the_state_of_a_pair_whatever_file_it_stands_in():
    written = run(pd.DataFrame({"youth_id": ["Y1", "Y1", "Y2"], "offer_id": ["O1", "O2", "O1"],
                                "sent_at": "2023-09-01", "state": "written"}))  # fmt: skip
    back = run(pd.DataFrame({"youth_id": ["Y1", "Y2"], "offer_id": ["O1", "O1"], "sent_at": "",
                             "state": ["bounced", "answered"]}))  # fmt: skip
    for parts in ([written, back], [back, written]):
        joined = joined_sent(parts).frame
        assert joined["state"].tolist() == ["bounced", "written", "answered"]
        assert joined["sent_at"].notna().all()
    one = pd.DataFrame({"youth_id": ["Y1", "Y1"], "offer_id": ["O1", "O1"],
                        "state": ["opposed", "bounced"]})  # fmt: skip
    for frame in (one, one.iloc[::-1]):
        assert run(frame.reset_index(drop=True)).frame["state"].tolist() == ["opposed"]
    assert run(ROWS).frame["state"].eq("written").all()
