"""The Monday test: the tutorial's own commands, from two exports to the mailing file."""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

import pytest

from matchmaker_cli import app as cli

ROOT = Path(__file__).resolve().parents[1]
EXPORT = ROOT / "data" / "samples" / "affelnet" / "export.csv"
ANSWER = ROOT / "data" / "samples" / "lba" / "answer.json"
PAGE = ROOT / "docs" / "tutorials" / "monday.md"


def commands() -> list[list[str]]:
    found = re.findall(r"^    (matchmaker .+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    return [line.split() for line in found]


def run(words, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code, words


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("export.csv").write_bytes(EXPORT.read_bytes())
    Path("answer.json").write_bytes(ANSWER.read_bytes())
    # The name of a first key is random: a fixed one makes runs equal.
    Path("contacts.csv.key").write_text("5a" * 32 + "\n")
    Path("contacts.csv.key").chmod(0o600)
    return tmp_path


def mailing() -> list[dict[str, str]]:
    text = Path("contacts-mailing.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_page_leads_from_two_files_to_the_mailing_file(folder, monkeypatch, capsys):
    steps = commands()
    assert [step[1] for step in steps] == ["check", "match", "join-contacts"]
    for step in steps:
        run(step, monkeypatch)

    rows = mailing()
    exported = EXPORT.read_text("cp1252")
    pupils = {line.split(";")[1] for line in exported.splitlines()[1:]}
    assert len(pupils) == 40
    assert 36 <= len(rows) < len(pupils)  # one has no address, one or two no offer in reach
    for row in rows:
        assert row["email"].endswith("@example.org")
        assert row["ligne_1_url"].startswith("https://example.org/")
        assert row["ligne_1_raison"]
        address = exported.splitlines()[int(row["source_line"]) - 1].split(";")[8]
        assert row["email"] == address
    assert sum(row["adresse_partagee"] == "oui" for row in rows) == 2
    written = [path.read_bytes() for path in Path("results").rglob("*") if path.is_file()]
    said = "".join(capsys.readouterr()).encode()
    for secret in [*pupils, "@example.org;", "Élève 0"]:
        assert not any(secret.encode() in content for content in [*written, said]), secret
    for path in (*Path("results").rglob("*"), *Path().glob("contacts*")):
        assert path.stat().st_mode & 0o077 == 0


def test_headers_with_broken_accents_give_the_same_mails(folder, monkeypatch):
    _, match, join = commands()
    run(match, monkeypatch)
    run(join, monkeypatch)
    good = Path("contacts-mailing.csv").read_bytes()

    header, _, lines = EXPORT.read_text("cp1252").partition("\n")
    broken = "".join(sign if sign.isascii() else "_" for sign in header)
    Path("export.csv").write_text(f"{broken}\n{lines}", encoding="utf-8", newline="")
    run(match, monkeypatch)
    run(join, monkeypatch)

    assert broken != header
    assert Path("contacts-mailing.csv").read_bytes() == good
