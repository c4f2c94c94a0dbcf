"""Boundaries of earlier waves: what was sent, to whom, and what of it still counts."""

from __future__ import annotations

from tests.rules.case import Case

__all__ = ["CASES"]

TWO = {"Y1": {}, "Y2": {}}
IN_TWO_LISTS = {"lists_per_seat": 2}
# Everybody to whom a line may have been sent who gets none today.
LEFT = {
    "gone": {},
    "placed": {"status": "en contrat"},
    "withdrawn": {"status": "abandon"},
    "opted out": {"opt_out": "oui"},
}

EXPOSURE = [
    Case(
        rule="sent",
        says="one of two lists was sent to nobody of today: one is left",
        youths=TWO,
        offers={"O": {}},
        settings=IN_TWO_LISTS,
        sent=(("gone", "O"),),
        expect={"in lists": {"O": 1}, "exposure": {"O": 2}, "lines allowed": 1},
    ),
    Case(
        rule="sent",
        says="both lists were sent to nobody of today: none is left",
        youths=TWO,
        offers={"O": {}},
        settings=IN_TWO_LISTS,
        sent=(("gone", "O"), ("left", "O")),
        expect={"why alone": dict.fromkeys(TWO, "all_full"), "lines allowed": 0},
    ),
    *(
        Case(
            rule="sent",
            says=f"a line that was sent to a youth counts, {who} since",
            youths=TWO | ({who: cells} if cells else {}),
            offers={"O": {}},
            settings=IN_TWO_LISTS,
            sent=((who, "O"),),
            expect={"in lists": {"O": 1}, "exposure": {"O": 2}},
        )
        for who, cells in LEFT.items()
    ),
    Case(
        rule="sent",
        says="an offer sent more often than is allowed today stands in no list",
        youths=TWO,
        offers={"O": {}, "other": {}},
        settings=IN_TWO_LISTS,
        sent=(("a", "O"), ("b", "O"), ("c", "O")),
        expect={"in lists": {"O": 0, "other": 2}, "lines allowed": 2},
    ),
    Case(
        rule="sent",
        says="a pair that was sent in two waves is one list",
        youths=TWO,
        offers={"O": {}},
        settings=IN_TWO_LISTS,
        sent=(("gone", "O"), ("gone", "O")),
        expect={"in lists": {"O": 1}, "exposure": {"O": 2}},
    ),
    Case(
        rule="sent",
        says="an offer that has gone takes nothing from the others",
        youths=TWO,
        offers={"O": {}},
        settings=IN_TWO_LISTS,
        sent=(("Y1", "old"),),
        expect={"in lists": {"O": 2}, "exposure": {"O": 2}},
    ),
]

AGAIN = [
    Case(
        rule="sent",
        says="no line is sent again; who fits nothing else is told so",
        youths=TWO,
        offers={"O": {}},
        sent=(("Y1", "O"),),
        expect={
            "lists": {"Y1": "", "Y2": "O"},
            "why alone": {"Y1": "all_sent"},
            "lines sent again": 0,
        },
    ),
    Case(
        rule="sent",
        says="another offer is sent in its place",
        youths=TWO,
        offers={"O": {}, "other": {}},
        sent=(("Y1", "O"),),
        expect={"lists": {"Y1": "other", "Y2": "O other"}},
    ),
    Case(
        rule="ignore_sent",
        says="lists as if nothing had been sent, and what memory would cost",
        youths=TWO,
        offers={"O": {}},
        sent=(("Y1", "O"),),
        options={"ignore_sent": True},
        settings=IN_TWO_LISTS,
        expect={
            "lists": {"Y1": "O", "Y2": "O"},
            "exposure": {"O": 2},
            "lines allowed": 2,
            "lines sent again": 1,
            "lines if remembered": 1,
        },
    ),
]

# A dry run and the run that follows it, of one world: three lists, two of them sent.
BEFORE = {
    "youths": TWO,
    "offers": {"O": {}},
    "settings": {"lists_per_seat": 3},
    "sent": (("gone", "O"), ("left", "O")),
}
DRY = [
    Case(
        rule="sent",
        says="the run: one list is left",
        **BEFORE,
        expect={"lines allowed": 1, "in lists": {"O": 1}},
    ),
    Case(
        rule="sent",
        says="the dry run says the same",
        door="dry_run",
        **BEFORE,
        expect={"lines allowed, dry": 1, "pairs counted": 2},
    ),
    Case(
        rule="ignore_sent",
        says="the run: three lists are left",
        **BEFORE,
        options={"ignore_sent": True},
        expect={"lines allowed": 2, "in lists": {"O": 2}},
    ),
    Case(
        rule="ignore_sent",
        says="the dry run says the same",
        door="dry_run",
        **BEFORE,
        options={"ignore_sent": True},
        expect={"lines allowed, dry": 3},
    ),
]

CASES = [*EXPOSURE, *AGAIN, *DRY]
