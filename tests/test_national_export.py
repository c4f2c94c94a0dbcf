"""La bonne alternance's daily national export through the whole program: a firm is no offer."""

import datetime as dt
import json
import sys

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchmaker
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.sources import Lba
from matchmaker_cli import app as cli
from tests.exports import FIRMS, items, write_export
from tests.tables.read_by import offers

AS_OF = dt.date(2026, 9, 15)
YOUTHS = pd.DataFrame({
    "youth_id": ["Y1", "Y2"], "birth_date": ["2009-01-01", "2008-05-05"],
    "commune_code": ["29232", "35238"], "level": ["3", "3"],
})  # fmt: skip
WISHES = pd.DataFrame({
    "youth_id": ["Y1", "Y2", "Y2"], "rank": ["1", "1", "2"],
    "trade_code": ["D1102", "F1703", "G1602"],
})  # fmt: skip


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    return write_export(tmp_path_factory.mktemp("lba") / "export.json", offers=40, firms=1100)


@pytest.fixture(scope="module")
def result(export):
    return matchmaker.match(YOUTHS, WISHES, export, as_of=AS_OF, formats={"offers": "lba"})


def assert_no_firm_is_an_offer(result, n_offers, n_firms):
    """Firms are counted, ranked and worded as what they are, and so are published offers."""
    lists = result.lists
    is_firm = places(lists["offer_id"]) >= n_offers
    assert is_firm.any()
    assert not is_firm.all()
    assert set(lists["kind"][is_firm]) == {"spontaneous"}
    assert set(lists["kind"][~is_firm]) == {"offer"}
    assert set(lists["rung"][is_firm]) <= {3, 4}
    offers = result.summary["offers"]
    assert offers["by_source"] == {"lba": {"offer": n_offers, "spontaneous": n_firms}}
    assert offers["by_kind"]["offer"]["read"] == n_offers
    assert offers["by_kind"]["spontaneous"]["read"] == n_firms
    # Sentences call a firm what it is, and a published offer never so.
    spoken = lists["reason"].str.contains("proposez (?:aussi )?votre candidature")
    assert spoken[is_firm].all()
    assert not spoken[~is_firm].any()


def places(ids: pd.Series) -> pd.Series:
    """Return where the items of these ids stand in the export, from 0: published offers first."""
    return ids.map(lambda one: int(one[-8:], 16)).astype("int64")


def test_no_firm_is_counted_ranked_or_worded_as_an_offer(result):
    assert_no_firm_is_an_offer(result, 40, 1100)


@pytest.mark.long
def test_no_firm_of_ten_cities_is_counted_ranked_or_worded_as_an_offer(tmp_path):
    n_offers, n_firms = 4_000, 110_000
    file = write_export(tmp_path / "export.json", offers=n_offers, firms=n_firms)
    # Enough youths in one town for one trade that its published offers do not go round.
    youths = pd.DataFrame({
        "youth_id": [f"Y{i:04}" for i in range(1_000)], "birth_date": "2008-05-05", "level": "3",
        "commune_code": "29232",
    })  # fmt: skip
    wishes = pd.DataFrame({"youth_id": youths["youth_id"], "rank": "1", "trade_code": "D1102"})
    clean = load(youths, wishes, file, as_of=AS_OF, settings=Settings()).offers
    is_firm = places(clean["offer_id"]) >= n_offers
    assert (clean["kind"] == "spontaneous").equals(is_firm)
    assert int(is_firm.sum()) == n_firms
    result = matchmaker.match(youths, wishes, file, as_of=AS_OF)
    assert_no_firm_is_an_offer(result, n_offers, n_firms)
    result.save(tmp_path / "out")
    for name in ("lists.csv", "unserved.csv", "report.html"):
        assert FIRMS not in (tmp_path / "out" / name).read_text("utf-8-sig"), name


def test_the_label_of_the_firms_is_in_no_file(result, tmp_path):
    result.save(tmp_path / "out")
    for file in (tmp_path / "out").iterdir():
        if file.suffix in {".csv", ".html"}:
            assert FIRMS not in file.read_text("utf-8-sig"), file.name
    for name in ("lists", "unserved"):
        frame = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert not frame.astype("str").map(lambda cell: FIRMS in cell).to_numpy().any()


def test_firms_do_not_expire_and_offers_do(export):
    late = AS_OF + dt.timedelta(days=200)
    found = load(YOUTHS, WISHES, export, as_of=late, settings=Settings()).offers
    firms = found[found["kind"] == "spontaneous"]
    assert firms["expiry_date"].isna().all()
    assert found.loc[found["kind"] == "offer", "expiry_date"].notna().all()
    assert set(firms["contract_type"]) == {""}
    assert set(firms["trade_how"]) == {"code"}
    assert "Boulanger" in " ".join(firms["title"])


