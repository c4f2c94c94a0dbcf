"""Workbooks for tests: XLSX by openpyxl, ODS written out by hand."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import openpyxl

Rows = Sequence[Sequence[object]]

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:{urn}:1.0"'
    for prefix, urn in {
        "office": "oasis:names:tc:opendocument:xmlns:office",
        "table": "oasis:names:tc:opendocument:xmlns:table",
        "text": "oasis:names:tc:opendocument:xmlns:text",
        "style": "oasis:names:tc:opendocument:xmlns:style",
        "manifest": "oasis:names:tc:opendocument:xmlns:manifest",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext",
    }.items()
)
_HIDDEN = (
    '<style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)
_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    hidden: Sequence[str] = (),
    merged: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """A text that begins with "=" is a formula without value, "#N/A" and its like an error."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def write_ods(path: Path, sheets: Mapping[str, Rows], *, hidden: Sequence[str] = ()) -> Path:
    """The same marks as `write_xlsx`."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}"
        + (' table:style-name="hidden">' if name in hidden else ">")
        + "".join(
            "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{_HIDDEN}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f"<manifest:manifest {_SPACES}>"
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _KIND)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(value: object) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, dt.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
            f"<text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
        )
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    text = str(value)
    if text.startswith("="):
        return f"<table:table-cell table:formula={quoteattr('of:' + text)}/>"
    if text.startswith("#"):  # LibreOffice gives an error the value 0
        return (
            '<table:table-cell table:formula="of:=NA()" office:value-type="float" office:value="0"'
            f' calcext:value-type="error"><text:p>{escape(text)}</text:p></table:table-cell>'
        )
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )
