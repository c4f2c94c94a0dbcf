"""What to mend first: the findings that somebody can do something about, most people hit first.

What was repaired or is everyday practice (a blank level, a shared address) is no step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.tables.checks import Checked
from matchmaker.tables.checks.findings import NOT_A_ROW, Fault, Findings, Key
from matchmaker.tables.mapping import header_option
from matchmaker.tables.raw import OF_A_SHEET
from matchmaker.words import Text, said, table, text_of, word

__all__ = ["SHOWN_LINES", "Step", "first_steps", "steps_of_issues"]

SHOWN_LINES = 5
"""Lines that a step names; ``notes.csv`` has them all."""

_KINDS = ("rejected", "warning", "left_out", "flag", "default")
_TABLES = ("youths", "wishes", "offers")
_WHOLE_TABLE = frozenset({"export_old", "column_absent", "column_in_words"})
_SHEETS = frozenset({"hidden_sheet", "sheet_not_read"})
_LET_IN = frozenset({"birth_date", "opt_out", "expiry_date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to mend.

    Attributes
    ----------
    table, file, sheet, column : str
        Where; "" for all of the table, or of the file.
    kind, reason : str
        As in `matchmaker.tables.Tables.quality`.
    youths, offers : int
        How many youths and offers it hits.
    count : int
        How many cells or lines.
    lines : tuple of int
        The first lines, rising; none for a whole file.
    to_do : str or Said
        The one thing to do.
    """

    table: str
    file: str
    sheet: str
    column: str
    kind: str
    reason: str
    youths: int
    offers: int
    count: int
    lines: tuple[int, ...]
    to_do: Text


def first_steps(tables: Sequence[Checked], of_all: Findings) -> tuple[Step, ...]:
    """Return what there is to do about checked tables, most youths and offers hit first.

    Parameters
    ----------
    tables : sequence of Checked
    of_all : Findings
        About the offers of all files together.

    Notes
    -----
    Equal numbers stand in a fixed order, so that the answer does not depend on the order of
    rows in a file, nor on threads.
    """
    steps = [
        step
        for checked in tables
        for step in (
            *_with_rows(checked),
            *_without_rows(checked.findings, checked.n_rows),
            *_rejected(checked),
        )
    ]
    steps += _without_rows(of_all, 0)
    return tuple(sorted(steps, key=_order))


def steps_of_issues(issues: Iterable[Issue], roles: Mapping[str, str]) -> tuple[Step, ...]:
    """Return the same for files that were refused; `roles` tells the table of each file."""
    groups: dict[tuple[str, str, str, str], list[Issue]] = {}
    for issue in issues:
        if issue.reason != NOT_A_ROW:
            key = (issue.file, issue.sheet, issue.column or "", issue.reason)
            groups.setdefault(key, []).append(issue)
    steps = []
    for (file, sheet, column, reason), found in groups.items():
        role = roles.get(file, "")
        lines = sorted({issue.line for issue in found if issue.line})
        steps.append(
            Step(
                table=role,
                file=file,
                sheet=sheet,
                column=column,
                kind="rejected",
                reason=reason,
                youths=len(lines) if role in ("youths", "wishes") else 0,
                offers=len(lines) if role == "offers" else 0,
                count=len(found),
                lines=tuple(lines[:SHOWN_LINES]),
                to_do=_to_do(reason, [issue.hint for issue in found]),
            )
        )
    # A file of which nothing can be read comes before lines of another.
    return tuple(sorted(steps, key=lambda step: (bool(step.lines), *_order(step))))


def _order(step: Step) -> tuple[object, ...]:
    return (
        -(step.youths + step.offers),
        _KINDS.index(step.kind),
        _TABLES.index(step.table) if step.table in _TABLES else len(_TABLES),
        step.file,
        step.sheet,
        step.column,
        step.reason,
    )


def _with_rows(checked: Checked) -> Iterable[Step]:
    """Give the steps about what was counted row by row."""
    findings = checked.findings
    for key, parts in findings.rows.items():
        to_do = _advice(findings, key)
        if to_do:
            rows = np.unique(np.concatenate(parts))
            sheets = dict.fromkeys(findings.sheets_of(rows))
            yield _step(checked, key, rows, sheet=", ".join(sheets), to_do=to_do)


