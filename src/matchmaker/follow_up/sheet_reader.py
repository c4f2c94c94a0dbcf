"""What people filled in, found in sheets of ours however they were changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import pandas as pd

from matchmaker.errors import Issue, closest
from matchmaker.follow_up.columns import MARK, CellColumn
from matchmaker.follow_up.grids import Grid, cell_name
from matchmaker.reference.siret import read_siret
from matchmaker.tables.checks.answer import fold_cell
from matchmaker.tables.checks.dates import parse_date
from matchmaker.tables.masking import mask
from matchmaker.tables.schemas import Column
from matchmaker.words import Lang, Text, said, table

__all__ = ["Form", "ReadBack", "SheetRow", "read_sheets"]

_T = TypeVar("_T")
_LANGS: tuple[Lang, ...] = ("fr", "en")
_TOP = 12  # rows among which the header is looked for
_LEAST = 3  # headers of ours that make a header row
_LOW, _HIGH = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
_MOST = 999  # of a number that people fill in
_DAY = Column(name="day", kind="date", meaning="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A kind of sheet that comes back filled in.

    Attributes
    ----------
    columns : tuple of CellColumn
    headers : str
        Table of words that holds the header of each column by its code.
    """

    columns: tuple[CellColumn, ...]
    headers: str

    @property
    def answers(self) -> dict[str, CellColumn]:
        """Columns that people fill in, by code."""
        return {column.code: column for column in self.columns if column.is_answer}

    def named(self) -> dict[str, str]:
        """Return each header, folded, in either language, with its code."""
        return {
            fold_cell(table(lang, self.headers)[column.code]): column.code
            for lang in _LANGS
            for column in self.columns
        }


