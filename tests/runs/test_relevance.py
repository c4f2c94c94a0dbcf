"""The figures of judged lists of a run, end to end on the project's own judged set."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import matchmaker
from matchmaker.audit.grades import read_judged
from matchmaker.errors import InputError, UsageError
from matchmaker.runs.relevance import evaluate_run, read_official
from matchmaker_cli.app import app

ROOT = Path(__file__).resolve().parents[2]
SET = ROOT / "benchmarks" / "data" / "judged"
GIVEN = {
    "youths": SET / "youths.csv",
    "wishes": SET / "wishes.csv",
    "offers": [SET / "offers.csv"],
}
JUDGED = SET / "judged.csv"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged") / "run"
    matchmaker.match(**GIVEN, as_of=dt.date(2026, 6, 15)).save(folder)
    return folder


def test_the_set_is_what_its_page_says():
    grades = read_judged(JUDGED)
    given = [grade for pairs in grades.values() for grade in pairs.values()]
    page = (SET / "README.md").read_text("utf-8")
    assert f"| pairs | {' | '.join(str(given.count(g)) for g in (3, 2, 1, 0))} |" in page
    sizes = {name: len(pd.read_csv(SET / f"{name}.csv")) for name in ("youths", "wishes", "offers")}
    assert (len(grades), len(given), *sizes.values()) == (40, 400, 40, 66, 150)
    offers = set(pd.read_csv(SET / "offers.csv")["offer_id"])
    assert {offer for pairs in grades.values() for offer in pairs} <= offers
    assert set(grades) == set(pd.read_csv(SET / "youths.csv")["youth_id"])


def test_the_examples_of_the_page_are_of_the_set():
    page = (ROOT / "docs" / "explanation" / "relevance.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (J\d+) \| (.+?) \| (A\d+) \| (.+?) \| ([0-3]) \| .+ \|$", page, re.MULTILINE
    )
    grades = read_judged(JUDGED)
    titles = pd.read_csv(SET / "offers.csv", keep_default_na=False).set_index("offer_id")["title"]
    wishes = pd.read_csv(SET / "wishes.csv").groupby("youth_id")["trade_label"].apply(set)
    assert len(rows) == 20
    assert {grade for *_, grade in rows} == {"0", "1", "2", "3"}
    for youth, wish, offer, title, grade in rows:
        assert grades[youth][offer] == int(grade)
        assert wish in wishes[youth]
        assert title == (titles[offer] or title)


def test_what_is_against_a_pair_is_said_where_its_grade_is_not_the_best():
    judged = pd.read_csv(JUDGED, keep_default_na=False)
    assert ((judged["why"] == "") == (judged["grade"] == 3)).all()


def test_ours_and_all_others_are_measured(run):
    official = read_official(SET / "official_codes.csv")
    told = evaluate_run(run, JUDGED, **GIVEN, official=official)
    names = [one["name"] for one in told["orders"]]
    assert names == ["ours", "search", "search_first", "search_official", "distance", "random"]
    assert told["judged"]["youths"] == 40
    assert told["left_out"] == 0
    lists = pd.read_parquet(run / "lists.parquet")
    assert told["orders"][0]["lines"] == len(lists)
    assert told == evaluate_run(run, JUDGED, **GIVEN, official=official)


def test_the_first_line_of_a_list_is_the_one_of_rank_1(run):
    lists = pd.read_parquet(run / "lists.parquet")
    first = lists[lists["rank"] == 1].set_index("youth_id")["offer_id"]
    grades = read_judged(JUDGED)
    won = [
        (2 ** grades[youth].get(offer, 0) - 1) / (2 ** max(grades[youth].values()) - 1)
        for youth, offer in first.items()
    ]
    told = evaluate_run(run, JUDGED, k=1)["orders"][0]
    assert told["lines"] == len(first)
    assert told["ndcg"]["value"] == pytest.approx(sum(won) / len(grades), abs=1e-4)


def test_without_the_tables_ours_stands_alone_with_the_same_figures(run):
    alone = evaluate_run(run, JUDGED)
    assert [one["name"] for one in alone["orders"]] == ["ours"]
    assert alone["orders"][0] == evaluate_run(run, JUDGED, **GIVEN)["orders"][0]


def test_youths_of_another_run_are_left_out_and_none_at_all_is_refused(run, tmp_path):
    more = tmp_path / "more.csv"
    more.write_text(JUDGED.read_text("utf-8") + "J99,A001,3,\n", "utf-8")
    assert evaluate_run(run, more)["left_out"] == 1
    other = tmp_path / "other.csv"
    other.write_text("youth_id,offer_id,grade\nJ99,A001,3\n", "utf-8")
    with pytest.raises(InputError, match="aucun de ces jeunes"):
        evaluate_run(run, other)


def test_another_table_than_the_one_of_the_run_is_refused(run, tmp_path):
    offers = tmp_path / "offers.csv"
    text = (SET / "offers.csv").read_text("utf-8")
    offers.write_text(text.replace("Apprenti boulanger", "Apprentie boulangère"), "utf-8")
    with pytest.raises(UsageError, match=r"offers\.csv : ce n'est pas le fichier"):
        evaluate_run(run, JUDGED, youths=GIVEN["youths"], wishes=GIVEN["wishes"], offers=[offers])


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match="n'est pas un résultat"):
        evaluate_run(tmp_path, JUDGED)


def test_official_codes_need_their_columns(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("label,trade_codes\nx,D1102\n", "utf-8")
    with pytest.raises(InputError, match="trade_label"):
        read_official(path)


def command(*given):
    return CliRunner().invoke(app, ["evaluate", "lists", *map(str, given)])


def all_tables(run):
    return [
        "--run", run, "--judged", JUDGED, "--youths", GIVEN["youths"],
        "--wishes", GIVEN["wishes"], "--offers", GIVEN["offers"][0],
        "--official", SET / "official_codes.csv",
    ]  # fmt: skip


def test_the_command_prints_a_table_in_french(run):
    said = command(*all_tables(run)).stdout
    first = said.splitlines()
    assert first[0] == "400 paires jugées, 40 jeunes ; notes 3, 2, 1, 0 : 71, 48, 60, 221"
    assert [line.split("  ")[0] for line in first[4:10]] == [
        "matchmaker",
        "recherche nationale, tous les codes",
        "recherche nationale, premier code",
        "recherche nationale, codes officiels",
        "distance seule",
        "hasard",
    ]
    assert said.count("matchmaker moins le meilleur des autres") == 1
    assert said.count("matchmaker moins «") == 4


def test_the_command_prints_json_and_english(run):
    told = json.loads(command(*all_tables(run), "--format", "json").stdout)
    official = read_official(SET / "official_codes.csv")
    assert told == evaluate_run(run, JUDGED, **GIVEN, official=official)
    said = command("--run", run, "--judged", JUDGED, "--lang", "en", "-k", 3).stdout
    assert "nDCG@3" in said
    assert "To compare with other orders" in said
