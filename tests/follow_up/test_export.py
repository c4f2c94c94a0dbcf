"""A cell's workbook: its own youths and no others, each once, in cells of the right kind."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from matchmaker.errors import InputError, UsageError
from matchmaker.follow_up.columns import COLUMNS, MARK
from matchmaker.follow_up.columns import header as header_of
from matchmaker.follow_up.keys import id_of_key
from matchmaker.runs.folder import open_run

SHEETS = ("À appeler aujourd'hui", "Suivis", "Sans solution")
AT = {column.code: at for at, column in enumerate(COLUMNS)}


@pytest.fixture(scope="module")
def books(world, tmp_path_factory):
    done = world.export(tmp_path_factory.mktemp("books") / "cells")
    return {path.name: openpyxl.load_workbook(path) for path, _ in done.files}


def rows(book):
    """Each row of a youth, as cells by the code of their column."""
    for name in SHEETS:
        for cells in book[name].iter_rows(min_row=3):
            if cells[0].value:
                yield {code: cells[at] for code, at in AT.items()}


def test_each_youth_who_seeks_stands_in_one_sheet_of_one_workbook(world, books):
    ids = [id_of_key(row["key"].value) for book in books.values() for row in rows(book)]
    run = open_run(world.run)
    unserved = run.table("unserved")
    alone = set(unserved["youth_id"][unserved["reason_code"].isin(
        ["opted_out", "opposed", "placed", "withdrawn"])])  # fmt: skip
    assert len(ids) == len(set(ids))
    assert set(ids) == set(world.youths["youth_id"]) - alone
    assert len(alone) == 25


def test_a_workbook_holds_nothing_of_a_youth_of_another_territory(world, books):
    youths = world.youths.set_index("youth_id")
    shared = set(youths["email"][youths["email"].duplicated()])
    whole = "\n".join(
        str(cell.value) for cell in books["cellule-53-bretagne.xlsx"]["À appeler aujourd'hui"]["A"]
    )
    assert whole.count("~") > 10
    region = open_run(world.run).table("tables/youths").set_index("youth_id")["region_code"]
    for name, book in books.items():
        code = re.search(r"-(\d\d)-|", name.replace("cellule", ""))[1] or ""
        own = set(region.index[region == code])
        assert own
        words = " ".join(
            str(cell.value)
            for sheet in book
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None
        )
        for youth_id, youth in youths.drop(index=list(own)).iterrows():
            assert youth_id not in words
            assert youth["last_name"] not in words
            assert youth["phone"] not in words.replace(" ", "")
            # Siblings share an address.
            assert youth["email"] in ("", *shared) or youth["email"] not in words


def test_dates_are_dates_and_numbers_that_are_none_are_texts(books):
    seen = 0
    for book in books.values():
        for row in rows(book):
            for code in ("due", "birth_date", "started_on"):
                assert row[code].value is None or isinstance(row[code].value, dt.datetime)
            for code in ("postal_code", "phone_1", "key", "ref_1", "lines"):
                kind = int if code == "lines" else str
                assert row[code].value is None or isinstance(row[code].value, kind)
            seen += row["birth_date"].value is not None
            assert row["referent"].value
            assert row["holder"].value
    assert seen > 200


def test_no_cell_is_a_formula(books):
    for book in books.values():
        for sheet in book:
            kinds = {cell.data_type for line in sheet.iter_rows() for cell in line}
            assert "f" not in kinds


def test_sheets_are_frozen_filtered_wide_and_their_drop_downs_lie_in_a_hidden_sheet(books):
    book = books["cellule-53-bretagne.xlsx"]
    assert book.sheetnames == ["Lisez-moi", *SHEETS, "Offres à partager", "Chiffres", "Listes"]
    assert book["Listes"].sheet_state == "hidden"
    labels = [cell.value for cell in book["Listes"]["A"]]
    assert len(labels) == 22
    assert {"RDV pris", "Contrat rompu", "Cherche un CFA", "Orientation Mission locale"} <= set(
        labels
    )
    for name in SHEETS:
        sheet = book[name]
        assert sheet.freeze_panes == "E3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.row_dimensions[1].hidden
        assert [cell.value for cell in sheet[1]] == [MARK + column.code for column in COLUMNS]
        assert [cell.value for cell in sheet[2]] == [header_of(c.code, "fr") for c in COLUMNS]
        rules = {r.formula1 for r in sheet.data_validations.dataValidation}
        assert "'Listes'!$A$1:$A$22" in rules
        assert all("Listes" in rule for rule in rules)


def test_the_counts_agree_with_the_sheets(books):
    for book in books.values():
        n = {name: sum(1 for cell in book[name]["A"][2:] if cell.value) for name in SHEETS}
        counted = {row[0].value: row[1].value for row in book["Chiffres"].iter_rows()}
        assert {name: counted[name] for name in SHEETS} == n
        totals = {row[1].value for row in book["Chiffres"].iter_rows() if row[0].value == "Total"}
        assert totals == {sum(n.values())}


def test_the_days_left_are_calendar_months_and_an_unknown_date_says_so(world, books):
    started = world.youths.set_index("youth_id")["training_started_on"]
    seen = set()
    for book in books.values():
        for row in rows(book):
            day = started[id_of_key(row["key"].value)]
            if day:
                end = pd.Timestamp(day) + pd.DateOffset(months=3)
                assert row["days_left"].value == (end - pd.Timestamp("2023-09-15")).days
            else:
                assert row["days_left"].value == "date inconnue"
            seen.add(bool(day))
    assert seen == {True, False}


def test_an_offer_to_share_names_the_youths_it_suits(world, books):
    lists = open_run(world.run).table("lists")
    sheet = books["cellule-53-bretagne.xlsx"]["Offres à partager"]
    found = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    own = {id_of_key(row["key"].value) for row in rows(books["cellule-53-bretagne.xlsx"])}
    times = lists[lists["youth_id"].isin(own)]["offer_id"].value_counts()
    assert len(found) == int((times >= 2).sum()) > 0
    assert [row[6] for row in found] == sorted((row[6] for row in found), reverse=True)
    for row in found:
        assert row[6] == len(row[7].split("\n"))


def test_equal_runs_give_equal_bytes_that_only_their_owner_reads(world, tmp_path):
    one = world.export(tmp_path / "a")
    two = world.export(tmp_path / "b")
    for (path, _), (other, _) in zip(one.files, two.files, strict=True):
        assert path.read_bytes() == other.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert zipfile.is_zipfile(path)
    assert one.pilot.read_bytes() == two.pilot.read_bytes()


def test_the_page_for_who_steers_names_no_youth_and_adds_up(world, tmp_path):
    page = world.export(tmp_path / "a").pilot.read_text(encoding="utf-8")
    assert "Le Nom" not in page
    assert "Y0000" not in page
    assert "Bretagne" in page
    table = re.findall(r"<tr><th>(.*?)</th>(.*?)</tr>", page)
    counts = {name: re.findall(r">(\d+)<", cells) for name, cells in table}
    *parts, whole = ([int(n) for n in cells] for cells in counts.values() if cells)
    assert list(map(sum, zip(*parts, strict=True))) == whole
    assert whole[0] == 300
    assert whole[4] == 275


def test_a_filled_workbook_is_not_written_over(world, tmp_path):
    world.export(tmp_path / "a")
    with pytest.raises(UsageError, match="existe déjà"):
        world.export(tmp_path / "a")
    assert world.export(tmp_path / "a", force=True).youths == 275


def test_no_workbook_lies_in_the_run(world):
    with pytest.raises(UsageError):
        world.export(world.run / "cells")


def test_a_file_parts_the_communes_and_refuses_one_in_two(world, tmp_path):
    own = tmp_path / "cells.csv"
    own.write_text("commune_code,territory\n35238,Rennes\n29019,Brest\n")
    done = world.export(tmp_path / "a", by=str(own))
    assert {path.name for path, _ in done.files} >= {"cellule-rennes.xlsx"}
    assert sum(n for _, n in done.files) == 275
    own.write_text("commune_code,territory\n35238,Rennes\n35238,Brest\n")
    with pytest.raises(InputError) as caught:
        world.export(tmp_path / "b", by=str(own))
    assert "cells.csv, ligne 3" in caught.value.text("fr")


def test_mission_locale_needs_its_table(world, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with pytest.raises(UsageError, match="reference add structures"):
        world.export(tmp_path / "a", by="mission_locale")


def test_structures_name_who_holds_the_file(world, tmp_path, monkeypatch):
    from matchmaker.reference import store
    from matchmaker.settings import Settings

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    table = tmp_path / "structures.csv"
    youths = open_run(world.run).table("tables/youths")
    communes = sorted(set(youths["commune_code"][youths["departement"] == "35"]) - {""})
    header = "commune_code,structure_id,kind,name,email,phone\n"
    served = "".join(f"{code},ML35,mission_locale,We Ker,,\n" for code in communes)
    table.write_text(f"{header}{served},0352660B,cfa,CFA de Rennes,,\n")
    store.add("structures", table, Settings())
    done = world.export(tmp_path / "a", by="mission_locale")
    names = {path.name: path for path, _ in done.files}
    book = openpyxl.load_workbook(names["cellule-ml35-we-ker.xlsx"])
    held = {row["holder"].value for row in rows(book)}
    assert "Mission locale – We Ker" in held
    assert "CFA – CFA de Rennes" in held
    done = world.export(tmp_path / "b", by="cfa")
    assert "cellule-0352660b-cfa-de-rennes.xlsx" in {path.name for path, _ in done.files}
    table.write_text(
        "commune_code,structure_id,kind,name,email,phone\n"
        "35238,A,mission_locale,A,,\n35238,B,mission_locale,B,,\n"
    )
    store.add("structures", table, Settings())
    with pytest.raises(InputError, match="35238"):
        world.export(tmp_path / "c", by="mission_locale")
