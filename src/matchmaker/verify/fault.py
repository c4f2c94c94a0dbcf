"""Broken rules: all of them counted before anything is refused, the first of each shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import CheckError
from matchmaker.words import Said, Text, said, word

__all__ = ["Fault", "Faults"]

SHOWN = 20  # faults of one rule, file and column that are kept one by one; all are counted

Cells = pd.Series | NDArray[np.generic] | Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row or figure that breaks a rule.

    Attributes
    ----------
    rule : str
        A name of `matchmaker.verify.rules.RULES`.
    file : str
        In which it stands.
    row : int or None
        Counted from 1 without the header; None where the fault is of no single row.
    column : str
        Column, or the path of a figure of a JSON file; "" for the whole row.
    found, expected : str
        What is written, and what should be; "" where the rule says it. Never an id, a name
        or a date of birth.
    """

    rule: str
    file: str
    row: int | None = None
    column: str = ""
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults as they are found, counted by rule, file and column; no sentence names a person.

    Attributes
    ----------
    counts : dict of (rule, file, column) to int
        Rows or figures that break it.
    noted : list of Fault
        The first of each.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.must("rank", np.array([True, False]), found=[1, 3], expected=[1, 2])
    >>> faults.must("rank", np.array([False]), row=2)
    >>> faults.by_rule
    {'rank': 2}
    >>> faults.shown[0]
    Fault(rule='rank', file='lists', row=2, column='', found='3', expected='2')
    >>> faults.refuse(said("verify.lists"))
    Traceback (most recent call last):
    matchmaker.errors.CheckError: La vérification indépendante a refusé les listes ; rien n'a été écrit.
    rank (lists) : les rangs se suivent à partir de 1 : 2 lignes ne le respectent pas
    """

    counts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    noted: list[Fault] = field(default_factory=list)

    @property
    def shown(self) -> tuple[Fault, ...]:
        """The first faults of each rule, file and column."""
        return tuple(self.noted)

    @property
    def by_rule(self) -> dict[str, int]:
        """How many rows or figures break each rule, in the order in which they were found."""
        total: dict[str, int] = {}
        for (rule, _, _), count in self.counts.items():
            total[rule] = total.get(rule, 0) + count
        return total

    def must(
        self,
        rule: str,
        is_true: pd.Series[bool] | NDArray[np.bool_],
        *,
        file: str = "lists",
        column: str = "",
        row: int | NDArray[np.int64] | None = 0,
        found: Cells | None = None,
        expected: Cells | None = None,
    ) -> None:
        """Note each row of which `is_true` does not hold; more rows may come later.

        Parameters
        ----------
        rule, file, column : str
        is_true : array of bool, shape (n_rows,)
        row : int, ndarray of int64 or None
            How many rows of the file stand before these; or the position of each in it; or
            None where these are not the rows of a file.
        found, expected : array, shape (n_rows,), optional
            Cells that may be shown.
        """
        broken = np.flatnonzero(~np.asarray(is_true, dtype=bool))
        key = rule, file, column
        left = SHOWN - self.counts.get(key, 0)
        if len(broken):
            self.counts[key] = self.counts.get(key, 0) + len(broken)
        for at in broken[: max(left, 0)].tolist():
            number = None if row is None else at + row if isinstance(row, int) else int(row[at])
            self.noted.append(
                Fault(
                    rule=rule,
                    file=file,
                    row=None if number is None else number + 1,
                    column=column,
                    found=_cell(found, at),
                    expected=_cell(expected, at),
                )
            )

    def equal(self, rule: str, said: object, true: object, *, file: str, column: str = "") -> None:
        """Note a fault unless the one thing that is written is the true one.

        Parameters
        ----------
        rule, file, column : str
        said, true : object
            What is written, and what should be.
        """
        if said != true:
            self.add(rule, file=file, column=column, found=str(said), expected=str(true))

    def add(
        self, rule: str, *, file: str, column: str = "", found: str = "", expected: str = ""
    ) -> None:
        """Note a fault of no single row.

        Parameters
        ----------
        rule, file, column : str
        found, expected : str
            What may be shown of it; "" for nothing.
        """
        key = rule, file, column
        self.counts[key] = self.counts.get(key, 0) + 1
        self.noted.append(
            Fault(rule=rule, file=file, column=column, found=found, expected=expected)
        )

    def take(self, other: Faults) -> None:
        """Add what was found elsewhere.

        Parameters
        ----------
        other : Faults
        """
        for key, count in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + count
        self.noted.extend(other.noted)

    @property
    def sentences(self) -> tuple[Said, ...]:
        """One sentence a broken rule, file and column: how often, and what of one figure."""
        alone = {(f.rule, f.file, f.column): f for f in self.noted if f.row is None}
        return tuple(_sentence(key, count, alone.get(key)) for key, count in self.counts.items())

    def refuse(self, head: Text) -> None:
        """Raise if anything was noted.

        Parameters
        ----------
        head : str or Said
            The sentence that goes before.

        Raises
        ------
        CheckError
            `head`, then one line a broken rule, file and column.
        """
        if not self.counts:
            return
        raise CheckError(head, *self.sentences)


def _sentence(key: tuple[str, str, str], count: int, alone: Fault | None) -> Said:
    """Say how often a rule is broken; of one figure what it is, and what it should be."""
    rule, file, column = key
    where = said("verify.column", file=file, column=column) if column else file
    what = word("rule", rule)
    if count > 1 or alone is None or not alone.found:
        return said("verify.broken", rule=rule, where=where, what=what, n=count)
    found, expected = alone.found, alone.expected
    if not expected:
        return said("verify.found", rule=rule, where=where, what=what, found=found)
    return said(
        "verify.found_expected",
        rule=rule,
        where=where,
        what=what,
        found=found,
        expected=expected,
    )


def _cell(cells: Cells | None, at: int) -> str:
    if cells is None:
        return ""
    return str(cells.iloc[at] if isinstance(cells, pd.Series) else cells[at])
