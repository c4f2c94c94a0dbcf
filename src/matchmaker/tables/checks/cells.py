"""What one cell says: each parser takes a text and gives a value and a verdict.

Parsers see each distinct text of a column once, so they are written to be read.
Every rule here repairs what has one meaning only; what has two is a fault.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from matchmaker.errors import did_you_mean
from matchmaker.tables.schemas import Column

__all__ = ["Answer", "Parser", "parser_of", "tidy"]

Verdict = Literal["", "repair", "default", "warning", "reject"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Value of a cell, and what was found: `reason` is counted, or costs the row.

    `masked` stands in for the written value where that must not be shown at all.
    """

    value: object
    verdict: Verdict = ""
    reason: str = ""
    message: str = ""
    hint: str = ""
    masked: str | None = None


Parser = Callable[[str], Answer]

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_BLANKS = re.compile(r"\s{2,}")
_MISSING = frozenset(
    {"nan", "null", "none", "na", "n/a", "#n/a", "nc", "n.c.", "-", "--", "?", "nr", "<na>", "nat"}
)

_EMAIL = re.compile(r"[^\s@;,<>\"]+@[^\s@;,<>\"]+\.[^\s@;,<>\"]+")
# Sex, year, month (or 20 and more where unknown), department, commune, order, key.
_NIR = re.compile(
    r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.IGNORECASE
)

_TIME = r"(?P<time>[T ]\s?\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})(?P<s>[-/. ])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})" + _TIME)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?P<time>)(?P<zone>)")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_SERIAL_ZERO = dt.date(1899, 12, 30)  # day 0 of Excel's dates, its false leap day taken in
_AT_ONCE = frozenset({
    "des que possible", "asap", "immediat", "immediate", "immediatement", "de suite",
    "tout de suite", "au plus tot", "des maintenant", "as soon as possible", "maintenant",
})  # fmt: skip
_NEVER = 2100  # "9999-12-31" and its like say that there is no end

_INTEGER = re.compile(r"[+-]?\d+(?:[.,]0+)?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?")
_KM = re.compile(r"\s*(?:kms?|kilom[eè]tres?)\.?$", re.IGNORECASE)
_DIGIT_GAP = re.compile(r"(?<=\d)[ ' ](?=\d{3}(?:\D|$))")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")

_YES = frozenset(
    {"1", "1.0", "1,0", "true", "vrai", "oui", "o", "yes", "y", "v", "t", "x", "✓", "✔", "☑"}
)
_NO = frozenset({"0", "0.0", "0,0", "false", "faux", "non", "n", "no", "f"})


@cache
def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def tidy(text: str, *, is_free: bool = False) -> tuple[str, str]:
    r"""Return a text without what nobody sees, and the reason code of the repair.

    Free text keeps its signs (NFC); codes, dates and numbers are brought to their
    plain forms (NFKC, digits of other scripts to 0-9).

    Examples
    --------
    >>> tidy(" Y\u200b001 ")
    ('Y001', 'invisible_characters')
    >>> tidy("Boulanger\x1b[31m", is_free=True)
    ('Boulanger', 'control_characters')
    """
    result = text.strip(" ")
    reason = "spaces" if result != text else ""
    if not result.isascii():
        formed = unicodedata.normalize("NFC" if is_free else "NFKC", result)
        if formed != result:
            result, reason = formed, "unicode_form"
        seen = "".join(c for c in result if unicodedata.category(c) != "Cf")
        if seen != result:
            result, reason = seen, "invisible_characters"
        if not is_free:
            plain = "".join(
                str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in result
            )
            if plain != result:
                result, reason = plain, "other_digits"
    if not result.isprintable():
        plain = _ANSI.sub("", result)
        joined = _BREAKS.sub(" ", plain)
        if joined != plain:
            reason = "line_breaks"
        seen = "".join(c for c in joined if unicodedata.category(c) != "Cc")
        if seen != joined or plain != result:
            reason = "control_characters"
        result = seen
    trimmed = " ".join(result.split())
    return trimmed, reason or ("spaces" if trimmed != text else "")


