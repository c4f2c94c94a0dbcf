"""A word of an adviser that a run does not obey: refused, by its own rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matchmaker import generate, match
from matchmaker.errors import CheckError
from matchmaker.lists import pins as pinning
from matchmaker.lists.advised import nothing_advised
from matchmaker.runs import stages
from matchmaker.runs.config import read_config
from matchmaker.runs.diff import diff
from matchmaker.runs.foresight import night_id
from matchmaker.runs.night import run_night
from matchmaker.tables import advice_heeded
from matchmaker.tables.advice import OUTCOMES, WORDS
from matchmaker.verify import check

AS_OF = "2023-09-15"
SETTINGS = {"lines_per_youth": 5, "min_lines": 1, "lists_per_seat": 4, "lists_per_firm": 4}


def words(*rows):
    """Return words: youth, offer, word, value, and the rest as a cell would fill it in."""
    told = [(y, o, "", w, v, "Mme A", "2023-09-14") for y, o, w, v in rows]
    return pd.DataFrame(told, columns=list(WORDS))


def outcomes(*rows):
    blank = dict.fromkeys(OUTCOMES, "") | {"on": "2023-09-14"}
    return pd.DataFrame([blank | row for row in rows], columns=list(OUTCOMES))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return files of a small world, and the lists that it has when nobody says anything."""
    folder = tmp_path_factory.mktemp("world")
    made = generate(youths=40, offers=300, out=folder, regions=["Bretagne"])
    given = made["youths"], made["wishes"], made["offers"]
    lists = match(*given, as_of=AS_OF, settings=SETTINGS).lists
    long = lists["youth_id"].value_counts()
    lists = lists[lists["youth_id"].isin(long.index[long >= 4])].reset_index(drop=True)
    offers = pd.read_csv(made["offers"], dtype=str, keep_default_na=False)
    longer = match(*given, as_of=AS_OF, settings=SETTINGS | {"lines_per_youth": 9}).lists
    return given, lists, offers.set_index("offer_id"), longer


@pytest.fixture(scope="module")
def told(world):
    """Return a word of each kind."""
    _, lists, offers, longer = world
    long = longer["youth_id"].value_counts()
    one = long.index[0]  # whose list could be longer
    two, three, four, five = [y for y in lists["youth_id"].unique() if y != one][:4]
    theirs = {y: lists.loc[lists["youth_id"] == y, "offer_id"].tolist() for y in (one, two)}
    mine = longer.loc[longer["youth_id"] == one, "offer_id"]
    better = mine[~mine.isin(theirs[one])].iloc[-1]  # one that no list would hold unasked
    of_site = lists[(lists["youth_id"] == four) & (lists["offer_id"].map(offers["siret"]) != "")]
    firm = offers["siret"][of_site["offer_id"].iloc[0]]
    said = words(
        (one, better, "pin", ""),
        (two, theirs[two][0], "ban", ""),
        (two, theirs[two][-1], "order", "1"),
        (three, "", "trade", "Boulanger"),
        (five, theirs[one][0], "outcome", "signed"),
        (one, "gone", "pin", ""),
    )
    return [said, outcomes({"youth_id": four, "broken_on": "2023-09-10", "siret": firm})]


def run(world, told, tmp_path):
    result = match(*world[0], as_of=AS_OF, settings=SETTINGS, words=told)
    result.save(tmp_path / "run")
    return result


def without(**forgotten):
    """Return an `advised_of` that decides as it should, and hands on less."""

    def advised_of(advice, market, *rest):
        advised, told = pinning.advised_of(advice, market, *rest)
        empty = nothing_advised(len(market.youth_hash), len(market.offer_hash))
        less = {name: getattr(empty, name) for name, is_out in forgotten.items() if is_out}
        return replace(advised, **less), told

    return advised_of


def with_all_seats(offers, words, sent):
    heed_seats(offers, words, sent)
    return offers


heed_seats = advice_heeded._without_seats
decide = advice_heeded.decided
eligible = pinning._eligible


def all_heeded(rows, *rest):
    return [
        ("heeded", "") if row.word in ("pin", "ban") else verdict
        for row, verdict in zip(rows, decide(rows, *rest), strict=True)
    ]


def nothing_eligible(market, tables, youth, offer):
    return eligible(market, tables, youth[:0], offer[:0])


