"""Checks that re-derive what a run claims, behind a wall: nothing of the search comes in.

=============================== ==============================================================
`matchmaker.verify.rules`       the closed list of rules
`matchmaker.verify.fault`       `Fault`: one row that breaks one rule; how they are counted
`matchmaker.verify.clean`       the clean tables that everything is derived from
`matchmaker.verify.lines`       is every line legal?  It calls the next three
`matchmaker.verify.dates`       legal ages, start windows
`matchmaker.verify.wishes`      trade, rung, strict level, strict region
`matchmaker.verify.places`      distance and reach
`matchmaker.verify.lists`       order, length, variety, exposure, earlier waves, assignment
`matchmaker.verify.folder`      a written folder: counts, sums, and each certificate ...
`matchmaker.verify.proof`       ... added up in whole numbers
`matchmaker.verify.assigned`    a written folder of `assign`
`matchmaker.verify.forms`       does the CSV file say what the Parquet file says?
`matchmaker.verify.bounds`      bounds of some youths, found again by the plain engine
=============================== ==============================================================

An import contract in ``pyproject.toml`` forbids the room to import search, scoring, solvers,
lists and assignment.  Only `bounds` has a door, to the plain engine and the score tables.
"""

from __future__ import annotations

from matchmaker.verify.clean import Clean
from matchmaker.verify.fault import Fault, Faults
from matchmaker.verify.folder import check_folder, faults_of_folder
from matchmaker.verify.lists import check_lists, faults_of_lists
from matchmaker.verify.rules import RULES

__all__ = [
    "RULES",
    "Clean",
    "Fault",
    "Faults",
    "check_folder",
    "check_lists",
    "faults_of_folder",
    "faults_of_lists",
]
