"""A wave that came back: dead addresses leave their offers free, and nobody is sent a line twice."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker.candidates.market import build_market
from matchmaker.lists.earlier import FREED, remembered_lines
from matchmaker.settings import Settings
from matchmaker.tables import load

AS_OF = dt.date(2023, 9, 15)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waves")
    return matchmaker.generate(youths=40, offers=300, out=folder / "in", regions=["Bretagne"])


def matched(made, **given):
    return matchmaker.match(made["youths"], made["wishes"], made["offers"], as_of=AS_OF, **given)


def test_lines_that_reached_nobody_are_remembered_and_take_no_place(made, tmp_path):
    first = matched(made)
    lines = first.lists[["youth_id", "offer_id"]].reset_index(drop=True)
    dead = lines["youth_id"] == lines["youth_id"].iloc[0]
    wave = tmp_path / "wave.csv"
    lines.assign(state="written").to_csv(wave, index=False)
    back = tmp_path / "back.csv"
    lines[dead].assign(state="bounced").to_csv(back, index=False)
    second = matched(made, sent=[wave, back])
    sent = second.kept.sent
    assert (sent["state"] == "bounced").sum() == dead.sum() > 0
    both = second.lists[["youth_id", "offer_id"]].merge(lines)
    assert not len(both)
    second.save(tmp_path / "run")
    assert not matchmaker.verify.check(tmp_path / "run")
    third = matched(made, sent=tmp_path / "run")  # what it remembered keeps its state
    assert (third.kept.sent["state"] == "bounced").sum() == dead.sum()


@pytest.mark.parametrize("state", [*FREED, "written", "planned", "answered", "contract"])
def test_which_states_take_a_place_of_the_offer(made, state):
    tables = load(made["youths"], made["wishes"], made["offers"], as_of=AS_OF, settings=Settings())
    market = build_market(tables, Settings(), as_of=AS_OF)
    sent = pd.DataFrame(
        {
            "youth_id": market.youths["youth_id"].iloc[:3].to_numpy(),
            "offer_id": market.offers["offer_id"].iloc[0],
            "state": ["written", state, "written"],
        }
    )
    remembered = remembered_lines(sent, market)
    assert int(np.sum(remembered.exposure)) == (2 if state in FREED else 3)
    assert remembered.known == 3
