"""The closed list of rules: on its page, word for word, and each one broken by some test."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from matchmaker.errors import CheckError
from matchmaker.verify import RULES, Fault, Faults
from matchmaker.verify.fault import SHOWN
from matchmaker.words import table

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_has_the_same_rules():
    page = (ROOT / "docs" / "reference" / "verify.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", page, re.MULTILINE)
    assert dict(rows) == {rule: table("en", "rule")[rule] for rule in RULES}
    assert len(rows) == len(RULES) == len(set(RULES)) == len(table("en", "rule"))


def test_every_rule_is_broken_by_a_test():
    """`test_lists.py` counts its own; the others name the rule that they break."""
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    named = set(re.findall(r"\b\w+\b", "\n".join(tests)))
    assert set(RULES) <= named


def test_no_rule_is_noted_that_is_not_in_the_list():
    source = ROOT / "src" / "matchmaker" / "verify"
    texts = "\n".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    noted = set(re.findall(r'faults\.(?:must|equal|add)\(\s*"(\w+)"', texts))
    assert noted
    assert noted <= set(RULES)


def test_all_are_counted_and_the_first_ones_shown():
    faults = Faults()
    for before in (0, 50):
        faults.must("rank", np.zeros(50, dtype=bool), row=before, found=np.arange(50))
    assert faults.by_rule == {"rank": 100}
    assert faults.shown[-1] == Fault(rule="rank", file="lists", row=SHOWN, found=str(SHOWN - 1))
    assert len(faults.shown) == SHOWN


def test_one_figure_is_told_and_rows_are_counted():
    faults = Faults()
    faults.equal("figure", 5, 5, file="summary.json")
    faults.equal("figure", 5, 4, file="summary.json", column="proofs.lists.score")
    faults.must("exposure", np.array([True, False]), row=np.array([7, 9]))
    with pytest.raises(CheckError) as caught:
        faults.refuse("Refused.")
    head, figure, rows = caught.value.text("en").splitlines()
    assert head == "Refused."
    assert figure.startswith("figure (summary.json, proofs.lists.score): a figure says what")
    assert figure.endswith(": found 5, expected 4")
    assert rows == "exposure (lists): no offer stands in too many lists: broken by 1 row"
    assert [fault.row for fault in faults.shown] == [None, 10]


def test_nothing_is_refused_where_nothing_is_wrong():
    Faults().refuse("Refused.")
