"""SIRET and repeats from the file to the lists: by the command and through the library."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from pathlib import Path

import pandas as pd
import pytest

import matchmaker
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker_cli import app as cli

CASES = Path(__file__).resolve().parents[1] / "../shared/data/inputs/cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the repository")

DAY = "2026-09-15"
YOUTHS = {"youth_id": ["J1"], "birth_date": ["2008-03-01"], "postal_code": ["29000"],
          "level": ["3"], "max_distance_km": ["30"]}  # fmt: skip
WISHES = {"youth_id": ["J1"], "rank": ["1"], "trade_code": ["D1102"], "trade_label": ["Boulanger"],
          "region_code": ["53"]}  # fmt: skip
OFFER = {"title": "Apprenti boulanger", "trade_code": "D1102", "postal_code": "29000", "level": "3",
         "capacity": "1", "start_date": "2026-10-01", "expiry_date": "2026-12-31",
         "contract_type": "apprentissage"}  # fmt: skip


def offers_of(*rows):
    """Offers of one town, each of a firm of its own but for what its row says."""
    return pd.DataFrame([
        OFFER | {"offer_id": f"E{k}", "employer": f"Firme {k}", "siret": ""} | row
        for k, row in enumerate(rows)
    ]).astype("str")  # fmt: skip


def tables_of(*offers):
    return load(pd.DataFrame(YOUTHS), pd.DataFrame(WISHES), offers,
                as_of=dt.date.fromisoformat(DAY), settings=Settings())  # fmt: skip


def lines_of(folder, offers, tmp_path, monkeypatch):
    """Offers in the list of the first youth, by the command and through the library."""
    files = {name: folder / f"{name}.csv" for name in ("youths", "wishes")}
    result = matchmaker.match(**files, offers=offers, as_of=DAY)
    lists = result.lists
    ours = lists.loc[lists["youth_id"].str.startswith("J"), "offer_id"].astype("str").tolist()
    words = ["matchmaker", "match", "--as-of", DAY, "--out", str(tmp_path / "out")]
    for name, file in [*files.items(), *(("offers", one) for one in offers)]:
        words += [f"--{name}", str(file)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    with (tmp_path / "out" / "lists.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row["offer_id"] for row in csv.DictReader(stream) if row["youth_id"][0] == "J"]
    assert rows == ours
    return ours, result


def by_command_and_library(offers, tmp_path, monkeypatch):
    for name, table in (("youths", YOUTHS), ("wishes", WISHES)):
        pd.DataFrame(table).to_csv(tmp_path / f"{name}.csv", index=False)
    offers.to_csv(tmp_path / "offers.csv", index=False)
    return lines_of(tmp_path, [tmp_path / "offers.csv"], tmp_path, monkeypatch)


def counted(quality):
    return dict(zip(quality["reason"], quality["count"], strict=True))


@needs_cases
@pytest.mark.parametrize(
    ("case", "lines", "reason", "count"),
    [
        ("s-siret-dummy", 7, "siret_invalid", 7),
        ("s-siret-forms-one-firm", 3, "siret_form", 4),
        ("s-siret-placeholder-words", 7, "siret_invalid", 7),
        ("s-two-sources-placeholder-siret", 6, "siret_invalid", 6),
        ("p-lba3626-same-offer-six-times", 1, "pooled_by_repeat", 5),
    ],
)
def test_the_odd_files_are_read_as_their_pages_say(
    case, lines, reason, count, tmp_path, monkeypatch
):
    offers = sorted((CASES / case).glob("offers*.csv"))
    ours, result = lines_of(CASES / case, offers, tmp_path, monkeypatch)
    assert len(ours) == lines
    assert counted(result.quality)[reason] == count
    assert result.rejects.empty


@pytest.mark.parametrize("written", ["00000000000000", "EN COURS", "3,56E+13", "11122233344455",
                                     "99999999999999", "00000000000001"])  # fmt: skip
def test_a_number_of_nobody_makes_no_firm_of_seven(written, tmp_path, monkeypatch):
    offers = offers_of(*[{"siret": written}] * 7)
    ours, result = by_command_and_library(offers, tmp_path, monkeypatch)
    assert len(ours) == 7
    said = {"siret_invalid", "siret_damaged", "siret_made_up"} & set(result.quality["reason"])
    assert [counted(result.quality)[reason] for reason in said] == [7]


def test_spellings_of_one_number_are_one_firm(tmp_path, monkeypatch):
    spellings = ["73282932000074", "732 829 320 00074", "73282932000074.0", "732.829.320.00074",
                 "732\N{NO-BREAK SPACE}829\N{NO-BREAK SPACE}320-00074", "732829320"]  # fmt: skip
    offers = offers_of(*({"siret": text} for text in spellings))
    ours, _ = by_command_and_library(offers, tmp_path, monkeypatch)
    assert len(ours) == Settings().lines_per_employer == 3


def test_a_notice_published_six_times_is_one_line(tmp_path, monkeypatch):
    again = {"employer": "La Poste", "siret": "35600000009075", "title": "Facteur en alternance"}
    ours, result = by_command_and_library(offers_of(*[again] * 6, {}), tmp_path, monkeypatch)
    assert sorted(ours) == ["E0", "E6"]
    assert result.pooled["offer_id"].tolist() == ["E1", "E2", "E3", "E4", "E5"]
    assert set(result.pooled["kept_offer_id"]) == {"E0"}


def test_what_is_no_siret_is_cleared_and_named_and_its_row_stays():
    siret = ["73282932000074", "732829320", "3,56E+13", "EN COURS", "-", "00000000100010", ""]
    tables = tables_of(offers_of(*({"siret": text} for text in siret)))
    assert tables.offers["siret"].tolist() == [*siret[:2], "", "", "", siret[5], ""]
    quality = tables.quality[tables.quality["column"] == "siret"]
    assert dict(zip(quality["reason"], quality["example_line"], strict=True)) == {
        "siret_is_siren": 2, "siret_damaged": 3, "siret_invalid": 4, "written_as_missing": 5,
        "siret_made_up": 6,
    }  # fmt: skip
    assert (quality["count"] == 1).all()


def test_made_up_numbers_are_nothing_to_say_of_made_up_rows():
    offers = offers_of({"siret": "00000000100010"}).assign(source="synthetic")
    assert "siret_made_up" not in set(tables_of(offers).quality["reason"])


@pytest.mark.parametrize(
    ("start", "expiry", "is_named"),
    [
        ("2023-09-01", "", True),
        ("2025-09-14", "", True),
        ("2025-09-15", "", False),
        ("2023-09-01", "2026-12-31", False),
        ("2026-09-01", "", False),
        ("", "", False),
    ],
)
def test_an_offer_that_started_long_ago_is_kept_and_named(start, expiry, is_named):
    tables = tables_of(offers_of({"start_date": start, "expiry_date": expiry}))
    assert len(tables.offers) == 1
    named = counted(tables.quality).get("start_long_past", 0)
    assert named == int(is_named)


def test_pooled_and_flagged_have_their_columns_where_they_have_no_rows():
    tables = tables_of(offers_of({}))
    assert list(tables.pooled.columns) == ["offer_id", "source", "kept_offer_id", "kept_source",
                                           "evidence", "likeness"]  # fmt: skip
    assert list(tables.flagged.columns) == ["offer_id", "flags", "is_left_out"]
    assert tables.pooled.empty
    assert tables.flagged.empty
