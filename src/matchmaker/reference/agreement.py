"""Whether a trade's code and its label can be about the same trade.

Said only where nothing is to be guessed: the label is, word for word, an official title, and none
of the grand domains (first letters of ROME codes) that bear it is one of the codes beside it.
Nearer disagreements (a baker's label beside a pastry cook's code) are everyday practice.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference import store
from matchmaker.reference.lookup import fold
from matchmaker.reference.rome import rome
from matchmaker.settings import Settings

__all__ = ["contradicts"]

_GENDER = (" h f", " f h")  # "(H/F)" once folded


def contradicts(codes: pd.Series, labels: pd.Series, settings: Settings) -> NDArray[np.bool_]:
    """Tell which rows have a label of another grand domain than all their codes.

    Parameters
    ----------
    codes : Series of str, n rows
        Known codes, ``"|"`` between, "" for none.
    labels : Series of str, n rows

    Returns
    -------
    ndarray of bool, shape (n,)
        False where either is missing or the label is no official title.

    Examples
    --------
    >>> written = pd.Series(["D1102", "D1104", "H2913", ""], dtype="str")
    >>> contradicts(written, pd.Series(["Boulangère"] * 4, dtype="str"), Settings()).tolist()
    [False, False, True, False]
    """
    row, distinct = pd.factorize(labels)
    letters_of = _letters(
        settings.rome_dir, settings.lexicon_file, store.signature("rome", settings)
    )
    told = [letters_of.get(_bare(str(text))) for text in distinct]
    doubtful = np.flatnonzero(np.array([t is not None for t in told], dtype=bool)[row])
    result = np.zeros(len(codes), dtype=np.bool_)
    for i, written in zip(doubtful.tolist(), codes.iloc[doubtful].tolist(), strict=True):
        letters = told[row[i]]
        if written and letters is not None:
            result[i] = letters.isdisjoint(code[0] for code in written.split("|"))
    return result


def _bare(label: str) -> str:
    folded = fold(label)
    for mark in _GENDER:
        folded = folded.removesuffix(mark)
    return folded


@lru_cache(maxsize=4)
def _letters(rome_dir: str, lexicon_file: str, key: object) -> dict[str, frozenset[str]]:
    """Return the grand domains of each known title; `key` changes when a file does."""
    del key
    found: dict[str, set[str]] = {}
    titles = rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file)).titles
    titles = titles[~titles["is_own"].astype(bool)]  # our lexicon is no authority to contradict by
    for code, title in zip(titles["code"], titles["title"], strict=True):
        for name in _forms(title):
            found.setdefault(name, set()).add(code[0])
    return {name: frozenset(letters) for name, letters in found.items()}


def _forms(title: str) -> list[str]:
    """Return both forms of "Vendeur / Vendeuse en pain", the end being that of both, and it whole."""
    first, _, second = map(fold, title.partition("/"))
    if not second:
        return [first]
    words = len(first.split())
    return [" ".join([first, *second.split()[words:]]), second, fold(title)]
