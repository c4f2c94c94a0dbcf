r"""Splitting of delimited text into cells, byte by byte, with the physical line of each record.

The rules are those of RFC 4180, and what it leaves open is decided so that no row
is lost in silence:

- a quote inside an unquoted cell is a sign like any other;
- text after a closing quote marks the record as damaged;
- ``\n`` and ``\r\n`` end a line; a lone ``\r`` does when the file has no ``\n`` at all
  (old Mac files), or when the record has all its cells (mixed files), else it is text;
- a quote that is never closed marks the record and swallows the rest of the file.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matchmaker.jit import jit

__all__ = ["BLANK", "EXTRA", "STRAY_QUOTE", "TOO_LONG", "UNCLOSED", "TextColumn", "scan_records"]

STRAY_QUOTE: Final = 1
UNCLOSED: Final = 2
TOO_LONG: Final = 4
BLANK: Final = 8
EXTRA: Final = 16

_QUOTE, _LF, _CR, _SPACE, _TAB = 34, 10, 13, 32, 9


@jit
def scan_records(
    data: NDArray[np.uint8],
    begin: int,
    line: int,
    separator: int,
    cr_cells: int,
    max_cell: int,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    quotes: NDArray[np.uint8],
    cells: NDArray[np.int64],
    lines: NDArray[np.int64],
    flags: NDArray[np.uint8],
) -> tuple[int, int, int]:
    """Find the cells of the next records.

    Parameters
    ----------
    data : ndarray of uint8
        The whole text in UTF-8.
    begin, line : int
        Where the next record starts, and its physical line.
    separator : int
        Its byte.
    cr_cells : int
        Cells after which a lone CR ends the record; 0 where it always does.
    max_cell : int
        Longest cell in bytes.
    starts, stops, quotes : ndarray, shape (n_records, n_columns)
        Filled with the bytes of each cell, and 1 for a quoted cell, 2 for one that
        holds doubled quotes. Cells beyond ``n_columns`` are counted, not kept.
    cells, lines, flags : ndarray, shape (n_records,)
        Filled with the number of cells, the line and the faults of each record.

    Returns
    -------
    tuple of int
        Records found, where the next one starts, and its line.
    """
    n = len(data)
    capacity, n_columns = starts.shape
    is_plain = np.ones(256, dtype=np.bool_)  # neither the end of a cell nor blank
    for byte in (separator, _LF, _CR, _SPACE, _TAB):
        is_plain[byte] = False
    pos = begin
    record = 0
    while pos < n and record < capacity:
        cell = 0
        flag = 0
        is_blank = True
        lines[record] = line
        is_open = True
        while is_open:
            start = pos
            quote = 0
            if pos < n and data[pos] == _QUOTE:
                quote = 1
                opened = line
                pos += 1
                start = pos
                is_closed = False
                while pos < n:
                    byte = data[pos]
                    if byte == _QUOTE:
                        if pos + 1 < n and data[pos + 1] == _QUOTE:
                            quote = 2
                            pos += 2
                            continue
                        is_closed = True
                        break
                    if byte == _LF or (byte == _CR and cr_cells == 0):
                        line += 1
                    pos += 1
                stop = pos
                if is_closed:
                    pos += 1
                else:
                    flag |= UNCLOSED
                    lines[record] = opened
                if stop > start:
                    is_blank = False
            else:
                stop = -1
            while pos < n:
                begun = pos
                while pos < n and is_plain[data[pos]]:
                    pos += 1
                if pos == begun:
                    byte = data[pos]
                    if byte in (separator, _LF):
                        break
                    if byte == _CR and (
                        cell + 1 >= cr_cells or pos + 1 == n or data[pos + 1] == _LF
                    ):
                        break
                    pos += 1
                    if byte in (_SPACE, _TAB):
                        continue
                is_blank = False
                if quote:
                    flag |= STRAY_QUOTE
            if stop < 0:
                stop = pos
            if stop - start > max_cell:
                flag |= TOO_LONG
            if cell < n_columns:
                starts[record, cell] = start
                stops[record, cell] = stop
                quotes[record, cell] = quote
            elif stop > start:
                flag |= EXTRA
            cell += 1
            if pos >= n:
                is_open = False
            elif data[pos] == separator:
                pos += 1
            else:
                if data[pos] == _CR and pos + 1 < n and data[pos + 1] == _LF:
                    pos += 1
                pos += 1
                line += 1
                is_open = False
        cells[record] = cell
        flags[record] = flag | (BLANK if is_blank else 0)
        record += 1
    return record, pos, line


@jit
def _append(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    quotes: NDArray[np.uint8],
    rows: NDArray[np.int64],
    column: int,
    offsets: NDArray[np.int64],
    count: int,
    text: NDArray[np.uint8],
) -> None:
    """Append cells to a column of `count` cells, doubled quotes made single."""
    at = offsets[count]
    for i in range(len(rows)):
        row = rows[i]
        pos, stop = starts[row, column], stops[row, column]
        if quotes[row, column] == 2:
            while pos < stop:
                text[at] = data[pos]
                at += 1
                pos += 2 if data[pos] == _QUOTE else 1
        else:
            for p in range(pos, stop):
                text[at + p - pos] = data[p]
            at += stop - pos
        offsets[count + i + 1] = at


class TextColumn:
    """The cells of one column, gathered block by block in the two buffers that Arrow has."""

    def __init__(self) -> None:
        self._offsets = np.zeros(1, dtype=np.int64)
        self._text = np.empty(0, dtype=np.uint8)
        self._count = 0

    def add(
        self,
        data: NDArray[np.uint8],
        starts: NDArray[np.int64],
        stops: NDArray[np.int64],
        quotes: NDArray[np.uint8],
        rows: NDArray[np.int64],
        column: int,
        most_bytes: int,
    ) -> None:
        """Take one column of some of the records that `scan_records` found.

        `most_bytes` is a bound of its size: the text that was scanned for these records.
        """
        size = int(self._offsets[self._count])
        self._offsets = _with_room(self._offsets, self._count + 1, self._count + len(rows) + 1)
        self._text = _with_room(self._text, size, size + most_bytes)
        _append(data, starts, stops, quotes, rows, column, self._offsets, self._count, self._text)
        self._count += len(rows)

    def finished(self) -> pa.Array:
        """Return the cells as an Arrow array of large strings."""
        offsets = self._offsets[: self._count + 1]
        text = self._text[: offsets[-1]]
        return pa.LargeStringArray.from_buffers(
            self._count, pa.py_buffer(offsets), pa.py_buffer(text)
        )


T = TypeVar("T", np.int64, np.uint8)


def _with_room(values: NDArray[T], used: int, needed: int) -> NDArray[T]:
    """Return an array of at least `needed` items; its room to spare lies in no memory yet."""
    if needed <= len(values):
        return values
    larger = np.empty(needed * 2, dtype=values.dtype)
    larger[:used] = values[:used]
    return larger
