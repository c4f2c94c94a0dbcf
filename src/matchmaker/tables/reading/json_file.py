"""JSON and JSON lines: a list of rows as a raw table, all else as items for a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np

from matchmaker.errors import InputError, Issue
from matchmaker.tables.gather import gather
from matchmaker.tables.raw import LOOKED_AT, Items, JsonAnswer, RawTable
from matchmaker.tables.reading.content import Content, to_utf8
from matchmaker.tables.reading.frames import cell_text
from matchmaker.tables.reading.json_items import items_of_array, items_of_lines, read_item
from matchmaker.tables.reading.stream import PART
from matchmaker.words import said

__all__ = ["read_json"]

Parts = Callable[[], Iterator[bytes]]
_LINE_SUFFIXES = frozenset({".jsonl", ".ndjson"})


class _NestedError(Exception):
    """An item has objects in it, and so is no row."""


def read_json(content: Content, role: str) -> RawTable | JsonAnswer:
    """Read JSON (a list of rows, or what only a source knows) or JSON lines.

    Raises
    ------
    InputError
        The text is not JSON; the line is named.  Of a long text that is found only when
        its items are read.
    """
    notes = content.notes
    if content.parts:
        parts = content.parts
    else:
        text, encoding = to_utf8(content)
        notes += encoding
        parts = partial(_in_parts, text)
    items, form = _items(content, parts)
    notes += ("JSON lines" if form == "lines" else "JSON",)
    found = list(islice(items(), LOOKED_AT))
    head = tuple(item for _, item in found if not isinstance(item, Issue))
    if found and not head:
        first = next(item for _, item in found if isinstance(item, Issue))
        raise InputError([replace(first, hint=said("reading.export_again"))])
    answer = JsonAnswer(
        role=role, file=content.file, items=items, head=head, sha256=content.sha256, notes=notes
    )
    if form == "one" or not all(map(_is_flat, head)):
        return answer
    try:
        return _table(answer)
    except _NestedError:
        return answer


def _in_parts(text: bytearray) -> Iterator[bytes]:
    """Yield a text in parts."""
    for begin in range(0, len(text), PART):
        yield bytes(text[begin : begin + PART])


def _items(content: Content, parts: Parts) -> tuple[Items, str]:
    """Return what reads the items of a text, and their form: lines, an array, or one."""
    file = content.file
    if content.suffix in _LINE_SUFFIXES:
        return lambda: items_of_lines(parts(), file), "lines"
    if next(parts(), b"").removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        return lambda: items_of_array(parts(), file), "array"
    # One object; or one a line, under a name that does not say so.
    (_, item), *others = islice(items_of_lines(parts(), file), 2)
    if isinstance(item, dict) and others:
        return lambda: items_of_lines(parts(), file), "lines"
    if isinstance(item, Issue):
        item = read_item(b"".join(parts()), file)
        if isinstance(item, Issue):
            raise InputError([replace(item, hint=said("reading.export_again"))])
    return lambda: iter([(1, item)]), "one"


def _is_flat(item: object) -> bool:
    """Tell whether an item is a row: an object without objects in it."""
    return isinstance(item, dict) and not any(isinstance(value, dict) for value in item.values())


def _table(answer: JsonAnswer) -> RawTable:
    """Return flat objects as a table; a key that an item lacks is an empty cell.

    Raises
    ------
    _NestedError
        One is not flat.
    """
    lines: list[int] = []
    faults: list[Issue] = []

    def rows() -> Iterator[dict[str, str]]:
        for line, item in answer.items():
            if isinstance(item, Issue):
                faults.append(item)
            elif not (isinstance(item, dict) and _is_flat(item)):
                raise _NestedError
            else:
                lines.append(line)
                yield {cell_text(name): cell_text(value) for name, value in item.items()}

    frame = gather(rows())
    return RawTable(
        role=answer.role,
        file=answer.file,
        frame=frame,
        lines=np.array(lines, dtype=np.int64),
        sha256=answer.sha256,
        notes=answer.notes,
        faults=tuple(faults),
    )
