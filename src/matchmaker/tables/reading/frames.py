"""Values of any type as the text that a CSV cell would hold; data frames as raw tables."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.errors import InputError, Issue
from matchmaker.tables.raw import RawTable
from matchmaker.words import said

__all__ = ["cell_text", "from_frame", "text_column", "text_frame"]

_EXACT = 10**15  # whole numbers up to here are exact in a float


def cell_text(value: object) -> str:
    """Return one value as the text that a CSV cell would hold.

    Examples
    --------
    >>> [cell_text(v) for v in (None, float("nan"), 1000.0, 2.5, True, dt.date(2007, 3, 1))]
    ['', '', '1000', '2.5', 'true', '2007-03-01']
    >>> cell_text(["D1102", "D1104"])
    'D1102|D1104'
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    for kinds, text_of in _TEXT_OF:
        if isinstance(value, kinds):
            return text_of(value)
    return str(value)


def _whole(value: Any) -> str:
    return str(int(value)) if abs(int(value)) < 10**30 else "inf"


def _decimal(value: Any) -> str:
    number = float(value)
    if math.isnan(number):
        return ""
    is_whole = number.is_integer() and abs(number) < _EXACT
    return str(int(number)) if is_whole else repr(number)


def _moment(value: Any) -> str:
    if str(value) == "NaT":
        return ""
    stamp = pd.Timestamp(value)
    has_time = stamp.time() != dt.time()
    return stamp.isoformat() if has_time else stamp.date().isoformat()


# The first that fits counts: a bool is an int, a moment is a date, bytes can be iterated.
_TEXT_OF: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    ((bool, np.bool_), lambda value: "true" if value else "false"),
    ((int, np.integer), _whole),
    ((float, np.floating, Decimal), _decimal),
    ((dt.datetime, np.datetime64), _moment),
    ((dt.date,), lambda value: value.isoformat()),
    ((bytes,), lambda value: value.decode("utf-8", "replace")),
    ((Mapping,), lambda value: json.dumps(value, ensure_ascii=False, default=str)),
    ((Iterable,), lambda value: "|".join(cell_text(item) for item in value)),
)


def text_column(column: pd.Series) -> pd.Series:
    """Return a column of any dtype as dtype ``str``, "" where missing.

    Examples
    --------
    >>> text_column(pd.Series([1000.0, None])).tolist()
    ['1000', '']
    """
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype("str").fillna("").reset_index(drop=True)
    if column.dtype == object:
        texts = [cell_text(value) for value in column]
        return pd.Series(pd.array(texts, dtype="str"))
    # The distinct values are turned into text once; -1 stands for a missing one.
    codes, distinct = pd.factorize(column)
    texts = [cell_text(value) for value in distinct] + [""]
    return pd.Series(pd.array(texts, dtype="str").take(codes % len(texts)))


def text_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of text with plain row numbers; headers become text too."""
    columns = [text_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    names = [cell_text(name) for name in frame.columns]
    if not columns:
        return pd.DataFrame(index=range(len(frame)))
    result = pd.concat(columns, axis=1, ignore_index=True)
    result.columns = pd.Index(names)
    return result


def from_frame(frame: pd.DataFrame, role: str) -> RawTable:
    """Return a data frame of the user's as a raw table; its index is ignored.

    Parameters
    ----------
    frame : DataFrame
        Any dtypes: 1000.0 becomes "1000", a time stamp its ISO date, None and NaN "".
    role : str

    Raises
    ------
    InputError
        A column holds what cannot be text.
    """
    file = f"DataFrame {role}"
    try:
        text = text_frame(frame)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InputError(
            [
                Issue(
                    reason="frame_not_text",
                    file=file,
                    message=said("reading.frame_not_text", why=type(error).__name__),
                    hint=said("reading.frame_not_text_hint"),
                )
            ]
        ) from None
    digest = hashlib.sha256()
    for position, name in enumerate(text.columns):
        digest.update(str(name).encode("utf-8", "replace") + b"\x1e")
        cells = "\x1f".join(text.iloc[:, position].tolist())
        digest.update(cells.encode("utf-8", "replace") + b"\x1d")
    return RawTable(
        role=role,
        file=file,
        frame=text,
        lines=np.arange(1, len(text) + 1, dtype=np.int64),
        sha256=digest.hexdigest(),
        notes=(said("note.data_frame"),),
    )
