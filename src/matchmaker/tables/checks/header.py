"""The header of a table: which columns it has, and whether it is a header at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue, did_you_mean, printable
from matchmaker.tables.raw import RawTable
from matchmaker.tables.schemas import MAIN_TABLES, columns_of, normal_name, own_columns

__all__ = ["Columns", "pick_columns"]

_SHOWN = 30  # columns spelled out in a message
_MAY_BE_EMPTY = frozenset({"sent"})  # before the first wave nothing was
_LOOKED_AT = 10  # rows in which a header below a title is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The known columns of a raw table, under their neutral names.

    Attributes
    ----------
    cells : dict of str to Series
        Columns that are there, n rows each, plain row numbers.
    lines : ndarray of int64, shape (n,)
    unknown : tuple of str
        Headers that no column bears; they are ignored.
    faults : tuple of Issue
        Rows that repeat the header.
    blank_rows : int
        Rows without content that were dropped.
    """

    cells: dict[str, pd.Series]
    lines: NDArray[np.int64]
    unknown: tuple[str, ...]
    faults: tuple[Issue, ...]
    blank_rows: int


def pick_columns(raw: RawTable) -> Columns:
    """Find the columns of the table by name, in any order.

    Raises
    ------
    InputError
        There is no header, it is that of another table, a required column is missing,
        or one stands twice; or the table has no row (of `sent` that is no fault).
    """
    known = columns_of(raw.role)
    headers = [str(name) for name in raw.frame.columns]
    names = [normal_name(header) for header in headers]
    issues = _header_issues(raw, headers, names)
    if issues:
        raise InputError(issues)
    if not len(raw.frame) and not raw.faults and raw.role not in _MAY_BE_EMPTY:
        raise InputError([
            Issue(reason="no_rows", file=raw.file, message="has a header and no row",
                  hint="Export it again, with its rows.")
        ])  # fmt: skip
    positions = {name: i for i, name in enumerate(names) if name in known}
    cells = {name: raw.frame.iloc[:, i] for name, i in positions.items()}
    n = len(raw.frame)
    is_blank = np.ones(n, dtype=bool)
    is_header = np.full(n, len(cells) > 1)
    for name, column in cells.items():
        is_blank &= (column.str.strip() == "").to_numpy(dtype=bool) if is_blank.any() else False
        if is_header.any():
            is_header &= _names_itself(column, headers[positions[name]])
    faults = tuple(
        Issue(reason="repeated_header", file=raw.file, line=int(raw.lines[row]),
              column=next(iter(cells)), value=next(iter(cells)),
              message="repeats the header: it is no row", hint="Take the line out.")
        for row in np.flatnonzero(is_header)
    )  # fmt: skip
    keep = ~(is_blank | is_header)
    if not keep.all():
        cells = {name: column[keep].reset_index(drop=True) for name, column in cells.items()}
    return Columns(
        cells=cells,
        lines=raw.lines[keep],
        unknown=tuple(h for h, name in zip(headers, names, strict=True) if h and name not in known),
        faults=faults,
        blank_rows=raw.blank_rows + int(is_blank.sum()),
    )


def _names_itself(column: pd.Series, header: str) -> NDArray[np.bool_]:
    """Tell which cells hold the header of their own column."""
    cells = pc.ascii_lower(pc.utf8_trim_whitespace(pa.array(column, type=pa.large_string())))
    return np.asarray(pc.equal(cells, header.strip().lower()))


def _header_issues(raw: RawTable, headers: list[str], names: list[str]) -> list[Issue]:
    """Return what is wrong with the header."""
    known = columns_of(raw.role)
    found = [name for name in names if name in known]
    seen = ", ".join(printable(h, 40) for h in headers[:_SHOWN] if h)
    if not found:
        # Nothing of this line is echoed: it may be the first row, and hold personal data.
        due = ", ".join(list(known)[:6])
        below = _header_below(raw)
        hint = (
            f"The header seems to be on line {below}: take the lines above it out."
            if below
            else f"The first line must name the columns: {due}, ..."
        )
        other = _other_table(raw.role, set(names))
        if other:
            return [_swapped(raw, other)]
        return [Issue(reason="no_header", file=raw.file, line=raw.header_line, hint=hint,
                      message=f"is not a header of {raw.role}")]  # fmt: skip
    other = _other_table(raw.role, set(names))
    if other and not own_columns(raw.role) & set(names):
        return [_swapped(raw, other)]
    issues = [
        Issue(reason="missing_column", file=raw.file, line=raw.header_line, column=column.name,
              message=f"is missing; the columns seen are: {seen}",
              hint=did_you_mean(column.name, [n for n in names if n not in known])
              or ("Add it." if column.is_filled else "Add it; its cells may be empty."))
        for column in known.values()
        if column.is_required and column.name not in found
    ]  # fmt: skip
    issues += [
        Issue(reason="column_twice", file=raw.file, line=raw.header_line, column=name,
              message="stands more than once", hint="Keep one of them.")
        for name in dict.fromkeys(found)
        if found.count(name) > 1
    ]  # fmt: skip
    return issues


def _header_below(raw: RawTable) -> int | None:
    """Return the line of the first rows that holds a header, as below a title."""
    known = columns_of(raw.role)
    for row in range(min(_LOOKED_AT, len(raw.frame))):
        if any(normal_name(str(cell)) in known for cell in raw.frame.iloc[row] if len(cell) < 60):
            return int(raw.lines[row])
    return None


def _other_table(role: str, names: set[str]) -> str:
    """Return the main table that these columns belong to, if another one."""
    if role not in MAIN_TABLES:
        return ""
    counts = {other: len(own_columns(other) & names) for other in MAIN_TABLES if other != role}
    best = max(counts, key=lambda other: counts[other])
    return best if counts[best] else ""


def _swapped(raw: RawTable, other: str) -> Issue:
    return Issue(reason="wrong_table", file=raw.file, line=raw.header_line,
                 message=f"has the columns of {other}, not of {raw.role}",
                 hint=f"Give it as {other}; the files may be swapped.")  # fmt: skip
