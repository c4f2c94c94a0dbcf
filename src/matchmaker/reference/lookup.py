"""Reading of the tables that lie in the package, and folding of French text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from itertools import chain, zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = [
    "combinations",
    "fold",
    "in_turn",
    "is_among",
    "read_table",
    "repeated",
    "resolve_distinct",
]

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


def is_among(texts: pd.Series, known: Iterable[str]) -> NDArray[np.bool_]:
    """Tell which texts are among others, without a Python object for each of those.

    ``Series.isin`` makes one: a million ids take seconds, and 100 MB.

    Examples
    --------
    >>> is_among(pd.Series(["b", "x"], dtype="str"), ["a", "b"]).tolist()
    [True, False]
    """
    known = known if isinstance(known, pd.Series) else list(known)
    among = pa.array(known, type=pa.large_string())
    return np.asarray(pc.is_in(pa.array(texts, type=pa.large_string()), value_set=among))


def in_turn(several: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the first of each list, then the second of each, each text once.

    Examples
    --------
    >>> in_turn([("a", "b"), ("c",), ("b", "d")])
    ('a', 'c', 'b', 'd')
    """
    ordered = chain.from_iterable(zip_longest(*several, fillvalue=""))
    return tuple(dict.fromkeys(text for text in ordered if text))


def repeated(texts: pd.Series) -> NDArray[np.bool_]:
    """Tell which cells stand several times, without a Python object for each.

    Examples
    --------
    >>> repeated(pd.Series(["a", "b", "a"], dtype="str")).tolist()
    [True, False, True]
    """
    codes, distinct = pd.factorize(texts, use_na_sentinel=False)
    return np.asarray((np.bincount(codes, minlength=len(distinct)) > 1)[codes], dtype=bool)


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
        codes, distinct = pd.factorize(column, use_na_sentinel=False)
        if room * len(distinct) >= 1 << 62:
            key, kept = pd.factorize(key)
            room = len(kept)
        key = key * len(distinct) + codes
        room *= max(len(distinct), 1)
    row_of, kept = pd.factorize(key)
    first = np.empty(len(kept), dtype=np.intp)
    first[row_of[::-1]] = np.arange(len(key), dtype=np.intp)[::-1]
    return row_of, first
