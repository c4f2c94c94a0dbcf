"""How far the sheets of a workbook reach, looked at before a reader makes room for them.

A reader of workbooks makes room for every cell from the first to the last.  One stray sign in
the last cell of a sheet of 1 kB asks for 17,000 million of them, and ends the process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from matchmaker.tables.reading.parts import ODS, parse, sheet_parts
from matchmaker.tables.reading.stream import MAX_RATIO, refuse
from matchmaker.words import Text, said

__all__ = ["MAX_CELLS", "check_extent", "check_rows"]

MAX_CELLS = 20_000_000
"""Largest rectangle of cells of one sheet: 1 GB in memory."""

_FEW_CELLS = 1_000_000  # as sparse as it likes
_SPARSEST = 50  # cells of the rectangle for each that is filled; an export with gaps has 5
_MAX_PARTS = 4096
_FREE_BYTES = 64 << 20

# A cell that holds something: not closed at once, nor by the very next tag.  Nearly all writers put
# its place first, and for those both are quick.
_NAMED = re.compile(
    rb"""<(?:\w+:)?c\s(?:r|[^>]*?\sr)\s*=\s*["']([A-Za-z]+)(\d+)["'][^>]*(?<!/)>(?!</)"""
)
_UNNAMED = re.compile(rb"<(?:\w+:)?c(?! r=)(?=[\s>])(?![^>]*\sr\s*=)[^>]*(?<!/)>(?!</)")
_SHEET = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")


def check_extent(archive: zipfile.ZipFile, file: str, size: int) -> None:
    """Refuse a workbook whose parts or sheets are larger than memory should hold.

    Parameters
    ----------
    archive : ZipFile
    file : str
        Name that the message shows.
    size : int
        Bytes of the workbook as it lies on disk.

    Raises
    ------
    InputError
        It has too many parts, unpacks to too much, or a sheet reaches too far.
    zipfile.BadZipFile
        A part is longer than the archive says.
    """
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_PARTS:
        _refuse_packed(file, said("reading.too_many_parts", n=len(entries), most=_MAX_PARTS))
    if unpacked > max(_FREE_BYTES, MAX_RATIO * size):
        _refuse_packed(file, said("reading.unpacks_to", size=unpacked >> 20))
    names = _sheet_names(archive)
    for entry in entries:
        data = _part(archive, entry)
        if entry.filename == ODS:
            for name, (cells, rows, columns) in _ods_extents(data).items():
                _check(file, name, cells, rows, columns)
        elif _SHEET.search(data):
            _check(file, names.get(entry.filename, entry.filename), *_xlsx_extent(data))


def check_rows(file: str, *, rows: int, columns: int, size: int) -> None:
    """Refuse a table that says of itself to be far larger than its file.

    Parameters
    ----------
    file : str
    rows, columns : int
        As the file says.
    size : int
        Bytes of the file.  Ids differ from row to row, so a true table takes bytes for each.

    Raises
    ------
    InputError
        It holds more cells than a table of this size can.
    """
    if rows * columns > max(MAX_CELLS, _SPARSEST * size):
        _refuse_packed(file, said("reading.too_many_cells", rows=rows, columns=columns))


