"""Ways in which people and programs change a workbook before they give it back.

Each takes a filled workbook (openpyxl), a seeded random source and a folder, and returns the files
that come back.  `READ` says those that must be read right, `REFUSED` those of which a cell is named.
"""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from matchmaker.follow_up.columns import ANSWERS, COLUMNS, MARK, header

SHEETS = ("À appeler aujourd'hui", "Suivis", "Sans solution")
AT = {column.code: at for at, column in enumerate(COLUMNS)}
Mangling = Callable[[Workbook, Random, Path], list[Path]]


def grid_of(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def put(sheet: Worksheet, grid: list[list[object]]) -> None:
    sheet.delete_rows(1, sheet.max_row + 1)
    sheet.row_dimensions.clear()
    for row, cells in enumerate(grid, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None:
                cell = sheet.cell(row, column, value)
                if isinstance(value, dt.date):
                    cell.number_format = "dd/mm/yyyy"


def saved(book: Workbook, folder: Path, name: str = "back.xlsx") -> list[Path]:
    book.save(folder / name)
    return [folder / name]


def on_grids(change: Callable[[list[list[object]], Random], list[list[object]]]) -> Mangling:
    """Change the cells of each sheet of youths."""

    def mangle(book: Workbook, rng: Random, folder: Path) -> list[Path]:
        for name in SHEETS:
            put(book[name], change(grid_of(book[name]), rng))
        return saved(book, folder)

    return mangle


def cells(codes: list[str], change: Callable[[object], object]) -> Mangling:
    """Change the filled cells of some columns."""

    def of(grid, rng):
        for row in grid[2:]:
            for code in codes:
                if row[AT[code]] is not None:
                    row[AT[code]] = change(row[AT[code]])
        return grid

    return on_grids(of)


def as_csv(encoding: str, separator: str, day: str = "%d/%m/%Y") -> Mangling:
    def mangle(book: Workbook, rng: Random, folder: Path) -> list[Path]:
        paths = []
        for at, name in enumerate(SHEETS):
            path = folder / f"feuille{at}.csv"
            with path.open("w", encoding=encoding, newline="", errors="replace") as file:
                out = csv.writer(file, delimiter=separator, lineterminator="\r\n")
                for row in grid_of(book[name]):
                    out.writerow([c.strftime(day) if isinstance(c, dt.date) else c for c in row])
            paths.append(path)
        return paths

    return mangle


def moved(order: Callable[[list[int], Random], list[int]]) -> Mangling:
    def of(grid, rng):
        places = order(list(range(len(COLUMNS))), rng)
        return [[(row + [None] * len(COLUMNS))[at] for at in places] for row in grid]

    def mangle(book: Workbook, rng: Random, folder: Path) -> list[Path]:
        for name in SHEETS:
            put(book[name], of(grid_of(book[name]), Random(7)))
        return saved(book, folder)

    return mangle


def shuffled(places, rng):
    rng.shuffle(places)
    return places


def sorted_rows(code: str, *, some: list[str] | None = None) -> Mangling:
    """Sort by a column: whole rows, or some columns only, as a slip of the mouse does."""

    def of(grid, rng):
        rows = grid[2:]
        order = sorted(range(len(rows)), key=lambda at: str(rows[at][AT[code]]), reverse=True)
        if some is None:
            return [*grid[:2], *(rows[at] for at in order)]
        taken = [{one: rows[at][AT[one]] for one in some} for at in order]
        for row, values in zip(rows, taken, strict=True):
            for one, value in values.items():
                row[AT[one]] = value
        return grid

    return on_grids(of)


def without(codes: list[str]) -> Mangling:
    gone = {AT[code] for code in codes}
    return on_grids(
        lambda grid, rng: [[c for at, c in enumerate(row) if at not in gone] for row in grid]
    )


def inserted(at: int, title: str, text: str) -> Mangling:
    def of(grid, rng):
        return [
            [*row[:at], None if n == 0 else title if n == 1 else text, *row[at:]]
            for n, row in enumerate(grid)
        ]

    return on_grids(of)


def headers(change: Callable[[str], str], *, keep_codes: bool = True) -> Mangling:
    def of(grid, rng):
        head = [change(str(text)) for text in grid[1]]
        return [grid[0], head, *grid[2:]] if keep_codes else [head, *grid[2:]]

    return on_grids(of)


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(c for c in folded if not unicodedata.combining(c)).upper()


def renamed_sheets(book, rng, folder):
    for at, name in enumerate(SHEETS):
        book[name].title = f"Feuil{at}"
    return saved(book, folder)


def filtered(book, rng, folder):
    for name in SHEETS:
        for row in range(3, book[name].max_row, 2):
            book[name].row_dimensions[row].hidden = True
    return saved(book, folder)


def one_sheet(book, rng, folder):
    whole = grid_of(book[SHEETS[0]])
    for name in SHEETS[1:]:
        whole += grid_of(book[name])[2:]
        del book[name]
    put(book[SHEETS[0]], whole)
    return saved(book, folder)


def copied_sheet(book, rng, folder):
    book.copy_worksheet(book[SHEETS[0]]).title = "copie"
    return saved(book, folder)


def blank_rows(grid, rng):
    return [*grid[:2], *(line for row in grid[2:] for line in (row, [None]))]


def on_top(grid, rng):
    return [["Cellule de Bretagne"], [None, "semaine 37"], [None], *grid]


def serial(day: object) -> object:
    return (
        (day - dt.datetime.fromisoformat("1899-12-30")).days
        if isinstance(day, dt.datetime)
        else day
    )


def written(day: object) -> object:
    return day.strftime("%d/%m/%Y") if isinstance(day, dt.datetime) else day


def parted(book, rng, folder):
    """The three sheets as three workbooks, by three people."""
    paths = []
    for at, name in enumerate(SHEETS):
        other = Workbook()
        put(other.active, grid_of(book[name]))
        paths += saved(other, folder, f"personne {at}.xlsx")
    return paths


def shifted(grid, rng):
    """Cells were inserted in rows that are filled: all behind them moved one to the right."""
    first = AT["outcome"]
    return [
        *grid[:2],
        *([*row[:first], None, *row[first:-1]] if row[first] else row for row in grid[2:]),
    ]


def twice(grid, rng):
    return [[*row, row[AT["outcome"]]] for row in grid]


def broken_file(book, rng, folder):
    (path,) = saved(book, folder)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return [path]


DATES = [column.code for column in ANSWERS if column.kind == "date"]
TEXTS = [column.code for column in ANSWERS if column.kind != "date"]
TOLD = [c.code for c in COLUMNS if not c.is_answer and not c.code.startswith(("key", "ref_"))]
WHO = ["last_name", "first_name", "birth_date"]

READ: dict[str, Mangling] = {
    "renamed file": lambda book, rng, folder: saved(book, folder, "Bretagne V2 (def).xlsx"),
    "renamed sheets": renamed_sheets,
    "sorted by surname": sorted_rows("last_name"),
    "sorted by outcome": sorted_rows("outcome"),
    "filtered": filtered,
    "columns reversed": moved(lambda places, rng: places[::-1]),
    "columns shuffled": moved(shuffled),
    "column added behind": inserted(len(COLUMNS), "Mon avis", "à voir"),
    "column added between": inserted(AT["by"], "Priorité", "1"),
    "codes deleted": on_grids(lambda grid, rng: grid[1:]),
    "headers in other words": headers(lambda text: f"{text} ?"),
    "headers in capitals, codes deleted": headers(plain, keep_codes=False),
    "headers in English, codes deleted": headers(
        lambda text: {header(c.code, "fr"): header(c.code, "en") for c in COLUMNS}[text],
        keep_codes=False,
    ),
    "CSV cp1252": as_csv("cp1252", ";"),
    "CSV UTF-8 with commas": as_csv("utf-8-sig", ",", "%Y-%m-%d"),
    "CSV UTF-16 with tabs": as_csv("utf-16", "\t"),
    "dates as text": cells([*DATES, "birth_date"], written),
    "dates as numbers": cells(DATES, serial),
    "blank rows": on_grids(blank_rows),
    "titles on top": on_grids(on_top),
    "first key blanked": cells(["key"], lambda _: None),
    "last key deleted": without(["key_again"]),
    "told columns deleted": without(TOLD),
    "choices in capitals": cells(["outcome", "known"], lambda text: plain(str(text))),
    "blanks around": cells(TEXTS, lambda text: f"\u00a0{text}  "),
    "SIRET as number": cells(["siret"], lambda text: int(str(text))),
    "all in one sheet": one_sheet,
    "a sheet copied": copied_sheet,
    "three workbooks": parted,
    "surname put right": cells(["last_name"], lambda text: f"{text}-Martin"),
    "names in capitals": cells(["last_name", "first_name"], lambda text: plain(str(text))),
}
REFUSED: dict[str, Mangling] = {
    "keys deleted": without(["key", "key_again"]),
    "names sorted alone": sorted_rows("last_name", some=WHO),
    "keys sorted alone": sorted_rows("last_name", some=["key"]),
    "told columns sorted alone": sorted_rows("last_name", some=["key", *TOLD]),
    "answer renamed, codes deleted": headers(
        lambda text: "Bilan" if text == header("outcome", "fr") else text, keep_codes=False
    ),
    "outcome off the list": cells(["outcome"], lambda _: "RDV peut-être"),
    "year of two digits": cells(["on"], lambda day: day.strftime("%d/%m/%y")),
    "key cut": cells(["key", "key_again"], lambda key: str(key)[1:]),
    "keys retyped": cells(["key"], lambda key: str(key).split("~")[0]),
    "cells shifted": on_grids(shifted),
    "a column twice": on_grids(twice),
    "half a file": broken_file,
    "SIRET rounded": cells(["siret"], lambda _: 7.32829e13),
    "references blanked": cells(["ref_1", "ref_2", "ref_3"], lambda _: None),
}
assert MARK
