"""Odd files of the kinds "label as place", "level", "flag" and "contract", through the program."""

import datetime as dt
import json
import sys

import pandas as pd
import pytest

import matchmaker
from matchmaker_cli import app as cli

AS_OF = dt.date(2026, 9, 15)


@pytest.fixture
def case(shared_data):
    """Run a case through the library."""

    def run(name, offers="offers.csv", as_of=AS_OF):
        folder = shared_data / "inputs" / "cases" / name
        return matchmaker.match(
            folder / "youths.csv", folder / "wishes.csv", folder / offers, as_of=as_of
        )

    return run


def check(folder, monkeypatch, capsys, as_of="2026-09-15"):
    """Return the faults and counts that the command names."""
    words = ["matchmaker", "check", "--as-of", as_of, "--format", "json"]
    for name in ("youths", "wishes", "offers"):
        words += [f"--{name}", str(next(iter(folder.glob(f"{name}.*"))))]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit):
        cli.main()
    return json.loads(capsys.readouterr().out)


def test_no_place_is_made_of_a_department(case, shared_data, monkeypatch, capsys):
    result = case("p-lba4707-ft-json", offers="offers.json")
    assert set(result.lists["offer_id"]) == {"G98"}
    assert set(result.lists["youth_id"]) == {"G99"}
    answer = check(shared_data / "inputs" / "cases" / "p-lba4707-ft-json", monkeypatch, capsys)
    assert answer["faults"] == []
    assert [(row["count"], row["example_line"]) for row in answer["quality"]
            if row["reason"] == "no_place"] == [(3, 1)]  # fmt: skip


@pytest.mark.parametrize("label", ["29 - QUIMPER", "29 - Quimper", "29 - QUIMPER CEDEX"])
def test_a_label_alone_places_an_offer_where_it_names_a_commune(tmp_path, label):
    offer = {"id": "1", "intitule": "Boulanger (H/F)", "romeCode": "D1102", "alternance": True,
             "natureContrat": "E2", "lieuTravail": {"libelle": label}}  # fmt: skip
    (tmp_path / "ft.json").write_text(json.dumps({"resultats": [offer]}), encoding="utf-8")
    youths = pd.DataFrame({"youth_id": ["Y1"], "commune_code": ["29232"]})
    wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": ["D1102"]})
    result = matchmaker.match(youths, wishes, tmp_path / "ft.json", as_of=AS_OF)
    assert result.lists[["place", "kind"]].to_numpy().tolist() == [["Quimper", "offer"]]


def test_the_level_of_la_bonne_alternance(case):
    as_of = dt.date(2023, 9, 15)
    result = case("c-offer-level-lba", as_of=as_of)
    line = result.lists[(result.lists["youth_id"] == "Y001") & (result.lists["offer_id"] == "O001")]
    # As many points for the level as a line whose offer has the plain number.
    other = result.lists[
        (result.lists["youth_id"] == "Y002") & (result.lists["offer_id"] == "O002")
    ]
    assert line["points_level"].tolist() == other["points_level"].tolist()


def test_who_has_a_vehicle_goes_further(case, shared_data, monkeypatch, capsys):
    result = case("s-is-mobile-spellings")
    served = set(result.lists.loc[result.lists["offer_id"] == "E01", "youth_id"])
    assert served >= {"J01", "J02", "J03", "J06", "J08", "J09"}
    assert served.isdisjoint({"J04", "J05", "J07"})
    answer = check(shared_data / "inputs" / "cases" / "s-is-mobile-spellings", monkeypatch, capsys)
    assert {
        (row["reason"], row["count"]) for row in answer["quality"] if row["column"] == "is_mobile"
    } >= {("unclear_flag", 1)}


def test_a_denied_apprenticeship_is_sent_to_nobody(case, shared_data, monkeypatch, capsys):
    result = case("s-contract-negated")
    assert set(result.lists["offer_id"]) == {"G98"}
    answer = check(shared_data / "inputs" / "cases" / "s-contract-negated", monkeypatch, capsys)
    assert [
        row["count"] for row in answer["quality"] if row["reason"] == "other_contract"
    ] == [2]  # fmt: skip
