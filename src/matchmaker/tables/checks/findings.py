"""What the checks found in one table: faults that cost a row, and counts of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import repeat

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.tables.checks.broken import ERROR
from matchmaker.tables.masking import HIDDEN, mask
from matchmaker.tables.raw import Sheets, cell_name
from matchmaker.tables.schemas import OF_PEOPLE, is_personal_column
from matchmaker.words import Lang, Text, text_of

__all__ = [
    "QUALITY_COLUMNS",
    "REJECT_COLUMNS",
    "Findings",
    "issues_of",
    "quality_frame",
    "rejects_frame",
    "to_issues",
]

REJECT_COLUMNS = ("table", "file", "sheet", "line", "column", "value", "reason", "message", "hint")
QUALITY_COLUMNS = ("table", "kind", "reason", "column", "count", "example_line")

NOT_A_ROW = "not_a_row"
"""Reason of a line that is a total, a remark or a title, and no row of the table."""

Texts = Text | Iterable[Text]
Key = tuple[str, str, str]
"""Kind, reason and column of what is counted."""
Fault = tuple[str, str, str, int, str, str, str, Text, Text]
"""One fault that costs its row, in the order of `REJECT_COLUMNS`."""


class Findings:
    """Collects the findings of one table while its columns are checked.

    Parameters
    ----------
    role, file : str
        Table and file that are checked.
    lines : ndarray of int64, shape (n_rows,)
        Physical line of each row.
    cells : mapping of str to Series, optional
        Columns as written, by their neutral name: what notes quote.
    sheets : Sheets or None
        Of a workbook: in which sheet each row stands.

    Attributes
    ----------
    is_bad : ndarray of bool, shape (n_rows,)
        Rows that do not get through: rejected, or left out.
    faults : list of tuple
        What each rejected row is rejected for.
    """

    def __init__(
        self,
        role: str,
        file: str,
        lines: NDArray[np.int64],
        cells: Mapping[str, pd.Series] | None = None,
        sheets: Sheets | None = None,
    ) -> None:
        self.role, self.file, self.lines, self.sheets = role, file, lines, sheets
        self.cells = cells or {}
        self.is_bad = np.zeros(len(lines), dtype=bool)
        self.faults: list[Fault] = []
        # (kind, reason, column) -> count and smallest line, and the rows where there are some
        self._counts: dict[Key, tuple[int, int]] = {}
        self.rows: dict[Key, list[NDArray[np.intp]]] = {}

    def reject(
        self,
        rows: NDArray[np.intp],
        *,
        reason: str,
        column: str | Iterable[str],
        value: str | Iterable[str],
        message: Texts,
        hint: Texts = "",
    ) -> None:
        """Record one fault in each of `rows`; texts are one for all or one a row."""
        if len(rows) == 0:
            return
        self.is_bad[rows] = True
        columns, values = (repeat(t) if isinstance(t, str) else t for t in (column, value))
        messages, hints = (repeat(t) if isinstance(t, Text) else t for t in (message, hint))
        lines = self.lines[rows].tolist()
        sheets = self.sheets_of(rows)
        # Texts given once repeat without end: the lines say how many rows there are.
        for sheet, line, name, cell, what, cure in zip(  # noqa: B905 - see above
            sheets, lines, columns, values, messages, hints
        ):
            self.faults.append((self.role, self.file, sheet, line, name, cell, reason, what, cure))

    def sheets_of(self, rows: NDArray[np.intp]) -> list[str]:
        """Return the sheet of each row, "" where there are none."""
        if self.sheets is None:
            return [""] * len(rows)
        return [self.sheets.names[sheet] for sheet in self.sheets.of_row[rows].tolist()]

    def cell_of(self, row: int, column: str) -> str:
        """Return a cell as a spreadsheet names it, "" where it stands in none."""
        if self.sheets is None:
            return ""
        at = self.sheets.columns[int(self.sheets.of_row[row])].get(column)
        return "" if at is None else cell_name(int(self.lines[row]), at)

    def reject_lines(self, issues: Iterable[Issue]) -> None:
        """Record rows that the reader could not shape, and that stand in no frame."""
        self.faults.extend(
            (
                self.role,
                self.file,
                issue.sheet,
                issue.line or 0,
                issue.column or "",
                issue.value or "",
                issue.reason,
                issue.message,
                issue.hint,
            )
            for issue in issues
        )

    def count(self, kind: str, reason: str, column: str, rows: NDArray[np.intp]) -> None:
        """Count what was repaired, assumed, left out or is worth a look."""
        if len(rows):
            self.add(kind, reason, column, len(rows), int(self.lines[rows].min()))
            self.rows.setdefault((kind, reason, column), []).append(rows)

    def take_back(self, kind: str, reason: str, column: str, rows: NDArray[np.intp]) -> None:
        """Count no longer what a later step has mended in `rows`."""
        key = (kind, reason, column)
        parts = self.rows.pop(key, [])
        self._counts.pop(key, None)
        for part in parts:
            self.count(*key, part[~np.isin(part, rows)])

    def add(self, kind: str, reason: str, column: str, count: int, example_line: int = 0) -> None:
        """Count what no single row stands for; line 0 means the whole file."""
        if count:
            key = (kind, reason, column)
            before, line = self._counts.get(key, (0, example_line))
            self._counts[key] = (before + count, min(line, example_line))

    def counts(self) -> list[tuple[str, str, str, str, int, int]]:
        """Return the counts in the order of `QUALITY_COLUMNS`; rejected rows are among them."""
        rejected: dict[tuple[str, str], list[int]] = {}
        for _, _, _, line, column, _, reason, _, _ in self.faults:
            rejected.setdefault((reason, column), []).append(line)
        return [
            *((self.role, *key, *count) for key, count in self._counts.items()),
            *((self.role, "rejected", *key, len(at), min(at)) for key, at in rejected.items()),
        ]

    def without_rows(self) -> list[tuple[Key, int, int]]:
        """Return what no single row stands for: key, count, line of an example (0: the file)."""
        return [(key, *count) for key, count in self._counts.items() if key not in self.rows]

    def n_rejected(self) -> int:
        """Return how many lines have a fault; a total or a remark is no line of the table."""
        return len({fault[2:4] for fault in self.faults if fault[6] != NOT_A_ROW})


def _sorted_faults(tables: Iterable[Findings]) -> list[Fault]:
    """Return the faults of several tables by file, sheet, line, table, column and reason."""
    faults = [fault for table in tables for fault in table.faults]
    return sorted(faults, key=lambda fault: (*fault[1:4], fault[0], fault[4], fault[6]))


def rejects_frame(tables: Iterable[Findings], lang: Lang) -> pd.DataFrame:
    """Return the faults of several tables as one frame, sorted by file, sheet, line and column."""
    faults = [
        (*rest, text_of(message, lang), text_of(hint, lang))
        for *rest, message, hint in _sorted_faults(tables)
    ]
    dtypes = dict.fromkeys(REJECT_COLUMNS, "str") | {"line": "int64"}
    frame = pd.DataFrame(faults, columns=list(REJECT_COLUMNS)).astype(dtypes)
    # A wrong date of birth is to be mended, so it is quoted; what strayed into a column is not.
    frame["value"] = mask(frame["value"], is_personal=False)
    is_of_person = (frame["table"] == "youths") & frame["column"].isin(OF_PEOPLE)
    frame["value"] = frame["value"].mask(is_of_person & (frame["value"] != ""), HIDDEN)
    return frame


def quality_frame(tables: Iterable[Findings]) -> pd.DataFrame:
    """Return the counts of several tables as one frame; those of several files are added up."""
    total: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for table in tables:
        for role, kind, reason, column, count, line in table.counts():
            before, first = total.get((role, kind, reason, column), (0, line))
            total[role, kind, reason, column] = (before + count, min(first, line))
    rows = [(*key, *total[key]) for key in sorted(total)]
    dtypes = dict.fromkeys(QUALITY_COLUMNS, "str") | {"count": "int64", "example_line": "int64"}
    return pd.DataFrame(rows, columns=list(QUALITY_COLUMNS)).astype(dtypes)


def to_issues(rejects: pd.DataFrame) -> list[Issue]:
    """Return rejects as issues, whose sentences mask the values of personal columns."""
    return _issues(zip(*(rejects[name].tolist() for name in REJECT_COLUMNS), strict=True))


def issues_of(tables: Iterable[Findings]) -> list[Issue]:
    """Return the faults of several tables as issues, whose language is still open."""
    return _issues(_sorted_faults(tables))


def _issues(faults: Iterable[Fault]) -> list[Issue]:
    told = list(faults)
    shown = mask(pd.Series([fault[5] for fault in told], dtype="str"), is_personal=False)
    return [
        Issue(
            reason=reason,
            file=file,
            sheet=sheet,
            line=line,
            column=column or None,
            value=shown_value,
            message=message,
            hint=hint,
            is_personal=is_personal_column(table, column) and reason != ERROR,  # #N/A says nothing
        )
        for (table, file, sheet, line, column, _, reason, message, hint), shown_value in zip(
            told, shown.tolist(), strict=True
        )
    ]
