"""Levels 3 to 8 of the French framework of diplomas, from all the ways people write them."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from matchmaker.reference.lookup import fold, read_table, resolve_distinct
from matchmaker.reference.plain_text import sentences
from matchmaker.reference.text_levels import read_levels

__all__ = ["LEVEL_NAMES_EN", "LEVEL_NAMES_FR", "parse_entry_levels", "parse_levels"]

_TABLE = read_table("levels.csv")
LEVEL_NAMES_FR: dict[int, str] = dict(
    zip(_TABLE["level"].astype(int).tolist(), _TABLE["name_fr"].tolist(), strict=True)
)
LEVEL_NAMES_EN: dict[int, str] = dict(
    zip(_TABLE["level"].astype(int).tolist(), _TABLE["name_en"].tolist(), strict=True)
)

_NUMBER = re.compile(r"(?:(?:niveau|niv|level)s? ?)?(\d{1,2})(?: 0)?")
# Before 2019 levels ran the other way; V bis and VI are below the first diploma.
_ROMAN = re.compile(r"(?:(?:niveau|niv) )?(i|ii|iii|iv|v|vi)( bis)?")
_OLD_LEVELS = {"v": 3, "iv": 4, "iii": 5, "ii": 6, "i": 7}
# France Travail: NV5 is CAP or BEP, NV1 is Bac+5 and more.
_ENTRY = re.compile(r"nv ?([1-5])")
# La bonne alternance: "3 (CAP...)", "5 (BTS, DEUST...)".
_EXPLAINED = re.compile(r"\s*((?:niveau|niv\.?)?\s*[3-8])\s*\(([^()]*)\)\s*", re.IGNORECASE)
# Titre professionnel and mention complémentaire are registered level by level.
_UNSPECIFIC = frozenset(
    {
        "tp",
        "titre pro",
        "titre professionnel",
        "mc",
        "mention complementaire",
        "cs",
        "certificat de specialisation",
        "titre rncp",
        "cqp",
    }
)
_INITIALS = re.compile(r"\b([^\W\d])\.")  # "C.A.P."
_SEPARATORS = re.compile(r"[,;/|]|\bou\b|\bet\b")


def parse_levels(levels: pd.Series) -> pd.DataFrame:
    """Return the level aimed at, from numbers, names of diplomas or old roman numbers.

    Parameters
    ----------
    levels : Series of str, n rows
        "" or missing where nothing is known.

    Returns
    -------
    DataFrame
        n rows with the index of `levels`: ``level`` int8 (3 to 8, 0 unknown) and ``how``,
        one of ``number``, ``name``, ``roman`` (written before 2019, when V was a CAP),
        ``entry_level`` (a level asked for at entry: not the level aimed at, so 0),
        ``several`` (different levels in one cell, so 0), ``unspecific`` (a diploma that exists
        at several levels: "TP", so 0), ``out_of_bounds`` (a number other than 3 to 8),
        ``unknown`` (not understood), "" (blank).

    Examples
    --------
    >>> parse_levels(pd.Series(["CAP", "Bac+2", "V", "BTS MCO", "9", "NV4", ""])).values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [[3, 'name'], [5, 'name'], [3, 'roman'], [5, 'name'], [0, 'out_of_bounds'],
     [0, 'entry_level'], [0, '']]
    """
    return resolve_distinct(levels, _parse, {"level": "int8", "how": "str"})


def parse_entry_levels(levels: pd.Series) -> pd.DataFrame:
    """Return the level that France Travail's codes NV5 to NV1 ask for at entry (3 to 7).

    Returns
    -------
    DataFrame
        ``level`` int8 (0 where the cell holds no such code) and ``how``
        (``entry_level`` or "").

    Examples
    --------
    >>> parse_entry_levels(pd.Series(["NV5", "NV1", "CAP"]))["level"].tolist()
    [3, 7, 0]
    """

    def entry(text: str) -> tuple[int, str]:
        code = _ENTRY.fullmatch(fold(text))
        return (8 - int(code[1]), "entry_level") if code else (0, "")

    return resolve_distinct(levels, entry, {"level": "int8", "how": "str"})


@cache
def _spellings() -> dict[str, int]:
    """Return level by folded spelling."""
    return {
        spelling: int(level)
        for level, spellings in zip(_TABLE["level"], _TABLE["spellings"], strict=True)
        for spelling in spellings.split("|")
    }


def _parse(text: str) -> tuple[int, str]:
    """Return (level, how) of one cell."""
    folded = fold(_INITIALS.sub(r"\1", text))
    if not folded:
        return (0, "unknown" if text.strip() else "")
    found = _parse_part(folded)
    if found[1] != "unknown":
        return found
    if explained := _EXPLAINED.fullmatch(text):
        return _parse_explained(explained[1], explained[2])
    parts = [_parse_part(fold(part)) for part in _SEPARATORS.split(text.lower()) if fold(part)]
    known = {level for level, _ in parts if level}
    if len(known) == 1 and all(level for level, _ in parts):
        return parts[0]
    # "Bac+2 à Bac+5" begins with a diploma too.
    is_several = len(known) > 1 or len(read_levels(sentences(text))[0]) > 1
    return (0, "several") if is_several else _parse_start(folded)


def _parse_explained(number: str, diplomas: str) -> tuple[int, str]:
    """Return (level, how) of a number with diplomas of it: one of them has to be of the level."""
    level, how = _parse_part(fold(number))
    parts = {_parse_part(fold(part))[0] for part in _SEPARATORS.split(diplomas.lower())} - {0}
    return (level, how) if not parts or level in parts else (0, "several")


def _parse_part(folded: str) -> tuple[int, str]:
    """Return (level, how) of a folded text that is one level and nothing else."""
    if number := _NUMBER.fullmatch(folded):
        level = int(number[1])
        return (level, "number") if level in LEVEL_NAMES_FR else (0, "out_of_bounds")
    if roman := _ROMAN.fullmatch(folded):
        level = 0 if roman[2] else _OLD_LEVELS.get(roman[1], 0)
        return (level, "roman") if level else (0, "out_of_bounds")
    if _ENTRY.fullmatch(folded):
        return (0, "entry_level")
    if folded in _UNSPECIFIC:
        return (0, "unspecific")
    level = _spellings().get(folded, 0)
    return (level, "name") if level else (0, "unknown")


def _parse_start(folded: str) -> tuple[int, str]:
    """Return the level of a text that begins with a diploma ("BTS MCO", "CAP cuisine")."""
    words = folded.split()
    for count in range(min(len(words) - 1, 4), 0, -1):
        level = _spellings().get(" ".join(words[:count]), 0)
        if level:
            # "bac 9" is no "bac".
            return (0, "unknown") if words[count].isdigit() else (level, "name")
    return (0, "unknown")
