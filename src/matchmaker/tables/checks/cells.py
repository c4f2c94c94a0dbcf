"""What one cell says: each parser takes a text and gives a value and a verdict.

Parsers see each distinct text of a column once, so they are written to be read.
Every rule here repairs what has one meaning only; what has two is a fault.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache, partial
from math import inf

from matchmaker.errors import did_you_mean
from matchmaker.tables.checks.answer import MISSING, Answer, Parser, fold_cell, missing, tidy
from matchmaker.tables.checks.dates import date_bounds, parse_date
from matchmaker.tables.checks.flag_words import yes_or_no
from matchmaker.tables.checks.links import parse_link
from matchmaker.tables.checks.mojibake import is_damaged
from matchmaker.tables.checks.ranks import rank_digits
from matchmaker.tables.normal_forms import normal_phone
from matchmaker.tables.schemas import Column
from matchmaker.words import said

__all__ = ["METRES", "parser_of"]

_EMAIL = re.compile(r"[^\s@;,<>\"]+@[^\s@;,<>\"]+\.[^\s@;,<>\"]+")
# Sex, year, month (or 20 and more where unknown), department, commune, order, key.
_NIR = re.compile(
    r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.IGNORECASE
)
# National number of a pupil or student: ten digits and a letter, or nine and two signs.
_INE = re.compile(r"\d{9}[0-9A-Z][A-Z]", re.IGNORECASE)
# What Excel shows of a long number, and saves as CSV: the digits are gone.
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}", re.IGNORECASE)

_INTEGER = re.compile(r"[+-]?\d+(?:[.,]0+)?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?")
METRES = re.compile(r"\s*(?:m|m[eè]tres?)\.?$", re.IGNORECASE)
_KM = re.compile(r"\s*(?:kms?|kilom[eè]tres?)\.?$", re.IGNORECASE)
_DIGIT_GAP = re.compile(r"(?<=\d)[ ' ](?=\d{3}(?:\D|$))")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")

_YES = frozenset(
    {"1", "1.0", "1,0", "true", "vrai", "oui", "o", "yes", "y", "v", "t", "x", "✓", "✔", "☑"}
)
_NO = frozenset({"0", "0.0", "0,0", "false", "faux", "non", "n", "no", "f"})


def parser_of(column: Column, as_of: dt.date) -> Parser:
    """Return the parser of a column's kind; kinds resolved by tables are read as text."""
    low, high = date_bounds(column.name, as_of)
    least, most = int(column.low or 0), int(column.high or 2**31 - 1)
    parsers: dict[str, Parser] = {
        "id": partial(_id, column=column),
        "date": partial(parse_date, column=column, low=low, high=high),
        "year": partial(_integer, low=as_of.year - 100, high=as_of.year),
        "rank": partial(_rank, low=least, high=most),
        "integer": partial(_integer, low=least, high=most),
        "number": partial(_number, column=column),
        "flag": partial(_flag, column=column),
        "answer": partial(_yes_or_no, column=column),
        "choice": partial(_choice, column=column),
        "email": _email,
        "phone": _phone,
        "link": partial(_link, column=column),
        "text": partial(_text, column=column, is_free=True),
    }
    kind = "rank" if column.name == "rank" else column.kind
    return parsers.get(kind, partial(_text, column=column, is_free=False))


def _too_long(text: str, column: Column) -> Answer:
    message = said("cell.too_long", length=len(text), most=column.max_length)
    return Answer("", "reject", "too_long", message, said("cell.shorten"), text[:60] + "…")


def _text(text: str, column: Column, *, is_free: bool) -> Answer:
    """Free text, or a text that a table of reference will resolve."""
    if "\x00" in text:
        return Answer(
            "",
            "reject",
            "nul_byte",
            said("cell.nul_byte"),
            said("cell.nul_byte_hint"),
            text.replace("\x00", "\\x00")[:80],
        )
    if len(text) > column.max_length:
        return _too_long(text, column)
    result, reason = tidy(text, is_free=is_free)
    if is_damaged(result):
        if is_free:
            return Answer(result, "warning", "damaged_characters")
        return Answer(
            "",
            "reject",
            "damaged_characters",
            said("cell.damaged"),
            said("reading.as_utf8"),
        )
    if not is_free and result.casefold() in MISSING:
        return Answer("", "repair", "written_as_missing")
    return Answer(result, "repair" if reason else "", reason)


def _id(text: str, column: Column) -> Answer:
    result, reason = tidy(text)
    if not result:
        hint = said("cell.no_id_hint", column=column.name)
        return Answer("", "reject", "missing_id", said("cell.no_id"), hint)
    if reason in {"control_characters", "line_breaks"} or "\ufffd" in result:
        return Answer(
            "",
            "reject",
            "id_control_characters",
            said("cell.id_control"),
            said("cell.take_out"),
            "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)[:80],
        )
    if len(result) > column.max_length:
        return _too_long(result, column)
    if _SCIENTIFIC.fullmatch(result):
        hint = said("cell.id_scientific_hint")
        return Answer("", "reject", "id_scientific", said("cell.id_scientific"), hint)
    if column.name == "youth_id" and (personal := _personal_id(result)) is not None:
        return personal
    return Answer(result, "repair" if reason else "", reason)


def _personal_id(text: str) -> Answer | None:
    """Refuse an address or a person's number as an id, without repeating it."""
    hint = said("cell.id_hint")
    if _EMAIL.fullmatch(text):
        return Answer("", "reject", "id_is_email", said("cell.id_is_email"), hint, "…@…")
    if _NIR.fullmatch(re.sub(r"[\s.\-]", "", text)):
        return Answer("", "reject", "id_is_nir", said("cell.id_is_nir"), hint, "…")
    if _INE.fullmatch(re.sub(r"[\s.\-]", "", text)):
        return Answer("", "reject", "id_is_ine", said("cell.id_is_ine"), hint, "…")
    return None