def first_said(tables, words, read, settings, as_of):
    for one in words:
        one.value = "D1102" if one.word == "trade" else one.value
    return tables.wishes


# The place that forgets, what stands there then, and the rule that refuses the run.
PLANTED = [
    (stages, "advised_of", without(pins=True), "word_pin"),
    (stages, "advised_of", without(banned=True), "word_ban"),
    (stages, "advised_of", without(order=True, place=True), "word_order"),
    (advice_heeded, "_states", lambda youths, words: youths["status"], "word_contract"),
    (
        advice_heeded,
        "_states",
        lambda youths, words: youths["status"].mask(
            youths["youth_id"].isin({w.row.youth_id for w in words}), "placed"
        ),
        "word_broken",
    ),
    (advice_heeded, "_without_seats", with_all_seats, "word_seat"),
    (advice_heeded, "_with_trades", first_said, "word_trade"),
    (advice_heeded, "decided", all_heeded, "word_once"),
    (pinning, "_eligible", nothing_eligible, "word_refused"),
]


@pytest.mark.parametrize(("place", "forgets", "instead", "rule"), PLANTED)
def test_a_word_that_is_not_obeyed_is_refused(
    world, told, place, forgets, instead, rule, monkeypatch, tmp_path
):
    at_odds = words(*[(*told[0].iloc[1, :2], "pin", "")]) if rule == "word_once" else words()
    monkeypatch.setattr(place, forgets, instead)
    with pytest.raises(CheckError) as caught:
        run(world, [*told, at_odds], tmp_path)
    assert f"{rule} (" in caught.value.text("en"), caught.value.text("en")
    assert not (tmp_path / "run").exists()


def test_an_employer_with_whom_the_contract_was_broken_is_in_no_list(world, told, tmp_path):
    youth, firm = told[1]["youth_id"][0], told[1]["siret"][0][:9]
    siret = world[2]["siret"].str[:9]
    before = world[1].loc[world[1]["youth_id"] == youth, "offer_id"].map(siret)
    assert (before == firm).any()
    lists = run(world, [told[1]], tmp_path).lists
    after = lists.loc[lists["youth_id"] == youth, "offer_id"].map(siret)
    assert len(after)
    assert not (after == firm).any()


def test_a_run_that_obeys_is_verified_in_full_and_keeps_nothing_personal(world, told, tmp_path):
    result = run(world, told, tmp_path)
    assert check(tmp_path / "run", full=True) == ()
    kept = pd.read_parquet(tmp_path / "run" / "tables" / "words.parquet")
    assert "by" not in kept
    everything = b"".join(p.read_bytes() for p in (tmp_path / "run").rglob("*") if p.is_file())
    assert b"Mme A" not in everything
    counts = result.summary["words"]["by_word"]
    assert {word: counts[word]["heeded"] for word in counts} == {
        "ban": 1, "broken": 1, "contract": 1, "order": 1, "pin": 1, "trade": 1,
    }  # fmt: skip
    assert counts["pin"]["gone"] == 1
    assert result.summary["words"]["by_cell"][0]["name"] == "Bretagne"
    proof = result.summary["proofs"]["lists"]
    assert "conseillers" in proof["constraints"]
    assert 0 <= proof["gap"] <= result.settings.max_gap
    notes = result.notes[result.notes["table"] == "words"]
    assert notes["reason_code"].tolist() == ["word_offer_gone"]
    assert notes["line"].tolist() == [6]


def test_one_changed_cell_of_a_saved_run_is_told_by_its_rule(world, told, tmp_path):
    """What stands in the folder is held against the words once more."""
    run(world, told, tmp_path)
    folder = tmp_path / "run"
    lists = pd.read_parquet(folder / "lists.parquet")
    kept = pd.read_parquet(folder / "tables" / "words.parquet")
    youth, offer = lists[["youth_id", "offer_id"]].iloc[0]
    ban = kept[kept["word"] == "ban"].assign(youth_id=youth, offer_id=offer)
    broken = pd.concat([kept, ban], ignore_index=True).astype(kept.dtypes.to_dict())
    broken.to_parquet(folder / "tables" / "words.parquet")
    assert {"word_ban", "file_hash"} <= {fault.rule for fault in check(folder)}


