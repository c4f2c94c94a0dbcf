"""Where in a grid of cells the header stands, and which table it is that of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from matchmaker.tables.schemas import TABLES, columns_of, normal_name
from matchmaker.tables.synonyms import may_mean

__all__ = [
    "LOOKED_AT",
    "Knows",
    "belongs_to",
    "columns_named",
    "find_header",
    "is_header",
    "joined_header",
]

Knows = Callable[[Sequence[str], Sequence[Sequence[str]]], bool]
"""Tells whether a source knows a table by its header and its first rows."""

LOOKED_AT = 20
"""Filled rows in which a header is looked for: below titles, logos and remarks."""

_LONGEST = 60  # signs of a header; a sentence that begins with a header's word is none


def columns_named(role: str, cells: Iterable[str]) -> set[str]:
    """Return the columns of a table that cells name, by their own names or in words.

    Examples
    --------
    >>> sorted(columns_named("youths", ["Youth-ID", "code postal", "Y001", ""]))
    ['postal_code', 'youth_id']
    """
    known = columns_of(role)
    short = [cell for cell in cells if cell and len(cell) <= _LONGEST]
    names = {
        name if (name := normal_name(cell)) in known else may_mean(role, cell) for cell in short
    }
    return names - {""}


def is_header(role: str, cells: Sequence[str]) -> bool:
    """Tell whether a row names two columns of the table, or nothing but columns of it."""
    named = len(columns_named(role, cells))
    return named > 1 or (named == 1 and sum(bool(cell.strip()) for cell in cells) == 1)


def belongs_to(role: str, header: Sequence[str]) -> bool:
    """Tell whether a header has the required columns of a table, and fits no other one better.

    Examples
    --------
    >>> belongs_to("youths", ["youth_id", "rank", "trade_code"])  # wishes
    False
    """

    def fit(table: str) -> int:
        named = columns_named(table, header)
        required = {column.name for column in TABLES[table] if column.is_required}
        return len(named) if required <= named else 0

    ours = fit(role)
    return ours > 0 and all(fit(other) <= ours for other in TABLES if other != role)


def joined_header(cells: Sequence[str], above: Sequence[str], role: str) -> list[str]:
    """Return a header whose empty cells are filled from the row above, where that names columns.

    Two rows make one header when a title spans several columns and others span both rows.
    """
    width = max(len(cells), len(above))
    lower = [*cells, *[""] * (width - len(cells))]
    upper = [*above, *[""] * (width - len(above))]
    return [
        low if low.strip() or not columns_named(role, [high]) else high
        for low, high in zip(lower, upper, strict=True)
    ]


def find_header(
    role: str, rows: Sequence[tuple[int, Sequence[str]]]
) -> tuple[int, list[str]] | None:
    """Return which of the first rows is the header, and its cells; None if none is.

    Parameters
    ----------
    role : str
    rows : sequence of (line, cells)
        Rows that hold anything, in their order.
    """
    best: tuple[int, int, list[str]] | None = None
    for position, (line, cells) in enumerate(rows[:LOOKED_AT]):
        header = [cell.strip() for cell in cells]
        if position and rows[position - 1][0] == line - 1:
            header = joined_header(header, rows[position - 1][1], role)
        named = len(columns_named(role, header))
        if is_header(role, header) and (best is None or named > best[0]):
            best = (named, position, header)
    return None if best is None else best[1:]
