"""Exports that are old, sources that fell silent, numbers that are no key: said, not guessed."""

import datetime as dt
import json
import logging
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import UsageError
from matchmaker.runs import stages
from matchmaker.runs.before import sources_before
from matchmaker.runs.inputs import inputs_of
from matchmaker.runs.setup import setup_of
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.freshness import days_in, silent_sources

YOUTHS = pd.DataFrame({"youth_id": ["Y1"], "postal_code": ["29000"]})
WISHES = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": ["D1102"]})
AS_OF = dt.date(2026, 9, 15)


def offers(**columns):
    rows = len(next(iter(columns.values()))) if columns else 1
    return pd.DataFrame(
        {
            "offer_id": [f"O{n}" for n in range(rows)],
            "trade_code": ["D1102"] * rows,
            "postal_code": ["29000"] * rows,
            **columns,
        }
    )


def lba(tmp_path, day):
    item = {
        "identifier": {"id": "a1"},
        "workplace": {"location": {"address": "1 rue Haute 29000 Quimper"}},
        "offer": {"title": "Boulanger", "publication": {"creation": f"{day}T08:00:00.000Z"}},
    }
    file = tmp_path / "lba.json"
    file.write_text(json.dumps({"jobs": [item], "recruiters": []}), encoding="utf-8")
    return file


def read(given, **changes):
    settings = replace(Settings(), **changes)
    return load(YOUTHS, WISHES, given, as_of=AS_OF, settings=settings)


@pytest.mark.parametrize(("day", "is_old"), [("2026-09-01", False), ("2026-08-31", True)])
def test_an_export_older_than_the_setting_is_said(tmp_path, day, is_old):
    tables = read(lba(tmp_path, day))
    assert [alert.reason for alert in tables.alerts] == ["export_old"] * is_old
    assert (tables.quality["reason"] == "export_old").any() == is_old
    assert read(lba(tmp_path, day), max_export_days=400).alerts == ()


def test_the_days_of_a_plain_table_are_those_of_its_columns():
    old = read(offers(**{"date de mise à jour": ["01/03/2026", "2026-04-02"]}))
    assert "2026-04-02" in old.alerts[0].sentence("fr")
    assert "166 jours" in old.alerts[0].sentence("fr")
    assert read(offers(updated_at=["2026-03-01", "2026-09-15 03:00"])).alerts == ()
    assert read(offers()).alerts == ()


def test_a_day_after_the_run_does_not_make_an_export_new():
    assert len(read(offers(updated_at=["2026-03-01", "2099-01-01"])).alerts) == 1


@given(st.lists(st.dates(), max_size=5), st.lists(st.sampled_from(["", "hier", "2026-13-01"])))
def test_days_are_found_in_either_form_and_nothing_else_is_one(days, others):
    texts = [f"{day.day:02}/{day.month:02}/{day.year:04}" for day in days] + others
    assert days_in(texts) == tuple(sorted({day.isoformat() for day in days}))


def test_a_source_that_gave_rows_and_gives_none_is_said_with_its_kind():
    now = pd.DataFrame({"source": ["neutral"], "kind": ["spontaneous"], "count": [5]})
    before = {"lba": {"offer": 2, "spontaneous": 1}, "neutral": {"offer": 4, "spontaneous": 5}}
    said = [
        issue.sentence("fr").partition(" Vérifiez")[0]
        for issue in silent_sources(before, now, "fr")
    ]
    whole = "cette source ne donne rien aujourd'hui ; au calcul précédent, elle donnait 3 lignes."
    kind = (
        "cette source ne donne rien du type « Offres » aujourd'hui ; au calcul précédent, elle en"
    )
    assert said == [f"La bonne alternance : {whole}", f"table neutre : {kind} donnait 4."]
    assert silent_sources({"neutral": {"spontaneous": 900}}, now, "fr") == []


def test_it_is_said_when_the_files_are_read_and_before_anything_is_computed(tmp_path, caplog):
    (tmp_path / "summary.json").write_text(
        json.dumps({"offers": {"by_source": {"lba": {"offer": 7}}}}), encoding="utf-8"
    )
    inputs = inputs_of(YOUTHS, WISHES, offers(updated_at=["2026-03-01"]), as_of=AS_OF)
    inputs = replace(inputs, before=sources_before(tmp_path))
    with caplog.at_level(logging.WARNING, logger="matchmaker"):
        stages.read(inputs, setup_of(Settings()))
    assert [record.getMessage().split(" : ")[0] for record in caplog.records] == [
        "DataFrame offers", "La bonne alternance",
    ]  # fmt: skip


def test_a_folder_without_a_summary_is_no_earlier_run(tmp_path):
    with pytest.raises(UsageError, match=r"summary\.json"):
        sources_before(tmp_path)
    (tmp_path / "summary.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError):
        sources_before(tmp_path)
    (tmp_path / "summary.json").write_text('{"offers": 3}', encoding="utf-8")
    assert sources_before(tmp_path / "summary.json") == {}


def test_a_real_siret_that_is_no_key_is_said():
    several = offers(siret=["73282932000074"] * 3, employer=["Pain Blanc", "Garage Leroy", "Zoo"])
    head_office = offers(
        siret=["73282932000074"] * 2, employer=["Zoo"] * 2, postal_code=["29000", "35000"]
    )
    fine = offers(siret=["73282932000074"] * 2, employer=["Zoo", "Zoo de l'Ouest"])
    for given_offers, reason, count in (
        (several, "siret_of_several_firms", 3),
        (head_office, "siret_of_several_communes", 2),
        (fine, "", 0),
    ):
        tables = read(given_offers)
        of_siret = tables.quality[tables.quality["reason"].str.startswith("siret_of")]
        assert dict(zip(of_siret["reason"], of_siret["count"], strict=True)) == (
            {reason: count} if reason else {}
        )
        assert (tables.notes["reason_code"] == reason).sum() == count


def test_a_centre_whose_name_is_damaged_is_not_shown():
    delegated = offers(
        is_delegated=["oui"] * 2, delegated_by=["CFA du b\ufffdtiment", "CFA de la MÃ©tallurgie"]
    )
    assert read(delegated).offers["delegated_by"].tolist() == ["", "CFA de la Métallurgie"]
