"""Trade: how near the offer's trade is to the wished one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.reference.trades import trade_table
from matchmaker.scoring.criterion import Context, Lang, Lines, Phrases, TradePoints

__all__ = ["Trade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Points are the nearness of the two trade codes (`matchmaker.reference.nearness`)."""

    name: str = "trade"
    weight: int = 30
    steps: dict[str, int] = field(default_factory=dict)

    def table(self, context: Context) -> TradePoints:
        """Return the marker: the nearness matrix itself holds the points."""
        del context
        return TradePoints()

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Name the trade of the offer, as the nomenclature does, with its domain's code alone if unknown."""
        del lang  # the nomenclature is French
        table = trade_table(context.settings)
        labels = dict(zip(table["code"], table["label"], strict=True))
        codes = context.market.trade_codes
        used, code = np.unique(lines.trade, return_inverse=True)
        text = tuple(labels.get(codes[t]) or f"Métier {codes[t]}" for t in used)
        return Phrases(code=code.astype(np.int64), text=text)
