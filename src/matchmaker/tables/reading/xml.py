"""XML feeds as items, record by record; nothing in a file can make us expand or fetch anything.

The parser is expat of the standard library, with a handler that refuses every DTD: without one
no entity can be declared, so neither bombs nor external entities exist.  That is what the
package defusedxml does too (its last release is of 2021); lxml would be a large library for
feeds of some MB, whose network and entity settings had to be kept off by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import NoReturn
from xml.parsers import expat

from matchmaker.tables.raw import LOOKED_AT, JsonAnswer
from matchmaker.tables.reading.content import Content, refuse
from matchmaker.tables.reading.stream import PART
from matchmaker.words import Text, said

__all__ = ["read_xml"]

_MAX_XML = 512 << 20  # bytes; the feeds that are known have some MB
_MAX_DEPTH = 20  # elements inside each other; the feeds that are known have 4
_MAX_RECORD = 4 << 20  # signs of text in one record


def read_xml(content: Content, role: str) -> JsonAnswer:
    """Read a feed: each child of the outermost element is an item.

    An element with elements in it is an object, any other one its text; of elements of one
    name side by side, a list.  Attributes are not read.

    Raises
    ------
    InputError
        It has a DTD, is damaged, or is too large or too deep; the line is named.
    """
    data = bytes(content.data)
    if len(data) > _MAX_XML:
        too_large = said("reading.xml_too_large", megabytes=_MAX_XML >> 20)
        refuse(content.file, "file_too_large", too_large, said("reading.export_again"))
    items = partial(_items, data, content.file)
    head = tuple(item for _, item in islice(items(), LOOKED_AT))
    return JsonAnswer(
        role=role,
        file=content.file,
        items=items,
        head=head,
        sha256=content.sha256,
        notes=(*content.notes, "XML"),
        form="XML",
    )


def _items(data: bytes, file: str) -> Iterator[tuple[int, object]]:
    """Yield the records, each with its place from 1."""
    records = _Records(file)
    place = 0
    for begin in range(0, len(data), PART):
        records.read(data[begin : begin + PART], is_last=begin + PART >= len(data))
        for item in records.done:
            place += 1
            yield place, item
        records.done.clear()


class _Records:
    """The records of a text that is read part by part, as far as they are complete: `done`."""

    def __init__(self, file: str) -> None:
        self.done: list[object] = []
        self._file = file
        self._open: list[dict[str, object]] = []  # elements that have begun, outermost first
        self._texts: list[list[str]] = []  # of each of them
        self._size = 0  # signs of the record at hand
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._text
        self._parser.EndElementHandler = self._end

    def read(self, part: bytes, *, is_last: bool) -> None:
        """Read the next part.

        Raises
        ------
        InputError
            See `read_xml`.
        """
        try:
            self._parser.Parse(part, is_last)
        except expat.ExpatError as error:
            why = expat.errors.messages[error.code]
            self._refuse("xml_damaged", said("reading.xml_damaged", why=why))

    def _refuse(self, reason: str, message: Text) -> NoReturn:
        line = self._parser.CurrentLineNumber
        refuse(self._file, reason, message, said("reading.export_again"), line)

    def _doctype(self, *_: object) -> None:
        self._refuse("xml_doctype", said("reading.xml_doctype"))

    def _start(self, _: str, __: object) -> None:
        if len(self._open) == _MAX_DEPTH:
            self._refuse("xml_too_deep", said("reading.xml_too_deep", most=_MAX_DEPTH))
        self._open.append({})
        self._texts.append([])

    def _text(self, part: str) -> None:
        self._size += len(part)
        if self._size > _MAX_RECORD:
            self._refuse("xml_too_large", said("reading.xml_record", most=_MAX_RECORD))
        self._texts[-1].append(part)

    def _end(self, name: str) -> None:
        inside, own = self._open.pop(), "".join(self._texts.pop()).strip()
        value: object = inside or own
        if len(self._open) == 1:
            self._size = 0
            self.done.append(value)
        elif self._open:
            around = self._open[-1]
            before = around.get(name)
            if before is None:
                around[name] = value
            else:
                around[name] = [*(before if isinstance(before, list) else [before]), value]
