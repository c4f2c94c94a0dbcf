"""Templates come back filled in, in whatever office they were filled in."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from typer.testing import CliRunner

from matchmaker.errors import InputError, UsageError
from matchmaker.settings import Settings
from matchmaker.tables import load, load_referents
from matchmaker.tables.templates import TEMPLATES, template_bytes, write_template
from matchmaker_cli.app import app

AS_OF = dt.date(2026, 9, 15)
FILLED = {
    "youths": {"youth_id": "00123", "birth_date": dt.date(2008, 3, 14), "postal_code": "01000",
               "level": "CAP", "opt_out": "non", "status": "en recherche"},
    "wishes": {"youth_id": "00123", "rank": 1, "trade_label": "boulanger",
               "region_code": "Auvergne-Rhône-Alpes"},
    "offers": {"offer_id": "E1", "title": "Apprenti boulanger", "postal_code": "01000",
               "capacity": 2, "expiry_date": dt.date(2026, 12, 31), "status": "ouverte",
               "contract_type": "apprentissage", "kind": "offre"},
    "referents": {"departement": "01", "referent_name": "A B", "referent_contact": "c"},
}  # fmt: skip


def filled(path, role):
    """Fill a template in as a person does, below its example."""
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(role)))
    sheet = book.worksheets[0]
    columns = {
        name: header for header, name in book["_matchmaker"].iter_rows(min_row=2, values_only=True)
    }
    places = {cell.value: cell.column for cell in sheet[1]}
    for name, value in FILLED[role].items():
        sheet.cell(row=3, column=places[columns[name]], value=value)
    book.save(path)
    return path


def test_templates_come_back_as_they_are(tmp_path):
    given = {role: filled(tmp_path / f"{role}.xlsx", role) for role in FILLED}
    referents = load_referents(given.pop("referents")).frame

    tables = load(**given, as_of=AS_OF, settings=Settings())

    assert len(tables.rejects) == 0
    youth = tables.youths.iloc[0]
    assert (youth["youth_id"], youth["postal_code"], youth["level"]) == ("00123", "01000", 3)
    assert tables.wishes["region_code"].tolist() == ["84"]
    offer = tables.offers.iloc[0]
    assert (offer["offer_id"], offer["capacity"], offer["kind"]) == ("E1", 2, "offer")
    assert referents["departement"].tolist() == ["01"]
    kept = tables.quality.query("kind == 'left_out'")
    assert set(kept["reason"]) == {"example_row"}


def test_a_template_that_nobody_filled_in_holds_no_row(tmp_path):
    write_template("youths", tmp_path / "y.xlsx")
    given = {role: filled(tmp_path / f"{role}.xlsx", role) for role in ("wishes", "offers")}
    with pytest.raises(InputError, match="aucune ligne"):
        load(tmp_path / "y.xlsx", **given, as_of=AS_OF, settings=Settings())


@pytest.mark.parametrize("role", TEMPLATES)
def test_a_template_is_the_same_bytes_each_time_and_its_lists_work(role):
    data = template_bytes(role)
    assert data == template_bytes(role)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert [s.sheet_state for s in book.worksheets] == [
        "visible",
        "hidden",
        "visible",
        "veryHidden",
    ]
    assert str(sheet["A2"].value).startswith("EXEMPLE")
    assert all(cell.comment.text for cell in sheet[1])
    for rule in sheet.data_validations.dataValidation:
        name, area = rule.formula1.replace("'", "").split("!")
        cells = [cell.value for (cell,) in book[name][area.replace("$", "")]]
        assert all(cells)
        assert len(rule.prompt) <= 255


def test_a_file_that_is_there_is_not_replaced(tmp_path):
    path = tmp_path / "y.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="existe déjà"):
        write_template("youths", path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_template("youths", tmp_path / "y.csv")


def test_the_command_writes_it(tmp_path):
    path = tmp_path / "offres.xlsx"
    result = CliRunner().invoke(app, ["template", "offers", str(path)])
    assert (result.exit_code, result.output) == (0, f"Modèle écrit : {path}\n")
    assert path.read_bytes() == template_bytes("offers")
