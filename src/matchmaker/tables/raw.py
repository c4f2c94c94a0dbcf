"""What stands between a file and the checks: cells as text, nothing judged yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.words import Text

__all__ = [
    "LOOKED_AT",
    "NEUTRAL",
    "OF_A_SHEET",
    "Given",
    "InputFile",
    "Items",
    "JsonAnswer",
    "RawTable",
    "Remark",
    "Sheets",
    "cell_name",
]

NEUTRAL = "neutral"
"""Format of a file whose columns are those of the neutral tables: no source's name."""

LOOKED_AT = 20
"""Rows or items by which a file is recognised."""

OF_A_SHEET = frozenset(
    {"hidden_sheet", "sheet_not_read", "header_below", "beside_table", "example_row"}
)
"""Reasons of remarks about a sheet of a workbook, whose name stands in the place of a column."""

Items = Callable[[], Iterator[tuple[int, object]]]
"""Begins to read the items of a file, each with its line or place, as often as it is called."""

Given = str | Path | pd.DataFrame
"""What a user hands in as one table: where it lies, or the table itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """From which sheet of a workbook each row comes, and in which column a cell stands.

    Attributes
    ----------
    names : tuple of str
        Sheets that were read, in the workbook's order.
    of_row : ndarray of int16, shape (n_rows,)
        Position in `names`.
    columns : tuple of dict of str to int
        Of each sheet: header as `RawTable.frame` has it, to the column's number from 0.
    """

    names: tuple[str, ...]
    of_row: NDArray[np.int16]
    columns: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a reader saw that costs no row: a sheet not read, merged cells filled down.

    Attributes
    ----------
    kind, reason, column, count, line
        As in `matchmaker.tables.checks.Findings.add`; `column` may name a sheet.
    """

    kind: str
    reason: str
    column: str = ""
    count: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One table as it was read.

    Attributes
    ----------
    role : str
        ``youths``, ``wishes``, ``offers``, ``audit``, ``sent``, ``referents``, or ``contacts``:
        addresses behind pseudonyms, which are neither checked nor ever part of a run.
    file : str
        Name that messages show.
    frame : DataFrame
        Every column of dtype ``str``, a missing cell is ""; headers as the file has
        them or, from an adapter, the names of the neutral tables.
    lines : ndarray of int64, shape (n_rows,)
        Physical line of each row, from 1, as an editor shows it; for frames and JSON
        the place of the row, from 1.
    sha256 : str
        Of the bytes read.
    notes : tuple of str or Said
        How it was read: ``cp1252``, ``separator ';'``, ...
    faults : tuple of Issue
        Rows that could not be given a shape (a wrong number of cells, say); each is
        rejected, and `frame` does not hold it.
    blank_rows : int
        Rows without any content that were skipped.
    header_line : int
        Physical line of the header.
    format : str
        Name of the source that made it, "neutral" for a table of the neutral columns.
    sheets : Sheets or None
        Of a workbook.
    remarks : tuple of Remark
        Counted with the findings of the checks.
    days : tuple of str
        ISO days on which rows were made, changed or seen, as the file says; each once, sorted.
    """

    role: str
    file: str
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    sha256: str
    notes: tuple[Text, ...] = ()
    faults: tuple[Issue, ...] = ()
    blank_rows: int = 0
    header_line: int = 1
    format: str = NEUTRAL
    sheets: Sheets | None = None
    remarks: tuple[Remark, ...] = ()
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonAnswer:
    """Items that are no plain rows, of JSON or of a feed in XML: a source must know them.

    They are read from the file when they are asked for, and never lie in memory together.

    Attributes
    ----------
    role, file, sha256, notes
        As in `RawTable`.
    items : callable
        Begins to read the items, each with its number: its line where every line is one
        object, else its place from 1.  One JSON object is the only item of its file.  Where
        an `Issue` stands in the place of an item, that could not be read; `intake` takes
        it out before a source sees it.
    head : tuple of object
        The first items that could be read, at most 20.
    form : {"JSON", "XML"}
    """

    role: str
    file: str
    items: Items
    head: tuple[object, ...]
    sha256: str
    notes: tuple[Text, ...] = ()
    form: str = "JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One input of a run, for the manifest.

    Attributes
    ----------
    role, name, sha256
        As in `RawTable`.
    notes : tuple of str
        The same in the language of the run.
    rows : int
        Rows read, the rejected ones included.
    sheets : tuple of str
        Sheets of the workbook that were read; none where it is none.
    """

    role: str
    name: str
    sha256: str
    rows: int
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def cell_name(line: int, column: int) -> str:
    """Return a cell as a spreadsheet names it; the column counts from 0.

    Examples
    --------
    >>> cell_name(12, 5), cell_name(3, 27)
    ('F12', 'AB3')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{line}"
