"""From workbooks that cells filled in to ``words.csv`` and ``outcomes.csv`` for the next run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matchmaker.errors import InputError, Issue
from matchmaker.follow_up.answers import Answered, answers_of
from matchmaker.follow_up.grids import grids
from matchmaker.follow_up.returned import (
    CONFLICTS,
    OUTCOMES,
    WORDS,
    Row,
    added,
    guarded,
    read_rows,
    write_rows,
)
from matchmaker.follow_up.sheet_reader import ReadBack

__all__ = ["BroughtBack", "import_cells"]

_OPINIONS = {"pin": "pin", "ban": "ban", "order": "order"}
_WORDS = {"outcome": "outcome", "comment": "note", "known": "known", "new_trade": "trade",
          "transfer": "transfer"}  # fmt: skip
_CONTRACT = ("signed_on", "broken_on", "siret", "diploma_code", "broken_why")
_CONTRACT_OUTCOMES = ("signed", "broken")
_NEVER_AT_ODDS = frozenset({"note"})  # two notes on one youth are two notes


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBack:
    """What an import read and wrote.

    Attributes
    ----------
    rows : int
        Rows that hold an answer and were read.
    words, outcomes : int
        Lines that are new in the two files.
    conflicts : int
    faults : tuple of Issue
        Cells that could not be read; nothing of their rows was taken.
    unread : tuple of (str, str, str)
        File, sheet, header of columns that somebody added.
    """

    rows: int
    words: int
    outcomes: int
    conflicts: int
    faults: tuple[Issue, ...]
    unread: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One word of a person, and where it stands."""

    row: Row
    where: str


def import_cells(files: Sequence[Path], out: Path) -> BroughtBack:
    """Read workbooks back; add what they say to ``words.csv`` and ``outcomes.csv`` of a folder.

    Lines that are there stay as they are.  Of a row with a cell that cannot be read nothing is
    taken; all other rows are.  A blank cell is no word: it takes nothing back.

    Parameters
    ----------
    files : sequence of Path
        XLSX, ODS or CSV.
    out : Path
        Folder; ``conflicts.csv`` in it is written anew.

    Returns
    -------
    BroughtBack

    Raises
    ------
    UsageError
        A file is not there.
    InputError
        A file of the folder is not one that an import wrote.
    """
    found: ReadBack[Answered] = ReadBack()
    for path in files:
        try:
            one = answers_of(grids(path))
        except InputError as error:
            found.faults += error.issues
            continue
        found.answers += one.answers
        found.faults += one.faults
        found.unread += one.unread
    before = read_rows(out / "words.csv", WORDS)
    known = read_rows(out / "outcomes.csv", OUTCOMES)
    words = [one for answer in found.answers for one in _words(answer)]
    outcomes = [one for answer in found.answers for one in _outcomes(answer)]
    at_odds = [
        *_at_odds(_keyed_words(before, words)),
        *_at_odds(_keyed_outcomes(known, outcomes)),
    ]
    all_words = added(before, guarded(one.row for one in words))
    all_outcomes = added(known, guarded(one.row for one in outcomes))
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_rows(out / "words.csv", WORDS, all_words)
    write_rows(out / "outcomes.csv", OUTCOMES, all_outcomes)
    write_rows(out / "conflicts.csv", CONFLICTS, guarded(sorted(set(at_odds))))
    return BroughtBack(
        rows=len(found.answers),
        words=len(all_words) - len(before),
        outcomes=len(all_outcomes) - len(known),
        conflicts=len(set(at_odds)),
        faults=tuple(found.faults),
        unread=tuple(dict.fromkeys(found.unread)),
    )


def _words(answer: Answered) -> Iterator[_Said]:
    """Yield the words of one row."""
    values = answer.values
    by, on = values.get("by", ""), values.get("on", "")
    for code, word in _WORDS.items():
        if code in values:
            row = (answer.youth_id, "", "", word, values[code], by, on)
            yield _Said(row=row, where=answer.where)
    for place, offer in answer.offers.items():
        row = (answer.youth_id, offer, "", _OPINIONS[values[f"opinion_{place}"]], "", by, on)
        yield _Said(row=row, where=answer.where)
    if not ({*_WORDS, *_CONTRACT} & set(values)) and not answer.offers:
        # A day or a name alone: the youth was reached, and nothing else is said.
        yield _Said(row=(answer.youth_id, "", "", "note", "", by, on), where=answer.where)


def _outcomes(answer: Answered) -> Iterator[_Said]:
    """Yield what one row says of a contract."""
    values = answer.values
    is_told = values.get("outcome") in _CONTRACT_OUTCOMES
    if is_told or any(code in values for code in _CONTRACT):
        signed, broken, siret, diploma, why = (values.get(code, "") for code in _CONTRACT)
        by, on = values.get("by", ""), values.get("on", "")
        row = (answer.youth_id, "", "", "", signed, broken, siret, diploma, why, by, on)
        yield _Said(row=row, where=answer.where)


_Keyed = Iterator[tuple[tuple[str, ...], str, str, str]]


def _keyed_words(before: Iterable[Row], words: Iterable[_Said]) -> _Keyed:
    """Yield what each word is about, its day, what it says, and where it stands."""
    listed = [(row, "words.csv") for row in before]
    for row, where in [*listed, *zip(guarded(o.row for o in words), _places(words), strict=True)]:
        youth, offer, employer, word, value, _, on = row
        if word not in _NEVER_AT_ODDS:
            is_opinion = word in _OPINIONS
            about = (youth, offer or employer, "opinion" if is_opinion else word)
            yield about, on, word if is_opinion else value, where


def _keyed_outcomes(before: Iterable[Row], outcomes: Iterable[_Said]) -> _Keyed:
    listed = [(row, "outcomes.csv") for row in before]
    told = zip(guarded(o.row for o in outcomes), _places(outcomes), strict=True)
    for row, where in [*listed, *told]:
        cells = dict(zip(OUTCOMES, row, strict=True))
        for code in ("signed_on", "broken_on", "siret", "diploma_code"):
            if cells[code]:
                yield (cells["youth_id"], "", code), cells["on"], cells[code], where


def _places(said: Iterable[_Said]) -> list[str]:
    return [one.where for one in said]


def _at_odds(keyed: _Keyed) -> Iterator[Row]:
    """Yield pairs of words about one thing that differ, unless they are of two days."""
    by_about: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for about, on, value, where in keyed:
        for other_on, other, other_where in by_about.get(about, ()):
            if value != other and (on == other_on or not on or not other_on):
                youth, offer, word = about
                yield (youth, offer, word, other, other_where, value, where)
        by_about.setdefault(about, []).append((on, value, where))
