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
from matchmaker.errors import InputError, UsageError
from matchmaker.reference.trades import trade_names
from matchmaker.tables import load
from matchmaker.words import table

ROOT = Path(__file__).resolve().parents[2]
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


def test_the_report_and_the_dry_run_count_the_same_offers(tmp_path):
    """An offer whose trade is unknown takes no part: it is open for neither."""
    youths, wishes, offers = paths()
    lines = offers.read_text().splitlines(keepends=True)
    lines[1] = lines[1].replace("apprenti jardinier", "Poste").replace("81.30Z", "")
    unclear = tmp_path / "offers.csv"
    unclear.write_text("".join(lines))
    counted = matchmaker.dry_run(youths, wishes, unclear, as_of=AS_OF)["offers"]
    result = matchmaker.match(youths, wishes, unclear, as_of=AS_OF)
    assert result.summary["offers"]["open"] == counted["takes_part"]
    assert result.summary["offers"]["read"] == sum(counted.values())
    assert counted["trade_unknown"] > 0


def test_what_reading_found_stands_in_the_result_as_it_is(result):
    tables = load(*paths(), as_of=AS_OF, settings=Settings())
    for name in ("rejects", "quality", "pooled", "flagged"):
        pd.testing.assert_frame_equal(getattr(result, name), getattr(tables, name))
    kinds = {result.summary["is_synthetic"], result.manifest["is_synthetic"], tables.is_synthetic}
    assert kinds == {True}


def test_contributions_add_up_in_every_line(result):
    points = result.lists.filter(like="points_").sum(axis=1)
    points -= result.lists.filter(like="cost_").sum(axis=1)
    assert (points == result.lists["score"]).all()


def test_reasons_say_what_the_columns_say(result):
    lists = result.lists
    said = lists["reason"]
    ordinal = {rank: table("fr", "wish_rank")[str(rank)] for rank in range(1, 11)}
    is_only = said.str.contains("votre vœu[. ,]")
    for rank, its in said[~is_only].groupby(lists["wish_rank"]):
        assert its.str.contains(ordinal[rank] if rank else "l'un de vos vœux").all()
    assert (lists["wish_rank"][is_only] <= 1).all()
    near = lists["rung"].isin([2, 4])
    apart = "métier proche de|autre métier du secteur de|peut aussi désigner ce métier"
    assert said[near].str.contains(f"{apart}|: c'est v").all()
    assert not said[~near].str.contains(apart).any()
    beyond = lists["rung"] == 5
    assert said[beyond].str.contains("mais vous avez un véhicule").all()
    assert not said[~beyond].str.contains("car vous").any()


def test_distances_are_said_as_exactly_as_they_are_known(result):
    lists, said = result.lists, result.lists["reason"]
    rough, km = lists["distance_is_approximate"], lists["distance_km"]
    assert not said[rough].str.contains("moins de 1 km").any()
    own = said.str.contains("dans votre commune")
    shown = said[~rough & ~own & (km >= 1)].str.extract(r"environ (\d+) km")[0].astype(float)
    assert (np.abs(shown - km[shown.index]) <= 1).all()
    steps = said[rough & ~own].str.extract(r"environ (\d+) km")[0].dropna().astype(int)
    assert (steps % 5 == 0).all()
    assert own.any()


def test_a_firm_is_never_called_an_offer(result):
    lists = result.lists
    is_firm = lists["kind"] == "spontaneous"
    names = trade_names(Settings()).values()
    assert set(lists["title"][is_firm]) <= set(names)
    for title, reason in zip(lists["title"][is_firm], lists["reason"][is_firm], strict=True):
        assert reason.startswith(f"{title} : ")
        assert "Cet employeur" in reason
        assert "proposez" in reason.replace("n'a pas publié d'offre", "")
    assert not lists["reason"][~is_firm].str.contains("Cet employeur").any()
    youths = result.summary["youths"]
    assert youths["with_offer"] == lists["youth_id"][lists["kind"] == "offer"].nunique()
    assert youths["only_firms"] == youths["served"] - youths["with_offer"]
    assert "reçoivent une offre" not in result.to_html()


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
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "timings.json"
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
