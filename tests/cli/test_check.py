import json
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from matchmaker.errors import InputError, Issue
from matchmaker.tables.checks.notes import NOTE_COLUMNS
from matchmaker.tables.first_steps import Step
from matchmaker_cli import app as cli

FILES = ("--youths", "y.csv", "--wishes", "w.csv", "--offers", "o.csv")
REJECTS = pd.DataFrame(
    {
        "table": ["wishes", "youths"],
        "file": ["w.csv", "y.csv"],
        "sheet": ["", ""],
        "line": [14, 3],
        "column": ["region_code", "birth_date"],
        "value": ["Bretange", "31/02/2005"],
        "reason": ["unknown_region", "not_a_date"],
        "message": ["n'est pas une région", "n'est pas une date"],
        "hint": ["Vouliez-vous dire 'Bretagne' ?", "Écrivez jour/mois/année."],
    }
)
QUALITY = pd.DataFrame(
    {
        "table": ["youths", "wishes", "offers"],
        "kind": ["repair", "rejected", "default"],
        "reason": ["leading_zero", "unknown_region", "own_code"],
        "column": ["postal_code", "region_code", ""],
        "count": [12, 1, 40],
        "example_line": [3, 14, 0],
    }
)
STEP = Step(
    table="wishes", file="w.csv", sheet="", column="region_code", kind="rejected",
    reason="region_unknown", youths=1200, offers=0, count=1300, lines=(14, 15),
    to_do="Vouliez-vous dire 'Bretagne' ?",
)  # fmt: skip
NOTES = pd.DataFrame({name: pd.Series([], dtype="str") for name in NOTE_COLUMNS})
WISHES = pd.DataFrame(
    {"youth_id": [], "trade_label": [], "trade_codes": [], "trade_how": []}, dtype="str"
)
KINDS = pd.DataFrame({"source": ["neutral"], "kind": ["offer"], "count": [1200]})


REGION_FAULT = "  ligne 14, colonne 'region_code' : 'Bretange' n'est pas une région."
DATE_FAULT = "  ligne 3, colonne 'birth_date' : (masqué : donnée personnelle) n'est pas une date."


def tables(rejects=REJECTS, steps=(STEP,), **more):
    return SimpleNamespace(
        rejects=rejects, quality=QUALITY, kinds=KINDS, notes=NOTES, files=(), alerts=(),
        steps=steps, wishes=WISHES, **more,
    )  # fmt: skip


STEP_TEXT = (
    "1\u202f200 jeunes – région inconnue (w.csv, colonne 'region_code', lignes 14, 15 …)."
    " Vouliez-vous dire 'Bretagne' ?"
)


@pytest.fixture
def check(monkeypatch, capsys):
    def call(answer, *options):
        def load(*_args, **_kwargs):
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("matchmaker.tables.load", load, raising=False)
        monkeypatch.setattr(sys, "argv", ["matchmaker", "check", *FILES, *options])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        assert err == ""
        return end.value.code, out

    return call


def test_faults_are_sentences_and_personal_values_are_hidden(check):
    code, text = check(tables())
    assert code == 1
    assert text.splitlines() == [
        "Offres gardées, par source et par type",
        "  table neutre : Offres 1\u202f200",
        "",
        "w.csv",
        f"{REGION_FAULT} Vouliez-vous dire 'Bretagne' ?",
        "",
        "y.csv",
        f"{DATE_FAULT} Écrivez jour/mois/année.",
        "",
        "Réparé, rien à faire",
        "  jeunes, colonne 'postal_code' : zéro initial perdu (12 fois, ligne 3)",
        "",
        "Supposé, la case ou la colonne étant vide",
        "  offres : own code (40 fois)",
        "",
        "À faire d'abord",
        f"  1. {STEP_TEXT}",
        "",
        "2 erreurs : un calcul se ferait sans ces lignes, et les nommerait dans rejects.csv.",
    ]


def test_json_hides_personal_values_too(check):
    code, text = check(
        tables(),
        "--format",
        "json",
    )
    answer = json.loads(text)
    assert (code, answer["is_ok"]) == (1, False)
    assert [fault["value"] for fault in answer["faults"]] == ["Bretange", None]
    assert answer["quality"][0]["count"] == 12


def test_repairs_alone_are_fine(check):
    code, text = check(tables(REJECTS.head(0), steps=()))
    assert code == 0
    assert text.endswith("\nRien à faire d'abord.\n\nAucune erreur.\n")


def test_a_refused_file_is_reported_on_stdout_with_all_its_faults(check):
    issue = Issue(reason="own_code", file="y.csv", message="column 'youth_id' is missing")
    code, text = check(InputError([issue] * 30))
    assert code == 1
    assert text.count("  column 'youth_id' is missing") == 30
    assert text.endswith("\n30 erreurs : un calcul refuserait ces fichiers.\n")
    _, text = check(InputError([issue]), "--lang", "en")
    assert text.endswith("\n1 fault: a run would refuse these files.\n")
