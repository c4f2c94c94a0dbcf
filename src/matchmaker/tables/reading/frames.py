"""Values of any type as the text that a CSV cell would hold; data frames as raw tables."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

import numpy as np
import pandas as pd

from matchmaker.errors import InputError, Issue
from matchmaker.tables.raw import RawTable

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
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(int(value)) if abs(int(value)) < 10**30 else "inf"
    if isinstance(value, float | np.floating | Decimal):
        number = float(value)
        if number != number:  # noqa: PLR0124 - the one value that differs from itself
            return ""
        whole = number.is_integer() and abs(number) < _EXACT
        return str(int(number)) if whole else repr(number)
    if isinstance(value, dt.datetime | np.datetime64):
        if str(value) == "NaT":
            return ""
        stamp = pd.Timestamp(value)
        has_time = stamp.time() != dt.time()
        return stamp.isoformat() if has_time else stamp.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, Iterable):
        return "|".join(cell_text(item) for item in value)
    return str(value)


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
    file = f"the {role} frame"
    try:
        text = text_frame(frame)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InputError(
            [
                Issue(
                    reason="frame_not_text",
                    file=file,
                    hint="Give text, numbers or dates.",
                    message=f"holds values that cannot be read ({type(error).__name__})",
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
        notes=("data frame",),
    )
