"""What `check` says to do first, and the same as JSON and as a workbook."""

from __future__ import annotations

import io
import json
import re
import stat
import sys

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import Issue
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.first_steps import steps_of_issues
from matchmaker.words import said, table
from matchmaker_cli import app as cli

YOUTHS = "youth_id,birth_date,postal_code,opt_out\n" + "".join(
    f"Y{n},2008-01-01,29000,non\n" for n in range(1, 8)
)
WISHES = "youth_id,rank,trade_label\n" + "".join(
    f"Y{n},{rank},{label}\n"
    for n, rank, label in [
        (1, 1, "blarp"), (1, 2, "blorp"), (2, 1, "blurp"), (3, 1, "boulanger"), (4, "un peu", "maçon"),
        (5, 1, "maçon"), (6, 1, "maçon"),
    ]
)  # fmt: skip
OFFERS = (
    "offer_id,title,postal_code,employer,expiry_date\n"
    "O1,=1+1,29000,Zoo,2027-01-01\nO2,Boulanger,29000,,2027-01-01\n"
)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    texts = {"youths": YOUTHS, "wishes": WISHES, "offers": OFFERS}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def call(*options):
        words = ["matchmaker", "check", "--as-of", "2026-09-15", *options]
        for name in texts:
            words += [f"--{name}", str(tmp_path / f"{name}.csv")]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code, out, err

    return call


def test_the_text_ends_with_what_hits_most(run):
    code, text, err = run()
    assert (code, err) == (1, "")
    code_or_name = (
        "Écrivez un nom de métier courant ou un code ROME ; pour un libellé de vœu, ajoutez la"
        " ligne donnée plus bas au fichier du réglage labels_file."
    )
    label, title = (
        "wishes.csv, colonne 'trade_label', lignes 2, 3, 4",
        "offers.csv, colonne 'title'",
    )
    rank, youth = "wishes.csv, colonne 'rank', ligne 6", "youths.csv, colonne 'youth_id', ligne 8"
    referent = "Demandez-leur un métier ; sinon, leur référent prend le relais."
    steps, _, labels = text.partition("À faire d'abord\n")[2].partition("Libellés de vœux")
    assert steps.splitlines() == [
        f"  1. 2 jeunes – métier non reconnu ({label}). {code_or_name}",
        f"  2. 1 jeune – n'est pas un nombre ({rank}). Écrivez un nombre entier, en chiffres.",
        f"  3. 1 jeune – jeune sans vœu, à confier à son référent ({youth}). {referent}",
        f"  4. 1 offre – métier non reconnu ({title}, ligne 2). {code_or_name}",
        "  5. 1 offre – employeur sans nom (offres). Demandez le nom de l'entreprise.",
        "",
    ]
    assert labels.splitlines()[1] == "  1 jeune : « blarp » → trades,blarp,CODES ROME"
    assert labels.splitlines()[-2:] == [
        "",
        "1 erreur : un calcul se ferait sans ces lignes, et les nommerait dans rejects.csv.",
    ]
    assert "What to do first\n  1. 2 youths" in run("--lang", "en")[1]


def test_json_is_complete(run):
    _, text, _ = run("--format", "json")
    answer = json.loads(text)
    assert {name: len(answer[name]) for name in ("files", "first_steps", "faults")} == {
        "files": 3, "first_steps": 5, "faults": 1,
    }  # fmt: skip
    first = answer["first_steps"][0]
    assert (first["youths"], first["offers"], first["lines"]) == (2, 0, [2, 3, 4])
    assert first["reason"] == "trade_unresolved"
    assert {note["reason_code"] for note in answer["notes"]} >= {"trade_unresolved", "not_a_number"}
    assert answer["kinds"] == [{"source": "neutral", "kind": "offer", "count": 2}]
    assert answer["alerts"] == []


def test_the_sheets_that_were_read_stand_in_the_json(run, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Zone B"
    for line in OFFERS.replace("O", "P").splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "more.xlsx")
    answer = json.loads(run("--format", "json", "--offers", str(tmp_path / "more.xlsx"))[1])
    assert [file["sheets"] for file in answer["files"] if file["name"] == "more.xlsx"] == [
        ["Zone B"]
    ]


def test_the_workbook_is_for_its_owner_and_runs_nothing(run, tmp_path):
    out = tmp_path / "check.xlsx"
    code, text, err = run("--format", "xlsx", "--out", str(out))
    assert (code, err) == (1, "")
    assert text.startswith("À faire d'abord\n")
    assert text.endswith(f"Résultats : {out}\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [
        "Résumé", "À faire", "Libellés non compris", "Notes", "Rejets", "Comptes", "Sources",
        "Fichiers",
    ]  # fmt: skip
    todo = [[cell.value for cell in row] for row in book["À faire"].iter_rows()]
    assert todo[0][:3] == ["Jeunes", "Offres", "Constat"]
    assert todo[1][:3] == [2, 0, "métier non reconnu"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.value == "=1+1"]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    before = out.read_bytes()
    code, _, err = run("--format", "xlsx", "--out", str(out))
    assert (code, out.read_bytes()) == (2, before)
    assert "existe déjà" in err
    again = tmp_path / "again.xlsx"
    run("--format", "xlsx", "--out", str(again))
    assert again.read_bytes() == before


