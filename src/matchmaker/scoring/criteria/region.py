"""Region: where the wish points to, else where the youth lives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.reference.places import neighbours, regions
from matchmaker.scoring.criterion import Context, PairPoints, Phrases, positions
from matchmaker.words import Lang, say

__all__ = ["Region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Same region, a neighbouring one, another one, or unknown.

    With ``strict_region`` only the same region is allowed; where one side is unknown the
    rule cannot be applied and the pair stays.
    """

    name: str = "region"
    weight: int = 10
    steps: dict[str, int] = field(
        default_factory=lambda: {"same": 10_000, "neighbour": 5_000, "other": 0, "unknown": 5_000}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by the two regions; position 0 is unknown.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market, points = context.market, context.points
        codes = ["", *sorted(regions()["region_code"])]
        at = {code: i for i, code in enumerate(codes)}
        table = np.full((len(codes), len(codes)), points["other"], dtype=np.int32)
        for a, b in neighbours():
            table[at[a], at[b]] = table[at[b], at[a]] = points["neighbour"]
        if context.settings.strict_region:
            table[:] = FORBIDDEN
        np.fill_diagonal(table, points["same"])
        table[0, :] = table[:, 0] = points["unknown"]
        wish, home, offer = (
            positions(f["region_code"], codes)
            for f in (market.wishes, market.youths, market.offers)
        )
        wish, home = wish[market.entry_wish], home[market.entry_youth]
        return PairPoints(entry=np.where(wish > 0, wish, home), offer=offer, points=table)

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say only what may surprise: that the place lies in another region.

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
        wish = market.wishes["region_code"].to_numpy(dtype=str)[market.entry_wish[lines.entry]]
        home = market.youths["region_code"].to_numpy(dtype=str)[lines.youth]
        asked = np.where(wish != "", wish, home)
        there = market.offers["region_code"].to_numpy(dtype=str)[lines.offer]
        is_other = (asked != "") & (there != "") & (asked != there)
        names = dict(zip(regions()["region_code"], regions()["name"], strict=True))
        used, code = np.unique(np.where(is_other, there, ""), return_inverse=True)
        text = tuple(say(lang, "phrase.region", name=names[c]) if c else "" for c in used)
        return Phrases(code=code.astype(np.int64), text=text)
