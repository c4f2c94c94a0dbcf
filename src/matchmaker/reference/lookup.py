"""Reading of the tables that lie in the package, and folding of French text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["combinations", "fold", "read_table", "resolve_distinct"]

_ACCENTS = re.compile("[\u0300-\u036f]+")  # those of Latin letters, taken off in one go
_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")


def read_table(name: str) -> pd.DataFrame:
    """Return a table of ``reference/data``, every cell as text, "" where empty.

    Examples
    --------
    >>> read_table("regions.csv").iloc[0].to_dict()
    {'region_code': '01', 'name': 'Guadeloupe'}
    """
    with (files("matchmaker.reference") / "data" / name).open("rb") as stream:
        return pd.read_csv(
            stream,
            dtype=str,
            keep_default_na=False,
            compression="gzip" if name.endswith(".gz") else None,
        )


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, other signs made single spaces.

    Examples
    --------
    >>> fold("  L'Haÿ-les-Roses ")
    'l hay les roses'
    >>> fold("Cœuvres & Bac+2")
    'coeuvres bac 2'
    """
    lower = text.lower()
    if not lower.isascii():
        lower = unicodedata.normalize("NFKD", lower.replace("œ", "oe").replace("æ", "ae"))
        lower = _ACCENTS.sub("", lower)
        if not lower.isascii():
            lower = "".join(c for c in lower if not unicodedata.combining(c))
    return _NOT_ALPHANUMERIC.sub(" ", lower).strip()


def resolve_distinct(
    cells: pd.Series, resolve: Callable[[str], tuple[object, ...]], columns: dict[str, str]
) -> pd.DataFrame:
    """Apply `resolve` once to each distinct text of `cells` and spread the answers.

    Parameters
    ----------
    cells : Series of str, n rows
        Missing cells count as "".
    resolve : callable
        From one text to one value for each of `columns`.
    columns : dict
        Name and dtype of the columns of the answer.

    Returns
    -------
    DataFrame
        n rows with the index of `cells`.
    """
    codes, distinct = pd.factorize(cells.fillna(""))
    answers = pd.DataFrame([resolve(str(text)) for text in distinct], columns=list(columns))
    return answers.astype(columns).iloc[codes].set_index(cells.index)


def combinations(columns: Sequence[pd.Series]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the combination of texts of each row, and a first row of each combination.

    Combinations are numbered in the order in which they first come.

    Examples
    --------
    >>> texts = pd.Series(["a", "a", "b", "a"], dtype="str")
    >>> [part.tolist() for part in combinations([texts, pd.Series(["x", "y", "x", "x"])])]
    [[0, 1, 2, 0], [0, 1, 2]]
    """
    key = np.zeros(len(columns[0]), dtype=np.int64)
    room = 1
    for column in columns:
        codes, distinct = pd.factorize(column)
        if room * len(distinct) >= 1 << 62:
            key, kept = pd.factorize(key)
            room = len(kept)
        key = key * len(distinct) + codes
        room *= max(len(distinct), 1)
    row_of, kept = pd.factorize(key)
    first = np.empty(len(kept), dtype=np.intp)
    first[row_of[::-1]] = np.arange(len(key), dtype=np.intp)[::-1]
    return row_of, first
