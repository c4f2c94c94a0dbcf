"""``matchmaker assign``: preference files in, tables of youths, offers and methods out."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from matchmaker.errors import InputError
from matchmaker_cli.commands import assign

APP = typer.Typer(rich_markup_mode=None)
APP.command(epilog=assign.EPILOG)(assign.assign)


@pytest.fixture
def files(tmp_path):
    texts = {
        "wishes.csv": "id,rank,other_id\na,1,o\na,2,p\nb,1,o\nc,1,o\nc,2,p\n",
        "rankings.csv": "id,rank,other_id\no,1,c\no,2,a\no,2,b\np,1,a\n",
        "seats.csv": "offer_id,capacity\no,1\np,1\n=evil,1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(folder: Path, *extra: str):
    return CliRunner().invoke(
        APP,
        [
            "--youth-preferences",
            str(folder / "wishes.csv"),
            "--offer-preferences",
            str(folder / "rankings.csv"),
            "--out",
            str(folder / "out"),
            *extra,
        ],
    )


def table(folder, name):
    with (folder / "out" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_tables_and_figures(files):
    done = run(files, "--capacities", str(files / "seats.csv"), "--lang", "en")
    assert done.exit_code == 0, done.output
    youths = {row["youth_id"]: row for row in table(files, "youths.csv")}
    assert {y: row["offer_id"] for y, row in youths.items()} == {"a": "p", "b": "", "c": "o"}
    assert [youths[y]["rank"] for y in "abc"] == ["2", "0", "1"]
    assert [youths[y]["why_code"] for y in "abc"] == ["lower_priority", "lower_priority", ""]
    offers = {row["offer_id"]: row for row in table(files, "offers.csv")}
    assert (offers["o"]["last_youth_id"], offers["o"]["last_rank"]) == ("c", "1")
    assert not any(o.startswith("=") for o in offers)  # no formula for a spreadsheet
    methods = {row["method"]: row for row in table(files, "methods.csv")}
    assert methods["stable"]["blocking_pairs"] == "0"
    manifest = json.loads((files / "out" / "manifest.json").read_text())
    assert set(manifest["inputs"]) == {"wishes.csv", "rankings.csv", "seats.csv"}
    assert "*stable" in done.output


@pytest.mark.parametrize("method", ["best", "most"])
def test_json_other_methods_and_a_second_run_over_the_first(files, method):
    for _ in range(2):
        done = run(files, "--method", method, "--format", "json", "--seed", "4")
        assert done.exit_code == 0, done.output
    summary = json.loads(done.output)
    assert (summary["method"], summary["seed"], summary["seats"]) == (method, 4, 2)
    assert set(summary["methods"]) == {"stable", "best", "most"}


def test_unknown_ids_are_named(files):
    (files / "seats.csv").write_text("offer_id,capacity\no,1\n")
    done = run(files, "--capacities", str(files / "seats.csv"))
    assert isinstance(done.exception, InputError)
    assert "offer_preferences: 'p' is no offer of capacities." in str(done.exception)
    assert not (files / "out").exists()
