"""The tutorial on sources, whole: its files written, its command run, its Python run."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from tests.docs.own_pages import blocks_of, command_of, run, run_python, write_files

PAGE = "your-own-source.md"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of the page; its module is found there by no path of this process."""
    write_files(PAGE, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    yield tmp_path
    sys.modules.pop("chamber", None)


def test_every_block_is_a_file_a_command_or_python():
    names = [kind.partition(" ")[2] for kind, _ in blocks_of(PAGE)]
    assert [name for name in names if name] == [
        "chambre.csv", "youths.csv", "wishes.csv", "chamber.py", "settings.toml",
    ]  # fmt: skip
    others = [kind for (kind, _), name in zip(blocks_of(PAGE), names, strict=True) if not name]
    assert others == ["sh", "python", "text", "python", "text"]


def test_the_command_of_the_page_makes_the_lists(folder, monkeypatch):
    command = command_of(PAGE)
    code, _ = run(command, monkeypatch)
    assert not code
    lists = pd.read_csv("results/lists.csv")
    assert set(lists["youth_id"]) == {"Y1", "Y2"}
    rejects = pd.read_csv("results/rejects.csv")
    assert rejects[["file", "line", "column", "value"]].to_numpy().tolist() == [
        ["chambre.csv", 4, "capacity", "deux"]
    ]
    options = command.partition("match ")[2].partition(" --out")[0]
    code, said = run(f"matchmaker check {options} --format json", monkeypatch)
    assert code == 1
    assert [fault["line"] for fault in json.loads(said)["faults"]] == [4]
    code, _ = run(f"matchmaker assign {options} --out assigned", monkeypatch)
    assert not code


def test_without_the_settings_the_file_is_nobodys(folder, monkeypatch, capsys):
    command = command_of(PAGE)
    code, _ = run(command.replace("--settings settings.toml", ""), monkeypatch)
    assert code == 1
    assert "chambre.csv" in capsys.readouterr().err


def test_the_python_of_the_page_prints_what_it_shows(folder, monkeypatch):
    monkeypatch.syspath_prepend(folder)  # where Python finds what lies beside a script
    for said, expected in run_python(PAGE):
        assert said == expected
