"""Who wishes a common class of 2nde pro leaves the 3e, whatever source the table names."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from matchmaker import Settings, match
from matchmaker.tables import load
from matchmaker.verify import Clean, faults_of_lists

AS_OF = dt.date(2023, 9, 15)
BORN_2006 = {"birth_date": "2006-11-01", "commune_code": "35238"}
YOUTHS = pd.DataFrame([{"youth_id": one, **BORN_2006} for one in ("Y1", "Y2")])
WISHES = pd.DataFrame({
    "youth_id": ["Y1", "Y2"], "rank": "1", "level": "4",
    "trade_label": ["METIERS DE L'AERONAUTIQUE 2NDE COMMUNE", "Bac pro Aéronautique"],
})  # fmt: skip
OFFERS = pd.DataFrame({
    "offer_id": ["O1", "O2"], "title": "Mécanicien avion H/F", "trade_code": "I1602",
    "commune_code": "35238", "contract_type": ["professionnalisation", "apprentissage"],
    "capacity": "5", "employer": ["A", "B"],
})  # fmt: skip


def pairs_of(lists):
    return set(zip(lists["youth_id"], lists["offer_id"], strict=True))


@pytest.mark.parametrize(
    ("contracts", "extra"), [({"affelnet": ["apprentissage"]}, set()), ({}, {("Y1", "O1")})]
)
def test_a_pupil_of_3e_is_shown_an_apprenticeship_alone(contracts, extra):
    settings = Settings(source_contracts=contracts)
    lists = match(youths=YOUTHS, wishes=WISHES, offers=OFFERS, as_of=AS_OF, settings=settings).lists
    assert pairs_of(lists) == {("Y1", "O2"), ("Y2", "O1"), ("Y2", "O2")} | extra


def test_the_check_derives_it():
    everything = Settings(source_contracts={})
    lists = match(
        youths=YOUTHS, wishes=WISHES, offers=OFFERS, as_of=AS_OF, settings=everything
    ).lists
    tables = load(YOUTHS, WISHES, OFFERS, as_of=AS_OF, settings=everything)
    clean = Clean(
        youths=tables.youths, wishes=tables.wishes, offers=tables.offers, sent=None, as_of=AS_OF
    )
    nothing = pd.DataFrame({"youth_id": [], "offer_id": [], "score": [], "rank_in_list": []})
    assert faults_of_lists(lists, nothing, clean, everything).by_rule == {}
    assert faults_of_lists(lists, nothing, clean, Settings()).by_rule == {"procedure": 1}
