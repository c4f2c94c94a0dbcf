"""The orders of others, on a small market whose answers can be seen."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from matchmaker.audit.peer_orders import peer_orders
from matchmaker.settings import Settings
from matchmaker.tables import load

AS_OF = dt.date(2026, 6, 15)
RENNES, CESSON, FOUGERES = ("35000", "Rennes"), ("35510", "Cesson-Sévigné"), ("35300", "Fougères")


def offer(offer_id, code, place, **more):
    return {
        "offer_id": offer_id,
        "title": "x",
        "trade_code": code,
        "postal_code": place[0],
        "place_name": place[1],
        "kind": "offer",
        "contract_type": "apprentissage",
    } | more


def tables(offers, wishes=(("Y1", "1", "D1102|D1104", "CAP Boulanger"),)):
    youths = pd.DataFrame(
        {"youth_id": ["Y1"], "postal_code": [RENNES[0]], "place_name": [RENNES[1]]}
    )
    wished = pd.DataFrame(wishes, columns=["youth_id", "rank", "trade_code", "trade_label"])
    frame = pd.DataFrame(offers).fillna("")
    return load(youths, wished, frame, as_of=AS_OF, settings=Settings())


@pytest.fixture
def made():
    return tables(
        [
            offer("far", "D1102", FOUGERES),
            offer("near", "D1102", CESSON),
            offer("here_late", "D1104", RENNES, expiry_date="2026-09-01"),
            offer("here_soon", "D1102", RENNES, expiry_date="2026-07-01"),
            offer("here_open", "D1102", RENNES),
            offer("other", "F1703", RENNES, expiry_date="2026-12-01"),
            offer("firm", "F1703|D1102", CESSON, kind="spontaneous", contract_type=""),
            offer("job", "D1102", RENNES, kind="job"),
            offer("cdi", "D1102", RENNES, contract_type="CDI"),
            offer("full", "D1102", RENNES, capacity="0"),
            offer("gone", "D1102", RENNES, expiry_date="2026-06-14"),
            offer("filled", "D1102", RENNES, status="filled"),
        ]
    )


def test_exact_codes_within_the_radius_by_distance_then_date(made):
    found = peer_orders(made, ["Y1"], Settings(), as_of=AS_OF)
    search = found.orders["search"]["Y1"]
    assert search[:3] == ["here_late", "here_soon", "here_open"]
    assert set(search[3:]) == {"near", "firm"}
    assert found.orders["search_first"]["Y1"] == [x for x in search if x != "here_late"]
    assert found.orders["distance"]["Y1"][0] == "other"  # whose day is the latest, any trade
    assert set(found.pools["Y1"]) == {*search, "other"}
    assert "search_official" not in found.orders


def test_official_codes_take_the_place_of_those_of_their_wish(made):
    official = {"cap  BOULANGER": ["F1703"]}
    found = peer_orders(made, ["Y1"], Settings(), as_of=AS_OF, official=official)
    assert found.orders["search_official"]["Y1"] == ["other", "firm"]
    kept = peer_orders(made, ["Y1"], Settings(), as_of=AS_OF, official={"CAP Maçon": ["F1703"]})
    assert kept.orders["search_official"] == kept.orders["search"]


def test_a_code_and_its_older_parent_are_the_same():
    # M1855 came of M1805 when the nomenclature was made finer; I1401 has nothing to do with them.
    offers = [offer(code, code, RENNES) for code in ("M1805", "M1855", "I1401")]
    for wished, found in (("M1855", {"M1805", "M1855"}), ("M1805", {"M1805", "M1855"})):
        made = tables(offers, wishes=[("Y1", "1", wished, "")])
        orders = peer_orders(made, ["Y1"], Settings(), as_of=AS_OF).orders
        assert set(orders["search"]["Y1"]) == found


def test_a_youth_who_is_not_asked_for_gets_no_order(made):
    found = peer_orders(made, ["Y2"], Settings(), as_of=AS_OF)
    assert found.pools == {}
