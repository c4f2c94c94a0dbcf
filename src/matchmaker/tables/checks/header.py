"""The header of a table: which columns it has, and whether it is a header at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue, did_you_mean, printable
from matchmaker.tables.checks.footers import footer_issues, footers
from matchmaker.tables.mapping import map_option
from matchmaker.tables.raw import RawTable, Sheets
from matchmaker.tables.reading.header_rows import belongs_to
from matchmaker.tables.schemas import MAIN_TABLES, Column, columns_of, normal_name, own_columns
from matchmaker.tables.synonyms import proposals
from matchmaker.words import Said, Text, said, word

__all__ = ["Columns", "pick_columns"]

_SHOWN = 30  # columns spelled out in a message
_MAY_BE_EMPTY = frozenset({"sent"})  # before the first wave nothing was
# Columns whose default lets somebody in or keeps an offer open: one that is there in other
# words is never taken for absent.
_LET_IN = {
    "youths": frozenset({"birth_date", "birth_year", "opt_out", "status"}),
    "offers": frozenset({"expiry_date", "status"}),
}
_PLACES = frozenset({"postal_code", "commune_code", "place_name"})


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
    in_words : tuple of str
        Those of them that may mean a column that is not there.
    faults : tuple of Issue
        Rows that repeat the header, totals and remarks.
    blank_rows : int
        Rows without content that were dropped.
    sheets : Sheets or None
        Of a workbook: in which sheet each row stands, under the neutral names.
    headless : dict of str to int
        Columns without a header, by their place from 1, and the rows that fill them.
    """

    cells: dict[str, pd.Series]
    lines: NDArray[np.int64]
    unknown: tuple[str, ...]
    in_words: tuple[str, ...]
    faults: tuple[Issue, ...]
    blank_rows: int
    sheets: Sheets | None = None
    headless: Mapping[str, int] = field(default_factory=dict)


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
        raise InputError(
            [
                Issue(
                    reason="no_rows",
                    file=raw.file,
                    message=said("header.no_rows"),
                    hint=said("header.no_rows_hint"),
                )
            ]
        )
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
        Issue(
            reason="repeated_header",
            file=raw.file,
            line=int(raw.lines[row]),
            sheet="" if raw.sheets is None else raw.sheets.names[raw.sheets.of_row[row]],
            column=next(iter(cells)),
            value=next(iter(cells)),
            message=said("header.repeated"),
            hint=said("header.repeated_hint"),
        )
        for row in np.flatnonzero(is_header)
    )
    is_remark = np.zeros(n, dtype=bool)
    key = next((positions[c.name] for c in known.values() if c.is_filled and c.name in cells), None)
    if key is not None:
        below = footers(raw.frame, key)
        is_remark[below] = True
        faults += tuple(footer_issues(raw, below, key))
    keep = ~(is_blank | is_header | is_remark)
    if not keep.all():
        cells = {name: column[keep].reset_index(drop=True) for name, column in cells.items()}
    return Columns(
        cells=cells,
        lines=raw.lines[keep],
        unknown=tuple(h for h, name in zip(headers, names, strict=True) if h and name not in known),
        in_words=tuple(proposals(raw.role, headers)),
        faults=faults,
        blank_rows=raw.blank_rows + int(is_blank.sum()),
        sheets=None if raw.sheets is None else _neutral(raw.sheets, keep),
        headless={
            str(i + 1): int((raw.frame.iloc[keep, i].str.strip() != "").sum())
            for i, header in enumerate(headers)
            if not header.strip()
        },
    )


def _neutral(sheets: Sheets, keep: NDArray[np.bool_]) -> Sheets:
    """Return the sheets of the rows that are kept, columns under their neutral names."""
    columns = tuple({normal_name(h): at for h, at in places.items()} for places in sheets.columns)
    return replace(sheets, of_row=sheets.of_row[keep], columns=columns)


def _names_itself(column: pd.Series, header: str) -> NDArray[np.bool_]:
    """Tell which cells hold the header of their own column."""
    cells = pc.ascii_lower(pc.utf8_trim_whitespace(pa.array(column, type=pa.large_string())))
    return np.asarray(pc.equal(cells, header.strip().lower()))


