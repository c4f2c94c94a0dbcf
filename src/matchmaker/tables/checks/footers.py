"""Totals and remarks under a table, which its reader took for rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading.remark_rows import is_remark, remark_word
from matchmaker.words import said

__all__ = ["footer_issues", "footers"]

_SUMS = r"(?i)^\s*(?:(?:sous|grand)[\s-]?)?tota(?:l|ux)\b"
_MOST_LINES = 200  # under a table; what is longer is one itself


def footers(frame: pd.DataFrame, id_column: int) -> NDArray[np.intp]:
    """Return the rows that are totals or remarks: those under the last row, sums anywhere.

    Parameters
    ----------
    frame : DataFrame of str
        All columns as read, unknown ones too.
    id_column : int
        Place of the column that each row must fill.

    Examples
    --------
    >>> footers(pd.DataFrame({"youth_id": ["Y1", "Y2", "Total"], "level": ["3", "", "2"]}), 0)
    array([2])
    """
    found: list[int] = []
    for row in range(len(frame) - 1, max(len(frame) - _MOST_LINES, 0) - 1, -1):
        first, others = _split(frame, row, id_column)
        is_blank = not first.strip() and not any(map(str.strip, others))
        if not is_blank and not is_remark(first, others, is_last=True):
            break
        if not is_blank:
            found.append(row)
    ids = pa.array(frame.iloc[:, id_column], type=pa.large_string())
    sums = np.flatnonzero(np.asarray(pc.match_substring_regex(ids, _SUMS)))
    found += [
        int(row)
        for row in sums
        if row not in found and is_remark(*_split(frame, int(row), id_column), is_last=False)
    ]
    return np.array(sorted(found), dtype=np.intp)


def _split(frame: pd.DataFrame, row: int, id_column: int) -> tuple[str, list[str]]:
    """Return the cell of the id, and all others."""
    cells = list(map(str, frame.iloc[row]))
    return cells[id_column], cells[:id_column] + cells[id_column + 1 :]


def footer_issues(raw: RawTable, rows: NDArray[np.intp], id_column: int) -> Iterator[Issue]:
    """Name rows that are none; of their text only how it begins, for the rest may name people."""
    for row in rows:
        first, others = _split(raw.frame, int(row), id_column)
        text = first or next((cell for cell in others if remark_word(cell)), "")
        sheets = raw.sheets
        yield Issue(
            reason="not_a_row",
            file=raw.file,
            sheet="" if sheets is None else sheets.names[sheets.of_row[row]],
            line=int(raw.lines[row]),
            value=remark_word(text) or " ".join(text.split()[:2]) + "…",
            message=said("header.not_a_row"),
            hint=said("header.not_a_row_hint"),
        )
