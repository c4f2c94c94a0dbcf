"""Level: the diploma level aimed at by the wish and by the offer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.reference.levels import LEVEL_NAMES_EN, LEVEL_NAMES_FR
from matchmaker.scoring.criterion import Context, Lang, Lines, PairPoints, Phrases

__all__ = ["Level"]

LEVELS = (0, 3, 4, 5, 6, 7, 8)  # 0 = unknown
TO_FEATURE = np.array([0, 0, 0, 1, 2, 3, 4, 5, 6], dtype=np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Same level, one apart, farther; unknown on one side has points of its own.

    83 % of real offers carry no level: an unknown level stands between "same" and
    "one apart", so that a stated right level is worth something and silence costs little.
    With ``strict_level`` a known other level is ruled out.
    """

    name: str = "level"
    weight: int = 15
    steps: dict[str, int] = field(
        default_factory=lambda: {"same": 10_000, "unknown": 7_000, "one_apart": 4_000, "farther": 0}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by level aimed at (wish, else youth) and level of the offer."""
        market, points = context.market, context.points
        wish = market.wishes["level"].to_numpy()[market.entry_wish]
        own = market.youths["level"].to_numpy()[market.entry_youth]
        apart = np.abs(np.subtract.outer(np.array(LEVELS), np.array(LEVELS)))
        table = np.where(apart == 0, points["same"], points["farther"])
        table = np.where(apart == 1, points["one_apart"], table)
        if context.settings.strict_level:
            table = np.where(apart > 0, FORBIDDEN, table)
        table[0, :] = table[:, 0] = points["unknown"]
        return PairPoints(
            entry=TO_FEATURE[np.where(wish > 0, wish, own)],
            offer=TO_FEATURE[market.offers["level"].to_numpy()],
            points=table.astype(np.int32),
        )

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Name the offer's level; nothing where it is unknown."""
        level = context.market.offers["level"].to_numpy()[lines.offer].astype(np.int64)
        names = LEVEL_NAMES_FR if lang == "fr" else LEVEL_NAMES_EN
        word = "niveau" if lang == "fr" else "level"
        return Phrases(
            code=level,
            text=tuple(f"{word} {names[n]}" if n in LEVELS[1:] else "" for n in range(9)),
        )
