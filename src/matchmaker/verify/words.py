"""Title and reason of a line name its one trade: held against the label of its code."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
    # Row by row in Python: a search for one name after another would copy the texts each time.
    its = pd.Series(np.array([*names, ""], dtype=object)[trade.codes]).tolist()
    is_named = [name in text for name, text in zip(its, frame["reason"].tolist(), strict=True)]
    faults.must("reason", np.array(is_named, dtype=bool), column="reason", row=before)
