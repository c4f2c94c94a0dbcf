"""A department or a region as place: from the cell to the list, its words, its order, the check."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from matchmaker import Settings, match
from matchmaker.tables import load
from matchmaker.verify import Clean, faults_of_lists

AS_OF = dt.date(2023, 9, 15)
YOUTHS = pd.DataFrame({"youth_id": ["Y1", "Y2"], "commune_code": ["35238", "44109"]})
WISHES = pd.DataFrame({"youth_id": ["Y1", "Y2"], "rank": "1", "trade_code": "D1102"})
OFFERS = pd.DataFrame({
    "offer_id": ["O1", "O2", "O3", "O4", "O5", "O6"],
    "title": "Boulanger H/F",
    "trade_code": "D1102",
    "place_name": ["35 - Ille-et-Vilaine", "Bretagne", "Finistère", "Rennes", "Alsace", "Région Sud"],
    "contract_type": "apprentissage",
    "employer": ["A", "B", "C", "D", "E", "F"],
})  # fmt: skip
IN_RENNES = [
    ("O4", "none", "se trouve dans votre commune (Rennes)."),
    ("O1", "place", "se trouve dans votre département (Ille-et-Vilaine ; lieu précis non donné)."),
    ("O2", "place", "se trouve dans votre région (Bretagne ; lieu précis non donné)."),
    ("O3", "place", "se trouve dans votre région (Finistère ; lieu précis non donné)."),
]


@pytest.fixture(scope="module")
def result():
    settings = Settings(max_rejected_rows=6)
    return match(youths=YOUTHS, wishes=WISHES, offers=OFFERS, as_of=AS_OF, settings=settings)


@pytest.fixture(scope="module")
def clean():
    settings = Settings(max_rejected_rows=6)
    tables = load(YOUTHS, WISHES, OFFERS, as_of=AS_OF, settings=settings)
    return Clean(
        youths=tables.youths, wishes=tables.wishes, offers=tables.offers, sent=None, as_of=AS_OF
    )


def test_it_is_kept_in_the_region_and_stands_last(result):
    lists = result.lists
    assert set(lists["youth_id"]) == {"Y1"}  # nobody beyond the region
    told = zip(lists["offer_id"], lists["doubt"], lists["reason"], strict=True)
    found = {one: (doubt, reason) for one, doubt, reason in told}
    assert list(found)[:2] == ["O4", "O1"]  # of one's own department before others
    assert set(found) == {one for one, _, _ in IN_RENNES}
    for one, doubt, words in IN_RENNES:
        assert found[one][0] == doubt
        assert found[one][1].endswith(words)
    assert lists["distance_km"].isna().tolist() == [False, True, True, True]
    assert lists["in_region"].all()
    assert result.summary["lines"]["distance_unknown"] == 3


def test_the_notes_say_so_and_what_is_no_place_is_rejected(result):
    notes = result.notes
    doubted = notes[notes["verdict"].eq("doubt") & notes["column"].eq("place_name")]
    told = sorted(zip(doubted["reason_code"], doubted["line"], strict=True))
    assert told == [("departement", 1), ("departement", 3), ("region", 2), ("region", 6)]
    assert result.rejects["value"].tolist() == ["Alsace"]  # a part of a region of today


def test_a_home_needs_a_commune():
    youths = YOUTHS.drop(columns="commune_code").assign(
        place_name=["35 - Ille-et-Vilaine", "Nantes"]
    )
    tables = load(youths, WISHES, OFFERS, as_of=AS_OF, settings=Settings(max_rejected_rows=6))
    rejects = tables.rejects
    assert rejects[rejects["table"].eq("youths")]["reason"].tolist() == ["departement"]


def faults(lists, clean, **changes):
    nothing = pd.DataFrame({"youth_id": [], "offer_id": [], "score": [], "rank_in_list": []})
    its = Clean(
        youths=clean.youths, wishes=clean.wishes, offers=clean.offers.assign(**changes), sent=None,
        as_of=clean.as_of,
    )  # fmt: skip
    settings = Settings()
    return set(faults_of_lists(lists, nothing, its, settings).by_rule)


def test_the_check_derives_it(result, clean):
    lists = result.lists
    assert faults(lists, clean) == set()
    assert faults(lists.assign(distance_km=np.float64(12)), clean) == {"distance"}
    assert {"reach", "in_region"} <= faults(lists, clean, region_code="52")
    assert "reach" in faults(lists, clean, region_code="")
    doubt = lists["doubt"].astype("str").replace("place", "none")
    assert "doubt" in faults(lists.assign(doubt=doubt), clean)
