"""What a cell of a date says, in the forms that people and spreadsheets write."""

from __future__ import annotations

import datetime as dt
import re

from matchmaker.tables.checks.answer import MISSING, Answer, fold_cell, missing, tidy
from matchmaker.tables.schemas import Column
from matchmaker.words import said

__all__ = ["date_bounds", "parse_date"]

_TIME = r"(?P<time>[T ]\s?\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})(?P<s>[-/. ])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})" + _TIME)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?P<time>)(?P<zone>)")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_SERIAL_ZERO = dt.date(1899, 12, 30)  # day 0 of Excel's dates, its false leap day taken in
_AT_ONCE = frozenset(
    {
        "des que possible",
        "asap",
        "immediat",
        "immediate",
        "immediatement",
        "de suite",
        "tout de suite",
        "au plus tot",
        "des maintenant",
        "as soon as possible",
        "maintenant",
    }
)
_NEVER = 2100  # "9999-12-31" and its like say that there is no end


def date_bounds(name: str, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a column may hold."""
    if name == "birth_date":
        return dt.date(as_of.year - 100, 1, 1), as_of
    return dt.date(1990, 1, 1), dt.date(_NEVER - 1, 12, 31)


def parse_date(text: str, column: Column, low: dt.date, high: dt.date) -> Answer:
    """Read one cell of a date.

    Parameters
    ----------
    text : str
        The cell as written.
    column : Column
        Its default says whether "as soon as possible" may stand there.
    low, high : date
        First and last day that are believed (`date_bounds`).

    Examples
    --------
    >>> column = Column(name="start_date", kind="date", meaning="")
    >>> low, high = date_bounds("start_date", dt.date(2023, 9, 15))
    >>> parse_date("15/09/2023", column, low, high).value
    datetime.date(2023, 9, 15)
    >>> parse_date("15/09/23", column, low, high).reason
    'two_digit_year'
    """
    result, reason = tidy(text)
    folded = fold_cell(result)
    if not result or folded in MISSING:
        return missing(result)
    if folded in _AT_ONCE and column.default in {"at once", "as soon as possible"}:
        return Answer(None, "repair", "as_soon_as_possible")
    found = (
        _YEAR_FIRST.fullmatch(result) or _DAY_FIRST.fullmatch(result) or _COMPACT.fullmatch(result)
    )
    if not found:
        return _date_in_no_form(result, low, high)
    try:
        day = dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return _no_such_day(found)
    if column.name == "expiry_date" and day.year >= _NEVER:
        return Answer(None, "repair", "no_end")
    return _day(day, _repair_of(found) or reason, low, high)


def _date_in_no_form(text: str, low: dt.date, high: dt.date) -> Answer:
    """Read the number of a day in Excel; all else that is no date is a fault."""
    hint = said("cell.date_hint")
    if _SHORT_YEAR.fullmatch(text):
        return Answer(None, "reject", "two_digit_year", said("cell.two_digit_year"), hint)
    serial = _SERIAL.fullmatch(text)
    day = _SERIAL_ZERO + dt.timedelta(days=int(serial[1])) if serial else dt.date.min
    if low <= day <= high:
        return Answer(day, "repair", "excel_serial")
    return Answer(None, "reject", "not_a_date", said("cell.not_a_date"), hint)


def _no_such_day(found: re.Match[str]) -> Answer:
    """Say what is wrong with a day that no calendar has."""
    month, hint = int(found["m"]), said("cell.date_hint")
    if found.re is _DAY_FIRST and month > 12 and int(found["d"]) <= 12:
        what = said("cell.month_first", month=month)
        return Answer(None, "reject", "month_first", what, hint)
    return Answer(None, "reject", "impossible_date", said("cell.impossible_date"), hint)


def _repair_of(found: re.Match[str]) -> str:
    """Return the reason code of what a date's own form loses: its time, or its signs."""
    if found["time"] and (found["zone"] or re.search(r"[1-9]", found["time"])):
        return "time_dropped"
    return "" if found.re is _YEAR_FIRST and found["s"] == "-" else "date_form"


def _day(day: dt.date, reason: str, low: dt.date, high: dt.date) -> Answer:
    if low <= day <= high:
        return Answer(day, "repair" if reason else "", reason)
    what = said("cell.out_of_bounds", low=low, high=high)
    return Answer(None, "reject", "date_out_of_bounds", what, said("cell.date_hint"))
