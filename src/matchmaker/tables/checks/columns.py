"""One column at a time: each distinct text is parsed once, the answers go to the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.tables.checks.answer import Answer, Parser
from matchmaker.tables.checks.broken import ERROR, broken_kind, says_where, without_formula
from matchmaker.tables.checks.cells import parser_of
from matchmaker.tables.checks.findings import Findings
from matchmaker.tables.checks.links import PLAIN_LINK
from matchmaker.tables.schemas import Column
from matchmaker.words import Text, said

__all__ = ["check_column", "one_array", "parse_distinct"]

_DTYPES: Final = {
    "date": "datetime64[s]",
    "year": "float64",
    "integer": "float64",
    "number": "float64",
    "flag": "bool",
    "email": "bool",
}
_PLAIN_ADDRESS = r"^[0-9A-Za-z][0-9A-Za-z._+-]*@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+$"
# What may be a thousand, or a number with three decimals.
_THREE_DIGITS = r"^\s*[+-]?[0-9]{1,3}[.,][0-9]{3}\s*$"
# What a cell counts as that cannot be read: its row is rejected.
_NOTHING: Final[dict[str, object]] = {"datetime64[s]": None, "float64": None, "bool": False}
_PLAIN_KINDS = frozenset(
    {"id", "text", "trade_codes", "place", "region", "contract", "level", "coordinate"}
)


def check_column(
    cells: pd.Series | None, column: Column, findings: Findings, *, as_of: dt.date
) -> NDArray[Any] | pd.Series:
    """Return the clean values of one column, and record what was found.

    Parameters
    ----------
    cells : Series of str, or None
        The column as written, n rows; None where the file has no such column.
    column : Column
    findings : Findings
    as_of : date
        Day of the run: bounds of birth dates.

    Returns
    -------
    ndarray or Series, n rows
        dtype ``datetime64[s]`` (NaT), ``float64`` (NaN) or ``bool`` by kind, else ``str``.
    """
    n = len(findings.lines)
    if cells is None:
        if column.default:
            findings.add("default", "column_absent", column.name, n)
        cells = pd.Series(pd.array(pa.repeat(pa.scalar("", pa.large_string()), n), dtype="str"))
    elif column.default:
        blank = np.flatnonzero((cells == "").to_numpy(dtype=bool))
        findings.count("default", "blank", column.name, blank)
    return parse_distinct(cells, column, findings, parser_of(column, as_of))


def parse_distinct(
    cells: pd.Series, column: Column, findings: Findings, parse: Parser
) -> NDArray[Any] | pd.Series:
    """Parse the distinct texts of `cells` and spread the answers to their rows.

    Of ids, free texts, codes and addresses only the rows that are not plain are looked at:
    most need no repair, and most are distinct.
    """
    dtype = _DTYPES.get(column.kind, "str")
    if column.kind == "email":
        rows = np.flatnonzero(~_like(cells, _PLAIN_ADDRESS))
    elif column.kind == "link":
        is_odd = ~_like(cells, PLAIN_LINK) & (cells != "").to_numpy(dtype=bool)
        rows = np.flatnonzero(is_odd | _needs_care(cells, column.max_length, is_id=False))
    elif column.kind in _PLAIN_KINDS:
        is_id, is_person = column.kind == "id", column.name == "youth_id"
        rows = np.flatnonzero(
            _needs_care(cells, column.max_length, is_id=is_id, is_person=is_person)
        )
    else:
        rows = np.arange(len(cells))
    codes, distinct = pd.factorize(cells if len(rows) == len(cells) else cells.iloc[rows])
    if column.kind == "number":
        plain = _numbers(pd.Series(distinct, dtype="str"), column)
        if plain is not None:
            return plain[codes]
    answers = [_answer(parse, text, column) for text in distinct.tolist()]
    _record(cells, rows, codes, answers, column, findings)
    values: list[Any] = [answer.value for answer in answers]
    if column.kind == "email":
        usable = np.ones(len(cells), dtype=bool)
        usable[rows] = np.array(values, dtype=bool)[codes]
        return usable
    if dtype == "str":
        written = distinct.tolist()
        changed = np.array([value != text for value, text in zip(values, written, strict=True)])
        at = np.flatnonzero(changed[codes]) if len(written) else np.zeros(0, dtype=np.intp)
        if not len(at):
            return cells
        is_changed = np.zeros(len(cells), dtype=bool)
        is_changed[rows[at]] = True
        mended = pa.array(values, type=pa.large_string()).take(pa.array(codes[at]))
        texts = pc.replace_with_mask(one_array(cells), is_changed, mended)
        return pd.Series(pd.array(texts, dtype="str"))
    if dtype == "datetime64[s]":
        return np.array(values, dtype=dtype)[codes]
    result: NDArray[Any] = np.array([np.nan if v is None else v for v in values], dtype=dtype)
    return result[codes]


def _answer(parse: Parser, text: str, column: Column) -> Answer:
    """Parse one text; an error, a formula and a NUL byte are faults in a column of any kind."""
    if kind := broken_kind(text):
        plain = without_formula(text)
        if plain != text:
            answer = parse(plain)
            return (
                answer
                if answer.verdict
                else replace(answer, verdict="repair", reason="text_formula")
            )
        if column.kind != "email" or "@" not in text:
            return _broken(kind, column)
    answer = parse(text.replace("\x00", "") if "\x00" in text else text)
    if "\x00" not in text:
        return answer
    shown = answer.masked or text.replace("\x00", "\\x00")[:80]
    return Answer(
        answer.value,
        "reject",
        "nul_byte",
        said("cell.nul_byte"),
        said("cell.nul_byte_hint"),
        shown,
    )


def _broken(kind: str, column: Column) -> Answer:
    """Say that a cell is an error or a formula; who may have refused is taken as opted out."""
    is_error = kind == ERROR
    hint: Text = said("cell.error_hint" if is_error else "cell.formula_hint")
    if column.name == "opt_out":
        hint = said("cell.error_opt_out", hint=hint)
    value = True if column.name == "opt_out" else _NOTHING.get(_DTYPES.get(column.kind, "str"), "")
    return Answer(value, "reject", kind, said("cell.error" if is_error else "cell.formula"), hint)


def _record(
    cells: pd.Series,
    looked_at: NDArray[np.intp],
    codes: NDArray[np.intp],
    answers: list[Answer],
    column: Column,
    findings: Findings,
) -> None:
    """Turn the verdicts on distinct texts into findings on the rows that were looked at."""
    by_reason: dict[tuple[str, str], list[int]] = {}
    for position, answer in enumerate(answers):
        if answer.verdict:
            by_reason.setdefault((answer.verdict, answer.reason), []).append(position)
    for (verdict, reason), positions in by_reason.items():
        is_meant = np.zeros(len(answers), dtype=bool)
        is_meant[positions] = True
        at = np.flatnonzero(is_meant[codes])
        rows = looked_at[at]
        if verdict != "reject":
            findings.count(verdict, reason, column.name, rows)
            continue
        which = [answers[i] for i in codes[at]]
        written = cells.iloc[rows].tolist()
        findings.reject(
            rows,
            reason=reason,
            column=column.name,
            value=[
                text if a.masked is None else a.masked
                for a, text in zip(which, written, strict=True)
            ],
            message=[
                says_where(a.message, findings.cell_of(int(row), column.name))
                for a, row in zip(which, rows, strict=True)
            ],
            hint=[a.hint for a in which],
        )


def _numbers(texts: pd.Series, column: Column) -> NDArray[np.float64] | None:
    """Return all texts as numbers when each is one, plain and within bounds; else None."""
    arrow = pa.array(texts, type=pa.large_string())
    if pc.any(pc.match_substring_regex(arrow, _THREE_DIGITS)).as_py():
        return None
    filled = pc.if_else(pc.equal(arrow, ""), None, arrow)
    try:
        values: NDArray[np.float64] = filled.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    written = values[~np.isnan(values)]
    if len(written) != len(filled) - filled.null_count:  # a "nan" was written out
        return None
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    return values if bool(np.all((written >= low) & (written <= high))) else None


def _like(texts: pd.Series, pattern: str) -> NDArray[np.bool_]:
    """Tell which texts have a form; the others are looked at one by one."""
    return np.asarray(pc.match_substring_regex(pa.array(texts, type=pa.large_string()), pattern))


def _needs_care(
    texts: pd.Series, max_length: int, *, is_id: bool, is_person: bool = False
) -> NDArray[np.bool_]:
    """Tell which texts are not plain: see `_odd_texts`; an empty id is odd too."""
    arrow = one_array(texts)
    offsets = np.frombuffer(arrow.buffers()[1], dtype=np.int64)[arrow.offset :][: len(arrow) + 1]
    buffer = arrow.buffers()[2]
    data = np.frombuffer(buffer, dtype=np.uint8) if buffer else np.zeros(0, dtype=np.uint8)
    odd = np.zeros(len(arrow), dtype=np.bool_)
    _odd_texts(data, offsets, max_length, (is_id, is_person), odd)
    return odd


def one_array(texts: pd.Series) -> pa.LargeStringArray:
    """Return texts as one Arrow array; no copy is made where they lie in one piece."""
    arrow = pa.array(texts, type=pa.large_string())
    if not isinstance(arrow, pa.ChunkedArray):
        return arrow
    return arrow.chunk(0) if arrow.num_chunks == 1 else arrow.combine_chunks()


@jit
def _odd_texts(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    max_length: int,
    is_id_of_person: tuple[bool, bool],
    odd: NDArray[np.bool_],
) -> None:
    """Mark texts with a byte outside printable ASCII, blanks to trim, or too many signs.

    Texts that begin as a spreadsheet's error or formula does are marked too.
    Of short texts those that may stand for a missing value are marked ("nan", "-"),
    and ids that may be an e-mail address or, of a person, a NIR or an INE.
    """
    is_id, is_person = is_id_of_person
    for i in range(len(odd)):
        start, stop = offsets[i], offsets[i + 1]
        length = stop - start
        if length == 0:
            odd[i] = is_id
            continue
        before = 32
        digits = 0
        first = data[start]
        if first in (35, 61):  # an error (#N/A) or a formula
            odd[i] = True
            continue
        for p in range(start, stop):
            byte = data[p]
            if (
                byte < 32
                or byte > 126
                or (byte == 32 and before == 32)
                or (is_id and byte in (43, 64))  # an address, or 1,23E+13
                or (byte == 58 and length <= 12)  # Err:502
            ):
                odd[i] = True
                break
            if 48 <= byte <= 57:
                digits += 1
            before = byte
        if (
            before == 32
            or length > max_length
            or (is_person and (digits >= 12 or (digits >= 9 and length <= 16)))  # NIR, INE
            or (not is_id and length <= 4 and digits == 0)
        ):
            odd[i] = True
