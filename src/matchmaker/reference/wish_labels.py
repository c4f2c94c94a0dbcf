"""Labels of wishes to trades: titles, and beside them the names of diplomas as schools write them.

A label that `matchmaker.reference.trades.resolve_trades` knows as a title keeps what it says.
Others are compared with the names of diplomas (`matchmaker.reference.diploma_names`) and of the
common classes of 2nde pro (`matchmaker.reference.school_labels`), word by word: a word of the
label stands for a word of a name that begins with it ("COMMERC.SERV.HOT.-CAFE-REST."), or that
the table of shortened words gives.  A class that leads to no contract says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from matchmaker.reference import trade_confidence
from matchmaker.reference.diploma_names import DiplomaName, diploma_names
from matchmaker.reference.lookup import fold, in_turn
from matchmaker.reference.pupils import COMMON_CLASS
from matchmaker.reference.school_labels import SchoolLabels, school_labels
from matchmaker.reference.stated_diplomas import diplomas_of_labels
from matchmaker.reference.trade_text import read_title, stem
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

__all__ = ["NAMED_DIPLOMA", "NO_WISH", "resolve_wish_labels"]

NAMED_DIPLOMA = "diploma_name"
"""``trade_how`` of a clean wish whose label names a diploma, or a common class of several."""

NO_WISH = "no_wish"
"""``how`` of a label that is no wish for an apprenticeship."""

_LEAST_COVERED = 0.6  # part of the words of a name that a label which stops short must give
_NO_LEVEL = 9  # behind all levels
_LEVEL_OF_FAMILIES = 4  # bac professionnel
_LEAST_PREFIX = 3  # letters: "ma" may be anything
_SHORTENED = re.compile(r"[A-Za-z]{2}\.")


def _set_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DIPLOMA_WORDS = _set_of(
    "cap capa bac pro baccalaureat professionnel bts btsa but bp mc mention complementaire titre "
    "certificat specialisation"
)
_LINKS = _set_of("a au aux d de des du en et l la le les ou par pour sur dans un une opt op option")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A name that labels are compared with."""

    words: tuple[str, ...]
    level: int
    codes: tuple[str, ...]
    wished: int  # so many codes are the wish, the others are near
    diplomas: tuple[str, ...]
    is_family: bool


