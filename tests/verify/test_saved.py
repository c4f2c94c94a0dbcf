"""A saved run is changed in 60 ways, its hashes mended or not: verified from its folder, each is seen.

"In both files" means that CSV and Parquet were changed alike, so that neither betrays the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from functools import partial

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings, generate
from matchmaker.report.tables import write_csv, write_parquet
from matchmaker.verify import check, verified

AS_OF = dt.date(2023, 9, 15)
REFERENTS = (
    "departement,commune_code,region_code,referent_name,referent_contact,capacity\n"
    "35,,,Mission locale 35,ml35@example.org,3\n"
    "29,,,Mission locale 29,ml29@example.org,50\n"
    ",,53,Région,region@example.org,100\n"
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    made = generate(youths=60, offers=700, out=folder / "given", regions=["Bretagne"], seed=3)
    (folder / "referents.csv").write_text(REFERENTS, encoding="utf-8")
    result = matchmaker.match(
        made["youths"], made["wishes"], made["offers"], as_of=AS_OF, assignment=True,
        referents=folder / "referents.csv", settings=Settings(min_lines=8, lists_per_firm=1),
    )  # fmt: skip
    result.save(folder / "run")
    return folder / "run"


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "run")


def mend(folder):
    """Put the hashes of the files as they are now into the manifest, stages included."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text())
    old = dict(manifest["outputs"])
    for name in old:
        if (folder / name).is_file():
            content = (folder / name).read_bytes()
            manifest["outputs"][name] = hashlib.sha256(content).hexdigest()
    new = {old[name]: sha256 for name, sha256 in manifest["outputs"].items()}
    for stage in manifest["stages"]:
        stage["reads"] = [new.get(one, one) for one in stage["reads"]]
        for one in stage["writes"]:
            one["sha256"] = manifest["outputs"][one["file"]]
    file.write_text(json.dumps(manifest, ensure_ascii=False))


# ----------------------------------------------------------------- ways to change a folder


def table(name, change):
    """Change a table, in both files where there are two."""

    def do(folder):
        frame = pd.read_parquet(folder / f"{name}.parquet")
        changed = change(frame)
        frame = frame if changed is None else changed
        with (folder / f"{name}.parquet").open("wb") as sink:
            write_parquet(frame, sink)
        if (folder / f"{name}.csv").exists():
            with (folder / f"{name}.csv").open("wb") as sink:
                write_csv(frame, sink)

    return do


def text(name, change, encoding="utf-8"):
    def do(folder):
        file = folder / name
        before = file.read_text(encoding=encoding)
        after = change(before)
        assert after != before
        file.write_text(after, encoding=encoding)

    return do


def rows(change):
    """Change the rows of a CSV file, header first."""
    return lambda content: "\n".join(change(content.split("\n")))


def value(name, *path, to):
    def do(folder):
        content = json.loads((folder / name).read_text())
        at = content
        for key in path[:-1]:
            at = at[key]
        before = json.dumps(at[path[-1]])
        at[path[-1]] = to(at[path[-1]])
        assert json.dumps(at[path[-1]]) != before
        (folder / name).write_text(json.dumps(content, ensure_ascii=False))

    return do


def exchange(frame, column, one, other):
    both = frame.loc[[other, one], column].to_numpy()
    assert both[0] != both[1]
    frame.loc[[one, other], column] = both


def exchanged(column, key=None):
    """Exchange a cell of the first line with the next one that has another."""

    def change(frame):
        shown = frame[column] if key is None else frame[key]
        other = int((shown != shown.iloc[0]).to_numpy().argmax())
        exchange(frame, column, 0, other)

    return change


def plus(column, by, where=lambda frame: frame.index[:1]):
    def change(frame):
        frame.loc[where(frame), column] += by

    return change


def put(column, to, where=lambda frame: frame.index[:1]):
    def change(frame):
        assert (frame.loc[where(frame), column] != to).any()
        frame.loc[where(frame), column] = to

    return change


def two_points(one, other, by=1000):
    """Take points from one criterion and give them to another: the sum stays."""

    def change(frame):
        at = frame.index[(frame[one] >= by)][:1]
        frame.loc[at, one] -= by
        frame.loc[at, other] += by

    return change


def other_rows_offers(lines):
    """Give each of two youths the other's offers."""
    head, one, two, *rest = lines
    (a, theirs), (b, others) = one.split(";", 1), two.split(";", 1)
    return [head, f"{a};{others}", f"{b};{theirs}", *rest]


