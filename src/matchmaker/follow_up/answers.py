"""What the cells filled in, found in the sheets however they were changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from matchmaker.errors import Issue, closest
from matchmaker.follow_up.columns import ANSWERS, COLUMNS, LINES, MARK, choices, headers
from matchmaker.follow_up.grids import Grid, cell_name
from matchmaker.follow_up.keys import id_of_key, is_beside
from matchmaker.reference.siret import read_siret
from matchmaker.tables.checks.answer import fold_cell
from matchmaker.tables.checks.dates import parse_date
from matchmaker.tables.masking import mask
from matchmaker.tables.schemas import Column
from matchmaker.words import Lang, Text, said

__all__ = ["Answered", "ReadBack", "answers_of"]

_LANGS: tuple[Lang, ...] = ("fr", "en")
_TOP = 12  # rows among which the header is looked for
_LEAST = 3  # headers of ours that make a header row
_LOW, _HIGH = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
_DAY = Column(name="day", kind="date", meaning="")
_CODES = {column.code: column for column in COLUMNS}
_ANSWERS = {column.code: column for column in ANSWERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one row of a sheet answers.

    Attributes
    ----------
    youth_id : str
    values : mapping of str to str
        Code of the column to its value: codes of words, dates as YYYY-MM-DD, texts.
    offers : mapping of int to str
        Place of a line to its offer.
    where : str
        File, sheet and row, for conflicts.
    """

    youth_id: str
    values: Mapping[str, str]
    offers: Mapping[int, str]
    where: str


@dataclass(slots=True, kw_only=True)
class ReadBack:
    """What a file holds.

    Attributes
    ----------
    answers : list of Answered
    faults : list of Issue
        Cells that could not be read; nothing of their row is taken.
    unread : list of (str, str, str)
        File, sheet and header of filled columns that are not ours.
    """

    answers: list[Answered] = field(default_factory=list)
    faults: list[Issue] = field(default_factory=list)
    unread: list[tuple[str, str, str]] = field(default_factory=list)


def answers_of(grids: list[Grid]) -> ReadBack:
    """Return what was filled in, and every cell that cannot be read.

    Parameters
    ----------
    grids : list of Grid
        Of one file.

    Returns
    -------
    ReadBack
    """
    found = ReadBack()
    read = [_of_sheet(grid, found) for grid in grids]
    if grids and not any(read):
        found.faults.append(_issue(grids[0], None, None, said("cells.no_key_column")))
    return found


def _of_sheet(grid: Grid, found: ReadBack) -> bool:
    """Read one sheet into `found`; tell whether it is one of ours."""
    head = _head(grid)
    if head is None:
        return False
    codes, header_row = head
    places: dict[str, int] = {}
    for at, code in codes.items():
        if code in places:
            found.faults.append(
                _issue(
                    grid,
                    header_row,
                    at,
                    said("cells.column_twice", name=_name(grid, header_row, at)),
                )
            )
            return True
        places[code] = at
    if "key" not in places and "key_again" not in places:
        found.faults.append(_issue(grid, header_row, 0, said("cells.no_key_column")))
        return True
    strangers = list(_strangers(grid, header_row, codes))
    gone = [code for code in _ANSWERS if code not in places]
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
            _of_row(grid, row, places, found)
    return True


def _head(grid: Grid) -> tuple[dict[int, str], int] | None:
    """Return column to code, and the row of the header; None where the sheet is not ours."""
    named = {fold_cell(text): code for lang in _LANGS for text, code in headers(lang).items()}
    marks: dict[int, str] = {}
    header_row, codes = -1, {}
    for row, cells in enumerate(grid.rows[:_TOP]):
        told = {
            at: text.strip()[len(MARK) :]
            for at, text in enumerate(cells)
            if text.strip().startswith(MARK) and text.strip()[len(MARK) :] in _CODES
        }
        if told:
            marks, header_row = told, row
            continue
        here = {at: named[key] for at, t in enumerate(cells) if (key := fold_cell(t)) in named}
        if len(here) >= _LEAST:
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


@dataclass(slots=True, kw_only=True)
class _Row:
    """One row, its texts by the code of their column, and what is wrong with it."""

    grid: Grid
    row: int
    places: Mapping[str, int]
    faults: list[Issue] = field(default_factory=list)

    def text(self, code: str) -> str:
        """Return what stands in a column; "" where there is no such column."""
        cells = self.grid.rows[self.row]
        at = self.places.get(code, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    def fault(self, code: str, message: Text, hint: Text = "", value: str | None = None) -> None:
        """Note what is wrong with a cell."""
        at = self.places.get(code, self.places.get("key_again", 0))
        self.faults.append(_issue(self.grid, self.row, at, message, hint=hint, value=value))


def _of_row(grid: Grid, row: int, places: Mapping[str, int], found: ReadBack) -> None:
    """Read one row: its answers if all of them can be read, else each fault."""
    line = _Row(grid=grid, row=row, places=places)
    written = {code: text for code in _ANSWERS if (text := line.text(code))}
    if not written:
        return
    youth_id = _youth(line)
    values: dict[str, str] = {}
    for code, text in written.items():
        answer = _value(code, text)
        if isinstance(answer, str):
            values[code] = answer
        else:
            line.fault(code, answer[0], answer[1], text)
    offers = {}
    for place in range(1, LINES + 1):
        if f"opinion_{place}" in values:
            offers[place] = id_of_key(line.text(f"ref_{place}"))
            if not offers[place]:
                line.fault(f"opinion_{place}", said("cells.no_offer", n=place))
    found.faults += line.faults
    if not line.faults:
        where = f"{grid.file}, {grid.sheet}, {row + 1}"
        found.answers.append(Answered(youth_id=youth_id, values=values, offers=offers, where=where))


def _youth(line: _Row) -> str:
    """Return the youth of a row; "" with a fault where the row does not say it for certain."""
    keys = [key for code in ("key", "key_again") if (key := line.text(code))]
    ids = {id_of_key(key) for key in keys}
    if not ids or "" in ids:
        line.fault("key", said("cells.bad_key"))
        return ""
    if len(ids) > 1:
        line.fault("key", said("cells.two_keys"))
        return ""
    born = parse_date(line.text("birth_date"), _DAY, dt.date(1900, 1, 1), _HIGH).value
    who = [line.text("last_name"), line.text("first_name"), str(born) if born else ""]
    if not is_beside(keys[0], who):
        line.fault("key", said("cells.other_youth"))
    return ids.pop()


def _value(code: str, text: str) -> str | tuple[Text, Text]:
    """Return what a cell says, or what is wrong with it and what to do."""
    column = _ANSWERS[code]
    if column.choices:
        return _chosen(column.choices, text)
    if column.kind == "date":
        answer = parse_date(text, _DAY, _LOW, _HIGH)
        if isinstance(answer.value, dt.date):
            return answer.value.isoformat()
        return (answer.message or said("cell.not_a_date"), answer.hint or said("cell.date_hint"))
    if code == "siret":
        siret, _ = read_siret(text)
        return siret or (said("cells.no_siret"), said("cells.no_siret_hint"))
    return text


def _chosen(room: str, text: str) -> str | tuple[Text, Text]:
    """Return the code of a label of a drop-down, in either language, or the code itself."""
    here = [choices(lang)[room] for lang in _LANGS]
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
