"""A column has one meaning: what one row proves holds for the rows that could be read two ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.tables.checks.cells import METRES
from matchmaker.tables.checks.findings import Findings
from matchmaker.tables.schemas import columns_of
from matchmaker.words import said

__all__ = ["refuse_dates_of_two_readings", "say_units"]

# Dates whose first two numbers are a day and a month, in an order that only the column tells.
_TWO_NUMBERS = r"^\s*([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ][0-9]{2}([0-9]{2})?([T ].*)?\s*$"
_ISO = r"^\s*[0-9]{4}-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What the dates of a column say about the order of day and month.

    Attributes
    ----------
    rows : ndarray of intp
        Rows whose date has one order or the other.
    open : ndarray of intp
        Those among them that could be read both ways, as two different days.
    month_first, day_first : int
        A row that proves it, -1 for none.
    """

    rows: NDArray[np.intp]
    open: NDArray[np.intp]
    month_first: int
    day_first: int


def refuse_dates_of_two_readings(cells: Mapping[str, pd.Series], findings: Findings) -> None:
    """Reject dates that another row of the file proves to be written month first, or may be.

    In a column where one date has a month first ("10/25/2026"), "09/12/2026" is no 9 December.
    A column that proves nothing by itself is taken as the other columns of its file: one
    program wrote them all.

    Parameters
    ----------
    cells : mapping of str to Series of str
        Columns of the file, n rows each.
    findings : Findings
    """
    dates = [column.name for column in columns_of(findings.role).values() if column.kind == "date"]
    orders = {name: _order(cells[name]) for name in dates if name in cells}
    proof = next((name for name, order in orders.items() if order.month_first >= 0), "")
    if not proof:
        return
    for name, order in orders.items():
        is_proven = order.month_first >= 0
        if is_proven:
            line = int(findings.lines[order.month_first])
            findings.add("warning", "month_first_column", name, 1, line)
        elif order.day_first >= 0:
            continue  # this column is day first, whatever the other one is
        told = name if is_proven else proof
        line = int(findings.lines[orders[told].month_first])
        key = "cell.day_or_month_mixed" if order.day_first >= 0 else "cell.day_or_month"
        findings.reject(
            order.open,
            reason="day_or_month",
            column=name,
            value=cells[name].iloc[order.open],
            message=said(key, line=line, column=told),
            hint=said("cell.date_hint"),
        )
        if is_proven and order.day_first < 0:
            findings.count("warning", "day_and_month_swapped", name, _swapped(cells[name]))


def _order(cells: pd.Series) -> _Order:
    """Return what the dates of one column say; few columns have any such date."""
    arrow = pa.array(cells, type=pa.large_string())
    rows = np.flatnonzero(np.asarray(pc.match_substring_regex(arrow, _TWO_NUMBERS)))
    if not len(rows):
        return _Order(rows=rows, open=rows, month_first=-1, day_first=-1)
    numbers = cells.iloc[rows].str.extract(_TWO_NUMBERS)[[0, 1]].astype(np.int64).to_numpy()
    first, second = numbers[:, 0], numbers[:, 1]
    is_month_first = (first >= 1) & (first <= 12) & (second > 12) & (second <= 31)
    is_day_first = (second >= 1) & (second <= 12) & (first > 12) & (first <= 31)
    is_open = (first <= 12) & (second <= 12) & (first != second)
    return _Order(
        rows=rows,
        open=rows[is_open],
        month_first=int(rows[is_month_first][0]) if is_month_first.any() else -1,
        day_first=int(rows[is_day_first][0]) if is_day_first.any() else -1,
    )


def _swapped(cells: pd.Series) -> NDArray[np.intp]:
    """Return rows whose date a spreadsheet may have turned round, in a column month first.

    A French one makes 12 September of "12/09/2026" and leaves "10/25/2026" a text: then no
    date that it made has a day above 12.
    """
    parts = cells.str.extract(_ISO)
    is_date = parts["day"].notna().to_numpy(dtype=bool)
    day, month = (parts[name].fillna("0").astype(np.int64).to_numpy() for name in ("day", "month"))
    if (day > 12).any():
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(is_date & (day != month))


def say_units(cells: Mapping[str, pd.Series], findings: Findings) -> None:
    """Count bare numbers as kilometres assumed where other rows of their column give metres."""
    for name in ("max_distance_km",):
        if name not in cells or findings.role != "youths":
            continue
        codes, distinct = pd.factorize(cells[name])
        texts = [text.strip() for text in distinct.tolist()]
        if not any(METRES.search(text) and text[:1].isdigit() for text in texts):
            continue
        is_bare = np.array([text.replace(",", ".").replace(".", "").isdigit() for text in texts])
        findings.count("warning", "unit_assumed", name, np.flatnonzero(is_bare[codes]))
