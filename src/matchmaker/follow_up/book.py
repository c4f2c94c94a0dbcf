"""One workbook of a cell: sheets of youths with columns to fill in, offers, counts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from matchmaker.follow_up.columns import COLUMNS, MARK, CellColumn, choices, header
from matchmaker.follow_up.figures import SHEETS
from matchmaker.report.cells import guard_column
from matchmaker.words import Lang, date_text, say, table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Book", "book_bytes"]

_INK, _TOLD, _ASKED, _GREY = "#1b2430", "#cfe4e1", "#fdecc8", "#8a93a0"
_ROOM = 200  # rows below the last youth where drop-downs work too
_MOST_LINKS = 65_000  # of a sheet; a spreadsheet refuses more
_ROW, _LINE = 54, 13.5  # heights in points: four lines of text, one
_ABOUT = 100  # signs of the second column of the first sheet
_PAGES_WIDE = 5  # of A4, so that the columns can be read on paper
_FROZEN = 4  # key, due day, surname, first name
_OFFERS = (
    ("title", 40), ("employer", 28), ("place", 22), ("siret", 17), ("seats", 8),
    ("start_date", 12), ("youths", 8), ("names", 34), ("url", 40),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Book:
    """What a workbook holds.

    Attributes
    ----------
    name : str
        Of the territory.
    facts : DataFrame
        Its youths, with the ``sheet`` that each stands in.
    offers : DataFrame
        Offers that suit several of them (`matchmaker.follow_up.figures.shared_offers`).
    counts : sequence
        As `matchmaker.follow_up.figures.counts` gives them.
    run_id : str
    as_of : date
    lang : {"fr", "en"}
    """

    name: str
    facts: pd.DataFrame
    offers: pd.DataFrame
    counts: Sequence[tuple[str, Sequence[tuple[str, int]]]]
    run_id: str
    as_of: dt.date
    lang: Lang


def book_bytes(book: Book) -> bytes:
    """Return a workbook as an XLSX file; equal books give equal bytes.

    Parameters
    ----------
    book : Book

    Returns
    -------
    bytes
    """
    import xlsxwriter

    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, **safe})
    workbook.set_properties({"title": book.name, "created": dt.datetime(1980, 1, 1)})  # noqa: DTZ001 - no clock: a date of the format alone
    forms = _formats(workbook)
    names = table(book.lang, "cells_sheet")
    _read_me(workbook.add_worksheet(names["read_me"]), book, forms)
    written = {code: workbook.add_worksheet(names[code]) for code in SHEETS}
    offers = workbook.add_worksheet(names["offers"])
    figures = workbook.add_worksheet(names["counts"])
    ranges = _choices(workbook, book.lang)
    for code, sheet in written.items():
        rows = book.facts[book.facts["sheet"] == code]
        _youths(sheet, rows, book, forms, ranges)
    _offers(offers, book, forms)
    _counts(figures, book, forms)
    written["today"].activate()
    workbook.close()
    return out.getvalue()


def _formats(workbook: Workbook) -> dict[str, Format]:
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
        "link": workbook.add_format(
            {**base, "text_wrap": True, "font_color": "#0f6b6b", "underline": 1}
        ),
        "grey": workbook.add_format({**text, "font_color": _GREY, "font_size": 8}),
        "text_asked": workbook.add_format({**text, **asked}),
        "wide_asked": workbook.add_format({**text, **asked, "text_wrap": True}),
        "date_asked": workbook.add_format({**day, **asked}),
        "told": workbook.add_format({**head, "bg_color": _TOLD}),
        "asked": workbook.add_format({**head, "bg_color": _ASKED}),
        "title": workbook.add_format({**base, "bold": True, "font_size": 16}),
        "strong": workbook.add_format({**base, "bold": True}),
    }


def _choices(workbook: Workbook, lang: Lang) -> dict[str, str]:
    """Write each drop-down's labels into a hidden sheet, and return the range of each.

    A list inside a cell's rule breaks beyond 255 signs, and at each comma of a label.
    """
    sheet = workbook.add_worksheet(table(lang, "cells_sheet")["choices"])
    sheet.hide()
    ranges = {}
    for at, (room, known) in enumerate(choices(lang).items()):
        labels = list(known.values())
        for row, label in enumerate(labels):
            sheet.write_string(row, at, label)
        letter = chr(ord("A") + at)
        ranges[room] = f"='{sheet.get_name()}'!${letter}$1:${letter}${len(labels)}"
    return ranges


def _guarded(texts: Sequence[str]) -> list[str]:
    """Return texts that run nothing, even once the sheet was saved as CSV and opened again."""
    array = pa.chunked_array([pa.array(list(texts), type=pa.large_string())])
    return [str(text) for text in guard_column(array).to_pylist()]


def _wide(texts: Sequence[str]) -> list[str]:
    """Return texts of several lines as they are, each line guarded."""
    parted = [text.split("\n") for text in texts]
    flat = iter(_guarded([line for lines in parted for line in lines]))
    return ["\n".join(next(flat) for _ in lines) for lines in parted]


def _youths(
    sheet: Worksheet,
    rows: pd.DataFrame,
    book: Book,
    forms: Mapping[str, Format],
    ranges: Mapping[str, str],
) -> None:
    """Write a sheet of youths: a hidden row of codes, the header, the rows, the rules."""
    room = _MOST_LINKS
    unknown = say(book.lang, "cells.date_unknown")
    for at, column in enumerate(COLUMNS):
        form = _form(column, forms)
        sheet.set_column(at, at, column.width, form)
        sheet.write_string(0, at, MARK + column.code, forms["grey"])
        head = forms["asked" if column.is_answer else "told"]
        sheet.write_string(1, at, header(column.code, book.lang), head)
        if column.is_answer:
            if column.choices:
                rule = {"validate": "list", "source": ranges[column.choices]}
                sheet.data_validation(2, at, len(rows) + 1 + _ROOM, at, rule)
            continue
        if column.kind == "link":
            room = _link(sheet, at, column.code[-1], rows, form, room)
        else:
            _fill(sheet, at, column, rows, form, unknown)
    for row in range(2, len(rows) + 2):
        sheet.set_row(row, _ROW)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(1, 32)
    sheet.freeze_panes(2, _FROZEN)
    sheet.autofilter(1, 0, max(len(rows) + 1, 2), len(COLUMNS) - 1)
    _on_paper(sheet, book)
    sheet.fit_to_pages(_PAGES_WIDE, 0)
    sheet.repeat_columns(1, _FROZEN - 1)


def _form(column: CellColumn, forms: Mapping[str, Format]) -> Format:
    if column.is_answer:
        return forms[f"{column.kind}_asked"]
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
        for row, text in enumerate(_wide(values.tolist()), start=2):
            if text:
                sheet.write_string(row, at, text, form)


def _link(
    sheet: Worksheet, at: int, place: str, rows: pd.DataFrame, form: Format, room: int
) -> int:
    """Write one column of lines, each with its page; return how many more links there may be."""
    pages = rows[f"url_{place}"].tolist()
    for row, (text, page) in enumerate(
        zip(_wide(rows[f"line_{place}"].tolist()), pages, strict=True)
    ):
        is_page = page.startswith(("http://", "https://")) and room > 0
        room -= is_page
        # A page whose address is longer than a spreadsheet takes is refused: not 0.
        if text and not (is_page and sheet.write_url(row + 2, at, page, form, text) == 0):
            sheet.write_string(row + 2, at, text, form)
    return room


def _on_paper(sheet: Worksheet, book: Book) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_header(f"&L{book.name.replace('&', '&&')}&R{date_text(book.as_of, book.lang)}")
    sheet.set_footer("&C&P / &N")


def _read_me(sheet: Worksheet, book: Book, forms: Mapping[str, Format]) -> None:
    """Write what the workbook is, what each sheet holds, and how it is filled in."""
    lang = book.lang
    sheet.set_column(0, 0, 30, forms["text"])
    sheet.set_column(1, 1, _ABOUT, forms["wide"])
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, book.name, forms["title"])
    day = date_text(book.as_of, lang)
    sheet.write_string(1, 0, say(lang, "cells.of_day", date=day, n=len(book.facts)))
    row = 3
    for code, text in table(lang, "cells_about").items():
        label = table(lang, "cells_sheet").get(code)
        count = int((book.facts["sheet"] == code).sum()) if code in SHEETS else None
        title = label if label and count is None else f"{label} ({count})" if label else ""
        sheet.write_string(row, 0, title or table(lang, "cells_about_title")[code], forms["strong"])
        sheet.write_string(row, 1, text, forms["wide"])
        sheet.set_row(row, (1 + len(text) // _ABOUT) * _LINE + 4)
        row += 1
    sheet.write_string(row + 1, 0, f"{book.run_id}", forms["grey"])
    sheet.hide_gridlines(2)
    _on_paper(sheet, book)


def _offers(sheet: Worksheet, book: Book, forms: Mapping[str, Format]) -> None:
    heads = table(book.lang, "cells_offer")
    for at, (code, width) in enumerate(_OFFERS):
        kind = {"seats": "whole", "youths": "whole", "start_date": "date"}.get(code, "wide")
        sheet.set_column(at, at, width, forms[kind])
        sheet.write_string(0, at, heads[code], forms["told"])
        values = book.offers[code].tolist()
        texts = _wide(values) if kind == "wide" else values
        for row, value in enumerate(texts, start=1):
            lines = 1 + str(book.offers["names"].iloc[row - 1]).count("\n")
            sheet.set_row(row, max(lines, 2) * _LINE + 2)
            if kind == "wide":
                sheet.write_string(row, at, value, forms["wide"])
            elif kind == "whole":
                sheet.write_number(row, at, value, forms["whole"])
            elif not pd.isna(value):
                sheet.write_datetime(row, at, value, forms["date"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(book.offers), 1), len(_OFFERS) - 1)
    sheet.set_row(0, 32)
    _on_paper(sheet, book)
    sheet.repeat_rows(0)


def _counts(sheet: Worksheet, book: Book, forms: Mapping[str, Format]) -> None:
    sheet.set_column(0, 0, 60, forms["text"])
    sheet.set_column(1, 1, 10, forms["whole"])
    row = 0
    for title, lines in book.counts:
        sheet.write_string(row, 0, title, forms["told"])
        sheet.write_string(row, 1, "", forms["told"])
        for name, count in lines:
            row += 1
            sheet.write_string(row, 0, _guarded([name])[0], forms["text"])
            sheet.write_number(row, 1, count, forms["whole"])
        row += 1
        sheet.write_string(row, 0, say(book.lang, "cells.total"), forms["strong"])
        total: Any = sum(count for _, count in lines)
        sheet.write_number(row, 1, total, forms["strong"])
        row += 2
    _on_paper(sheet, book)
    sheet.set_portrait()
