"""Generated (synthetic) worlds as markets, ready for the engines."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from matchmaker.candidates.market import Market, build_market
from matchmaker.generator import generate
from matchmaker.settings import Settings
from matchmaker.tables import load

__all__ = ["AS_OF", "SEED", "WORLDS", "generated_market"]

SEED = 7
AS_OF = dt.date(2023, 9, 15)
# Name: youths, offers, and the share of these that are firms which take spontaneous applications.
WORLDS = {
    "W1": (25_000, 100_000, 0.0),
    "W1s": (25_000, 10_000, 0.0),  # scarce
    "W1r": (25_000, 100_000, 0.96),  # the real mix
    "W2": (200_000, 200_000, 0.0),
    "W3": (1_000_000, 500_000, 0.0),
}


def generated_market(youths: int, offers: int, firm_share: float = 0.0) -> Market:
    """Generate files, read and check them as a run does, and turn them into a market.

    W3 takes one to two minutes and 6 GB of memory here; nothing of it is timed.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = generate(
            youths=youths,
            offers=offers,
            out=Path(folder),
            firm_share=firm_share,
            seed=SEED,
            as_of=AS_OF,
        )
        tables = load(
            paths["youths"], paths["wishes"], paths["offers"], as_of=AS_OF, settings=Settings()
        )
    return build_market(tables, Settings(), as_of=AS_OF)
