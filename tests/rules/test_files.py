"""Who may stand in which file of a run: each state of a youth, each state and flag of an offer."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings
from matchmaker.runs.folder import open_run
from matchmaker.tables import contacts, load
from tests.rules.case import Case, frames
from tests.tables.read_by import contact_rows

AS_OF = "2023-09-15"
BOTH_FORMS = ("lists", "assignment", "unserved")
PAPERS = (
    "manifest.json",
    "summary.json",
    "timings.json",
    "report.html",
    "quality.csv",
    "rejects.csv",
)


class Stand(NamedTuple):
    """What is said of a youth: cells, files, why there is no line, whom to turn to."""

    cells: dict[str, str]
    files: str
    why: str = ""
    referent: str = ""


# Whom nobody may contact, or who needs nothing any more, is followed up by nobody.
YOUTHS = {
    "seeks, enough lines": Stand({}, "lists assignment certificate mailing"),
    "seeks, few lines": Stand(
        {"trade": "F1603"}, "lists assignment certificate mailing follow_up", "", "ML"
    ),
    "seeks, no offer": Stand(
        {"trade": "G1602"}, "certificate unserved follow_up", "no_trade_offer", "ML"
    ),
    "seeks, no trade": Stand({"trade": ""}, "unserved follow_up notes", "no_wish", "ML"),
    "seeks, odd trade": Stand({"trade": "Xyzzy"}, "unserved follow_up", "wish_unresolved", "ML"),
    "seeks, no contract": Stand(
        {"trade": "2NDE GENERALE ET TECHNOLOGIQUE"},
        "unserved follow_up",
        "no_apprenticeship",
        "ML",
    ),
    "seeks, nowhere": Stand({"commune_code": ""}, "unserved follow_up", "home_unknown", ""),
    "said yes": Stand({"opt_out": "oui"}, "unserved", "opted_out"),
    "said no": Stand({"opt_out": "non"}, "lists assignment certificate mailing"),
    "said something": Stand({"opt_out": "plutôt non"}, "notes"),
    "found one": Stand({"status": "en contrat"}, "unserved", "placed"),
    "gave up": Stand({"status": "abandon"}, "unserved", "withdrawn"),
    "found one, said yes": Stand(
        {"status": "en contrat", "opt_out": "oui"}, "unserved", "opted_out"
    ),
    "found one, nowhere": Stand({"status": "en contrat", "commune_code": ""}, "unserved", "placed"),
    "said yes, no trade": Stand({"opt_out": "oui", "trade": ""}, "unserved", "opted_out"),
}

CFA = {"employer": "CFA du Pain", "naf_code": "85.32Z"}
WOMEN = {"description": "Femmes uniquement"}
SENIOR = {"title": "Directeur sportif", "description": "10 ans d'expérience exigés."}


class Offered(NamedTuple):
    """What is said of an offer: cells, its flags, and which counted rule keeps it out."""

    cells: dict[str, str]
    flags: str = ""
    state: str = "takes_part"


OFFERS = {
    "sound": Offered({}),
    "two": Offered({"capacity": "2"}),
    "firm": Offered({"kind": "spontaneous"}),
    "place": Offered({"kind": "training", "contract_type": ""}),
    "plumber": Offered({"trade_code": "F1603", "title": "Plombier en apprentissage"}),
    "of a school": Offered(CFA, "school"),
    "unlawful": Offered(WOMEN, "discriminatory", "flagged"),
    "of nobody": Offered({"employer": ""}, "nameless"),
    "senior": Offered(
        SENIOR, "ordinary_job|title_vs_code"
    ),  # no baker's title, and of several trades
    "two flags": Offered(WOMEN | {"employer": ""}, "discriminatory|nameless", "flagged"),
    "filled": Offered({"status": "pourvue"}, state="full"),
    "no seat": Offered({"capacity": "0"}, state="full"),
    "cancelled": Offered({"status": "annulée"}, state="cancelled"),
    "expired": Offered({"expiry_date": "2023-09-19"}, state="expired"),
    "job": Offered({"contract_type": "CDI"}, state="contract_type"),
    "no trade": Offered({"trade_code": "", "title": "Poste"}, state="trade_unknown"),
    "nowhere": Offered({"commune_code": ""}, state="place_unknown"),
}


def wish_for(trade: str) -> dict[str, str]:
    """Return the cells of a wish for a code, for a trade in words or for nothing."""
    is_code = trade == "" or trade[-1].isdigit()
    return {"trade_code": trade} if is_code else {"trade_code": "", "trade_label": trade}


CASE = Case(
    rule="",
    says="",
    expect={},
    as_of=AS_OF,
    youths={
        name: {k: v for k, v in one.cells.items() if k != "trade"} for name, one in YOUTHS.items()
    },
    wishes=tuple(
        (name, wish_for(one.cells["trade"]) if "trade" in one.cells else {})
        for name, one in YOUTHS.items()
    ),
    offers={
        name: one.cells | {"url": f"https://example.org/{name.replace(' ', '-')}"}
        for name, one in OFFERS.items()
    },
)
REFERENTS = pd.DataFrame(
    {"departement": "35", "referent_name": "ML", "referent_contact": "ml@example.org"}, index=[0]
)
KEPT_OUT = {name for name, offer in OFFERS.items() if offer.state != "takes_part"}


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file as texts."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).astype("str").to_dict("records")
    text = path.read_text(encoding="utf-8-sig")
    sign = ";" if path.name == "mailing.csv" else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=sign))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "match"
    matchmaker.match(
        *frames(CASE),
        as_of=AS_OF,
        assignment=True,
        referents=REFERENTS,
        settings={"min_lines": 2},
    ).save(out)
    return out


def files_naming(folder: Path, name: str) -> set[str]:
    return {
        path.stem
        for path in folder.iterdir()
        if path.suffix in (".csv", ".parquet")
        and any(name in row.values() for row in rows_of(path))
    }


@pytest.mark.parametrize("name", YOUTHS)
def test_a_youth_stands_in_these_files_and_in_no_other(folder, name):
    assert files_naming(folder, name) == set(YOUTHS[name].files.split())


def test_both_forms_of_a_file_name_the_same_youths(folder):
    for name in BOTH_FORMS:
        forms = [
            [row["youth_id"] for row in rows_of(folder / f"{name}{end}")]
            for end in (".csv", ".parquet")
        ]
        assert forms[0] == forms[1]


def test_papers_name_nobody(folder):
    for name in PAPERS:
        text = (folder / name).read_text(encoding="utf-8")
        assert not [youth for youth in YOUTHS if f'"{youth}"' in text or f">{youth}<" in text], name


@pytest.mark.parametrize("name", YOUTHS)
def test_who_has_no_line_is_told_why_and_a_referent_only_where_one_is_wanted(folder, name):
    youth = YOUTHS[name]
    alone = {row["youth_id"]: row for row in rows_of(folder / "unserved.csv")}
    few = {row["youth_id"]: row for row in rows_of(folder / "follow_up.csv")}
    assert alone.get(name, {"reason_code": ""})["reason_code"] == youth.why
    for table in (alone, few):
        if name in table:
            assert table[name]["referent_name"] == youth.referent
            assert bool(table[name]["referent_contact"]) == bool(youth.referent)


def test_the_mailing_has_a_row_for_each_list_and_its_lines_in_order(folder):
    lists = rows_of(folder / "lists.csv")
    mailing = {row["youth_id"]: row for row in rows_of(folder / "mailing.csv")}
    for youth, row in mailing.items():
        urls = [line["url"] for line in lists if line["youth_id"] == youth]
        titles = [line["title"] for line in lists if line["youth_id"] == youth]
        blocks = range(1, Settings().lines_per_youth + 1)
        assert [row[f"ligne_{n}_url"] for n in blocks if row[f"ligne_{n}_url"]] == urls
        assert [row[f"ligne_{n}_titre"] for n in blocks if row[f"ligne_{n}_titre"]] == titles
    assert set(mailing) == {line["youth_id"] for line in lists}


def test_the_file_for_the_mailing_tool_has_addresses_of_who_has_a_list_and_of_no_other(folder):
    """Whatever addresses lie beside the run, those of youths who opted out among them."""
    path = folder.parent / "contacts.csv"
    everybody = pd.DataFrame({"youth_id": [*YOUTHS], "source_line": [*range(len(YOUTHS))]})
    everybody["email"] = [f"{n}@example.org" for n in everybody["source_line"]]
    run_id = open_run(folder).run_id
    contacts.write(contact_rows(everybody), path, run_dir=folder, run_id=run_id)
    joined = contacts.join(folder, path)
    rows = list(csv.DictReader(io.StringIO(joined.path.read_text("utf-8-sig")), delimiter=";"))
    assert [row["youth_id"] for row in rows] == sorted(
        name for name, youth in YOUTHS.items() if "mailing" in youth.files.split()
    )
    of_youth = dict(zip(everybody["youth_id"], everybody["email"], strict=True))
    assert all(row["email"] == of_youth[row["youth_id"]] for row in rows)


@pytest.mark.parametrize("name", OFFERS)
def test_an_offer_stands_in_lists_and_mailing_or_in_neither(folder, name):
    """Where it takes part it is offered to somebody; where it does not, nowhere."""
    shown = files_naming(folder, name) - {"flagged"}
    url = CASE.offers[name]["url"]
    mailed = [row for row in rows_of(folder / "mailing.csv") if url in row.values()]
    if name in KEPT_OUT:
        assert shown <= {"certificate"}  # with no room, so that the row adds nothing
        priced = [row for row in rows_of(folder / "certificate.parquet") if row["id"] == name]
        assert {(row["capacity"], row["bound"]) for row in priced} <= {("0", "0")}
        assert not mailed
    else:
        assert "lists" in shown
        assert shown <= {"lists", "assignment", "certificate"}
        assert mailed


def test_every_flagged_offer_is_listed_as_such_whether_left_out_or_not(folder):
    flagged = {row["offer_id"]: row for row in rows_of(folder / "flagged.csv")}
    assert {name: row["flags"] for name, row in flagged.items()} == {
        name: offer.flags for name, offer in OFFERS.items() if offer.flags
    }
    assert {name for name, row in flagged.items() if row["is_left_out"] == "true"} == {
        name for name, offer in OFFERS.items() if offer.state == "flagged"
    }


@pytest.mark.parametrize(
    ("left_out", "names"),
    [
        ([], set()),
        (["nameless"], {"of nobody", "two flags"}),
        (["ordinary_job"], {"senior"}),
        (["title_vs_code"], {"senior"}),
        (["school"], {"of a school"}),
    ],
)
def test_the_settings_say_which_flags_leave_out(left_out, names):
    settings = {"leave_out_flags": left_out, "lines_per_youth": 20, "other_sector_lines": 0}
    result = matchmaker.match(*frames(CASE), as_of=AS_OF, settings=settings)
    flagged = {name for name, offer in OFFERS.items() if offer.flags}
    assert flagged - set(result.lists["offer_id"]) == names


def test_a_dry_run_counts_the_same_youths_and_offers():
    counted = matchmaker.dry_run(*frames(CASE), as_of=AS_OF)
    why = [one.why for one in YOUTHS.values() if one.files not in {"", "notes"}]
    out = (
        "opted_out",
        "placed",
        "withdrawn",
        "home_unknown",
        "no_wish",
        "no_apprenticeship",
        "wish_unresolved",
    )
    assert counted["youths"] == {
        "takes_part": sum(one not in out for one in why),
        **{one: why.count(one) for one in out},
    }
    states = [offer.state for offer in OFFERS.values()]
    assert counted["offers"] == {state: states.count(state) for state in states}
    assert counted["rejected"] == 1  # who said something


# ------------------------------------------------------------------ the folder of assign


@pytest.fixture(scope="module")
def assigned():
    return matchmaker.assign(*frames(CASE), as_of=AS_OF)


@pytest.mark.parametrize("name", YOUTHS)
def test_assign_gives_an_offer_to_who_seeks_and_tells_the_others_why(assigned, name):
    youths = assigned.tables["youths"].set_index("youth_id")
    youth = YOUTHS[name]
    assert (name in youths.index) == (youth.files not in {"", "notes"})
    if name in youths.index:
        assert youths.loc[name, "why_code"] == youth.why
        assert (youths.loc[name, "offer_id"] == "") == bool(youth.why)


def test_assign_names_no_offer_that_is_kept_out(assigned):
    assert not KEPT_OUT & set(assigned.tables["offers"]["offer_id"])
    assert not KEPT_OUT & set(assigned.tables["youths"]["offer_id"])


def test_assign_gives_rejects_and_quality_each_as_itself(assigned):
    tables = load(*frames(CASE), as_of=dt.date.fromisoformat(AS_OF), settings=Settings())
    for name in ("rejects", "quality"):
        pd.testing.assert_frame_equal(assigned.tables[name], getattr(tables, name))
    assert len(tables.rejects) == 1
    assert not tables.rejects.columns.equals(tables.quality.columns)
