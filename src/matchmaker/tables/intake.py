"""From what the user gives to raw tables with neutral columns, whatever the source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from matchmaker.doors import where_it_failed
from matchmaker.errors import InputError, Issue, MatchmakerError, UsageError, did_you_mean
from matchmaker.tables.freshness import dated
from matchmaker.tables.mapping import mapped, under_title
from matchmaker.tables.raw import Given, Items, JsonAnswer, RawTable
from matchmaker.tables.reading import from_frame, read_file
from matchmaker.tables.sources.source import (
    NEUTRAL,
    Head,
    Source,
    best_of,
    broken_promises,
    given_as,
    head_of,
    table_in,
)
from matchmaker.words import Text, said, word

__all__ = ["all_or_faults", "check_format", "read_given", "take_in"]

T = TypeVar("T")

_AT_ONCE = 2  # files in hand at a time: each holds its bytes and its columns in memory


def check_format(role: str, name: str, sources: Sequence[Source]) -> None:
    """Refuse a format that no source of this table has."""
    known = [NEUTRAL, *(source.name for source in sources if given_as(source) == role)]
    if name not in known:
        hint = did_you_mean(name, known) or said("header.known_formats", names=known)
        table = word("of_table", role)
        raise UsageError(said("header.unknown_format", table=table, name=name, hint=hint))


def all_or_faults(steps: Sequence[Callable[[], T]], sizes: Sequence[int] = ()) -> list[T]:
    """Run every step, two at a time, then raise the faults of all of them at once.

    Most of a step runs without the interpreter lock.  The answers stand in the order of
    the steps, whichever ends first; the largest begins first where `sizes` are given, so
    that it is not left for the end.

    Raises
    ------
    UsageError
        A file is missing: that is said before anything about contents.
    InputError
        The issues of all steps.
    """
    results: list[T] = []
    usage: list[Text] = []
    issues: list[Issue] = []
    cause: BaseException | None = None
    order = sorted(range(len(steps)), key=lambda i: -sizes[i] if sizes else i)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
        tasks = {i: workers.submit(steps[i]) for i in order}
    for i in range(len(steps)):
        try:
            results.append(tasks[i].result())
        except UsageError as error:
            usage.extend(error.args)
        except InputError as error:
            issues.extend(error.issues)
            cause = cause or error.__cause__  # of a fault in a source: for its programmer
    if usage:
        raise UsageError(*usage)
    if issues:
        raise InputError(issues) from cause
    return results


def read_given(given: Given, role: str, *, sources: Sequence[Source] = ()) -> RawTable | JsonAnswer:
    """Read a path or a data frame.

    The header of a file that one of `sources` knows is the one by which it is known; in any
    other it may stand below a title.
    """
    possible = [source for source in sources if given_as(source) == role]
    if not isinstance(given, pd.DataFrame):
        path = Path(given)
        raw = read_file(path, role, knows=partial(_is_of_a_source, possible, path.name))
    else:
        raw = from_frame(given, role)
    is_known = _asked(raw.file, partial(best_of, possible, head_of(raw)))
    return raw if is_known else under_title(raw)


def _is_of_a_source(
    sources: Sequence[Source], file: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> bool:
    """Tell whether a source knows a table by its header and its first rows."""
    whole = [[*row, *[""] * (len(header) - len(row))][: len(header)] for row in rows]
    head = Head(
        headers=tuple(header), rows=tuple(dict(zip(header, row, strict=True)) for row in whole)
    )
    return bool(_asked(file, partial(best_of, sources, head)))


def _possible(name: str | None, sources: Sequence[Source]) -> Sequence[Source]:
    """Return the sources that a file may be of: the one that is told, or all."""
    return [source for source in sources if name in (None, source.name)]


def take_in(
    inputs: Sequence[tuple[Given, str, str | None]],
    sources: Sequence[Source],
    *,
    as_of: dt.date,
    names: Mapping[str, Mapping[str, str]],
) -> tuple[list[RawTable], list[RawTable]]:
    """Read all inputs and bring them to neutral columns.

    Parameters
    ----------
    inputs : sequence of (path or DataFrame, role, format or None)
    sources : sequence of Source
        Of this run.
    as_of : date
        Day of the run.
    names : mapping of table to mapping of column to header
        Headers of the user's own.

    Returns
    -------
    list of RawTable
        One of role ``youths``, one of ``wishes``, one or more of ``offers``.
    list of RawTable
        Of role ``contacts``: none unless a source gave pseudonyms.

    Raises
    ------
    UsageError, InputError
        For all inputs at once.
    """
    read = all_or_faults(
        [
            partial(read_given, given, role, sources=_possible(name, sources))
            for given, role, name in inputs
        ]
    )
    read = mapped(read, names)
    adapted = all_or_faults(
        [
            partial(_adapted, raw, name, sources, as_of)
            for raw, (_, _, name) in zip(read, inputs, strict=True)
        ]
    )
    tables = [table for several in adapted for table in several]
    youths = [table for table in tables if table.role == "youths"]
    wishes = next(table for table in tables if table.role == "wishes")
    if not youths:
        both = [source.name for source in sources if {"youths", "wishes"} <= source.kinds]
        raise InputError(
            [
                Issue(
                    reason="youths_missing",
                    file=wishes.file,
                    message=said("header.no_youths"),
                    hint=said("header.no_youths_hint", sources=both),
                )
            ]
        )
    if len(youths) > 1:
        raise UsageError(said("header.youths_twice", youths=youths[0].file, wishes=wishes.file))
    return (
        [table for table in tables if table.role != "contacts"],
        [table for table in tables if table.role == "contacts"],
    )


def _adapted(
    raw: RawTable | JsonAnswer, name: str | None, sources: Sequence[Source], as_of: dt.date
) -> tuple[RawTable, ...]:
    """Bring one input to neutral columns; its source is told, or recognised by content."""
    possible = [source for source in sources if given_as(source) == raw.role]
    if name is None:
        chosen = _asked(raw.file, partial(best_of, possible, head_of(raw)))
    else:
        chosen = [source for source in possible if source.name == name]
    if not chosen:
        table = table_in(raw)
        return (replace(table, days=dated(table)),)
    if len(chosen) > 1:
        names = [source.name for source in chosen]
        raise InputError(
            [
                Issue(
                    reason="several_sources",
                    file=raw.file,
                    message=said("source.several", names=names),
                    hint=said("source.say_which", role=raw.role, name=names[0]),
                )
            ]
        )
    source = chosen[0]
    faults: list[Issue] = []
    if isinstance(raw, JsonAnswer):
        raw = replace(raw, items=partial(_sound, raw.items, faults))
    tables = _asked(raw.file, partial(source.to_tables, raw, as_of=as_of))
    broken = list(broken_promises(source, tables))
    if broken:
        raise UsageError(said("source.broken", source=source.name, file=raw.file, faults=broken))
    named = [replace(table, format=source.name) for table in tables]
    at = next(i for i, table in enumerate(named) if table.role == raw.role)
    named[at] = replace(named[at], faults=(*named[at].faults, *faults))
    if isinstance(raw, RawTable):
        named = [_in_its_sheet(table, raw) for table in named]
        remarks = (*named[at].remarks, *raw.remarks)
        named[at] = replace(named[at], remarks=remarks, days=named[at].days or dated(raw))
    return tuple(named)


def _in_its_sheet(table: RawTable, raw: RawTable) -> RawTable:
    """Return what a source made of a workbook with its sheet, where it had one only."""
    if raw.sheets is None or len(raw.sheets.names) > 1 or table.sheets is not None:
        return table
    of_row = np.zeros(len(table.frame), dtype=np.int16)
    return replace(table, sheets=replace(raw.sheets, of_row=of_row, columns=({},)))


def _sound(items: Items, faults: list[Issue]) -> Iterator[tuple[int, object]]:
    """Yield the items that could be read; `faults` becomes a list of the others."""
    faults.clear()
    for place, item in items():
        if isinstance(item, Issue):
            faults.append(item)
        else:
            yield place, item


def _asked(file: str, step: Callable[[], T]) -> T:
    """Ask a source; what breaks in one is told as a fault of its file, not as a traceback."""
    try:
        return step()
    except (MatchmakerError, MemoryError):
        raise
    except Exception as error:
        raise InputError(
            [
                Issue(
                    reason="source_failed",
                    file=file,
                    message=said("source.failed", where=where_it_failed(error)),
                    hint=said("source.mend"),
                )
            ]
        ) from error