def parser_of(column: Column, as_of: dt.date) -> Parser:
    """Return the parser of a column's kind; kinds resolved by tables are read as text."""
    name = column.name
    if column.kind == "id":
        return lambda text: _id(text, column)
    if column.kind == "date":
        low, high = _date_bounds(name, as_of)
        return lambda text: _date(text, column, low, high)
    if column.kind == "year":
        return lambda text: _integer(text, as_of.year - 100, as_of.year)
    if column.kind == "integer":
        return lambda text: _integer(text, int(column.low or 0), int(column.high or 2**31 - 1))
    if column.kind == "number":
        return lambda text: _number(text, column)
    if column.kind == "flag":
        return lambda text: _flag(text, column)
    if column.kind == "choice":
        return lambda text: _choice(text, column)
    if column.kind == "email":
        return _email
    is_free = column.kind == "text"
    return lambda text: _text(text, column, is_free=is_free)


def _text(text: str, column: Column, *, is_free: bool) -> Answer:
    """Free text, or a text that a table of reference will resolve."""
    if "\x00" in text:
        return Answer(
            "",
            "reject",
            "nul_byte",
            "holds a NUL byte",
            "The file is damaged: export it again.",
            text.replace("\x00", "\\x00")[:80],
        )
    if len(text) > column.max_length:
        return Answer(
            "",
            "reject",
            "too_long",
            f"has {len(text):,} signs, over {column.max_length:,}",
            "Shorten it.",
            text[:60] + "…",
        )
    result, reason = tidy(text, is_free=is_free)
    if "\ufffd" in result:
        if is_free:
            return Answer(result, "warning", "damaged_characters")
        return Answer(
            "",
            "reject",
            "damaged_characters",
            "holds a sign that could not be read",
            "Export the file as UTF-8.",
        )
    if not is_free and result.casefold() in _MISSING:
        return Answer("", "repair", "written_as_missing")
    return Answer(result, "repair" if reason else "", reason)


def _id(text: str, column: Column) -> Answer:
    result, reason = tidy(text)
    if not result:
        return Answer("", "reject", "missing_id", "is empty", f"Every row needs its {column.name}.")
    if reason in {"control_characters", "line_breaks"} or "\ufffd" in result:
        return Answer(
            "",
            "reject",
            "id_control_characters",
            "holds a line break, a control character or a damaged sign",
            "Take it out.",
            "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)[:80],
        )
    if len(result) > column.max_length:
        return Answer(
            "",
            "reject",
            "too_long",
            f"has {len(result):,} signs, over {column.max_length}",
            "Shorten it.",
            result[:60] + "…",
        )
    if column.name == "youth_id":
        if _EMAIL.fullmatch(result):
            return Answer(
                "",
                "reject",
                "id_is_email",
                "is an e-mail address, which may not serve as an id",
                "Give an id that says nothing about the person.",
                "(hidden: an address)",
            )
        if _NIR.fullmatch(re.sub(r"[\s.\-]", "", result)):
            return Answer(
                "",
                "reject",
                "id_is_nir",
                "looks like a social security number (NIR), which may not serve as an id",
                "Give an id that says nothing about the person.",
                f"(hidden: {len(result)} signs)",
            )
    return Answer(result, "repair" if reason else "", reason)


def _date_bounds(name: str, as_of: dt.date) -> tuple[dt.date, dt.date]:
    if name == "birth_date":
        return dt.date(as_of.year - 100, 1, 1), as_of
    return dt.date(1990, 1, 1), dt.date(_NEVER - 1, 12, 31)


def _date(text: str, column: Column, low: dt.date, high: dt.date) -> Answer:
    result, reason = tidy(text)
    folded = _fold(result)
    if not result or folded in _MISSING:
        return Answer(None, "repair" if result else "", "written_as_missing" if result else "")
    if folded in _AT_ONCE and column.default in {"at once", "as soon as possible"}:
        return Answer(None, "repair", "as_soon_as_possible")
    hint = "Write it as 2007-03-01 (year, month, day)."
    found = (
        _YEAR_FIRST.fullmatch(result) or _DAY_FIRST.fullmatch(result) or _COMPACT.fullmatch(result)
    )
    if not found:
        if _SHORT_YEAR.fullmatch(result):
            return Answer(None, "reject", "two_digit_year", "has a year of two digits", hint)
        serial = _SERIAL.fullmatch(result)
        day = _SERIAL_ZERO + dt.timedelta(days=int(serial[1])) if serial else dt.date.min
        if low <= day <= high:
            return Answer(day, "repair", "excel_serial")
        return Answer(None, "reject", "not_a_date", "is not a date", hint)
    year, month, number = int(found["y"]), int(found["m"]), int(found["d"])
    try:
        day = dt.date(year, month, number)
    except ValueError:
        if found.re is _DAY_FIRST and month > 12 and number <= 12:
            return Answer(
                None,
                "reject",
                "month_first",
                f"has no month {month}: dates are read day first",
                hint,
            )
        return Answer(None, "reject", "impossible_date", "is a date that does not exist", hint)
    if column.name == "expiry_date" and day.year >= _NEVER:
        return Answer(None, "repair", "no_end")
    if not low <= day <= high:
        return Answer(
            None, "reject", "date_out_of_bounds", f"is not between {low} and {high}", hint
        )
    if found["time"] and (found["zone"] or re.search(r"[1-9]", found["time"])):
        reason = "time_dropped"
    elif found.re is not _YEAR_FIRST or found["s"] != "-":
        reason = "date_form"
    return Answer(day, "repair" if reason else "", reason)


