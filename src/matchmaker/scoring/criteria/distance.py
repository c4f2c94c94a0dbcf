"""Distance: from home to the workplace, against the youth's own reach."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matchmaker.candidates.geometry import STEPS_PER_REACH
from matchmaker.scoring.criterion import Context, DistancePoints, Lang, Lines, Phrases

__all__ = ["Distance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """Points fall in a straight line from the door to the edge of the reach.

    Steps: at home, at the edge of the reach, and beyond it (with a vehicle).  The reach
    is the youth's own, so that 20 km weigh more for somebody who can go 25 than for
    somebody who can go 60.
    """

    name: str = "distance"
    weight: int = 20
    steps: dict[str, int] = field(
        default_factory=lambda: {"at_home": 10_000, "at_edge": 2_000, "beyond": 0}
    )

    def table(self, context: Context) -> DistancePoints:
        """Return the points of each step of distance."""
        near, edge = context.points["at_home"], context.points["at_edge"]
        steps = np.arange(STEPS_PER_REACH * context.settings.mobile_reach_factor, dtype=np.int64)
        inside = near + (edge - near) * steps // (STEPS_PER_REACH - 1)
        points = np.where(steps < STEPS_PER_REACH, inside, context.points["beyond"])
        return DistancePoints(points=points.astype(np.int32))

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Say the distance in whole kilometres, rounded as people do."""
        km = np.rint(lines.km).astype(np.int64)
        reach = context.market.reach_km[lines.youth].astype(np.int64)
        beyond = lines.step >= STEPS_PER_REACH
        key = km * 2_000 + np.where(beyond, reach + 1, 0)
        used, code = np.unique(key, return_inverse=True)
        return Phrases(
            code=code.astype(np.int64),
            text=tuple(_said(int(k) // 2_000, int(k) % 2_000 - 1, lang) for k in used),
        )


def _said(km: int, reach: int, lang: Lang) -> str:
    """Return the words for a distance; `reach` is -1 unless the place lies beyond it."""
    if lang == "en":
        far = "less than 1 km" if km == 0 else f"about {km} km"
        return f"{far} from home" + (f", beyond your {reach} km" if reach >= 0 else "")
    far = "à moins de 1 km" if km == 0 else f"à environ {km} km"
    return f"{far} de chez vous" + (f", au-delà de vos {reach} km" if reach >= 0 else "")
