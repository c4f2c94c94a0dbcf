"""Rate of answering: how many of the applications that it gets a firm answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.scoring.shares import phrases_of_share, points_of_share
from matchmaker.words import Lang

__all__ = ["AnswerRate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRate:
    """Points rise in a straight line with the offer's ``answer_rate``, by whole hundredths.

    The column is yours: the share of applications that the firm answered, from 0 to 1.
    Where it is empty the points are those of one half.  The reason gives the rate from one
    half up; a small one is no reason to apply.
    """

    name: str = "answer_rate"
    weight: int = 0
    steps: dict[str, int] = field(
        default_factory=lambda: {"never": 0, "always": 10_000, "unknown": 5_000}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by hundredths of the rate; youths have no feature here.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        return points_of_share(context, "answer_rate")

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Give the rate where it is one half or more.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        return phrases_of_share(lines, context, "answer_rate", key="phrase.answer_rate", lang=lang)
