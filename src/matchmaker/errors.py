"""Errors that a user can read, and the record of one fault in the input.

Every error that a user's own mistake can cause is a `MatchmakerError`: its text is
one sentence a fault (where, what, what to do) and its ``exit_code`` is what the
command line returns.  Anything else that escapes is a bug of ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "CheckError",
    "InfeasibleError",
    "InputError",
    "Issue",
    "MatchmakerError",
    "UsageError",
    "did_you_mean",
    "printable",
]


class MatchmakerError(Exception):
    """Base of all errors that are meant for the user."""

    exit_code = 1


class UsageError(MatchmakerError):
    """A file that is not there, an unknown setting, an argument that cannot be."""

    exit_code = 2


class InfeasibleError(MatchmakerError):
    """What was asked for cannot be done with this data or on this machine."""

    exit_code = 3


class CheckError(MatchmakerError):
    """An independent check refused the result; nothing is published."""

    exit_code = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault of the input.

    Attributes
    ----------
    reason : str
        Stable code in snake case, for machines (``level_out_of_bounds``).
    file : str
        Name of the file as the user gave it, or of the table for data frames.
    line : int or None
        Physical line, counted from 1 as an editor shows it; None for a whole file.
    column, value : str or None
        Where in the line, and what stood there, as written.
    message, hint : str
        What is wrong, and what to do.
    is_personal : bool
        True when `value` may identify a person: it is then masked by `sentence`.

    Examples
    --------
    >>> print(Issue(reason="unknown_region", file="wishes.csv", line=14, column="region_code",
    ...             value="Bretange", message="is not a region",
    ...             hint="Did you mean 'Bretagne'?").sentence())
    wishes.csv, line 14, column 'region_code': 'Bretange' is not a region. Did you mean 'Bretagne'?
    """

    reason: str
    file: str
    message: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    hint: str = ""
    is_personal: bool = False

    def sentence(self) -> str:
        """Return the fault as one line of text, personal values masked."""
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.column is not None:
            where += f", column '{self.column}'"
        what = self.message
        if self.value is not None:
            shown = "(hidden: personal)" if self.is_personal else f"'{printable(self.value)}'"
            what = f"{shown} {self.message}"
        return f"{where}: {what}." + (f" {self.hint}" if self.hint else "")


class InputError(MatchmakerError):
    """The content of the input is unusable; `issues` lists every fault found.

    Parameters
    ----------
    issues : sequence of Issue
        All faults, not the first only.
    shown : int, default 20
        How many of them the text of the error spells out.
    """

    def __init__(self, issues: Sequence[Issue], shown: int = 20) -> None:
        self.issues = tuple(issues)
        lines = [issue.sentence() for issue in self.issues[:shown]]
        if len(self.issues) > shown:
            lines.append(f"... and {len(self.issues) - shown} more faults.")
        super().__init__("\n".join(lines))


def printable(text: str, limit: int = 80) -> str:
    r"""Return `text` without control characters and cut to `limit` signs.

    A terminal obeys escape sequences and direction marks, so a value of a user's
    file is never echoed as it is.

    Examples
    --------
    >>> printable("Boulanger\x1b[31m")
    'Boulanger�[31m'
    """
    clean = "".join("�" if unicodedata.category(c) in {"Cc", "Cf"} else c for c in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest of `known`, or an empty text.

    Examples
    --------
    >>> did_you_mean("max_distance", ["max_distance_km", "seed"])
    "Did you mean 'max_distance_km'?"
    >>> did_you_mean("zzz", ["seed"])
    ''
    """
    import difflib  # standard library: errors must not load the numeric stack

    close = difflib.get_close_matches(name.casefold(), list(known), n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else ""
