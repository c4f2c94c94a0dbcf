"""What the title and the text of an offer say of its level and its start.

The title counts first, the text where it is silent.  Each distinct text is read once, and only
those that hold a word to be read at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.reference import text_levels, text_starts
from matchmaker.reference.plain_text import sentences

__all__ = ["read_offers"]


def read_offers(titles: pd.Series, texts: pd.Series, *, as_of: dt.date) -> pd.DataFrame:
    """Return the levels and the start that offers state in words.

    Parameters
    ----------
    titles, texts : Series of str, n rows
    as_of : date
        A month without a year is the one nearest to it.

    Returns
    -------
    DataFrame
        n rows with the index of `titles`: ``levels_read`` (``5|6``, rising, "" for none), ``level_how``
        (``title``, ``text``, ""), ``level_words`` (as written), ``start_read`` (datetime64, the
        first day of a month; missing where none is read), ``start_how`` (``day``, ``month``,
        ``at_once``, ""), ``start_words``.

    Examples
    --------
    >>> told = read_offers(
    ...     pd.Series(["Alternance BTS MCO", "Maçon"]),
    ...     pd.Series(["Début : septembre 2026", "CAP ou Bac pro. Dès que possible."]),
    ...     as_of=dt.date(2026, 6, 15))
    >>> told[["levels_read", "level_how", "level_words", "start_how"]].values.tolist()
    [['5', 'title', 'BTS', 'month'], ['3|4', 'text', 'CAP ou Bac pro', '']]
    """
    levels = _first_told(
        titles, texts, text_levels.SIEVE, _levels_of, {"levels_read": "str", "level_words": "str"}
    )
    starts = _first_told(
        titles,
        texts,
        text_starts.SIEVE,
        partial(_start_of, as_of=as_of),
        {"start_how": "str", "start_read": "datetime64[s]", "start_words": "str"},
    )
    levels.insert(1, "level_how", levels.pop("told_by"))
    told = pd.concat([levels, starts[["start_read", "start_how", "start_words"]]], axis=1)
    return told.set_index(titles.index)


def _levels_of(text: str) -> tuple[object, ...]:
    levels, words = text_levels.read_levels(sentences(text))
    return "|".join(map(str, levels)), words


def _start_of(text: str, *, as_of: dt.date) -> tuple[object, ...]:
    start = text_starts.read_start(sentences(text), as_of=as_of)
    return (start.how, start.day, start.words) if start else ("", None, "")


def _first_told(
    titles: pd.Series,
    texts: pd.Series,
    sieve: str,
    read: Callable[[str], tuple[object, ...]],
    columns: dict[str, str],
) -> pd.DataFrame:
    """Return what each title tells, else its text; ``told_by`` is "title", "text" or "".

    The first of `columns` is empty where nothing is told.
    """
    by_title, by_text = (_each(cells, sieve, read, columns) for cells in (titles, texts))
    name = next(iter(columns))
    in_title, in_text = by_title[name] != "", by_text[name] != ""
    told = by_title.where(in_title, by_text) if in_text.any() else by_title
    how = np.where(in_title, "title", np.where(in_text, "text", ""))
    return told.assign(told_by=pd.array(how, dtype="str"))


def _each(
    cells: pd.Series,
    sieve: str,
    read: Callable[[str], tuple[object, ...]],
    columns: dict[str, str],
) -> pd.DataFrame:
    """Return what each cell says, each distinct one that passes the sieve read once."""
    codes, distinct = pd.factorize(cells)
    passes = np.asarray(pc.match_substring_regex(pa.array(distinct, type=pa.large_string()), sieve))
    answers = [read(text) if may else read("") for text, may in zip(distinct, passes, strict=True)]
    frame = pd.DataFrame(answers, columns=list(columns)).astype(columns)
    return frame.take(codes).reset_index(drop=True)
