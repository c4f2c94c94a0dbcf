"""Driving licence: what the offer asks against what the youth holds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.scoring.criterion import Context, PairPoints, Phrases, positions
from matchmaker.words import Lang, say

__all__ = ["DrivingLicence"]

ASKED = ("", "required", "wished", "none")  # "" = unknown
HELD = ("", "no", "yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingLicence:
    """The car licence (category B) that an offer asks, against the youth's.

    An offer that asks none fits everybody.  Where the offer or, if it asks one, the youth
    says nothing, the points are those of "unknown": a vehicle (``is_mobile``) may be a moped
    and is no licence, and no age is taken for one.  It is no rule: who has no licence today may
    have it when the contract starts.
    """

    name: str = "driving_licence"
    weight: int = 0
    steps: dict[str, int] = field(
        default_factory=lambda: {
            "fits": 10_000,
            "unknown": 6_000,
            "missing_wished": 4_000,
            "missing_required": 0,
        }
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by licence held and licence asked.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market, points = context.market, context.points
        table = np.full((len(HELD), len(ASKED)), points["unknown"], dtype=np.int32)
        table[:, ASKED.index("none")] = points["fits"]
        for asked in ("required", "wished"):
            table[HELD.index("yes"), ASKED.index(asked)] = points["fits"]
            table[HELD.index("no"), ASKED.index(asked)] = points[f"missing_{asked}"]
        return PairPoints(
            entry=positions(market.youths["driving_licence"], HELD)[market.entry_youth],
            offer=positions(market.offers["licence_asked"], ASKED),
            points=table,
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say that a licence is asked; of the youth's own, nothing.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        asked = positions(context.market.offers["licence_asked"], ASKED)[lines.offer]
        required, wished = (
            say(lang, key) for key in ("phrase.licence_required", "phrase.licence_wished")
        )
        return Phrases(code=asked.astype(np.int64), text=("", required, wished, ""))
