"""Titles of lines as people read them: an offer has its own, a firm's line is a trade."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import Market
from matchmaker.reference.trades import trade_names
from matchmaker.settings import Settings

__all__ = ["line_titles"]


def line_titles(lines: ScoredLines, market: Market, settings: Settings) -> pd.Categorical:
    """Return the title of each line.

    A firm that takes spontaneous applications wrote no title: what stands there is the label
    of its activity, or nothing.  Its line is titled by the one trade that it is about.

    Parameters
    ----------
    lines : ScoredLines
    market : Market
    settings : Settings
        ``rome_dir`` and ``lexicon_file`` choose the nomenclature.

    Returns
    -------
    Categorical of str, shape (n_lines,)
        Each distinct title held once.
    """
    is_firm = market.is_firm[lines.offer]
    names, codes = trade_names(settings), market.trade_codes
    own, titles = pd.factorize(market.offers["title"].take(lines.offer[~is_firm]))
    trade, used = pd.factorize(lines.trade[is_firm])
    both = [*titles, *(names[codes[t]] for t in used)]
    at, distinct = pd.factorize(pd.Series(both, dtype="str"))
    code = np.empty(len(is_firm), dtype=np.int64)
    code[~is_firm], code[is_firm] = own, trade + len(titles)
    return pd.Categorical.from_codes(at[code] if len(at) else code, distinct)
