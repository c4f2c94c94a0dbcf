"""What a source is: how it knows its files, and how it brings them to neutral tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from matchmaker.errors import InputError, Issue
from matchmaker.tables.raw import LOOKED_AT, NEUTRAL, Items, JsonAnswer, RawTable
from matchmaker.tables.schemas import OF_PEOPLE
from matchmaker.words import Said, said, word

__all__ = [
    "KINDS",
    "NEUTRAL",
    "Head",
    "Kind",
    "Source",
    "best_of",
    "broken_promises",
    "given_as",
    "head_of",
    "items_in",
    "table_in",
]

Kind = Literal["youths", "wishes", "offers"]
KINDS: tuple[Kind, ...] = ("wishes", "youths", "offers")
"""What a file can give. One that gives several is handed in as the first of them here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The beginning of a file: what a source may look at to tell whether it is its own.

    A CSV, a workbook, a Parquet file, a data frame and JSON that is a plain list of flat
    objects are tables; any other JSON has items.  Files are opened by the reader, never by a
    source.

    Attributes
    ----------
    headers : tuple of str
        Of a table, as written; empty for items.
    rows : tuple of dict of str to str
        First rows of a table, at most 20: header to cell.
    items : tuple of object
        First items of a JSON list, at most 20, or the one JSON object; empty for a table.
    """

    headers: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    items: tuple[object, ...] = ()


class Source(Protocol):
    """A point of extension: one file in ``tables/sources`` and one line in its tuple.

    A source says which field stands in which neutral column, and no more: it judges no
    value and drops no row, so that a fault reads the same whatever the source.  What it
    needs beyond the file (a mapping from the settings, the secret of pseudonyms) it holds
    as a field of its own, set when the sources of a run are put together: the methods are
    the same for all, and nobody is handed a secret that they do not use.

    Attributes
    ----------
    name : str
        As in ``--offers-format`` and in the docs; lower case.
    kinds : frozenset of {"youths", "wishes", "offers"}
        Tables that one file of it gives.  A file that gives wishes is handed in as wishes,
        whatever else it holds.
    """

    @property
    def name(self) -> str:
        """Name of the format."""
        ...

    @property
    def kinds(self) -> frozenset[Kind]:
        """Tables that one file gives."""
        ...

    def recognises(self, head: Head) -> int:
        """Return 0 for another's file, 1 if its columns or keys fit, 2 if what they hold does."""
        ...

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return a neutral table of each kind, offers perhaps several.

        Parameters
        ----------
        raw : RawTable or JsonAnswer
            The file as read: its name, hash and notes go into the tables.
        as_of : date
            Day of the run, for what is written relative to it.

        Returns
        -------
        tuple of RawTable
            Neutral columns, every cell text, "" for what the source leaves out; ``lines``
            holds the physical line of each row, or the place of its item from 1.  What
            cannot be a row stands in ``faults``.  A source that puts pseudonyms in the place
            of persons adds a table of role ``contacts``: youth_id and any of `OF_PEOPLE` and
            ``email``, one row a youth or several, which never enters a run's folder.
        """
        ...


def head_of(raw: RawTable | JsonAnswer) -> Head:
    """Return the beginning of a file as read.

    Examples
    --------
    >>> head_of(JsonAnswer(role="offers", file="a.json", items=lambda: iter([(1, "a")]),
    ...                    head=("a",), sha256="")).items
    ('a',)
    """
    if isinstance(raw, JsonAnswer):
        return Head(items=raw.head)
    headers = tuple(map(str, raw.frame.columns))
    first = raw.frame.head(LOOKED_AT).itertuples(index=False, name=None)
    return Head(headers=headers, rows=tuple(dict(zip(headers, row, strict=True)) for row in first))


def best_of(sources: Sequence[Source], head: Head) -> list[Source]:
    """Return the sources that recognise a file best: none, one, or several that tie."""
    marks = [source.recognises(head) for source in sources]
    best = max(marks, default=0)
    return [s for s, mark in zip(sources, marks, strict=True) if mark == best and mark > 0]


def given_as(source: Source) -> Kind:
    """Return the table that a file of this source is handed in as.

    Examples
    --------
    >>> from matchmaker.tables.sources import SOURCES
    >>> {source.name: given_as(source) for source in SOURCES}["affelnet"]
    'wishes'
    """
    return next(kind for kind in KINDS if kind in source.kinds)


def table_in(raw: RawTable | JsonAnswer) -> RawTable:
    """Return the table that a file holds.

    Raises
    ------
    InputError
        It is JSON that is no list of flat objects.
    """
    if isinstance(raw, RawTable):
        return raw
    raise InputError(
        [
            Issue(
                reason="unknown_json",
                file=raw.file,
                hint=said("header.unknown_json_hint"),
                message=said(
                    "header.unknown_json", form=raw.form, table=word("of_table", raw.role)
                ),
            )
        ]
    )


def items_in(raw: RawTable | JsonAnswer, source: str) -> Items:
    """Return what begins to read the items that a file holds.

    Raises
    ------
    InputError
        It is a table.
    """
    if isinstance(raw, JsonAnswer):
        return raw.items
    raise InputError(
        [
            Issue(
                reason="not_json",
                file=raw.file,
                hint=said("header.not_an_answer_hint"),
                message=said("header.not_an_answer", source=source),
            )
        ]
    )


def broken_promises(source: Source, tables: Sequence[RawTable]) -> Iterator[Said]:
    """Say in which points tables are not what a source has to give, if in any.

    The checks rely on these, and a source may come from outside.
    """
    if not (isinstance(tables, tuple | list) and all(isinstance(t, RawTable) for t in tables)):
        yield said("source.no_tuple")
        return
    roles = [table.role for table in tables]
    yield from (
        said("source.no_table", table=word("of_table", kind))
        for kind in KINDS
        if kind in source.kinds and kind not in roles
    )
    for role in dict.fromkeys(roles):
        if role not in source.kinds and role != "contacts":
            yield said("source.foreign_table", role=role)
        elif roles.count(role) > 1 and role != "offers":
            yield said("source.several_tables", n=roles.count(role), role=role)
    for table in tables:
        frame = table.frame
        if table.role == "contacts" and not (
            {"youth_id"} < {*frame.columns} <= {"youth_id", "email", *OF_PEOPLE}
        ):
            yield said("source.contacts", names=sorted({"email", *OF_PEOPLE}))
        if len(table.lines) != len(frame):
            yield said("source.lines", role=table.role, lines=len(table.lines), rows=len(frame))
        for position, header in enumerate(frame.columns):
            column = frame.iloc[:, position]
            if column.dtype != "str" or column.hasnans:
                yield said("source.no_text", column=header, role=table.role)
