"""Odd workbooks, headers and ids that were read wrongly once: through the library and the command."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import matchmaker
from matchmaker.errors import InputError
from matchmaker_cli import app as cli

ROOT = Path(__file__).resolve().parents[1] / "../shared/data/inputs/cases"
AS_OF = "2026-09-15"
pytestmark = pytest.mark.skipif(not ROOT.exists(), reason="the cases lie beside the repository")

Result = matchmaker.MatchResult


def given(case: str) -> dict[str, Path]:
    """Return the three files of a case; one workbook stands for all of them."""
    folder = ROOT / case
    return {
        name: next(iter(sorted(folder.glob(f"{name}.*"))), folder / "tout.xlsx")
        for name in ("youths", "wishes", "offers")
    }


def rejected(result: Result) -> set[tuple[str, int, str, str]]:
    columns = ("table", "line", "column", "reason")
    return set(zip(*(result.rejects[name] for name in columns), strict=True))


def youths_of(result: Result) -> set[str]:
    return {*result.lists["youth_id"], *result.unserved["youth_id"]}


def counted(result: Result) -> set[tuple[str, str]]:
    return set(zip(result.quality["reason"], result.quality["column"], strict=True))


def only_g99(result: Result, table: str, column: str) -> None:
    assert rejected(result) == {(table, 2, column, "spreadsheet_error")}
    assert set(result.lists["youth_id"]) == {"G99"}


def ends_the_offer(result: Result) -> None:
    assert rejected(result) == {("offers", 2, "expiry_date", "spreadsheet_error")}
    assert set(result.lists["offer_id"]) == {"G98"}


def without_footer(result: Result) -> None:
    assert rejected(result) == {("youths", line, "", "not_a_row") for line in (4, 5)}
    assert youths_of(result) == {"J01", "G99"}


def header_is_found(result: Result) -> None:
    assert ("header_below", "Feuil1") in counted(result)
    assert set(result.lists["youth_id"]) == {"J01", "G99"}


def this_year_is_read(result: Result) -> None:
    assert ("hidden_sheet", "2025") in counted(result)
    assert set(result.lists["offer_id"]) <= {"E01", "G98"}
    assert not result.lists["employer"].astype(str).str.contains("ancien|fermé").any()


def merged_wish_is_kept(result: Result) -> None:
    assert rejected(result) == set()
    assert ("merged_cell", "youth_id") in counted(result)
    assert result.lists.query("youth_id == 'J01'")["wish_rank"].tolist() == [2]


def each_sheet_is_found(result: Result) -> None:
    sheets = [file["sheets"] for file in result.manifest["inputs"]]
    assert sheets == [["youths"], ["wishes"], ["offers"]]
    assert set(result.lists["youth_id"]) == {"J01", "G99"}


def both_sheets_are_read(result: Result) -> None:
    assert result.manifest["inputs"][0]["sheets"] == ["Feuil1", "Zone B"]
    assert len(youths_of(result)) == 22


def readme_is_passed_over(result: Result) -> None:
    assert result.manifest["inputs"][0]["sheets"] == ["Feuil1"]
    assert set(result.lists["youth_id"]) == {"J01", "G99"}


def zeros_are_put_back(result: Result) -> None:
    assert rejected(result) == set()
    assert ("id_zeros", "youth_id") in counted(result)
    assert set(result.lists["youth_id"]) == {f"{i:05}" for i in range(10, 16)} | {"G99"}


def rounded_ids_are_named(result: Result) -> None:
    assert rejected(result) == {
        ("youths", 2, "youth_id", "id_scientific"), ("youths", 3, "youth_id", "id_scientific"),
        ("wishes", 2, "youth_id", "id_scientific"),
    }  # fmt: skip
    assert youths_of(result) == {"G99"}


def ranks_are_read(result: Result) -> None:
    assert rejected(result) == set()
    assert set(result.lists.query("youth_id == 'J01'")["wish_rank"]) == {1, 2}


RIGHT: dict[str, Callable[[Result], None]] = {
    "x-cell-error-na": lambda result: only_g99(result, "youths", "postal_code"),
    "x-error-in-birth": lambda result: only_g99(result, "youths", "birth_date"),
    "x-error-in-opt-out": lambda result: only_g99(result, "youths", "opt_out"),
    "x-error-in-expiry": ends_the_offer,
    "x-footer-total": without_footer,
    "x-footer-total-csv": without_footer,
    "x-header-row-3": header_is_found,
    "x-hidden-sheet-offers": this_year_is_read,
    "x-merged-id-over-wishes": merged_wish_is_kept,
    "x-one-workbook-three-sheets": each_sheet_is_found,
    "x-second-sheet-20-youths": both_sheets_are_read,
    "x-sheet-readme-first": readme_is_passed_over,
    "s-id-leading-zeros-all": zeros_are_put_back,
    "s-id-scientific": rounded_ids_are_named,
    "s-wish-rank-V1": ranks_are_read,
}


@pytest.mark.parametrize("case", RIGHT)
def test_the_library_reads_it_right(case):
    RIGHT[case](matchmaker.match(**given(case), as_of=AS_OF))


def command(monkeypatch, capsys, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["matchmaker", *words])
    try:
        cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    else:
        code = 0
    out, err = capsys.readouterr()
    assert err == ""
    return code, out


def options(case: str) -> list[str]:
    return [word for name, path in given(case).items() for word in (f"--{name}", str(path))]


SAID = {
    "x-cell-error-na": "youths.xlsx (jeunes) : feuille 'Feuil1'",
    "x-error-in-birth": "'#N/A' est une erreur du tableur (cellule B2)",
    "x-error-in-expiry": "'#VALUE!' est une erreur du tableur (cellule H2)",
    "x-error-in-opt-out": "(cellule F2). Le jeune est compté comme opposé.",
    "x-footer-total": "feuille 'Feuil1', ligne 4 : 'Total' est un total ou une remarque",
    "x-footer-total-csv": "ligne 5 : 'Source' est un total ou une remarque",
    "x-header-row-3": "en-tête trouvé sous un titre (1 fois, ligne 3)",
    "x-hidden-sheet-offers": "offres, feuille '2025' : feuille masquée, non lue (lignes)",
    "x-merged-id-over-wishes": "case fusionnée, sa valeur mise dans chaque ligne",
    "x-one-workbook-three-sheets": "tout.xlsx (vœux) : feuille 'wishes', 2 lignes",
    "x-second-sheet-20-youths": "feuilles 'Feuil1', 'Zone B', 22 lignes",
    "x-sheet-readme-first": "youths.xlsx (jeunes) : feuille 'Feuil1', 2 lignes",
    "s-headers-french": '--map youths.birth_date="date de naissance"',
    "s-id-leading-zeros-all": "zéros de tête de l'identifiant rétablis (6 fois, ligne 2)",
    "s-id-scientific": "'1,23457E+13' est un long numéro qu'Excel a arrondi",
    "s-wish-rank-V1": "rang écrit avec des mots (2 fois, ligne 2)",
}


@pytest.mark.parametrize("case", SAID)
def test_check_says_so(case, monkeypatch, capsys):
    code, out = command(monkeypatch, capsys, "check", *options(case), "--as-of", AS_OF)
    assert SAID[case] in out
    is_faulty = case.startswith(("x-cell-error", "x-error", "x-footer"))
    assert code == (is_faulty or case in ("s-headers-french", "s-id-scientific"))


def test_match_names_the_sheets_and_a_workbook_is_given_once(monkeypatch, capsys, tmp_path):
    book = str(ROOT / "x-one-workbook-three-sheets" / "tout.xlsx")
    code, out = command(monkeypatch, capsys, "match", "--workbook", book, "--as-of", AS_OF,
                        "--out", str(tmp_path / "out"))  # fmt: skip
    assert code == 0
    assert "tout.xlsx (offres) : feuille 'offers', 2 lignes" in out


def test_headers_in_words_are_refused_with_what_to_type_and_then_read(monkeypatch, capsys):
    files = given("s-headers-french")
    with pytest.raises(InputError, match="tout âge serait admis"):
        matchmaker.match(**files, as_of=AS_OF)
    words = ["--map", "youths.birth_date=date de naissance", "--map", "youths.level=niveau",
             "--map", "youths.postal_code=code postal"]  # fmt: skip

    code, out = command(monkeypatch, capsys, "check", *options("s-headers-french"), *words,
                        "--as-of", AS_OF)  # fmt: skip

    assert code == 0
    assert "youth_id = J01, birth_date = …, level = 3, postal_code = 29000" in out
    names = {"youths": dict([word.removeprefix("youths.").split("=") for word in words[1::2]])}
    settings = matchmaker.Settings(map=names)
    result = matchmaker.match(**files, as_of=dt.date.fromisoformat(AS_OF), settings=settings)
    assert set(result.lists["youth_id"]) == {"G99"}  # J01 is 14
