"""The table of assigned youths as people read it: the offer in words, or why there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from matchmaker.assignment import Matching
from matchmaker.candidates.engine import Engine, EngineMaker
from matchmaker.candidates.pairs import Pairs
from matchmaker.explain.employers import employer_names
from matchmaker.explain.reasons import reasons
from matchmaker.explain.titles import line_titles
from matchmaker.explain.unserved import unserved
from matchmaker.scoring.total import Scoring
from matchmaker.settings import Settings

__all__ = ["explained_youths"]


def explained_youths(
    youths: pd.DataFrame,
    engine: Engine,
    scoring: Scoring,
    pairs: Pairs,
    matching: Matching,
    settings: Settings,
    engine_of: EngineMaker,
) -> pd.DataFrame:
    """Return the table of youths with the offer obtained in words, and why there is no list.

    Parameters
    ----------
    youths : DataFrame
        `matchmaker.assignment.youth_table`, one row a youth of the market.
    engine : Engine
    scoring : Scoring
    pairs : Pairs
        Each youth's list, best first.
    matching : Matching
        Over these pairs.
    settings : Settings
    engine_of : callable
        Makes the engines of markets with one rule lifted.

    Returns
    -------
    DataFrame
        With ``wish_rank``, ``score``, ``title``, ``employer``, ``place`` and ``reason``
        (0 or "" for youths without an offer) after the first three columns; ``why_code``
        and ``why`` name the rule that keeps a youth's list empty.
    """
    market = engine.market
    youth = np.flatnonzero(matching.pair >= 0).astype(np.int32)
    lines = engine.score(youth, pairs.offer[matching.pair[youth]])
    offers = market.offers
    words: dict[str, Any] = {
        "wish_rank": market.wishes["rank"].to_numpy()[market.entry_wish[lines.entry]],
        "score": lines.score,
        "title": np.asarray(line_titles(lines, market, settings), dtype=object),
        "employer": employer_names(offers, settings.lang).to_numpy(dtype=object)[lines.offer],
        "place": offers["place_name"].to_numpy(dtype=object)[lines.offer],
        "reason": reasons(lines, market, settings, scoring).to_numpy(dtype=object),
    }
    shown = youths.copy()
    for at, (name, values) in enumerate(words.items(), start=3):
        column = np.full(len(shown), "" if values.dtype == object else 0, dtype=values.dtype)
        column[youth] = values
        shown.insert(at, name, column)
    alone = np.flatnonzero(np.diff(pairs.indptr) == 0).astype(np.int32)
    no_list = unserved(
        market,
        scoring.tables,
        settings,
        without_line=alone,
        has_candidate=np.diff(pairs.indptr) > 0,
        engine_of=engine_of,
    )
    shown.loc[alone, "why_code"] = no_list["reason_code"].to_numpy(dtype=object)
    shown.loc[alone, "why"] = no_list["reason"].to_numpy(dtype=object)
    return shown
