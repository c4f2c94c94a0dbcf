"""Trade: how near the offer's trade is to the wished one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.reference.trades import name_of_code, trade_names
from matchmaker.scoring.criterion import Context, Phrases, TradePoints
from matchmaker.words import Lang

__all__ = ["Trade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Points are the nearness of the two trade codes (`matchmaker.reference.nearness`)."""

    name: str = "trade"
    weight: int = 30
    steps: dict[str, int] = field(default_factory=dict)

    def table(self, context: Context) -> TradePoints:
        """Return the marker: the nearness matrix itself holds the points.

        Parameters
        ----------
        context : Context

        Returns
        -------
        TradePoints
        """
        del context
        return TradePoints()

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Name the trade that the line is about, as everywhere else.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        del lang
        names, codes = trade_names(context.settings), context.market.trade_codes
        code, used = pd.factorize(lines.trade)
        return Phrases(
            code=code.astype(np.int64), text=tuple(name_of_code(codes[t], names) for t in used)
        )
