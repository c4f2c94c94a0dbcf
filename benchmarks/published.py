"""What showing as many published offers as can be costs: lists with the aim beside lists without.

Run with ``python -m benchmarks.published [W1r W1]``: generated (synthetic) data.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.measure import machine
from benchmarks.worlds import SEED, WORLDS, generated_market
from matchmaker.candidates.fused import fused_engine
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.make import make_lists
from matchmaker.lists.shown import all_pairs
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings

PAIRS = 6  # runs of each, one after the other in turn


def main(names: list[str]) -> None:
    aim = Settings()
    ways = (replace(aim, show_every_offer=False), aim)
    print(f"Synthetic data, seed {SEED}; {machine()}.\n")
    print("| world | published offers | for nobody | orphans without, with | cost, at most | gap"
          " | processor s without, with | ratio |")  # fmt: skip
    print("|---" * 8 + "|")
    for name in names:
        market = generated_market(*WORLDS[name])
        engine = fused_engine(market, score_tables(market, aim))
        without, with_aim = (make_lists(engine, way) for way in ways)
        to_show = with_aim.whole.to_show & (without.exposure == 0)
        left = all_pairs(AllowedPairs(engine=engine, terms=without.whole), to_show).offer
        seconds: list[list[float]] = [[], []]
        for _ in range(PAIRS):
            for way, spent in zip(ways, seconds, strict=True):
                start = time.process_time()
                make_lists(engine, way)
                spent.append(time.process_time() - start)
        ratio = statistics.median(b / a for a, b in zip(*seconds, strict=True))
        proof, showing = with_aim.proofs["lists"], with_aim.proofs["lists"].offers
        before = without.proofs["lists"].score
        most = (showing.bound_without - proof.score) / showing.bound_without
        spent_each = ", ".join(f"{statistics.median(one):.2f}" for one in seconds)
        print(
            f"| {name} | {int(with_aim.whole.to_show.sum()):,} | {int(showing.is_for_nobody.sum()):,}"
            f" | {len(np.unique(left)):,}, {int(showing.is_orphan.sum()):,}"
            f" (proved the least: {'yes' if showing.is_most else 'no'})"
            f" | {100 * (before - proof.score) / before:.3f} %, {100 * most:.3f} %"
            f" | {100 * proof.gap:.4f} % | {spent_each} | {ratio:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["W1r", "W1"])
