"""The criteria, one file each, in the order in which reasons name them."""

from __future__ import annotations

from matchmaker.scoring.criteria.contract import Contract
from matchmaker.scoring.criteria.distance import Distance
from matchmaker.scoring.criteria.level import Level
from matchmaker.scoring.criteria.region import Region
from matchmaker.scoring.criteria.start import Start
from matchmaker.scoring.criteria.trade import Trade
from matchmaker.scoring.criteria.wish import Wish
from matchmaker.scoring.criterion import Criterion

__all__ = ["CRITERIA"]

CRITERIA: tuple[Criterion, ...] = (
    Trade(),
    Distance(),
    Wish(),
    Level(),
    Region(),
    Start(),
    Contract(),
)
