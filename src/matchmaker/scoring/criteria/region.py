"""Region: where the wish points to, else where the youth lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.reference.places import departements, neighbours, regions
from matchmaker.scoring.criterion import Context, PairPoints, Phrases, positions
from matchmaker.tables.territories import by_row
from matchmaker.words import Lang, say

__all__ = ["Region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Same region, a neighbouring one, another one, or unknown.

    With ``strict_region`` only the same region is allowed; where one side is unknown the
    rule cannot be applied and the pair stays.

    An offer of which the department or the region is all that is known of the place stands for
    nobody outside it: home and wish have to be of that region, with the setting and without.  In
    another department than the home's it is worth no more than in a neighbouring region.
    """

    name: str = "region"
    weight: int = 10
    steps: dict[str, int] = field(
        default_factory=lambda: {"same": 10_000, "neighbour": 5_000, "other": 0, "unknown": 5_000}
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by the two regions; position 0 is unknown.

        Behind the regions stand, on both sides, the departments: of a home in the region of the
        wish, and of an offer without a point; then the regions of offers without a point.

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
        strict = np.full_like(table, FORBIDDEN)
        for one in (table, strict):
            np.fill_diagonal(one, points["same"])
            one[0, :] = one[:, 0] = points["unknown"]
        wish, home, offer = (
            positions(f["region_code"], codes)
            for f in (market.wishes, market.youths, market.offers)
        )
        wish, home = wish[market.entry_wish], home[market.entry_youth]
        asked = np.where(wish > 0, wish, home)
        is_strict = by_row(context.settings, "strict_region", market.youths)[market.entry_youth]
        kinds = [strict if is_strict.all() else table]
        if is_strict.any() and not is_strict.all():  # some homes are: the rows stand twice
            kinds.append(strict)
        if not market.is_somewhere.any():
            found = [PairPoints(entry=asked, offer=offer, points=one) for one in kinds]
        else:
            found = [
                _with_somewhere(market, context.points, asked, home, offer, one) for one in kinds
            ]
        if len(found) == 1:
            return found[0]
        rows = len(found[0].points)
        return replace(
            found[0],
            entry=np.where(is_strict, found[1].entry + rows, found[0].entry).astype(np.uint8),
            points=np.concatenate([one.points for one in found]),
        )

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


def _with_somewhere(
    market: Market,
    points: Mapping[str, int],
    asked: NDArray[np.uint8],
    home: NDArray[np.uint8],
    offer: NDArray[np.uint8],
    table: NDArray[np.int32],
) -> PairPoints:
    """Return the points with those of offers without a point; see `Region.table`."""
    known = departements()
    codes = ["", *known["departement"]]
    n, m = len(table), len(codes)
    region_of = np.zeros(m, dtype=np.int64)
    region_of[1:] = positions(known["region_code"], ["", *sorted(regions()["region_code"])])
    of_home = positions(market.youths["departement"], codes)[market.entry_youth].astype(np.int64)
    of_offer = positions(market.offers["departement"], codes).astype(np.int64)
    # Rows: what is asked, then departments of homes. Columns: regions, departments, regions again.
    whole = np.full((n + m, n + m + n), FORBIDDEN, dtype=np.int32)
    whole[:n, :n] = table
    whole[n:, :n] = table[region_of]
    is_same = region_of[:, None] == region_of[None, :]
    inside = np.where(is_same & (region_of > 0), points["neighbour"], FORBIDDEN)
    np.fill_diagonal(inside, points["same"])
    whole[n:, n : n + m] = inside
    whole[n + np.arange(m), n + m + region_of] = points["neighbour"]
    whole[n:, [n, n + m]] = FORBIDDEN
    is_at_home = (asked == home) & (of_home > 0)
    somewhere = np.where(of_offer > 0, n + of_offer, n + m + offer.astype(np.int64))
    return PairPoints(
        entry=np.where(is_at_home, n + of_home, asked).astype(np.uint8),
        offer=np.where(market.is_somewhere, somewhere, offer).astype(np.uint8),
        points=whole,
    )
