"""Texts looked up by a key."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

__all__ = ["texts_of"]


def texts_of(keys: pd.Series, texts: pd.Series | Mapping[str, str]) -> pd.Series:
    """Return the text of each key; "" where there is none.

    Examples
    --------
    >>> texts_of(pd.Series(["a", "b"]), {"a": "A"}).tolist()
    ['A', '']
    """
    known = texts.to_dict() if isinstance(texts, pd.Series) else texts
    return pd.Series([known.get(key, "") for key in keys], index=keys.index, dtype="str")
