"""Diplomas by their name: those that an offer states, and those that a wish is for.

An offer that names a diploma ("Alternance BTS MCO") is for whoever wishes this diploma, whatever
trade its code says.  So both sides bear the diploma itself, as one more code behind `DIPLOMA`:
it is equal to itself and near to nothing, so that nobody who wishes another diploma of the same
trades gets the offer for it.

Read are the diplomas that have one name everywhere: CAP, bac pro, BP, BTS, BTSA, BUT.  One that
must be held already ("titulaire d'un BTS MCO") is not stated, nor is one of another level than
the offer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.reference.diploma_names import DiplomaName, diploma_names
from matchmaker.reference.lookup import fold
from matchmaker.reference.plain_text import Sentence, sentences
from matchmaker.reference.text_levels import mentions
from matchmaker.reference.trade_text import read_title
from matchmaker.settings import Settings

__all__ = ["DIPLOMA", "diplomas_of_labels", "kind_of", "stated_diplomas", "written_code"]

DIPLOMA = "diploma:"
"""Stands before the name of a diploma where a trade code is due."""

_KINDS = (
    ("cap", r"capa?\b|certificats? d aptitude"),
    ("bac pro", r"bac(?:calaureat)?s? ?pro"),
    ("bp", r"bp\b|brevets? professionnels?"),
    ("btsa", r"btsa\b|bts agricole|brevets? de technicien superieur agricole"),
    ("bts", r"bts\b|brevets? de technicien superieur"),
    ("but", r"but\b|bachelors? universitaire de technologie"),
)
_KIND = re.compile("|".join(f"(?P<kind{row}>{pattern})" for row, (_, pattern) in enumerate(_KINDS)))
_SIEVE = r"(?i)\b(?:cap|capa|bacs?|baccalaur\S+|bp|btsa?|but|brevets?|certificats?|bachelors?)\b|\bbacpro"
# What ends a name of one word: "BTS Tourisme - Rennes", "CAP Cuisine en deux ans".
_END_OF_NAME = re.compile(r"[-(),;:|/\[\]]|\b(?:ou|et|en|h|f|a|pour|chez|dans|avec)\b")
_FARTHEST = 120  # signs behind the type of a diploma in which its name may stand


def written_code(names: pd.Series) -> pd.Series:
    """Return cells of names of diplomas (``A|B``) as codes.

    Examples
    --------
    >>> written_code(pd.Series(["BTS Tourisme|BTS Banque", ""])).tolist()
    ['diploma:BTS Tourisme|diploma:BTS Banque', '']
    """
    codes = (DIPLOMA + names.str.replace("|", f"|{DIPLOMA}", regex=False)).where(names != "", "")
    return codes.astype("str")


def kind_of(text: str) -> str:
    """Return the type of diploma that a text begins with, "" for none that is read.

    Examples
    --------
    >>> kind_of("BTS MCO"), kind_of("Bac pro Cuisine"), kind_of("Cuisine")
    ('bts', 'bac pro', '')
    """
    match = _KIND.match(fold(text))
    return _KINDS[int(str(match.lastgroup).removeprefix("kind"))][0] if match else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """One name of a diploma, as words of a posting are compared with it."""

    stems: tuple[str, ...]
    short: str  # in capitals: an abbreviation; "" for a name in words
    level: int
    diploma: str


ByName = Mapping[tuple[int, tuple[str, ...]], Sequence[tuple[str, str]]]
"""Kind and diploma by level and words."""
ByStart = Mapping[tuple[str, str], Sequence[_Known]]
"""Names by kind and first word."""


def diplomas_of_labels(
    labels: Iterable[str], levels: Iterable[int], settings: Settings
) -> list[str]:
    """Return the diploma that each label is the name of.

    Parameters
    ----------
    labels : iterable of str, n of them
        Of wishes.  The type may be left off where the level is known: then one diploma alone of
        that level may have the name.
    levels : iterable of int, n of them
        3 to 8, 0 unknown.
    settings : Settings
        As `matchmaker.reference.diploma_names.diploma_names` reads them.

    Returns
    -------
    list of str
        n names, "" for none.

    Examples
    --------
    >>> diplomas_of_labels(["BTS MCO", "TAILLEUR DE PIERRE", "vente"], [0, 3, 0], Settings())
    ['BTS Management commercial opérationnel', 'CAP Tailleur de pierre', '']
    """
    names = diploma_names(settings)  # once: looking them up takes as long as reading a label
    by_name, by_start = _by_name(names), _by_start(names)
    return [
        _of_label(label, level, by_name, by_start)
        for label, level in zip(labels, levels, strict=True)
    ]


def _of_label(label: str, level: int, by_name: ByName, by_start: ByStart) -> str:
    read = read_title(label)
    kind = kind_of(label)
    asked = read.level if kind else level
    if not read.stems or not asked:
        return ""
    found = by_name.get((asked, tuple(sorted(read.stems))), ())
    of_kind = [name for of, name in found if kind in ("", of)]
    if kind and not of_kind:  # an option behind the name
        of_kind = [known.diploma for known, _ in _named_in(label, by_start)]
    return of_kind[0] if len(of_kind) == 1 else ""


@lru_cache(maxsize=4)
def _by_name(names: tuple[DiplomaName, ...]) -> ByName:
    """Return (kind, diploma) by level and words."""
    found: dict[tuple[int, tuple[str, ...]], list[tuple[str, str]]] = {}
    for name in names:
        kind = kind_of(name.text)
        if kind:
            key = name.level, tuple(sorted(name.stems))
            found.setdefault(key, []).append((kind, name.diploma))
    return found


@lru_cache(maxsize=4)
def _by_start(names: tuple[DiplomaName, ...]) -> ByStart:
    """Return the names by kind and first word, the longest first."""
    found: dict[tuple[str, str], list[_Known]] = {}
    for name in names:
        kind = kind_of(name.text)
        if not kind:
            continue
        last = name.text.split()[-1]
        short = last if len(name.stems) == 1 and len(last) > 1 and last.isupper() else ""
        known = _Known(stems=name.stems, short=short, level=name.level, diploma=name.diploma)
        found.setdefault((kind, name.stems[0]), []).append(known)
    for several in found.values():
        several.sort(key=lambda known: -len(known.stems))
    return found


def stated_diplomas(
    titles: pd.Series, texts: pd.Series, levels: pd.Series, settings: Settings
) -> pd.DataFrame:
    """Return the diplomas that offers name, from the title, else from the text.

    Parameters
    ----------
    titles, texts : Series of str, n rows
    levels : Series of str, n rows
        Levels of the offer, ``5|6``; "" where unknown.
    settings : Settings
        As `matchmaker.reference.diploma_names.diploma_names` reads them.

    Returns
    -------
    DataFrame
        n rows with the index of `titles`: ``diplomas`` (names, ``|`` between, "" for none),
        ``diploma_how`` (``title``, ``text``, ""), ``diploma_words`` (as written).

    Examples
    --------
    >>> told = stated_diplomas(
    ...     pd.Series(["Alternance BTS MCO - Vendeur", "Vendeur"]),
    ...     pd.Series(["", "Titulaire d'un BTS MCO, vous préparez un bachelor."]),
    ...     pd.Series(["5", "6"]), Settings())
    >>> told.values.tolist()
    [['BTS Management commercial opérationnel', 'title', 'BTS MCO - Vendeur'], ['', '', '']]
    """
    names = _by_start(diploma_names(settings))
    by_title, by_text = (_each(cells, levels, names) for cells in (titles, texts))
    in_title, in_text = by_title["diplomas"] != "", by_text["diplomas"] != ""
    told = by_title.where(in_title, by_text)
    how = np.where(in_title, "title", np.where(in_text, "text", ""))
    told.insert(1, "diploma_how", pd.Series(how, dtype="str"))
    return told.set_index(titles.index)


def _each(cells: pd.Series, levels: pd.Series, names: ByStart) -> pd.DataFrame:
    """Return ``diplomas`` and ``diploma_words``; each distinct text is read once."""
    code, distinct = pd.factorize(cells)
    passes = np.asarray(
        pc.match_substring_regex(pa.array(distinct, type=pa.large_string()), _SIEVE)
    )
    read = [
        tuple(_named_in(text, names)) if may else ()
        for text, may in zip(distinct, passes, strict=True)
    ]
    level_code, level_cells = pd.factorize(levels)
    pair, pairs = pd.factorize(code.astype(np.int64) * max(len(level_cells), 1) + level_code)
    answers = [
        _of_levels(read[one // len(level_cells)], level_cells[one % len(level_cells)])
        for one in pairs.tolist()
    ]
    frame = pd.DataFrame(answers, columns=["diplomas", "diploma_words"], dtype="str")
    return frame.take(pair).reset_index(drop=True)


def _of_levels(found: Sequence[tuple[_Known, str]], levels: str) -> tuple[str, str]:
    """Keep what is of one of the offer's levels."""
    asked = {int(level) for level in levels.split("|") if level}
    kept = [(known.diploma, words) for known, words in found if not asked or known.level in asked]
    names = dict.fromkeys(name.replace("|", "/") for name, _ in kept)
    return "|".join(names), " | ".join(dict.fromkeys(words for _, words in kept))


