"""``matchmaker assign``: preference files in, tables of youths, offers and methods out."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from matchmaker_cli.app import main
from matchmaker_cli.commands import assign

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"

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
    assert {one["name"] for one in manifest["inputs"]} == {
        "wishes.csv",
        "rankings.csv",
        "seats.csv",
    }
    assert "* stable" in done.output
    assert "The offer ranks the youths it took higher." in done.output


@pytest.mark.parametrize("method", ["best", "most"])
def test_json_other_methods_and_a_second_run_over_the_first(files, method):
    for _ in range(2):
        done = run(files, "--method", method, "--format", "json", "--seed", "4")
        assert done.exit_code == 0, done.output
    summary = json.loads(done.output)
    assert (summary["method"], summary["seed"], summary["seats"]) == (method, 4, 2)
    assert set(summary["methods"]) == {"stable", "best", "most"}


def test_tables_of_the_main_job(tmp_path):
    done = CliRunner().invoke(
        APP,
        [
            *("--youths", str(SAMPLES / "youths.csv")),
            *("--wishes", str(SAMPLES / "wishes.csv")),
            *("--offers", str(SAMPLES / "offers.csv")),
            *("--as-of", "2023-09-15", "--method", "most", "--priority", "lottery"),
            *("--format", "json", "--out", str(tmp_path / "out")),
        ],
    )
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert (summary["method"], summary["priority"], summary["is_synthetic"]) == (
        "most",
        "lottery",
        True,
    )
    youths = table(tmp_path, "youths.csv")
    assert sum(row["offer_id"] != "" for row in youths) == summary["methods"]["most"]["placed"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [one["role"] for one in manifest["inputs"]] == ["youths", "wishes", "offers"]
    assert set(manifest["outputs"]) == {
        *(f"{name}.csv" for name in ("youths", "offers", "methods", "rejects", "notes", "quality")),
        *(f"{name}.parquet" for name in ("youths", "offers", "methods")),
        *(f"tables/{name}.parquet" for name in ("youths", "wishes", "offers", "sent")),
        "reference/nearness.parquet",
        "reference/referents.parquet",
        "settings.toml",
        "summary.json",
    }
    timings = json.loads((tmp_path / "out" / "timings.json").read_text())
    assert set(timings) == {
        "read",
        "prepare",
        "share_out",
        "explain",
        "check",
        "summarise",
        "write",
    }


LISTS = ("--youth-preferences", "wishes.csv", "--offer-preferences", "rankings.csv")


def message(monkeypatch, capsys, folder, *arguments):
    """Exit code and stderr of the program itself."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(
        "sys.argv", ["matchmaker", "assign", *arguments, "--out", "out", "--lang", "en"]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert not (folder / "out").exists()
    return ended.value.code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "seats.csv",
            "offer_id,capacity\no,1\n",
            [
                "offer_preferences: 'p' is no offer of capacities.",
                "youth_preferences['a']: 'p' is no offer of capacities.",
                "youth_preferences['c']: 'p' is no offer of capacities.",
            ],
        ),
        (
            "seats.csv",
            "offer_id,capacity\no,-1\np,1\n",
            [
                "seats.csv, line 2, column 'capacity': '-1' is not a whole number from 0 up.",
            ],
        ),
        (
            "wishes.csv",
            "id,rank,other_id\na,1,o\na,2,o\n",
            [
                "wishes.csv, line 3, column 'other_id': 'o' stands twice in the list of 'a'",
            ],
        ),
        (
            "wishes.csv",
            "id,rank,other_id\na,1,q\nb,1,o\nc,1,o\n",
            ["youth_preferences['a']: 'q' is no offer of capacities."],
        ),
    ],
)
def test_bad_files_one_sentence_each_naming_the_entry(
    monkeypatch, capsys, files, name, text, expected
):
    (files / name).write_text(text)
    code, lines = message(monkeypatch, capsys, files, *LISTS, "--capacities", "seats.csv")
    assert code == 1
    assert [line[: len(start)] for line, start in zip(lines, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (LISTS[:2], "give --wishes and --offers (and --youths), or --youth-preferences"),
        (("--wishes", "wishes.csv"), "give --wishes and --offers"),
        (
            (*LISTS, "--offers", "offers.csv"),
            "--offers and --youth-preferences exclude each other",
        ),
        ((*LISTS, "--priority", "lottery"), "--priority and --youth-preferences exclude"),
        (("--youth-preferences", "none.csv", *LISTS[2:]), "none.csv: no such file."),
    ],
)
def test_options_that_do_not_go_together(monkeypatch, capsys, files, arguments, expected):
    code, lines = message(monkeypatch, capsys, files, *arguments)
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(expected)