def _refuse_packed(file: str, message: Text) -> None:
    refuse(file, "packed_too_well", message, said("reading.export_again"))


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part of an archive, and believe no size that it only says it has."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return archive.read(entry)  # stored: as long as it is
    stream = archive.fp
    if stream is None:
        raise zipfile.BadZipFile(entry.filename)
    stream.seek(entry.header_offset)
    header = stream.read(30)
    # Lengths of the name and of the extra field, which stand before the content.
    stream.seek(
        int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1
    )
    packed = stream.read(entry.compress_size)
    try:
        data = zlib.decompressobj(-15).decompress(packed, entry.file_size + 1)
    except zlib.error as error:
        raise zipfile.BadZipFile(str(error)) from None
    if len(data) > entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return data


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of the sheet that lies in each part of an XLSX workbook."""
    try:
        book = archive.read("xl/workbook.xml")
        return {part: name for name, part in sheet_parts(book, archive).items()}
    except (KeyError, expat.ExpatError):
        return {}  # an ODS, or a workbook that its reader will refuse


def _check(file: str, sheet: str, cells: int, rows: int, columns: int) -> None:
    """Refuse a sheet by its filled cells and the rectangle that they stand in."""
    area = rows * columns
    is_stray = area > _FEW_CELLS and area > _SPARSEST * cells
    if is_stray:
        message = said("reading.stray_cell", sheet=sheet, rows=rows, columns=columns, n=cells)
        refuse(file, "sheet_too_large", message, said("reading.stray_cell_hint"))
    if area > MAX_CELLS:
        message = said("reading.sheet_too_large", sheet=sheet, rows=rows, columns=columns)
        refuse(file, "sheet_too_large", message, said("reading.sheet_too_large_hint"))


def _xlsx_extent(data: bytes) -> tuple[int, int, int]:
    """Return how many cells of a sheet part are filled, and the last row and column of one."""
    letters: set[bytes] = set()
    lines: set[bytes] = set()
    cells = 0
    for found in _NAMED.finditer(data):
        column, line = found.groups()
        letters.add(column)
        lines.add(line)
        cells += 1
    columns = max((_column(name) for name in letters), default=0)
    rows = max((int(line[:9]) for line in lines), default=0)
    if _UNNAMED.search(data):  # cells without a place follow the last one
        walk = _Unnamed()
        parse(data, start=walk.start)
        return walk.cells, max(rows, walk.rows), max(columns, walk.columns)
    return cells, rows, columns


def _column(letters: bytes) -> int:
    """Return the number of a column, A is 1.

    Examples
    --------
    >>> _column(b"A"), _column(b"xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper()[:9]:
        number = number * 26 + letter - 64
    return number


class _Unnamed:
    """Walks through the cells of a sheet part that need not say where they stand."""

    def __init__(self) -> None:
        self.cells = self.rows = self.columns = 0
        self.row = self.column = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            said_row = attributes.get("r", "")
            self.row = int(said_row[:9]) if said_row.isdecimal() else self.row + 1
            self.column = 0
        elif name == "c":
            self.column += 1
            self.cells += 1
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)


def _ods_extents(data: bytes) -> dict[str, tuple[int, int, int]]:
    """Return of each sheet of ``content.xml`` what `_xlsx_extent` returns."""
    walk = _OdsExtent()
    parse(data, start=walk.start, end=walk.end)
    return walk.sheets


class _OdsExtent:
    """Walks through ``content.xml``, where rows and cells may stand for many."""

    def __init__(self) -> None:
        self.sheets: dict[str, tuple[int, int, int]] = {}
        self.sheet = ""
        self.row = self.times = self.column = self.wide = 0
        self.is_filled = self.is_row_filled = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table":
            self.sheet, self.row = attributes.get("table:name", ""), 0
            self.sheets[self.sheet] = (0, 0, 0)
        elif name == "table-row":
            self.times, self.column = _times(attributes, "rows"), 0
            self.is_row_filled = False
        elif name in ("table-cell", "covered-table-cell"):
            self.wide = _times(attributes, "columns")
            self.is_filled = any(key.endswith((":value-type", ":formula")) for key in attributes)
        elif name == "p":
            self.is_filled = True

    def end(self, name: str) -> None:
        if name in ("table-cell", "covered-table-cell"):
            self.column += self.wide
            if self.is_filled:
                self.is_row_filled = True
                cells, rows, columns = self.sheets.get(self.sheet, (0, 0, 0))
                self.sheets[self.sheet] = (cells + 1, rows, max(columns, self.column))
            self.is_filled = False
        elif name == "table-row":
            self.row += self.times
            if self.is_row_filled:
                cells, rows, columns = self.sheets.get(self.sheet, (0, 0, 0))
                self.sheets[self.sheet] = (cells, max(rows, self.row), columns)


def _times(attributes: Mapping[str, str], what: str) -> int:
    times = attributes.get(f"table:number-{what}-repeated", "1")
    return int(times[:9]) if times.isdecimal() else 1
