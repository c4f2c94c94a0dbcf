"""From what the user gives to raw tables with neutral columns, whatever the source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError, did_you_mean
from matchmaker.settings import Settings
from matchmaker.tables import sources
from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading import JsonAnswer, from_frame, read_file

__all__ = ["Source", "all_or_faults", "check_format", "read_source", "take_in"]

Source = str | Path | pd.DataFrame
T = TypeVar("T")

_FORMATS = {
    "youths": ("neutral",),
    "wishes": ("neutral", "affelnet", "parcoursup"),
    "offers": ("neutral", "lba", "france_travail"),
}
_AT_ONCE = 2  # files in hand at a time: each holds its bytes and its columns in memory
_OFFER_SOURCES = {
    "lba": sources.lba.to_offers,
    "france_travail": sources.france_travail.to_offers,
}
_NO_CONTACTS = pd.DataFrame(
    {"youth_id": pd.array([], dtype="str"), "source_line": pd.array([], dtype="int64"),
     "emails": pd.array([], dtype="str")}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """Raw tables of one input, and the addresses behind its pseudonyms."""

    tables: tuple[RawTable, ...]
    contacts: pd.DataFrame | None = None


def check_format(role: str, name: str | None) -> None:
    """Refuse a format that no reader of this table knows."""
    if name is not None and name not in _FORMATS[role]:
        hint = did_you_mean(name, _FORMATS[role]) or f"Known: {', '.join(_FORMATS[role])}."
        raise UsageError(f"format of {role}: '{name}' is not known. {hint}")


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
    usage: list[str] = []
    issues: list[Issue] = []
    order = sorted(range(len(steps)), key=lambda i: -sizes[i] if sizes else i)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
        tasks = {i: workers.submit(steps[i]) for i in order}
    for i in range(len(steps)):
        try:
            results.append(tasks[i].result())
        except UsageError as error:
            usage.append(str(error))
        except InputError as error:
            issues.extend(error.issues)
    if usage:
        raise UsageError("\n".join(usage))
    if issues:
        raise InputError(issues)
    return results


def read_source(source: Source, role: str) -> RawTable | JsonAnswer:
    """Read a path or a data frame."""
    if isinstance(source, pd.DataFrame):
        return from_frame(source, role)
    return read_file(Path(source), role)


def take_in(
    given: Sequence[tuple[Source, str, str | None]], settings: Settings, key: bytes | None
) -> tuple[list[RawTable], pd.DataFrame]:
    """Read all inputs and bring them to neutral columns.

    Parameters
    ----------
    given : sequence of (source, role, format or None)
    settings : Settings
        ``parcoursup_columns`` is read.
    key : bytes or None
        Secret of the pseudonyms.

    Returns
    -------
    list of RawTable
        One of role ``youths``, one of ``wishes``, one or more of ``offers``.
    DataFrame
        youth_id, source_line, emails: no row unless a source gave pseudonyms.

    Raises
    ------
    UsageError, InputError
        For all inputs at once.
    """
    contents = all_or_faults([partial(read_source, source, role) for source, role, _ in given])
    taken = all_or_faults(
        [
            partial(_adapt, content, name, settings, key)
            for content, (_, _, name) in zip(contents, given, strict=True)
        ]
    )
    tables = [table for part in taken for table in part.tables]
    youths = [table for table in tables if table.role == "youths"]
    wishes = next(table for table in tables if table.role == "wishes")
    if not youths:
        raise InputError([
            Issue(reason="youths_missing", file=wishes.file, message="holds no youths",
                  hint="Give the table of youths too; only Affelnet and Parcoursup files hold both.")
        ])  # fmt: skip
    if len(youths) > 1:
        raise UsageError(
            f"{youths[0].file}: the youths stand in {wishes.file} already, under pseudonyms. "
            "Leave the table of youths out."
        )
    contacts = [part.contacts for part in taken if part.contacts is not None]
    return tables, contacts[0] if contacts else _NO_CONTACTS


def _adapt(
    content: RawTable | JsonAnswer, name: str | None, settings: Settings, key: bytes | None
) -> _Taken:
    """Bring one input to neutral columns; its source is told, or recognised by content."""
    inside = content if isinstance(content, RawTable) else content.payload
    source = name or sources.detect(inside, settings.parcoursup_columns) or "neutral"
    if isinstance(content, RawTable):
        if source == "affelnet" and content.role == "wishes":
            return _people(sources.affelnet.to_tables(content, key))
        if source == "parcoursup" and content.role == "wishes":
            mapping = settings.parcoursup_columns
            return _people(sources.parcoursup.to_tables(content, mapping, key))
        if source in _OFFER_SOURCES:
            raise InputError([
                Issue(reason="not_json", file=content.file, message=f"is no answer of {source}",
                      hint="Give the JSON as the API sent it.")
            ])  # fmt: skip
        return _Taken(tables=(content,))
    if content.role == "offers" and source in _OFFER_SOURCES:
        to_offers = _OFFER_SOURCES[source]
        return _Taken(tables=(to_offers(content.payload, content.file, content.sha256),))
    raise InputError([
        Issue(reason="unknown_json", file=content.file,
              message=f"is JSON, but neither a list of {content.role} nor a known source's answer",
              hint="Give a list of objects with the columns of `matchmaker schema`.")
    ])  # fmt: skip


def _people(file: sources.WishFile) -> _Taken:
    """Return the two tables of a file of wishes, and its addresses."""
    return _Taken(tables=(file.youths, file.wishes), contacts=file.contacts)
