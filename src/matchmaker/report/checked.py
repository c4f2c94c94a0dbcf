"""What `matchmaker check` found, as plain values for machines and as a workbook for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

import pandas as pd

from matchmaker.errors import InputError, Issue, printable
from matchmaker.tables import Tables
from matchmaker.tables.checks import to_issues
from matchmaker.tables.first_steps import Step, steps_of_issues
from matchmaker.tables.unread_labels import line_to_add, unread_labels
from matchmaker.tables.workbook_file import without_clock
from matchmaker.words import Lang, code_text, date_text, say, table, text_of

__all__ = ["check_answer", "check_workbook", "verdict"]

_MOST_ROWS = 100_000  # of a sheet: a spreadsheet that nobody can open helps nobody
_WIDTHS = {
    "line": 10,
    "count": 12,
    "youths": 10,
    "offers": 10,
    "value": 30,
    "to_do": 60,
    "to_add": 60,
    "label": 50,
    "message": 50,
    "hint": 60,
    "what": 50,
    "used": 24,
    "lines": 24,
    "reason": 50,
    "reason_code": 50,
    "file": 26,
    "name": 26,
    "notes": 40,
    "sha256": 68,
}
_PROSE = ("what", "to_do", "message", "hint", "reason", "reason_code", "notes")
_NO_LEVEL = ("used", "level", "0")  # an unknown level is no level
_LINES = ("line", "example_line")  # 0 in JSON: of the whole column, or of the table
_CODES = {
    "table": "table",
    "reason": "quality",
    "reason_code": "quality",
    "kind": "quality_kind",
    "source": "format",
}
# Names of lists in the answer, each a sheet, and their columns.
_SHEETS = {
    "first_steps": (
        "youths",
        "offers",
        "what",
        "table",
        "file",
        "sheet",
        "column",
        "lines",
        "count",
        "to_do",
    ),
    "unread_labels": ("youths", "wishes", "label", "to_add"),
    "notes": (
        "verdict",
        "table",
        "file",
        "sheet",
        "line",
        "column",
        "value",
        "used",
        "reason_code",
        "count_like_it",
    ),
    "faults": ("file", "sheet", "line", "column", "value", "message", "hint"),
    "quality": ("table", "kind", "reason", "column", "count", "example_line"),
    "kinds": ("source", "kind", "count"),
    "files": ("role", "name", "rows", "sheets", "notes", "sha256"),
}


def check_answer(
    found: Tables | InputError,
    *,
    as_of: dt.date,
    lang: Lang,
    alerts: Iterable[Issue] = (),
    roles: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return all that was found, as values that JSON can hold.

    Parameters
    ----------
    found : Tables or InputError
        Clean tables, or why there are none.
    as_of : date
    lang : {"fr", "en"}
        Of the sentences; codes stay as they are.
    alerts : iterable of Issue
        Besides those of the tables.
    roles : mapping of str to str, optional
        Name of a file to its table, for files that were refused.

    Returns
    -------
    dict
        ``is_ok``, ``is_refused``, ``as_of``, ``files`` (with the sheets read), ``kinds``,
        ``alerts``, ``first_steps``, ``unread_labels``, ``faults``, ``quality``, ``notes``; no
        personal value.
    """
    lists: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("kinds", "quality", "notes", "files", "unread_labels")
    }
    own: tuple[Issue, ...] = ()
    if isinstance(found, InputError):
        faults, steps = list(found.issues), steps_of_issues(found.issues, roles or {})
    else:
        faults, steps, own = to_issues(found.rejects), found.steps, found.alerts
        frames = {"kinds": found.kinds, "quality": found.quality, "notes": found.notes}
        lists = {name: _records(frame) for name, frame in frames.items()}
        lists["files"] = [asdict(file) for file in found.files]
        lists["unread_labels"] = [
            {**row, "to_add": line_to_add(row["label"], lang)}
            for row in _records(unread_labels(found.wishes))
        ]
    return {
        "is_ok": not faults,
        "is_refused": isinstance(found, InputError),
        "as_of": as_of.isoformat(),
        "alerts": [alert.sentence(lang) for alert in (*own, *alerts)],
        "first_steps": [_step(step, lang) for step in steps],
        "faults": _fault_rows(faults, lang),
        **lists,
    }


def _fault_rows(faults: Iterable[Issue], lang: Lang) -> list[dict[str, Any]]:
    """Return faults as plain values, their sentences in a language, without personal values."""
    return [
        {
            **asdict(fault),
            "message": text_of(fault.message, lang),
            "hint": text_of(fault.hint, lang),
            "value": None if fault.is_personal else fault.value,
        }
        for fault in faults
    ]


def verdict(answer: Mapping[str, Any], lang: Lang) -> str:
    """Return what the answer comes to, in one sentence."""
    n = len(answer["faults"])
    if answer["is_refused"]:
        return say(lang, "check.refused", n=n)
    return say(lang, "check.goes_on", n=n) if n else say(lang, "check.none")


def check_workbook(answer: Mapping[str, Any], lang: Lang) -> bytes:
    """Return an answer as an XLSX file: a summary, what to do, then every list of it.

    The same answer gives the same bytes.

    Parameters
    ----------
    answer : mapping
        As `check_answer` returns it.
    lang : {"fr", "en"}
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    names, headers = table(lang, "check_sheet"), table(lang, "check_header")
    head = book.create_sheet(names["summary"])
    head.column_dimensions["A"].width = 120
    day = date_text(dt.date.fromisoformat(answer["as_of"]), lang)
    for line in (verdict(answer, lang), say(lang, "check.as_of", day=day), *answer["alerts"]):
        head.append([_cell(head, line)])
    for name, columns in _SHEETS.items():
        sheet = book.create_sheet(names[name])
        sheet.freeze_panes = "A2"
        for place, column in enumerate(columns):
            sheet.column_dimensions[chr(ord("A") + place)].width = _WIDTHS.get(column, 18)
        sheet.append([_cell(sheet, headers[column], is_head=True) for column in columns])
        rows = answer[name]
        for row in islice(rows, _MOST_ROWS):
            sheet.append(
                [
                    _cell(sheet, _shown(name, column, row, lang), is_prose=column in _PROSE)
                    for column in columns
                ]
            )
        if len(rows) > _MOST_ROWS:
            sheet.append([say(lang, "check.cut", n=len(rows))])
    return without_clock(book)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): cell for k, cell in row.items()} for row in frame.to_dict(orient="records")]


def _step(step: Step, lang: Lang) -> dict[str, Any]:
    return {
        **asdict(step),
        "lines": list(step.lines),
        "what": code_text(lang, "quality", step.reason),
        "to_do": text_of(step.to_do, lang),
    }


def _shown(name: str, column: str, row: Mapping[str, Any], lang: Lang) -> Any:
    """Return one cell in the words of a language; what is a code in JSON is none here."""
    value = row[column]
    if (column in _LINES and value == 0) or (column, row.get("column"), value) == _NO_LEVEL:
        return None
    room = "kind" if (name, column) == ("kinds", "kind") else _CODES.get(column)
    if column == "verdict":
        return code_text(lang, "check_verdict", value)
    if column == "role":
        room = "table"
    if room and value:
        return code_text(lang, room, value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value


def _cell(sheet: Any, value: Any, *, is_head: bool = False, is_prose: bool = False) -> Any:
    """Return a value as a cell: a text is never a formula, and holds no sign that none may."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, printable(value, limit=5000))
    cell.data_type = "s"
    if is_head:
        cell.font = Font(bold=True)
    if is_prose:  # whole sentences stay in sight
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
