"""Optional criteria in a whole run: what they change, what is printed of it, what is checked."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

import matchmaker
from matchmaker.errors import CheckError
from matchmaker.report.text import text_report
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.verify import Clean, check_lists

AS_OF = dt.date(2023, 9, 15)
# Both want the one seat; B has it as a first wish, A as a second one.
YOUTHS = pd.DataFrame(
    {"youth_id": ["A", "B"], "commune_code": "29232", "birth_date": "2006-05-02",
     "training_started_on": ["2023-06-20", ""], "has_rqth": ["oui", "non"],
     "driving_licence": ["non", "oui"]}
)  # fmt: skip
WISHES = pd.DataFrame(
    {"youth_id": ["A", "A", "B"], "rank": ["1", "2", "1"],
     "trade_code": ["M1607", "D1102", "D1102"]}
)  # fmt: skip
OFFERS = pd.DataFrame(
    {"offer_id": ["O"], "title": ["Boulanger (H/F)"], "trade_code": ["D1102"],
     "commune_code": ["29232"], "capacity": ["1"], "hiring_chance": ["0.8"],
     "answer_rate": [""], "welcomes_disabled": ["oui"], "licence_asked": ["exigé"]}
)  # fmt: skip


def run(**weights):
    settings = Settings(lists_per_seat=1, lang="en", weights=weights)
    frames = (YOUTHS.copy(), WISHES.copy(), OFFERS.copy())
    return matchmaker.match(*frames, as_of=AS_OF, settings=settings)


@pytest.mark.parametrize("name", ["days_left", "welcomes_disabled"])
def test_the_seat_goes_to_whom_the_criterion_favours_and_that_is_printed(name):
    assert run().lists["youth_id"].tolist() == ["B"]
    result = run(**{name: 20})
    assert result.lists["youth_id"].tolist() == ["A"]
    effect = result.summary["effects"][name]
    b_alone, a_alone = run().lists["score"][0], run(trade=30).lists["score"][0]
    assert a_alone == b_alone  # without the criterion, nothing of it is left in a score
    assert effect == {
        "youths": 1,
        "lines_changed": 1,
        "favoured": {
            "with": {"served": 1, "lines": 1, "mean_score": float(b_alone - 14_000)},
            "without": {"served": 0, "lines": 0, "mean_score": None},
        },
        "others": {
            "with": {"served": 0, "lines": 0, "mean_score": None},
            "without": {"served": 1, "lines": 1, "mean_score": float(b_alone)},
        },
    }
    json.dumps(result.summary)
    printed = text_report(result.summary, "en")
    assert f"Youths favoured by {name}" in printed
    assert "1 (without this criterion: 0)" in printed
    assert "– (without this criterion: " in printed


def test_a_run_without_them_says_nothing_of_them():
    result = run(hiring_chance=10)  # favours no youth: nothing to measure
    assert "effects" not in result.summary
    assert "points_hiring_chance" in result.lists
    plain = run()
    assert "effects" not in plain.summary
    assert not [name for name in plain.lists if "hiring" in name or "days" in name]
    assert not set(plain.manifest["settings"]["weights"]) & {"hiring_chance", "days_left"}


def test_rqth_changes_nothing_until_the_criterion_is_switched_on():
    flipped = YOUTHS.assign(has_rqth=["non", "oui"])
    for weights in ({}, {"days_left": 20}, {"hiring_chance": 20, "driving_licence": 20}):
        settings = Settings(lists_per_seat=1, weights=weights)
        one, other = (
            matchmaker.match(youths, WISHES, OFFERS, as_of=AS_OF, settings=settings)
            for youths in (YOUTHS, flipped)
        )
        pd.testing.assert_frame_equal(one.lists, other.lists)
        pd.testing.assert_frame_equal(one.unserved, other.unserved)


def test_the_check_refuses_points_that_do_not_add_up():
    names = ("hiring_chance", "answer_rate", "driving_licence", "welcomes_disabled", "days_left")
    result = run(**dict.fromkeys(names, 10))  # the run's own check has passed
    tables = load(YOUTHS, WISHES, OFFERS, as_of=AS_OF, settings=result.settings)
    clean = Clean(youths=tables.youths, wishes=tables.wishes, offers=tables.offers, sent=None,
                  as_of=AS_OF)  # fmt: skip
    check_lists(result.lists, result.assignment, clean, result.settings)
    for name in names:
        column = f"points_{name}"
        for wrong in (result.lists[column] + 1, result.lists[column] * 0 + 100_001):
            lists = result.lists.assign(**{column: wrong})
            with pytest.raises(CheckError):
                check_lists(lists, result.assignment, clean, result.settings)
