"""Offers without a trade: who borrows, what is said of it, what is still left open."""

from __future__ import annotations

import datetime as dt
import sys

import numpy as np
import pandas as pd
import pytest

from matchmaker import match
from matchmaker.settings import Settings
from matchmaker.tables import load

AS_OF = dt.date(2026, 6, 15)
YOUTHS = pd.DataFrame({"youth_id": ["Y1"], "postal_code": ["56000"], "birth_date": ["2008-03-01"]})
WISHES = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": ["M1402"]})
TITLE = "Chargé de mission développement durable"
OFFERS = pd.DataFrame(
    {
        "offer_id": ["A", "B", "C", "D"],
        "title": [TITLE, f"{TITLE} (H/F)", "Zorglub adjoint", "Zorglub adjointe"],
        "trade_code": ["M1402", "", "", "D1299"],
        "postal_code": "56000",
        "description": "",
    }
)


def loaded(offers=OFFERS, **options):
    return load(YOUTHS, WISHES, offers, as_of=AS_OF, settings=Settings(**options))


def counts_of(tables):
    offers = tables.quality[tables.quality["table"] == "offers"]
    return offers.set_index("reason")["count"].to_dict()


def test_a_trade_is_borrowed_and_said():
    tables = loaded()
    offers = tables.offers.set_index("offer_id")
    assert offers.loc["B", ["trade_codes", "trade_how"]].tolist() == ["M1402", "neighbours"]
    assert offers.loc["B", "trade_confidence"] == np.float32(0.8)
    counts = counts_of(tables)
    assert (counts["trade_from_neighbours"], counts["trade_unresolved"]) == (1, 1)
    notes = tables.notes.set_index("reason_code")
    note = notes.loc["trade_from_neighbours", ["verdict", "line", "value", "used"]]
    assert note.tolist() == ["doubt", 2, f"{TITLE} (H/F)", "M1402"]


def test_a_code_newer_than_the_tables_costs_no_offer():
    tables = loaded()
    offer = tables.offers.set_index("offer_id").loc["D"]
    assert (offer["trade_codes"], offer["trade_how"]) == ("", "")
    assert counts_of(tables)["code_not_in_tables"] == 1
    assert not len(tables.rejects)
    # By label where it tells the trade, by neighbours where they do.
    told = OFFERS.assign(title=["Boulanger", "Boulanger", TITLE, TITLE],
                         trade_code=["D1199", "D1102", "M1402", "M1499"])  # fmt: skip
    offers = loaded(told).offers
    assert offers["trade_codes"].tolist() == ["D1102", "D1102", "M1402", "M1402"]
    assert offers["trade_how"].tolist() == ["label", "code", "code", "neighbours"]
    assert "code_not_in_tables" not in counts_of(loaded(told))
    # What has not the form of a code is a fault as before.
    assert loaded(OFFERS.assign(trade_code=["M1402", "", "", "D12"])).rejects["line"].tolist() == [
        4
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": ["spontaneous", "offer", "offer", "offer"], "siret": "12345678200010"},
        {"trade_code": ["Z9999", "", "", ""]},
    ],
)
def test_firms_and_faulty_rows_lend_nothing(change):
    offers = loaded(OFFERS.assign(**change), max_rejected_rows=9).offers.set_index("offer_id")
    assert offers.loc["B", "trade_codes"] == ""


def test_several_files_lend_to_each_other():
    parts = [OFFERS.iloc[:1], OFFERS.iloc[1:]]
    one, other = loaded(), loaded(parts)
    columns = ["offer_id", "trade_codes", "trade_how"]
    pd.testing.assert_frame_equal(one.offers[columns], other.offers[columns])
    turned = loaded(OFFERS.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(one.offers[columns], turned.offers[columns])


def test_the_reason_says_where_the_trade_is_from():
    offers = OFFERS.assign(employer=["Alpha", "Bêta", "Gamma", "Delta"])
    result = match(youths=YOUTHS, wishes=WISHES, offers=offers, as_of=AS_OF)
    reasons = result.lists.set_index("offer_id")["reason"].astype("str")
    borrowed = "(métier repris d'annonces au titre presque identique) : c'est votre vœu"
    assert borrowed in reasons["B"]
    assert "(métier repris" not in reasons["A"]


def test_a_batch_where_nothing_is_near_does_not_load_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert loaded(OFFERS.iloc[[0, 2]]).offers["trade_codes"].tolist() == ["M1402", ""]
    with pytest.raises(ImportError):
        loaded()
