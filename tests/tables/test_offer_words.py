"""What words of offers add to their tables: beside what is given, never in its place."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from matchmaker.settings import Settings
from matchmaker.tables import load

AS_OF = dt.date(2026, 6, 15)


def loaded(*offers):
    youths = pd.DataFrame({"youth_id": ["Y"], "commune_code": ["35238"]}, dtype="str")
    wishes = pd.DataFrame({"youth_id": ["Y"], "rank": ["1"], "trade_code": ["D1102"]}, dtype="str")
    frame = pd.DataFrame(
        [
            {"offer_id": f"O{i}", "trade_code": "D1102", "commune_code": "35238"} | offer
            for i, offer in enumerate(offers)
        ],
        dtype="str",
    ).fillna("")
    return load(youths, wishes, frame, as_of=AS_OF, settings=Settings())


def test_what_is_given_stands_and_what_is_read_is_counted():
    tables = loaded(
        {"title": "Boulanger CAP", "description": "Début : septembre 2026. Bac+5."},
        {"title": "Boulanger", "description": "BP ou BTS. Contrat dès octobre."},
        {"title": "Boulanger", "description": "BTS, en septembre", "level": "3",
         "start_date": "2026-10-01"},
        {"title": "Boulangerie", "description": "BTS", "kind": "spontaneous"},
    )  # fmt: skip
    offers = tables.offers
    assert offers["level"].tolist() == [0, 0, 3, 0]
    assert offers["levels_read"].tolist() == ["3", "4|5", "", ""]
    assert offers["level_how"].tolist() == ["title", "text", "", ""]
    assert offers["level_words"].tolist() == ["CAP", "BP ou BTS", "", ""]
    assert offers["start_how"].tolist() == ["month", "month", "", ""]
    assert offers["start_read"].dt.month.tolist()[:2] == [9, 10]
    assert offers["start_read"].isna().tolist() == [False, False, True, True]
    assert offers["start_date"].isna().tolist() == [True, True, False, True]
    counts = tables.quality.set_index("reason")["count"]
    assert counts[["level_from_title", "level_from_text", "start_from_text"]].tolist() == [1, 1, 2]


def test_several_levels_in_their_own_column_go_before_the_title():
    title = {"title": "Boulanger CAP"}
    tables = loaded(
        title | {"level": "Bac+2 à Bac+5"}, title | {"level": "CAP ou Bac pro"},
        title | {"level": "NV4"}, title | {"level": "???"}, title | {"level": "5"},
    )  # fmt: skip
    assert tables.offers["level"].tolist() == [0, 0, 0, 0, 5]
    assert tables.offers["levels_read"].tolist() == ["5|6|7", "3|4", "3", "3", ""]
    assert tables.offers["level_how"].tolist() == ["cell", "cell", "title", "title", ""]
    assert "level_cell" not in tables.offers


def test_nothing_to_read_is_no_finding():
    tables = loaded({"title": "Boulanger"})
    assert not tables.quality["reason"].str.contains("_from_t").any()
    assert tables.offers["levels_read"].tolist() == [""]
