"""Delimited text (CSV) as a raw table: separator from the header line, all cells text."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading import tokens
from matchmaker.tables.reading.content import Content, refuse, to_utf8
from matchmaker.tables.schemas import normal_name

__all__ = ["read_delimited"]

MAX_CELL_BYTES = 100_000
"""Longest cell; a real description has under 20,000 signs, a swallowed file more."""

MAX_COLUMNS = 1000
_BLOCK = 1 << 12  # records whose cells are held at once: their places stay in the cache
_LEAST_DROPPED = 32 << 20  # bytes taken in before they are dropped from memory
_MAX_FAULTS = 100_000  # records named one by one before the file is given up
_SEPARATORS = (";", ",", "\t", "|")
_SEP_LINE = re.compile(rb'\s*"?sep=([;,|\t])"?\s*?(?:\r\n|\n|\r)', re.IGNORECASE)
_NAMES = {"\t": "tab"}


def read_delimited(content: Content, role: str, known: Collection[str]) -> RawTable:
    """Split a text into columns.

    Parameters
    ----------
    content : Content
    role : str
        Table that the file is to hold.
    known : collection of str
        Header names in their normal form: the separator is the one that finds most.

    Returns
    -------
    RawTable
        Damaged records are in its ``faults``.

    Raises
    ------
    InputError
        The encoding is not known, a quote is never closed, or nearly nothing can be split.
    """
    text, notes = to_utf8(content)
    begin, line = 0, 1
    # A lone CR ends lines only in a file that has no other end of line.
    has_lf = b"\n" in text
    separators: tuple[str, ...] = _SEPARATORS
    if told := _SEP_LINE.match(text):
        separators = (told[1].decode(),)
        begin, line = told.end(), 2
    header, separator, begin, line, header_line = _header(
        np.frombuffer(text, dtype=np.uint8), begin, line, separators, known
    )
    if len(header) > MAX_COLUMNS:
        refuse(
            content.file,
            "too_many_columns",
            f"has more than {MAX_COLUMNS} columns",
            "Is this the right file?",
            header_line,
        )
    wanted = [i for i, name in enumerate(header) if name]
    reader = _Records(content.file, header, wanted)
    while begin < len(text):
        data = np.frombuffer(text, dtype=np.uint8)
        begin, line = reader.add(data, begin, line, separator, len(header) if has_lf else 0)
        if begin > max(_LEAST_DROPPED, len(text) // 4):
            del data  # the text cannot be emptied while it is looked at
            rest = text[begin:]
            text.clear()
            text, begin = rest, 0
    frame, lines = reader.finished()
    sep_note = () if separator == "," else (f"separator '{_NAMES.get(separator, separator)}'",)
    return RawTable(
        role=role,
        file=content.file,
        frame=frame,
        lines=lines,
        sha256=content.sha256,
        notes=(*content.notes, *notes, *sep_note),
        faults=tuple(reader.faults),
        blank_rows=reader.blank_rows,
        header_line=header_line,
    )


def _header(
    data: NDArray[np.uint8],
    begin: int,
    line: int,
    separators: tuple[str, ...],
    known: Collection[str],
) -> tuple[list[str], str, int, int, int]:
    """Return the header's cells, the separator, and where and on which line the rows start."""
    best: tuple[tuple[int, int], list[str], str, int, int, int] | None = None
    for separator in separators:
        block = _Block(1, MAX_COLUMNS + 1)
        at, at_line = begin, line
        while True:
            found, at, at_line = block.scan(data, at, at_line, separator, 0)
            if not found or not block.flags[0] & tokens.BLANK:
                break
        count = min(int(block.cells[0]), MAX_COLUMNS + 1) if found else 0
        cells = [block.text(data, 0, i).strip() for i in range(count)]
        score = (len({normal_name(c) for c in cells} & set(known)), count)
        if best is None or score > best[0]:
            best = (score, cells, separator, at, at_line, int(block.lines[0]))
    assert best is not None
    return best[1:]


