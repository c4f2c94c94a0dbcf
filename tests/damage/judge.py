"""Damaged files made and judged: is anything wrong that nothing says?"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import Tables, load
from tests.damage.kind import Kind
from tests.damage.kinds import KINDS
from tests.damage.truth import AS_OF, GROUPS, Grid, clean
from tests.tables.workbook_files import write_xlsx

__all__ = ["Damage", "all_damages", "hundred", "silently_wrong"]

_SETTINGS = Settings(max_rejected_rows=1000)  # a refused file says less of its rows
_NOT_COMPARED = frozenset({
    "trade_how", "trade_confidence", "trade_label", "place_how", "place_name", "postal_code",
    "is_approximate", "wishes_rejected", "wishes_unread", "wish_id", "flags",
})  # fmt: skip
# Kinds of quality that name a cell; what is repaired has to be right, and a default is no word.
_OF_A_COLUMN = frozenset({"unknown_column", "column_in_words", "column_of_communes",
                          "column_of_postal_codes", "column_without_header"})  # fmt: skip
_A_FEW = 2
_NAMING = frozenset({"doubt", "rejected", "left_out"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One kind of damage in one column of one table."""

    kind: Kind
    table: str
    column: str
    seed: int

    def __str__(self) -> str:
        return f"{self.kind.name}: {self.table}.{self.column or '*'}"

    def made(self) -> dict[str, Grid]:
        """Return the three tables, one of them damaged; always the same for one seed."""
        grids = clean()
        grid = grids[self.table]
        grid.without(self.kind.without)
        draw = random.Random(zlib.crc32(f"{self.seed}:{self}".encode()))
        grid.touched = {self.column} - {""}
        row = draw.randrange(2, len(grid.rows) - 2)
        self.kind.change(grid, row, self.column, draw)
        return grids


def all_damages(seed: int) -> list[Damage]:
    """Return each kind in each of its columns."""
    return [
        Damage(kind=kind, table=table, column=column, seed=seed)
        for kind in KINDS
        for table, columns in kind.where.items()
        for column in columns
    ]


def hundred(seed: int) -> list[Damage]:
    """Return a hundred damages that leave evidence: each kind, each column, the rest by lot."""
    draw = random.Random(seed)
    rest = [damage for damage in all_damages(seed) if damage.kind.left]
    draw.shuffle(rest)
    chosen: dict[str, Damage] = {}
    columns: set[tuple[str, str]] = set()
    # Kinds of few columns first: those of many can still fill the columns that are left.
    for damage in sorted(rest, key=lambda d: sum(map(len, d.kind.where.values()))):
        name = damage.kind.name
        fills = [d for d in rest if d.kind.name == name and (d.table, d.column) not in columns]
        chosen.setdefault(name, (fills or [damage])[0])
        columns.add((chosen[name].table, chosen[name].column))
    rest.sort(key=lambda d: (d.table, d.column) in columns)
    first = list(chosen.values())
    return [*first, *(d for d in rest if d not in first)][:100]


def _written(grid: Grid, folder: Path) -> Path:
    """Write a table as the file that it is to be."""
    rows = [*grid.above, grid.header, *grid.rows]
    if grid.container == "xlsx":
        sheets = {**grid.further, "Feuil1": rows}
        path = folder / f"{grid.name}.xlsx"
        return write_xlsx(path, sheets, hidden=grid.hidden, merged={"Feuil1": grid.merged})
    sink = io.StringIO()
    csv.writer(sink, delimiter=grid.separator, lineterminator="\n").writerows(rows)
    text = sink.getvalue()
    path = folder / f"{grid.name}.csv"
    path.write_bytes(grid.mend(text.encode()) if grid.mend else text.encode())
    return path


@cache
def _truth(table: str, without: tuple[str, ...]) -> Tables:
    """Return the clean tables, one of them without some columns."""
    grids = clean()
    grids[table].without(without)
    frames = {
        name: pd.DataFrame(grid.rows, columns=grid.header, dtype="str")
        for name, grid in grids.items()
    }
    return load(**frames, as_of=dt.date.fromisoformat(AS_OF), settings=_SETTINGS)


def silently_wrong(damage: Damage, folder: Path) -> list[str]:
    """Return what is wrong in the clean tables and named nowhere; empty for none."""
    grids = damage.made()
    files = {name: _written(grid, folder) for name, grid in grids.items()}
    try:
        tables = load(**files, as_of=dt.date.fromisoformat(AS_OF), settings=_SETTINGS)
    except InputError as error:
        file = files[damage.table].name
        is_named = any(issue.file == file for issue in error.issues)
        return [] if is_named else [f"refused without its name: {error}"]
    truth = _truth(damage.table, damage.kind.without)
    usual = _said(truth)
    said = _Said(tables, grids, usual)
    return [
        f"{name}: {fault}"
        for name in ("youths", "wishes", "offers")
        for fault in _faults(name, getattr(truth, name), getattr(tables, name), grids[name], said)
    ]


