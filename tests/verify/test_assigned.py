"""The check of a written assignment: each rule is broken once, and refused."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import matchmaker
from matchmaker.errors import CheckError
from matchmaker.report.tables import write_csv, write_parquet
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.verify.assigned import check_assigned, check_assignment_folder
from matchmaker.verify.clean import Clean

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    read = {
        name: pd.read_csv(SAMPLES / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in ("youths", "wishes", "offers")
    }
    read["offers"] = read["offers"].iloc[::6]
    out = tmp_path_factory.mktemp("assigned") / "out"
    matchmaker.assign(**read, as_of=dt.date(2023, 9, 15)).save(out)
    return out


@pytest.fixture
def folder(written, tmp_path):
    return Path(shutil.copytree(written, tmp_path / "copy"))


def rewrite(folder, name, change):
    """Change a table in both of its files."""
    frame = change(pd.read_parquet(folder / f"{name}.parquet"))
    for write, kind in ((write_csv, "csv"), (write_parquet, "parquet")):
        with (folder / f"{name}.{kind}").open("wb") as sink:
            write(frame, sink)


def first_placed(frame):
    return frame.index[frame["offer_id"] != ""][0]


def put(column, value, row=None):
    def change(frame):
        frame.loc[first_placed(frame) if row is None else row, column] = value
        return frame

    return change


def test_what_was_written_holds(folder):
    check_assignment_folder(folder)


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("youths", lambda f: pd.concat([f, f.iloc[:1]]), "youth_once "),
        ("offers", lambda f: pd.concat([f, f.iloc[:1]]), "offer_once "),
        ("youths", put("offer_id", "nowhere"), "place_exists "),
        ("youths", put("offer_id", ""), "place_rank "),
        ("youths", put("rank", 0), "place_rank "),
        ("offers", put("placed", 99, 0), "assigned_seats "),
        ("offers", lambda f: f.assign(capacity=f["placed"] - (f["placed"] > 0)), "assigned_seats "),
        ("offers", put("placed", 0, 0), "placed_count "),
        (
            "youths",
            lambda f: f.assign(why_code=""),
            "why_told ",
        ),
        ("methods", put("weight", 1, 0), r"figure \(summary.json, methods.stable.weight\)"),
    ],
)
def test_each_rule_refuses(folder, name, change, rule):
    rewrite(folder, name, change)
    with pytest.raises(CheckError, match=rule):
        check_assignment_folder(folder)


@pytest.mark.parametrize("figure", ["placed", "first", "top_three"])
def test_a_figure_that_is_not_that_of_the_tables(folder, figure):
    summary = json.loads((folder / "summary.json").read_text())
    summary["methods"][summary["method"]][figure] += 1
    (folder / "summary.json").write_text(json.dumps(summary))
    with pytest.raises(CheckError, match=rf"methods\.\w+\.{figure}\)"):
        check_assignment_folder(folder)


def test_a_csv_file_that_says_something_else(folder):
    text = (folder / "youths.csv").read_text()
    (folder / "youths.csv").write_text(text.replace('"stable"', "").replace(",1,", ",2,", 1))
    with pytest.raises(CheckError, match=r"csv_cells \(youths\.csv, rank\)"):
        check_assignment_folder(folder)


def test_a_missing_file(folder):
    (folder / "methods.parquet").unlink()
    with pytest.raises(CheckError, match="file_readable"):
        check_assignment_folder(folder)


CLEAN_AS_OF = dt.date(2023, 9, 15)


@pytest.fixture(scope="module")
def assigned():
    """A small market where everybody is placed, and its clean tables."""
    youths = pd.DataFrame({
        "youth_id": ["Y1", "Y2"], "birth_date": ["2006-05-02", "2005-11-20"],
        "postal_code": ["29000", "29000"], "place_name": ["Quimper", "Quimper"],
    })  # fmt: skip
    wishes = pd.DataFrame(
        {"youth_id": ["Y1", "Y2"], "rank": ["1", "1"], "trade_code": ["D1102", "D1102"]}
    )
    offers = pd.DataFrame({
        "offer_id": ["O1", "O2"], "title": ["Boulanger", "Boulanger"],
        "trade_code": ["D1102", "D1102"], "postal_code": ["29000", "29000"],
        "place_name": ["Quimper", "Quimper"], "capacity": ["1", "1"],
        "contract_type": ["apprentissage", "apprentissage"], "start_date": ["2023-10-02"] * 2,
    })  # fmt: skip
    result = matchmaker.assign(youths, wishes, offers, as_of=CLEAN_AS_OF)
    assert (result.tables["youths"]["offer_id"] != "").all()
    tables = load(youths, wishes, offers, as_of=CLEAN_AS_OF, settings=Settings())
    clean = Clean(
        youths=tables.youths, wishes=tables.wishes, offers=tables.offers, as_of=CLEAN_AS_OF
    )
    return result.tables["youths"], clean


def first(frame, **cells):
    """Return the table with some cells of its first row changed."""
    changed = frame.copy()
    for column, value in cells.items():
        changed.loc[0, column] = value
    return changed


@pytest.mark.parametrize(
    ("table", "cells", "rule"),
    [
        ("youths", {"opt_out": True}, "youth_opted_out"),
        ("youths", {"status": "placed"}, "youth_seeking"),
        ("youths", {"birth_date": pd.Timestamp("2015-05-02")}, "legal_age"),
        ("youths", {"available_from": pd.Timestamp("2025-01-01")}, "start_window"),
        ("youths", {"latitude": 43.3, "longitude": 5.4}, "reach"),
        ("offers", {"status": "filled"}, "offer_open"),
        ("offers", {"capacity": 0}, "assigned_seats"),
        ("offers", {"expiry_date": pd.Timestamp("2023-09-16")}, "offer_expiry"),
        ("offers", {"flags": "discriminatory"}, "offer_flagged"),
        ("offers", {"contract_type": "cdi"}, "contract_type"),
    ],
)
def test_a_pair_that_the_rules_forbid_is_refused(assigned, table, cells, rule):
    youths, clean = assigned
    check_assigned(youths, clean, Settings())
    changed = replace(clean, **{table: first(getattr(clean, table), **cells)})
    with pytest.raises(CheckError, match=rule):
        check_assigned(youths, changed, Settings())


def test_an_offer_that_is_none_of_the_tables_is_refused(assigned):
    youths, clean = assigned
    with pytest.raises(CheckError, match="offer_exists"):
        check_assigned(youths.assign(offer_id="nowhere"), clean, Settings())
