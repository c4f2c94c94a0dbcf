"""The page on defaults gives the weights and points that the code has."""

from __future__ import annotations

import re
from pathlib import Path

from matchmaker.reference.contracts import age_rules
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "defaults.md").read_text(encoding="utf-8")
STEPS = {criterion.name: criterion.steps for criterion in CRITERIA}


def test_the_weights_are_those_of_the_criteria():
    rows = re.findall(r"^\| (\w+) \| (\d+) \|", PAGE, re.MULTILINE)
    assert {name: int(weight) for name, weight in rows} == {c.name: c.weight for c in CRITERIA}


def test_the_points_are_those_of_the_steps():
    for name in ("distance", "wish", "level", "region", "start"):
        (row,) = re.findall(rf"^\| {name} \| \d+ \| (.*) \|$", PAGE, re.MULTILINE)
        shown = {int(n.replace(",", "")) for n in re.findall(r"\d{1,2},\d{3}|\b0\b", row)}
        assert shown <= set(STEPS[name].values()), name
    assert {7_000, 10_000, 3_700} <= set(STEPS["wish"].values())
    assert STEPS["wish"]["rank_1"] - STEPS["wish"]["rank_2"] == 700


def test_the_edge_of_the_reach_costs_more_than_going_from_the_first_wish_to_the_tenth():
    weight = {criterion.name: criterion.weight for criterion in CRITERIA}
    edge = weight["distance"] * (STEPS["distance"]["at_home"] - STEPS["distance"]["at_edge"])
    tenth = weight["wish"] * (STEPS["wish"]["rank_1"] - STEPS["wish"]["rank_10"])
    assert (edge, tenth) == (160_000, 126_000)


def test_settings_named_with_a_value_have_it():
    settings = Settings().to_dict()
    named = re.findall(r"`(\w+) = ([^`]+)`", PAGE)
    assert len(named) >= 5
    for name, value in named:
        assert str(settings[name]) == value, name


def test_the_ages_are_those_of_the_table_of_the_law():
    rules = age_rules().set_index(["contract_type", "condition"])
    youngest = rules.loc[("apprentissage", "after_3e"), "min_age"]
    oldest = rules.loc[("apprentissage", ""), "max_age"]
    first, last = rules.loc[("professionnalisation", ""), ["min_age", "max_age"]]
    text = " ".join(PAGE.split())
    assert (
        f"An apprenticeship is open from {youngest} (youths have left the 3e) to {oldest}" in text
    )
    assert f"a professionalisation contract from {first} to {last}" in text
