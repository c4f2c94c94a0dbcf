"""One workbook of a cell: sheets of youths with columns to fill in, offers, counts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from matchmaker.follow_up.columns import COLUMNS, choices
from matchmaker.follow_up.figures import SHEETS
from matchmaker.follow_up.sheet_writer import (
    FillIn,
    formats,
    guarded_texts,
    on_paper,
    opened_book,
    wide_texts,
    write_fill_in,
)
from matchmaker.words import Lang, date_text, say, table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Book", "book_bytes"]

_LINE = 13.5  # height in points of a line of text
_ABOUT = 100  # signs of the second column of the first sheet
_PAGES_WIDE = 5  # of A4, so that the columns can be read on paper
_FROZEN = 4  # key, due day, surname, first name
_OFFERS = (
    ("title", 40), ("employer", 28), ("place", 22), ("siret", 17), ("seats", 8),
    ("start_date", 12), ("youths", 8), ("names", 34), ("url", 14),
)  # fmt: skip
_OFFER_KINDS = {"seats": "whole", "youths": "whole", "start_date": "date", "url": "link"}
_MOST_LINKS = 65_000  # of a sheet; a spreadsheet refuses more


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
    out = io.BytesIO()
    workbook = opened_book(out, book.name)
    forms = formats(workbook)
    names = table(book.lang, "cells_sheet")
    _read_me(workbook.add_worksheet(names["read_me"]), book, forms)
    written = {code: workbook.add_worksheet(names[code]) for code in SHEETS}
    offers = workbook.add_worksheet(names["offers"])
    figures = workbook.add_worksheet(names["counts"])
    ranges = _choices(workbook, book.lang)
    layout = FillIn(
        columns=COLUMNS, headers=table(book.lang, "cells_header"), choices=ranges, frozen=_FROZEN,
        see=say(book.lang, "cells.see_page"), lang=book.lang,
    )  # fmt: skip
    for code, sheet in written.items():
        rows = book.facts[book.facts["sheet"] == code]
        write_fill_in(sheet, rows, layout, forms)
        on_paper(sheet, book.name, date_text(book.as_of, book.lang))
        sheet.fit_to_pages(_PAGES_WIDE, 0)
        sheet.repeat_columns(1, _FROZEN - 1)
    _offers(offers, book, forms)
    _counts(figures, book, forms)
    written["today"].activate()
    workbook.close()
    return out.getvalue()


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
    on_paper(sheet, book.name, date_text(book.as_of, book.lang))


def _offers(sheet: Worksheet, book: Book, forms: Mapping[str, Format]) -> None:
    heads, see = table(book.lang, "cells_offer"), say(book.lang, "cells.see_page")
    for at, (code, width) in enumerate(_OFFERS):
        kind = _OFFER_KINDS.get(code, "wide")
        sheet.set_column(at, at, width, forms[kind])
        sheet.write_string(0, at, heads[code], forms["told"])
        values = book.offers[code].tolist()
        texts = wide_texts(values) if kind == "wide" else values
        for row, value in enumerate(texts, start=1):
            lines = 1 + str(book.offers["names"].iloc[row - 1]).count("\n")
            sheet.set_row(row, max(lines, 2) * _LINE + 2)
            if kind == "wide":
                sheet.write_string(row, at, value, forms["wide"])
            elif kind == "whole":
                sheet.write_number(row, at, value, forms["whole"])
            elif kind == "link":
                if value.startswith(("http://", "https://")) and row <= _MOST_LINKS:
                    sheet.write_url(row, at, value, forms["link"], see)
            elif not pd.isna(value):
                sheet.write_datetime(row, at, value, forms["date"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(book.offers), 1), len(_OFFERS) - 1)
    sheet.set_row(0, 32)
    on_paper(sheet, book.name, date_text(book.as_of, book.lang))
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
            sheet.write_string(row, 0, guarded_texts([name])[0], forms["text"])
            sheet.write_number(row, 1, count, forms["whole"])
        row += 1
        sheet.write_string(row, 0, say(book.lang, "cells.total"), forms["strong"])
        total: Any = sum(count for _, count in lines)
        sheet.write_number(row, 1, total, forms["strong"])
        row += 2
    on_paper(sheet, book.name, date_text(book.as_of, book.lang))
    sheet.set_portrait()
