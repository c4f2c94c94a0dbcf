"""Workbooks: which sheets are read, what hides in cells, where the header stands."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.errors import InputError, UsageError
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.checks import check_youths, to_issues
from matchmaker.tables.checks.findings import rejects_frame
from matchmaker.tables.checks.notes import notes_frame
from matchmaker.tables.raw import RawTable, cell_name
from matchmaker.tables.reading import read_file
from matchmaker.words import said
from tests.tables.samples import SAMPLES_DIR
from tests.tables.workbook_files import Rows, write_ods, write_xlsx

AS_OF = dt.date(2026, 9, 15)
HEADER = ["youth_id", "birth_date", "postal_code", "level", "opt_out"]
YOUTHS: Rows = [HEADER, ["J01", dt.date(2008, 3, 1), "01000", 3, "non"],
                ["G99", dt.date(2007, 1, 1), "35000", 3, None]]  # fmt: skip
OTHERS: Rows = [HEADER, ["Z01", dt.date(2008, 3, 1), "01000", 3, None]]
WISHES: Rows = [["youth_id", "rank", "trade_label"], ["J01", 1, "boulanger"]]
WRITERS = pytest.mark.parametrize("write", [write_xlsx, write_ods])
# The folder is a new one for each example.
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, role: str = "youths", sheet: str = "") -> RawTable:
    table = read_file(Path(f"{path}#{sheet}") if sheet else path, role)
    assert isinstance(table, RawTable)
    return table


def ids(table: RawTable) -> list[str]:
    return table.frame["youth_id"].tolist()


def sheets_of(table: RawTable) -> tuple[str, ...]:
    assert table.sheets is not None
    return table.sheets.names


def remarks(table: RawTable) -> set[tuple[str, str, int]]:
    return {(remark.reason, remark.column, remark.count) for remark in table.remarks}


def rejects(table: RawTable) -> pd.DataFrame:
    checked = check_youths(table, Settings(), as_of=AS_OF)
    return rejects_frame([checked.findings], "fr")


@WRITERS
def test_a_hidden_sheet_is_not_read_and_said(tmp_path, write):
    path = write(tmp_path / "y.zip", {"2025": OTHERS, "2026": YOUTHS}, hidden=["2025"])

    table = read(path)

    assert (ids(table), sheets_of(table)) == (["J01", "G99"], ("2026",))
    assert remarks(table) == {("hidden_sheet", "2025", 1)}
    assert said("note.sheet_not_read", name="2025") in table.notes
    assert ids(read(path, sheet="2025")) == ["Z01"]


@WRITERS
def test_sheets_with_the_same_header_are_read_together(tmp_path, write):
    path = write(tmp_path / "y.zip", {"A": YOUTHS, "B": OTHERS})

    table = read(path)

    assert ids(table) == ["J01", "G99", "Z01"]
    assert (sheets_of(table), table.lines.tolist()) == (("A", "B"), [2, 3, 2])
    assert ids(read(path, sheet="b")) == ["Z01"]


def test_columns_of_a_second_sheet_may_stand_in_another_order(tmp_path):
    turned = [list(reversed(row)) for row in OTHERS]
    table = read(write_xlsx(tmp_path / "y.xlsx", {"A": YOUTHS, "B": turned}))

    assert ids(table) == ["J01", "G99", "Z01"]
    assert table.frame["postal_code"].tolist() == ["01000", "35000", "01000"]


def test_a_sheet_with_other_columns_is_said_not_to_be_read(tmp_path):
    short = [[row[0], row[2]] for row in OTHERS]
    table = read(write_xlsx(tmp_path / "y.xlsx", {"Jeunes": YOUTHS, "Reste": short}))

    assert ids(table) == ["J01", "G99"]
    assert remarks(table) == {("sheet_not_read", "Reste", 1)}


@WRITERS
def test_one_workbook_holds_all_three_tables(tmp_path, write):
    offers = [["offer_id", "title", "postal_code"], ["E1", "Apprenti boulanger", "01000"]]
    names = {"jeunes": YOUTHS, "vœux": WISHES, "Offres": offers, "Lisez-moi": [["Bonjour"]]}
    path = write(tmp_path / "tout.zip", names)

    tables = load(path, path, path, as_of=AS_OF, settings=Settings())

    assert [file.sheets for file in tables.files] == [("jeunes",), ("vœux",), ("Offres",)]
    counts = len(tables.youths), len(tables.wishes), len(tables.offers)
    assert counts == (2, 1, 1)


def test_notes_name_the_sheet_of_a_cell_and_the_sheet_that_was_left(tmp_path):
    broken: Rows = [HEADER, ["Z01", dt.date(2008, 3, 1), "#N/A", 3, None],
                    ["Z02", "1er mars 2008", "01000", 3, None]]  # fmt: skip
    path = write_xlsx(tmp_path / "y.xlsx", {"A": YOUTHS, "B": broken, "C": OTHERS}, hidden=["C"])
    checked = check_youths(read(path), Settings(), as_of=AS_OF)

    notes = notes_frame([(checked.findings, checked.frame)])

    names = ("verdict", "sheet", "line", "column", "value", "reason_code")
    found = set(zip(*(notes[name] for name in names), strict=True))
    assert ("rejected", "B", 2, "postal_code", "#N/A", "spreadsheet_error") in found
    assert ("doubt", "C", 0, "", "", "hidden_sheet") in found
    # Nothing was said of a cell without its sheet.
    assert set(notes.loc[notes["line"] > 0, "sheet"]) <= {"A", "B"}


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path):
    path = write_xlsx(tmp_path / "y.xlsx", {"Jeunes": YOUTHS})
    with pytest.raises(InputError, match=r"pas de feuille 'Voeux'.*Jeunes"):
        read(path, sheet="Voeux")
    (tmp_path / "y.csv").write_text("youth_id\nY1\n", "utf-8")
    with pytest.raises(UsageError, match="ce n'est pas un classeur"):
        read(tmp_path / "y.csv", sheet="Jeunes")


def test_a_file_may_have_the_mark_of_a_sheet_in_its_name(tmp_path):
    assert ids(read(write_xlsx(tmp_path / "y#1.xlsx", {"Jeunes": YOUTHS}))) == ["J01", "G99"]


def test_only_hidden_sheets_refuse_the_file_and_are_named(tmp_path):
    sheets = {"Lisez-moi": [["Mode d'emploi"]], "2025": OTHERS}
    with pytest.raises(InputError, match=r"masquées.*2025.*y\.xlsx#2025"):
        read(write_xlsx(tmp_path / "y.xlsx", sheets, hidden=["2025"]))


def test_an_export_of_a_source_is_found_behind_a_readme(tmp_path):
    export = pd.read_csv(SAMPLES_DIR / "affelnet" / "export.csv", sep=None, engine="python",
                         dtype=str, keep_default_na=False, encoding="cp1252")  # fmt: skip
    rows = [export.columns.tolist(), *export.to_numpy(dtype=object).tolist()]
    path = write_xlsx(tmp_path / "a.xlsx", {"Lisez-moi": [["Bonjour"], ["à", "tous"]],
                                            "Export": [["Affelnet 2026"], [], *rows]})  # fmt: skip
    offers = pd.DataFrame({"offer_id": ["E1"], "title": ["boulanger"], "postal_code": ["29000"]})

    tables = load(None, path, offers, as_of=AS_OF, settings=Settings())

    assert tables.files[0].sheets == ("Export",)
    assert len(tables.youths) > 0


@WRITERS
def test_the_header_is_found_below_titles_and_lines_stay_those_of_the_sheet(tmp_path, write):
    title = [["Liste des jeunes - campagne 2026"], []]
    table = read(write(tmp_path / "y.zip", {"Feuil1": [*title, *YOUTHS]}))

    assert (table.header_line, table.lines.tolist()) == (3, [4, 5])
    assert remarks(table) == {("header_below", "Feuil1", 1)}


def test_a_header_of_two_levels_is_one(tmp_path):
    rows = [["youth_id", "birth_date", "Adresse", None, None], [None, None, *HEADER[2:]],
            *YOUTHS[1:]]  # fmt: skip
    merged = {"Feuil1": ["A1:A2", "B1:B2", "C1:E1"]}
    table = read(write_xlsx(tmp_path / "y.xlsx", {"Feuil1": rows}, merged=merged))

    assert table.frame.columns.tolist() == HEADER
    assert ids(table) == ["J01", "G99"]


def test_merged_cells_are_filled_down_and_blank_ones_are_not(tmp_path):
    rows = [WISHES[0], ["J01", 1, "maçon"], [None, 2, "boulanger"], [None, 3, "plombier"]]
    table = read(write_xlsx(tmp_path / "w.xlsx", {"F": rows}, merged={"F": ["A2:A3"]}), "wishes")

    assert ids(table) == ["J01", "J01", ""]
    assert remarks(table) == {("merged_cell", "youth_id", 1)}


def test_seats_merged_over_offers_are_no_seats_of_each(tmp_path):
    rows = [["offer_id", "capacity"], ["E1", 4], ["E2", None], ["E3", 1]]
    table = read(write_xlsx(tmp_path / "o.xlsx", {"F": rows}, merged={"F": ["B2:B3"]}), "offers")

    assert table.frame["offer_id"].tolist() == ["E3"]
    faults = [(fault.reason, fault.line, fault.column, fault.sheet) for fault in table.faults]
    assert faults == [("merged_number", 2, "capacity", "F"), ("merged_number", 3, "capacity", "F")]


def test_a_title_between_rows_is_no_row(tmp_path):
    rows = [HEADER, *YOUTHS[1:2], ["Zone B"], *YOUTHS[2:]]
    table = read(write_xlsx(tmp_path / "y.xlsx", {"F": rows}, merged={"F": ["A3:E3"]}))

    assert ids(table) == ["J01", "G99"]
    assert [(fault.reason, fault.line) for fault in table.faults] == [("not_a_row", 3)]


def test_what_stands_beside_the_table_is_not_read_and_said(tmp_path):
    rows = [[*HEADER], [*YOUTHS[1], None, None, "à rappeler"], [*YOUTHS[2]],
            [*[None] * 7, "Source : rectorat"]]  # fmt: skip
    table = read(write_xlsx(tmp_path / "y.xlsx", {"F": rows}))

    assert ids(table) == ["J01", "G99"]
    assert remarks(table) == {("beside_table", "F", 2)}
    assert table.faults == ()


@WRITERS
@pytest.mark.parametrize("text", ["#N/A", "#DIV/0!", "=VLOOKUP(A2,B:C,2)", "=B2"])
def test_an_error_and_a_formula_without_result_name_sheet_and_cell(tmp_path, write, text):
    rows = [[*row] for row in YOUTHS]
    rows[1][4] = text
    found = rejects(read(write(tmp_path / "y.zip", {"Jeunes": rows})))

    (issue,) = to_issues(found)
    sentence = issue.sentence("fr")
    assert sentence.startswith("y.zip, feuille 'Jeunes', ligne 2, colonne 'opt_out' : ")
    assert "(cellule E2)" in sentence
    assert "Le jeune est compté comme opposé." in sentence


def test_the_error_of_a_personal_column_is_shown_and_its_formula_is_not(tmp_path):
    rows = [[*row] for row in YOUTHS]
    rows[1][1], rows[2][1] = "#N/A", '=VLOOKUP("Dupont",A:B,2)'
    errors = [issue.sentence("fr") for issue in
              to_issues(rejects(read(write_xlsx(tmp_path / "y.xlsx", {"F": rows}))))]  # fmt: skip

    assert "'#N/A' est une erreur du tableur (cellule B2)" in errors[0]
    assert "Dupont" not in errors[1]


def _rewritten(path: Path, old: str, new: str) -> None:
    """Change the text of the first sheet's part."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("value", "is_broken"),
    [("<v>3</v>", False), ("<v>0</v>", True), ("<v></v>", True), ("", True)],
)
def test_a_value_that_a_library_put_for_the_time_being_is_none(tmp_path, value, is_broken):
    """The workbook asks to be computed on loading, and holds 0 until then."""
    rows = [[*row] for row in YOUTHS]
    rows[1][3] = "=D3"
    path = write_xlsx(tmp_path / "y.xlsx", {"F": rows})
    _rewritten(path, "<f>D3</f><v />", f"<f>D3</f>{value}")

    assert (len(rejects(read(path))) == 1) == is_broken


