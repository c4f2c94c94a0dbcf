"""Lines about a diploma: the words kept from the offer name it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.diploma_names import DiplomaName, diploma_names
from matchmaker.reference.lookup import fold
from matchmaker.reference.stated_diplomas import DIPLOMA, written_code
from matchmaker.reference.trade_text import read_title
from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, Lines
from matchmaker.verify.fault import Faults

__all__ = ["cells_of", "check_diplomas"]


def cells_of(frame: pd.DataFrame) -> pd.Series:
    """Return the codes of each row of a clean table: of its trades, then of its diplomas.

    Parameters
    ----------
    frame : DataFrame
        Wishes or offers; a table from before names no diploma.

    Returns
    -------
    Series of str
        ``|`` between, "" for none.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade_codes": ["D1102", ""], "diplomas": ["CAP Boulanger", ""]})
    >>> cells_of(frame).tolist()
    ['D1102|diploma:CAP Boulanger', '']
    """
    codes = frame["trade_codes"].astype("str")
    if "diplomas" not in frame:
        return codes
    has = frame["diplomas"].ne("")
    if not has.any():
        return codes
    both = (codes + "|" + written_code(frame["diplomas"])).str.strip("|")
    return both.where(has, codes)


def check_diplomas(clean: Clean, settings: Settings, lines: Lines, faults: Faults) -> None:
    """Check that what was kept of an offer's words holds all words of a name of the diploma.

    Words kept from the title have to stand in it.

    Parameters
    ----------
    clean : Clean
    settings : Settings
        As `matchmaker.reference.diploma_names.diploma_names` reads them.
    lines : Lines
    faults : Faults
        What is found is added to it.
    """
    codes = lines.frame["trade_code"].astype("str")
    of_diploma = codes.str.startswith(DIPLOMA).to_numpy(dtype=bool)
    is_named = np.ones(len(codes), dtype=bool)
    rows = np.flatnonzero(of_diploma)
    if len(rows):
        is_named[rows] = _are_named(clean, settings, codes.iloc[rows], lines.offer[rows])
    faults.must("diploma", is_named, column="trade_code", row=lines.before, found=codes)


def _are_named(
    clean: Clean, settings: Settings, codes: pd.Series, offer: NDArray[np.int64]
) -> list[bool]:
    """Tell which offers have words that name the diploma beside them."""
    if "diploma_words" not in clean.offers:
        return [False] * len(codes)
    names = _stems_of(diploma_names(settings))
    some = clean.offers[["title", "diploma_how", "diploma_words"]].iloc[offer]
    known: dict[tuple[str, ...], bool] = {}
    answers = []
    cells = (column.tolist() for column in (codes, *(some[c] for c in some.columns)))
    for code, title, how, words in zip(*cells, strict=True):
        key = code, title, how, words
        if key not in known:
            held = {stem for part in words.split(" | ") for stem in read_title(part).stems}
            is_there = how != "title" or all(
                fold(part) in fold(html.unescape(title)) for part in words.split(" | ")
            )
            asked = names.get(code.removeprefix(DIPLOMA), [])
            known[key] = is_there and any(stems <= held for stems in asked)
        answers.append(known[key])
    return answers


@lru_cache(maxsize=2)
def _stems_of(names: tuple[DiplomaName, ...]) -> Mapping[str, Sequence[frozenset[str]]]:
    """Return the words of each name of a diploma, by the diploma."""
    found: dict[str, list[frozenset[str]]] = {}
    for name in names:
        found.setdefault(name.diploma.replace("|", "/"), []).append(frozenset(name.stems))
    return found
