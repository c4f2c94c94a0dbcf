"""What a workbook's XML says and its cells alone do not: errors, formulas, merged cells.

calamine gives an error, and a formula whose value was never computed, as an empty cell (an
error of an ODS file even as 0).  So the parts are searched for both; they are parsed only where
one is found, which is cheap for the files that have none.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

__all__ = ["ODS", "Marks", "marks_of", "parse", "sheet_parts"]

Cell = tuple[int, int]
"""Row and column of a cell, from 0."""

Span = tuple[int, int, int, int]
"""First row and column, last row and column, from 0, of merged cells."""

Attributes = Mapping[str, str]

_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
# In a cell the formula is followed by its value; an empty value was not computed either. (The
# value "" of a text formula is empty too: the parser tells the two apart.)
_NO_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*(?:/>|>\s*</))"
)
# Libraries that write workbooks without a calculator ask for it and put 0 for the time being.
_TO_COMPUTE = re.compile(rb"""\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_CALL = re.compile(r"[\w.]+\(")
_PLACE = re.compile(r"([A-Z]+)(\d+)")

ODS = "content.xml"
"""Part of an ODS workbook that holds all its sheets."""

_ODS_MARKS = re.compile(rb"""value-type\s*=\s*["']error["']|:formula\s*=|-spanned\s*=""")
_MOST_REPEATED = 1 << 12  # a marked cell is never repeated further than a sheet is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Cells of one sheet that are not what they seem.

    Attributes
    ----------
    broken : dict of (row, column) to str
        Text of an error (``#N/A``), or of a formula without value (``=VLOOKUP(...)``).
    merged : list of (row, column, last row, last column)
    """

    broken: dict[Cell, str] = field(default_factory=dict)
    merged: list[Span] = field(default_factory=list)


def marks_of(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """Return the marks of each sheet of an XLSX or ODS workbook, by its name.

    Raises
    ------
    ValueError
        The XML is damaged, declares entities, or is of neither kind (XLSB, say).
    """
    names = set(archive.namelist())
    try:
        if ODS in names:
            return _ods_marks(archive.read(ODS))
        if "xl/workbook.xml" not in names:
            raise ValueError("XLSX, ODS ?")
        book = archive.read("xl/workbook.xml")
        is_to_compute = _TO_COMPUTE.search(book) is not None
        return {
            name: _xlsx_marks(archive.read(part), is_to_compute=is_to_compute)
            for name, part in sheet_parts(book, archive).items()
            if part in names
        }
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None


def parse(
    data: bytes,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through an XML document; names of elements come without their prefix."""

    def refuse(*_: object) -> None:
        raise ValueError("<!ENTITY>")

    def plain(name: str) -> str:
        return name.rpartition(":")[2]

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = refuse  # no workbook has entities; a bomb is made of them
    parser.StartElementHandler = lambda name, attributes: start(plain(name), attributes)
    if end is not None:
        close = end  # what a lambda holds is not narrowed
        parser.EndElementHandler = lambda name: close(plain(name))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def sheet_parts(book: bytes, archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each sheet of an XLSX workbook, and where its part lies."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            key = next((v for name, v in attributes.items() if name.endswith(":id")), "")
            sheets[attributes.get("name", "")] = key

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    parse(book, start=sheet)
    parse(archive.read("xl/_rels/workbook.xml.rels"), start=relation)
    # A target that begins with "/" is counted from the root.
    return {
        name: posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
        for name, key in sheets.items()
    }


def _column(letters: str) -> int:
    """Return the number of a column, A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _formula_text(formula: str) -> str:
    """Return a formula as a text that the checks know for one.

    Examples
    --------
    >>> _formula_text("VLOOKUP(A2,B:C,2)"), _formula_text("A2+1")
    ('=VLOOKUP(A2,B:C,2)', '=(A2+1)')
    """
    return f"={formula}" if _CALL.match(formula) else f"=({formula})"


def _xlsx_marks(data: bytes, *, is_to_compute: bool) -> Marks:
    """Return the marks of one sheet of an XLSX workbook."""
    merged = [
        (int(top) - 1, _column(left.decode()), int(bottom) - 1, _column(right.decode()))
        for left, top, right, bottom in _MERGED.findall(data)
    ]
    is_marked = _ERROR.search(data) or _NO_VALUE.search(data)
    if not is_marked and not (is_to_compute and _FORMULA.search(data)):
        return Marks(merged=merged)
    walk = _XlsxCells(is_to_compute=is_to_compute)
    parse(data, start=walk.start, end=walk.end, text=walk.text)
    return Marks(broken=walk.broken, merged=merged)


class _XlsxCells:
    """Walks through the cells of a sheet part, and keeps those that are broken."""

    def __init__(self, *, is_to_compute: bool) -> None:
        self.is_to_compute = is_to_compute
        self.broken: dict[Cell, str] = {}
        self.row = self.column = -1
        self.kind = ""
        self.formula: str | None = None
        self.value: str | None = None
        self.inside = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
            self.kind, self.formula, self.value = attributes.get("t", ""), None, None
        elif name == "f":
            self.inside, self.formula = name, ""
        elif name == "v":
            self.inside, self.value = name, ""

    def text(self, data: str) -> None:
        if self.inside == "f":
            self.formula = (self.formula or "") + data
        elif self.inside == "v":
            self.value = (self.value or "") + data

    def end(self, name: str) -> None:
        if name in ("f", "v"):
            self.inside = ""
        elif name == "c":
            cell = (self.row, self.column)
            if self.kind == "e":
                self.broken[cell] = self.value or "#N/A"
            elif self.formula is not None and self._is_uncomputed():
                # Of a formula filled down only the first cell has the text.
                self.broken[cell] = _formula_text(self.formula or "…")

    def _is_uncomputed(self) -> bool:
        if self.value is None:
            return True
        if self.kind == "str":  # a text, which may be empty
            return False
        return not self.value.strip() or (self.is_to_compute and self.value in {"0", "0.0"})


def _ods_marks(data: bytes) -> dict[str, Marks]:
    """Return the marks of each sheet of an ODS workbook."""
    if not _ODS_MARKS.search(data):
        return {}
    walk = _OdsCells()
    parse(data, start=walk.start, end=walk.end, text=walk.text)
    return walk.sheets


class _OdsCells:
    """Walks through the cells of ``content.xml``, and keeps those that are marked."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = self.rows = 0
        self.cell: Attributes = {}
        self.shown: list[str] = []
        self.is_shown = False  # inside a paragraph of the cell itself, not of a comment
        self.is_comment = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.marks = self.sheets[attributes.get("table:name", "")] = Marks()
            self.row = 0
        elif name == "table-row":
            self.column = 0
            self.rows = int(attributes.get("table:number-rows-repeated", 1))
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.shown = attributes, []
        elif name == "annotation":
            self.is_comment = True
        elif name == "p":
            self.is_shown = not self.is_comment

    def text(self, data: str) -> None:
        if self.is_shown:
            self.shown.append(data)

    def end(self, name: str) -> None:
        if name == "p":
            self.is_shown = False
        elif name == "annotation":
            self.is_comment = False
        elif name in ("table-cell", "covered-table-cell"):
            self._end_of_cell(is_covered=name != "table-cell")
        elif name == "table-row":
            self.row += self.rows

    def _end_of_cell(self, *, is_covered: bool) -> None:
        cell, shown = self.cell, "".join(self.shown).strip()
        formula = cell.get("table:formula")
        broken = ""
        if cell.get("calcext:value-type") == "error":
            broken = shown or "#N/A"
        elif formula is not None and "office:value-type" not in cell and not shown:
            broken = _formula_text(formula.partition("=")[2])
        down, right = (
            int(cell.get(f"table:number-{way}-spanned", 1)) for way in ("rows", "columns")
        )
        times = int(cell.get("table:number-columns-repeated", 1))
        if broken:
            for row in range(self.row, self.row + min(self.rows, _MOST_REPEATED)):
                for column in range(self.column, self.column + min(times, _MOST_REPEATED)):
                    self.marks.broken[row, column] = broken
        if not is_covered and (down > 1 or right > 1):
            last = (self.row + down - 1, self.column + right - 1)
            self.marks.merged.append((self.row, self.column, *last))
        self.column += times
