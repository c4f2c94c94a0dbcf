"""After three waves each inbox shows what the plan says, whatever the tool does to its file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.campaigns.mail import plan
from matchmaker.campaigns.tool_file import attributes
from matchmaker.campaigns.tools import TOOLS
from tests.campaigns import waves
from tests.campaigns.mail_twin import Faults, Twin, after_waves, inbox, new_rows

WAVES = (10, 6, 4)  # later lists are shorter


def is_right(faults: Faults) -> bool:
    return faults == Faults(columns=faults.columns)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_each_inbox_shows_the_plan_and_the_old_file_does_not(tmp_path, tool):
    old, new = after_waves(tmp_path, 600, WAVES, tool=tool)
    assert is_right(new)
    assert old.stale > 500  # offers of an earlier wave
    assert old.lost_youths > 10  # siblings
    assert old.lost_lines > 50


def test_a_tool_that_cuts_texts_cuts_none(tmp_path):
    short = replace(TOOLS["generic"], max_cell_bytes=255)
    old, new = after_waves(tmp_path, 200, WAVES, tool=short, longest=255)
    assert is_right(new)
    assert old.cut > 1000


def test_the_twin_sees_a_phone_that_siblings_share(tmp_path):
    """A phone in an identifier makes one contact of two addresses: so it is no such column."""
    wave = waves.wave(tmp_path, youths=2, shared=0)
    wave.contacts["phone_1"] = "+33612345678"
    of = plan(wave.run, wave.contacts, None, waves.options(), key=waves.KEY)
    rows = list(new_rows(of, TOOLS["brevo"]))
    created = {name for name, _ in attributes(of)}
    right, wrong = Twin(created), Twin({*created, "SMS"})
    right.take(rows)
    wrong.take([{**row, "SMS": row["TELEPHONE"]} for row in rows])
    assert len(right.contacts) == 2
    assert len(wrong.contacts) == 1
    assert rows[0]["TELEPHONE"] == "06 12 34 56 78"


def test_the_twin_sees_an_attribute_that_nobody_made(tmp_path):
    wave = waves.wave(tmp_path, youths=3)
    of = plan(wave.run, wave.contacts, None, waves.options(), key=waves.KEY)
    twin = Twin({name for name, _ in attributes(of)} - {"OBJET"})
    twin.take(new_rows(of, TOOLS["brevo"]))
    assert twin.dropped == {"OBJET"}
    assert inbox(twin.contacts[0])


@pytest.mark.long
def test_three_waves_of_25_000_youths(tmp_path):
    old, new = after_waves(tmp_path, 25_000, WAVES, tool=TOOLS["brevo"])
    assert is_right(new)
    assert old.stale > 25_000
