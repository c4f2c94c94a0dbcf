"""One workbook of a territory's ambassadors: what is missing, whom to ask, what nobody fits."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from matchmaker.follow_up.firm_columns import FIRM_COLUMNS
from matchmaker.follow_up.merging import LEAST
from matchmaker.follow_up.missing import Missing
from matchmaker.follow_up.sheet_writer import (
    FillIn,
    formats,
    on_paper,
    opened_book,
    wide_texts,
    write_fill_in,
)
from matchmaker.words import Lang, date_text, say, table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["FirmBook", "firm_book_bytes"]

_FROZEN = 2  # key, firm
_ROW, _LINE, _ABOUT = 42, 13.5, 100
_PAGES_WIDE = 3
_MISSING = (("trade", 46), ("place", 34), ("level", 26), ("count", 10))
_UNFIT = (
    ("title", 42), ("employer", 30), ("place", 22), ("start_date", 12), ("reason", 60), ("url", 14),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirmBook:
    """What a workbook holds: nothing of any youth.

    Attributes
    ----------
    name : str
        Of the territory.
    missing : sequence of Missing
    firms : DataFrame
        As `matchmaker.follow_up.firms.with_asked`, of this territory.
    unfit : DataFrame
        ``title``, ``employer``, ``place``, ``start_date``, ``reason`` in words, ``url``.
    as_of : date
    lang : {"fr", "en"}
    """

    name: str
    missing: Sequence[Missing]
    firms: pd.DataFrame
    unfit: pd.DataFrame
    as_of: dt.date
    lang: Lang


def firm_book_bytes(book: FirmBook) -> bytes:
    """Return a workbook as an XLSX file; equal books give equal bytes.

    It has no hidden sheet: what it tells is all in sight.

    Parameters
    ----------
    book : FirmBook

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    workbook = opened_book(out, book.name)
    forms = formats(workbook)
    names = table(book.lang, "employers_sheet")
    day = date_text(book.as_of, book.lang)
    layout = FillIn(
        columns=FIRM_COLUMNS,
        headers=table(book.lang, "employers_header"),
        # Six short labels without a comma: a list inside the rule holds them.
        choices={"employers_answer": list(table(book.lang, "employers_answer").values())},
        frozen=_FROZEN,
        height=_ROW,
        see=say(book.lang, "cells.see_page"),
        lang=book.lang,
    )
    sheets = {code: workbook.add_worksheet(name) for code, name in names.items()}
    _read_me(sheets["read_me"], book, forms)
    _missing(sheets["missing"], book, forms)
    for code, turns in (("to_ask", (0, 1)), ("asked", (2,))):
        rows = book.firms[book.firms["turn"].isin(turns)].reset_index(drop=True)
        write_fill_in(sheets[code], rows, layout, forms)
        on_paper(sheets[code], book.name, day)
        sheets[code].fit_to_pages(_PAGES_WIDE, 0)
        sheets[code].repeat_columns(1, _FROZEN - 1)
    _unfit(sheets["unfit"], book, forms)
    for code in ("read_me", "missing", "unfit"):
        on_paper(sheets[code], book.name, day)
        if code != "read_me":
            sheets[code].repeat_rows(0)
    sheets["to_ask"].activate()
    workbook.close()
    return out.getvalue()


def _read_me(sheet: Worksheet, book: FirmBook, forms: Mapping[str, Format]) -> None:
    lang = book.lang
    sheet.set_column(0, 0, 26, forms["text"])
    sheet.set_column(1, 1, _ABOUT, forms["wide"])
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, wide_texts([book.name])[0], forms["title"])
    day = date_text(book.as_of, lang)
    sheet.write_string(1, 0, say(lang, "employers.of_day", date=day, n=len(book.firms)))
    names, titles = table(lang, "employers_sheet"), table(lang, "employers_about_title")
    for row, (code, text) in enumerate(table(lang, "employers_about").items(), start=3):
        sheet.write_string(row, 0, names[code] if code in names else titles[code], forms["strong"])
        sheet.write_string(row, 1, text, forms["wide"])
        sheet.set_row(row, (1 + len(text) // _ABOUT) * _LINE + 4)
    sheet.hide_gridlines(2)


def _missing(sheet: Worksheet, book: FirmBook, forms: Mapping[str, Format]) -> None:
    heads = table(book.lang, "employers_missing")
    rows = [(row.trade, row.place, row.level) for row in book.missing]
    for at, (code, width) in enumerate(_MISSING):
        is_count = code == "count"
        sheet.set_column(at, at, width, forms["whole" if is_count else "wide"])
        sheet.write_string(0, at, heads[code], forms["told"])
        if is_count:
            for row, one in enumerate(book.missing, start=1):
                sheet.write_number(row, at, one.count, forms["whole"])
        else:
            for row, text in enumerate(wide_texts([told[at] for told in rows]), start=1):
                sheet.write_string(row, at, text, forms["wide"])
    if not book.missing:
        sheet.write_string(1, 0, say(book.lang, "employers.too_few", n=LEAST), forms["wide"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(_MISSING) - 1)
    sheet.set_row(0, 20)


def _unfit(sheet: Worksheet, book: FirmBook, forms: Mapping[str, Format]) -> None:
    heads, see = table(book.lang, "employers_unfit"), say(book.lang, "cells.see_page")
    for at, (code, width) in enumerate(_UNFIT):
        kind = {"start_date": "date", "url": "link"}.get(code, "wide")
        sheet.set_column(at, at, width, forms[kind])
        sheet.write_string(0, at, heads[code], forms["told"])
        values = book.unfit[code].tolist()
        if kind == "wide":
            for row, text in enumerate(wide_texts(values), start=1):
                sheet.write_string(row, at, text, forms["wide"])
        elif kind == "date":
            for row, day in enumerate(values, start=1):
                if not pd.isna(day):
                    sheet.write_datetime(row, at, day, forms["date"])
        else:
            for row, page in enumerate(values[:65_000], start=1):
                if page.startswith(("http://", "https://")):
                    sheet.write_url(row, at, page, forms["link"], see)
    for row in range(1, len(book.unfit) + 1):
        sheet.set_row(row, 2 * _LINE + 2)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(book.unfit), 1), len(_UNFIT) - 1)
    sheet.set_row(0, 20)
