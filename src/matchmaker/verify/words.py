"""Title and reason of a line name its one trade: held against the label of its code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.reference.stated_diplomas import DIPLOMA
from matchmaker.reference.trades import trade_names
from matchmaker.settings import Settings
from matchmaker.verify.clean import Lines
from matchmaker.verify.fault import Faults

__all__ = ["check_words"]


def check_words(settings: Settings, lines: Lines, faults: Faults) -> None:
    """Check that a firm's title is the name of the trade, and that every reason names it.

    Parameters
    ----------
    settings : Settings
        ``rome_dir`` and ``lexicon_file`` choose the nomenclature.
    lines : Lines
    faults : Faults
        What is found is added to it.
    """
    frame, before = lines.frame, lines.before
    is_firm = (frame["kind"] == "spontaneous").to_numpy(dtype=bool)
    trade = pd.Categorical(frame["trade_code"])
    known = trade_names(settings)
    names = [known.get(str(code), str(code).removeprefix(DIPLOMA)) for code in trade.categories]
    title = pd.Categorical(frame["title"])
    due = title.categories.get_indexer(pd.Index(names))
    is_titled = np.append(due, -2)[trade.codes] == title.codes
    faults.must("title", is_titled | ~is_firm, column="title", row=before)
    faults.must("reason", _is_named(frame["reason"], trade, names), column="reason", row=before)


def _is_named(
    reasons: pd.Series[str], trade: pd.Categorical, names: list[str]
) -> NDArray[np.bool_]:
    """Tell which reasons hold the name of their trade."""
    text = pa.array(reasons, type=pa.large_string())
    is_named = np.zeros(len(text), dtype=bool)
    order = np.argsort(trade.codes, kind="stable")
    ends = np.searchsorted(trade.codes[order], np.arange(len(names) + 1))
    for name, start, end in zip(names, ends[:-1], ends[1:], strict=True):
        rows = order[start:end]
        is_named[rows] = pc.match_substring(text.take(pa.array(rows)), name)
    return is_named
