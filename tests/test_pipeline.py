"""The main job end to end, on the samples of the package: what must hold of its outputs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings
from matchmaker.errors import CheckError, InputError, UsageError
from matchmaker.lists.check import check_lists
from matchmaker.tables import load

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"
AS_OF = dt.date(2023, 9, 15)
TABLES = ("youths", "wishes", "offers")


def paths(folder=SAMPLES):
    return [folder / f"{name}.csv" for name in TABLES]


@pytest.fixture(scope="session")
def result():
    return matchmaker.match(
        *paths(), as_of=AS_OF, assignment=True, referents=SAMPLES / "referents.csv"
    )


def test_every_youth_has_lines_or_a_reason(result):
    tables = load(*paths(), as_of=AS_OF, settings=Settings())
    served = set(result.lists["youth_id"])
    alone = set(result.unserved["youth_id"])
    assert served | alone == set(tables.youths["youth_id"])
    assert not served & alone
    assert result.unserved["reason"].str.len().min() > 10


def test_contributions_add_up_in_every_line(result):
    points = result.lists.filter(like="points_").sum(axis=1) - result.lists["cost_rung"]
    assert (points == result.lists["score"]).all()


def test_reasons_say_what_the_columns_say(result):
    lists = result.lists
    ranked = lists["wish_rank"] > 0
    said = lists["reason"]
    expected = "vœu n° " + lists.loc[ranked, "wish_rank"].astype(str)
    assert all(words in reason for words, reason in zip(expected, said[ranked], strict=True))
    assert said[~ranked].str.contains("vos vœux").all()
    assert not said[~ranked].str.contains("n°").any()
    near = lists["rung"].isin([2, 4])
    assert said[near].str.contains("proche d").all()
    assert not said[lists["rung"].isin([1, 3, 5])].str.contains("proche d").any()
    km = np.rint(lists["distance_km"])
    is_far = lists["distance_km"] >= 1
    shown = said[is_far].str.extract(r"environ (\d+) km")[0].astype(float)
    assert (np.abs(shown - km[is_far]) <= 1).all()
    beyond = lists["rung"] == 5
    assert said[beyond].str.contains("au-delà").all()
    assert not said[~beyond].str.contains("au-delà").any()


def test_few_lines_get_a_referent_of_their_territory(result):
    few = result.follow_up
    assert (few["lines"] < Settings().min_lines).all()
    named = few[few["departement"] != ""]
    assert named["referent_name"].str.len().min() > 0


def test_the_proof_is_about_these_lists(result):
    proof = result.summary["proofs"]["lists"]
    assert proof["is_most_served"]
    assert proof["youths_served"] == result.lists["youth_id"].nunique()
    assert 0 <= proof["gap"] <= Settings().max_gap


def test_the_summary_calls_synthetic_data_synthetic(result):
    assert result.summary["is_synthetic"]
    assert "synthétiques" in str(result)


def _outputs(folder):
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
        if file.name != "timings.json"
    }


def test_same_files_same_bytes_whatever_the_process(tmp_path):
    """Hash seed, time zone, locale and threads change nothing but timings.json."""
    seen = []
    for i, more in enumerate([
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "NUMBA_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Cayenne", "LC_ALL": "C.UTF-8"},
    ]):  # fmt: skip
        out = tmp_path / str(i)
        files = [f"--{name}={path}" for name, path in zip(TABLES, paths(), strict=True)]
        subprocess.run(
            [sys.executable, "-m", "matchmaker", "match", *files, "--as-of=2023-09-15",
             "--assignment", f"--out={out}"],
            check=True, env={**os.environ, **more}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        seen.append(_outputs(out))
    assert seen[0] == seen[1]
    assert len(seen[0]) >= 14


@pytest.mark.parametrize("threads", [1, 3])
def test_row_order_and_threads_do_not_matter(result, tmp_path, threads):
    """Lists, assignment and unserved have the same bytes for shuffled rows."""
    for name, path in zip(TABLES, paths(), strict=True):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.sample(frac=1, random_state=threads).to_csv(tmp_path / f"{name}.csv", index=False)
    other = matchmaker.match(
        *paths(tmp_path), as_of=AS_OF, assignment=True, referents=SAMPLES / "referents.csv",
        threads=threads,
    )  # fmt: skip
    for which in ("lists", "assignment", "unserved"):
        pd.testing.assert_frame_equal(getattr(result, which), getattr(other, which))
    result.save(tmp_path / "a")
    other.save(tmp_path / "b")
    for file in ("lists", "assignment", "unserved"):
        for kind in ("csv", "parquet"):
            name = f"{file}.{kind}"
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_frames_and_files_give_the_same_lists(result):
    frames = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths()]
    other = matchmaker.match(*frames, as_of=AS_OF, assignment=True)
    pd.testing.assert_frame_equal(result.lists, other.lists)


def test_another_seed_changes_ties_only(result):
    other = matchmaker.match(*paths(), as_of=AS_OF, assignment=True, settings=Settings(seed=99))
    mine, theirs = result.summary["proofs"]["lists"], other.summary["proofs"]["lists"]
    assert mine["youths_served"] == theirs["youths_served"]
    assert abs(mine["score"] - theirs["score"]) <= Settings().max_gap * mine["score"]


def test_a_protected_attribute_cannot_reach_the_lists(result):
    """An audit column in the youths file is ignored with a warning, and changes no line."""
    youths = pd.read_csv(paths()[0], dtype=str, keep_default_na=False)
    other = matchmaker.match(
        youths.assign(sex=["F", "M"] * (len(youths) // 2)), *paths()[1:], as_of=AS_OF,
        assignment=True,
    )  # fmt: skip
    pd.testing.assert_frame_equal(result.lists, other.lists)
    assert "sex" not in other.lists.columns


class TestCheckRefuses:
    """Each broken rule is caught by the independent check."""

    @pytest.fixture
    def parts(self, result):
        tables = load(*paths(), as_of=AS_OF, settings=Settings())
        return result.lists.copy(), result.assignment.copy(), tables.youths, tables.offers

    def refused(self, lists, assignment, youths, offers, what, settings=None):
        with pytest.raises(CheckError, match=what):
            check_lists(lists, assignment, youths, offers, settings or Settings(), as_of=AS_OF)

    def test_nothing_is_wrong_at_first(self, parts):
        check_lists(*parts, Settings(), as_of=AS_OF)

    def test_twice_in_a_list(self, parts):
        lists, assignment, youths, offers = parts
        both = pd.concat([lists, lists.head(1)]).sort_values(["youth_id", "rank"])
        self.refused(both, assignment, youths, offers, "once in a list")

    def test_a_list_in_two_places(self, parts):
        lists, assignment, youths, offers = parts
        first = lists["youth_id"].iloc[0]
        apart = pd.concat([lists[lists["youth_id"] != first], lists[lists["youth_id"] == first]])
        check_lists(apart, assignment, youths, offers, Settings(), as_of=AS_OF)
        torn = pd.concat([lists.iloc[1:], lists.iloc[:1]])
        self.refused(torn, assignment, youths, offers, "stands in one place: broken by 1 rows")

    @pytest.mark.parametrize("block", [1, 7])
    def test_some_lists_at_a_time_are_the_same(self, parts, monkeypatch, block):
        lists, assignment, youths, offers = parts
        monkeypatch.setattr("matchmaker.lists.check.BLOCK", block)
        check_lists(*parts, Settings(), as_of=AS_OF)
        lists.loc[[5, len(lists) - 1], "score"] += 1
        self.refused(lists, assignment, youths, offers, "add up to the score: broken by 2 rows")

    def test_too_many_lists(self, parts):
        self.refused(*parts, "too many lists", Settings(lists_per_firm=1))

    def test_too_long_a_list(self, parts):
        self.refused(*parts, "too long", Settings(lines_per_youth=3))

    def test_wrong_score(self, parts):
        lists, assignment, youths, offers = parts
        lists.loc[5, "score"] += 1
        self.refused(lists, assignment, youths, offers, "add up")

    def test_wrong_order(self, parts):
        lists, assignment, youths, offers = parts
        first = lists.index[lists["rank"] == 1][0]
        lists.loc[[first, first + 1], "rank"] = np.array([2, 1], dtype="int16")
        self.refused(lists, assignment, youths, offers, "ranks run from 1")

    def test_opted_out(self, parts):
        lists, assignment, youths, offers = parts
        self.refused(lists, assignment, youths.assign(opt_out=True), offers, "opted-out")

    def test_full_offer(self, parts):
        lists, assignment, youths, offers = parts
        self.refused(lists, assignment, youths, offers.assign(capacity=0), "seat")

    def test_expired_offer(self, parts):
        lists, assignment, youths, offers = parts
        gone = offers.assign(expiry_date=pd.Timestamp("2023-09-16"))
        self.refused(lists, assignment, youths, gone, "expires")

    def test_wrong_distance(self, parts):
        lists, assignment, youths, offers = parts
        moved = offers.assign(latitude=offers["latitude"] + 0.1)
        self.refused(lists, assignment, youths, moved, "distances")

    def test_beyond_reach(self, parts):
        lists, assignment, youths, offers = parts
        near = youths.assign(max_distance_km=1.0, is_mobile=False)
        self.refused(lists, assignment, near, offers, "beyond reach")

    def test_unknown_offer(self, parts):
        lists, assignment, youths, offers = parts
        self.refused(lists, assignment, youths, offers.iloc[1:].head(10), "exists")

    def test_a_line_that_was_sent_before(self, parts):
        lists, *_ = parts
        with pytest.raises(CheckError) as caught:
            check_lists(*parts, Settings(), as_of=AS_OF, sent=lists.iloc[[3]])
        assert "no line was sent before: broken by 1 rows" in str(caught.value)
        assert "the exposure written is the true one" in str(caught.value)

    def test_too_many_lines_of_one_sector(self, parts):
        lists, assignment, youths, offers = parts
        same = offers.assign(trade_codes="D1102|F1603")
        self.refused(lists, assignment, youths, same, "a list is not all of one sector")
        check_lists(
            lists, assignment, youths, same, Settings(other_sector_lines=0, lines_per_employer=0),
            as_of=AS_OF,
        )  # fmt: skip

    @pytest.mark.parametrize("siret", ["12345678901234", ""])
    def test_too_many_lines_of_one_employer(self, parts, siret):
        """Of one SIRET; without it, of one name in one commune."""
        lists, assignment, youths, offers = parts
        one = offers.assign(siret=siret, employer="Martin", commune_code="35238")
        self.refused(lists, assignment, youths, one, "too many lines of one employer")
        two = one.assign(siret="", commune_code=[str(n) for n in range(len(one))])
        check_lists(lists, assignment, youths, two, Settings(), as_of=AS_OF)

    def test_ranks_by_chance(self, parts):
        self.refused(*parts, "better lines come first", Settings(line_order="chance"))

    def test_assigned_pair_that_is_no_line(self, parts):
        lists, assignment, youths, offers = parts
        assignment.loc[0, "offer_id"] = assignment.loc[1, "offer_id"]
        self.refused(lists, assignment, youths, offers, "assigned pairs are lines")


def test_bad_input_writes_nothing(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.csv"):
        matchmaker.match(tmp_path / "nowhere.csv", *paths()[1:], as_of=AS_OF)
    empty = tmp_path / "offers.csv"
    empty.write_text("offer_id,title\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"offers\.csv"):
        matchmaker.match(*paths()[:2], empty, as_of=AS_OF)


def test_dry_run_counts_and_agrees_with_the_run(result):
    counts = matchmaker.dry_run(*paths(), as_of=AS_OF)
    assert counts["youths"]["takes_part"] == result.summary["youths"]["seeking"] - sum(
        result.unserved["reason_code"].isin(["home_unknown", "no_wish", "wish_unresolved"])
    )
    assert counts["youths_with_candidates"] == result.summary["proofs"]["lists"]["youths_servable"]
    json.dumps(counts)
