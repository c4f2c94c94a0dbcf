"""Wish: the rank that the youth gave to the wish."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.scoring.criterion import Context, Lang, Lines, PairPoints, Phrases

__all__ = ["Wish"]

RANKED = 10  # later ranks count as the tenth


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Earlier wishes get more points; wishes without rank tie, a little under the middle."""

    name: str = "wish"
    weight: int = 20
    steps: dict[str, int] = field(
        default_factory=lambda: (
            {"unranked": 7_000}
            | {f"rank_{r}": 10_000 - 700 * (r - 1) for r in range(1, RANKED + 1)}
        )
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by rank; offers have no feature here."""
        market = context.market
        rank = np.clip(market.wishes["rank"].to_numpy(), 0, RANKED).astype(np.uint8)
        return PairPoints(
            entry=rank[market.entry_wish],
            offer=np.zeros(len(market.offer_hash), dtype=np.uint8),
            points=np.array(list(context.points.values()), dtype=np.int32)[:, None],
        )

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Name the wish; a near trade is said to be near it, never to be it."""
        market = context.market
        rank = market.wishes["rank"].to_numpy()[market.entry_wish[lines.entry]].astype(np.int64)
        near = (lines.nearness_step >= 2).astype(np.int64)
        used, code = np.unique(rank * 2 + near, return_inverse=True)
        return Phrases(
            code=code.astype(np.int64),
            text=tuple(_said(int(k) // 2, is_near=bool(k % 2), lang=lang) for k in used),
        )


def _said(rank: int, *, is_near: bool, lang: Lang) -> str:
    if lang == "en":
        wish = f"your wish no. {rank}" if rank else "one of your wishes"
        return f"a trade near {wish}" if is_near else wish
    if is_near:
        return f"métier proche de votre vœu n° {rank}" if rank else "métier proche d'un de vos vœux"
    return f"votre vœu n° {rank}" if rank else "un de vos vœux"
