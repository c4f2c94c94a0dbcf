"""`check --format json`: the faults for machines, without personal values."""

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


def test_french_is_what_it_speaks_unless_told(monkeypatch, capsys):
    french = check(monkeypatch, capsys)
    assert french.endswith(
        "10 erreurs : un calcul se ferait sans ces lignes, et les nommerait dans rejects.csv.\n"
    )
    assert check(monkeypatch, capsys, "--lang", "fr") == french
    monkeypatch.setenv("MATCHMAKER_LANG", "en")
    assert check(monkeypatch, capsys).endswith("list them in rejects.csv.\n")


def test_no_code_is_shown_to_a_person(monkeypatch, capsys):
    quoted = re.compile(
        r"(?<=[ (])'[^']*'(?=[ :,.)]|$)|\S+\.csv", re.MULTILINE
    )  # columns and files
    for lang in ("fr", "en"):
        text = check(monkeypatch, capsys, "--lang", lang)
        assert re.findall(r"[a-z]+_[a-z_]+", quoted.sub("", text)) == []


def test_json_names_each_fault_and_hides_personal_values(monkeypatch, capsys):
    text = check(monkeypatch, capsys, "--format", "json")
    answer = json.loads(text)
    assert (answer["is_ok"], answer["is_refused"], len(answer["faults"])) == (False, False, 10)
    assert {fault["line"] for fault in answer["faults"] if fault["file"] == "youths.csv"} == {
        3, 5, 7, 8,
    }  # fmt: skip
    assert "31/02/2006" not in text
    assert "camille" not in text
