"""An offer that names the wished diploma is for that wish, whatever its code: from files to the check."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from matchmaker import Settings, match
from matchmaker.tables import load
from matchmaker.verify import Clean, faults_of_lists

AS_OF = dt.date(2023, 9, 15)
MCO = "diploma:BTS Management commercial opérationnel"
YOUTHS = pd.DataFrame({"youth_id": ["Y1", "Y2", "Y3"], "commune_code": "35238"})
WISHES = pd.DataFrame({
    "youth_id": ["Y1", "Y2", "Y3"], "rank": "1",
    "trade_label": ["BTS - Services - Management commercial opérationnel", "", "PATISSIER"],
    "trade_code": ["", "M1704", ""],  # one of the official trades of the BTS MCO
    "level": ["5", "5", "3"],
})  # fmt: skip
# Furniture sales (D1212) are no trade of the BTS MCO, and bread sales (D1106) none of pastry cooks'.
OFFERS = pd.DataFrame({
    "offer_id": ["O1", "O2", "O3", "O4"],
    "title": ["Alternance BTS MCO - Vendeur literie", "Vendeur literie H/F", "Vendeur literie H/F",
              "Vendeuse en boulangerie (CAP Pâtissier)"],
    "trade_code": ["D1212", "D1212", "D1212", "D1106"],
    "description": ["", "Titulaire d'un BTS MCO.", "Vous préparez le BTS MCO.", ""],
    "commune_code": "35238",
    "contract_type": "apprentissage",
})  # fmt: skip
TABLES = {"youths": YOUTHS, "wishes": WISHES, "offers": OFFERS}


@pytest.fixture(scope="module")
def lists():
    return match(**TABLES, as_of=AS_OF).lists


@pytest.fixture(scope="module")
def clean():
    tables = load(YOUTHS, WISHES, OFFERS, as_of=AS_OF, settings=Settings())
    return Clean(
        youths=tables.youths, wishes=tables.wishes, offers=tables.offers, sent=None, as_of=AS_OF
    )


def of_diplomas(lists):
    return lists[lists["trade_code"].astype("str").str.startswith("diploma:")]


def test_who_wishes_the_diploma_gets_it_and_nobody_else(lists):
    named = of_diplomas(lists)
    pairs = list(zip(named["youth_id"], named["offer_id"], named["trade_code"], strict=True))
    assert sorted(pairs) == [
        ("Y1", "O1", MCO), ("Y1", "O3", MCO), ("Y3", "O4", "diploma:CAP Pâtissier")
    ]  # fmt: skip
    assert (named["wish_code"].astype("str") == named["trade_code"].astype("str")).all()
    assert (named["points_trade"] == 300_000).all()
    furniture = lists["offer_id"].isin(["O1", "O2", "O3"])
    assert set(lists["offer_id"][furniture]) == {"O1", "O3"}
    assert set(lists["youth_id"][furniture]) == {"Y1"}


def test_the_reason_says_that_the_offer_names_it(lists):
    first, second, last = of_diplomas(lists)["reason"]
    assert first.startswith(
        "BTS Management commercial opérationnel : l'annonce nomme ce diplôme, et c'est votre vœu. "
    )
    assert second.split(". ")[0] == first.split(". ")[0]
    assert last.startswith("CAP Pâtissier : l'annonce nomme ce diplôme, et c'est votre vœu. ")


def faults(lists, clean, **changes):
    offers = clean.offers.assign(**changes)
    nothing = pd.DataFrame({"youth_id": [], "offer_id": [], "score": [], "rank_in_list": []})
    its = Clean(
        youths=clean.youths, wishes=clean.wishes, offers=offers, sent=None, as_of=clean.as_of
    )
    return set(faults_of_lists(lists, nothing, its, Settings()).by_rule)


def test_the_check_derives_it_from_the_words_that_were_kept(lists, clean):
    assert faults(lists, clean) == set()
    assert faults(lists, clean, diploma_words="Vendeur") == {"diploma"}
    assert faults(lists, clean, title="Alternance") == {"diploma"}  # not where it is of the text
    assert "trade_code" in faults(lists, clean, diplomas="")
