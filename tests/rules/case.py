"""What a boundary case is: a small world, the door that it goes through, what must be seen.

Cells are texts, as in the files of a user; what a row of a table does not say is usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

import matchmaker
from matchmaker.errors import InputError

__all__ = ["Case", "frames", "seen"]

Cells = Mapping[str, str]
Door = Literal["match", "assign", "dry_run"]

RENNES = "35238"
YOUTH = {"commune_code": RENNES}
WISH = {"rank": "1", "trade_code": "D1102"}  # baker
OFFER = {
    "trade_code": "D1102",
    "title": "Boulanger en apprentissage",
    "contract_type": "apprentissage",
    "commune_code": RENNES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the table of boundaries.

    Attributes
    ----------
    rule : str
        The setting, the column or the sentence of the law that the row is about.
    says : str
        What must come out, in words.
    youths, offers : mapping of id to cells
        Cells that are not the usual ones.
    wishes : tuple of (youth, cells)
        Every youth wishes for a baker's trade where left out.
    settings, options : mapping
        Of the run, and further arguments of the door.
    sent : tuple of (youth, offer)
        Lines of earlier waves.
    as_of : str
    door : {"match", "assign", "dry_run"}
    expect : mapping
        What is looked at (`seen`) to what must be seen there.
    """

    rule: str
    says: str
    expect: Mapping[str, Any]
    offers: Mapping[str, Cells]
    youths: Mapping[str, Cells] = field(default_factory=lambda: {"Y": {}})
    wishes: tuple[tuple[str, Cells], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    sent: tuple[tuple[str, str], ...] = ()
    as_of: str = "2023-09-15"
    door: Door = "match"


def frames(case: Case) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the tables of youths, wishes and offers of a case."""
    wishes = case.wishes or tuple((youth, {}) for youth in case.youths)
    return (
        _frame({"youth_id": youth} | YOUTH | cells for youth, cells in case.youths.items()),
        _frame({"youth_id": youth} | WISH | cells for youth, cells in wishes),
        _frame(
            {"offer_id": offer, "employer": f"Maison {offer}"} | OFFER | cells
            for offer, cells in case.offers.items()
        ),
    )


def _frame(rows: Any) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype="str").fillna("")


def seen(case: Case) -> dict[str, Any]:
    """Send a case through its door; return all that the case expects something of."""
    sent = pd.DataFrame(case.sent, columns=["youth_id", "offer_id"], dtype="str")
    options = dict(case.options) | ({"sent": sent} if case.sent else {})
    door = getattr(matchmaker, case.door)
    try:
        result = door(
            *frames(case), as_of=case.as_of, settings={"max_gap": 0.0} | case.settings, **options
        )
    except InputError as error:
        return {"refused": error.issues[0].reason}
    return {name: LOOKS[name](case, result) for name in case.expect}


def _lists(case: Case, result: Any) -> dict[str, str]:
    """Return the offers of each youth of the result, in the order of the case."""
    lines = set(zip(result.lists["youth_id"], result.lists["offer_id"], strict=True))
    there = {*result.lists["youth_id"], *result.unserved["youth_id"]}
    return {
        youth: " ".join(offer for offer in case.offers if (youth, offer) in lines)
        for youth in case.youths
        if youth in there
    }


def _order(case: Case, result: Any) -> dict[str, str]:
    """Return the offers of each youth, first line first."""
    return {
        youth: " ".join(result.lists.loc[result.lists["youth_id"] == youth, "offer_id"])
        for youth in case.youths
    }


def _column(table: str, key: str, value: str) -> Callable[[Case, Any], dict[str, Any]]:
    def look(case: Case, result: Any) -> dict[str, Any]:
        del case
        frame = getattr(result, table)
        return dict(zip(frame[key], frame[value].tolist(), strict=True))

    return look


def _lines(case: Case, result: Any) -> dict[str, int]:
    """Return how many lines each youth has."""
    count = result.lists["youth_id"].value_counts()
    return {youth: int(count.get(youth, 0)) for youth in case.youths}


def _in_lists_of(case: Case, result: Any) -> dict[str, int]:
    """Return how many lines are of some offers together, those that the case asks for."""
    count = _in_lists(case, result)
    groups: Mapping[str, int] = case.expect["in lists of"]
    return {group: sum(count[offer] for offer in group.split()) for group in groups}


def _in_lists(case: Case, result: Any) -> dict[str, int]:
    """Return in how many lists of this run each offer stands."""
    count = result.lists["offer_id"].value_counts()
    return {offer: int(count.get(offer, 0)) for offer in case.offers}


def _at(*path: str) -> Callable[[Case, Any], Any]:
    """Look at a figure of the summary, or of what a dry run gives."""

    def look(case: Case, result: Any) -> Any:
        del case
        found = result if isinstance(result, dict) else result.summary
        for name in path:
            found = found[name]
        return found

    return look


def _assigned(case: Case, result: Any) -> dict[str, str]:
    del case
    youths = result.tables["youths"]
    return {
        youth: offer or why
        for youth, offer, why in zip(
            youths["youth_id"], youths["offer_id"], youths["why_code"], strict=True
        )
    }


# What a case may look at, by the name under which it expects something.
LOOKS: Mapping[str, Callable[[Case, Any], Any]] = {
    "lists": _lists,
    "order": _order,
    "lines": _lines,
    "in lists": _in_lists,
    "in lists of": _in_lists_of,
    "lines of all": _at("lines", "total"),
    "exposure": _column("lists", "offer_id", "lists_of_offer"),
    "rungs": _column("lists", "offer_id", "rung"),
    "doubts": _column("lists", "offer_id", "doubt"),
    "why alone": _column("unserved", "youth_id", "reason_code"),
    "followed up": _column("follow_up", "youth_id", "lines"),
    "referents": _column("follow_up", "youth_id", "referent_name"),
    "with enough lines": _at("youths", "with_min_lines"),
    "with varied lines": _at("variety", "youths"),
    "lines allowed": _at("caps", "slots"),
    "lines sent again": _at("waves", "repeated"),
    "lines if remembered": _at("waves", "remembering", "lines"),
    "offers counted": _at("offers"),
    "youths counted": _at("youths"),
    "pairs counted": _at("pairs", "expected"),
    "lines allowed, dry": _at("lines_allowed"),
    "assigned, or why not": _assigned,
    "lists cut": _at("unplaced_with_cut_list"),
}
