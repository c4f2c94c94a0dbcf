"""Labels of wishes that are not understood: who is hit, and the line that teaches them."""

import datetime as dt

import pandas as pd
import pytest

import matchmaker
from matchmaker.report.checked import check_answer
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.unread_labels import line_to_add, unread_labels

AS_OF = dt.date(2026, 6, 15)
YOUTHS = pd.DataFrame({"youth_id": ["Y1", "Y2", "Y3"], "postal_code": ["29000"] * 3})
WISHES = pd.DataFrame(
    [
        ("Y1", "1", "CAP ZORGLUB, OPT.A"),
        ("Y2", "1", "Cap zorglub opt a"),
        ("Y2", "2", "CAP ZORGLUB, OPT.A"),
        ("Y3", "1", "frobnicateur chez Jean Dupont"),
        ("Y3", "2", "2NDE GT"),
        ("Y3", "3", "Boulanger"),
    ],
    columns=["youth_id", "rank", "trade_label"],
)
OFFERS = pd.DataFrame({"offer_id": ["O1"], "title": ["Boulanger"], "postal_code": ["29000"]})


def checked(**settings):
    return load(YOUTHS, WISHES, OFFERS, as_of=AS_OF, settings=Settings(**settings))


def test_labels_of_most_youths_come_first_however_they_are_written():
    assert unread_labels(checked().wishes).to_dict("records") == [
        {"label": "CAP ZORGLUB, OPT.A", "youths": 2, "wishes": 3},
        {"label": "frobnicateur chez Jean Dupont", "youths": 1, "wishes": 1},
    ]
    shuffled = checked().wishes.sample(frac=1, random_state=3)
    assert unread_labels(shuffled).equals(unread_labels(checked().wishes))


def test_the_line_to_add_teaches_the_label(tmp_path):
    line = line_to_add("CAP ZORGLUB, OPT.A", "fr").replace("CODES ROME", "D1104|D1102")
    (tmp_path / "labels.csv").write_text(f"kind,written,meaning\n{line}\n", "utf-8")
    found = checked(labels_file=str(tmp_path / "labels.csv"))
    assert unread_labels(found.wishes)["youths"].tolist() == [1]
    taught = found.wishes[found.wishes["youth_id"] == "Y1"]
    assert taught["trade_codes"].tolist() == ["D1104|D1102"]


@pytest.mark.parametrize(("lang", "codes"), [("fr", "CODES ROME"), ("en", "ROME CODES")])
def test_check_lists_them_all(lang, codes):
    answer = check_answer(checked(), as_of=AS_OF, lang=lang)
    assert [row["youths"] for row in answer["unread_labels"]] == [2, 1]
    assert answer["unread_labels"][0]["to_add"] == f'trades,"CAP ZORGLUB, OPT.A",{codes}'


def test_the_report_lists_those_of_two_youths_at_least():
    result = matchmaker.match(YOUTHS, WISHES, OFFERS, as_of=AS_OF)
    assert result.summary["unread_labels"] == [
        {"label": "CAP ZORGLUB, OPT.A", "youths": 2, "wishes": 3}
    ]
    page = result.to_html()
    assert "CAP ZORGLUB, OPT.A" in page
    assert "Jean Dupont" not in page


def test_nothing_is_listed_where_all_is_understood():
    wishes = WISHES[WISHES["trade_label"] == "Boulanger"]
    result = matchmaker.match(YOUTHS, wishes, OFFERS, as_of=AS_OF)
    assert result.summary["unread_labels"] == []
    assert "labels_file" not in result.to_html().split("<main>")[1].split("<details")[0]