def _said(tables: Tables) -> set[tuple[str, int, str, str]]:
    """Return what is said of clean tables already: (table, line, column, reason)."""
    notes = tables.notes
    return set(zip(*(notes[c] for c in ("table", "line", "column", "reason_code")), strict=True))


class _Said:
    """Rows and cells that a run names."""

    def __init__(self, tables: Tables, grids: dict[str, Grid], usual: set[Any]) -> None:
        notes, rejects, quality = tables.notes, tables.rejects, tables.quality
        self.rows = set(zip(rejects["table"], rejects["line"], strict=True))
        is_orphan = rejects["reason"] == "unknown_youth"
        self.orphans = set(rejects["value"][is_orphan])  # ids of youths that wishes still name
        self.cells: set[tuple[str, int, str]] = set()
        for verdict, *rest in zip(
            *(notes[c] for c in ("verdict", "table", "line", "column", "reason_code")), strict=True
        ):
            table, line, column, _ = rest
            if verdict not in _NAMING or tuple(rest) in usual:
                continue
            if verdict == "left_out":
                self.rows.add((table, line))
            self.cells.add((table, line, column))
        # Wishes go with their youth.
        ids, people = clean()["youths"].rows, grids["youths"]
        self.youths = {
            ids[origin][0]
            for row, origin in enumerate(people.origin)
            if origin >= 0 and ("youths", people.line_of(row), "youth_id") in self.cells
        }
        warned = quality[quality["kind"] == "warning"]
        # A column that is named as a whole: its header is unknown, or it has a meaning of its own.
        self.columns = {
            (table, column)
            for table, column, reason in zip(
                warned["table"], warned["column"], warned["reason"], strict=True
            )
            if reason in _OF_A_COLUMN
        }

    def names(self, table: str, line: int, column: str, grid: Grid) -> bool:
        """Tell whether a cell is named, itself or by what tells the same thing."""
        if (table, line) in self.rows:
            return True
        near = {column, *(name for group in GROUPS if column in group for name in group)}
        if len(grid.touched) > _A_FEW:  # cells that moved: who looks at one of them sees the others
            near |= grid.touched
        if any((table, line, name) in self.cells for name in near):
            return True
        headers = near | (grid.touched - set(_columns(table)))
        return any((table, name) in self.columns for name in headers)


def _columns(table: str) -> list[str]:
    return clean()[table].header


def _faults(
    name: str, truth: pd.DataFrame, found: pd.DataFrame, grid: Grid, said: _Said
) -> Iterator[str]:
    """Compare one table with the truth: each row is right, or named where it is not."""
    compared = [c for c in truth if c not in _NOT_COMPARED]
    keys = ["youth_id", "rank"] if name == "wishes" else [compared[0]]
    lines: dict[int, list[int]] = {}
    for row, origin in enumerate(grid.origin):
        lines.setdefault(origin, []).append(grid.line_of(row))
    right = {_key(row, keys): row for row in truth[compared].to_dict("records")}
    there = {_key(row, keys): row for row in found[compared].to_dict("records")}
    if len(there) < len(found):
        doubles = [
            k for k, n in Counter(map(tuple, found[keys].to_numpy().tolist())).items() if n > 1
        ]
        yield from (f"twice: {key}" for key in doubles if not _is_said(name, lines, said))
    spare = 0
    for at, key in enumerate(_truth_keys(name)):
        if key not in right:
            continue
        row, other = right[key], there.pop(key, None)
        at_lines = lines.get(at, lines.get(-2, []))
        if other is None:
            if any((name, line) in said.rows for line in at_lines):
                continue
            is_named = any(said.names(name, line, keys[0], grid) for line in at_lines)
            is_named |= str(key[0]) in (said.orphans if name == "youths" else said.youths)
            spare += is_named
            if not is_named:
                yield f"lost: {key}"
            continue
        for column in compared:
            a, b = row[column], other[column]
            if a == b or (pd.isna(a) and pd.isna(b)):
                continue
            if grid.origin.count(-2) and column in grid.touched and at not in grid.origin:
                continue  # the damage itself gave that cell another value
            if column == "trade_codes" and a in str(b).split("|"):
                continue
            if not any(said.names(name, line, column, grid) for line in at_lines):
                yield f"{key} {column}: {b!r} for {a!r}"
    for key in list(there)[spare:]:
        yield f"more: {key}"


def _is_said(name: str, lines: dict[int, list[int]], said: _Said) -> bool:
    return any((name, line) in said.rows for several in lines.values() for line in several)


def _key(row: dict[str, Any], keys: list[str]) -> tuple[Any, ...]:
    return tuple(row[key] for key in keys)


@cache
def _truth_keys(name: str) -> tuple[tuple[Any, ...], ...]:
    """Return the key of each row of the truth, in the order of the file."""
    grid = clean()[name]
    if name == "wishes":
        return tuple((row[0], int(row[1])) for row in grid.rows)
    return tuple((row[0],) for row in grid.rows)
