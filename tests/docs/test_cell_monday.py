"""The Monday of a cell runs as its page tells it: export, fill in, import, export again."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import openpyxl

from matchmaker.follow_up.columns import COLUMNS
from tests.docs.test_commands import commands
from tests.docs.tools import tool
from tests.follow_up.own import named_youths

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/how-to/le-lundi-d-une-cellule.md"
BOOK = "cellule-53-bretagne.xlsx"
AT = {column.code: at + 1 for at, column in enumerate(COLUMNS)}


def test_the_monday_of_a_cell_runs(tmp_path):
    samples = ROOT / "data" / "samples"
    named_youths(samples / "youths.csv").to_csv(tmp_path / "jeunes.csv", index=False)
    laid = {"voeux": "wishes", "offres": "offers", "referents": "referents"}
    for file, sample in laid.items():
        (tmp_path / f"{file}.csv").symlink_to(samples / f"{sample}.csv")
    match, export, back, again = commands(PAGE)
    output = tool("run_pages").output
    output(match, tmp_path)
    assert BOOK in output(export, tmp_path)

    path = tmp_path / "cellules" / BOOK
    book = openpyxl.load_workbook(path)
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    sheet = book["À appeler aujourd'hui"]
    headers = {cell.value for cell in sheet[2]}
    quoted = set(re.findall(r"« ([^»]+) »", text.split("## 3.")[1].split("## 4.")[0]))
    assert {name for name in quoted if name != "Réf."} <= headers
    before = [sheet.cell(row, AT["last_name"]).value for row in (3, 4)]
    for row, outcome in ((3, "Contrat signé"), (4, "Demande un RDV")):
        sheet.cell(row, AT["outcome"], outcome)
        sheet.cell(row, AT["on"], dt.datetime.fromisoformat("2023-09-15"))
        sheet.cell(row, AT["by"], "Mme Le Gall")
    book.save(path)
    assert output(back, tmp_path).startswith("2 lignes remplies lues")
    with (tmp_path / "rendus" / "words.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {row["value"] for row in csv.DictReader(file, delimiter=";")}
    assert values == {"signed", "asked_appointment"}

    output(again, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "semaine-2" / BOOK)["À appeler aujourd'hui"]
    assert sheet.cell(3, AT["last_name"]).value == before[1]
    assert sheet.cell(3, AT["last_outcome"]).value == "Demande un RDV"
    names = {sheet.cell(row, AT["last_name"]).value for row in range(3, sheet.max_row + 1)}
    assert before[0] not in names
