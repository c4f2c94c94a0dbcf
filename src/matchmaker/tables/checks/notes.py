"""Every note about a cell, for a person who wants to find it: ``notes.csv``.

What is doubtful or rejected stands there cell by cell, without a limit: three labels that
nobody understood are found among a million rows.  What was repaired or assumed stands once
for each distinct cell and what was made of it, with the first line and how many are like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from matchmaker.reference.lookup import combinations
from matchmaker.tables.checks.broken import ERROR
from matchmaker.tables.checks.findings import Findings, Key
from matchmaker.tables.masking import mask
from matchmaker.tables.raw import OF_A_SHEET
from matchmaker.tables.schemas import is_personal_column

__all__ = ["NOTE_COLUMNS", "VERDICTS", "Part", "frame_of_notes", "notes_frame", "notes_of"]

NOTE_COLUMNS = (
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
)
# What a kind of finding means for the cell.
VERDICTS = {
    "repair": "repaired",
    "default": "assumed",
    "warning": "doubt",
    "flag": "doubt",
    "left_out": "rejected",
}
_CELL_BY_CELL = frozenset({"doubt", "rejected"})
# Clean columns that hold what was made of a written one of another name.
_USED = {
    "trade_code": "trade_codes",
    "trade_label": "trade_codes",
    "title": "trade_codes",
    "naf_code": "trade_codes",
    "diploma_code": "trade_codes",
    "rncp_code": "trade_codes",
    "postal_code": "commune_code",
    "place_name": "commune_code",
}

Part = dict[str, Any]
"""Notes of one reason by column: the cells, or one text for all of them."""


def notes_frame(tables: Iterable[tuple[Findings, pd.DataFrame]]) -> pd.DataFrame:
    """Return all notes of several tables, sorted by file, sheet, line, column and reason.

    Parameters
    ----------
    tables : iterable of (Findings, DataFrame)
        The clean columns of every row go with the findings; an empty frame where there are
        none.

    Returns
    -------
    DataFrame
        `NOTE_COLUMNS`: ``line`` and ``count_like_it`` int64 (line 0: the whole file), the
        others text. ``value`` is the cell as written, personal data hidden; ``used`` what
        the run works with, "" where it has no such column or the cell is personal.
    """
    return frame_of_notes(part for table in tables for part in notes_of(*table))


def frame_of_notes(notes: Iterable[Part]) -> pd.DataFrame:
    """Return notes, as `notes_of` gives them, as `notes_frame` does."""
    parts = list(notes)
    dtypes = dict.fromkeys(NOTE_COLUMNS, "str") | {"line": "int64", "count_like_it": "int64"}
    if not parts:
        return pd.DataFrame({name: [] for name in NOTE_COLUMNS}).astype(dtypes)
    columns = {
        name: np.concatenate([part[name] for part in parts])
        if name in ("line", "count_like_it")
        else _texts([part[name] for part in parts], [len(part["line"]) for part in parts])
        for name in NOTE_COLUMNS
    }
    frame = pd.DataFrame(columns).astype(dtypes)
    order = ["file", "sheet", "line", "table", "column", "reason_code", "value"]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def _texts(pieces: Iterable[str | Sequence[str]], sizes: Iterable[int]) -> pd.Series:
    """Return the cells of several parts one below the other; a text stands for all of its part."""
    arrays = [
        pa.repeat(pa.scalar(piece, pa.large_string()), size)
        if isinstance(piece, str)
        else pa.array(piece, type=pa.large_string())
        for piece, size in zip(pieces, sizes, strict=True)
    ]
    return pd.Series(pd.array(pa.chunked_array(arrays, type=pa.large_string()), dtype="str"))


def notes_of(findings: Findings, frame: pd.DataFrame) -> Iterable[Part]:
    """Yield the notes of one table, a reason at a time; the cells they quote are in them."""
    if findings.faults:
        yield _rejected(findings)
    for (kind, reason, column), count, line in findings.without_rows():
        is_of_sheet = reason in OF_A_SHEET
        yield {
            "verdict": VERDICTS[kind],
            "table": findings.role,
            "file": findings.file,
            "sheet": column if is_of_sheet else "",
            "line": np.array([line], dtype=np.int64),
            "column": "" if is_of_sheet else column,
            "value": "",
            "used": "",
            "reason_code": reason,
            "count_like_it": np.array([count], dtype=np.int64),
        }
    for key, parts in findings.rows.items():
        yield _cells(findings, frame, key, np.concatenate(parts))


def _rejected(findings: Findings) -> Part:
    """Return the faults, each with its own column and reason."""
    faults = pd.DataFrame(
        [fault[:7] for fault in findings.faults],
        columns=["table", "file", "sheet", "line", "column", "value", "reason_code"],
    ).astype({"value": "str", "line": "int64"})
    for column in faults["column"].unique():
        # An error of a spreadsheet says nothing of the person.
        here = (faults["column"] == column) & (faults["reason_code"] != ERROR)
        hidden = mask(
            faults.loc[here, "value"], is_personal=is_personal_column(findings.role, column)
        )
        faults.loc[here, "value"] = hidden
    like = faults.groupby(["column", "reason_code"])["line"].transform("size")
    return {
        **{name: faults[name].array for name in faults.columns},
        "verdict": "rejected",
        "used": "",
        "count_like_it": like.to_numpy(dtype=np.int64),
    }


def _cells(findings: Findings, frame: pd.DataFrame, key: Key, rows: NDArray[np.intp]) -> Part:
    """Return the notes of one reason: one a cell, or one a distinct cell."""
    kind, reason, column = key
    verdict, is_personal = VERDICTS[kind], is_personal_column(findings.role, column)
    written = findings.cells.get(column)
    name = _USED.get(column, column)
    used = None if is_personal or name not in frame else _as_text(frame[name].iloc[rows])
    count = np.full(len(rows), len(rows), dtype=np.int64)
    first = np.arange(len(rows))
    if verdict not in _CELL_BY_CELL:
        cells = [] if written is None else [written.iloc[rows]]
        cells += [] if used is None else [pd.Series(used[0])]
        of_row, first = combinations(cells or [pd.Series(np.zeros(len(rows), dtype=np.int8))])
        count = np.bincount(of_row)
    here = rows[first]
    return {
        "verdict": verdict,
        "table": findings.role,
        "file": findings.file,
        "sheet": findings.sheets_of(here),
        "line": findings.lines[here],
        "column": column,
        "value": "" if written is None else mask(written.iloc[here], is_personal=is_personal).array,
        "used": "" if used is None else mask(used[1], is_personal=False).array.take(used[0][first]),
        "reason_code": reason,
        "count_like_it": count,
    }


def _as_text(values: pd.Series) -> tuple[NDArray[np.intp], pd.Series]:
    """Return what the run works with: the text of each row by number, and the texts, each once."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    each = pd.Series(distinct)
    if pd.api.types.is_datetime64_any_dtype(each.dtype):
        each = each.dt.strftime("%Y-%m-%d").fillna("")
    if pd.api.types.is_float_dtype(each.dtype):
        each = each.map("{:g}".format).replace("nan", "")
    of_distinct, texts = pd.factorize(each.astype("str"))
    return of_distinct[codes], pd.Series(texts, dtype="str")
