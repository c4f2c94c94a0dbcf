"""Ambassadors' workbooks: no youth in them, one row a firm, and what comes back is read right."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from random import Random

import openpyxl
import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.follow_up import export_employers, import_employers
from matchmaker.follow_up.firm_columns import ANSWERED, FIRM_COLUMNS
from matchmaker.follow_up.firms import firms_of
from matchmaker.follow_up.keys import id_of_key

AT = {column.code: at for at, column in enumerate(FIRM_COLUMNS)}
TO_ASK = "À solliciter"


@pytest.fixture(scope="module")
def exported(world, tmp_path_factory):
    return export_employers(world.run, by="region", out=tmp_path_factory.mktemp("out") / "firms")


@pytest.fixture(scope="module")
def bretagne(exported):
    return next(path for path, _ in exported.files if "bretagne" in path.name)


def texts(path):
    book = openpyxl.load_workbook(path)
    assert all(sheet.sheet_state == "visible" for sheet in book)
    return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]


def test_no_cell_tells_of_a_youth(world, exported):
    youths = world.youths
    ids = set(youths["youth_id"])
    names = {name.casefold() for name in [*youths["first_name"], *youths["last_name"]]}
    for path, _ in exported.files:
        for text in texts(path):
            assert not ids & set(text.replace("~", " ").split())
            assert text.casefold() not in names
        with zipfile.ZipFile(path) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist()).decode()
        assert "Le Nom" not in content
        assert "Prénom" not in content
        assert not any(one in content for one in ids)
        assert not any(one in content for one in youths["phone"])


def test_a_firm_stands_in_one_workbook_on_one_row(exported):
    seen = []
    for path, count in exported.files:
        book = openpyxl.load_workbook(path)
        keys = [
            str(row[AT["key"]].value)
            for name in (TO_ASK, "Ont déjà répondu")
            for row in book[name].iter_rows(min_row=3)
        ]
        assert len(keys) == count
        seen += keys
        counts = [row[3].value for row in book["Ce qui manque"].iter_rows(min_row=2)]
        assert all(count is None or count >= 5 for count in counts)
    assert len(seen) == len(set(seen)) == exported.firms > 1000


def test_a_firm_is_a_siren_in_a_commune_else_a_name(world):
    offers = pd.read_parquet(world.run / "tables" / "offers.parquet").head(5).copy()
    offers["kind"], offers["status"], offers["is_delegated"] = "offer", "open", False
    offers["commune_code"] = ["35238"] * 4 + ["35047"]
    offers["departement"] = "35"
    offers["employer"] = ["Fournil", "FOURNIL", "Fournil bis", "Autre", "Fournil"]
    offers["siret"] = ["73282932000074", "", "73282932000090", "", ""]
    firms = firms_of(offers, {})
    assert len(firms) == 3
    assert sorted(firms["published"]) == [1, 1, 3]


def filled(path):
    """A workbook with some rows filled in, and what they say by firm."""
    rng = Random(7)
    book = openpyxl.load_workbook(path)
    sheet, told = book[TO_ASK], {}
    labels = {"Prend des apprentis": "takes", "Ne plus solliciter": "do_not_ask",
              "Rappeler plus tard": "call_later", "Injoignable": "unreachable"}  # fmt: skip
    for row in range(3, sheet.max_row + 1):
        if rng.random() < 0.7:
            continue
        label = rng.choice(sorted(labels))
        day = dt.datetime.fromisoformat("2023-09-18") + dt.timedelta(days=rng.randrange(20))
        cells = {"answer": label, "network": rng.choice(["FACE", "CCI", "CMA"]), "on": day,
                 "by": "Mme Été", "contact": "M. Bœuf, à l'atelier"}  # fmt: skip
        if label == "Prend des apprentis":
            cells |= {"seats": rng.randrange(1, 9), "trade": "Boulanger", "month": "octobre 2023"}
        for code, value in cells.items():
            sheet.cell(row, AT[code] + 1, value)
        firm = id_of_key(str(sheet.cell(row, AT["key"] + 1).value))
        told[firm] = (labels[label], str(cells.get("seats", "")), day.date().isoformat())
    return book, told


def put(sheet, grid):
    sheet.delete_rows(1, sheet.max_row + 1)
    for row, cells in enumerate(grid, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None:
                sheet.cell(row, column, value)


def sort(grid):
    return [*grid[:2], *sorted(grid[2:], key=lambda row: str(row[AT["employer"]]), reverse=True)]


def move(grid):
    order = Random(3).sample(range(len(grid[0])), len(grid[0]))
    return [[row[at] for at in order] for row in grid]


def add(grid):
    return [[*row[:4], "Ma note" if at == 1 else f"n{at}" * (at > 1), *row[4:]]
            for at, row in enumerate(grid)]  # fmt: skip


def days_as_text(grid):
    return [[c.strftime("%d/%m/%Y") if isinstance(c, dt.date) else c for c in row] for row in grid]


def other_headers(grid):
    return [grid[0], [f"colonne {at}" for at in range(len(grid[1]))], *grid[2:]]


def only_filled(grid):
    return [*grid[:2], *(row for row in grid[2:] if row[AT["answer"]])]


def told_cells_blanked(grid):
    kept = [AT["key"], *(at for at, column in enumerate(FIRM_COLUMNS) if column.is_answer)]
    return [*grid[:2], *([c if at in kept else None for at, c in enumerate(row)]
                         for row in grid[2:])]  # fmt: skip


READ = [sort, move, add, days_as_text, other_headers, only_filled, told_cells_blanked]


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def answers(out):
    return {r["firm_id"]: (r["answer"], r["seats"], r["on"]) for r in
            read(out / "employer_answers.csv")}  # fmt: skip


@pytest.mark.parametrize("change", READ, ids=lambda f: f.__name__)
def test_a_changed_workbook_is_read_right(bretagne, tmp_path, change):
    book, told = filled(bretagne)
    grid = change([[cell.value for cell in row] for row in book[TO_ASK].iter_rows()])
    put(book[TO_ASK], grid)
    book.save(tmp_path / "rendu.xlsx")
    done = import_employers([tmp_path / "rendu.xlsx"], tmp_path / "out")
    assert done.faults == ()
    assert answers(tmp_path / "out") == told
    assert done.conflicts == 0


def test_a_sheet_saved_as_cp1252_is_read_right_and_twice_adds_nothing(bretagne, tmp_path):
    book, told = filled(bretagne)
    with (tmp_path / "r.csv").open("w", encoding="cp1252", newline="", errors="replace") as file:
        for row in days_as_text([[c.value for c in row] for row in book[TO_ASK].iter_rows()]):
            csv.writer(file, delimiter=";").writerow(row)
    out = tmp_path / "out"
    import_employers([tmp_path / "r.csv"], out)
    assert answers(out) == told
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    again = import_employers([tmp_path / "r.csv"], out)
    assert again.answers == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize(
    ("code", "value", "cell"),
    [("answer", "Peut-être", "P"), ("seats", "deux", "Q"), ("month", "bientôt", "S"),
     ("key", "abc", "A"), ("employer", None, "")],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_only_its_row_left(bretagne, tmp_path, code, value, cell):
    book, told = filled(bretagne)
    sheet = book[TO_ASK]
    row = next(r for r in range(3, sheet.max_row + 1) if sheet.cell(r, AT["seats"] + 1).value)
    firm = id_of_key(str(sheet.cell(row, AT["key"] + 1).value))
    if code == "employer":  # a part of the table was sorted without the rest
        for other in ("employer", "place", "siret"):
            sheet.cell(row, AT[other] + 1, "Autre chose 1")
        cell = "A"
    else:
        sheet.cell(row, AT[code] + 1, value)
    book.save(tmp_path / "back.xlsx")
    done = import_employers([tmp_path / "back.xlsx"], tmp_path / "out")
    assert len(done.faults) == 1
    assert done.faults[0].sheet == TO_ASK
    assert f"{cell}{row}" in InputError(done.faults).text("fr")
    assert answers(tmp_path / "out") == {one: what for one, what in told.items() if one != firm}


def test_answers_sorted_without_their_firms_are_refused(bretagne, tmp_path):
    book, _ = filled(bretagne)
    grid = [[cell.value for cell in row] for row in book[TO_ASK].iter_rows()]
    names = range(AT["employer"], AT["answer"])  # the firms' names moved, the keys did not
    turned = [*grid[:2], *([*row[:1], *[other[at] for at in names], *row[AT["answer"] :]]
              for row, other in zip(grid[2:], grid[:1:-1], strict=True))]  # fmt: skip
    put(book[TO_ASK], turned)
    book.save(tmp_path / "names.xlsx")
    kept = [*grid[:2], *([*row[:-1], other[-1]] for row, other in
                         zip(grid[2:], grid[:1:-1], strict=True))]  # fmt: skip
    put(book[TO_ASK], kept)  # the one key moved, the other did not
    book.save(tmp_path / "keys.xlsx")
    for name in ("names", "keys"):
        done = import_employers([tmp_path / f"{name}.xlsx"], tmp_path / name)
        rows = sum(bool(row[AT["answer"]]) for row in grid[2:])
        assert done.rows + len(done.faults) == rows
        # The row in the middle may stand where it stood.
        assert done.rows <= 1


def test_four_networks_bring_one_offer_once_and_what_is_at_odds_is_listed(bretagne, tmp_path):
    book = openpyxl.load_workbook(bretagne)
    sheet = book[TO_ASK]
    cells = {"answer": "Prend des apprentis", "seats": 2, "trade": "Boulanger", "month": "10/2023"}
    paths = []
    for network, day, seats in (("CCI", "2023-09-20", 2), ("FACE", "2023-09-19", 2),
                                ("CMA", "2023-09-20", 3)):  # fmt: skip
        told = {**cells, "network": network, "on": dt.datetime.fromisoformat(day), "seats": seats}
        for code, value in told.items():
            sheet.cell(3, AT[code] + 1, value)
        paths.append(tmp_path / f"{network}.xlsx")
        book.save(paths[-1])
    done = import_employers(paths, tmp_path / "out")
    (offer,) = read(tmp_path / "out" / "employer_offers.csv")
    assert (offer["capacity"], offer["start_date"], offer["status"]) == ("3", "2023-10-01", "open")
    assert {one.network: one.offers for one in done.networks} == {"CCI": 0, "CMA": 0, "FACE": 1}
    (odd,) = read(tmp_path / "out" / "conflicts.csv")
    assert (odd["about"], odd["value"], odd["other_value"]) == ("seats", "2", "3")

    sheet.cell(3, AT["answer"] + 1, "Déjà pourvu")
    sheet.cell(3, AT["seats"] + 1).value = None
    sheet.cell(3, AT["on"] + 1, dt.datetime.fromisoformat("2023-10-02"))
    book.save(tmp_path / "later.xlsx")
    import_employers([tmp_path / "later.xlsx"], tmp_path / "out")
    (offer,) = read(tmp_path / "out" / "employer_offers.csv")
    assert offer["status"] == "filled"
    assert len(read(tmp_path / "out" / "employer_answers.csv")) == 4


def test_who_said_never_again_is_left_out_and_who_was_asked_is_shown(world, bretagne, tmp_path):
    book, told = filled(bretagne)
    book.save(tmp_path / "back.xlsx")
    import_employers([tmp_path / "back.xlsx"], tmp_path / "back")
    asked = tmp_path / "back" / "employer_answers.csv"
    done = export_employers(world.run, by="region", out=tmp_path / "again", asked=[asked])
    never = {firm for firm, what in told.items() if what[0] == "do_not_ask"}
    assert done.never == len(never) > 0
    again = openpyxl.load_workbook(next(p for p, _ in done.files if "bretagne" in p.name))
    for name, shown in ((TO_ASK, {"call_later", "unreachable"}), ("Ont déjà répondu", {"takes"})):
        rows = {id_of_key(str(r[AT["key"]].value)): r for r in again[name].iter_rows(min_row=3)}
        assert not never & set(rows)
        here = {firm for firm, what in told.items() if what[0] in shown}
        assert here <= set(rows)
        for firm in here:
            assert rows[firm][AT["asked_by"]].value.endswith("(Mme Été)")
            assert rows[firm][AT["asked_on"]].value.date().isoformat() == told[firm][2]


def test_the_same_run_gives_the_same_bytes_and_a_filled_one_is_not_replaced(world, tmp_path):
    one, two = (export_employers(world.run, by="region", out=tmp_path / n) for n in "ab")
    for (a, _), (b, _) in zip(one.files, two.files, strict=True):
        assert a.read_bytes() == b.read_bytes()
    with pytest.raises(UsageError):
        export_employers(world.run, by="region", out=tmp_path / "a")
    with pytest.raises(UsageError):
        export_employers(world.run, by="cfa", out=tmp_path / "c")


def test_columns_of_the_answers_are_those_of_the_sheet():
    codes = {column.code for column in FIRM_COLUMNS}
    assert set(ANSWERED) - codes == {"firm_id", "commune_code"}
