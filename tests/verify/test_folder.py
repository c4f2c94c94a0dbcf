"""Each rule of the check of a written folder, broken once: refused by its own name."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings
from matchmaker.errors import CheckError
from matchmaker.report.tables import write_csv, write_parquet
from matchmaker.verify import check_folder
from tests.fakes import fake_result


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "out"
    fake_result().save(out)
    return out


@pytest.fixture
def folder(written, tmp_path):
    return shutil.copytree(written, tmp_path / "out")


def read(folder, name):
    return pd.read_parquet(folder / f"{name}.parquet")


def rewrite(folder, name, change):
    """Change a table in both of its files."""
    frame = read(folder, name)
    changed = change(frame)
    frame = frame if changed is None else changed
    with (folder / f"{name}.parquet").open("wb") as sink:
        write_parquet(frame, sink)
    if name != "certificate":
        with (folder / f"{name}.csv").open("wb") as sink:
            write_csv(frame, sink)


def edit(folder, name, *path, to):
    """Change one value of a JSON file."""
    file = folder / f"{name}.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    at = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to(at[path[-1]])
    file.write_text(json.dumps(content), encoding="utf-8")


def refused(folder, rule, where=""):
    """Check that a rule is broken, in some file and column."""
    with pytest.raises(CheckError) as caught:
        check_folder(folder)
    head, *broken = caught.value.text("en").splitlines()
    assert "nothing was published" in head
    assert any(one.startswith(f"{rule} (") and where in one for one in broken), broken


def test_nothing_is_wrong_at_first(folder):
    check_folder(folder)


# ------------------------------------------------------------------ the certificate


def change_row(frame, *, proof, side, column, by):
    row = frame.index[(frame["proof"] == proof) & (frame["side"] == side)][-1]
    frame.loc[row, column] += by


CERTIFICATE = {
    "a price": ("offer", "price", 1, "offer_bound"),
    "an offer's bound": ("offer", "bound", -1, "offer_bound"),
    "an offer's capacity": ("offer", "capacity", 1, "offer_capacity"),
    "a youth's capacity": ("youth", "capacity", -1, "youth_capacity"),
    "a youth's bound": ("youth", "bound", -1, "youth_bound"),
    "a youth's bound, raised": ("youth", "bound", 1, "figure"),
    "a bonus": ("youth", "bonus", 1, "figure"),
    "a figure below 0": ("youth", "bonus", -(10**9), "certificate_negative"),
}


@pytest.mark.parametrize("proof", ["lists", "assignment"])
@pytest.mark.parametrize("what", CERTIFICATE)
def test_a_changed_figure_of_the_certificate(folder, proof, what):
    side, column, by, rule = CERTIFICATE[what]
    rewrite(folder, "certificate",
            partial(change_row, proof=proof, side=side, column=column, by=by))  # fmt: skip
    refused(folder, rule, proof)


def test_a_price_changed_with_its_bound(folder):
    """A row that agrees with itself still has to add up with all others."""

    def dearer(frame):
        row = (frame["side"] == "offer").idxmax()
        frame.loc[row, ["price", "bound"]] += [1, frame.loc[row, "capacity"]]

    rewrite(folder, "certificate", dearer)
    refused(folder, "figure", "proofs.lists.score_bound")


def test_an_id_with_two_rows(folder):
    def again(frame):
        return pd.concat([frame, frame[frame["proof"] == "lists"].tail(1)])

    rewrite(folder, "certificate", again)
    refused(folder, "certificate_once")


def test_a_proof_without_certificate(folder):
    rewrite(folder, "certificate", lambda frame: frame[frame["proof"] != "lists"])
    refused(folder, "figure", "proofs.lists.score_bound")


def test_a_certificate_without_proof(folder):
    edit(folder, "summary", "proofs", to=lambda proofs: {"lists": proofs["lists"]})
    refused(folder, "certificate_proof")


@pytest.mark.parametrize("names", [("luck",), ("lists", "luck")])
def test_proofs_of_other_names(folder, names):
    rewrite(folder, "certificate", lambda frame: frame.assign(proof="luck", line=""))
    rewrite(folder, "assignment", lambda frame: frame.iloc[:0])
    edit(folder, "summary", "proofs", to=lambda proofs: dict.fromkeys(names, proofs["lists"]))
    refused(folder, "proof_names")


def test_a_bound_below_what_was_reached(folder):
    """A certificate of another world, with all sums made to fit."""
    score = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["proofs"]["lists"]
    to_fit = score["score_bound"] - score["score"] + 1

    def lower(frame):
        rows = frame[(frame["proof"] == "lists") & (frame["side"] == "youth")]
        frame.loc[rows["bound"].idxmax(), "bound"] -= to_fit

    rewrite(folder, "certificate", lower)
    edit(folder, "summary", "proofs", "lists", "score_bound", to=lambda bound: bound - to_fit)
    refused(folder, "score_bound", "lists")


def test_a_youth_left_out_of_the_certificate(folder):
    def without(frame):
        return frame.drop((frame["side"] == "youth").idxmax())

    rewrite(folder, "certificate", without)
    refused(folder, "youth_bound", "lists.bound")


# ------------------------------------------------------------------ the lists


def lines_of_somebody(frame, at_least=3):
    """Rows of a youth with enough lines."""
    sizes = frame.groupby("youth_id")["rank"].transform("size")
    return frame.index[frame["youth_id"] == frame.loc[(sizes >= at_least).idxmax(), "youth_id"]]


def remove_a_line(frame):
    return frame.drop(lines_of_somebody(frame)[-1])


def double_a_line(frame):
    row = lines_of_somebody(frame)[-1]
    twice = frame.loc[: row + 1].iloc[[*range(row + 1), row]]
    twice.iloc[-1, twice.columns.get_loc("rank")] += 1
    return pd.concat([twice, frame.loc[row + 1 :]])


def change_a_score(frame):
    frame.loc[lines_of_somebody(frame)[0], "score"] += 1


def change_a_score_and_its_parts(frame):
    frame.loc[lines_of_somebody(frame)[-1], ["score", "points_trade"]] -= 1


def swap_two_lines(frame):
    one, two = lines_of_somebody(frame)[-2:]
    swapped = frame.rename(index={one: two, two: one}).sort_index()
    return swapped.assign(rank=frame["rank"])


def skip_a_rank(frame):
    frame.loc[lines_of_somebody(frame)[-1], "rank"] += 1


def part_a_list(frame):
    row = lines_of_somebody(frame)[-1]
    return pd.concat([frame.drop(row), frame.loc[[row]]])


def show_a_full_offer(frame):
    """A line is given to an offer that stands in as many lists as it may."""
    full = frame[(frame["kind"] == "spontaneous") & (frame["lists_of_offer"] == 5)].iloc[0]
    taken = set(frame.loc[frame["offer_id"] == full["offer_id"], "youth_id"])
    row = frame.index[~frame["youth_id"].isin(taken)][0]
    columns = ["offer_id", "kind", "seats", "lists_of_offer"]
    frame.loc[row, columns] = full[columns].to_numpy()
    frame["lists_of_offer"] = frame.groupby("offer_id")["youth_id"].transform("size").astype("i4")


def change_an_exposure(frame):
    offer = frame["offer_id"].iloc[0]
    frame.loc[frame["offer_id"] == offer, "lists_of_offer"] -= 1


def change_the_seats_in_one_line(frame):
    row = (frame["lists_of_offer"] > 1).idxmax()
    frame.loc[row, "seats"] += 1


LISTS = {
    remove_a_line: ("figure", "counts.lines"),
    double_a_line: ("pair_once",),
    change_a_score: ("points_sum",),
    change_a_score_and_its_parts: ("figure", "proofs.lists.score"),
    swap_two_lines: ("order",),
    skip_a_rank: ("rank",),
    part_a_list: ("list_together",),
    show_a_full_offer: ("exposure",),
    change_an_exposure: ("exposure_written",),
    change_the_seats_in_one_line: ("offer_same",),
}


@pytest.mark.parametrize("change", LISTS, ids=lambda change: change.__name__)
def test_changed_lists(folder, change):
    rewrite(folder, "lists", change)
    refused(folder, *LISTS[change])


def test_too_long_a_list(folder):
    edit(folder, "manifest", "settings", "lines_per_youth", to=lambda k: k - 1)
    refused(folder, "list_length")


def test_an_exposure_of_earlier_waves_needs_a_file_of_what_was_sent(folder):
    """Then an offer has less room left, and its capacity in the certificate is too large."""

    def seen_before(frame):
        priced = read(folder, "certificate")["id"]
        offer = frame.loc[frame["offer_id"].isin(priced), "offer_id"].iloc[0]
        frame.loc[frame["offer_id"] == offer, "lists_of_offer"] += 1
        frame.loc[frame["offer_id"] == offer, "seats"] += 1

    rewrite(folder, "lists", seen_before)
    refused(folder, "exposure_written")
    edit(folder, "manifest", "inputs", to=lambda files: [*files, {"role": "sent"}])
    edit(folder, "manifest", "settings", "lists_per_firm", to=lambda n: n + 1)
    refused(folder, "offer_capacity", "lists.capacity")


# ------------------------------------------------------------------ the assignment, the rest


def change_a_pairs_score(frame):
    frame.loc[0, "score"] += 1


def remove_a_pair(frame):
    return frame.iloc[1:]


def give_a_pair_another_offer(frame):
    frame.loc[0, "offer_id"] = "O-none"


ASSIGNMENT = {
    change_a_pairs_score: "assigned_facts",
    remove_a_pair: "assigned_proof",
    give_a_pair_another_offer: "assigned_proof",
}


@pytest.mark.parametrize("change", ASSIGNMENT, ids=lambda change: change.__name__)
def test_changed_assignment(folder, change):
    rewrite(folder, "assignment", change)
    refused(folder, ASSIGNMENT[change])


def test_a_first_line_that_is_no_line(folder):
    def elsewhere(frame):
        frame.loc[(frame["line"] != "").idxmax(), "line"] = "O-none"

    rewrite(folder, "certificate", elsewhere)
    refused(folder, "first_line")


def test_two_first_lines_of_one_youth(folder):
    lists = read(folder, "lists")

    def again(frame):
        row = frame.loc[[(frame["line"] != "").idxmax()]]
        mine = lists.loc[lists["youth_id"] == row["id"].iloc[0], "offer_id"]
        other = mine[mine != row["line"].iloc[0]].iloc[0]
        return pd.concat([frame, row.assign(line=other)])

    rewrite(folder, "certificate", again)
    refused(folder, "first_once")


def test_an_assignment_beyond_the_seats(folder):
    """Two youths on one seat: the offer is shown in more first lines than it has room."""
    lists, pairs = read(folder, "lists"), read(folder, "assignment")
    free = lists[~lists["youth_id"].isin(pairs["youth_id"])]
    line = free[free["offer_id"].isin(pairs["offer_id"]) & (free["seats"] == 1)].iloc[0]
    fields = ["youth_id", "offer_id", "score"]
    more = line[fields].to_frame().T.assign(rank_in_list=line["rank"])
    types = {"score": "int32", "rank_in_list": "int16"}
    rewrite(folder, "assignment", lambda frame: pd.concat([frame, more.astype(types)]))

    def chosen(frame):
        row = frame[(frame["proof"] == "assignment") & (frame["side"] == "youth")].tail(1)
        more = row.assign(id=line["youth_id"], line=line["offer_id"])
        return pd.concat([frame, more])

    rewrite(folder, "certificate", chosen)
    refused(folder, "offer_load", "assignment")


def test_a_served_youth_among_the_unserved(folder):
    served = read(folder, "lists")["youth_id"].iloc[0]

    def claim(frame):
        frame.loc[0, "youth_id"] = served

    rewrite(folder, "unserved", claim)
    refused(folder, "unserved_alone")


def test_a_youth_with_neither_line_nor_reason(folder):
    rewrite(folder, "unserved", lambda frame: frame.iloc[1:])
    refused(folder, "figure", "counts.youths")


@pytest.mark.parametrize("word", ["score", "score_bound", "youths_served", "costs"])
def test_a_figure_of_a_proof(folder, word):
    edit(folder, "summary", "proofs", "lists", word, to=lambda n: n + 1)
    refused(folder, "figure", f"proofs.lists.{word}")


def test_a_gap_made_small(folder):
    edit(folder, "summary", "proofs", "assignment", "gap", to=lambda gap: gap / 2)
    refused(folder, "gap", "proofs.assignment")


def test_the_count_of_youths_served(folder):
    edit(folder, "summary", "youths", "served", to=lambda n: n + 1)
    refused(folder, "figure", "youths.served")


# ------------------------------------------------------------------ CSV against Parquet


def edit_csv(folder, name, change):
    file = folder / f"{name}.csv"
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(change(rows)), encoding="utf-8")


def cell(column, to):
    """Replace a cell of the last row."""

    def change(rows):
        frame = pd.read_csv(StringIO("".join(rows)), dtype=str, keep_default_na=False)
        frame.loc[len(frame) - 1, column] = to
        return [rows[0], *frame.to_csv(index=False, header=False).splitlines(keepends=True)]

    return change


CSV = {
    "a number": (cell("score", "1"), ("csv_cells", "score")),
    "a fact": (cell("in_region", "maybe"), ("csv_readable", "lists.csv")),
    "a text": (cell("reason", "Parce que."), ("csv_cells", "reason")),
    "a distance": (cell("distance_km", "1234.5"), ("csv_cells", "distance_km")),
    "a distance that is gone": (cell("distance_km", ""), ("csv_cells", "distance_km")),
    "a row less": (lambda rows: rows[:-1], ("csv_rows", "found -1")),
    "a row more": (lambda rows: [*rows, rows[-1]], ("csv_rows", "found +1")),
    "a header": (
        lambda rows: [rows[0].replace("score", "points"), *rows[1:]],
        ("csv_columns", "lists.csv"),
    ),
    "half a row": (lambda rows: [*rows, '"Y1",\n'], ("csv_readable", "lists.csv")),
}


@pytest.mark.parametrize("what", CSV)
def test_a_csv_file_that_says_something_else(folder, what):
    change, rule = CSV[what]
    edit_csv(folder, "lists", change)
    refused(folder, *rule)


def test_guarded_cells_and_many_batches_are_the_same(folder, monkeypatch):
    """Titles that could run differ by what the guard adds; rows come in several blocks."""
    assert "'=cmd" in (folder / "lists.csv").read_text(encoding="utf-8")
    monkeypatch.setattr("matchmaker.verify.forms.BLOCK_BYTES", 1 << 14)
    check_folder(folder)
    edit_csv(folder, "lists", cell("score", "1"))
    refused(folder, "csv_cells", "score")


@pytest.mark.parametrize("name", ["unserved", "assignment"])
def test_the_other_tables_too(folder, name):
    edit_csv(folder, name, lambda rows: rows[:-1])
    refused(folder, "csv_rows", f"{name}.csv")


@pytest.mark.parametrize("name", ["certificate.parquet", "lists.csv", "summary.json"])
def test_a_file_that_is_not_there(folder, name):
    (folder / name).unlink()
    refused(folder, "file_readable")


@pytest.mark.parametrize("name", ["certificate.parquet", "manifest.json"])
def test_a_file_that_is_something_else(folder, name):
    (folder / name).write_bytes(b"PAR1 {")
    refused(folder, "file_readable")


def test_a_column_that_is_not_there(folder):
    rewrite(folder, "certificate", lambda frame: frame.drop(columns="bonus"))
    refused(folder, "file_readable", "certificate.parquet has no column 'bonus'")


def test_no_sentence_names_a_person(folder):
    """Whatever is wrong, messages go to logs."""
    rewrite(folder, "lists", lambda frame: frame.sample(frac=0.5, random_state=1))
    rewrite(folder, "certificate", lambda frame: frame.assign(bound=np.int64(0)))
    with pytest.raises(CheckError) as caught:
        check_folder(folder)
    assert "Y0" not in str(caught.value)


# ------------------------------------------------------------------ true runs

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


def run(out, assignment=False, sent=None, ignore_sent=False, offer=(), **settings):
    """A run on the first youths of the samples, with so few lists a seat that prices rise."""
    youths, wishes, offers = (
        pd.read_csv(SAMPLES / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("youths", "wishes", "offers")
    )
    youths = youths.head(60)
    matchmaker.match(
        youths, wishes[wishes["youth_id"].isin(youths["youth_id"])], offers.head(400).assign(**dict(offer)),
        as_of=dt.date(2023, 9, 15), assignment=assignment, sent=sent, ignore_sent=ignore_sent,
        settings=Settings(**{"lists_per_seat": 2, "lists_per_firm": 1, "sector_trades": True, **settings}),
    ).save(out)  # fmt: skip
    return out


@pytest.fixture(scope="module")
def fair(tmp_path_factory):
    out = tmp_path_factory.mktemp("fair") / "out"
    return run(out, objective="fair", competition_costs=(0, 3000), line_order="chance")


@pytest.mark.parametrize("assignment", [False, True])
def test_a_run_without_any_line_holds(tmp_path, assignment):
    out = run(tmp_path / "out", assignment=assignment, offer={"status": "filled"})
    assert len(read(out, "lists")) == len(read(out, "certificate")) == 0


@pytest.fixture
def fair_folder(fair, tmp_path):
    return shutil.copytree(fair, tmp_path / "out")


def test_a_run_with_assignment_and_costs_holds(tmp_path):
    out = run(
        tmp_path / "out", assignment=True, competition_costs=(1000, 2000, 60_000),
        lists_per_firm=3, offer={"capacity": "2"},
    )  # fmt: skip
    check_folder(out)
    proofs = json.loads((out / "summary.json").read_text(encoding="utf-8"))["proofs"]
    assert set(proofs) == {"lists", "assignment"}
    assert proofs["lists"]["costs"] > 0
    assert proofs["assignment"]["costs"] == 0


def test_a_second_wave_holds(tmp_path, fair):
    """Its lines are others than those of the first, whose exposure counts, in costs too."""
    first = read(fair, "lists")
    out = run(tmp_path / "out", assignment=True, sent=fair / "lists.csv", competition_costs=(0, 9))
    second = read(out, "lists")
    both = pd.concat([first, second])
    assert not both.duplicated(["youth_id", "offer_id"]).any()
    told = second.groupby("offer_id")["lists_of_offer"].first()
    true = both.groupby("offer_id").size()
    pd.testing.assert_series_equal(told, true[told.index], check_names=False, check_dtype=False)
    assert (told > second.groupby("offer_id").size()).any()


def test_a_wave_that_ignores_what_was_sent_holds(tmp_path, fair):
    out = run(tmp_path / "out", sent=fair / "lists.parquet", ignore_sent=True)
    check_folder(out)


def test_a_fair_run_holds(fair_folder):
    check_folder(fair_folder)
    bands = json.loads((fair_folder / "summary.json").read_text(encoding="utf-8"))["proofs"]
    assert bands["first_lines"]["bands"]["floors"] == list(Settings().fair_floors)
    prices = read(fair_folder, "certificate")["price"]
    assert prices.max() > 1 << 24  # a price in the unit of a band's bonus


@pytest.mark.parametrize("proof", ["first_lines", "lists"])
def test_costs_of_competition_that_are_not_the_true_ones(fair_folder, proof):
    edit(fair_folder, "manifest", "settings", "competition_costs", to=lambda costs: [*costs, 9000])
    edit(fair_folder, "manifest", "settings", "competition_costs", to=lambda costs: costs[1:])
    refused(fair_folder, "figure", f"proofs.{proof}.costs")
    refused(fair_folder, "offer_bound", f"{proof}.bound")


def test_other_floors_than_those_of_the_settings(fair_folder):
    edit(fair_folder, "manifest", "settings", "fair_floors", to=lambda floors: floors[1:])
    refused(fair_folder, "figure", "proofs.first_lines.bands.floors")


def test_another_bonus_of_a_band(fair_folder):
    path = ("proofs", "first_lines", "bands", "bonuses")
    edit(fair_folder, "summary", *path, to=lambda bonuses: [n + 1 for n in bonuses])
    refused(fair_folder, "figure", "proofs.first_lines.score_bound")


def test_bounds_lowered_by_one(fair_folder):
    """Prices in the units of bands go far, and yet the last unit counts."""

    def lower(frame):
        of_youth = (frame["side"] == "youth") & (frame["bound"] > 0)
        frame.loc[of_youth & (frame["proof"] == "first_lines"), "bound"] -= 1

    rewrite(fair_folder, "certificate", lower)
    refused(fair_folder, "youth_bound", "first_lines.bound")


def test_the_order_by_chance_is_not_that_by_score(fair_folder):
    check_folder(fair_folder)
    edit(fair_folder, "manifest", "settings", "line_order", to=lambda _: "score")
    refused(fair_folder, "order")
