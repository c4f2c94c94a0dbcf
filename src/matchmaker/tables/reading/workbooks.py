"""Workbooks (XLSX, ODS) as raw tables: which of their sheets are read, and from which header on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from matchmaker.errors import did_you_mean
from matchmaker.tables.raw import RawTable, Remark
from matchmaker.tables.reading.content import Content, refuse
from matchmaker.tables.reading.extent import check_extent
from matchmaker.tables.reading.frames import cell_text
from matchmaker.tables.reading.header_rows import (
    Knows,
    belongs_to,
    columns_named,
    find_header,
)
from matchmaker.tables.reading.parts import Marks, marks_of
from matchmaker.tables.reading.sheets import Sheet, SheetTable, joined_sheets, sheet_table
from matchmaker.tables.reading.template_marks import template_headers
from matchmaker.tables.schemas import normal_name
from matchmaker.tables.synonyms import SHEET_NAMES, sheet_key
from matchmaker.words import said, word

__all__ = ["read_workbook"]

_SAMPLE = 20  # rows that a source is shown


def read_workbook(
    content: Content, role: str, *, sheet: str = "", knows: Knows = lambda *_: False
) -> RawTable:
    """Read the sheets of a workbook that hold a table; lines are row numbers.

    Every visible sheet whose header is that of the table is read, wherever the header
    stands; hidden ones only where named.

    Parameters
    ----------
    content : Content
    role : str
    sheet : str
        Name of the one sheet to read, also a hidden one; "" chooses.
    knows : callable
        Asked of the first row of each sheet, and of others where no sheet has the table's
        own columns.

    Raises
    ------
    InputError
        The workbook is damaged, locked or empty, or has no such sheet.
    """
    sheets, template = _open(content)
    filled = [s for s in sheets if s.rows]
    if not filled:
        empty = said("reading.workbook_empty")
        refuse(content.file, "file_empty", empty, said("reading.export_again"))
    if sheet:
        tables = [_named(content, sheets, sheet, role)]
    else:
        tables = _chosen(content, filled, role, knows)
    read = [table.sheet.name for table in tables]
    parts = [sheet_table(content, role, table, template) for table in tables]
    remarks = [remark for part in parts for remark in part.remarks]
    remarks += _not_read(filled, read, role)
    notes = [said("note.sheet", name=name) for name in read]
    notes += [said("note.sheet_not_read", name=s.name) for s in filled if s.name not in read]
    if template:
        notes.append(said("note.template"))
    joined = joined_sheets(parts)
    return RawTable(
        role=role,
        file=content.file,
        frame=joined.frame,
        lines=joined.lines,
        sha256=content.sha256,
        notes=(*content.notes, *notes),
        faults=joined.faults,
        blank_rows=joined.blank_rows,
        header_line=joined.header_line,
        sheets=joined.sheets,
        remarks=tuple(remarks),
    )


def _open(content: Content) -> tuple[list[Sheet], dict[str, str]]:
    """Return the sheets of a workbook, and the headers of a template of ours."""
    import python_calamine
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            check_extent(archive, content.file, len(content.data))  # before any room is made
            workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content.data))
            marks = marks_of(archive)
        kept = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        grids = {
            meta.name: workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            for meta in kept
        }
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
        KeyError,
        ValueError,
        RuntimeError,
    ) as error:
        refuse(
            content.file,
            "workbook_unreadable",
            said("reading.workbook", why=str(error)[:80]),
            said("reading.workbook_hint"),
        )
    template = template_headers(grids)
    sheets = [
        Sheet(
            name=meta.name,
            is_hidden=meta.visible != SheetVisibleEnum.Visible,
            rows=_rows(grids[meta.name], marks.get(meta.name, Marks())),
            marks=marks.get(meta.name, Marks()),
        )
        for meta in kept
    ]
    return sheets, template


def _rows(grid: Sequence[Sequence[object]], marks: Marks) -> list[tuple[int, list[str]]]:
    """Return the rows of a sheet that hold anything, as text, with their row numbers."""
    texts = [[cell_text(value) for value in row] for row in grid]
    for (row, column), text in marks.broken.items():
        texts += [[] for _ in range(row + 1 - len(texts))]
        texts[row] += [""] * (column + 1 - len(texts[row]))
        texts[row][column] = text
    return [
        (line, cells)
        for line, cells in enumerate(texts, start=1)
        if any(cell.strip() for cell in cells)
    ]


def _named(content: Content, sheets: list[Sheet], name: str, role: str) -> SheetTable:
    """Return the sheet that the user named."""
    names = {sheet.name: sheet for sheet in sheets}
    key = sheet_key(name)
    found = names.get(name) or next((s for s in sheets if sheet_key(s.name) == key), None)
    if found is None or not found.rows:
        hint = did_you_mean(name, names) or said("reading.sheets_are", names=list(names))
        refuse(content.file, "no_such_sheet", said("reading.no_such_sheet", name=name), hint)
    return _with_header(found, role) or SheetTable(sheet=found, at=0, header=found.rows[0][1])


def _with_header(sheet: Sheet, role: str) -> SheetTable | None:
    """Return a sheet with the row that names columns of the table, if there is one."""
    found = find_header(role, sheet.rows)
    if found is None:
        return None
    at, header = found
    return SheetTable(sheet=sheet, at=at, header=header)


def _chosen(content: Content, filled: list[Sheet], role: str, knows: Knows) -> list[SheetTable]:
    """Return the sheets that hold the table; where none does, the one that comes nearest."""
    visible = [sheet for sheet in filled if not sheet.is_hidden]
    if foreign := _of_one_source(visible, knows, rows=1):
        return foreign
    headed = [table for sheet in visible if (table := _with_header(sheet, role))]
    fitting = [table for table in headed if belongs_to(role, table.header)]
    if fitting:
        # The sheet with the table's name, else the one that says most, shows which columns.
        main = max(fitting, key=lambda table: (_has_name(table, role), len(_columns(table, role))))
        return [table for table in fitting if _columns(table, role) == _columns(main, role)]
    if foreign := _of_one_source(visible, knows, rows=_SAMPLE):
        return foreign
    hidden = [
        s.name
        for s in filled
        if s.is_hidden and (t := _with_header(s, role)) and belongs_to(role, t.header)
    ]
    if hidden or not visible:
        names = hidden or [sheet.name for sheet in filled]
        hint = said("reading.name_sheet", file=content.file, sheet=names[0])
        only = said("reading.only_hidden", table=word("of_table", role), names=names)
        refuse(content.file, "sheet_hidden", only, hint)
    if headed:
        return [max(headed, key=lambda table: len(_columns(table, role)))]
    first = max(visible, key=lambda sheet: len(sheet.rows) > 1 and len(sheet.rows[0][1]) > 1)
    return [SheetTable(sheet=first, at=0, header=first.rows[0][1])]


def _has_name(table: SheetTable, role: str) -> bool:
    return sheet_key(table.sheet.name) in SHEET_NAMES.get(role, frozenset())


def _columns(table: SheetTable, role: str) -> set[str]:
    return columns_named(role, table.header)


def _of_one_source(sheets: list[Sheet], knows: Knows, rows: int) -> list[SheetTable]:
    """Return the sheets that a source knows by one of so many first rows, all of one header."""
    found = [table for sheet in sheets if (table := _known(sheet, knows, rows))]
    same = [normal_name(header) for header in found[0].header] if found else []
    return [t for t in found if [normal_name(header) for header in t.header] == same]


def _known(sheet: Sheet, knows: Knows, rows: int) -> SheetTable | None:
    """Return a sheet with the row by which a source knows it."""
    for at, (_, cells) in enumerate(sheet.rows[:rows]):
        header = [cell.strip() for cell in cells]
        sample = [row for _, row in sheet.rows[at + 1 : at + 1 + _SAMPLE]]
        if sum(map(bool, header)) > 1 and knows(header, sample):
            return SheetTable(sheet=sheet, at=at, header=header)
    return None


def _not_read(filled: list[Sheet], read: list[str], role: str) -> Iterable[Remark]:
    """Say which sheets might have been meant, and were not read."""
    for sheet in filled:
        table = _with_header(sheet, role)
        if sheet.name not in read and table and belongs_to(role, table.header):
            reason = "hidden_sheet" if sheet.is_hidden else "sheet_not_read"
            rows = len(sheet.rows) - table.at - 1
            yield Remark(kind="warning", reason=reason, column=sheet.name, count=max(rows, 1))