class _Block:
    """Room for the cells of some records."""

    def __init__(self, records: int, columns: int) -> None:
        self.starts = np.zeros((records, columns), dtype=np.int64)
        self.stops = np.zeros((records, columns), dtype=np.int64)
        self.quotes = np.zeros((records, columns), dtype=np.uint8)
        self.cells = np.zeros(records, dtype=np.int64)
        self.lines = np.zeros(records, dtype=np.int64)
        self.flags = np.zeros(records, dtype=np.uint8)

    def scan(
        self, data: NDArray[np.uint8], begin: int, line: int, separator: str, cr_cells: int
    ) -> tuple[int, int, int]:
        """Fill the block with the next records; see `tokens.scan_records`."""
        return tokens.scan_records(
            data, begin, line, ord(separator), cr_cells, MAX_CELL_BYTES,
            self.starts, self.stops, self.quotes, self.cells, self.lines, self.flags,
        )  # fmt: skip

    def text(self, data: NDArray[np.uint8], record: int, column: int) -> str:
        """Return one cell."""
        cell = tokens.TextColumn()
        size = int(self.stops[record, column] - self.starts[record, column])
        cell.add(data, self.starts, self.stops, self.quotes, np.array([record]), column, size)
        return str(cell.finished()[0].as_py())


class _Records:
    """The rows of a file, gathered block by block so that cell positions stay few."""

    def __init__(self, file: str, header: list[str], wanted: list[int]) -> None:
        self.file, self.header, self.wanted = file, header, wanted
        self.columns = [tokens.TextColumn() for _ in wanted]
        self.lines: list[NDArray[np.uint32]] = []  # no file of 4 GB has more lines
        self.faults: list[Issue] = []
        self.blank_rows = 0
        self.block = _Block(_BLOCK, len(header))

    def add(
        self, data: NDArray[np.uint8], begin: int, line: int, separator: str, cr_cells: int
    ) -> tuple[int, int]:
        """Take the next block of records; return where the one after starts, and its line."""
        block = self.block
        found, end, line = block.scan(data, begin, line, separator, cr_cells)
        flags, cells = block.flags[:found], block.cells[:found]
        is_blank = (flags & tokens.BLANK) > 0
        # More cells than columns do no harm while they are empty.
        is_odd = (cells < len(self.header)) | ((flags & ~np.uint8(tokens.BLANK)) > 0)
        is_odd &= ~is_blank | ((flags & tokens.UNCLOSED) > 0)
        for record in np.flatnonzero(is_odd):
            self._name_fault(data, int(record))
        rows = np.flatnonzero(~is_blank & ~is_odd)
        for column, place in zip(self.columns, self.wanted, strict=True):
            column.add(
                data, block.starts, block.stops, block.quotes, rows, place, most_bytes=end - begin
            )
        self.lines.append(block.lines[rows].astype(np.uint32))
        # An empty line at the end is how text files end; a line of separators is a blank row.
        self.blank_rows += int((is_blank & (cells > 1)).sum())
        return end, line

    def _name_fault(self, data: NDArray[np.uint8], record: int) -> None:
        """Name a damaged record, or refuse the file when the rest is lost with it."""
        block = self.block
        line, flag, count = int(block.lines[record]), block.flags[record], int(block.cells[record])
        if flag & tokens.UNCLOSED:
            refuse(
                self.file,
                "unclosed_quote",
                "opens a quote that is never closed, and the rest of the file is lost in it",
                "Close the quote or take it out.",
                line,
            )
        if len(self.faults) >= _MAX_FAULTS:
            refuse(
                self.file, "damaged", f"has over {_MAX_FAULTS} damaged lines", "Export it again."
            )
        due = len(self.header)
        column, value = None, None
        if flag & tokens.STRAY_QUOTE:
            reason, message = "stray_quote", "a quote is closed in the middle of a cell"
            hint = "Double each quote inside a quoted cell."
        elif flag & tokens.TOO_LONG:
            lengths = block.stops[record] - block.starts[record]
            longest = int(lengths[: min(count, due)].argmax())
            column = self.header[longest]
            value = block.text(data, record, longest)[:60] + "…"
            reason = "cell_too_long"
            message = f"is one cell of {lengths[longest]:,} bytes, over {MAX_CELL_BYTES:,}"
            hint = "Shorten it; a quote that is not closed also does this."
        else:
            reason, value = "cell_count", str(count)
            message = f"cells where {due} are due"
            hint = "A cell that holds the separator must stand in quotes."
        self.faults.append(
            Issue(
                reason=reason,
                file=self.file,
                line=line,
                column=column,
                value=value,
                message=message,
                hint=hint,
            )
        )

    def finished(self) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        """Return the rows that have their shape, and their lines."""
        names = [self.header[i] for i in self.wanted]
        arrays = [column.finished() for column in self.columns]
        frame = pa.Table.from_arrays(arrays, names=names).to_pandas().astype("str")
        blocks = self.lines or [np.zeros(0, dtype=np.uint32)]
        return frame, np.concatenate(blocks, dtype=np.int64)
