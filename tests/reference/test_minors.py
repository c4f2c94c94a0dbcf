"""The table of rules for minors: codes that exist, articles, words of the law, whole sentences."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from matchmaker.reference.lookup import read_table
from matchmaker.reference.minors import closed_to_minors, minors_rules

RULES = minors_rules()
ARTICLE = r"[LRD]\d{4}-\d+(?: \d°)?"


def test_no_cell_is_empty_and_each_choice_is_one_of_those_that_the_code_knows():
    assert not RULES.eq("").any(axis=None)
    assert set(RULES["derogable"]) <= {"yes", "no"}
    assert set(RULES["scope"]) <= {"job", "works", "hours"}


def test_each_trade_exists_and_stands_in_one_row():
    codes = [code for cell in RULES["trades"] for code in cell.split("|")]
    assert set(codes) <= set(read_table("rome.csv")["code"])
    assert [code for code, n in Counter(codes).items() if n > 1] == []
    for cell in RULES["trades"]:
        assert cell.split("|") == sorted(cell.split("|"))


@pytest.mark.parametrize("row", range(len(RULES)))
def test_each_row_names_its_article_and_quotes_it(row):
    rule = RULES.iloc[row]
    assert re.fullmatch(rf"{ARTICLE}(?:(?:; | and ){ARTICLE})*", rule["article"])
    assert len(rule["quoted"]) > 60
    # A waiver is in the words, or in the place that is said to have them.
    if rule["derogable"] == "yes":
        waiver = r"dérog|peuvent être affectés|peuvent exécuter|autorisé|ne s'applique pas|waiver"
        assert re.search(waiver, rule["quoted"] + rule["read_in"])


@pytest.mark.parametrize("row", range(len(RULES)))
def test_each_sentence_is_whole_and_names_the_age(row):
    rule = RULES.iloc[row]
    assert re.fullmatch(r"Tant que vous avez moins de 18 ans, .*[^ .]\.", rule["sentence_fr"])
    assert re.fullmatch(r"As long as you are under 18, .*[^ ]\.", rule["sentence_en"])
    assert "ne peut pas" in rule["sentence_fr"] or rule["derogable"] == "yes"


def test_only_rows_without_derogation_for_all_of_the_job_close_a_trade():
    closed = RULES[RULES["derogable"].eq("no") & RULES["scope"].eq("job")]
    assert closed_to_minors() == {code for cell in closed["trades"] for code in cell.split("|")}
    assert "F1709" not in closed_to_minors()  # some demolition is open to minors
