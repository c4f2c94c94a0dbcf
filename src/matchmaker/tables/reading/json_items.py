"""JSON taken apart into its items before they are parsed, so that one bad item costs one row.

A search of the brackets cuts the text (a kernel: 300 MB a second), Python's own parser reads
each piece.  Two libraries were tried in place of this: ``benchmarks/results/reading.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import Issue
from matchmaker.jit import jit
from matchmaker.tables.reading.stream import refuse
from matchmaker.words import said

__all__ = ["items_of_array", "items_of_lines", "read_item"]

_BLANKS = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
# What `_cut` remembers from one part to the next.
_DEPTH, _IN_TEXT, _AFTER_BACKSLASH = 0, 1, 2


def read_item(text: bytes, file: str, line: int | None = None) -> object:
    """Return the value that a text is, or the `Issue` that it is none.

    The issue bears `line`, by default the line of the text where it stops to be JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message, line = said("reading.not_json", why=error.msg), line or error.lineno
    except (ValueError, RecursionError):
        message = said("reading.json_too_deep")
    return Issue(
        reason="json_damaged",
        file=file,
        line=line,
        message=message,
        hint=said("source.take_item_out"),
    )


def items_of_lines(parts: Iterable[bytes], file: str) -> Iterator[tuple[int, object]]:
    """Yield the objects of a text with one a line, each with its line.

    An `Issue` stands in the place of a line that is none.
    """
    for line, text in enumerate(_lines(parts), start=1):
        if not text.strip(_BLANKS):
            continue
        item = read_item(text, file, line)
        if not isinstance(item, dict):
            item = Issue(
                reason="json_line",
                file=file,
                line=line,
                message=said("reading.json_line"),
                hint=said("reading.json_line_hint"),
            )
        yield line, item


def _lines(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a text that comes in parts."""
    begun: list[bytes] = []
    for part in parts:
        first, *others = part.split(b"\n")
        begun.append(first)
        for line in others:
            yield b"".join(begun).removeprefix(_BOM)
            begun = [line]
    yield b"".join(begun).removeprefix(_BOM)


def items_of_array(parts: Iterable[bytes], file: str) -> Iterator[tuple[int, object]]:
    """Yield the items of one array, each with its place from 1.

    An `Issue` stands in the place of an item that is no JSON.

    Raises
    ------
    InputError
        The array does not end, or is not all that the text holds.
    """
    for place, text in enumerate(_pieces(parts, file), start=1):
        yield place, read_item(text, file, place)


def _pieces(parts: Iterable[bytes], file: str) -> Iterator[bytes]:
    """Yield the texts between the commas of an array."""
    state = np.zeros(3, dtype=np.int64)
    ends = np.zeros(0, dtype=np.int32)
    begun: list[bytes] = []  # of the piece at hand
    lines, began_at = 1, 1  # lines seen before this part; where the piece at hand begins
    is_open, is_done = False, False
    for part in parts:
        text, begin = part, 0
        if not is_open:
            begin = len(text) - len(text.lstrip(_BLANKS + _BOM)) + 1
            if begin > len(text):
                lines += text.count(b"\n")
                continue
            is_open, state[_DEPTH] = True, 1
        if len(ends) < len(text):
            ends = np.empty(len(text), dtype=np.int32)
        n_ends = 0 if is_done else _cut(np.frombuffer(text, dtype=np.uint8), begin, state, ends)
        is_done = state[_DEPTH] == 0
        for place, end in enumerate(ends[:n_ends].tolist(), start=1):
            begun.append(text[begin:end])
            piece = b"".join(begun)
            # A comma before the end says no more than that somebody is careless.
            if not (is_done and place == n_ends) or piece.strip(_BLANKS):
                yield piece
            begun, begin = [], end + 1
        if is_done and (rest := text[begin:].lstrip(_BLANKS)):
            message = said("reading.not_json", why="Extra data")
            line = lines + text.count(b"\n", 0, len(text) - len(rest))
            refuse(file, "json_damaged", message, said("reading.export_again"), line)
        if n_ends:
            began_at = lines + text.count(b"\n", 0, begin)
        begun.append(text[begin:])
        lines += text.count(b"\n")
    if not is_done:
        rest = b"".join(begun)
        began_at += rest.count(b"\n", 0, len(rest) - len(rest.lstrip(_BLANKS)))
        message = said("reading.json_cut")
        refuse(file, "json_damaged", message, said("reading.export_again"), began_at)


@jit
def _cut(
    text: NDArray[np.uint8], begin: int, state: NDArray[np.int64], ends: NDArray[np.int32]
) -> int:
    """Write where the items of the outermost array end into `ends`; return how many do.

    The last of them is the array's own bracket, where that is in `text`.
    """
    depth, in_text, after_backslash = state[_DEPTH], state[_IN_TEXT], state[_AFTER_BACKSLASH]
    found = 0
    for p in range(begin, len(text)):
        sign = text[p]
        if in_text:
            if after_backslash:
                after_backslash = 0
            elif sign == 92:  # backslash
                after_backslash = 1
            elif sign == 34:  # quote
                in_text = 0
        elif sign == 34:
            in_text = 1
        elif sign & 0xDF == 91:  # [ or {, which differ in one bit
            depth += 1
        elif sign & 0xDF == 93:  # ] or }
            depth -= 1
            if depth == 0:
                ends[found] = p
                found += 1
                break
        elif sign == 44 and depth == 1:  # comma
            ends[found] = p
            found += 1
    state[_DEPTH], state[_IN_TEXT], state[_AFTER_BACKSLASH] = depth, in_text, after_backslash
    return found
