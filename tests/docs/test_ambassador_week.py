"""The week of an ambassador runs as its page tells it: export, fill in, import, match again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pandas as pd

from matchmaker.follow_up.firm_columns import FIRM_COLUMNS
from matchmaker.follow_up.keys import id_of_key
from tests.docs.test_commands import commands
from tests.docs.tools import tool

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/how-to/la-semaine-d-un-ambassadeur.md"
BOOK = "employeurs-35-ille-et-vilaine.xlsx"
AT = {column.code: at + 1 for at, column in enumerate(FIRM_COLUMNS)}


def test_the_week_of_an_ambassador_runs(tmp_path):
    laid = {"jeunes": "youths", "voeux": "wishes", "offres": "offers"}
    for file, sample in laid.items():
        (tmp_path / f"{file}.csv").symlink_to(ROOT / "data" / "samples" / f"{sample}.csv")
    match, export, back, rematch, again = commands(PAGE)
    output = tool("run_pages").output
    output(match, tmp_path)
    assert BOOK in output(export, tmp_path)

    path = tmp_path / "ambassadeurs" / BOOK
    book = openpyxl.load_workbook(path)
    sheet = book["À solliciter"]
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    quoted = set(re.findall(r"« ([^»]+) »", text.split("## 3.")[1].split("## 4.")[0]))
    assert quoted <= {cell.value for cell in sheet[2]}
    # A firm that stands in a list: its new offer suits somebody too.
    offers = pd.read_parquet(tmp_path / "resultats" / "tables" / "offers.parquet")
    lists = pd.read_parquet(tmp_path / "resultats" / "lists.parquet")
    is_listed = offers["offer_id"].isin(lists["offer_id"]) & (offers["departement"] == "35")
    listed = set(offers["siret"][is_listed])
    rows = range(3, sheet.max_row + 1)
    taker = next(row for row in rows if sheet.cell(row, AT["siret"]).value in listed)
    other = next(row for row in rows if row != taker)
    never = id_of_key(sheet.cell(other, AT["key"]).value)
    seats = {"answer": "Prend des apprentis", "seats": 3, "month": "10/2023"}
    for row, cells in ((taker, seats), (other, {"answer": "Ne plus solliciter"})):
        told = {**cells, "network": "CMA 35", "on": dt.datetime.fromisoformat("2023-09-20")}
        for code, value in told.items():
            sheet.cell(row, AT[code], value)
    firm = sheet.cell(taker, AT["employer"]).value
    book.save(path)
    assert "1 offre apportée, 3 places" in output(back, tmp_path)

    output(rematch, tmp_path)
    offers = pd.read_parquet(tmp_path / "resultats-2" / "tables" / "offers.parquet")
    (offer,) = offers[offers["source"] == "CMA 35"].to_dict("records")
    assert (offer["employer"], offer["capacity"], offer["status"]) == (firm, 3, "open")
    assert offer["trade_codes"]
    lists = pd.read_parquet(tmp_path / "resultats-2" / "lists.parquet")
    assert (lists["offer_id"] == offer["offer_id"]).any()

    output(again, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "semaine-2" / BOOK)
    rows = [row for name in ("À solliciter", "Ont déjà répondu") for row in book[name].iter_rows()]
    ids = {id_of_key(str(row[0].value)) for row in rows}
    assert never not in ids
