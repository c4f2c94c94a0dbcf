import datetime as dt
import re

import pytest

from matchmaker.report.text import text_report
from matchmaker.words import date_text, number, share, table
from tests.fakes import fake_result


@pytest.mark.parametrize(
    ("value", "decimals", "french", "english"),
    [(0, 0, "0", "0"), (1234567, 0, "1\u202f234\u202f567", "1,234,567"), (0.25, 1, "0,2", "0.2")],
)
def test_numbers(value, decimals, french, english):
    assert number(value, "fr", decimals) == french
    assert number(value, "en", decimals) == english


def test_a_share_of_nothing_is_a_dash():
    assert share(None, "en") == share(None, "fr") == "–"
    assert share(1.0, "fr") == "100,0\u202f%"


def test_dates_do_not_depend_on_the_locale():
    assert date_text(dt.date(2024, 2, 29), "fr") == "29 février 2024"
    assert date_text(dt.date(2024, 8, 1), "fr") == "1er août 2024"
    assert date_text(dt.date(2024, 8, 1), "en") == "1 August 2024"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_values_are_aligned_and_synthetic_is_said(lang):
    head, *rows = text_report(fake_result().summary, lang).splitlines()
    assert {"fr": "synthétiques", "en": "synthetic"}[lang] in head
    assert len({re.match(r" +\S.*?  +(?=\S)", row).end() for row in rows}) == 1
    assert all(len(row) < 80 for row in rows)


def test_variety_and_the_smallest_caps_are_among_the_figures():
    summary = fake_result().summary
    text = text_report(summary, "en")
    assert re.search(
        r"with at least 6 varied lines +70 \(38\.0%\)\n +without the eligible lines .* 84\n", text
    )
    assert re.search(
        r"lines allowed a youth +10\.9\n +caps for 6 lines each +17 a seat, 9 a firm", text
    )
    none = {"lists_per_seat": None, "lists_per_firm": None, "is_proved": True}
    summary["caps"] = {**summary["caps"], "smallest": none}
    assert re.search(r"caps for 6 lines each +none is enough", text_report(summary, "en"))
    assert "varied" not in text_report({**summary, "variety": None, "caps": None}, "en")


def test_no_pairs_line_without_an_assignment():
    result = fake_result()
    assert "Premières lignes" in str(result)
    summary = {**result.summary, "assignment": {"pairs": 0, "share_of_seeking": 0.0}}
    assert "Premières lignes" not in text_report(summary, "fr")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_another_trade_of_the_sector_and_the_order_are_told(lang):
    summary = fake_result().summary
    none, some = (
        text_report({**summary, "youths": {**summary["youths"], "served_by_other_trade": n}}, lang)
        for n in (0, 7)
    )
    words = table(lang, "summary")
    assert words["other_trade"] not in none
    assert re.search(re.escape(words["other_trade"]) + r" +7$", some, re.MULTILINE)
    assert words["reordered"] in none
    assert words["reordered"] not in text_report({**summary, "order": None}, lang)