@pytest.mark.parametrize("as_json", [False, True])
def test_check_begins_with_the_kinds_of_each_source(export, tmp_path, monkeypatch, capsys, as_json):
    YOUTHS.to_csv(tmp_path / "y.csv", index=False)
    WISHES.to_csv(tmp_path / "w.csv", index=False)
    words = ["matchmaker", "check", "--youths", str(tmp_path / "y.csv"), "--wishes",
             str(tmp_path / "w.csv"), "--offers", str(export), "--as-of", "2026-09-15"]  # fmt: skip
    monkeypatch.setattr(sys, "argv", [*words, "--format", "json"] if as_json else words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    out = capsys.readouterr().out
    assert end.value.code == 0
    if as_json:
        assert json.loads(out)["kinds"] == [
            {"source": "lba", "kind": "offer", "count": 40},
            {"source": "lba", "kind": "spontaneous", "count": 1100},
        ]
    else:
        assert out.startswith(
            "Offres gardées, par source et par type\n"
            "  La bonne alternance : Offres 40, Candidatures spontanées 1\u202f100\n"
        )


def test_the_report_begins_with_them_too(result, tmp_path):
    result.save(tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert page.index("Ce que les sources ont donné") < page.index('class="cards"')
    assert '<th scope="row">La bonne alternance</th>' in page


@given(
    label=st.sampled_from([FIRMS, FIRMS.upper(), f" {FIRMS} "]),
    dropped=st.sets(st.sampled_from(["offer", "contract", "is_delegated"])),
    codes=st.lists(st.sampled_from(["D1102", "F1703", "Z9999"]), max_size=3),
    wrapped=st.sampled_from(["items", "jobs", "recruiters", "answers"]),
)
@settings(max_examples=40)
def test_the_label_makes_a_firm_in_whatever_shape(label, dropped, codes, wrapped):
    item = next(items(0, 1)) | {"is_delegated": True}
    item["identifier"]["partner_label"] = label
    item["offer"]["rome_codes"] = codes
    item = {name: value for name, value in item.items() if name not in dropped}
    payload = {"items": [item], "jobs": {"jobs": [item]}, "recruiters": {"recruiters": [item]},
               "answers": [{"jobs": [], "recruiters": [item]}]}[wrapped]  # fmt: skip
    row = offers(Lba(), payload).frame.iloc[0]
    assert (row["kind"], row["expiry_date"], row["contract_type"]) == ("spontaneous", "", "")
    assert row["trade_code"] == ("" if "offer" in dropped else "|".join(codes))
    assert row["employer"] == "Firme 0"
    assert FIRMS not in "".join(row.drop("url")).casefold()


def delegated(i: int, **changes) -> dict:
    item = next(items(1, 0)) | {"is_delegated": True}
    item["identifier"] = {"id": f"d{i}", "partner_label": "Hellowork", "partner_job_id": str(i)}
    item["workplace"] |= {"name": "CFA du Nord", "siret": "13002526500013"}
    item["workplace"]["domain"]["naf"] = {"code": "85.59A", "label": "Formation continue"}
    item["workplace"]["location"]["address"] = "1 place du Théâtre 59000 Lille"
    item["workplace"]["location"]["geopoint"]["coordinates"] = [-4.0975, 47.996]
    item["offer"] |= {"title": "Boulanger (H/F)", "rome_codes": ["D1102"]}
    return item | changes


def test_a_training_centre_is_nobodys_employer(tmp_path):
    path = tmp_path / "lba.json"
    path.write_text(json.dumps([delegated(i) for i in range(4)]), encoding="utf-8")
    result = matchmaker.match(YOUTHS, WISHES, path, as_of=AS_OF)
    lines = result.lists[result.lists["youth_id"] == "Y1"]
    # Four firms, as far as anybody can know, near the home in Quimper: no cap makes them one.
    assert len(lines) == 4
    assert set(lines["employer"]) == {"une entreprise, via CFA du Nord"}
    assert (lines["distance_km"] < 3).all()
    assert set(lines["place"]) == {""}
    clean = load(YOUTHS, WISHES, path, as_of=AS_OF, settings=Settings()).offers
    for name in ("siret", "employer", "naf_code", "postal_code"):
        assert set(clean[name]) == {""}
    assert clean["is_delegated"].all()
    assert set(clean["delegated_by"]) == {"CFA du Nord"}


def test_what_is_kept_of_an_offer_reaches_the_clean_table(tmp_path):
    item = delegated(1, is_delegated=False)
    item["contract"] |= {"duration": 24, "remote": "hybrid"}
    item["workplace"]["size"] = "10-19"
    path = tmp_path / "lba.json"
    path.write_text(json.dumps([item]), encoding="utf-8")
    clean = load(YOUTHS, WISHES, path, as_of=AS_OF, settings=Settings()).offers.iloc[0]
    assert clean[["size", "opco", "duration", "remote", "delegated_by"]].tolist() == [
        "10-19", "OPCO EP", "24", "hybrid", "",
    ]  # fmt: skip
    assert not clean["is_delegated"]


def test_one_bad_item_of_an_export_costs_one_row(tmp_path):
    path = tmp_path / "lba.json"
    texts = [json.dumps(item) for item in items(60, 0)]
    texts[5] = '"text"'
    texts[3] = '{"identifier": nothing}'
    path.write_text(f"[{','.join(texts)}]", encoding="utf-8")
    found = load(YOUTHS, WISHES, path, as_of=AS_OF, settings=Settings())
    assert len(found.offers) == 58
    assert found.rejects[["line", "reason"]].to_numpy().tolist() == [
        [4, "json_damaged"], [6, "item_without_shape"],
    ]  # fmt: skip


def test_the_case_of_the_national_export(shared_data):
    folder = shared_data / "inputs" / "cases" / "s-lba-national-export"
    files = {name: folder / f"{name}.csv" for name in ("youths", "wishes")}
    result = matchmaker.match(**files, offers=folder / "offers.json", as_of=AS_OF)
    lists = result.lists
    assert lists["kind"].tolist() == ["offer"] + ["spontaneous"] * (len(lists) - 1)
    assert result.summary["offers"]["by_source"] == {"lba": {"offer": 1, "spontaneous": 5}}
    assert not lists["title"].str.contains(FIRMS).any()
