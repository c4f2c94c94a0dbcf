"""Feeds of partners: field by field on samples of our own, and the real ones as offers."""

import datetime as dt
import sys

import pandas as pd
import pytest

import matchmaker
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker_cli import app as cli
from tests.tables.read_by import AS_OF
from tests.tables.samples import SAMPLES, SOURCES

YOUTHS = pd.DataFrame({"youth_id": ["Y1"], "commune_code": ["29232"]})
WISHES = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": ["D1102"]})

FIRST_ROWS = {
    "hellowork": {
        "offer_id": "11", "title": "Boulanger & pâtissier H/F", "postal_code": "29000",
        "place_name": "QUIMPER", "latitude": "47.99", "longitude": "-4.1",
        "contract_type": "Apprentissage", "duration": "24", "employer": "Fournil",
        "siret": "73282932000074", "naf_code": "1071C", "url": "https://example.org/11",
        "remote": "Pas_teletravail", "description": "Cuire\nSoigné",
    },
    "jobteaser": {
        "offer_id": "ab-1", "title": "Alternance - Boulanger", "place_name": "Quimper (Finistere)",
        "start_date": "2023-10-01", "contract_type": "Apprenticeship", "employer": "Fournil",
        "siret": "732829320", "url": "https://example.org/ab-1", "description": "Cuire",
    },
    "laposte": {
        "offer_id": "2023-1", "title": "Alternance Facteur F/H", "postal_code": "29000",
        "place_name": "QUIMPER", "latitude": "47.99", "longitude": "-4.1",
        "contract_type": "Alternance", "duration": "12", "employer": "Poste du Finistère",
        "url": "https://example.org/2023-1", "description": "Porter\nPermis B\nCAP",
    },
    "leboncoin": {
        "offer_id": "9", "title": "ALTERNANCE - Boulanger F/H", "employer": "Fournil",
        "postal_code": "29000", "place_name": "Quimper", "url": "https://example.org/9.htm",
        "contract_type": "Alternance",
        "description": "Résumé\nBoulanger F/H, 29000 Quimper, Alternance, Temps plein.\nCuire",
    },
    "decathlon": {
        "offer_id": "K1", "title": "Vendeur (H/F)", "postal_code": "29000",
        "place_name": "Quimper", "latitude": "47.99", "longitude": "-4.1",
        "contract_type": "Contrat d'apprentissage", "duration": "12-24",
        "employer": "DECATHLON Retail", "url": "https://example.org/K1",
        "description": "Vendre\nSportif",
    },
    "cegid": {
        "offer_id": "2023-9", "title": "Conseiller - 29", "place_name": "Quimper",
        "start_date": "2023-10-01T00:00:00", "contract_type": "CDD", "employer": "DT 29",
        "url": "https://example.org/2023-9", "description": "Informer\nÀ l'aise",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST_ROWS)
def test_field_by_field(name, tmp_path):
    (table,) = SOURCES[name].to_tables(SAMPLES[name].read(tmp_path), as_of=AS_OF)
    row = table.frame.iloc[0]
    assert {k: v for k, v in row.items() if v} == FIRST_ROWS[name] | {
        "kind": "offer", "source": name, "status": "open",
    }  # fmt: skip


def test_a_postal_code_from_abroad_is_none_of_ours(tmp_path):
    (table,) = SOURCES["hellowork"].to_tables(SAMPLES["hellowork"].read(tmp_path), as_of=AS_OF)
    assert table.frame.loc[1, ["postal_code", "place_name", "latitude"]].tolist() == ["", "", ""]


REAL = {
    "decathlon.test.input.json": ("decathlon", 3, {""}),
    "france-travail-cegid-mapper.test.input.json": ("cegid", 1, {"cdd"}),
    "import-france-travail-cegid.test.input.json": ("cegid", 3, {"cdd"}),
    "import-hello-work.test.input.xml": ("hellowork", 5, {"cdi"}),
    "import-jobteaser.test.input.xml": ("jobteaser", 2, {"apprentissage"}),
    "import-laposte.test.input.xml": ("laposte", 2, {""}),
    "import-leboncoin.test.input.csv": ("leboncoin", 2, {""}),
}


@pytest.mark.parametrize("file", REAL)
def test_the_real_feeds_are_read_as_offers(file, shared_data):
    source, count, contracts = REAL[file]
    path = shared_data / "offers" / file
    found = load(YOUTHS, WISHES, path, as_of=dt.date(2025, 11, 25), settings=Settings())
    assert found.kinds.to_numpy().tolist() == [[source, "offer", count]]
    assert set(found.offers["contract_type"]) <= contracts
    # One reference stands twice in one of them, for two posts.
    twice = [[4, "duplicate_id"]] if file.startswith("import-france") else []
    assert found.rejects[["line", "reason"]].to_numpy().tolist() == twice


def test_feeds_of_all_partners_are_pooled_in_one_run(tmp_path):
    paths = [SAMPLES[name].path(tmp_path) for name in FIRST_ROWS]
    result = matchmaker.match(YOUTHS, WISHES.assign(trade_code="D1102|K1705|D1211"), paths,
                              as_of=AS_OF)  # fmt: skip
    assert set(result.summary["offers"]["by_source"]) == set(FIRST_ROWS)
    # Of the ordinary contracts none is offered to anybody.
    shown = set(result.lists["offer_id"])
    assert shown & {"11", "ab-1", "9"}
    assert not shown & {"12", "2023-9"}


def test_the_command_says_that_a_dtd_is_not_read(tmp_path, monkeypatch, capsys):
    YOUTHS.to_csv(tmp_path / "y.csv", index=False)
    WISHES.to_csv(tmp_path / "w.csv", index=False)
    (tmp_path / "o.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    words = ["matchmaker", "check", "--youths", str(tmp_path / "y.csv"), "--wishes",
             str(tmp_path / "w.csv"), "--offers", str(tmp_path / "o.xml")]  # fmt: skip
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        cli.main()
    out = capsys.readouterr().out
    assert end.value.code == 1
    assert "ligne 1 : ce XML contient une DTD" in out


def test_xml_that_no_source_knows_is_told_as_such(tmp_path):
    (tmp_path / "o.xml").write_text("<a><b><c>1</c></b></a>")
    with pytest.raises(matchmaker.MatchmakerError, match="c'est du XML, mais ni"):
        load(YOUTHS, WISHES, tmp_path / "o.xml", as_of=AS_OF, settings=Settings())
