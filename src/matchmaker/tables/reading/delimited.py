"""Delimited text (CSV) as a raw table: separator from the header line, all cells text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable, Remark
from matchmaker.tables.reading import tokens
from matchmaker.tables.reading.content import Content, refuse, to_utf8
from matchmaker.tables.reading.header_rows import LOOKED_AT, Knows, columns_named, is_header
from matchmaker.tables.reading.remark_rows import remark_word
from matchmaker.words import Text, said

__all__ = ["read_delimited"]

MAX_CELL_BYTES = 100_000
"""Longest cell; a real description has under 20,000 signs, a swallowed file more."""

MAX_COLUMNS = 1000
_BLOCK = 1 << 12  # records whose cells are held at once: their places stay in the cache
_LEAST_DROPPED = 32 << 20  # bytes taken in before they are dropped from memory
_MAX_FAULTS = 100_000  # records named one by one before the file is given up
_SEPARATORS = (";", ",", "\t", "|")
_SEP_LINE = re.compile(rb'\s*"?sep=([;,|\t])"?\s*?(?:\r\n|\n|\r)', re.IGNORECASE)


def read_delimited(content: Content, role: str, *, knows: Knows = lambda *_: False) -> RawTable:
    """Split a text into columns.

    Parameters
    ----------
    content : Content
    role : str
        Table that the file is to hold: the separator is the one that finds most of its columns.
    knows : callable
        Asked whether a source knows one of the first rows as its header, where the first
        one names no column of the table.

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
    start = np.frombuffer(text, dtype=np.uint8), begin, line
    found, is_below = _header(start, separators, role, knows)
    del start  # the text cannot be emptied while it is looked at
    header, separator, header_line = found.cells, found.separator, found.header_line
    begin, line = found.begin, found.line
    if len(header) > MAX_COLUMNS:
        refuse(
            content.file,
            "too_many_columns",
            said("reading.too_many_columns", most=MAX_COLUMNS),
            said("reading.right_file"),
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
    below = Remark(kind="repair", reason="header_below", line=header_line)
    sign: Text = said("note.tab") if separator == "\t" else separator
    sep_note = () if separator == "," else (said("note.separator", separator=sign),)
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
        remarks=((below,) if is_below else ()) + reader.headless(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Cells of the header, its line, and where the rows start and on which line."""

    cells: list[str]
    separator: str
    header_line: int
    begin: int
    line: int


def _header(
    start: tuple[NDArray[np.uint8], int, int],
    separators: tuple[str, ...],
    role: str,
    knows: Knows,
) -> tuple[_Header, bool]:
    """Return the header, and whether it stands below a title.

    Sources are asked first: a line of an export of theirs is no header because it has a word
    of ours.
    """
    first = [next(_records(*start, separator)) for separator in separators]
    named = [(len(columns_named(role, h.cells)), len(h.cells)) for h in first]
    if not max(named)[0]:
        heads = [
            list(islice(_records(*start, separator), 2 * LOOKED_AT)) for separator in separators
        ]
        for head in heads:
            cells = [record.cells for record in head]
            for at, header in enumerate(head[:LOOKED_AT]):
                if len(header.cells) > 1 and knows(header.cells, cells[at + 1 :]):
                    return header, at > 0
        for head in heads:
            for header in head[1:LOOKED_AT]:
                if is_header(role, header.cells):
                    return header, True
    return first[named.index(max(named))], False


def _records(data: NDArray[np.uint8], begin: int, line: int, separator: str) -> Iterator[_Header]:
    """Give the records that hold anything as if they were the header; at least one, if empty."""
    block = _Block(1, MAX_COLUMNS + 1)
    found = 1
    while found:
        found, begin, line = block.scan(data, begin, line, separator, 0)
        if found and block.flags[0] & tokens.BLANK:
            continue
        count = min(int(block.cells[0]), MAX_COLUMNS + 1) if found else 0
        yield _Header(
            cells=[block.text(data, 0, i).strip() for i in range(count)],
            separator=separator,
            header_line=int(block.lines[0]),
            begin=begin,
            line=line,
        )


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
            data,
            begin,
            line,
            ord(separator),
            cr_cells,
            MAX_CELL_BYTES,
            self.starts,
            self.stops,
            self.quotes,
            self.cells,
            self.lines,
            self.flags,
        )

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
        # Rows that fill a column without a header, and the first of them, by its place.
        self.filled = {i: (0, 0) for i, name in enumerate(header) if not name}
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
        for place, (count, first) in self.filled.items():
            there = rows[block.stops[rows, place] > block.starts[rows, place]]
            if len(there):
                self.filled[place] = (count + len(there), first or int(block.lines[there[0]]))
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
                said("reading.unclosed_quote"),
                said("reading.unclosed_quote_hint"),
                line,
            )
        if len(self.faults) >= _MAX_FAULTS:
            damaged = said("reading.damaged", most=_MAX_FAULTS)
            refuse(self.file, "damaged", damaged, said("reading.export_again"))
        due = len(self.header)
        column, value = None, None
        if flag & tokens.STRAY_QUOTE:
            reason, message = "stray_quote", said("reading.stray_quote")
            hint = said("reading.stray_quote_hint")
        elif flag & tokens.TOO_LONG:
            lengths = block.stops[record] - block.starts[record]
            longest = int(lengths[: min(count, due)].argmax())
            column = self.header[longest]
            value = block.text(data, record, longest)[:60] + "…"
            reason = "cell_too_long"
            length = int(lengths[longest])
            message = said("reading.cell_too_long", length=length, most=MAX_CELL_BYTES)
            hint = said("reading.cell_too_long_hint")
        elif count < due and remark_word(first := block.text(data, record, 0)):
            reason, value = "not_a_row", remark_word(first)
            message, hint = said("header.not_a_row"), said("header.not_a_row_hint")
        else:
            reason, value = "cell_count", str(count)
            message = said("reading.cell_count", due=due)
            hint = said("reading.cell_count_hint")
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

    def headless(self) -> tuple[Remark, ...]:
        """Say which columns hold something and have no header: nobody can read them."""
        return tuple(
            Remark(
                kind="warning",
                reason="column_without_header",
                column=str(place + 1),
                count=count,
                line=line,
            )
            for place, (count, line) in self.filled.items()
            if count
        )

    def finished(self) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        """Return the rows that have their shape, and their lines."""
        names = [self.header[i] for i in self.wanted]
        arrays = [column.finished() for column in self.columns]
        frame = pa.Table.from_arrays(arrays, names=names).to_pandas().astype("str")
        blocks = self.lines or [np.zeros(0, dtype=np.uint32)]
        return frame, np.concatenate(blocks, dtype=np.int64)
