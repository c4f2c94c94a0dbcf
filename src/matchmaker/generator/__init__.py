"""Synthetic youths, wishes and offers that look like the real thing, at any size.

Nothing here is a record of a person or of a firm.  Homes follow the population of the
communes; trades follow ``reference/data/trade_weights.csv``, our own estimate of what young
people ask for and of what employers offer, which differ on purpose.  Every row says
``synthetic`` in its column ``source``.
"""

from __future__ import annotations

from matchmaker.generator.generate import generate

__all__ = ["generate"]
