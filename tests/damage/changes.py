"""What can be done to a table: each change takes the table, a row, a column, a source of chance."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence

from tests.damage.truth import Grid

Change = Callable[[Grid, int, str, random.Random], None]


def cell(mend: Callable[[str], str]) -> Change:
    """Change the one cell."""

    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del draw
        grid.put(row, column, mend(grid.get(row, column)))

    return change


def whole(mend: Callable[[str], str]) -> Change:
    """Change every cell of the column."""

    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, draw
        for i in range(len(grid.rows)):
            grid.put(i, column, mend(grid.get(i, column)))

    return change


def in_workbook(text: str) -> Change:
    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del draw
        grid.container = "xlsx"
        grid.put(row, column, text)

    return change


def mojibake(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Decode a cell that has an accent wrongly."""
    del row, draw
    at = next(i for i in range(len(grid.rows)) if not grid.get(i, column).isascii())
    grid.put(at, column, grid.get(at, column).encode().decode("cp1252", "replace"))


def month_first(text: str) -> str:
    year, month, day = text.split("-")
    return f"{month}/{day}/{year}"


def early(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Write one date month first, day at most 12: nothing tells."""
    del draw
    year, month, _ = grid.get(row, column).split("-")
    day = "09" if month != "09" else "08"
    grid.put(row, column, f"{year}-{month}-{day}")
    grid.rows[row][grid.place(column)] = f"{year}-{day}-{month}"


def all_month_first(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """A column of another country; one of its days is above 12."""
    whole(month_first)(grid, row, column, draw)
    month, _, year = grid.get(row, column).split("/")
    grid.put(row, column, f"{month}/25/{year}")
    grid.origin[row] = -2  # its day is no longer that of the truth


def neighbour(text: str) -> str:
    """Change the last digit, as a slip of a finger does."""
    last = int(text[-1])
    return text[:-1] + str(last - 1 if last else 1)


def filled_down(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Drag a cell over the next ones: a spreadsheet counts its number up."""
    del draw
    text = grid.get(row, column)
    start = len(text.rstrip("0123456789"))
    for step, at in enumerate(range(row + 1, min(row + 3, len(grid.rows))), start=1):
        grid.put(at, column, f"{text[:start]}{int(text[start:]) + step:0{len(text) - start}}")


def copied_down(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del draw
    for at in range(row + 1, min(row + 4, len(grid.rows))):
        grid.put(at, column, grid.get(row, column))


def swapped_headers(one: str, other: str) -> Change:
    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, column, draw
        i, k = grid.place(one), grid.place(other)
        grid.header[i], grid.header[k] = other, one
        grid.touched |= {one, other}

    return change


def sorted_alone(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Sort one column and leave the others where they are."""
    del row, draw
    cells = sorted((grid.get(i, column) for i in range(len(grid.rows))), reverse=True)
    for i, text in enumerate(cells):
        grid.put(i, column, text)


def shifted(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Delete one cell "to the left": those after it move."""
    del draw
    cells = grid.rows[row]
    at = grid.place(column)
    grid.rows[row] = [*cells[:at], *cells[at + 1 :], ""]
    grid.touched |= set(grid.header[at:])


def inserted(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Insert one cell: those after it move, and the last leaves the table."""
    del draw
    cells = grid.rows[row]
    at = grid.place(column)
    grid.rows[row] = [*cells[:at], "", *cells[at:-1]]
    grid.touched |= set(grid.header[at:])


def unquoted(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Write a separator into a cell without quotes: the record has one cell too many."""
    del draw
    grid.touched |= set(grid.header[grid.place(column) :])
    grid.rows[row].insert(grid.place(column), "12")


def doubled(change: Callable[[list[str], Grid], list[str]]) -> Change:
    def doubled(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del column, draw
        grid.rows.append(change(list(grid.rows[row]), grid))
        grid.origin.append(row if grid.rows[-1] == grid.rows[row] else -1)
        grid.touched |= set(grid.header)

    return doubled


def other_level(cells: list[str], grid: Grid) -> list[str]:
    at = grid.place("level")
    cells[at] = "3" if cells[at] != "3" else "4"
    return cells


def under(*rows: Sequence[str]) -> Change:
    """Write rows under the table."""

    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, column, draw
        for cells in rows:
            grid.rows.append([*cells, *[""] * (len(grid.header) - len(cells))])
            grid.origin.append(-1)

    return change


def total_between(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del column, draw
    grid.rows.insert(row, ["Sous-total", *[""] * (len(grid.header) - 2), "12"])
    grid.origin.insert(row, -1)


def title(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del row, column, draw
    grid.container = "xlsx"
    grid.above = [["Mission locale du Ponant"], [], ["Édité le 14/09/2026"]]


def other_sheet(*, is_hidden: bool) -> Change:
    """Put a sheet before the table's: last year's, hidden; or a read-me."""

    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, column, draw
        grid.container = "xlsx"
        old = [grid.header, *(["X" + cells[0], *cells[1:]] for cells in grid.rows)]
        grid.further = {"2025": old} if is_hidden else {"Lisez-moi": [["Bonjour"], ["Voir plus"]]}
        grid.hidden = ["2025"] if is_hidden else []

    return change


def merged(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Merge a cell over two rows that say the same: the second one is empty then."""
    del draw
    row -= row % 2
    letter = chr(ord("A") + grid.place(column))
    grid.container = "xlsx"
    grid.put(row + 1, column, "")
    grid.merged = [f"{letter}{grid.line_of(row)}:{letter}{grid.line_of(row + 1)}"]


def cut(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """End the file in the middle of its last row."""
    del row, column, draw
    grid.rows[-1] = grid.rows[-1][: len(grid.header) // 2]


def cut_late(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """End the file in the last cell of its last row."""
    del row, draw
    grid.put(len(grid.rows) - 1, column, grid.get(-1, column)[:11])


def as_bytes(mend: Callable[[bytes], bytes]) -> Change:
    """Change the file as it lies on disk."""

    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, column, draw
        grid.mend = mend

    return change


def one_bad_byte(data: bytes) -> bytes:
    at = data.index("É".encode() if "É".encode() in data else "é".encode())
    return data[:at] + b"\xe9" + data[at + 2 :]


def header_again(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Put two exports under each other, headers and all."""
    del column, draw
    grid.rows.insert(row, list(grid.header))
    grid.origin.insert(row, -1)


def column_twice(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Add a column of the same name whose cells say something else."""
    del row, draw
    grid.header.append(column)
    for i, cells in enumerate(grid.rows):
        cells.append(grid.get((i + 1) % len(grid.rows), column))
    grid.touched.add(column)


def blank_row(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del column, draw
    grid.rows.insert(row, [""] * len(grid.header))
    grid.origin.insert(row, -1)


def cut_between(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """End the file between two rows."""
    del row, column, draw
    del grid.rows[-1], grid.origin[-1]


def renamed(header: str) -> Change:
    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, draw
        grid.header[grid.place(column)] = header
        grid.touched |= {column, header}

    return change


def serial(text: str) -> str:
    return str((dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days)


def filled_from(other: str) -> Change:
    """Fill a column with what belongs into another one, which the file then does not have."""

    def change(grid: Grid, row: int, column: str, draw: random.Random) -> None:
        del row, draw
        for i in range(len(grid.rows)):
            grid.put(i, column, grid.get(i, other))
        grid.without((other,))

    return change


def of_another_region(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del draw
    grid.put(row, column, "Bretagne" if grid.get(row, column) != "Bretagne" else "Occitanie")


def of_next_row(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del draw
    grid.put(row, column, grid.get((row + 1) % len(grid.rows), column))


def cedex(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del row, draw
    grid.put(2, column, "35042")
    grid.put(2, "place_name", "RENNES CEDEX")


def minus(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Take the sign of a coordinate away; far enough from the meridian to be another place."""
    at = next(i for i in (row, 0) if abs(float(grid.get(i, column))) > 1)
    text = grid.get(at, column)
    del draw
    grid.put(at, column, text[1:] if text.startswith("-") else f"-{text}")


def header_lost(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    place = grid.place(column)
    renamed("")(grid, row, column, draw)
    grid.touched.add(str(place + 1))


def header_lost_in_workbook(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    grid.container = "xlsx"
    header_lost(grid, row, column, draw)


def semicolons(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del row, column, draw
    grid.separator = ";"


def neighbour_trade(text: str) -> str:
    return "K1302" if text != "K1302" else "D1102"


def copied_once(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    del draw
    grid.put(row + 1, column, grid.get(row, column))


def near_trade(grid: Grid, row: int, column: str, draw: random.Random) -> None:
    """Write the code of pastry cooks beside a baker's title."""
    del row, draw
    grid.put(0, column, "D1104")