def _named_in(text: str, names: ByStart) -> Iterator[tuple[_Known, str]]:
    """Yield the diplomas that a text names, and the words that do.

    Sentences that say what is prepared count before those that merely name a diploma.
    """
    found = [one for part in sentences(text) for one in _of_sentence(part, names)]
    if any(is_prepared for is_prepared, _, _ in found):
        found = [one for one in found if one[0]]
    for _, known, words in found:
        yield known, words


def _of_sentence(sentence: Sentence, names: ByStart) -> Iterator[tuple[bool, _Known, str]]:
    said = mentions(sentence)
    ends = [*(one.start for one in said), len(sentence.plain)][1:]
    is_prepared = any(one.is_prepared and not one.is_held for one in said)
    for one, end in zip(said, ends, strict=True):
        if one.is_held:
            continue
        kind = kind_of(sentence.plain[one.start : end])
        behind = slice(one.end, min(end, one.end + _FARTHEST))
        whole = sentence.written[one.start : behind.stop].strip(" -–,;:()/|")
        rest = sentence.written[behind], sentence.plain[behind]
        for known in _names_at(kind, *rest, read_title(whole).stems, names):
            yield is_prepared, known, whole


def _names_at(
    kind: str,
    written: str,
    plain: str,
    stems: tuple[str, ...],
    names: ByStart,
) -> Iterator[_Known]:
    """Yield the names that the words behind a type begin with: "BTS MCO / NDRC"."""
    at = 0
    while at < len(stems):
        known = next(
            (
                known
                for known in names.get((kind, stems[at]), ())
                if stems[at : at + len(known.stems)] == known.stems
                and _is_whole(known, written, plain, is_first=at == 0)
            ),
            None,
        )
        if known is None:
            return
        yield known
        at += len(known.stems)


def _is_whole(known: _Known, written: str, plain: str, *, is_first: bool) -> bool:
    """Tell whether words are the whole name: one word alone may begin another diploma's."""
    if len(known.stems) > 1:
        return True
    if known.short:
        return re.search(rf"\b{re.escape(known.short)}\b", written) is not None
    parts = [part for part in map(str.strip, _END_OF_NAME.split(plain)) if part]
    return any(read_title(part).stems == known.stems for part in (parts[:1] if is_first else parts))
