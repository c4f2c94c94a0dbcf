"""What each objective and each demand on lists costs, beside the default settings.

Run with ``python -m benchmarks.objectives [W1s W1r]``: generated (synthetic) data.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.measure import machine
from benchmarks.worlds import SEED, WORLDS, generated_market
from matchmaker.audit.summary import gini
from matchmaker.candidates.fused import fused_engine
from matchmaker.lists.make import make_lists
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings

ALIKE = Settings(other_sector_lines=0, lines_per_employer=0)
VARIED = Settings()
WAYS = {
    "varied (default)": VARIED,
    "no caps on sectors and employers": ALIKE,
    "fair": replace(VARIED, objective="fair"),
    "competition costs 0, 20,000, 40,000 ...": replace(
        VARIED, competition_costs=tuple(range(0, 200_000, 20_000))
    ),
}


def main(names: list[str]) -> None:
    floors = VARIED.fair_floors
    print(f"Synthetic data, seed {SEED}; {machine()}. Second of two runs each.\n")
    for name in names:
        market = generated_market(*WORLDS[name])
        scores = score_tables(market, VARIED)
        engine = fused_engine(market, scores)
        seats = np.maximum(market.seats, 1)
        is_open = market.seats > 0
        print(f"## {name}\n")
        heads = " | ".join(f">= {floor:,}" for floor in floors)
        print(f"| lists | with a line | first line {heads} | sum of scores | gap | lists a seat, most"
              " | Gini of exposure | s |")  # fmt: skip
        print("|---" * (7 + len(floors)) + "|")
        for way, settings in WAYS.items():
            make_lists(engine, settings)
            start = time.perf_counter()
            lists = make_lists(engine, settings)
            elapsed = time.perf_counter() - start
            bands = " | ".join(
                f"{level.youths:,}" + (" (proved)" if level.youths == level.at_most else "")
                for level in lists.levels
            )
            exposure = lists.exposure[is_open].astype(np.int64)
            gap = max(proof.gap for proof in lists.proofs.values())
            print(
                f"| {way} | {bands} | {int(lists.pairs.score.sum(dtype='i8')):,}"
                f" | {100 * gap:.4f} % | {(lists.exposure / seats).max():.0f}"
                f" | {gini(exposure):.3f} | {elapsed:.2f} |",
                flush=True,
            )
        print()


if __name__ == "__main__":
    main(sys.argv[1:] or ["W1s", "W1r"])