def next_ones_offers(lines):
    head, *body = [line for line in lines if line]
    ids, offers = zip(*(line.split(";", 1) for line in body), strict=True)
    moved = [*offers[1:], offers[0]]
    return [head, *(f"{i};{o}" for i, o in zip(ids, moved, strict=True)), ""]


def swapped_slots(lines):
    """Exchange the first two lines of the first youth who has two."""
    head, *body = lines
    names = head.split(";")
    k = sum("ligne_1_" in name for name in names)
    cells = body[0].split(";")
    cells[1 : 1 + k], cells[1 + k : 1 + 2 * k] = cells[1 + k : 1 + 2 * k], cells[1 : 1 + k]
    return [head, ";".join(cells), *body[1:]]


def _same_trade(frame):
    """Exchange reasons of two lines of one trade that lie at other distances."""
    for _, group in frame[frame["distance_km"] > 12].groupby(["trade_code", "wish_rank", "kind"]):
        far = group["distance_km"]
        if far.max() - far.min() > 6:
            exchange(frame, "reason", far.idxmin(), far.idxmax())
            return
    raise AssertionError("there are no two such lines")


def _said(frame, before, after):
    at = frame.index[frame["reason"].str.contains(before, regex=False)][:1]
    assert len(at)
    frame.loc[at, "reason"] = frame.loc[at, "reason"].str.replace(before, after, regex=False)


def _firm(frame, column, to):
    frame.loc[frame.index[frame["kind"] == "spontaneous"][:1], column] = to


MAILING = partial(text, "mailing.csv", encoding="utf-8-sig")
LISTS = partial(table, "lists")
FEW = partial(text, "follow_up.csv")
REPORT = partial(text, "report.html")
SUMMARY = partial(value, "summary.json")
MANIFEST = partial(value, "manifest.json")
HTML = "</main>"

