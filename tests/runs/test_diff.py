"""What changed between two runs: every line that went or came has one cause, the planted one."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from matchmaker import assign, diff, generate, match
from matchmaker.errors import UsageError
from matchmaker.report.difference import difference_html
from matchmaker.words import table
from tests.report.test_html import Page

KINDS = ("youths", "wishes", "offers")
# Few lists an offer, so that places are fought for.
TIGHT = {"lists_per_seat": 2, "lists_per_firm": 1, "lines_per_youth": 4}


def written(tables, folder):
    """Write three tables and return their paths."""
    folder.mkdir(parents=True)
    for name in KINDS:
        tables[name].to_csv(folder / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in KINDS]


def saved(tables, folder, day="2023-09-15", **settings):
    match(*written(tables, folder / "in"), as_of=day, settings=TIGHT | settings).save(
        folder / "run"
    )
    return folder / "run"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    made = generate(youths=150, offers=400, out=folder, regions=["Bretagne"], seed=3)
    return {name: pd.read_csv(made[name], dtype="str", keep_default_na=False) for name in KINDS}


@pytest.fixture(scope="module")
def before(tables, tmp_path_factory):
    return saved(tables, tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def lines(before):
    """The lines of the first run, those of youths with several lines first."""
    lists = pd.read_parquet(before / "lists.parquet", columns=["youth_id", "offer_id"])
    return lists.astype("str")


def test_each_cause_that_was_planted_is_the_one_told(tables, before, lines, tmp_path):
    who, what = (list(dict.fromkeys(lines[name])) for name in ("youth_id", "offer_id"))
    youths = tables["youths"].set_index("youth_id", drop=False)
    offers = tables["offers"].set_index("offer_id", drop=False)
    wishes = tables["wishes"].copy()
    youths = youths.drop(who[0])
    youths.loc[who[1], "status"] = "placed"
    far = ["latitude", "longitude", "postal_code", "commune_code", "place_name"]
    for frame, one in ((youths, who[2]), (offers, what[-4])):
        frame.loc[one, [name for name in far if name in frame.columns]] = ""
        frame.loc[one, "postal_code"] = "97400"  # Saint-Denis de La Réunion
    wishes.loc[wishes["youth_id"] == who[3], ["trade_code", "trade_label"]] = ["A1201", ""]
    offers = offers.drop(what[-1])
    offers.loc[what[-2], "status"] = "filled"
    offers.loc[what[-3], "expiry_date"] = "2023-09-01"
    changed = {"youths": youths, "wishes": wishes[wishes["youth_id"] != who[0]], "offers": offers}
    found = diff(before, saved(changed, tmp_path), lang="en")
    told = found.gone.set_index(["youth_id", "offer_id"])["cause"]
    due = {0: "youth_absent", 1: "youth_placed", 2: "youth_changed", 3: "wishes_changed"}
    for at, cause in due.items():
        assert set(told[who[at]]) == {cause}
    by_offer = found.gone[~found.gone["youth_id"].isin(who[:4])].set_index("offer_id")["cause"]
    due = {-1: "offer_absent", -2: "offer_full", -3: "offer_expired", -4: "offer_changed"}
    for at, cause in due.items():
        assert set(by_offer.loc[[what[at]]]) == {cause}
    figures = found.figures
    assert figures["offers"]["gone"] == 1
    assert figures["offers"]["closed"] == {"full": 1, "expired": 1}
    assert "within_gap" not in figures["lines"]["gone"]
    assert who[0] in set(found.lost["youth_id"])
    lost = found.lost.set_index("youth_id")
    assert lost.loc[who[1], "cause"] == "youth_placed"
    assert lost.loc[who[2], "reason_code"] != ""


@pytest.mark.parametrize(
    ("settings", "day", "cause"),
    [
        ({"reach_km": 5}, "2023-09-15", "settings"),
        ({"lines_per_youth": 2}, "2023-09-15", "shorter_lists"),
        ({"lists_per_firm": 0}, "2023-09-15", "fewer_lists"),
        ({}, "2025-03-01", "offer_expired"),
    ],
)
def test_what_the_settings_and_the_day_change(tables, before, tmp_path, settings, day, cause):
    found = diff(before, saved(tables, tmp_path, day, **settings))
    assert next(iter(found.figures["lines"]["gone"])) == cause
    assert {one["name"] for one in found.figures["settings"]} == set(settings)
    assert not any(one["is_changed"] for one in found.figures["inputs"])


def test_of_a_line_that_others_took_they_are_told(tables, lines, tmp_path):
    """Half of the youths come on the second night, and take places of the first half."""
    first = tables["youths"].iloc[::2]
    half = {
        **tables,
        "youths": first,
        "wishes": tables["wishes"][tables["wishes"]["youth_id"].isin(first["youth_id"])],
    }
    early, late = saved(half, tmp_path / "early"), saved(tables, tmp_path / "late")
    found = diff(early, late)
    taken = found.gone[found.gone["cause"].str.startswith("taken")]
    assert len(taken) > 3
    held = pd.read_parquet(early / "lists.parquet", columns=["youth_id", "offer_id"]).astype("str")
    for line in taken.itertuples():
        now = set(lines.loc[lines["offer_id"] == line.offer_id, "youth_id"])
        then = set(held.loc[held["offer_id"] == line.offer_id, "youth_id"])
        assert set(line.by.split("|")) == now - then
        is_new = bool(set(line.by.split("|")) - set(first["youth_id"]))
        assert (line.cause == "taken_by_new") == is_new
    assert "within_gap" not in found.figures["lines"]["gone"]


@pytest.mark.parametrize("seed", range(2))
def test_all_lines_are_counted_and_the_other_way_round_is_the_same(tables, before, tmp_path, seed):
    rng = np.random.default_rng(seed)
    some = {
        name: tables[name].iloc[
            np.sort(rng.permutation(len(tables[name]))[: -len(tables[name]) // 8])
        ]
        for name in ("youths", "offers")
    }
    some["wishes"] = tables["wishes"][tables["wishes"]["youth_id"].isin(some["youths"]["youth_id"])]
    after = saved(some, tmp_path, "2023-09-16", reach_km=20 + 20 * seed)
    found, back = diff(before, after), diff(after, before)
    lines = found.figures["lines"]
    assert sum(lines["gone"].values()) == len(found.gone) == lines["before"] - lines["kept"]
    assert sum(lines["new"].values()) == len(found.new) == lines["after"] - lines["kept"]
    assert lines["unexplained"] == 0
    assert back.figures["lines"]["new"] == lines["gone"]
    assert back.figures["lines"]["gone"] == lines["new"]
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert len(told["rows"]["gone"]) == len(found.gone)


def test_nothing_changed_is_said(before):
    found = diff(before, before)
    assert found.figures["lines"]["gone"] == found.figures["lines"]["new"] == {}
    assert "Aucun réglage n'a changé." in str(found)
    assert found.figures["youths"]["lost_all"] == 0


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_text_and_page_hold_no_id_and_load_nothing(tables, before, tmp_path, lang):
    after = saved({**tables, "offers": tables["offers"].iloc[::2]}, tmp_path)
    found = diff(before, after, lang=lang)
    text, page = str(found), found.to_html()
    for one in {*found.gone["youth_id"], *found.lost["youth_id"]}:
        assert one not in text
        assert one not in page
    read = Page(page)
    assert not {"script", "link", "img"} & set(read.tags)
    assert table(lang, "diff_gone")["offer_absent"] in text
    assert page == difference_html(found.figures, version="0.1.0", lang=lang)


def test_an_old_run_has_lines_but_no_causes(before, tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    manifest = json.loads((before / "manifest.json").read_text())
    for name in ("lists.parquet", "unserved.parquet", "summary.json"):
        (old / name).write_bytes((before / name).read_bytes())
    for name in ("made_by", "format", "run_id"):
        del manifest[name]
    (old / "manifest.json").write_text(json.dumps(manifest))
    found = diff(old, before)
    assert found.figures["lines"]["gone"] == {}
    assert "ancien format" in str(found)


def test_a_run_of_assign_is_refused(tables, before, tmp_path):
    assign(*written(tables, tmp_path / "in"), as_of="2023-09-15").save(tmp_path / "run")
    with pytest.raises(UsageError, match="pas de listes"):
        diff(before, tmp_path / "run")


def test_every_cause_has_words_for_lines_that_went_and_that_came():
    assert list(table("fr", "diff_gone")) == list(table("fr", "diff_new"))
