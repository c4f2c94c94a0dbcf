"""The sheets of a file that came back, as texts in rows and columns, whatever saved it."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from matchmaker.errors import InputError, Issue
from matchmaker.tables.reading.content import load_bytes, to_utf8
from matchmaker.tables.reading.extent import check_extent
from matchmaker.tables.reading.frames import cell_text
from matchmaker.words import said

__all__ = ["Grid", "cell_name", "grids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet.

    Attributes
    ----------
    file : str
    sheet : str
        Its name; of a CSV, "CSV".
    rows : list of list of str
    """

    file: str
    sheet: str
    rows: list[list[str]]


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, counted from 0, as a spreadsheet says it.

    Examples
    --------
    >>> cell_name(1, 0), cell_name(4, 27)
    ('A2', 'AB5')
    """
    letters, at = "", column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def grids(path: Path) -> list[Grid]:
    """Return the sheets of an XLSX, ODS or CSV file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Grid

    Raises
    ------
    UsageError
        There is no such file.
    InputError
        It is no workbook and no text, or damaged.
    """
    content = load_bytes(path)
    if content.kind == "text":
        text, _ = to_utf8(content)
        return [Grid(file=content.file, sheet="CSV", rows=_csv(text.decode("utf-8", "replace")))]
    if content.kind != "zip":
        raise InputError([_no_workbook(content.file, said("cells.no_workbook"))])
    import python_calamine

    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            check_extent(archive, content.file, len(content.data))
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content.data))
        return [
            Grid(
                file=content.file,
                sheet=name,
                rows=[
                    [cell_text(cell) for cell in row]
                    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ],
            )
            for name in book.sheet_names
        ]
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
        KeyError,
        ValueError,
        RuntimeError,
    ) as error:
        why = said("reading.workbook", why=str(error)[:80])
        raise InputError([_no_workbook(content.file, why)]) from None


def _no_workbook(file: str, message: object) -> Issue:
    return Issue(
        reason="workbook_unreadable",
        file=file,
        message=said("cells.unread", why=message),
        hint=said("cells.unread_hint"),
    )


def _csv(text: str) -> list[list[str]]:
    """Return the cells of a CSV text; the line that has most separators of a kind tells which."""
    start = text[:20_000]
    separator = max(";\t,", key=start.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