MUTATIONS = {
    # the mailing
    "two youths' offers exchanged in the mailing": (MAILING(rows(other_rows_offers)), "mailing_cells"),
    "every youth is mailed the next one's offers": (MAILING(rows(next_ones_offers)), "mailing_cells"),
    "a youth is missing in the mailing": (MAILING(rows(lambda r: [r[0], *r[2:]])), "mailing_youths"),
    "a youth stands twice in the mailing": (MAILING(rows(lambda r: [*r[:2], *r[1:]])), "mailing_youths"),
    "two youths of the mailing are in another order": (MAILING(rows(lambda r: [r[0], r[2], r[1], *r[3:]])), "mailing_youths"),
    "the links of the mailing lead elsewhere": (MAILING(lambda t: t.replace("https://example.org", "https://example.com")), "mailing_cells"),
    "one link of the mailing leads elsewhere": (MAILING(lambda t: t.replace("https://example.org", "https://example.com", 1)), "mailing_cells"),
    "the mailing is empty": (MAILING(rows(lambda r: [r[0], ""])), "mailing_youths"),
    "two columns of the mailing have each other's names": (MAILING(lambda t: t.replace("ligne_1_titre", "x").replace("ligne_2_titre", "ligne_1_titre").replace("x", "ligne_2_titre", 1)), "mailing_columns"),
    "two lines of a youth are exchanged in the mailing": (MAILING(rows(swapped_slots)), "mailing_cells"),
    "a firm is called an offer in the mailing": (MAILING(lambda t: t.replace("candidature à proposer", "offre publiée", 1)), "mailing_cells"),
    "a reason is another one in the mailing": (MAILING(lambda t: t.replace("premier vœu", "deuxième vœu", 1)), "mailing_cells"),
    # lines, in both files
    "two reasons exchanged": (LISTS(exchanged("reason", key="trade_code")), "reason"),
    "two reasons of the same trade exchanged": (LISTS(_same_trade), "reason_distance"),
    "another rank of the wish in the reason": (LISTS(lambda f: _said(f, "premier vœu", "deuxième vœu")), "reason_wish"),
    "a firm's line without its proposal": (LISTS(lambda f: _said(f, "Il n'a pas publié d'offre : proposez votre candidature.", "")), "reason_action"),
    "two distances exchanged": (LISTS(exchanged("distance_km")), "distance"),
    "a distance halved": (LISTS(lambda f: f.assign(distance_km=f["distance_km"] / 2)), "distance"),
    "two rungs exchanged": (LISTS(exchanged("rung")), "rung"),
    "two ranks of wishes exchanged": (LISTS(exchanged("wish_rank")), "wish"),
    "points of two lines exchanged": (LISTS(exchanged("points_distance")), "points_sum"),
    "points of wish and distance exchanged in a line": (LISTS(two_points("points_wish", "points_distance")), "points"),
    "points of region and start exchanged in a line": (LISTS(two_points("points_region", "points_start")), "points"),
    "points of level given to the wish": (LISTS(two_points("points_level", "points_wish")), "points"),
    "points of trade given to the level": (LISTS(two_points("points_trade", "points_level")), "nearness"),
    "two scores exchanged": (LISTS(exchanged("score")), "points_sum"),
    "a line gets another offer": (LISTS(exchanged("offer_id", key="trade_code")), "trade_code"),
    "a line is taken out": (LISTS(lambda f: f.drop(index=f.index[f["rank"] == f["rank"].max()][-1])), "figure"),
    "a line stands twice": (LISTS(lambda f: pd.concat([f.iloc[:1], f])), "pair_once"),
    "the first two ranks of a youth exchanged": (LISTS(lambda f: f.assign(rank=np.where(f.index == 0, 2, np.where(f.index == 1, 1, f["rank"])))), "rank"),
    "a title is another trade's": (LISTS(lambda f: _firm(f, "title", "Astronaute")), "title"),
    "the region of a line is told wrongly": (LISTS(lambda f: f.assign(in_region=~f["in_region"])), "in_region"),
    "the level of an offer is another": (LISTS(plus("offer_level", 1)), "offer_facts"),
    "the exposure of an offer is another": (LISTS(plus("lists_of_offer", 1)), "exposure_written"),
    "a doubt is hushed up": (LISTS(put("doubt", "level")), "doubt"),
    # who has none or few
    "the follow-up is empty": (FEW(rows(lambda r: [r[0], ""])), "follow_up_all"),
    "a youth is missing in the follow-up": (FEW(rows(lambda r: [r[0], *r[2:]])), "follow_up_all"),
    "a referent is another one": (FEW(lambda t: t.replace("Mission locale 29", "Mission locale 35", 1)), "referent"),
    "the address of a referent leads elsewhere": (FEW(lambda t: t.replace("ml29@example.org", "me@example.com")), "referent"),
    "a youth followed up has more lines": (FEW(lambda t: re.sub(r'("Y\d+"),\d+,', r"\1,7,", t, count=1)), "follow_up_facts"),
    "an unserved youth is missing": (table("unserved", lambda f: f.iloc[1:]), "unserved_all"),
    "who opted out is said to have found a place": (table("unserved", put("reason_code", "placed", lambda g: g.index[g["reason_code"] == "opted_out"][:1])), "unserved_state"),
    "a reason without words": (table("unserved", put("reason", "")), "unserved_reason"),
    "another department of an unserved youth": (table("unserved", put("departement", "75")), "unserved_facts"),
    "a referent of an unserved youth is another": (table("unserved", put("referent_name", "X", lambda g: g.index[g["referent_name"] != ""][:1])), "referent"),
    # the report
    "the report is empty": (text("report.html", lambda _: ""), "report_figures"),
    "the report has a script": (REPORT(lambda t: t.replace(HTML, "<script>alert(1)</script></main>")), "report_safe"),
    "the report loads a picture": (REPORT(lambda t: t.replace(HTML, '<img src="https://example.com/a.png"></main>')), "report_safe"),
    "the report runs when it is clicked": (REPORT(lambda t: t.replace("<main>", '<main onclick="x()">')), "report_safe"),
    "the report lets scripts run": (REPORT(lambda t: t.replace("default-src 'none'", "default-src *")), "report_safe"),
    "the report says another day": (REPORT(lambda t: t.replace("15 septembre 2023", "16 septembre 2023")), "report_figures"),
    "the report says other settings": (REPORT(lambda t: t.replace('<code>lines_per_youth</code></th><td class="n">10', '<code>lines_per_youth</code></th><td class="n">11')), "report_figures"),
    # figures, settings, identity
    "the summary serves a youth more": (SUMMARY("youths", "served", to=lambda n: n + 1), "figure"),
    "the summary counts rungs otherwise": (SUMMARY("lines", "by_rung", "1", to=lambda n: n + 1), "figure"),
    "the median distance is another": (SUMMARY("lines", "median_km", to=lambda n: n / 2), "figure"),
    "the summary has fewer unserved": (SUMMARY("unserved", to=lambda rows: rows[1:]), "figure"),
    "the summary is of another day": (SUMMARY("as_of", to=lambda _: "2023-09-16"), "figure"),
    "the bound of the proof is lower": (SUMMARY("proofs", "lists", "score_bound", to=lambda n: n - 1), "figure"),
    "the manifest is of another day": (MANIFEST("as_of", to=lambda _: "2023-09-16"), "manifest"),
    "the hash of an input is another": (MANIFEST("inputs", 0, "sha256", to=lambda _: "0" * 64), "manifest"),
    "a setting of the manifest is another": (MANIFEST("settings", "lists_per_seat", to=lambda n: n + 1), "manifest"),
    "the id of the run is another": (MANIFEST("run_id", to=lambda i: i[:-1] + ("0" if i[-1] != "0" else "1")), "manifest"),
    "settings.toml says something else": (text("settings.toml", lambda t: t.replace("lines_per_youth = 10", "lines_per_youth = 11")), "settings_written"),
    "a home is another in the clean tables": (table("tables/youths", plus("latitude", 0.5)), "distance"),
    "a bound of the certificate is higher": (table("certificate", plus("bound", 1, lambda g: g.index[g["side"] == "youth"][:1])), "figure"),
}  # fmt: skip


