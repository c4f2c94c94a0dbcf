"""Chance of hiring: how probable it is that the firm takes somebody."""

from __future__ import annotations

from dataclasses import dataclass, field

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.scoring.shares import phrases_of_share, points_of_share
from matchmaker.words import Lang

__all__ = ["HiringChance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiringChance:
    """Points rise in a straight line with the offer's ``hiring_chance``, by whole hundredths.

    The column is yours: a forecast of hirings by firm and trade, from 0 to 1.  Where it is
    empty the points are those of one half.  The reason gives the chance from one half up;
    a small one is no reason to apply.
    """

    name: str = "hiring_chance"
    weight: int = 0
    steps: dict[str, int] = field(
        default_factory=lambda: {"never": 0, "surely": 10_000, "unknown": 5_000}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by hundredths of the chance; youths have no feature here.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        return points_of_share(context, "hiring_chance")

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Give the chance where it is one half or more.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        return phrases_of_share(
            lines, context, "hiring_chance", key="phrase.hiring_chance", lang=lang
        )
