"""From tables to an assignment: stable by the scores, explained, the same in any order."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker.assignment.scored import scored_preferences
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.tables import load

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
AS_OF = dt.date(2023, 9, 15)
SETTINGS = Settings(candidates_per_youth=20, seed=3)


@pytest.fixture(scope="module")
def frames():
    """The samples, with few seats, so that refusals happen."""
    read = {
        name: pd.read_csv(SAMPLES / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in ("youths", "wishes", "offers")
    }
    return {**read, "offers": read["offers"].iloc[::6]}


@pytest.fixture(scope="module")
def result(frames):
    return matchmaker.assign(**frames, as_of=AS_OF, settings=SETTINGS)


@pytest.fixture(scope="module")
def world(frames):
    tables = load(**frames, as_of=AS_OF, settings=SETTINGS)
    market = build_market(tables, SETTINGS, as_of=AS_OF)
    scores = score_tables(market, SETTINGS)
    return market, fused_engine(market, scores).best(k=20).pairs


def test_nobody_would_rather_have_each_other(result, world):
    """From the definition: score of the pair on both sides."""
    market, pairs = world
    youth_ids, offer_ids = market.youths["youth_id"], market.offers["offer_id"]
    got = result.tables["youths"].set_index("youth_id")
    offers = result.tables["offers"].set_index("offer_id")
    seats = market.offers.set_index("offer_id")["capacity"]
    assert (offers["capacity"] == seats[offers.index]).all()
    assert (offers["placed"] <= offers["capacity"]).all()
    assert (got["offer_id"] != "").sum() == offers["placed"].sum() > 50
    lowest = got[got["offer_id"] != ""].groupby("offer_id")["score"].min()
    refused = 0
    for youth, offer, score in zip(pairs.youth, pairs.offer, pairs.score, strict=True):
        y, o = youth_ids[youth], offer_ids[offer]
        if score > got.loc[y, "score"]:
            assert offers.loc[o, "placed"] == offers.loc[o, "capacity"]
            assert lowest[o] >= score
            assert int(offers.loc[o, "last_score"]) == lowest[o]
            refused += 1
    assert refused > 50


@pytest.mark.parametrize(
    ("lang", "over"),
    [
        ("fr", "au plus 20 offres par jeune : les meilleures de ses offres possibles"),
        ("en", "at most 20 offers a youth: the best of the eligible ones"),
    ],
)
def test_the_summary_says_over_which_pairs_in_the_language_of_the_run(frames, lang, over):
    result = matchmaker.assign(**frames, as_of=AS_OF, settings=replace(SETTINGS, lang=lang))
    assert result.summary["over"] == over


def test_why_each_youth_missed_what(result, world):
    market, pairs = world
    got = result.tables["youths"]
    placed = got["offer_id"] != ""
    assert (got.loc[placed, "reason"] != "").all()
    assert (got.loc[~placed, "why"] != "").all()
    assert ((got["missed_offer_id"] != "") == got["missed_rank"].gt(0)).all()
    assert got.loc[got["rank"] == 1, "why"].eq("").all()
    has_list = np.diff(pairs.indptr) > 0
    assert set(got.loc[has_list, "why_code"]) <= {"", "lower_priority", "lottery", "no_seat"}
    assert set(got.loc[market.youth_state > 0, "why_code"]) >= {"opted_out", "placed"}
    assert sum(one["youths"] for one in result.summary["unplaced"]) == (~placed).sum()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_reason_is_counted_once_in_words_that_hold_of_all_its_youths(frames, lang):
    got = matchmaker.assign(**frames, as_of=AS_OF, settings=replace(SETTINGS, lang=lang))
    youths, told = got.tables["youths"], got.summary["unplaced"]
    of_code = youths[youths["offer_id"] == ""].groupby("why_code")["why"]
    assert {one["reason_code"]: one["youths"] for one in told} == of_code.size().to_dict()
    assert max(of_code.nunique()) > 1  # the table tells the facts of each youth
    assert not any(re.search(r"\d+ km|[«“]", one["reason"]) for one in told)


def test_ranks_are_places_by_score_ties_shared(world):
    market, pairs = world
    scored = replace(pairs, score=pairs.score // 100_000)  # many ties
    named, ordered = scored_preferences(market, scored, "score", "common")
    rank = named.preferences.tier
    for a, b in zip(pairs.indptr[:-1], pairs.indptr[1:], strict=True):
        mine = ordered.score[a:b].tolist()
        assert sorted(mine, reverse=True) == mine
        order = sorted(set(mine), reverse=True)
        assert rank[a:b].tolist() == [order.index(one) + 1 for one in mine]
        assert sorted(ordered.offer[a:b]) == sorted(pairs.offer[a:b])


def test_neither_the_order_of_rows_nor_threads_matter(frames, result):
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in frames.items()}
    again = matchmaker.assign(**shuffled, as_of=AS_OF, settings=SETTINGS, threads=1)
    for name in ("youths", "offers", "methods"):
        pd.testing.assert_frame_equal(again.tables[name], result.tables[name])
    assert again.summary == result.summary


def test_rows_that_could_not_be_used_and_what_was_repaired_each_have_their_table(frames):
    faulty = frames["offers"].copy()
    faulty.loc[faulty.index[0], "capacity"] = "deux"
    given = {**frames, "offers": faulty}
    tables = load(**given, as_of=AS_OF, settings=SETTINGS)
    got = matchmaker.assign(**given, as_of=AS_OF, settings=SETTINGS).tables
    assert got["rejects"]["value"].tolist() == ["deux"]
    pd.testing.assert_frame_equal(got["rejects"], tables.rejects)
    pd.testing.assert_frame_equal(got["quality"], tables.quality)


@pytest.mark.parametrize("source", ["", "synthetic"])
def test_synthetic_wishes_make_a_synthetic_run(frames, source):
    given = {name: frame.assign(source="") for name, frame in frames.items()}
    given["wishes"]["source"] = source
    done = matchmaker.assign(**given, as_of=AS_OF, settings=SETTINGS)
    assert done.summary["is_synthetic"] == done.manifest["is_synthetic"] == (source != "")


def test_methods_side_by_side(frames, result):
    figures = result.summary["methods"]
    assert figures["stable"]["blocking_pairs"] == 0
    assert figures["best"]["weight"] >= figures["most"]["weight"]
    assert figures["most"]["placed"] >= figures["best"]["placed"] >= 1
    most = matchmaker.assign(**frames, as_of=AS_OF, settings=SETTINGS, method="most")
    assert most.summary["methods"] == figures
    assert (most.tables["youths"]["offer_id"] != "").sum() == figures["most"]["placed"]
    assert most.tables["youths"]["score"].sum() == figures["most"]["weight"]


def test_lottery_alone_ranks_by_the_number_of_each_youth(frames):
    drawn = matchmaker.assign(**frames, as_of=AS_OF, settings=SETTINGS, priority="lottery")
    offers = drawn.tables["offers"]
    assert offers["last_rank"].eq("").all()
    assert "lower_priority" not in set(drawn.tables["youths"]["why_code"])
    number = drawn.tables["youths"].set_index("youth_id")["lottery"]
    cut_off = offers.set_index("offer_id")["last_lottery"]
    got = drawn.tables["youths"]
    missed = got[got["why_code"] == "lottery"]
    assert len(missed) > 5
    for youth, offer in zip(missed["youth_id"], missed["missed_offer_id"], strict=True):
        assert number[youth] > cut_off[offer] != ""


@pytest.mark.parametrize(("lang", "words"), [("fr", "données synthétiques"), ("en", "synthetic")])
def test_print_says_synthetic_and_names_the_gap(frames, lang, words):
    shown = str(
        matchmaker.assign(**frames, as_of=AS_OF, settings=replace(SETTINGS, lang=lang))
    ).splitlines()
    assert words in shown[0]
    assert shown[2].startswith("* stable")
    assert max(map(len, shown[:6])) <= 100
    assert any(line.strip().split("  ")[-1].endswith(".") for line in shown[6:])


def test_cut_lists_are_counted(frames):
    short = replace(SETTINGS, candidates_per_youth=2)
    cut = matchmaker.assign(**frames, as_of=AS_OF, settings=short)
    n = cut.summary["unplaced_with_cut_list"]
    assert n > 0
    assert f"dont {n} à la liste coupée" in str(cut)


def test_no_open_offer(frames):
    taken = {**frames, "offers": frames["offers"].assign(status="filled")}
    empty = matchmaker.assign(**taken, as_of=AS_OF, settings=SETTINGS)
    assert empty.summary["methods"]["most"]["placed"] == 0
    assert (empty.tables["youths"]["why_code"] != "").all()
