"""Offers that a flag leaves out: in no list and no figure, and yet a reason that can be true."""

from __future__ import annotations

import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings
from matchmaker.tables import load
from tests.worlds import AS_OF

YOUTHS = pd.DataFrame({"youth_id": ["Y1"], "commune_code": "35238", "max_distance_km": "30"})
WISHES = pd.DataFrame({"youth_id": ["Y1"], "rank": "1", "trade_code": "D1102"})
OFFERS = pd.DataFrame({
    "offer_id": ["sound", "unlawful", "far"], "trade_code": "D1102", "employer": "Pain",
    "title": "Boulanger en apprentissage", "commune_code": ["35238", "35238", "13055"],
    "description": ["", "Femmes uniquement", ""],
})  # fmt: skip
UNLAWFUL = OFFERS[OFFERS["offer_id"] != "sound"]


def run(offers, settings=Settings()):  # noqa: B008 - frozen, so sharing the default is safe
    return matchmaker.match(YOUTHS, WISHES, offers, as_of=AS_OF, settings=settings)


def test_a_flagged_offer_stays_in_the_table():
    tables = load(YOUTHS, WISHES, OFFERS, as_of=AS_OF, settings=Settings())
    flags = dict(zip(tables.offers["offer_id"], tables.offers["flags"], strict=True))
    assert flags == {"sound": "", "unlawful": "discriminatory", "far": ""}
    assert tables.offers.index.tolist() == [0, 1, 2]
    assert tables.flagged.to_dict("records") == [
        {"offer_id": "unlawful", "flags": "discriminatory", "is_left_out": True}
    ]


def test_it_stands_in_no_list_and_counts_as_not_open():
    result = run(OFFERS)
    assert set(result.lists["offer_id"]) == {"sound"}
    offers = result.summary["offers"]
    assert (offers["read"], offers["open"], offers["seats"]) == (3, 2, 2)
    assert offers["by_kind"]["offer"]["open"] == 2
    counted = matchmaker.dry_run(YOUTHS, WISHES, OFFERS, as_of=AS_OF)["offers"]
    assert counted == {"takes_part": 2, "flagged": 1}


def test_the_flag_is_the_reason_where_lifting_it_gives_a_candidate():
    assert run(UNLAWFUL).unserved["reason_code"].tolist() == ["flagged"]
    far = OFFERS[OFFERS["offer_id"] == "far"]
    assert run(far).unserved["reason_code"].tolist() == ["out_of_reach"]


@pytest.mark.parametrize("flags", [(), ("nameless",)])
def test_flags_that_leave_nothing_out_are_only_listed(flags):
    result = run(UNLAWFUL, Settings(leave_out_flags=flags))
    assert set(result.lists["offer_id"]) == {"unlawful"}
    assert not result.flagged["is_left_out"].any()
