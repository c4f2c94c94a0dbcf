"""Errors that a user can read, and the record of one fault in the input.

Every error that a user's own mistake can cause is a `MatchmakerError`: its text is
one sentence a fault (where, what, what to do) and its ``exit_code`` is what the
command line returns.  Anything else that escapes is a bug of ours.

A sentence is kept as its key and values (`matchmaker.words.said`) and written out where it
is shown, so that an error raised deep inside is read in the language of its reader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matchmaker.words import Lang, Text, said, say, text_of

__all__ = [
    "BusyError",
    "CheckError",
    "InfeasibleError",
    "InputError",
    "Issue",
    "MatchmakerError",
    "UsageError",
    "closest",
    "did_you_mean",
    "printable",
]


class MatchmakerError(Exception):
    """Base of all errors that are meant for the user; `str` of one is French.

    Parameters
    ----------
    *sentences : str or Said
        One for each fault.

    Examples
    --------
    >>> error = MatchmakerError(said("error.did_you_mean", name="seed"))
    >>> str(error), error.text("en"), error.exit_code
    ("Vouliez-vous dire 'seed' ?", "Did you mean 'seed'?", 1)
    """

    exit_code = 1

    def __init__(self, *sentences: Text) -> None:
        super().__init__(*sentences)

    def text(self, lang: Lang) -> str:
        """Return the error in a language, one line a fault.

        Parameters
        ----------
        lang : {"fr", "en"}

        Returns
        -------
        str
        """
        return "\n".join(text_of(sentence, lang) for sentence in self.args)

    def __str__(self) -> str:
        return self.text("fr")


class UsageError(MatchmakerError):
    """A file that is not there, an unknown setting, an argument that cannot be."""

    exit_code = 2


class InfeasibleError(MatchmakerError):
    """What was asked for cannot be done with this data or on this machine."""

    exit_code = 3


class CheckError(MatchmakerError):
    """An independent check refused the result; nothing is published."""

    exit_code = 4


class BusyError(MatchmakerError):
    """Another run is at work where this one would be."""

    exit_code = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault of the input.

    Attributes
    ----------
    reason : str
        Stable code in snake case, for machines (``level_out_of_bounds``).
    file : str
        Name of the file as the user gave it, or of the table for data frames.
    sheet : str
        Sheet of a workbook; "" where there is none, or where all are meant.
    line : int or None
        Physical line, counted from 1 as an editor shows it; None for a whole file.
    column, value : str or None
        Where in the line, and what stood there, as written.
    message, hint : str or Said
        What is wrong, and what to do. A message goes on after the value, if there is one.
    is_personal : bool
        True when `value` may identify a person: it is then masked by `sentence`.

    Examples
    --------
    >>> issue = Issue(reason="region_unknown", file="wishes.csv", line=14, column="region_code",
    ...               value="Bretange", message=said("cell.region"),
    ...               hint=did_you_mean("Bretange", ["Bretagne"]))
    >>> print(issue.sentence("en"))
    wishes.csv, line 14, column 'region_code': 'Bretange' is not a region. Did you mean 'Bretagne'?
    """

    reason: str
    file: str
    message: Text
    sheet: str = ""
    line: int | None = None
    column: str | None = None
    value: str | None = None
    hint: Text = ""
    is_personal: bool = False

    def sentence(self, lang: Lang = "fr") -> str:
        """Return the fault as one line of text, personal values masked.

        Parameters
        ----------
        lang : {"fr", "en"}

        Returns
        -------
        str
        """
        where = self.file
        if self.sheet:
            where = say(lang, "error.at_sheet", file=where, sheet=printable(self.sheet))
        if self.line is not None:
            where = say(lang, "error.at_line", file=where, line=self.line)
        if self.column is not None:
            where = say(lang, "error.at_column", where=where, column=self.column)
        what = text_of(self.message, lang)
        if self.value is not None:
            hidden = say(lang, "error.hidden")
            shown = hidden if self.is_personal else f"'{printable(self.value)}'"
            what = f"{shown} {what}"
        sentence = say(lang, "error.sentence", where=where, what=what)
        hint = text_of(self.hint, lang)
        return f"{sentence} {hint}" if hint else sentence


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
        super().__init__()
        self.issues, self.shown = tuple(issues), shown
        self.args = (self.issues, shown)  # what makes the error anew in another process

    def text(self, lang: Lang) -> str:
        """Return the first faults in a language, and how many more there are."""
        lines = [issue.sentence(lang) for issue in self.issues[: self.shown]]
        more = len(self.issues) - self.shown
        if more > 0:
            lines.append(say(lang, "error.more_faults", n=more))
        return "\n".join(lines)


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


def closest(name: str, known: Iterable[str]) -> str:
    """Return the one of `known` that `name` may stand for, or an empty text.

    Examples
    --------
    >>> closest("max_distance", ["max_distance_km", "seed"]), closest("zzz", ["seed"])
    ('max_distance_km', '')
    """
    import difflib  # standard library: errors must not load the numeric stack

    return next(iter(difflib.get_close_matches(name.casefold(), list(known), n=1, cutoff=0.6)), "")


def did_you_mean(name: str, known: Iterable[str]) -> Text:
    """Return ``Vouliez-vous dire 'x' ?`` for the closest of `known`, or an empty text.

    Examples
    --------
    >>> str(did_you_mean("max_distance", ["max_distance_km", "seed"]))
    "Vouliez-vous dire 'max_distance_km' ?"
    >>> did_you_mean("zzz", ["seed"])
    ''
    """
    name = closest(name, known)
    return said("error.did_you_mean", name=name) if name else ""
