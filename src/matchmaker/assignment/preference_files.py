"""Preference lists from CSV files: ``id, rank, other id``, equal ranks being ties."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from matchmaker.errors import InputError, Issue, UsageError, did_you_mean
from matchmaker.words import Text, said

__all__ = ["read_capacities", "read_preferences"]


def read_preferences(
    path: str | Path, columns: tuple[str, str, str] = ("id", "rank", "other_id")
) -> dict[str, list[list[str]]]:
    """Read lists of wishes (or of youths ranked by offers), best first.

    Parameters
    ----------
    path : str or Path
        UTF-8 CSV with a header, separated by commas, semicolons or tabs.
    columns : tuple of str
        Headers of the owner's id, of the rank (1 best; equal ranks tie, gaps are
        allowed) and of the id that is ranked.

    Returns
    -------
    dict of str to list of list of str
        For each owner the ids of each rank.

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        Missing columns, empty ids, ranks that are no whole number from 1 up, a pair that
        stands twice: all at once, each with its line.
    """
    owner_name, rank_name, other_name = columns
    faults: list[Issue] = []
    ranked: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    first_line: dict[tuple[str, str], int] = {}
    for line, (owner, rank, other) in _rows(path, columns):
        for name, value in ((owner_name, owner), (other_name, other)):
            if not value:
                faults.append(_empty_id(path, line, name))
        if not _is_whole(rank) or int(rank) < 1:
            faults.append(
                _fault(
                    path,
                    line,
                    rank_name,
                    rank,
                    "bad_rank",
                    said("assignment.bad_rank"),
                    said("assignment.ranks_start"),
                )
            )
        elif (owner, other) in first_line:
            faults.append(
                _fault(
                    path,
                    line,
                    other_name,
                    other,
                    "duplicate_pair",
                    said("assignment.twice_in_list_of", owner=owner, line=first_line[owner, other]),
                    said("assignment.keep_one"),
                )
            )
        else:
            first_line[owner, other] = line
            ranked[owner][int(rank)].append(other)
    if faults:
        raise InputError(faults)
    return {owner: [ranks[r] for r in sorted(ranks)] for owner, ranks in ranked.items()}


def read_capacities(path: str | Path) -> dict[str, int]:
    """Read the seats of each offer from a CSV with columns ``offer_id, capacity``.

    Parameters
    ----------
    path : path

    Returns
    -------
    dict of str to int
        Offer id to seats.

    Raises
    ------
    UsageError, InputError
        As `read_preferences`; also for an offer that stands twice.
    """
    faults: list[Issue] = []
    seats: dict[str, int] = {}
    for line, (offer, number) in _rows(path, ("offer_id", "capacity")):
        if not offer:
            faults.append(_empty_id(path, line, "offer_id"))
        elif offer in seats:
            faults.append(
                _fault(
                    path,
                    line,
                    "offer_id",
                    offer,
                    "duplicate_id",
                    said("assignment.twice"),
                    said("assignment.keep_one_line"),
                )
            )
        if not _is_whole(number):
            faults.append(
                _fault(
                    path,
                    line,
                    "capacity",
                    number,
                    "negative_capacity",
                    said("assignment.bad_count"),
                    said("assignment.correct_number"),
                )
            )
        seats[offer] = int(number) if _is_whole(number) else 0
    if faults:
        raise InputError(faults)
    return seats


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _empty_id(path: str | Path, line: int, column: str) -> Issue:
    what, hint = said("assignment.empty_id"), said("assignment.give_id")
    return _fault(path, line, column, "", "empty_id", what, hint)


def _fault(
    path: str | Path,
    line: int | None,
    column: str,
    value: str | None,
    reason: str,
    message: Text,
    hint: Text,
) -> Issue:
    return Issue(
        reason=reason,
        file=Path(path).name,
        line=line,
        column=column,
        value=value,
        message=message,
        hint=hint,
    )


def _rows(path: str | Path, columns: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Return (physical line, stripped cells of `columns`) of each row that is not empty."""
    file = Path(path)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(said("error.no_such_file", path=file)) from None
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=file, why=error.strerror)) from None
    except UnicodeDecodeError as error:
        raise InputError(
            [
                Issue(
                    reason="not_utf8",
                    file=file.name,
                    line=error.object[: error.start].count(b"\n") + 1,
                    message=said("assignment.not_utf8"),
                    hint=said("assignment.save_as_utf8"),
                )
            ]
        ) from None
    header_line = text.partition("\n")[0]
    separator = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [name.strip() for name in next(reader, [])]
        faults = [
            _fault(
                path,
                1,
                name,
                None,
                "missing_column",
                said("assignment.no_column"),
                did_you_mean(name, header) or said("assignment.header_needs", names=columns),
            )
            for name in columns
            if name not in header
        ]
        if faults:
            raise InputError(faults)
        places = [header.index(name) for name in columns]
        rows = []
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                faults.append(
                    Issue(
                        reason="cells_count",
                        file=file.name,
                        line=line,
                        message=said("assignment.cells", cells=len(cells), due=len(header)),
                        hint=said("assignment.quotes"),
                    )
                )
                continue
            rows.append((line, tuple(cells[i].strip() for i in places)))
    except csv.Error as error:
        raise InputError(
            [
                Issue(
                    reason="not_csv",
                    file=file.name,
                    line=reader.line_num,
                    message=said("assignment.not_csv", why=error),
                    hint=said("assignment.correct_line"),
                )
            ]
        ) from None
    if faults:
        raise InputError(faults)
    return rows