def test_nothing_is_wrong_at_first(saved):
    found = verified(saved)
    assert found.faults.counts == {}
    assert 0 < found.youths <= found.of_youths == 60
    assert found.unchecked == ()
    assert check(saved, full=True) == ()


def test_there_are_more_than_fifty():
    assert len(MUTATIONS) >= 51


@pytest.mark.parametrize(
    "name",
    # One in eight in the normal target: each costs as much as verifying a run.
    [n if i % 8 == 0 else pytest.param(n, marks=pytest.mark.long) for i, n in enumerate(MUTATIONS)],
)
def test_a_changed_folder_is_seen_with_its_hashes_mended(folder, name):
    change, rule = MUTATIONS[name]
    change(folder)
    mend(folder)
    found = {fault.rule for fault in check(folder)}
    assert rule in found, found


def test_a_changed_byte_is_seen_by_its_hash(folder):
    names = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in names:
        if path.name not in ("manifest.json", "timings.json"):
            with path.open("ab") as file:
                file.write(b" ")
    found = {fault.file for fault in check(folder) if fault.rule == "file_hash"}
    outputs = json.loads((folder / "manifest.json").read_text())["outputs"]
    assert found == set(outputs)


def test_files_that_are_gone_or_that_nobody_listed(folder):
    (folder / "tables" / "sent.parquet").unlink()
    (folder / "tables" / "mine.txt").write_text("x")
    found = {(fault.rule, fault.file) for fault in check(folder)}
    assert ("file_missing", "tables/sent.parquet") in found
    assert ("file_unlisted", "tables/mine.txt") in found


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"outputs": 3}', b"\xff"])
def test_a_manifest_that_is_none_is_a_fault_and_no_traceback(folder, content):
    (folder / "manifest.json").write_bytes(content)
    assert "file_readable" in {fault.rule for fault in check(folder)}


@pytest.mark.parametrize(
    "name", ["lists.parquet", "tables/offers.parquet", "mailing.csv", "summary.json", "settings.toml"]
)  # fmt: skip
def test_a_damaged_file_is_a_fault_and_no_traceback(folder, name):
    (folder / name).write_bytes(b"\x00\xff" * 40)
    mend(folder)
    assert check(folder)


def test_another_nearness_is_seen_in_full(folder):
    """`nearness_table`: the points of lines may go with it, so that no line betrays it."""
    table("reference/nearness", plus("value", 1, lambda f: f.index[f["step"] == 2][:1]))(folder)
    mend(folder)
    assert "nearness_table" in {fault.rule for fault in check(folder, full=True)}


def test_a_line_of_an_earlier_wave_is_seen(folder):
    lists = pd.read_parquet(folder / "lists.parquet")
    sent = lists[["youth_id", "offer_id"]].head(1).assign(wave="", outcome="")
    sent["sent_at"] = pd.Series([None], dtype="datetime64[s]")
    columns = ["youth_id", "offer_id", "wave", "sent_at", "outcome"]
    with (folder / "tables" / "sent.parquet").open("wb") as sink:
        write_parquet(sent[columns], sink)
    value("manifest.json", "inputs", to=lambda one: [*one, {"role": "sent", "sha256": "0" * 64}])(
        folder
    )
    assert "sent_before" in {fault.rule for fault in check(folder)}
