"""Workbooks, Parquet and JSON as raw tables; a source's JSON answer as it is."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading.content import Content, refuse, to_utf8
from matchmaker.tables.reading.frames import cell_text, text_frame

__all__ = ["JsonAnswer", "read_json", "read_parquet", "read_workbook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonAnswer:
    """JSON that is no plain list of rows: an adapter must know it.

    Attributes
    ----------
    role, file, sha256, notes
        As in `RawTable`.
    payload : object
        The parsed JSON.
    """

    role: str
    file: str
    payload: object
    sha256: str
    notes: tuple[str, ...] = ()


def read_workbook(content: Content, role: str) -> RawTable:
    """Read the first sheet that holds anything; lines are its row numbers.

    Raises
    ------
    InputError
        The workbook is damaged, locked or empty.
    """
    import python_calamine

    # A workbook is a ZIP: what it unpacks to is bounded before it is opened.
    try:
        _check_zip(content)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content.data))
        sheets = [(name, _rows(workbook, name)) for name in workbook.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError, RuntimeError) as error:
        refuse(
            content.file,
            "workbook_unreadable",
            f"is no workbook that can be read ({str(error)[:80]})",
            "Open it in Excel and save it again as .xlsx, without a password.",
        )
    filled = [(name, rows) for name, rows in sheets if rows]
    if not filled:
        refuse(
            content.file, "file_empty", "is a workbook without any cell filled", "Export it again."
        )
    name, rows = filled[0]
    header_line, header = rows[0]
    width = len(header)
    while width and not header[width - 1]:
        width -= 1
    faults, kept, lines, blank = [], [], [], 0
    for (line, cells), before in zip(rows[1:], rows, strict=False):
        blank += line - before[0] - 1
        if any(cells[width:]):
            faults.append(
                Issue(
                    reason="cell_count",
                    file=content.file,
                    line=line,
                    value=str(len(cells)),
                    message=f"cells where {width} are due",
                    hint="Each column needs a header.",
                )
            )
        else:
            kept.append((cells + [""] * width)[:width])
            lines.append(line)
    frame = pd.DataFrame(kept, columns=pd.Index(header[:width]), dtype="str")
    others = len(filled) - 1
    return RawTable(
        role=role,
        file=content.file,
        frame=frame,
        lines=np.array(lines, dtype=np.int64),
        sha256=content.sha256,
        notes=(*content.notes, f"sheet '{name}'", *((f"{others} other sheets",) if others else ())),
        faults=tuple(faults),
        blank_rows=blank,
        header_line=header_line,
    )


def _check_zip(content: Content) -> None:
    """Refuse a ZIP whose directory says that it unpacks to too much."""
    import zipfile

    from matchmaker.tables.reading.content import MAX_RATIO

    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError(str(error)) from None
    if total > max(64 << 20, MAX_RATIO * len(content.data)):
        refuse(content.file, "packed_too_well", f"unpacks to {total >> 20} MB", "Export it again.")


def _rows(workbook: object, name: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a sheet that hold anything, as text, with their row numbers."""
    sheet = workbook.get_sheet_by_name(name)  # type: ignore[attr-defined] # calamine has no stubs
    result = []
    for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [cell_text(value) for value in row]
        if any(cell.strip() for cell in cells):
            result.append((line, cells))
    return result


def read_parquet(content: Content, role: str) -> RawTable:
    """Read a Parquet file; lines are row numbers from 1.

    Raises
    ------
    InputError
        The file is damaged, or a column is nested.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(content.data))
        frame = text_frame(table.to_pandas(date_as_object=True))
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError) as error:
        refuse(
            content.file,
            "parquet_unreadable",
            f"is no Parquet file that can be read ({str(error)[:80]})",
            "Write it again.",
        )
    return RawTable(
        role=role,
        file=content.file,
        frame=frame,
        lines=np.arange(1, len(frame) + 1, dtype=np.int64),
        sha256=content.sha256,
        notes=(*content.notes, "Parquet"),
    )


def read_json(content: Content, role: str) -> RawTable | JsonAnswer:
    """Read JSON (a list of rows, or a source's answer) or JSON lines.

    Raises
    ------
    InputError
        The text is not JSON; the line is named.
    """
    text, notes = to_utf8(content)
    notes = (*content.notes, *notes)
    if content.suffix in {".jsonl", ".ndjson"}:
        return _read_lines(content, text, role, notes)
    try:
        payload = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":  # one object a line, under the name .json
            return _read_lines(content, text, role, notes)
        refuse(
            content.file,
            "json_damaged",
            f"is not JSON ({error.msg})",
            "Export it again.",
            error.lineno,
        )
    except (ValueError, RecursionError):
        refuse(
            content.file,
            "json_damaged",
            "is JSON that cannot be read (too deep or too large)",
            "Export it again.",
        )
    if isinstance(payload, list) and all(_is_flat(item) for item in payload):
        lines = np.arange(1, len(payload) + 1, dtype=np.int64)
        return _from_items(content, payload, lines, role, (*notes, "JSON"), ())
    return JsonAnswer(
        role=role, file=content.file, payload=payload, sha256=content.sha256, notes=(*notes, "JSON")
    )


def _read_lines(
    content: Content, text: bytearray, role: str, notes: tuple[str, ...]
) -> RawTable | JsonAnswer:
    """Read one JSON object a line; a line that is none is a fault of its row."""
    items: list[object] = []
    lines: list[int] = []
    faults: list[Issue] = []
    for line, part in enumerate(text.split(b"\n"), start=1):
        if not part.strip():
            continue
        try:
            item = json.loads(part)
        except (ValueError, RecursionError):
            item = None
        if isinstance(item, dict):
            items.append(item)
            lines.append(line)
        else:
            faults.append(
                Issue(
                    reason="json_line",
                    file=content.file,
                    line=line,
                    message="this line is no JSON object",
                    hint="Write one object a line.",
                )
            )
    if not items:
        refuse(content.file, "json_damaged", "holds no JSON object", "Export it again.")
    if not all(_is_flat(item) for item in items):
        return JsonAnswer(
            role=role,
            file=content.file,
            payload=items,
            sha256=content.sha256,
            notes=(*notes, "JSON lines"),
        )
    return _from_items(
        content, items, np.array(lines, dtype=np.int64), role, (*notes, "JSON lines"), tuple(faults)
    )


def _is_flat(item: object) -> bool:
    """Tell whether an item is a row: an object without objects in it."""
    return isinstance(item, dict) and not any(isinstance(value, dict) for value in item.values())


def _from_items(
    content: Content,
    items: list[object],
    lines: np.ndarray,
    role: str,
    notes: tuple[str, ...],
    faults: tuple[Issue, ...],
) -> RawTable:
    """Return flat objects as a table; a key that an item lacks is an empty cell."""
    rows = [item for item in items if isinstance(item, dict)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame(
        {
            cell_text(name): pd.array([cell_text(row.get(name)) for row in rows], dtype="str")
            for name in names
        },
        index=range(len(rows)),
    )
    return RawTable(
        role=role,
        file=content.file,
        frame=frame,
        lines=lines,
        sha256=content.sha256,
        notes=notes,
        faults=faults,
    )
