"""Checks that re-derive what a run claims, behind a wall: nothing of the search comes in.

=============================== ==============================================================
`matchmaker.verify.rules`       the closed list of rules
`matchmaker.verify.fault`       `Fault`: one row that breaks one rule; how they are counted
`matchmaker.verify.clean`       the clean tables that everything is derived from
`matchmaker.verify.lines`       is every line legal?  It calls the next three
`matchmaker.verify.dates`       legal ages, start windows
`matchmaker.verify.wishes`      trade, rung, strict level, strict region
`matchmaker.verify.places`      distance and reach
`matchmaker.verify.points`      points of rank, start and distance
`matchmaker.verify.sentences`   what a reason says of rank and distance, and what it proposes
`matchmaker.verify.lists`       order, length, variety, exposure, earlier waves, assignment
`matchmaker.verify.folder`      a written folder: counts, sums, and each certificate ...
`matchmaker.verify.proof`       ... added up in whole numbers
`matchmaker.verify.assigned`    a written folder of `assign`
`matchmaker.verify.forms`       does the CSV file say what the Parquet file says?
`matchmaker.verify.run`         a saved run from its folder alone: it calls all, and the next ones
`matchmaker.verify.written`     files, hashes, the id, stages, settings
`matchmaker.verify.mailing`     the mailing file, laid out again
`matchmaker.verify.people`      who has no line or few, and the referents of the follow-up
`matchmaker.verify.figures`     figures of the summary, counted again
`matchmaker.verify.report`      the report: nothing runs, and it shows these figures
`matchmaker.verify.bounds`      bounds of some youths, found again by the plain engine
=============================== ==============================================================

An import contract in ``pyproject.toml`` forbids the room to import search, scoring, solvers,
lists and assignment.  Only `bounds` has doors, to the plain engine and the score tables.
"""

from __future__ import annotations

from matchmaker.verify.clean import Clean
from matchmaker.verify.fault import Fault, Faults
from matchmaker.verify.folder import check_folder, faults_of_folder
from matchmaker.verify.lists import check_lists, faults_of_lists
from matchmaker.verify.rules import RULES
from matchmaker.verify.run import Verified, check, check_saved, verified
from matchmaker.verify.sentences import check_sentences

__all__ = [
    "RULES",
    "Clean",
    "Fault",
    "Faults",
    "Verified",
    "check",
    "check_folder",
    "check_lists",
    "check_saved",
    "check_sentences",
    "faults_of_folder",
    "faults_of_lists",
    "verified",
]
