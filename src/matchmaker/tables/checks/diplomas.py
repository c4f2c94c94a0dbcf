"""The diplomas that wishes are for, by their names."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.diplomas import resolve_diplomas
from matchmaker.reference.lookup import combinations
from matchmaker.reference.stated_diplomas import diplomas_of_labels
from matchmaker.reference.wish_labels import resolve_wish_labels
from matchmaker.settings import Settings

__all__ = ["wished_diplomas"]


def wished_diplomas(
    wishes: pd.DataFrame, levels: NDArray[np.int8], settings: Settings
) -> pd.Series:
    """Return the diplomas that wishes are for: by their code, else their label.

    Parameters
    ----------
    wishes : DataFrame of str, n rows
        ``diploma_code``, ``rncp_code``, ``trade_label``.
    levels : ndarray of int8, shape (n,)
        What the wish aims at, 0 unknown: "BOULANGER" at level 3 is a CAP.
    settings : Settings

    Returns
    -------
    Series of str, n rows
        Names, ``|`` between, "" for none.

    Examples
    --------
    >>> wishes = pd.DataFrame({"diploma_code": "", "rncp_code": "",
    ...                        "trade_label": ["BTS MCO", "BOULANGER", "BOULANGER"]}, dtype="str")
    >>> wished_diplomas(wishes, np.array([0, 3, 0], np.int8), Settings()).tolist()
    ['BTS Management commercial opérationnel', 'CAP Boulanger', '']
    """
    columns = wishes.assign(level=levels.astype("str"))
    row_of, first = combinations([columns[name] for name in columns])
    some = wishes.iloc[first].reset_index(drop=True)
    by_label = resolve_wish_labels(some["trade_label"], settings)["diplomas"]
    by_level = _of_labels(some["trade_label"], levels[first], settings)
    found = by_label.where(by_label != "", by_level)
    codes = some[["diploma_code", "rncp_code"]]
    if (codes != "").any(axis=None):
        coded = resolve_diplomas(codes, settings)
        by_code = _of_labels(coded["label"], coded["level"], settings)
        found = by_code.where(by_code != "", found)
    return pd.Series(found.array.take(row_of))


def _of_labels(labels: Iterable[str], levels: Iterable[int], settings: Settings) -> pd.Series:
    names = diplomas_of_labels(labels, map(int, levels), settings)
    return pd.Series([name.replace("|", "/") for name in names], dtype="str")
