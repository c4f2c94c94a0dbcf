"""Why a youth has no line, or few: a code of a closed list, and a sentence with its facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.engine import EngineMaker
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import YOUTH_STATES, Market
from matchmaker.candidates.pairs import ScoreTables
from matchmaker.explain.causes import Cause, causes_of, lines_wanted
from matchmaker.explain.crowds import crowds
from matchmaker.explain.extra import Beside
from matchmaker.explain.told import Teller
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row

__all__ = ["ShortLists", "short_lists", "unserved"]

CROWDED = ("all_full", "few_in_trades")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLists:
    """Why lists are empty, or short.

    Attributes
    ----------
    unserved : DataFrame
        As `unserved` gives it.
    few : DataFrame
        ``youth_id``, ``reason_code``, ``reason`` of youths with some lines, fewer than
        ``settings.min_lines``.
    """

    unserved: pd.DataFrame
    few: pd.DataFrame


def unserved(
    market: Market,
    tables: ScoreTables,
    settings: Settings,
    *,
    without_line: NDArray[np.int32],
    has_candidate: NDArray[np.bool_],
    engine_of: EngineMaker = fused_engine,
) -> pd.DataFrame:
    """Name the reason of each youth without a line, whatever lists others have.

    Parameters
    ----------
    market, tables, settings
    without_line : ndarray of int32
        Rows of the youths table.
    has_candidate : ndarray of bool, shape (n_youths,)
        Whether each youth has an eligible pair that was not sent before.
    engine_of : callable
        Makes an engine of a market and its tables: each rule is lifted in both.

    Returns
    -------
    DataFrame
        ``youth_id``, ``reason_code``, ``reason``, ``departement``, in the order of
        `without_line`.
    """
    return short_lists(
        market,
        tables,
        settings,
        beside=Beside.nothing(market, settings),
        has_candidate=has_candidate,
        engine_of=engine_of,
        without_line=without_line,
    ).unserved


def short_lists(
    market: Market,
    tables: ScoreTables,
    settings: Settings,
    *,
    beside: Beside,
    has_candidate: NDArray[np.bool_],
    engine_of: EngineMaker = fused_engine,
    without_line: NDArray[np.int32] | None = None,
) -> ShortLists:
    """Name the reason of each youth without a line, and of each with few.

    Parameters
    ----------
    market, tables, settings, has_candidate, engine_of
        As for `unserved`.
    beside : Beside
        The lists as they are: a further line has to fit beside them.
    without_line : ndarray of int32, optional
        Rows of youths without a line; default: all of them.

    Returns
    -------
    ShortLists
    """
    lines = beside.lines
    if without_line is None:
        without_line = np.flatnonzero(lines == 0).astype(np.int32)
    least = by_row(settings, "min_lines", market.youths)
    is_few = market.takes_part & (lines > 0) & (lines < least)
    few = np.flatnonzero(is_few).astype(np.int32)
    is_seeking = market.takes_part[without_line]
    is_crowded = is_seeking & has_candidate[without_line]
    is_whole = (beside.lines >= lines_wanted(market, settings))[few]
    causes = causes_of(
        market,
        tables,
        beside,
        engine_of,
        alone=without_line[is_seeking & ~is_crowded],
        few=few[~is_whole],
        settings=settings,
    )
    causes |= dict.fromkeys(without_line[is_crowded].tolist(), Cause(code="all_full"))
    causes |= dict.fromkeys(few[is_whole].tolist(), Cause(code="short_lists"))
    crowded = [youth for youth, cause in causes.items() if cause.code in CROWDED]
    crowd = crowds(market, tables, np.array(sorted(crowded), dtype=np.int32), engine_of)
    teller = Teller(market, settings)
    code, told = [], []
    for youth in without_line.tolist():
        state = YOUTH_STATES[market.youth_state[youth]]
        code.append(state or causes[youth].code)
        told.append(
            teller.of_state(youth, state)
            if state
            else teller.of_none(youth, causes[youth], crowd.get(youth))
        )
    return ShortLists(
        unserved=pd.DataFrame(
            {
                "youth_id": market.youths["youth_id"].to_numpy()[without_line],
                "reason_code": pd.Series(code, dtype="str"),
                "reason": pd.Series([text.text(settings.lang) for text in told], dtype="str"),
                "departement": market.youths["departement"].to_numpy()[without_line],
            }
        ).astype({"youth_id": "str", "departement": "str"}),
        few=pd.DataFrame(
            {
                "youth_id": market.youths["youth_id"].to_numpy()[few],
                "reason_code": [causes[youth].code for youth in few.tolist()],
                "reason": [
                    teller.of_few(
                        youth, int(beside.lines[youth]), causes[youth], crowd.get(youth)
                    ).text(settings.lang)
                    for youth in few.tolist()
                ],
            }
        ).astype("str"),
    )