def _without_rows(findings: Findings, n_rows: int) -> Iterable[Step]:
    """Give the steps about what no single row stands for."""
    for key, count, line in findings.without_rows():
        to_do = _advice(findings, key)
        kind, reason, column = key
        if to_do:
            hit = n_rows if reason in _WHOLE_TABLE else count
            is_of_sheet, is_offers = reason in OF_A_SHEET, findings.role == "offers"
            yield Step(
                table=findings.role,
                file=findings.file,
                sheet=column if is_of_sheet else "",
                column="" if is_of_sheet else column,
                kind=kind,
                reason=reason,
                youths=0 if is_offers else hit,
                offers=hit if is_offers else 0,
                count=count,
                lines=(line,) if line else (),
                to_do=to_do,
            )


def _rejected(checked: Checked) -> Iterable[Step]:
    """Give the steps about rejected lines, one a column and reason."""
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in checked.findings.faults:
        _, _, sheet, _, column, _, reason, *_ = fault
        if reason != NOT_A_ROW:
            groups.setdefault((sheet, column, reason), []).append(fault)
    for (sheet, column, reason), faults in groups.items():
        lines = np.unique([fault[3] for fault in faults])
        is_here = np.isin(checked.findings.lines, lines)
        if sheet:
            names = np.array(checked.findings.sheets_of(np.arange(len(is_here))), dtype=object)
            is_here &= names == sheet
        rows = np.flatnonzero(is_here)
        to_do = _to_do(reason, [fault[8] for fault in faults])
        step = _step(checked, ("rejected", reason, column), rows, sheet=sheet, to_do=to_do)
        # A line that has no row could be given no shape: nobody knows whose it is.
        yield _with_lines(step, lines, more=len(lines) - len(rows))


def _with_lines(step: Step, lines: NDArray[np.int64], more: int) -> Step:
    return replace(
        step,
        youths=step.youths + (0 if step.table == "offers" else more),
        offers=step.offers + (more if step.table == "offers" else 0),
        count=len(lines),
        lines=tuple(lines[:SHOWN_LINES].tolist()),
    )


def _step(checked: Checked, key: Key, rows: NDArray[np.intp], *, sheet: str, to_do: Text) -> Step:
    findings, is_offers = checked.findings, checked.findings.role == "offers"
    kind, reason, column = key
    ids: pd.Series = checked.frame["offer_id" if is_offers else "youth_id"].iloc[rows]
    hit = len(rows) if is_offers else int(ids[ids != ""].nunique())
    lines = np.sort(findings.lines[rows])[:SHOWN_LINES]
    return Step(
        table=findings.role,
        file=findings.file,
        sheet=sheet,
        column=column,
        kind=kind,
        reason=reason,
        youths=0 if is_offers else hit,
        offers=hit if is_offers else 0,
        count=len(rows),
        lines=tuple(lines.tolist()),
        to_do=to_do,
    )


def _advice(findings: Findings, key: Key) -> Text:
    """Return what to do about what was counted, "" where nothing has to be done."""
    kind, reason, column = key
    if kind == "repair" or (reason == "column_absent" and column not in _LET_IN):
        return ""
    if reason == "column_absent":
        return said("todo.column_absent", default=word("let_in", column))
    if reason == "column_in_words":
        return said("todo.column_in_words", option=header_option(findings.role, column))
    if reason in _SHEETS:
        return said("todo.sheet_not_read", file=findings.file, sheet=column)
    return word("todo", reason) if reason in table("fr", "todo") else ""


def _to_do(reason: str, hints: Sequence[Text]) -> Text:
    """Return what to do about rejected lines: what all their hints say, else to mend them."""
    if reason in table("fr", "todo") and reason not in _WHOLE_TABLE | _SHEETS:
        return word("todo", reason)
    return (
        hints[0]
        if len({text_of(hint, "fr") for hint in hints}) == 1 and hints[0]
        else (said("todo.each"))
    )
