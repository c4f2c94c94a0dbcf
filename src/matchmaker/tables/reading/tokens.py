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

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matchmaker.jit import jit

__all__ = ["BLANK", "EXTRA", "STRAY_QUOTE", "TOO_LONG", "UNCLOSED", "column_of", "scan_records"]

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
                byte = data[pos]
                if byte in (separator, _LF):
                    break
                if byte == _CR and (cell + 1 >= cr_cells or pos + 1 == n or data[pos + 1] == _LF):
                    break
                if byte not in (_SPACE, _TAB):
                    is_blank = False
                    if quote:
                        flag |= STRAY_QUOTE
                pos += 1
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
def _measure(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    quotes: NDArray[np.uint8],
    offsets: NDArray[np.int64],
) -> None:
    """Fill the offsets of the cells once they lie one after the other."""
    offsets[0] = 0
    for i in range(len(starts)):
        length = stops[i] - starts[i]
        if quotes[i] == 2:
            pos = starts[i]
            while pos < stops[i]:
                if data[pos] == _QUOTE:
                    length -= 1
                    pos += 1
                pos += 1
        offsets[i + 1] = offsets[i] + length


@jit
def _copy(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    quotes: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    """Copy the cells one after the other, doubled quotes made single."""
    at = 0
    for i in range(len(starts)):
        pos = starts[i]
        stop = stops[i]
        if quotes[i] == 2:
            while pos < stop:
                out[at] = data[pos]
                at += 1
                pos += 2 if data[pos] == _QUOTE else 1
        else:
            for p in range(pos, stop):
                out[at + p - pos] = data[p]
            at += stop - pos


def column_of(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    quotes: NDArray[np.uint8],
) -> pa.Array:
    """Return the cells of one column as an Arrow array of text, shape (n_records,)."""
    offsets = np.empty(len(starts) + 1, dtype=np.int64)
    _measure(data, starts, stops, quotes, offsets)
    out = np.empty(int(offsets[-1]), dtype=np.uint8)
    _copy(data, starts, stops, quotes, out)
    return pa.LargeStringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(out))