def test_no_word_and_an_empty_file_give_the_same_bytes(world, tmp_path):
    none, empty = (
        match(*world[0], as_of=AS_OF, settings=SETTINGS, words=given) for given in (None, [words()])
    )
    none.save(tmp_path / "none")
    empty.save(tmp_path / "empty")
    for file in sorted((tmp_path / "none").rglob("*")):
        name = file.relative_to(tmp_path / "none").as_posix()
        if file.is_file() and name not in (
            "manifest.json", "timings.json", "summary.json", "report.html",
        ):  # fmt: skip
            assert file.read_bytes() == (tmp_path / "empty" / name).read_bytes(), name


def test_row_order_changes_nothing(world, told, tmp_path):
    one = match(*world[0], as_of=AS_OF, settings=SETTINGS, words=told)
    turned = [frame.iloc[::-1].reset_index(drop=True) for frame in told][::-1]
    other = match(*world[0], as_of=AS_OF, settings=SETTINGS, words=turned)
    pd.testing.assert_frame_equal(one.lists, other.lists)
    pd.testing.assert_frame_equal(one.kept.advice, other.kept.advice)
    assert one.summary["words"] == other.summary["words"]


def test_the_price_is_that_of_a_sharing_out_without_the_words(world, told, tmp_path):
    lines_only = told[0][told[0]["word"].isin(["pin", "ban"])]
    priced = match(
        *world[0], as_of=AS_OF, settings=SETTINGS, words=[lines_only], price_of_words=True
    )
    plain = match(*world[0], as_of=AS_OF, settings=SETTINGS)
    price = priced.summary["words"]["price"]
    for side, lists in (("with", priced.lists), ("without", plain.lists)):
        assert price[side] == {
            "served": lists["youth_id"].nunique(),
            "lines": len(lists),
            "score": int(lists["score"].sum()),
        }
    costs = priced.kept.advice.set_index("word")["cost"]
    assert (costs[priced.kept.advice["state"].eq("heeded").to_numpy()] >= 0).all()
    assert np.isin(costs[priced.kept.advice["state"].eq("gone").to_numpy()], -1).all()


def test_a_line_that_an_adviser_drops_has_that_as_its_cause(world, told, tmp_path):
    match(*world[0], as_of=AS_OF, settings=SETTINGS).save(tmp_path / "before")
    run(world, [told[0][told[0]["word"] == "ban"]], tmp_path)
    found = diff(tmp_path / "before", tmp_path / "run")
    youth, offer = told[0].loc[told[0]["word"] == "ban", ["youth_id", "offer_id"]].iloc[0]
    gone = found.gone.set_index(["youth_id", "offer_id"])["cause"]
    assert gone[youth, offer] == "barred"


def test_a_night_obeys_the_words_of_its_configuration(world, told, tmp_path):
    """Its id is foreseen, and another word is another run."""
    told[0].to_csv(tmp_path / "w.csv", index=False)
    paths = dict(zip(("youths", "wishes", "offers"), world[0], strict=True))
    named = [f"{role} = '{path}'" for role, path in paths.items()]
    text = ["[inputs]", *named, "words = 'w.csv'", "[settings]", "min_lines = 1", "[run]", "home = 'home'"]  # fmt: skip
    (tmp_path / "night.toml").write_text("\n".join(text))
    config = read_config(tmp_path / "night.toml")
    night = run_night(config, as_of=dt.date.fromisoformat(AS_OF))
    assert night.run.run_id == night_id(config, as_of=dt.date.fromisoformat(AS_OF))
    assert night.run.summary()["words"]["by_word"]["pin"]["heeded"] == 1
    assert not run_night(config, as_of=dt.date.fromisoformat(AS_OF)).is_new
    told[0].iloc[1:].to_csv(tmp_path / "w.csv", index=False)
    again = run_night(config, as_of=dt.date.fromisoformat(AS_OF))
    assert again.is_new
    assert "pin" not in {
        word for word, n in again.run.summary()["words"]["by_word"].items() if n["heeded"]
    }


def test_who_may_be_shown_nothing_for_an_adviser_is_told_so(world, tmp_path):
    _, lists, offers, _ = world
    youth = lists["youth_id"][0]
    result = run(world, [words(*((youth, offer, "ban", "") for offer in offers.index))], tmp_path)
    why = result.unserved.set_index("youth_id")["reason_code"]
    assert why[youth] == "all_barred"
    assert check(tmp_path / "run") == ()
