"""The lines of lists as people read them: what decided each one, in figures and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from matchmaker.candidates.engine import Engine
from matchmaker.explain.employers import employer_names
from matchmaker.explain.reasons import reasons
from matchmaker.explain.titles import line_titles
from matchmaker.lists.doubts import level_aims
from matchmaker.lists.line_tables import lists_frame
from matchmaker.lists.make import YouthLists
from matchmaker.scoring.total import Scoring
from matchmaker.settings import Settings

__all__ = ["published_lines"]


def published_lines(
    lists: YouthLists, engine: Engine, scoring: Scoring, settings: Settings
) -> pd.DataFrame:
    """Return the lines, best first a youth, with what each criterion gave and a reason.

    Columns as `matchmaker.MatchResult` describes them.

    Parameters
    ----------
    lists : YouthLists
    engine : Engine
        Of the market that the lists are of.
    scoring : Scoring
    settings : Settings
        ``lang`` is that of the reasons.

    Returns
    -------
    DataFrame
        By youth and rank.
    """
    youth, offer = lists.pairs.youth, lists.pairs.offer
    order = np.lexsort((lists.rank, youth))
    lines = engine.score(youth[order], offer[order])
    market = engine.market
    told = replace(
        market,
        offers=market.offers.assign(employer=employer_names(market.offers, settings.lang)),
    )
    frame = lists_frame(
        lists.rank[order],
        lists.exposure,
        lines,
        told,
        aimed=level_aims(market, lines.youth, market.entry_wish[lines.entry], settings).low,
        doubt=lists.doubt[order],
        reason=reasons(lines, market, settings, scoring),
    )
    frame["title"] = line_titles(lines, market, settings)
    return frame