def _plain_number(text: str) -> tuple[str, str]:
    """Return a number's text with plain signs and without gaps between thousands."""
    result, reason = tidy(text)
    result = result.replace("\N{MINUS SIGN}", "-")
    joined = _DIGIT_GAP.sub("", result)
    return joined, "number_form" if joined != result else reason


def _integer(text: str, low: int, high: int) -> Answer:
    result, reason = _plain_number(text)
    if not result or result.casefold() in MISSING:
        return missing(result)
    if not _INTEGER.fullmatch(result):
        if _NUMBER.fullmatch(result):
            what = said("cell.not_whole")
            return Answer(None, "reject", "not_whole", what, said("cell.write_whole"))
        hint = said("cell.write_whole_digits")
        return Answer(None, "reject", "not_a_number", said("cell.not_a_number"), hint)
    if _THOUSANDS.fullmatch(result):
        return Answer(
            None,
            "reject",
            "ambiguous_number",
            said("cell.ambiguous_number"),
            said("cell.no_separators"),
        )
    whole = re.split(r"[.,]", result)[0]
    if len(whole) > 18 or not low <= int(whole) <= high:
        what = said("cell.out_of_bounds", low=low, high=high)
        return Answer(None, "reject", "out_of_bounds", what)
    if whole != result:
        reason = "number_form"
    return Answer(int(whole), "repair" if reason else "", reason)


def _rank(text: str, low: int, high: int) -> Answer:
    """Read a whole number, or one with the words that people put around a rank."""
    answer = _integer(text, low, high)
    if answer.reason != "not_a_number" or not (digits := rank_digits(tidy(text)[0])):
        return answer
    in_words = _integer(digits, low, high)
    return (
        in_words
        if in_words.verdict == "reject"
        else replace(in_words, verdict="repair", reason="rank_in_words")
    )


def _number(text: str, column: Column) -> Answer:
    result, reason = _plain_number(text)
    per_unit = 1.0
    if column.name.endswith("_km"):
        bare = _KM.sub("", result)
        if bare == result and (metres := METRES.sub("", result)) != result:
            bare, per_unit = metres, 1000.0
        if bare != result:
            result, reason = bare, "unit"
    if not result or result.casefold() in MISSING:
        return missing(result)
    if not _NUMBER.fullmatch(result):
        hint = said("cell.write_digits")
        return Answer(None, "reject", "not_a_number", said("cell.not_a_number"), hint)
    readings = [float(result.replace(",", ".")) / per_unit]
    if _THOUSANDS.fullmatch(result):
        readings.append(float(re.sub("[.,]", "", result)) / per_unit)
    low = -inf if column.low is None else column.low
    high = inf if column.high is None else column.high
    within = [number for number in dict.fromkeys(readings) if low <= number <= high]
    if not within:
        what = said("cell.out_of_bounds", low=f"{low:g}", high=f"{high:g}")
        return Answer(None, "reject", "out_of_bounds", what)
    if len(within) > 1:
        what, hint = said("cell.ambiguous_number"), said("cell.no_separators")
        return Answer(None, "reject", "ambiguous_number", what, hint)
    if "," in result:
        reason = "decimal_comma"
    return Answer(within[0], "repair" if reason else "", reason)


def _flag(text: str, column: Column) -> Answer:
    folded = fold_cell(tidy(text)[0])
    if not folded or folded in _NO:
        return Answer(value=False)
    if folded in _YES:
        return Answer(value=True)
    in_words = yes_or_no(folded, column.name)
    if in_words is not None:
        return Answer(in_words, "repair", "flag_in_words")
    if column.name == "opt_out":
        return Answer(
            True,
            "reject",
            "unclear_opt_out",
            said("cell.unclear_opt_out"),
            said("cell.write_flag"),
        )
    return Answer(False, "warning", "unclear_flag")


def _yes_or_no(text: str, column: Column) -> Answer:
    """Read a flag that tells "no" from "not said": yes, no, or nothing."""
    if fold_cell(tidy(text)[0]) in {"", *MISSING}:
        return Answer("")
    answer = _flag(text, column)
    if answer.verdict == "warning":
        return replace(answer, value="")
    return replace(answer, value="yes" if answer.value else "no")


@cache
def _spellings(column: Column) -> dict[str, str]:
    return {spelling: value for value, spellings in column.choices for spelling in spellings}


def _choice(text: str, column: Column) -> Answer:
    folded = fold_cell(tidy(text)[0])
    if not folded:
        return Answer(column.default)
    value = _spellings(column).get(folded)
    if value is None:
        known = [value for value, _ in column.choices]
        hint = did_you_mean(folded, _spellings(column)) or said("cell.known_choices", names=known)
        return Answer("", "reject", "unknown_choice", said("cell.unknown_choice"), hint)
    return Answer(value)


def _link(text: str, column: Column) -> Answer:
    return _too_long(text, column) if len(text) > column.max_length else parse_link(text)


def _email(text: str) -> Answer:
    result = tidy(text)[0]
    if not result:
        return Answer(value=False)
    if _EMAIL.fullmatch(result) and result[0] not in "=+-@":
        return Answer(value=True)
    return Answer(False, "warning", "email_unusable")


def _phone(text: str) -> Answer:
    """Read one telephone number or several; what is none is left out of the contacts."""
    parts = [part for part in re.split(r"[;,|]", tidy(text)[0]) if part.strip()]
    if all(normal_phone(part) for part in parts):
        return Answer("")
    return Answer("", "warning", "phone_unusable")
