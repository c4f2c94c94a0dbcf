"""What cells give back is read right, or the cell that cannot be read is named."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zlib
from random import Random

import openpyxl
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.follow_up import import_cells
from matchmaker.follow_up.keys import id_of_key
from tests.follow_up.manglings import AT, READ, REFUSED, SHEETS

OUTCOMES = {"RDV pris": "appointment", "Autre": "other", "Cherche un CFA": "seeks_centre",
            "Contrat rompu": "broken", "Contrat signé": "signed",
            "Injoignable après plusieurs tentatives": "unreachable"}  # fmt: skip
SIRET = "73282932000074"


@pytest.fixture(scope="module")
def exported(world, tmp_path_factory):
    done = world.export(tmp_path_factory.mktemp("out") / "cells")
    return next(path for path, _ in done.files if "bretagne" in path.name)


def rows(path, name):
    with (path / name).open(encoding="utf-8-sig", newline="") as file:
        return set(map(tuple, list(csv.reader(file, delimiter=";"))[1:]))


def filled(path, seed=5):
    """A workbook with some rows filled in, and the words and contracts that it says."""
    rng = Random(seed)
    book = openpyxl.load_workbook(path)
    words, contracts = set(), set()
    for sheet in SHEETS:
        for row in range(3, book[sheet].max_row + 1):
            if rng.random() < 0.5:
                continue
            cells = {code: book[sheet].cell(row, at + 1) for code, at in AT.items()}
            youth = id_of_key(str(cells["key"].value))
            day = dt.datetime.fromisoformat("2023-09-18") + dt.timedelta(days=rng.randrange(20))
            label = rng.choice(sorted(OUTCOMES))
            by, on = f"Conseillère {rng.randrange(3)}", day.date().isoformat()
            comment = f"rappeler été n°{row}"
            for code, value in {"outcome": label, "on": day, "by": by, "comment": comment,
                                "known": "Oui", "new_trade": "Boulanger"}.items():  # fmt: skip
                cells[code].value = value
            said = {
                "outcome": OUTCOMES[label],
                "note": comment,
                "known": "yes",
                "trade": "Boulanger",
            }
            words |= {(youth, "", "", word, value, by, on) for word, value in said.items()}
            if cells["ref_1"].value:
                cells["opinion_1"].value = "à écarter"
                words.add((youth, id_of_key(cells["ref_1"].value), "", "ban", "", by, on))
            signed = broken = siret = ""
            if label.startswith("Contrat"):
                cells["signed_on"].value, signed = day, on
                cells["siret"].value = siret = SIRET
                if label == "Contrat rompu":
                    cells["broken_on"].value, broken = day, on
                contracts.add((youth, "", "", "", signed, broken, siret, "", "", by, on))
    assert len(words) > 60
    assert len(contracts) > 3
    return book, words, contracts


def told(faults):
    return InputError(faults, shown=1000).text("fr")


def test_there_are_thirty_ways_and_more():
    assert len(READ) >= 30
    assert len(REFUSED) >= 10


@pytest.mark.parametrize("name", READ)
def test_a_changed_workbook_is_read_right(exported, tmp_path, name):
    book, words, contracts = filled(exported)
    files = READ[name](book, Random(zlib.crc32(name.encode())), tmp_path)
    done = import_cells(files, tmp_path / "back")
    assert told(done.faults) == ""
    assert rows(tmp_path / "back", "words.csv") == words
    assert rows(tmp_path / "back", "outcomes.csv") == contracts
    assert rows(tmp_path / "back", "conflicts.csv") == set()
    assert bool(done.unread) == ("column added" in name)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named_and_nothing_of_it_is_taken(exported, tmp_path, name):
    book, words, contracts = filled(exported)
    files = REFUSED[name](book, Random(zlib.crc32(name.encode())), tmp_path)
    done = import_cells(files, tmp_path / "back")
    assert done.faults
    assert rows(tmp_path / "back", "words.csv") <= words
    assert rows(tmp_path / "back", "outcomes.csv") <= contracts
    for line in told(done.faults).splitlines():
        where = r"^back\.xlsx" if name == "half a file" else r"feuille '.+' : case [A-Z]+\d+ : "
        assert re.search(where, line), line


def test_nobody_elses_answer_is_taken_when_a_part_was_sorted(exported, tmp_path):
    book, words, _ = filled(exported)
    import_cells(REFUSED["names sorted alone"](book, Random(1), tmp_path), tmp_path / "back")
    assert len(rows(tmp_path / "back", "words.csv")) < len(words) / 3


def test_a_row_that_cannot_be_read_stops_no_other(exported, tmp_path):
    book, words, _ = filled(exported)
    sheet = book[SHEETS[0]]
    row = next(r for r in range(3, 99) if sheet.cell(r, AT["outcome"] + 1).value)
    youth = id_of_key(sheet.cell(row, AT["key"] + 1).value)
    sheet.cell(row, AT["outcome"] + 1).value = "RDV pri"
    book.save(tmp_path / "b.xlsx")
    done = import_cells([tmp_path / "b.xlsx"], tmp_path / "back")
    assert "Vouliez-vous dire 'RDV pris' ?" in told(done.faults)
    assert rows(tmp_path / "back", "words.csv") == {one for one in words if one[0] != youth}
    sheet.cell(row, AT["outcome"] + 1).value = "RDV pris"
    book.save(tmp_path / "b.xlsx")
    done = import_cells([tmp_path / "b.xlsx"], tmp_path / "back")
    assert done.faults == ()
    assert {one[0] for one in rows(tmp_path / "back", "words.csv")} == {one[0] for one in words}


def test_a_second_import_adds_nothing_and_a_blank_takes_nothing_back(exported, tmp_path):
    book, words, _ = filled(exported)
    book.save(tmp_path / "b.xlsx")
    import_cells([tmp_path / "b.xlsx"], tmp_path / "back")
    before = (tmp_path / "back" / "words.csv").read_bytes()
    done = import_cells([tmp_path / "b.xlsx", exported], tmp_path / "back")
    assert (done.words, done.outcomes, done.conflicts) == (0, 0, 0)
    assert (tmp_path / "back" / "words.csv").read_bytes() == before
    assert rows(tmp_path / "back", "words.csv") == words


def test_a_word_that_contradicts_another_stands_beside_it_and_is_listed(exported, tmp_path):
    out = tmp_path / "back"
    book, words, _ = filled(exported)
    book.save(tmp_path / "a.xlsx")
    import_cells([tmp_path / "a.xlsx"], out)
    sheet = book[SHEETS[0]]
    row = next(r for r in range(3, 99) if sheet.cell(r, AT["outcome"] + 1).value == "RDV pris")
    youth = id_of_key(sheet.cell(row, AT["key"] + 1).value)
    sheet.cell(row, AT["outcome"] + 1).value = "Autre"
    book.save(tmp_path / "b.xlsx")
    done = import_cells([tmp_path / "b.xlsx"], out)
    assert done.conflicts == 1
    assert words < rows(out, "words.csv")
    ((who, _, word, value, where, other, other_where),) = rows(out, "conflicts.csv")
    assert (who, word, value, where, other) == (
        youth,
        "outcome",
        "appointment",
        "words.csv",
        "other",
    )
    assert other_where == f"b.xlsx, {SHEETS[0]}, {row}"


def test_outcomes_of_two_days_are_a_history_and_no_conflict(exported, tmp_path):
    for name, outcome, day in (
        ("a", "Contrat signé", "2023-09-18"),
        ("b", "Contrat rompu", "2023-10-02"),
    ):
        book = openpyxl.load_workbook(exported)
        book[SHEETS[0]].cell(3, AT["outcome"] + 1).value = outcome
        book[SHEETS[0]].cell(3, AT["on"] + 1).value = dt.datetime.fromisoformat(day)
        book.save(tmp_path / f"{name}.xlsx")
    done = import_cells([tmp_path / "a.xlsx", tmp_path / "b.xlsx"], tmp_path / "back")
    assert (done.words, done.outcomes, done.conflicts) == (2, 2, 0)


def test_pin_against_ban_is_a_conflict_and_two_notes_are_none(exported, tmp_path):
    for name, opinion, note in (("a", "à garder", "un"), ("b", "à écarter", "deux")):
        book = openpyxl.load_workbook(exported)
        sheet = book[SHEETS[0]]
        row = next(r for r in range(3, 99) if sheet.cell(r, AT["ref_1"] + 1).value)
        sheet.cell(row, AT["opinion_1"] + 1).value = opinion
        sheet.cell(row, AT["comment"] + 1).value = note
        book.save(tmp_path / f"{name}.xlsx")
    done = import_cells([tmp_path / "a.xlsx", tmp_path / "b.xlsx"], tmp_path / "back")
    assert (done.words, done.conflicts) == (4, 1)


def test_a_file_of_somebody_else_is_not_added_to(exported, tmp_path):
    (tmp_path / "words.csv").write_text("a;b\n1;2\n")
    with pytest.raises(InputError):
        import_cells([exported], tmp_path)
    assert (tmp_path / "words.csv").read_text() == "a;b\n1;2\n"
    with pytest.raises(UsageError):
        import_cells([tmp_path / "none.xlsx"], tmp_path / "back")


def test_what_runs_in_a_spreadsheet_is_disarmed_on_its_way_back(exported, tmp_path):
    book = openpyxl.load_workbook(exported)
    cell = book[SHEETS[0]].cell(3, AT["comment"] + 1)
    cell.value, cell.data_type = "+cmd|' /C calc'!A0", "s"
    book.save(tmp_path / "a.xlsx")
    import_cells([tmp_path / "a.xlsx"], tmp_path / "back")
    ((_, _, _, _, value, _, _),) = rows(tmp_path / "back", "words.csv")
    assert value.startswith("'+")


def test_what_came_back_shows_in_the_next_workbooks(world, exported, tmp_path):
    book, words, _ = filled(exported)
    book.save(tmp_path / "a.xlsx")
    import_cells([tmp_path / "a.xlsx"], tmp_path / "back")
    done = world.export(tmp_path / "next", words=[tmp_path / "back" / "words.csv"])
    signed = {one[0] for one in words if one[3:5] == ("outcome", "signed")}
    assert signed
    assert done.youths == 275 - len(signed)
    path = next(path for path, _ in done.files if "bretagne" in path.name)
    book = openpyxl.load_workbook(path)
    seen = {
        id_of_key(row[AT["key"]].value): (row[AT["last_contact"]].value, row[AT["last_outcome"]].value)
        for name in SHEETS for row in book[name].iter_rows(min_row=3) if row[0].value
    }  # fmt: skip
    for youth, _, _, word, value, _, on in words:
        if word == "outcome" and value == "appointment":
            assert seen[youth] == (dt.datetime.fromisoformat(on), "RDV pris")
        assert youth not in signed or youth not in seen
