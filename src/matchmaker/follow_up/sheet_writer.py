"""Sheets with columns to fill in, as workbooks of ours have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from matchmaker.follow_up.columns import MARK, CellColumn
from matchmaker.report.cells import guard_column
from matchmaker.words import Lang, say

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = [
    "FillIn",
    "formats",
    "guarded_texts",
    "on_paper",
    "opened_book",
    "wide_texts",
    "write_fill_in",
]

_INK, _TOLD, _ASKED, _GREY = "#1b2430", "#cfe4e1", "#fdecc8", "#8a93a0"
_ROOM = 200  # rows below the last one where drop-downs work too
_MOST_LINKS = 65_000  # of a sheet; a spreadsheet refuses more
_ROW = 54  # height in points: four lines of text


@dataclass(frozen=True, slots=True, kw_only=True)
class FillIn:
    """How a sheet to fill in is laid out.

    Attributes
    ----------
    columns : tuple of CellColumn
    headers : mapping of str to str
        By the code of their column.
    choices : mapping of str to (str or list of str)
        What each drop-down offers: a range, or the labels.
    frozen : int
        Columns that stay in sight.
    height : float
        Of a row, in points.
    see : str
        Text of a link.
    lang : {"fr", "en"}
    """

    columns: tuple[CellColumn, ...]
    headers: Mapping[str, str]
    choices: Mapping[str, Any]
    frozen: int
    see: str
    lang: Lang
    height: float = _ROW


def opened_book(sink: Any, title: str) -> Workbook:
    """Return a new workbook that runs nothing; equal cells give equal bytes."""
    import xlsxwriter

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(sink, {"in_memory": True, **safe})
    workbook.set_properties({"title": title, "created": dt.datetime(1980, 1, 1)})  # noqa: DTZ001 - no clock: a date of the format alone
    return workbook


def formats(workbook: Workbook) -> dict[str, Format]:
    """Return the formats of all sheets, by name."""
    base = {"font_name": "Arial", "font_size": 10, "valign": "top", "font_color": _INK}
    head = {**base, "bold": True, "text_wrap": True, "border": 1, "border_color": "#ffffff"}
    day = {**base, "num_format": "dd/mm/yyyy", "align": "left"}
    asked = {"bg_color": "#fffaf0", "border": 1, "border_color": "#eadfc6"}
    text = {**base, "num_format": "@"}
    return {
        "text": workbook.add_format(text),
        "wide": workbook.add_format({**text, "text_wrap": True}),
        "date": workbook.add_format(day),
        "whole": workbook.add_format({**base, "num_format": "0", "align": "center"}),
        "link": workbook.add_format({**base, "font_color": "#0f6b6b", "underline": 1}),
        "grey": workbook.add_format({**text, "font_color": _GREY, "font_size": 8}),
        "text_asked": workbook.add_format({**text, **asked}),
        "wide_asked": workbook.add_format({**text, **asked, "text_wrap": True}),
        "date_asked": workbook.add_format({**day, **asked}),
        "told": workbook.add_format({**head, "bg_color": _TOLD}),
        "asked": workbook.add_format({**head, "bg_color": _ASKED}),
        "title": workbook.add_format({**base, "bold": True, "font_size": 16}),
        "strong": workbook.add_format({**base, "bold": True}),
    }


def guarded_texts(texts: Sequence[str]) -> list[str]:
    """Return texts that run nothing, even once the sheet was saved as CSV and opened again."""
    array = pa.chunked_array([pa.array(list(texts), type=pa.large_string())])
    return [str(text) for text in guard_column(array).to_pylist()]


def wide_texts(texts: Sequence[str]) -> list[str]:
    """Return texts of several lines as they are, each line guarded."""
    parted = [text.split("\n") for text in texts]
    flat = iter(guarded_texts([line for lines in parted for line in lines]))
    return ["\n".join(next(flat) for _ in lines) for lines in parted]


def write_fill_in(
    sheet: Worksheet, rows: pd.DataFrame, form: FillIn, forms: Mapping[str, Format]
) -> None:
    """Write a sheet: a hidden row of codes, the header, the rows, the rules.

    Parameters
    ----------
    sheet : Worksheet
    rows : DataFrame
        A column for each of the form's that is not filled in.
    form : FillIn
    forms : mapping
        As `formats` gives them.
    """
    room = _MOST_LINKS
    unknown = say(form.lang, "cells.date_unknown")
    for at, column in enumerate(form.columns):
        cell_form = _form(column, forms)
        sheet.set_column(at, at, column.width, cell_form)
        sheet.write_string(0, at, MARK + column.code, forms["grey"])
        head = forms["asked" if column.is_answer else "told"]
        sheet.write_string(1, at, form.headers[column.code], head)
        if column.is_answer:
            if column.choices:
                rule = {"validate": "list", "source": form.choices[column.choices]}
                sheet.data_validation(2, at, len(rows) + 1 + _ROOM, at, rule)
            continue
        if column.kind == "link":
            room = _link(sheet, at, rows[column.code].tolist(), cell_form, form.see, room)
        else:
            _fill(sheet, at, column, rows, cell_form, unknown)
    for row in range(2, len(rows) + 2):
        sheet.set_row(row, form.height)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(1, 32)
    sheet.freeze_panes(2, form.frozen)
    sheet.autofilter(1, 0, max(len(rows) + 1, 2), len(form.columns) - 1)


def _form(column: CellColumn, forms: Mapping[str, Format]) -> Format:
    if column.is_answer:
        return forms[f"{'text' if column.kind == 'whole' else column.kind}_asked"]
    is_sign = column.code.startswith(("key", "ref_"))
    return forms["grey" if is_sign else column.kind]


def _fill(
    sheet: Worksheet, at: int, column: CellColumn, rows: pd.DataFrame, form: Format, unknown: str
) -> None:
    """Write one column's cells that are dates, numbers or texts."""
    values = rows[column.code]
    if column.kind == "date":
        for row, day in enumerate(pd.to_datetime(values), start=2):
            if not pd.isna(day):
                sheet.write_datetime(row, at, day, form)
    elif column.kind == "whole":
        for row, number in enumerate(values, start=2):
            if not pd.isna(number):
                sheet.write_number(row, at, number, form)
            elif column.code == "days_left":
                sheet.write_string(row, at, unknown, form)
    else:
        for row, text in enumerate(wide_texts(values.tolist()), start=2):
            if text:
                sheet.write_string(row, at, text, form)


def _link(
    sheet: Worksheet, at: int, pages: Sequence[str], form: Format, label: str, room: int
) -> int:
    """Write one column of pages as short links; return how many more links there may be.

    A link's text does not wrap: as long as a line's, it would run over the next cells.
    """
    for row, page in enumerate(pages, start=2):
        if page.startswith(("http://", "https://")) and room > 0:
            # A page whose address is longer than a spreadsheet takes is refused: not 0.
            room -= sheet.write_url(row, at, page, form, label) == 0
    return room


def on_paper(sheet: Worksheet, name: str, date: str) -> None:
    """Lay a sheet out for A4, with the name of the workbook and the day on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_header(f"&L{name.replace('&', '&&')}&R{date}")
    sheet.set_footer("&C&P / &N")