def test_out_and_xlsx_go_together(run, tmp_path):
    assert run("--format", "xlsx")[0] == 2
    code, _, err = run("--out", str(tmp_path / "check.xlsx"))
    assert (code, (tmp_path / "check.xlsx").exists()) == (2, False)
    assert err == "--out ne va qu'avec --format xlsx.\n"


def test_an_earlier_run_says_which_source_fell_silent(run, tmp_path):
    earlier = {"offers": {"by_source": {"lba": {"offer": 7}}}}
    (tmp_path / "summary.json").write_text(json.dumps(earlier), encoding="utf-8")
    _, text, _ = run("--before", str(tmp_path))
    assert text.startswith("Avant de calculer\n  La bonne alternance : cette source ne donne rien")


def test_files_that_were_refused_have_steps_too(run, tmp_path):
    issues = [
        Issue(reason="not_a_number", file="w.csv", line=line, column="rank", message="is none",
              hint=said("cell.write_whole"))
        for line in (9, 3)
    ]  # fmt: skip
    issues.append(
        Issue(reason="file_empty", file="o.csv", message="is empty", hint="Export again.")
    )
    first, second = steps_of_issues(issues, {"w.csv": "wishes", "o.csv": "offers"})
    assert (first.file, first.lines, first.to_do) == ("o.csv", (), "Export again.")
    assert (second.youths, second.lines) == (2, (3, 9))
    (tmp_path / "wishes.csv").write_text("rank,trade_label\n1,boulanger\n", encoding="utf-8")
    code, text, _ = run()
    assert code == 1
    assert "À faire d'abord\n  1. " in text


def test_what_is_to_be_done_is_about_reasons_that_there_are():
    own = {"each", "sheet_not_read"}
    for lang in ("fr", "en"):
        assert set(table(lang, "todo")) - own <= set(table(lang, "quality"))


ROWS = [("Y1", "blarp"), ("Y2", "blurp"), ("Y2", "blorp"), ("Y3", "boulanger"), ("Y4", "")]


@given(st.permutations(ROWS))
def test_the_order_of_rows_changes_no_number(rows):
    youths = pd.DataFrame({"youth_id": ["Y1", "Y2", "Y3", "Y4"], "postal_code": ["29000"] * 4})
    wishes = pd.DataFrame(rows, columns=["youth_id", "trade_label"]).assign(rank="")
    offers = pd.DataFrame({"offer_id": ["O1"], "title": ["Boulanger"], "postal_code": ["29000"]})
    as_of = pd.Timestamp("2026-09-15").date()
    steps = load(youths, wishes, offers, as_of=as_of, settings=Settings()).steps
    assert [(s.table, s.reason, s.youths, s.offers, s.count) for s in steps] == [
        ("youths", "column_absent", 4, 0, 4), ("youths", "column_absent", 4, 0, 4),
        ("wishes", "trade_unresolved", 2, 0, 3), ("youths", "without_wish", 1, 0, 1),
        ("offers", "nameless", 0, 1, 1), ("offers", "column_absent", 0, 1, 1),
    ]  # fmt: skip
    lines = next(s.lines for s in steps if s.reason == "trade_unresolved")
    assert list(lines) == sorted(lines)


def test_bytes_of_a_workbook_hold_no_clock(run, tmp_path):
    out = tmp_path / "check.xlsx"
    run("--format", "xlsx", "--out", str(out))
    properties = openpyxl.load_workbook(io.BytesIO(out.read_bytes())).properties
    assert properties.created.year == 1980


def test_the_workbook_is_readable_as_it_opens(run, tmp_path):
    out = tmp_path / "check.xlsx"
    run("--format", "xlsx", "--out", str(out))
    book = openpyxl.load_workbook(out)
    assert re.fullmatch(
        r"Contrôle pour un calcul du \d+(er)? \w+ \d{4}", book["Résumé"]["A2"].value
    )
    for sheet in book.worksheets[1:]:
        head, *rows = sheet.iter_rows()
        assert all(cell.font.b for cell in head)
        for row in rows:
            cells = dict(zip((cell.value for cell in head), row, strict=True))
            # A finding of a whole column stands on no line, an unknown level is none.
            assert not any(
                cells[name].value == 0 for name in ("Ligne", "Exemple (ligne)") if name in cells
            )
            if sheet.title == "Notes" and cells["Colonne"].value == "level":
                assert cells["Utilisé"].value != "0"
            assert "Constat" not in cells or cells["Constat"].alignment.wrap_text
