"""The page on `check` shows what the command prints."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from matchmaker_cli import app as cli

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "tables" / "ten_faults"


def check(monkeypatch, capsys, *options) -> str:
    words = ["matchmaker", "check", "--as-of", "2023-09-15", *options]
    for name in ("youths", "wishes", "offers"):
        words += [f"--{name}", str(FILES / f"{name}.csv")]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    assert (end.value.code, err) == (1, "")
    return out


def test_the_page_shows_what_ten_faults_print(monkeypatch, capsys):
    page = (ROOT / "docs" / "how-to" / "check-files.md").read_text("utf-8")
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert check(monkeypatch, capsys) == shown


def test_json_says_the_same_and_hides_personal_values(monkeypatch, capsys):
    text = check(monkeypatch, capsys, "--format", "json")
    answer = json.loads(text)
    assert (answer["is_ok"], answer["is_refused"], len(answer["faults"])) == (False, False, 10)
    assert {fault["line"] for fault in answer["faults"] if fault["file"] == "youths.csv"} == {
        3, 5, 7, 8,
    }  # fmt: skip
    assert "31/02/2006" not in text
    assert "camille" not in text
