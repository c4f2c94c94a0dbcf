"""`matchmaker mail` from two exports, as its user meets it: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from matchmaker_cli import app as cli

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
CONFIG = """
[mail]
campaign = "Rentrée 2023"
desk_name = "Cellule nationale de l'apprentissage"
desk_phone = "01 99 00 12 34"
controller = "le rectorat de l'académie de Rennes"
sender = "campagne@example.org"
"""


def ended(monkeypatch, *words) -> int:
    monkeypatch.setattr(sys, "argv", ["matchmaker", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of the samples with its contacts: made once, only read by the tests."""
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "contacts.csv.key").write_text("5a" * 32 + "\n")
    (folder / "contacts.csv.key").chmod(0o600)
    (folder / "campaign.toml").write_text(CONFIG, encoding="utf-8")
    words = ["match", "--wishes", SAMPLES / "affelnet" / "export.csv"]
    words += ["--offers", SAMPLES / "lba" / "answer.json", "--as-of", "2023-09-15"]
    words += ["--out", folder / "run", "--contacts", folder / "contacts.csv"]
    with pytest.MonkeyPatch.context() as patch:
        assert ended(patch, *words) == 0
    return folder


def words_of(folder, out, *more):
    given = ["mail", folder / "run", "--contacts", folder / "contacts.csv", "--out", out]
    return [*given, "--config", folder / "campaign.toml", *more]


def rows_of(file: Path, delimiter: str = ";") -> list[dict[str, str]]:
    text = io.StringIO(file.read_text("utf-8"), newline="")
    return [*csv.DictReader(text, delimiter=delimiter)]


def test_from_two_exports_to_the_tools_file(folder, tmp_path, monkeypatch, capsys):
    out = tmp_path / "wave-1"
    assert ended(monkeypatch, *words_of(folder, out, "--for", "brevo")) == 0
    told = capsys.readouterr().out
    assert "Vague 1 de « Rentrée 2023 », pour brevo" in told
    assert "Rien n'est parti" in told
    assert "@" not in told
    rows = rows_of(out / "brevo-1.csv")
    assert len({row["EMAIL"] for row in rows}) == len(rows) > 30
    assert sum(row["N_ENFANTS"] == "2" for row in rows) == 1
    assert {row["DESTINATAIRE"] for row in rows} == {"guardian"}
    assert ended(monkeypatch, "verify", folder / "run", "--mail", out) == 0
    assert "disent les lignes de ce calcul" in capsys.readouterr().out
    assert len([*(out / "preview").iterdir()]) == 10


def test_verify_refuses_a_file_that_was_changed(folder, tmp_path, monkeypatch, capsys):
    out = tmp_path / "wave-1"
    ended(monkeypatch, *words_of(folder, out))
    file = out / "generic-1.csv"
    file.write_bytes(file.read_bytes().replace(b"example.org", b"example.com", 1))
    assert ended(monkeypatch, "verify", folder / "run", "--mail", out) == 4
    assert "N'importez pas ce fichier" in capsys.readouterr().out
    words = ["verify", folder / "run", "--mail", out, "--format", "json"]
    assert ended(monkeypatch, *words) == 4
    assert json.loads(capsys.readouterr().out)["mail"] == {"mail_file": 1}


def test_json_lines_hold_lists_as_long_as_they_are(folder, tmp_path, monkeypatch):
    out = tmp_path / "wave-1"
    assert ended(monkeypatch, *words_of(folder, out, "--format", "jsonl", "--lang", "en")) == 0
    messages = [
        json.loads(line) for line in (out / "generic-1.jsonl").read_text("utf-8").splitlines()
    ]
    for message in messages:
        youths = message["params"]["enfants"]
        assert len(youths) == int(message["params"]["n_enfants"])
        offers = sum(len(youth["offres"]) for youth in youths)
        assert offers == int(message["params"]["n_offres"])
    assert ended(monkeypatch, "verify", folder / "run", "--mail", out) == 0


