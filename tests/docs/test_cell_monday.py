"""The Monday of a cell runs as its page tells it: export, fill in, import, and the next run obeys."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import openpyxl
import pandas as pd

from matchmaker.follow_up.columns import COLUMNS
from matchmaker.follow_up.keys import id_of_key
from matchmaker.tables.advice import WORDS
from matchmaker.verify import check
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
    match, export, back_in, match_again, again = commands(PAGE)
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
        fill(sheet, row, outcome=outcome)
    # Of the next youths with three lines: what is said of lines, of a trade, of a contract.
    shown = [row for row in range(5, sheet.max_row) if sheet.cell(row, AT["line_3"]).value]
    said, moved, back = shown[:3]
    fill(sheet, said, opinion_1="à écarter", opinion_2="à garder", opinion_3="en premier")
    fill(sheet, moved, new_trade="Boulanger")
    offers = pd.read_csv(tmp_path / "offres.csv", dtype=str).set_index("offer_id")["siret"]
    lines = [id_of_key(sheet.cell(back, AT[f"ref_{n}"]).value) for n in (1, 2, 3)]
    firm = offers[next(line for line in lines if isinstance(offers[line], str))]
    fill(sheet, back, broken_on="11/09/2023", broken_why="Mme Le Gall : trop loin", siret=firm)
    who = {name: id_of_key(sheet.cell(row, AT["key"]).value) for name, row in
           {"signed": 3, "said": said, "moved": moved, "back": back}.items()}  # fmt: skip
    pairs = [id_of_key(sheet.cell(said, AT[f"ref_{n}"]).value) for n in (1, 2, 3)]
    book.save(path)
    assert output(back_in, tmp_path).startswith("5 lignes remplies lues")
    with (tmp_path / "rendus" / "words.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert tuple(rows[0]) == WORDS
    assert {"signed", "asked_appointment", "Boulanger"} <= {row["value"] for row in rows}

    told = output(match_again, tmp_path)
    assert "contrats trouvés : 1" in told
    assert "contrats rompus : 1" in told
    lists = pd.read_csv(tmp_path / "resultats-2" / "lists.csv", dtype=str)
    of = {
        name: lists[lists["youth_id"] == youth].set_index("offer_id") for name, youth in who.items()
    }
    assert len(of["signed"]) == 0
    assert pairs[0] not in of["said"].index
    assert pairs[1] in of["said"].index
    assert of["said"].index[0] == pairs[2] or pairs[2] not in of["said"].index
    assert "fait avec votre conseiller" in of["moved"]["reason"].iloc[0]
    assert not (of["back"].index.map(offers).str[:9] == firm[:9]).any()
    assert check(tmp_path / "resultats-2") == ()
    whole = b"".join(f.read_bytes() for f in (tmp_path / "resultats-2").rglob("*") if f.is_file())
    assert b"Le Gall" not in whole

    output(again, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "semaine-2" / BOOK)["À appeler aujourd'hui"]
    assert sheet.cell(3, AT["last_name"]).value == before[1]
    assert sheet.cell(3, AT["last_outcome"]).value == "Demande un RDV"
    names = {sheet.cell(row, AT["last_name"]).value for row in range(3, sheet.max_row + 1)}
    assert before[0] not in names


def fill(sheet, row, **cells):
    """Fill in a row as a person would, with the day and who it was."""
    on = dt.datetime.fromisoformat("2023-09-15")
    for code, value in {"on": on, "by": "Mme Le Gall", **cells}.items():
        sheet.cell(row, AT[code], value)
