"""Published offers in no list: the file is held against the lists, and a list's room is seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from matchmaker.verify.clean import Clean
from matchmaker.verify.fault import Faults
from matchmaker.verify.orphans import check_orphans, unshown_offers
from matchmaker.verify.room import could_show

OFFERS = pd.DataFrame(
    {"offer_id": ["A", "B", "C", "D"], "kind": ["offer", "offer", "offer", "spontaneous"]}
)
OPEN = np.array([True, True, True, True])
LISTS = pd.DataFrame({"offer_id": ["A"]})
TOLD = "offer_id,youths,reason_code\nB,2,caps\nC,0,place\n"
FIGURES = {
    "offers": 3, "with_a_youth": 2, "for_nobody": 1, "shown": 1, "orphans": 1,
    "reasons": {"caps": 1, "place": 1},
}  # fmt: skip


def clean(sent=None):
    none = pd.DataFrame()
    return Clean(youths=none, wishes=none, offers=OFFERS, sent=sent, as_of=None)


def rules_of(tmp_path, told=TOLD, figures=FIGURES):
    (tmp_path / "orphans.csv").write_text(told, encoding="utf-8-sig")
    faults = Faults()
    check_orphans(tmp_path, {"published": figures}, clean(), LISTS, OPEN, faults)
    return faults.by_rule


def test_what_holds_is_no_fault(tmp_path):
    assert rules_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ("offer_id,youths,reason_code\nB,2,caps\n", "orphans_all"),
        (TOLD + "A,1,caps\n", "orphans_all"),
        (TOLD.replace("B,2", "B,0"), "orphans_reason"),
        (TOLD.replace("0,place", "7,place"), "orphans_reason"),
    ],
)
def test_what_is_told_of_the_offers(tmp_path, told, rule):
    assert rules_of(tmp_path, told) == {rule: 1}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_counted_again(tmp_path, name):
    assert rules_of(tmp_path, figures={**FIGURES, name: -1}) == {"figure": 1}


def test_an_offer_of_an_earlier_wave_is_shown_unless_nobody_was_reached():
    sent = pd.DataFrame({"offer_id": ["B", "C", "gone"], "state": ["sent", "bounced", "sent"]})
    found = unshown_offers(clean(sent), LISTS["offer_id"], OPEN)
    assert found.tolist() == [False, False, True, False]


def test_room_in_a_list():
    """Offers 0 to 2 are of one sector; a list has two lines, one of a sector."""
    whole, sector = (np.zeros(5, dtype=int), 2), (np.array([0, 0, 0, 1, 2]), 1)

    def could(lines, may_go, offer=2):
        return could_show(
            np.array([offer]), np.array(lines), may_go=np.array(may_go), groups=(whole, sector)
        )

    assert could([3], [False])
    assert not could([0], [False])  # orphan_room: the sector is full ...
    assert could([0], [True])  # ... unless its line may go
    assert not could([3, 4], [False, False])
    assert could([3, 4], [False, True])
    assert not could([0, 4], [False, True])  # the line of another sector makes no room
