"""The files of what came back: ``words.csv`` and ``outcomes.csv``, only ever added to.

A person's word is never changed nor taken away by a later import: a line that is there stays,
and what contradicts it stands beside it and in ``conflicts.csv``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference.table_texts import decoded
from matchmaker.replacing import replaced
from matchmaker.report.cells import guard_column
from matchmaker.tables.advice import OUTCOMES, WORDS
from matchmaker.words import said

__all__ = [
    "CONFLICTS",
    "OUTCOMES",
    "WORDS",
    "added",
    "guarded",
    "read_rows",
    "read_words",
    "write_rows",
]

CONFLICTS = ("youth_id", "offer_id", "word", "value", "where", "other_value", "other_where")
"""Columns of ``conflicts.csv``."""

Row = tuple[str, ...]


def read_words(path: Path | None) -> pd.DataFrame:
    """Return a file of words as texts; an empty one for no path.

    Parameters
    ----------
    path : Path or None

    Returns
    -------
    DataFrame
        `WORDS`.

    Raises
    ------
    UsageError, InputError
        As `read_rows`.
    """
    if path is None:
        return pd.DataFrame(columns=list(WORDS), dtype="str")
    if not path.is_file():
        raise UsageError(said("error.no_such_file", path=path))
    return pd.DataFrame(read_rows(path, WORDS), columns=list(WORDS), dtype="str")


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a file that an import wrote, as they stand; none where it is not there.

    Parameters
    ----------
    path : Path
    columns : sequence of str

    Returns
    -------
    list of tuple of str

    Raises
    ------
    InputError
        It is another file, or damaged: it is not added to then.
    """
    try:
        text = decoded(path.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=path, why=error.strerror)) from None
    separator = max(";,\t", key=text.partition("\n")[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if not rows or tuple(rows[0]) != tuple(columns):
        raise InputError([_not_ours(path, None, columns)])
    bad = [line for line, row in enumerate(rows[1:], start=2) if row and len(row) != len(columns)]
    if bad:
        raise InputError([_not_ours(path, line, columns) for line in bad])
    return [tuple(row) for row in rows[1:] if row]


def _not_ours(path: Path, line: int | None, columns: Sequence[str]) -> Issue:
    message, hint = said("cells.not_returned"), said("error.columns_due", names=list(columns))
    return Issue(reason="not_returned", file=str(path), line=line, message=message, hint=hint)


def guarded(rows: Iterable[Row]) -> list[Row]:
    """Return rows whose cells run nothing in a spreadsheet."""
    listed = list(rows)
    if not listed:
        return []
    columns = [
        guard_column(pa.chunked_array([pa.array(column, type=pa.large_string())])).to_pylist()
        for column in zip(*listed, strict=True)
    ]
    return [tuple(map(str, row)) for row in zip(*columns, strict=True)]


def added(before: Sequence[Row], new: Iterable[Row]) -> list[Row]:
    """Return what was there, and behind it what is new, each once, by its bytes.

    Examples
    --------
    >>> added([("b",), ("a",)], [("c",), ("a",), ("c",)])
    [('b',), ('a',), ('c',)]
    """
    known = set(before)
    fresh = sorted(set(new) - known, key=lambda row: tuple(cell.encode() for cell in row))
    return [*before, *fresh]


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Replace a file whole: ``;``, UTF-8 with a mark, its owner's alone.

    Parameters
    ----------
    path : Path
    columns : sequence of str
    rows : iterable of tuple of str
    """
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows([tuple(columns), *rows])
    with replaced(path) as sink:
        sink.write(out.getvalue().encode("utf-8-sig"))