def _plain_number(text: str) -> tuple[str, str]:
    """Return a number's text with plain signs and without gaps between thousands."""
    result, reason = tidy(text)
    result = result.replace("\N{MINUS SIGN}", "-")
    joined = _DIGIT_GAP.sub("", result)
    return joined, "number_form" if joined != result else reason


def _integer(text: str, low: int, high: int) -> Answer:
    result, reason = _plain_number(text)
    if not result or result.casefold() in _MISSING:
        return Answer(None, "repair" if result else "", "written_as_missing" if result else "")
    if not _INTEGER.fullmatch(result):
        if _NUMBER.fullmatch(result):
            return Answer(
                None, "reject", "not_whole", "is not a whole number", "Write a whole number."
            )
        return Answer(
            None, "reject", "not_a_number", "is not a number", "Write a whole number in digits."
        )
    if _THOUSANDS.fullmatch(result):
        return Answer(
            None,
            "reject",
            "ambiguous_number",
            "may be a thousand or a decimal",
            "Write it without separators.",
        )
    whole = re.split(r"[.,]", result)[0]
    if len(whole) > 18 or not low <= int(whole) <= high:
        return Answer(None, "reject", "out_of_bounds", f"is not between {low} and {high}", "")
    if whole != result:
        reason = "number_form"
    return Answer(int(whole), "repair" if reason else "", reason)


def _number(text: str, column: Column) -> Answer:
    result, reason = _plain_number(text)
    if column.name.endswith("_km") and (bare := _KM.sub("", result)) != result:
        result, reason = bare, "unit"
    if not result or result.casefold() in _MISSING:
        return Answer(None, "repair" if result else "", "written_as_missing" if result else "")
    if not _NUMBER.fullmatch(result):
        return Answer(None, "reject", "not_a_number", "is not a number", "Write it in digits.")
    if "," in result:
        result, reason = result.replace(",", "."), "decimal_comma"
    number = float(result)
    if (column.low is not None and number < column.low) or (
        column.high is not None and number > column.high
    ):
        return Answer(
            None,
            "reject",
            "out_of_bounds",
            f"is not between {column.low:g} and {column.high:g}",
            "",
        )
    return Answer(number, "repair" if reason else "", reason)


def _flag(text: str, column: Column) -> Answer:
    folded = _fold(tidy(text)[0])
    if not folded or folded in _NO:
        return Answer(value=False)
    if folded in _YES:
        return Answer(value=True)
    if column.name == "opt_out":
        return Answer(
            True,
            "reject",
            "unclear_opt_out",
            "is neither yes nor no: the youth is taken as opted out",
            "Write 1 or 0.",
        )
    return Answer(False, "warning", "unclear_flag")


@cache
def _spellings(column: Column) -> dict[str, str]:
    return {spelling: value for value, spellings in column.choices for spelling in spellings}


def _choice(text: str, column: Column) -> Answer:
    folded = _fold(tidy(text)[0])
    if not folded:
        return Answer(column.default)
    value = _spellings(column).get(folded)
    if value is None:
        known = ", ".join(value for value, _ in column.choices)
        hint = did_you_mean(folded, _spellings(column)) or f"Write one of: {known}."
        return Answer("", "reject", "unknown_choice", "is not known here", hint)
    return Answer(value)


def _email(text: str) -> Answer:
    result = tidy(text)[0]
    if not result:
        return Answer(value=False)
    if _EMAIL.fullmatch(result) and result[0] not in "=+-@":
        return Answer(value=True)
    return Answer(False, "warning", "email_unusable")
