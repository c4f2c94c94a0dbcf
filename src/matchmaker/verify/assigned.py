"""The independent check of an assignment: its pairs, then its written folder.

It knows nothing of mechanisms.  Each pair has to be one that the rules allow, derived from
the clean tables as for lists.  Of the folder, just before it is published, it counts again
what the files say of each other: one offer a youth, no more youths than seats, figures
that are those of the tables.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import is_among
from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, rows_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.folder import HEAD, SUMMARY, UNREADABLE
from matchmaker.verify.forms import check_forms
from matchmaker.verify.lines import LineRules, check_pairs
from matchmaker.words import word

__all__ = [
    "check_assigned",
    "check_assignment_folder",
    "faults_of_assignment_folder",
    "faults_of_pairs",
]

ASSIGNMENT_HEAD = word("verify", "assignment")

TABLES = ("youths", "offers", "methods")  # written as CSV and as Parquet
FIGURES = ("placed", "first", "top_three", "weight", "blocking_pairs")


def check_assigned(youths: pd.DataFrame, clean: Clean, settings: Settings) -> None:
    """Raise unless every youth may have the offer that the assignment gives.

    Parameters
    ----------
    youths : DataFrame
        ``youth_id`` and ``offer_id`` ("" for none).
    clean : Clean
    settings : Settings

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults_of_pairs(youths, clean, settings).refuse(ASSIGNMENT_HEAD)


def faults_of_pairs(youths: pd.DataFrame, clean: Clean, settings: Settings) -> Faults:
    """Return what is wrong with the pairs of an assignment; parameters as for `check_assigned`.

    Parameters
    ----------
    youths, clean, settings
        As for `check_assigned`.

    Returns
    -------
    Faults
    """
    faults = Faults()
    placed = np.flatnonzero(youths["offer_id"] != "")
    youth = rows_of(youths["youth_id"].iloc[placed], clean.youths["youth_id"])
    offer = rows_of(youths["offer_id"].iloc[placed], clean.offers["offer_id"])
    for rule, at in (("youth_exists", youth), ("offer_exists", offer)):
        faults.must(rule, at >= 0, file="youths", row=placed)
    if faults.counts:  # nothing can be looked up for such pairs
        return faults
    rules = LineRules.of(clean, settings)
    check_pairs(rules, youth, offer, faults, file="youths", row=placed)
    is_in_reach = rules.places.is_in_reach(youth, offer)
    faults.must("reach", is_in_reach, file="youths", row=placed)
    taken = np.bincount(offer, minlength=len(clean.offers))
    seats = clean.offers["capacity"].to_numpy()
    faults.must("assigned_seats", taken <= seats, file="youths", row=None)
    return faults


def check_assignment_folder(folder: Path) -> None:
    """Raise unless the files of an assignment hold together.

    Parameters
    ----------
    folder : Path
        Holds ``youths``, ``offers`` and ``methods`` (CSV and Parquet) and ``summary.json``.

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults_of_assignment_folder(folder).refuse(HEAD)


def faults_of_assignment_folder(folder: Path) -> Faults:
    """Return what is wrong with the files; parameters as for `check_assignment_folder`.

    Parameters
    ----------
    folder : Path
        As for `check_assignment_folder`.

    Returns
    -------
    Faults
    """
    faults = Faults()
    try:
        for name in TABLES:
            check_forms(folder, name, faults)
        youths, offers, methods = (pd.read_parquet(folder / f"{name}.parquet") for name in TABLES)
        summary = json.loads((folder / SUMMARY).read_bytes())
        _check_seats(youths, offers, faults)
        _check_figures(youths, methods, summary, faults)
    except UNREADABLE as error:
        faults.add("file_readable", file=".", found=str(error))
    return faults


def _check_seats(youths: pd.DataFrame, offers: pd.DataFrame, faults: Faults) -> None:
    placed = youths[youths["offer_id"] != ""]
    taken = placed["offer_id"].value_counts().reindex(offers["offer_id"], fill_value=0)
    is_placed = youths["offer_id"] != ""
    is_known = is_among(placed["offer_id"], offers["offer_id"])
    rows = placed.index.to_numpy(dtype=np.int64)
    faults.must("place_exists", is_known, file="youths.parquet", column="offer_id", row=rows)
    for file, rule, is_true in (
        ("youths", "youth_once", ~youths["youth_id"].duplicated()),
        ("offers", "offer_once", ~offers["offer_id"].duplicated()),
        ("offers", "placed_count", taken.to_numpy() == offers["placed"].to_numpy()),
        ("offers", "assigned_seats", offers["placed"] <= offers["capacity"]),
        ("youths", "place_rank", (youths["rank"] > 0) == is_placed),
        ("youths", "why_told", is_placed | (youths["why_code"] != "")),
    ):
        faults.must(rule, is_true, file=f"{file}.parquet")


def _check_figures(
    youths: pd.DataFrame, methods: pd.DataFrame, summary: dict[str, Any], faults: Faults
) -> None:
    """Hold the figures of the summary against the tables."""
    rank = youths.loc[youths["offer_id"] != "", "rank"]
    chosen = summary["methods"][summary["method"]]
    for name, true in (
        ("placed", len(rank)),
        ("first", int((rank == 1).sum())),
        ("top_three", int((rank <= 3).sum())),
    ):
        figure = f"methods.{summary['method']}.{name}"
        faults.equal("figure", chosen[name], true, file=SUMMARY, column=figure)
    written = methods.set_index("method")
    for method, figures in summary["methods"].items():
        for name in FIGURES:
            faults.equal(
                "figure",
                figures[name],
                int(written.loc[method, name]),
                file=SUMMARY,
                column=f"methods.{method}.{name}",
            )
    unplaced = sum(one["youths"] for one in summary["unplaced"])
    alone = len(youths) - len(rank)
    faults.equal("figure", unplaced, alone, file=SUMMARY, column="unplaced")
