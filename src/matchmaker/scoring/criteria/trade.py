"""Trade: how near the offer's trade is to the wished one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.reference.trade_neighbours import NEIGHBOURS
from matchmaker.reference.trades import name_of_code, trade_names
from matchmaker.scoring.criterion import Context, Phrases, TradePoints
from matchmaker.words import Lang, say

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

        Where it is that of other offers with nearly the same title, that is said.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market = context.market
        names, codes = trade_names(context.settings), market.trade_codes
        is_borrowed = market.offers["trade_how"].eq(NEIGHBOURS).to_numpy(dtype=bool)[lines.offer]
        code, used = pd.factorize(2 * lines.trade.astype(np.int64) + is_borrowed)
        text = [name_of_code(codes[both // 2], names) for both in used]
        return Phrases(
            code=code.astype(np.int64),
            text=tuple(
                say(lang, "phrase.borrowed", trade=name) if both % 2 else name
                for both, name in zip(used.tolist(), text, strict=True)
            ),
        )
