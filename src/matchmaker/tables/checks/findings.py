"""What the checks found in one table: faults that cost a row, and counts of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.tables.schemas import columns_of

__all__ = [
    "QUALITY_COLUMNS",
    "REJECT_COLUMNS",
    "Findings",
    "quality_frame",
    "rejects_frame",
    "to_issues",
]

REJECT_COLUMNS = ("table", "file", "line", "column", "value", "reason", "message", "hint")
QUALITY_COLUMNS = ("table", "kind", "reason", "column", "count", "example_line")

Texts = str | Iterable[str]
Fault = tuple[str, str, int, str, str, str, str, str]
"""One fault that costs its row, in the order of `REJECT_COLUMNS`."""


class Findings:
    """Collects the findings of one table while its columns are checked.

    Parameters
    ----------
    role, file : str
        Table and file that are checked.
    lines : ndarray of int64, shape (n_rows,)
        Physical line of each row.

    Attributes
    ----------
    is_bad : ndarray of bool, shape (n_rows,)
        Rows that do not get through: rejected, or left out.
    faults : list of tuple
        What each rejected row is rejected for.
    """

    def __init__(self, role: str, file: str, lines: NDArray[np.int64]) -> None:
        self.role, self.file, self.lines = role, file, lines
        self.is_bad = np.zeros(len(lines), dtype=bool)
        self.faults: list[Fault] = []
        # (kind, reason, column) -> count and smallest line
        self._counts: dict[tuple[str, str, str], tuple[int, int]] = {}

    def reject(
        self,
        rows: NDArray[np.intp],
        *,
        reason: str,
        column: Texts,
        value: Texts,
        message: Texts,
        hint: Texts = "",
    ) -> None:
        """Record one fault in each of `rows`; texts are one for all or one a row."""
        if len(rows) == 0:
            return
        self.is_bad[rows] = True
        columns, values, messages, hints = (
            repeat(text) if isinstance(text, str) else text
            for text in (column, value, message, hint)
        )
        lines = self.lines[rows].tolist()
        # Texts given once repeat without end: the lines say how many rows there are.
        for line, name, cell, what, cure in zip(  # noqa: B905 - see above
            lines, columns, values, messages, hints
        ):
            self.faults.append((self.role, self.file, line, name, cell, reason, what, cure))

    def reject_lines(self, issues: Iterable[Issue]) -> None:
        """Record rows that the reader could not shape, and that stand in no frame."""
        self.faults.extend(
            (self.role, self.file, issue.line or 0, issue.column or "", issue.value or "",
             issue.reason, issue.message, issue.hint)
            for issue in issues
        )  # fmt: skip

    def count(self, kind: str, reason: str, column: str, rows: NDArray[np.intp]) -> None:
        """Count what was repaired, assumed, left out or is worth a look."""
        if len(rows):
            self.add(kind, reason, column, len(rows), int(self.lines[rows].min()))

    def add(self, kind: str, reason: str, column: str, count: int, example_line: int = 0) -> None:
        """Count what no single row stands for; line 0 means the whole file."""
        if count:
            key = (kind, reason, column)
            before, line = self._counts.get(key, (0, example_line))
            self._counts[key] = (before + count, min(line, example_line))

    def counts(self) -> list[tuple[str, str, str, str, int, int]]:
        """Return the counts in the order of `QUALITY_COLUMNS`; rejected rows are among them."""
        rejected: dict[tuple[str, str], list[int]] = {}
        for _, _, line, column, _, reason, _, _ in self.faults:
            rejected.setdefault((reason, column), []).append(line)
        return [
            *((self.role, *key, *count) for key, count in self._counts.items()),
            *((self.role, "rejected", *key, len(at), min(at)) for key, at in rejected.items()),
        ]

    def n_rejected(self) -> int:
        """Return how many lines have a fault."""
        return len({fault[2] for fault in self.faults})


def rejects_frame(tables: Iterable[Findings]) -> pd.DataFrame:
    """Return the faults of several tables as one frame, sorted by file, line and column."""
    faults = [fault for table in tables for fault in table.faults]
    faults.sort(key=lambda fault: (fault[1], fault[2], fault[0], fault[3], fault[5]))
    dtypes = dict.fromkeys(REJECT_COLUMNS, "str") | {"line": "int64"}
    return pd.DataFrame(faults, columns=list(REJECT_COLUMNS)).astype(dtypes)


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
    return [
        Issue(
            reason=reason,
            file=file,
            line=line,
            column=column or None,
            value=value,
            message=message,
            hint=hint,
            is_personal=_is_personal(table, column),
        )
        for table, file, line, column, value, reason, message, hint in zip(
            *(rejects[name].tolist() for name in REJECT_COLUMNS), strict=True
        )
    ]


def _is_personal(role: str, column: str) -> bool:
    known = columns_of(role).get(column)
    return known is not None and known.is_personal