def test_an_empty_text_that_a_formula_gives_is_a_blank_cell(tmp_path):
    rows = [[*row] for row in YOUTHS]
    rows[1][4] = "=D3"
    path = write_xlsx(tmp_path / "y.xlsx", {"F": rows})
    _rewritten(path, '<c r="E2"><f>D3</f><v />', '<c r="E2" t="str"><f>D3</f><v></v>')

    assert len(rejects(read(path))) == 0


def test_a_part_that_declares_entities_is_refused(tmp_path):
    rows = [[*row] for row in YOUTHS]
    rows[1][4] = "#N/A"
    path = write_xlsx(tmp_path / "y.xlsx", {"F": rows})
    _rewritten(path, "<worksheet ", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet ')

    with pytest.raises(InputError, match="ce classeur ne peut pas être lu"):
        read(path)


@given(row=st.integers(1, 2), column=st.integers(0, 4), title=st.integers(0, 3),
       text=st.sampled_from(["#N/A", "#REF!", "#NAME?", "=NOW()", "=A1"]))  # fmt: skip
@QUICK
def test_wherever_an_error_stands_its_cell_is_named(tmp_path_factory, row, column, title, text):
    rows = [[*r] for r in YOUTHS]
    rows[row][column] = text
    path = tmp_path_factory.mktemp("x") / "y.xlsx"
    found = rejects(read(write_xlsx(path, {"F": [*[["Titre"]] * title, *rows]})))

    line = row + title + 1
    assert (line, HEADER[column]) in zip(found["line"], found["column"], strict=True)
    assert cell_name(line, column) in " ".join(found["message"])


@given(
    before=st.lists(st.sampled_from(["readme", "hidden", "wishes", "empty"]), max_size=4),
    second=st.booleans(),
    data=st.data(),
)
@QUICK
def test_whatever_stands_around_the_sheets_of_the_table_are_read(
    tmp_path_factory, before, second, data
):
    bodies = {"readme": [["Mode d'emploi"], ["", "à lire"]], "hidden": OTHERS, "wishes": WISHES,
              "empty": [[]]}  # fmt: skip
    sheets = {f"{kind} {i}": bodies[kind] for i, kind in enumerate(before)}
    sheets["Feuil1"] = YOUTHS
    if second:
        sheets["Zone B"] = [HEADER, ["B1", None, "35000", 3, None]]
    order = data.draw(st.permutations(list(sheets)))
    path = tmp_path_factory.mktemp("x") / "y.xlsx"
    hidden = [name for name in sheets if name.startswith("hidden")]

    table = read(write_xlsx(path, {name: sheets[name] for name in order}, hidden=hidden))

    assert set(sheets_of(table)) == {"Feuil1"} | ({"Zone B"} if second else set())
    assert set(ids(table)) == {"J01", "G99"} | ({"B1"} if second else set())
    assert {remark.column for remark in table.remarks} == set(hidden)


def test_no_workbook_hides_an_error_behind_a_repeated_cell(tmp_path):
    """ODS says once what stands in several cells."""
    path = write_ods(tmp_path / "y.ods", {"F": YOUTHS})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    error = b'<table:table-cell table:number-columns-repeated="2" table:formula="of:=NA()"'
    error += b' office:value-type="float" office:value="0" calcext:value-type="error">'
    error += b"<text:p>#N/A</text:p></table:table-cell>"
    plain = b'<table:table-cell office:value-type="float" office:value="3"><text:p>3</text:p>'
    plain += b"</table:table-cell><table:table-cell/>"
    assert plain in parts["content.xml"]
    parts["content.xml"] = parts["content.xml"].replace(plain, error)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)

    found = rejects(read(path))

    assert found["column"].tolist() == ["level", "opt_out"]
    assert np.unique(found["reason"]).tolist() == ["spreadsheet_error"]
