"""Preference files: ties, dialects, and every fault with its line."""

import pytest

from matchmaker.assignment import read_capacities, read_preferences
from matchmaker.errors import InputError, UsageError
from tests.languages import raises


def written(tmp_path, text, name="wishes.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ranks_gaps_ties_and_dialects(tmp_path, separator, end):
    rows = ["id,rank,other_id", "a,3,p", "a,1,o", "", " b ,2,o", "b,2,p", '"c",1,"o"']
    text = "\ufeff" + end.join(rows).replace(",", separator)
    assert read_preferences(written(tmp_path, text)) == {
        "a": [["o"], ["p"]],
        "b": [["o", "p"]],
        "c": [["o"]],
    }


def test_all_faults_with_their_physical_line(tmp_path):
    text = 'id,rank,other_id\na,0,o\na,first,p\n"multi\nline",1,o\nb,1,o\nb,2,o\n,1,o\nc,1,\n'
    with pytest.raises(InputError) as caught:
        read_preferences(written(tmp_path, text))
    assert caught.value.text("en").splitlines() == [
        "wishes.csv, line 2, column 'rank': '0' is not a whole number from 1 up. Ranks start at 1.",
        (
            "wishes.csv, line 3, column 'rank': 'first' is not a whole number from 1 up."
            " Ranks start at 1."
        ),
        (
            "wishes.csv, line 7, column 'other_id': 'o' stands twice in the list of 'b'"
            " (first on line 6). Keep one of them."
        ),
        "wishes.csv, line 8, column 'id': '' is empty. Give an id.",
        "wishes.csv, line 9, column 'other_id': '' is empty. Give an id.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the column is missing"),
        ("id,rnk,other_id\n", "column 'rank': the column is missing. Did you mean 'rnk'"),
        ("id,rank,other_id\na,1\n", "line 2: has 2 cells and the header 3"),
        (b"id,rank,other_id\na,1,\xe9\n", "line 2: is not UTF-8 text"),
    ],
)
def test_files_that_cannot_be(tmp_path, text, message):
    with raises(InputError, message):
        read_preferences(written(tmp_path, text))


def test_no_file(tmp_path):
    with raises(UsageError, "no such file"):
        read_preferences(tmp_path / "none.csv")
    with raises(UsageError, "cannot be read"):
        read_preferences(tmp_path)


def test_capacities(tmp_path):
    assert read_capacities(written(tmp_path, "offer_id,capacity\no,2\np,0\n")) == {"o": 2, "p": 0}
    with pytest.raises(InputError) as caught:
        read_capacities(written(tmp_path, "offer_id,capacity\no,2\no,1\np,-1\n,1.5\n", "seats.csv"))
    assert [issue.line for issue in caught.value.issues] == [3, 4, 5, 5]
