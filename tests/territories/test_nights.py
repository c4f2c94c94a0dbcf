"""Territories night after night: the id, the limit of a fall, the variants that are compared."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from matchmaker import compare, generate
from matchmaker.errors import CheckError
from matchmaker.runs.config import read_config
from matchmaker.runs.diff import diff
from matchmaker.runs.foresight import night_id
from matchmaker.runs.night import dry_night, run_night
from matchmaker.settings import Settings

DAY, NEXT = dt.date(2023, 9, 15), dt.date(2023, 9, 16)
HEAD = (
    '[inputs]\nyouths = "youths.csv"\nwishes = "wishes.csv"\noffers = "offers.csv"\n'
    '[run]\nhome = "home"\n'
)
OWN = '[territory."53"]\npilot = "DREETS Bretagne"\n'


@pytest.fixture
def folder(tmp_path):
    generate(youths=60, offers=400, out=tmp_path, regions=["Bretagne", "Normandie"], seed=2)
    return tmp_path


def written(folder, text):
    file = folder / "night.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return read_config(file)


def test_the_id_follows_what_differs_alone(folder):
    ids = [
        night_id(written(folder, text), as_of=DAY)
        for text in ("", OWN + "reach_km = 30\nmax_shrink = 0.1\n", OWN + "reach_km = 20\n")
    ]
    assert ids[0] == ids[1] != ids[2]
    assert night_id(written(folder, OWN + "reach_km = 20\nmin_lines = 6\n"), as_of=DAY) == ids[2]


def test_a_section_that_repeats_the_frame_is_nothing_to_do(folder):
    first = run_night(written(folder, ""), as_of=DAY)
    again = run_night(written(folder, OWN + "lists_per_seat = 10\n"), as_of=DAY)
    assert (first.is_new, again.is_new) == (True, False)


def test_a_night_of_territories_is_told_apart_from_one_without(folder):
    first = run_night(written(folder, ""), as_of=DAY)
    other = run_night(written(folder, OWN + "lines_per_youth = 2\n"), as_of=DAY)
    assert "DREETS Bretagne" in other.report
    found = diff(first.run.path, other.run.path).figures
    names = {one["name"]: one["after"] for one in found["settings"]}
    assert names == {
        "territories.53.pilot": "DREETS Bretagne", "territories.53.lines_per_youth": 2,
    }  # fmt: skip
    assert found["lines"]["unexplained"] == 0
    assert found["lines"]["gone"]["shorter_lists"] > 0


def test_a_territory_that_falls_beyond_its_own_limit_stops_the_night(folder):
    run_night(written(folder, ""), as_of=DAY)
    offers = pd.read_csv(folder / "offers.csv", dtype="str")
    there = offers["departement"] if "departement" in offers else offers["postal_code"].str[:2]
    here = offers.index[there.isin(["22", "29", "35", "56"])]
    assert len(here) > 60
    offers.drop(here[:20]).to_csv(folder / "offers.csv", index=False)  # 5 % of all
    config = written(folder, OWN + "max_shrink = 0.05\n")
    assert [one["what"] for one in dry_night(config, as_of=NEXT)["falls"]] == ["offers@53"]
    with pytest.raises(CheckError) as caught:
        run_night(config, as_of=NEXT)
    told = caught.value.text("fr")
    assert "Bretagne" in told
    assert "sous [territory]" in told
    assert run_night(written(folder, OWN + "max_shrink = 1\n"), as_of=NEXT).is_new


def test_compare_varies_the_frame_and_leaves_a_territory_its_own(folder):
    files = [folder / f"{name}.csv" for name in ("youths", "wishes", "offers")]
    # 10 is the frame of today: where the frame becomes 1, it is a difference.
    own = Settings(territories={"53": {"pilot": "DREETS", "lines_per_youth": 10, "reach_km": 20}})
    found = compare(*files, as_of=DAY, vary={"lines_per_youth": [1, 10]}, settings=own)
    without = compare(*files, as_of=DAY, vary={"lines_per_youth": [1, 10]})
    lines = found.table.set_index("lines_per_youth")["lines"]
    assert lines[1] > without.table.set_index("lines_per_youth")["lines"][1]
    assert found.reads == 1
    assert found.table["is_base"].tolist() == [False, True]