def test_what_is_recorded_is_not_sent_again(folder, tmp_path, monkeypatch, capsys):
    config = tmp_path / "campaign.toml"
    config.write_text(CONFIG + 'record = "sent.csv"\n', encoding="utf-8")
    words = [*words_of(folder, tmp_path / "wave-1", "--record"), "--config", config]
    assert ended(monkeypatch, *words) == 0
    assert ended(monkeypatch, *words) == 0
    assert "0 ligne notée comme envoyée" in capsys.readouterr().out
    sent = rows_of(tmp_path / "sent.csv", ",")
    again = ["match", "--wishes", SAMPLES / "affelnet" / "export.csv"]
    again += ["--offers", SAMPLES / "lba" / "answer.json", "--as-of", "2023-09-22"]
    again += ["--out", tmp_path / "run", "--contacts", tmp_path / "contacts.csv"]
    (tmp_path / "contacts.csv.key").write_bytes((folder / "contacts.csv.key").read_bytes())
    (tmp_path / "contacts.csv.key").chmod(0o600)
    assert ended(monkeypatch, *again, "--sent", tmp_path / "sent.csv") == 0
    lists = rows_of(tmp_path / "run" / "lists.csv", ",")
    before = {(row["youth_id"], row["offer_id"]) for row in sent}
    assert before
    assert lists
    assert not before & {(row["youth_id"], row["offer_id"]) for row in lists}


def test_who_objected_since_is_not_written_to(folder, tmp_path, monkeypatch, capsys):
    out = tmp_path / "wave-1"
    ended(monkeypatch, *words_of(folder, out))
    address = rows_of(out / "generic-1.csv")[0]["EMAIL"]
    stop = tmp_path / "stop.csv"
    stop.write_text(f"EMAIL\n{address.upper()}\n", encoding="utf-8")
    capsys.readouterr()
    assert ended(monkeypatch, *words_of(folder, out, "--do-not-contact", stop)) == 0
    assert "1 jeune opposé : rien ne lui est écrit" in capsys.readouterr().out
    assert address not in {row["EMAIL"] for row in rows_of(out / "generic-1.csv")}


def test_a_trial_goes_to_one_address_and_is_no_sending(folder, tmp_path, monkeypatch, capsys):
    out = tmp_path / "trial"
    words = words_of(folder, out, "--test", "Moi@example.org")
    assert ended(monkeypatch, *words) == 0
    assert "Ne l'importez pas pour la campagne" in capsys.readouterr().out
    rows = rows_of(out / "generic-1.csv")
    assert {row["EMAIL"] for row in rows} == {"moi@example.org"}
    assert len(rows) == 10
    assert ended(monkeypatch, *words, "--record") == 2
    assert ended(monkeypatch, *words_of(folder, out, "--test", "moi")) == 2
    assert ended(monkeypatch, "verify", folder / "run", "--mail", out) == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--config", "nowhere.toml"], "n'existe pas"),
        (["--contacts", "nowhere.csv"], "n'existe pas"),
        (["--for", "brevo", "--format", "jsonl"], "--for generic"),
    ],
)
def test_a_mistake_is_one_sentence(folder, tmp_path, monkeypatch, capsys, more, told):
    assert ended(monkeypatch, *words_of(folder, tmp_path / "out", *more)) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_the_section_of_the_mail_it_is_said_what_is_missing(
    folder, tmp_path, monkeypatch, capsys
):
    words = ["mail", folder / "run", "--contacts", folder / "contacts.csv", "--out", tmp_path / "o"]
    assert ended(monkeypatch, *words) == 2
    assert "desk_phone" in capsys.readouterr().err


def test_contacts_of_nobody_end_with_3(folder, tmp_path, monkeypatch, capsys):
    known = (folder / "contacts.csv").read_text("utf-8-sig").splitlines()
    (tmp_path / "few.csv").write_text(known[0] + "\n", encoding="utf-8-sig")
    words = words_of(folder, tmp_path / "o", "--contacts", tmp_path / "few.csv")
    assert ended(monkeypatch, *words) == 3
    assert "Personne à qui écrire" in capsys.readouterr().err


def test_the_old_name_says_that_it_gives_way(folder, monkeypatch, capsys):
    assert ended(monkeypatch, "join-contacts", folder / "run", folder / "contacts.csv") == 0
    assert "laisse la place à 'matchmaker mail'" in capsys.readouterr().err
