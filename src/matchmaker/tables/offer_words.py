"""Level and start of offers that give none, and diplomas named, from their title and text."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.offer_text import read_offers
from matchmaker.reference.stated_diplomas import stated_diplomas
from matchmaker.settings import Settings
from matchmaker.tables.checks import Findings

__all__ = ["with_words"]

_WORDS = ("levels_read", "level_how", "level_words", "start_how", "start_words")


def with_words(
    offers: pd.DataFrame, as_of: dt.date, settings: Settings, findings: Findings
) -> pd.DataFrame:
    """Return the offers with what their words say of level, start and diploma, and count it.

    What is given stays; what is read stands beside it, in columns of its own, so that the rules
    that close an offer never rest on it.  A firm that published nothing has no words.

    Parameters
    ----------
    offers : DataFrame, n rows
        Clean offers with their `description`, and ``level_cell``: what stands in the column of the
        level and is no single one.
    as_of : date
    settings : Settings
        As `matchmaker.reference.diploma_names.diploma_names` reads them.
    findings : Findings
        What is read is added to it.

    Returns
    -------
    DataFrame
        Without ``level_cell``; with ``levels_read``, ``level_how``, ``level_words``, ``start_read``, ``start_how``,
        ``start_words`` as `matchmaker.reference.offer_text.read_offers` gives them; ``level_how`` is
        ``cell`` where the column of the level names several; and ``diplomas``, ``diploma_how``,
        ``diploma_words`` as `matchmaker.reference.stated_diplomas.stated_diplomas` gives them.

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "title": ["Alternance BTS MCO"] * 2, "description": "", "kind": "offer",
    ...     "level": [0, 4], "level_cell": "", "start_date": pd.to_datetime([None, None])})
    >>> findings = Findings("offers", "", np.zeros(2, int))
    >>> found = with_words(offers, dt.date(2026, 6, 15), Settings(), findings)
    >>> found[["levels_read", "diplomas"]].values.tolist()
    [['5', 'BTS Management commercial opérationnel'], ['', '']]
    """
    is_notice = (offers["kind"] != "spontaneous").to_numpy(dtype=bool)
    no_level = is_notice & (offers["level"] == 0).to_numpy(dtype=bool)
    no_start = is_notice & offers["start_date"].isna().to_numpy(dtype=bool)
    rows = np.flatnonzero(no_level | no_start)
    told = read_offers(offers["title"].iloc[rows], offers["description"].iloc[rows], as_of=as_of)
    told = _with_cells(told, offers["level_cell"].iloc[rows], as_of)
    for is_wanted, names in ((no_level, _WORDS[:3]), (no_start, _WORDS[3:])):
        told.loc[~is_wanted[rows], list(names)] = ""
    told.loc[~no_start[rows], "start_read"] = pd.NaT
    spread = told.reindex(offers.index)
    for name in _WORDS:
        spread[name] = spread[name].fillna("")
    result = offers.drop(columns="level_cell")
    result = result.assign(**{name: spread[name] for name in told.columns})
    stated = _diplomas(result, is_notice, settings)
    result = result.assign(**{name: stated[name] for name in stated.columns})
    in_title, in_text = (int((told["level_how"] == how).sum()) for how in ("title", "text"))
    findings.add("repair", "level_from_title", "level", in_title)
    findings.add("repair", "level_from_text", "level", in_text)
    findings.add("repair", "start_from_text", "start_date", int((told["start_how"] != "").sum()))
    for how in ("title", "text"):
        n = int((stated["diploma_how"] == how).sum())
        findings.add("repair", f"diploma_from_{how}", "title" if how == "title" else "", n)
    return result


def _diplomas(
    offers: pd.DataFrame, is_notice: NDArray[np.bool_], settings: Settings
) -> pd.DataFrame:
    """Return the diplomas that notices name, of the levels that they have."""
    rows = np.flatnonzero(is_notice)
    some = offers.iloc[rows]
    given = some["level"].astype("str").where(some["level"] != 0, some["levels_read"])
    named = stated_diplomas(some["title"], some["description"], given, settings)
    spread = named.reindex(offers.index)
    return spread.fillna("").astype("str")


def _with_cells(told: pd.DataFrame, cells: pd.Series, as_of: dt.date) -> pd.DataFrame:
    """Return what offers tell, the levels from their own column first where it names several."""
    rows = np.flatnonzero((cells != "").to_numpy(dtype=bool))
    if not len(rows):
        return told
    some = cells.iloc[rows]
    named = read_offers(some, pd.Series("", index=some.index, dtype="str"), as_of=as_of)
    named = named[named["levels_read"] != ""]
    told.loc[named.index, list(_WORDS[:3])] = named[list(_WORDS[:3])].assign(level_how="cell")
    return told
