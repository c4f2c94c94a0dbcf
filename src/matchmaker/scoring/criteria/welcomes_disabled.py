"""Welcomes disabled people: what a firm says of itself, for youths with RQTH alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.words import Lang

__all__ = ["WelcomesDisabled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomesDisabled:
    """Points for a youth with RQTH at a firm that says it welcomes disabled people; none else.

    A measure in favour of disabled people (article L1133-4 of the Code du travail), which
    acts only where you give it a weight.  A firm that says nothing, or "no", is no worse:
    the law lets no firm refuse, so that a "no" is read as a box left open, and nobody is kept
    away from any firm.  No other youth's points change.  It says nothing in reasons, which
    others read: ``docs/explanation/optional-criteria.md``.
    """

    name: str = "welcomes_disabled"
    weight: int = 0
    steps: dict[str, int] = field(default_factory=lambda: {"welcomes": 10_000, "otherwise": 0})

    def table(self, context: Context) -> PairPoints:
        """Return points by RQTH of the youth and welcome of the firm.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market, points = context.market, context.points
        table = np.full((2, 2), points["otherwise"], dtype=np.int32)
        table[1, 1] = points["welcomes"]
        has_rqth = market.youths["has_rqth"].to_numpy(dtype=bool)
        return PairPoints(
            entry=has_rqth[market.entry_youth].astype(np.uint8),
            offer=(market.offers["welcomes_disabled"] == "yes").to_numpy().astype(np.uint8),
            points=table,
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say nothing: a reason that only some get would tell what they are.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        del context, lang
        return Phrases(code=np.zeros(len(lines.youth), dtype=np.int64), text=("",))
