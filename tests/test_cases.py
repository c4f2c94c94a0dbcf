"""All odd files beside the repository, each through the library and through the command.

What is right stands in the README of each case.  The files `test_odd_cells`, `test_cases_sheets`,
`test_input_forms`, `test_siret_runs` and `test_national_export` look closer at those of one kind.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import matchmaker
from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import Tables, load
from matchmaker_cli import app as cli
from tests import test_cases_sheets, test_odd_cells

CASES = Path(__file__).resolve().parents[1] / "../shared/data/inputs/cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the repository")
REFUSED = {"s-headers-french": "column_in_words", "s-date-column-us": "day_or_month"}


def given(case: str) -> tuple[dict[str, Any], str]:
    """Return the files of a case, and the day that its page names."""
    folder = CASES / case
    wishes = folder / "affelnet.csv"
    if wishes.exists():
        files: dict[str, Any] = {"youths": None, "wishes": wishes}
    else:
        book = folder / "tout.xlsx"
        files = {
            name: next(iter(sorted(folder.glob(f"{name}.*"))), book)
            for name in ("youths", "wishes")
        }
    files["offers"] = sorted(folder.glob("offers*")) or [folder / "tout.xlsx"]
    day = re.search(r"--as-of (\d{4}-\d\d-\d\d)", (folder / "README.md").read_text("utf-8"))
    assert day
    return files, day[1]


@cache
def matched(case: str) -> matchmaker.MatchResult:
    files, day = given(case)
    return matchmaker.match(**files, as_of=day)


def read(case: str) -> Tables:
    files, day = given(case)
    return load(**files, as_of=dt.date.fromisoformat(day), settings=Settings())


def command(name: str, case: str, monkeypatch, *more: str) -> int:
    files, day = given(case)
    words = ["matchmaker", name, "--as-of", day, *more]
    for role, paths in files.items():
        for path in paths if isinstance(paths, list) else [paths]:
            words += [f"--{role}", str(path)] if path else []
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def doubts(tables: Tables, column: str) -> list[tuple[int, str]]:
    """Return line and value of each cell of a column that is doubted or rejected."""
    notes = tables.notes[tables.notes["verdict"].isin(["doubt", "rejected"])]
    notes = notes[notes["column"] == column]
    return list(zip(notes["line"], notes["value"], strict=True))


def lists(case: str) -> dict[str, list[str]]:
    frame = matched(case).lists
    return {
        str(youth): rows["offer_id"].astype("str").tolist()
        for youth, rows in frame.groupby("youth_id", sort=True, observed=True)
    }


def label_is_named(tables: Tables, lines: tuple[int, ...], text: str) -> None:
    found = dict(doubts(tables, "trade_label"))
    assert set(found) == set(lines)
    assert all(text in value for value in found.values())


def title_is_doubted(tables: Tables) -> None:
    assert doubts(tables, "title") == [(2, "Boulanger / Boulangère")]
    assert tables.offers["trade_codes"].tolist() == ["D1102", "D1102"]  # the sure title


def affelnet_is_not_silent(tables: Tables) -> None:
    """What is not understood is named; how much is, belongs to the labels."""
    known = dict(zip(tables.wishes["trade_label"], tables.wishes["trade_codes"], strict=True))
    named = [value for _, value in doubts(tables, "trade_label")]
    assert {label for label, codes in known.items() if not codes} <= set(named)
    assert known["2NDE GENERALE ET TECHNOLOGIQUE"] == ""  # no apprenticeship
    assert "F1602" in known["ELECTRICIEN"]
    assert "G1602" in known["CUISINE"]


def export_is_read(tables: Tables) -> None:
    assert tables.offers["kind"].value_counts().to_dict() == {"spontaneous": 5, "offer": 1}
    firms = tables.offers[tables.offers["kind"] == "spontaneous"]
    assert firms["expiry_date"].isna().all()
    assert not firms["title"].str.contains("recruteurs").any()


def seats(tables: Tables) -> None:
    assert doubts(tables, "capacity") == [(2, "1²")]


def places_are(tables: Tables, offers: dict[str, str]) -> None:
    found = dict(zip(tables.offers["offer_id"], tables.offers["commune_code"], strict=True))
    assert {offer: found.get(offer, "") for offer in offers} == offers


# What is right in the clean tables, of the cases that are no workbook.
TABLES: dict[str, Callable[[Tables], None]] = {
    "c-wish-label-formula": lambda t: label_is_named(t, (2,), "cmd"),
    "c-wish-label-gibberish": lambda t: label_is_named(t, (2,), ""),
    "s-notes-name-one-line-only": lambda t: label_is_named(t, (2, 3, 4), "zzqx"),
    "s-title-other-trade": title_is_doubted,
    "s-affelnet-labels": affelnet_is_not_silent,
    "s-lba-national-export": export_is_read,
    "s-capacity-footnote-seats": seats,
    "p-lba4707-ft-json": lambda t: places_are(t, dict.fromkeys(["E01", "E02"], "")),
    "p-lba4707-department-as-town": lambda t: places_are(
        t, dict.fromkeys(["E01", "E02", "E03", "E04"], "")
    ),
    "s-name-vienne-86": lambda t: places_are(t, {"E01": ""}),
}

# Offers in the list of each youth, word for word; of the others their own tests say what is right.
LISTS: dict[str, dict[str, list[str]]] = {
    "s-title-other-trade": {"G99": ["G98"]},  # a mason is sent to no baker
    "s-notes-name-one-line-only": {"G99": ["G98"]},
    "p-lba4707-ft-json": {"G99": ["G98"]},
    "p-lba4707-department-as-town": {"G99": ["G98"]},
    "s-contract-negated": {"G99": ["G98"]},
    "s-name-vienne-86": {"G99": ["G98"]},
    "x-error-in-opt-out": {"G99": ["G98"]},
    "x-error-in-birth": {"G99": ["G98"]},
}


def every_case() -> list[str]:
    return sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []


def test_there_is_a_test_of_each_case():
    sources = "".join(
        path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py"))
    )
    assert [case for case in every_case() if f'"{case}"' not in sources] == []
    assert len(every_case()) == 46


@pytest.mark.parametrize("case", every_case())
def test_the_command_gives_what_the_library_gives(case, monkeypatch, tmp_path, capsys):
    out = tmp_path / "out"
    code = command("match", case, monkeypatch, "--out", str(out))
    said = capsys.readouterr()
    if case in REFUSED:
        with pytest.raises(InputError) as error:
            matched(case)
        assert REFUSED[case] in {issue.reason for issue in error.value.issues}
        assert code == 1
        assert not out.exists()
        assert "Traceback" not in said.err
        return
    assert code == 0, said.err
    matched(case).save(tmp_path / "ours")
    for name in ("lists.csv", "unserved.csv", "rejects.csv", "notes.csv", "mailing.csv"):
        ours, theirs = (folder / name for folder in (tmp_path / "ours", out))
        assert ours.exists() == theirs.exists()
        assert not ours.exists() or ours.read_bytes() == theirs.read_bytes(), name


@pytest.mark.parametrize("case", TABLES)
def test_the_clean_tables_are_right(case):
    TABLES[case](read(case))


@pytest.mark.parametrize("case", LISTS)
def test_the_lists_are_right(case):
    assert lists(case) == LISTS[case]


@pytest.mark.parametrize("case", test_cases_sheets.RIGHT)
def test_tables_of_a_workbook_are_those_of_its_run(case):
    """`load` alone, without a run, finds the same rows at fault."""
    tables, result = read(case), matched(case)
    columns = ["table", "line", "column", "reason"]
    assert tables.rejects[columns].to_numpy().tolist() == (
        result.rejects[columns].to_numpy().tolist()
    )


@pytest.mark.parametrize("case", [*TABLES, *test_odd_cells.EXPECTED])
def test_check_names_what_the_tables_name(case, monkeypatch, capsys):
    """Whatever the tables reject or doubt, the command says of the same column."""
    tables = read(case)
    assert command("check", case, monkeypatch) == int(len(tables.rejects) > 0)
    said = capsys.readouterr().out
    for column in {*tables.rejects["column"]} - {""}:
        assert f"'{column}'" in said
    warned = tables.quality[tables.quality["kind"] == "warning"]
    for column in set(warned["column"]) - {""}:
        assert f"'{column}'" in said


def test_notes_are_a_table_that_a_person_can_open(tmp_path):
    matched("s-notes-name-one-line-only").save(tmp_path / "out")
    with (tmp_path / "out" / "notes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["reason_code"] == "trade_unresolved"]
    assert [(row["line"], row["value"]) for row in rows] == [
        ("2", "zzqx un"), ("3", "zzqx deux"), ("4", "zzqx trois"),
    ]  # fmt: skip