def resolve_wish_labels(labels: pd.Series, settings: Settings) -> pd.DataFrame:
    """Return the trades of labels of wishes.

    Parameters
    ----------
    labels : Series of str
        As written by youths, schools and platforms; "" for none.
    settings : Settings
        As `matchmaker.reference.trades.resolve_trades` takes them; ``labels_file`` adds lines.

    Returns
    -------
    DataFrame
        As that of `resolve_trades`, aligned to `labels`; ``how`` may also be "diploma" (a name of
        a diploma, shortened), "family" (a common class: the trades of all its specialities) and
        `NO_WISH`.  And ``diplomas``: the names of those that the label is for, ``|`` between, ""
        where it names none by its type.

    Examples
    --------
    >>> labels = ["MET.HOTEL.-RESTAUR. 2NDE COMMUNE", "PEINTRE APPLIC.REVET.", "2NDE GT"]
    >>> resolve_wish_labels(pd.Series(labels), Settings())[["codes", "how"]].values.tolist()
    [['G1609|G1803|G1602|G1401|G1603|G1601', 'family'], ['F1606|F1609', 'diploma'], ['', 'no_wish']]
    """
    row, distinct = pd.factorize(labels)
    known = school_labels(settings)
    read = [_read(str(text), known) for text in distinct] + [_read("", known)]  # a missing label
    found = resolve_trades(pd.Series([one.text for one in read], dtype="str"), settings)
    names = _names(settings, known)
    answers = {
        at: answer
        for at, (one, how) in enumerate(zip(read, found["how"], strict=True))
        if (answer := _of_school(one, how, known, names))
    }
    unread = np.flatnonzero((found["codes"] == "").to_numpy(dtype=bool))
    rest = [at for at in unread.tolist() if at not in answers and read[at].in_full]
    found.iloc[rest] = resolve_trades(
        pd.Series([read[at].in_full for at in rest], dtype="str"), settings
    )
    named = diplomas_of_labels((one.text for one in read), [0] * len(read), settings)
    diplomas = [
        "|".join(name.replace("|", "/") for name in answers[at].diplomas) if at in answers else name
        for at, name in enumerate(named)
    ]
    done = _with_answers(found, answers).assign(diplomas=pd.array(diplomas, dtype="str"))
    return done.iloc[row].set_index(labels.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """One label as it is read."""

    text: str  # words of the class in full where there are any, else as written
    plain: str  # folded
    is_common: bool  # a common class of 2nde pro
    is_of_school: bool  # in the manner of schools: class in front, shortened words
    level: int
    in_full: str  # every shortened word in full, "" where none is


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    codes: tuple[str, ...] = ()
    wished: int = 0
    level: int = 0
    diplomas: tuple[str, ...] = ()
    how: str


def _read(text: str, known: SchoolLabels) -> _Label:
    """Read a label: its class, its level, its shortened words."""
    folded = fold(text)
    first, _, others = folded.partition(" ")
    is_class = _DIPLOMA_WORDS.issuperset(known.words.get(first, "-").split())
    plain = f"{known.words[first]} {others}".strip() if is_class else folded
    without = " ".join(COMMON_CLASS.sub(" ", plain).split())
    is_common = without != plain
    if is_class and not is_common:
        # As written: a stroke or brackets part the forms of both genders.
        text = f"{known.words[first]} {text.strip().partition(' ')[2]}"
    in_full = " ".join(known.words.get(word, word) for word in without.split())
    return _Label(
        text=without if is_common else text,
        plain=without,
        is_common=is_common,
        is_of_school=is_class or is_common or _SHORTENED.search(text) is not None,
        level=read_title(without).level,
        in_full=in_full if in_full != without else "",
    )


def _of_school(
    label: _Label, how: str, known: SchoolLabels, names: Mapping[str, Sequence[_Name]]
) -> _Answer | None:
    """Return what the lines of schools or the names of diplomas say, None for nothing."""
    if label.plain in known.trades:
        codes = known.trades[label.plain]
        return _Answer(codes=codes, wished=len(codes), level=label.level, how="title")
    if label.plain in known.no_wish or (
        how == "" and any(label.plain.startswith(f"{name} ") for name in known.no_wish)
    ):
        return _Answer(how=NO_WISH)
    if how == "code" or (how in ("title", "diploma") and not label.is_of_school):
        return None
    words = _words(label.plain, known)
    best = _best(words, label, names, known) if words else None
    if best is None:
        return None
    return _Answer(
        codes=best.codes,
        wished=best.wished,
        level=label.level or best.level,
        diplomas=best.diplomas,
        how="family" if best.is_family else "diploma",
    )


def _words(plain: str, known: SchoolLabels) -> tuple[str, ...]:
    """Return the words of a label that carry meaning, its type left off."""
    words: list[str] = []
    for word in plain.split():
        full = known.words.get(word, word)
        words += full.split() if " " in full else [word]
    return _bare(words)


def _bare(words: list[str]) -> tuple[str, ...]:
    """Return words without the type of a diploma in front and without links."""
    while words and words[0] in _DIPLOMA_WORDS:
        del words[0]
    return tuple(w for w in words if w not in _LINKS and (len(w) > 1 or w.isdigit()))


def _best(
    words: tuple[str, ...],
    label: _Label,
    names: Mapping[str, Sequence[_Name]],
    known: SchoolLabels,
) -> _Name | None:
    """Return the name that fits best, None where none does."""
    asked = [name for start in _starts(words, known) for name in names.get(start, ())]
    of_level = [name for name in asked if label.level in (0, name.level) or name.level == 0]
    best: tuple[tuple[int, float, int, bool, int], _Name] | None = None
    for name in of_level or asked:
        matched = _matched(words, name.words, known)
        if matched:
            covered = matched / len(name.words)
            # Of equal names the common class if the label says so, else the lowest level.
            exact = sum(word in words for word in name.words)
            is_kind = name.is_family == label.is_common
            key = (matched, covered, exact, is_kind, -(name.level or _NO_LEVEL))
            if best is None or key > best[0]:
                best = (key, name)
    return best[1] if best else None


def _starts(words: tuple[str, ...], known: SchoolLabels) -> set[str]:
    """Return the first letters that a name may have; "métiers" may be left off in front."""
    first = words[0]
    return {first[:_LEAST_PREFIX], known.words.get(first, first)[:_LEAST_PREFIX]}


def _matched(words: tuple[str, ...], name: tuple[str, ...], known: SchoolLabels) -> int:
    """Return how many words of a label stand for words of a name, 0 where it is no such name.

    Words of the name may be left out, if the label gives most of them.  Words of the label behind
    the whole name (an option, a place) are left off.
    """
    at = 0
    for word in name:
        if at < len(words) and _stands_for(words[at], word, known, is_first=at == 0):
            at += 1
    is_whole = at == len(name)
    if at < len(words) and not is_whole:
        return 0
    if at == 1:  # the beginning of one word may be anything
        return int(is_whole and stem(known.words.get(words[0], words[0])) == stem(name[0]))
    return at if is_whole or at >= _LEAST_COVERED * len(name) else 0


def _stands_for(short: str, word: str, known: SchoolLabels, *, is_first: bool) -> bool:
    full = known.words.get(short, short)
    if short == word or stem(full) == stem(word):
        return True
    start = short.rstrip("s") if len(short) > _LEAST_PREFIX else short
    return len(start) >= (_LEAST_PREFIX if is_first else 2) and word.startswith(start)


def _with_answers(found: pd.DataFrame, answers: Mapping[int, _Answer]) -> pd.DataFrame:
    """Return the answers of `resolve_trades` with those of schools in their places."""
    rows, said = list(answers), list(answers.values())
    columns: dict[str, list[object]] = {
        "codes": ["|".join(one.codes) for one in said],
        "how": [one.how for one in said],
        "confidence": [trade_confidence.LEXICON if one.codes else 0.0 for one in said],
        "level": [one.level for one in said],
        "leading": [one.wished for one in said],
    }
    told = pd.DataFrame(columns, index=rows).astype({name: found[name].dtype for name in columns})
    done = found.copy()
    done.loc[rows, list(columns)] = told
    return done


def _names(settings: Settings, known: SchoolLabels) -> Mapping[str, Sequence[_Name]]:
    """Return all names by the first letters of their first words."""
    return _indexed(diploma_names(settings), tuple(known.families.items()))


@lru_cache(maxsize=4)
def _indexed(
    diplomas: tuple[DiplomaName, ...], families: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, list[_Name]]:
    of_stems: dict[tuple[str, ...], DiplomaName] = {}
    for diploma in sorted(diplomas, key=lambda one: one.level != _LEVEL_OF_FAMILIES):
        of_stems.setdefault(tuple(sorted(diploma.stems)), diploma)
    names = [_family(family, several, of_stems) for family, several in families]
    names += [
        _Name(
            words=_bare(fold(one.text).split()),
            level=one.level,
            codes=one.codes,
            wished=one.wished,
            diplomas=(one.diploma,),
            is_family=False,
        )
        for one in diplomas
    ]
    index: dict[str, list[_Name]] = {}
    for name in names:
        # "Métiers" and the like may be left off in front.
        for start in dict.fromkeys(word[:_LEAST_PREFIX] for word in name.words[:2]):
            index.setdefault(start, []).append(name)
    return index


def _family(
    name: str, several: Sequence[str], of_stems: Mapping[tuple[str, ...], DiplomaName]
) -> _Name:
    """Return a common class: the first trade of each speciality, then the second of each."""
    stems = (tuple(sorted(read_title(one).stems)) for one in several)
    known = [of_stems[one] for one in stems if one in of_stems]
    wished = in_turn([one.codes[: one.wished] for one in known])
    near = in_turn([one.codes[one.wished :] for one in known])
    return _Name(
        words=_bare(name.split()),
        level=_LEVEL_OF_FAMILIES,
        codes=tuple(dict.fromkeys((*wished, *near))),
        wished=len(wished),
        diplomas=tuple(dict.fromkeys(one.diploma for one in known)),
        is_family=True,
    )