def _header_issues(raw: RawTable, headers: list[str], names: list[str]) -> list[Issue]:
    """Return what is wrong with the header."""
    known = columns_of(raw.role)
    found = [name for name in names if name in known]
    meant = proposals(raw.role, headers)
    other = _other_table(raw.role, set(names)) or _other_in_words(raw.role, headers)
    if other and not own_columns(raw.role) & {*names, *meant.values()}:
        return [_swapped(raw, other)]
    if not found:
        return [_no_header(raw, meant)]
    header_of = {column: header for header, column in meant.items()}
    shown = [printable(h, 40) for h in headers[:_SHOWN] if h]
    issues = [
        Issue(
            reason="missing_column",
            file=raw.file,
            sheet=_sheet(raw),
            line=raw.header_line,
            column=column.name,
            message=said("header.missing", seen=shown),
            hint=_how_to_add(raw.role, column, header_of, names),
        )
        for column in known.values()
        if column.is_required and column.name not in found
    ]
    issues += [
        Issue(
            reason="column_twice",
            file=raw.file,
            sheet=_sheet(raw),
            line=raw.header_line,
            column=name,
            message=said("header.twice"),
            hint=said("header.twice_hint"),
        )
        for name in dict.fromkeys(found)
        if found.count(name) > 1
    ]
    return issues + _in_words(raw, meant, set(found))


def _in_words(raw: RawTable, meant: Mapping[str, str], found: set[str]) -> list[Issue]:
    """Name all columns in words where one of them must not be taken for absent."""
    is_placed = bool(_PLACES & found) or raw.role not in ("youths", "offers")
    lets_in = _LET_IN.get(raw.role, frozenset()) | (frozenset() if is_placed else _PLACES)
    if not lets_in & set(meant.values()):
        return []
    return [
        Issue(
            reason="column_in_words",
            file=raw.file,
            sheet=_sheet(raw),
            line=raw.header_line,
            column=header,
            message=said("header.not_assumed", default=_default(column))
            if column in lets_in
            else said("header.not_read"),
            hint=said(
                "header.not_assumed_hint",
                option=map_option(raw.role, column, header),
                none=map_option(raw.role, column, ""),
            ),
        )
        for header, column in meant.items()
    ]


def _sheet(raw: RawTable) -> str:
    return raw.sheets.names[0] if raw.sheets else ""


def _default(column: str) -> Said:
    """Say what an absent column would be taken for."""
    return said("header.no_place") if column in _PLACES else word("let_in", column)


def _no_header(raw: RawTable, meant: Mapping[str, str]) -> Issue:
    """Say that a line is no header, or that it is one in words."""
    required = {column.name for column in columns_of(raw.role).values() if column.is_required}
    table = word("of_table", raw.role)
    if required and required <= set(meant.values()):
        options = " ".join(map_option(raw.role, column, h) for h, column in meant.items())
        return Issue(
            reason="headers_in_words",
            file=raw.file,
            sheet=_sheet(raw),
            line=raw.header_line,
            message=said("header.in_words", table=table),
            hint=said("header.in_words_hint", options=options),
        )
    # Nothing of this line is echoed: it may be the first row, and hold personal data.
    hint = said("header.must_name", names=list(columns_of(raw.role))[:6])
    return Issue(
        reason="no_header",
        file=raw.file,
        sheet=_sheet(raw),
        line=raw.header_line,
        hint=hint,
        message=said("header.none", table=table),
    )


def _how_to_add(role: str, column: Column, header_of: Mapping[str, str], names: list[str]) -> Text:
    """Say what to do about a required column that is missing."""
    if column.name in header_of:
        option = map_option(role, column.name, header_of[column.name])
        return said("header.map_it", option=option)
    others = [name for name in names if name not in columns_of(role)]
    add = said("header.add_filled" if column.is_filled else "header.add_blank")
    return did_you_mean(column.name, others) or add


def _other_table(role: str, names: set[str]) -> str:
    """Return the main table that these columns belong to, if another one."""
    if role not in MAIN_TABLES:
        return ""
    counts = {other: len(own_columns(other) & names) for other in MAIN_TABLES if other != role}
    best = max(counts, key=lambda other: counts[other])
    return best if counts[best] else ""


def _other_in_words(role: str, headers: list[str]) -> str:
    """Return the main table whose header this is in words, if it is not that of `role`."""
    if role not in MAIN_TABLES or belongs_to(role, headers):
        return ""
    return next((t for t in MAIN_TABLES if t != role and belongs_to(t, headers)), "")


def _swapped(raw: RawTable, other: str) -> Issue:
    theirs, ours = word("of_table", other), word("of_table", raw.role)
    return Issue(
        reason="wrong_table",
        file=raw.file,
        sheet=_sheet(raw),
        line=raw.header_line,
        message=said("header.wrong_table", other=theirs, table=ours),
        hint=said("header.wrong_table_hint", other=theirs),
    )
