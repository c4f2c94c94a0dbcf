"""One notice that a source published again with other words here and there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from matchmaker.reference.firm_names import firm_name
from matchmaker.reference.lookup import fold
from matchmaker.reference.trade_text import read_title
from matchmaker.tables.pooling_keys import IntArray, title_key

__all__ = ["first_of_near_repeats"]

_LIKE = 80  # of 100: texts this alike are one notice, where all else agrees
_SHORT = 80  # signs; a shorter text is a phrase that a firm writes under all its notices
_MAX_HEAP = 50  # notices of one firm and title; each is held against the first ones so far
_SAME = (
    "source",
    "kind",
    "siret",
    "commune_code",
    "level",
    "contract_type",
    "start_date",
    "status",
)


def first_of_near_repeats(offers: pd.DataFrame) -> tuple[IntArray, IntArray]:
    """Return the position of the first notice that each one nearly repeats, and the likeness.

    Two notices of one source are one when firm, commune, contract, level and start are the same,
    their titles hold the same words (gender, contract and town aside) and their texts are alike
    to four fifths.  A text of a line or none proves nothing.  Each notice is held against the
    first of its set, so that no chain joins what is far apart.

    Parameters
    ----------
    offers : DataFrame, n rows
        Sorted by `offer_id`, index 0 to n - 1; without ``description`` nothing is found.

    Returns
    -------
    ndarray of int64, shape (n,)
        Its own position for most.
    ndarray of int64, shape (n,)
        Likeness of the two texts, 0 to 100; 100 for most.
    """
    first = np.arange(len(offers), dtype=np.int64)
    likeness = np.full(len(offers), 100, dtype=np.int64)
    for rows in _heaps(offers):
        texts = [fold(text) for text in offers["description"].iloc[rows]]
        heads: list[int] = []
        for i, text in enumerate(texts):
            alike = [fuzz.ratio(texts[head], text, score_cutoff=_LIKE) for head in heads]
            best = int(np.argmax(alike)) if alike else -1
            if alike and alike[best] >= _LIKE:
                first[rows[i]], likeness[rows[i]] = rows[heads[best]], int(alike[best])
            elif len(heads) < _MAX_HEAP:
                heads.append(i)
    return first, likeness


def _heaps(offers: pd.DataFrame) -> list[IntArray]:
    """Return the rows of each set of notices that all but their texts would make one."""
    if "description" not in offers.columns:
        return []
    has_text = (offers["description"].str.len() >= _SHORT) & (offers["commune_code"] != "")
    few = offers[has_text]
    few = few[few.duplicated(list(_SAME), keep=False)]
    employers = few["employer"].map({name: firm_name(name) for name in few["employer"].unique()})
    few = few.assign(employer=employers)
    few = few[(few["employer"] != "") | (few["siret"] != "")]
    keys = [
        title_key(read_title(title), read_title(town))
        for title, town in zip(few["title"], few["place_name"], strict=True)
    ]
    few = few.assign(words=[words for words, _ in keys], title_level=[level for _, level in keys])
    few = few[few["words"] != ""]
    if "capacity" in few.columns:  # one that is full is not one that is open
        few = few.assign(is_full=few["capacity"] == 0)
    names = [*_SAME, "employer", "words", "title_level", *({"is_full"} & set(few.columns))]
    few = few[few.duplicated(names, keep=False)]
    heaps = few.groupby(names, sort=False, dropna=False).indices.values()
    at = few.index.to_numpy(dtype=np.int64)
    return [at[rows] for rows in heaps]
