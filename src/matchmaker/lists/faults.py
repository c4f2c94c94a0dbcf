"""Rules that are broken, all of them counted before anything is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from matchmaker.errors import CheckError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Faults"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Broken rules, one sentence each; it names no person.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.must("ranks run from 1", np.array([True, False]))
    >>> faults.must("ranks run from 1", np.array([False]))
    >>> faults.refuse("The check refused the lists.")
    Traceback (most recent call last):
    matchmaker.errors.CheckError: The check refused the lists.
    ranks run from 1: broken by 2 rows
    """

    noted: dict[str, int] = field(default_factory=dict)  # rows that break a rule; 0: of no rows

    @property
    def found(self) -> list[str]:
        """One sentence a fault, in the order in which they were first noted."""
        return [f"{fact}: broken by {n} rows" if n else fact for fact, n in self.noted.items()]

    def must(self, fact: str, is_true: pd.Series[bool] | NDArray[np.bool_]) -> None:
        """Note `fact` as broken unless it is true of every row; more rows may come later."""
        broken = int((~np.asarray(is_true, dtype=bool)).sum())
        if broken:
            self.noted[fact] = self.noted.get(fact, 0) + broken

    def equal(self, fact: str, said: object, true: object) -> None:
        """Note `fact` as broken unless the figure that is written is the true one."""
        if said != true:
            self.add(f"{fact}: {said} is written, {true} is true")

    def add(self, sentence: str) -> None:
        """Note a fault that is not counted in rows."""
        self.noted[sentence] = 0

    def refuse(self, head: str) -> None:
        """Raise if anything was noted.

        Raises
        ------
        CheckError
            `head`, then one line a broken rule.
        """
        if self.found:
            raise CheckError("\n".join([head, *self.found]))