@dataclass(slots=True, kw_only=True)
class ReadBack(Generic[_T]):
    """What a file holds.

    Attributes
    ----------
    answers : list
    faults : list of Issue
        Cells that could not be read; nothing of their row is taken.
    unread : list of (str, str, str)
        File, sheet and header of filled columns that are not ours.
    """

    answers: list[_T] = field(default_factory=list)
    faults: list[Issue] = field(default_factory=list)
    unread: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class SheetRow:
    """One row, its texts by the code of their column, and what is wrong with it.

    Attributes
    ----------
    grid : Grid
    row : int
        Counted from 0.
    places : mapping of str to int
        Code of a column to its place.
    faults : list of Issue
    """

    grid: Grid
    row: int
    places: Mapping[str, int]
    faults: list[Issue] = field(default_factory=list)

    @property
    def where(self) -> str:
        """File, sheet and row, for conflicts."""
        return f"{self.grid.file}, {self.grid.sheet}, {self.row + 1}"

    def text(self, code: str) -> str:
        """Return what stands in a column; "" where there is no such column."""
        cells = self.grid.rows[self.row]
        at = self.places.get(code, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    def fault(self, code: str, message: Text, hint: Text = "", value: str | None = None) -> None:
        """Note what is wrong with a cell."""
        at = self.places.get(code, self.places.get("key_again", 0))
        self.faults.append(_issue(self.grid, self.row, at, message, hint=hint, value=value))


def read_sheets(
    grids: list[Grid], form: Form, take: Callable[[SheetRow, Mapping[str, str]], _T]
) -> ReadBack[_T]:
    """Return what was filled in, and every cell that cannot be read.

    Parameters
    ----------
    grids : list of Grid
        Of one file.
    form : Form
    take : callable
        Of a row and its values by code (codes of words, dates as YYYY-MM-DD, texts), returns what
        it says; a fault that it notes keeps the whole row out.

    Returns
    -------
    ReadBack
    """
    found: ReadBack[_T] = ReadBack()
    read = [_of_sheet(grid, form, take, found) for grid in grids]
    if grids and not any(read):
        found.faults.append(_issue(grids[0], None, None, said("cells.no_key_column")))
    return found


def _of_sheet(
    grid: Grid,
    form: Form,
    take: Callable[[SheetRow, Mapping[str, str]], _T],
    found: ReadBack[_T],
) -> bool:
    """Read one sheet into `found`; tell whether it is one of ours."""
    head = _head(grid, form)
    if head is None:
        return False
    codes, header_row = head
    places = _places(grid, header_row, codes, found)
    if places is None:
        return True
    if "key" not in places and "key_again" not in places:
        found.faults.append(_issue(grid, header_row, 0, said("cells.no_key_column")))
        return True
    strangers = list(_strangers(grid, header_row, codes))
    gone = [code for code in form.answers if code not in places]
    for at in strangers:
        name = _name(grid, header_row, at)
        if gone:
            # It may be an answer's column under another name: nothing is lost in silence.
            found.faults.append(
                _issue(grid, header_row, at, said("cells.column_unknown", name=name))
            )
        else:
            found.unread.append((grid.file, grid.sheet, name))
    if not (gone and strangers):
        for row in range(header_row + 1, len(grid.rows)):
            line = SheetRow(grid=grid, row=row, places=places)
            values = _values(line, form)
            if values is None:
                continue
            item = take(line, values)
            found.faults += line.faults
            if not line.faults:
                found.answers.append(item)
    return True


def _places(
    grid: Grid, header_row: int, codes: Mapping[int, str], found: ReadBack[_T]
) -> dict[str, int] | None:
    """Return the place of each column; None with a fault where one is there twice."""
    places: dict[str, int] = {}
    for at, code in codes.items():
        if code in places:
            told = said("cells.column_twice", name=_name(grid, header_row, at))
            found.faults.append(_issue(grid, header_row, at, told))
            return None
        places[code] = at
    return places


def _head(grid: Grid, form: Form) -> tuple[dict[int, str], int] | None:
    """Return column to code, and the row of the header; None where the sheet is not ours."""
    named = form.named()
    known = set(named.values())
    own = {"key", "key_again", *form.answers}
    marks: dict[int, str] = {}
    header_row, codes = -1, {}
    for row, cells in enumerate(grid.rows[:_TOP]):
        told = {
            at: text.strip()[len(MARK) :]
            for at, text in enumerate(cells)
            if text.strip().startswith(MARK) and text.strip()[len(MARK) :] in known
        }
        if told:
            marks, header_row = told, row
            continue
        here = {at: named[key] for at, t in enumerate(cells) if (key := fold_cell(t)) in named}
        # A sheet of ours without anything to fill in shares headers too: it is not read.
        if len(here) >= _LEAST and set(here.values()) & own:
            header_row, codes = row, here
            break
    if not marks and not codes:
        return None
    if marks and not codes:
        # The header was put in other words: it is the row under the codes.
        header_row += 1
    return {**codes, **marks}, header_row


def _name(grid: Grid, row: int, at: int) -> str:
    cells = grid.rows[row] if row < len(grid.rows) else []
    return cells[at] if at < len(cells) and cells[at] else cell_name(row, at)


def _strangers(grid: Grid, header_row: int, codes: Mapping[int, str]) -> Iterator[int]:
    """Yield the columns that hold something and are none of ours."""
    filled = {
        at for row in grid.rows[header_row + 1 :] for at, text in enumerate(row) if text.strip()
    }
    yield from sorted(filled - set(codes))


def _values(line: SheetRow, form: Form) -> dict[str, str] | None:
    """Return what a row's cells say, with a fault for each that cannot be read; None for a blank one."""
    written = {code: text for code in form.answers if (text := line.text(code))}
    values: dict[str, str] = {}
    for code, text in written.items():
        answer = _value(form.answers[code], text)
        if isinstance(answer, str):
            values[code] = answer
        else:
            line.fault(code, answer[0], answer[1], text)
    return values if written else None


def _value(column: CellColumn, text: str) -> str | tuple[Text, Text]:
    """Return what a cell says, or what is wrong with it and what to do."""
    if column.choices:
        return _chosen(column.choices, text)
    if column.kind == "date":
        answer = parse_date(text, _DAY, _LOW, _HIGH)
        if isinstance(answer.value, dt.date):
            return answer.value.isoformat()
        return (answer.message or said("cell.not_a_date"), answer.hint or said("cell.date_hint"))
    if column.kind == "whole":
        return _whole(text)
    if column.code == "siret":
        siret, _ = read_siret(text)
        return siret or (said("cells.no_siret"), said("cells.no_siret_hint"))
    return text


def _whole(text: str) -> str | tuple[Text, Text]:
    """Return a whole number from 1 to 999; a spreadsheet may write 2 as 2.0."""
    plain = text.strip().lstrip("'").removesuffix(".0").removesuffix(",0")
    if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= _MOST:
        return str(int(plain))
    return said("employers.not_a_count"), said("employers.count_hint")


def _chosen(room: str, text: str) -> str | tuple[Text, Text]:
    """Return the code of a label of a drop-down, in either language, or the code itself."""
    here = [dict(table(lang, room)) for lang in _LANGS]
    known = {fold_cell(label): code for labels in here for code, label in labels.items()}
    known |= {fold_cell(code): code for code in here[0]}
    code = known.get(fold_cell(text.strip().lstrip("'")))
    if code is not None:
        return code
    labels = {label.casefold(): label for label in here[0].values()}
    near = labels.get(closest(text, labels), "")
    hint = (
        said("error.did_you_mean", name=near)
        if near
        else said("cells.choose", names=list(labels.values()))
    )
    return said("cells.not_in_list"), hint


def _masked(value: str) -> str:
    """Return a cell as a message may quote it: no address, no number of a person."""
    return str(mask(pd.Series([value], dtype="str"), is_personal=False).iloc[0])


def _issue(
    grid: Grid,
    row: int | None,
    at: int | None,
    message: Text,
    *,
    hint: Text = "",
    value: str | None = None,
) -> Issue:
    """Return a fault that names the sheet and the cell."""
    where = None if row is None or at is None else cell_name(row, at)
    told = message if value is None else said("cells.valued", told=message, value=_masked(value))
    return Issue(
        reason="cell_not_read",
        file=grid.file,
        sheet=grid.sheet,
        message=told if where is None else said("cells.in_cell", cell=where, what=told),
        hint=hint,
    )
