"""Which hand-made offers are eligible for a hand-made youth, asked of an engine."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from matchmaker.candidates.market import build_market
from matchmaker.candidates.pairs import without_rules
from matchmaker.scoring.total import score_tables
from tests.worlds import AS_OF, hand_made


def day(offset):
    return AS_OF + dt.timedelta(days=offset)


def eligible(engine_of, youth, offers, settings, lifted=()):
    """Return which offers are eligible; what is not has no score either."""
    market = build_market(hand_made(youth, offers), settings, as_of=AS_OF)
    engine = engine_of(market, without_rules(score_tables(market, settings), lifted))
    found = set(engine.best(k=len(offers)).pairs.offer.tolist())
    for offer in range(len(offers)):
        rows = np.zeros(1, dtype=np.int32), np.array([offer], dtype=np.int32)
        if offer in found:
            engine.score(*rows)
        else:
            with pytest.raises(ValueError, match="not eligible"):
                engine.score(*rows)
    return [offer in found for offer in range(len(offers))]
