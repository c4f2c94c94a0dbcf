"""Settings side by side: the figures of a run each, from tables that are read once."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings, compare
from matchmaker.errors import UsageError
from matchmaker.report.comparison import FIGURES
from matchmaker.runs import stages
from matchmaker.runs.compare import AFTER_READING, variants
from matchmaker.tables import load

ROOT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2023, 9, 15)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A tiny world in which some youths give no reach."""
    folder = tmp_path_factory.mktemp("tiny")
    made = matchmaker.generate(youths=40, offers=300, out=folder, regions=["Bretagne"])
    youths = pd.read_csv(made["youths"], dtype="str", keep_default_na=False)
    youths.loc[::2, "max_distance_km"] = ""
    youths.to_csv(made["youths"], index=False)
    return [made["youths"], made["wishes"], made["offers"]]


@pytest.fixture(scope="module")
def found(tables):
    return compare(*tables, as_of=AS_OF, vary={"lists_per_seat": [1, 10], "reach_km": [10, 30]})


def test_each_row_has_the_figures_of_a_run_of_its_own(tables, found):
    for row in found.to_dict()["runs"]:
        settings = Settings(lists_per_seat=row["lists_per_seat"], reach_km=row["reach_km"])
        summary = matchmaker.match(*tables, as_of=AS_OF, settings=settings).summary
        for name, path in FIGURES.items():
            room, *rest = path.split(".")
            figure = summary[room]
            for part in rest:
                figure = figure[part]
            assert row[name] == figure, (row, name)
    reaches = found.table.groupby("reach_km")["lines"].sum()
    assert reaches[10] < reaches[30]  # so that the test would see a reach that is not heeded


def test_the_tables_are_read_once_or_once_a_value_that_reading_looks_at(tables, monkeypatch, found):
    assert found.reads == 1
    count = []
    read = stages.read

    def counted(*given):
        count.append(1)
        return read(*given)

    counted.__name__ = "read"
    monkeypatch.setattr(stages, "read", counted)
    vary = {"min_trade_confidence": [0.5, 0.9], "lines_per_youth": [3, 10]}
    again = compare(*tables, as_of=AS_OF, vary=vary)
    assert again.reads == len(count) == 2
    assert again.table["min_trade_confidence"].tolist() == [0.5, 0.5, 0.9, 0.9]


def test_reading_looks_at_no_setting_that_is_said_to_come_after_it(tables):
    asked = set()

    class Watched(Settings):
        def __getattribute__(self, name):
            asked.add(name)
            return super().__getattribute__(name)

    settings = Watched()
    asked.clear()  # of its own checks
    load(*tables, as_of=AS_OF, settings=settings)
    assert "communes_file" in asked
    assert asked & AFTER_READING == {"reach_km", "territories"}  # that of each territory


def test_the_settings_of_the_file_stand_once():
    base = Settings(seed=2)
    assert [one.seed for one in variants(base, {"seed": [1, 2, 1]})] == [1, 2]
    assert [one.seed for one in variants(base, {"seed": [3]})] == [2, 3]
    one, other = variants(base, {"weights.distance": [5], "weights.level": [6]})
    assert (one.weights, other.weights) == ({}, {"distance": 5, "level": 6})


@pytest.mark.parametrize(
    ("vary", "sentence"),
    [
        ({}, "--vary manque"),
        ({"lists_per_sat": [3]}, "'lists_per_sat' n'existe pas. Vouliez-vous dire 'lists_per_seat' ?"),
        ({"objective": ["fare"]}, "Vouliez-vous dire 'fair' ?"),
        ({"seed": ["x", "y"]}, "'x' n'est pas un nombre entier."),
        ({"weights.distence": [3]}, "Vouliez-vous dire 'distance' ?"),
        ({"reach_km.x": [3]}, "'reach_km' n'a pas de parties"),
        ({"reach_km": [20, 0]}, "0 n'est pas compris entre 1 et 500"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_before_anything_is_read(vary, sentence):
    with pytest.raises(UsageError) as refused:
        compare("none.csv", "none.csv", "none.csv", as_of=AS_OF, vary=vary)
    assert sentence in str(refused.value)


def test_the_comparison_is_plain_values_and_text(found):
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["varied"] == ["lists_per_seat", "reach_km"]
    assert [row["is_base"] for row in told["runs"]] == [False, False, False, True]
    lines = str(found).splitlines()
    assert lines[2].split()[:2] == ["lists_per_seat", "reach_km"]
    assert lines[6].split()[:3] == ["*", "10", "30"]
