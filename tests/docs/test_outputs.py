"""The page on outputs names every file and column that a run writes, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import matchmaker

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "outputs.md").read_text(encoding="utf-8")
SAMPLES = [ROOT / "data" / "samples" / f"{name}.csv" for name in ("youths", "wishes", "offers")]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    youths, wishes, offers = SAMPLES
    # The offers twice over, so that some are pooled.
    again = pd.read_csv(offers, dtype=str, keep_default_na=False).head(100)
    again["offer_id"], again["source"] = "Z" + again["offer_id"], "synthetic again"
    frame = pd.read_csv(offers, dtype=str, keep_default_na=False)
    result = matchmaker.match(youths, wishes, [frame, again], as_of="2023-09-15", assignment=True)
    result.save(folder / "match")
    matchmaker.assign(*SAMPLES, as_of="2023-09-15").save(folder / "assign")
    return folder


def part(heading: str) -> str:
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def named(text: str, column: int = 1) -> set[str]:
    """Return the names in backquotes in a column of the tables of a text."""
    cells = [row.split("|")[column] for row in re.findall(r"^\|.*$", text, re.MULTILINE)]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("command", ["match", "assign"])
def test_the_files_of_a_run_are_those_of_the_page(written, command):
    folder = written / command
    found = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}
    assert found == named(part(f"Files of {command}"))


@pytest.mark.parametrize("command", ["match", "assign"])
def test_the_stages_are_those_that_are_timed(written, command):
    timings = json.loads((written / command / "timings.json").read_text())
    (row,) = re.findall(
        r"^\| `timings.json` \|([^;\n]*)", part(f"Files of {command}"), re.MULTILINE
    )
    assert list(timings) == re.findall(r"`(\w+)`", row)


@pytest.mark.parametrize(
    ("heading", "files"),
    [
        ("lists", ["lists.parquet"]),
        ("assignment", ["assignment.parquet"]),
        ("unserved, follow_up", ["unserved.parquet", "follow_up.csv"]),
        (
            "rejects, quality, pooled, flagged",
            ["rejects.csv", "quality.csv", "pooled.csv", "flagged.csv"],
        ),
    ],
)
def test_the_columns_of_a_table_are_those_of_the_page(written, heading, files):
    found: set[str] = set()
    for file in files:
        path = written / "match" / file
        one = pq.read_schema(path).names if path.suffix == ".parquet" else pd.read_csv(path).columns
        found |= set(one)
    points = {name for name in found if name.startswith("points_")}
    shown = named(part(heading))
    assert found - points == shown - {"points_<criterion>"}
    assert bool(points) == ("points_<criterion>" in shown)


def test_the_columns_of_the_certificate_are_those_of_the_page(written):
    found = set(pq.read_schema(written / "match" / "certificate.parquet").names)
    assert found == named(part("certificate")) | {"proof", "side", "id"}
