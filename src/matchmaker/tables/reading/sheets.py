"""One sheet of a workbook as a raw table: its rows from the header down, merged cells filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable, Remark, Sheets
from matchmaker.tables.reading.content import Content
from matchmaker.tables.reading.header_rows import columns_named
from matchmaker.tables.reading.parts import Marks
from matchmaker.tables.reading.template_marks import is_example
from matchmaker.tables.schemas import columns_of, normal_name
from matchmaker.words import said

__all__ = ["Sheet", "SheetTable", "joined_sheets", "sheet_table"]

_AMOUNTS = frozenset({"capacity"})  # one number over several rows: each, or all together?


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its rows that hold anything, with their row numbers from 1."""

    name: str
    is_hidden: bool
    rows: list[tuple[int, list[str]]]
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """A sheet that is read: which of its rows is the header, and the header's cells."""

    sheet: Sheet
    at: int
    header: list[str]


def sheet_table(
    content: Content, role: str, table: SheetTable, template: dict[str, str]
) -> RawTable:
    """Return one sheet as a raw table."""
    sheet = table.sheet
    header = [template.get(cell, cell) for cell in table.header]
    width = len(header)
    while width and not header[width - 1].strip():
        width -= 1
    header = header[:width]
    rows = [
        (line, cells + [""] * (width - len(cells))) for line, cells in sheet.rows[table.at + 1 :]
    ]
    filled, spread = _fill_down(sheet, role, header, dict(rows))
    titles = _titles(sheet, width)
    # What stands beyond an empty column is beside the table; in the very next one it may be data.
    is_beside = not any("".join(cells[width : width + 1]).strip() for _, cells in rows)
    faults: list[Issue] = []
    kept: list[list[str]] = []
    lines: list[int] = []
    beside: list[int] = []
    examples = blank = 0
    before = sheet.rows[table.at][0]
    for line, cells in rows:
        blank += line - before - 1
        before = line
        if any(cell.strip() for cell in cells[width:]):
            if not is_beside:
                faults.append(_headless(content, sheet, line, cells, width))
                continue
            beside.append(line)
        if not any(cell.strip() for cell in cells[:width]):
            continue
        if line in titles:
            faults.append(
                Issue(
                    reason="not_a_row",
                    file=content.file,
                    line=line,
                    sheet=sheet.name,
                    value=titles[line],
                    message=said("header.title_row"),
                    hint=said("header.not_a_row_hint"),
                )
            )
        elif line in spread:
            faults.append(
                Issue(
                    reason="merged_number",
                    file=content.file,
                    line=line,
                    sheet=sheet.name,
                    column=spread[line],
                    message=said("reading.merged_number"),
                    hint=said("reading.merged_number_hint"),
                )
            )
        elif template and is_example(cells):
            examples += 1
        else:
            kept.append(cells[:width])
            lines.append(line)
    header_line = sheet.rows[table.at][0]
    remarks = [
        *filled,
        *_counted("repair", "header_below", sheet.name, [header_line] if table.at else []),
        *_counted("left_out", "beside_table", sheet.name, beside),
        *_counted("left_out", "example_row", sheet.name, [0] * examples),
    ]
    return RawTable(
        role=role,
        file=content.file,
        frame=pd.DataFrame(kept, columns=pd.Index(header), dtype="str"),
        lines=np.array(lines, dtype=np.int64),
        sha256=content.sha256,
        faults=tuple(faults),
        blank_rows=blank,
        header_line=header_line,
        sheets=Sheets(
            names=(sheet.name,),
            of_row=np.zeros(len(lines), dtype=np.int16),
            columns=({name: i for i, name in reversed([*enumerate(header)])},),
        ),
        remarks=tuple(remarks),
    )


def _headless(content: Content, sheet: Sheet, line: int, cells: list[str], width: int) -> Issue:
    return Issue(
        reason="cell_count",
        file=content.file,
        line=line,
        sheet=sheet.name,
        value=str(len(cells)),
        message=said("reading.cell_count", due=width),
        hint=said("reading.headless_column"),
    )


def _counted(kind: str, reason: str, column: str, lines: Sequence[int]) -> Iterable[Remark]:
    if lines:
        yield Remark(kind=kind, reason=reason, column=column, count=len(lines), line=min(lines))


def _fill_down(
    sheet: Sheet, role: str, header: list[str], rows: dict[int, list[str]]
) -> tuple[list[Remark], dict[int, str]]:
    """Write what cells merged over several rows say into each of these rows.

    Returns
    -------
    list of Remark
        How many cells were filled, by column.
    dict of int to str
        Lines over which a number was merged that may be meant for all of them together, and
        its column.
    """
    filled: list[Remark] = []
    spread: dict[int, str] = {}
    for top, left, bottom, right in sheet.marks.merged:
        if left != right or left >= len(header) or top + 1 not in rows:
            continue
        text = rows[top + 1][left]
        # A row that is empty but for the merged cell stays an empty row.
        under = [line for line in range(top + 2, bottom + 2) if line in rows]
        if not text.strip() or not under:
            continue
        if columns_named(role, [header[left]]) & _AMOUNTS:
            spread.update(dict.fromkeys([top + 1, *under], header[left]))
            continue
        for line in under:
            rows[line][left] = text
        filled += _counted("repair", "merged_cell", header[left], under)
    return filled, spread


def _titles(sheet: Sheet, width: int) -> dict[int, str]:
    """Return the lines whose first cell is merged over most columns: titles between rows."""
    cells = dict(sheet.rows)
    return {
        top + 1: cells[top + 1][0][:80]
        for top, left, _, right in sheet.marks.merged
        if left == 0
        and right > 0
        and 2 * (right + 1) > width
        and top + 1 in cells
        and cells[top + 1][0].strip()
    }


def joined_sheets(parts: list[RawTable]) -> RawTable:
    """Return the rows of several sheets as one table; columns are those of the first."""
    if len(parts) == 1:
        return parts[0]
    known = columns_of(parts[0].role)
    names: dict[str, str] = {}
    frames = []
    for part in parts:
        keys = pd.Index([normal_name(str(header)) for header in part.frame.columns])
        is_again = keys.duplicated()
        if any(key in known for key in keys[is_again]):
            return part  # the check of its header refuses it
        for key, header in zip(keys, part.frame.columns, strict=True):
            names.setdefault(key, str(header))
        frames.append(
            part.frame.loc[:, ~is_again].set_axis([names[k] for k in keys[~is_again]], axis=1)
        )
    sheets = [part.sheets for part in parts if part.sheets]
    return RawTable(
        role=parts[0].role,
        file=parts[0].file,
        frame=pd.concat(frames, ignore_index=True).fillna("").astype("str"),
        lines=np.concatenate([part.lines for part in parts]),
        sha256=parts[0].sha256,
        faults=tuple(fault for part in parts for fault in part.faults),
        blank_rows=sum(part.blank_rows for part in parts),
        header_line=parts[0].header_line,
        sheets=Sheets(
            names=tuple(name for sheet in sheets for name in sheet.names),
            of_row=np.repeat(np.arange(len(parts), dtype=np.int16), [len(f) for f in frames]),
            columns=tuple(
                {names[normal_name(header)]: i for header, i in sheet.columns[0].items()}
                for sheet in sheets
            ),
        ),
    )
