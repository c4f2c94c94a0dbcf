"""Index, candidates and scores on generated (synthetic) worlds.

One readable table, with a check of how the cost grows::

    python -m benchmarks.candidates [W1 W2 W3]

The same figures over the project's history, with asv::

    asv run --config benchmarks/asv.conf.json --python=same --bench candidates

asv runs W1 and W2; set ``MATCHMAKER_WORLDS="W1 W2 W3"`` for others.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.measure import machine
from benchmarks.worlds import SEED, WORLDS, generated_market
from matchmaker.candidates.count import SAMPLE, PairCounts, count_pairs
from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs
from matchmaker.candidates.search import find_pairs, taking_part
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings

K = 50
RUNS = 5
EXACT_UP_TO = 50_000  # youths; beyond it the eligible pairs are counted on a sample
# Youths and offers grow together, so eligible pairs grow with the square.
LADDER = ((6_250, 25_000), (12_500, 50_000), (25_000, 100_000), (50_000, 200_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One run of the stage, seconds by part."""

    tables_s: float
    index_s: float
    search_s: float
    cpu_s: float
    added_gb: float

    @property
    def wall_s(self) -> float:
        return self.tables_s + self.index_s + self.search_s


def whole_stage(market: Market, k: int = K, threads: int | None = None) -> Pairs:
    scores = score_tables(market, Settings())
    return find_pairs(market, scores, build_index(market, scores), k=k, threads=threads)


def timed_stage(market: Market, k: int = K) -> Stage:
    before = _memory_gb("VmRSS", reset_peak=True)
    cpu = time.process_time()
    start = time.perf_counter()
    scores = score_tables(market, Settings())
    tables = time.perf_counter()
    index = build_index(market, scores)
    indexed = time.perf_counter()
    pairs = find_pairs(market, scores, index, k=k)
    end = time.perf_counter()
    assert len(pairs) > 0
    return Stage(
        tables_s=tables - start,
        index_s=indexed - tables,
        search_s=end - indexed,
        cpu_s=time.process_time() - cpu,
        added_gb=_memory_gb("VmHWM") - before,
    )


def eligible(market: Market) -> PairCounts:
    scores = score_tables(market, Settings())
    sample = len(market.youth_hash) if len(market.youth_hash) <= EXACT_UP_TO else SAMPLE
    return count_pairs(market, scores, build_index(market, scores), k=K, sample=sample)


def _memory_gb(field: str, *, reset_peak: bool = False) -> float:
    """Return a field of this process's memory; Linux only, 0 elsewhere."""
    if not Path("/proc/self/status").exists():
        return 0.0
    if reset_peak:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith(field + ":"))
    return int(line.split()[1]) * 1024 / 1e9


class Candidates:
    """The stage for asv: time, peak memory, and what was found."""

    params = os.environ.get("MATCHMAKER_WORLDS", "W1 W2").split()
    param_names = ("world",)
    timeout = 1800
    number = 1
    warmup_time = 0

    def setup_cache(self) -> None:
        for name in self.params:
            Path(f"{name}.pickle").write_bytes(pickle.dumps(generated_market(*WORLDS[name])))

    def setup(self, name: str) -> None:
        self.market = pickle.loads(Path(f"{name}.pickle").read_bytes())
        scores = score_tables(self.market, Settings())
        self.find = (scores, build_index(self.market, scores))
        few = taking_part(self.market)[:100]
        find_pairs(self.market, *self.find, k=K, who=few)  # compiles, or reads the cache

    def time_whole_stage(self, _name: str) -> None:
        whole_stage(self.market)

    def time_index(self, _name: str) -> None:
        build_index(self.market, self.find[0])

    def time_search_one_thread(self, _name: str) -> None:
        find_pairs(self.market, *self.find, k=K, threads=1)

    def time_count(self, _name: str) -> None:
        count_pairs(self.market, *self.find, k=K)

    def peakmem_whole_stage(self, _name: str) -> None:
        whole_stage(self.market)

    def track_added_memory(self, _name: str) -> float:
        return timed_stage(self.market).added_gb

    track_added_memory.unit = "GB"

    def track_eligible_pairs(self, _name: str) -> int:
        return eligible(self.market).total

    track_eligible_pairs.unit = "pairs"

    def track_score_kept(self, _name: str) -> int:
        """A faster search that finds worse pairs is no gain: this must stay as it is."""
        return int(whole_stage(self.market).score.sum(dtype=np.int64))

    track_score_kept.unit = "points"


def row(name: str, market: Market) -> str:
    # The first run compiles, or reads the cache; its memory counts: later runs reuse pages.
    added_gb = timed_stage(market).added_gb
    counts = eligible(market)
    runs = [timed_stage(market) for _ in range(RUNS)]
    walls = [r.wall_s for r in runs]
    wall, cpu = median(walls), median(r.cpu_s for r in runs)
    parts = " / ".join(
        f"{median(getattr(r, part) for r in runs):.2f}"
        for part in ("tables_s", "index_s", "search_s")
    )
    margin = f" ± {100 * counts.margin / counts.total:.0f} %" if counts.margin else ""
    return (
        f"| {name} | {len(market.youths):,} x {len(market.offers):,}"
        f" | {counts.total / 1e6:,.1f} M{margin} | {counts.kept / 1e6:.1f} M"
        f" | {wall:.2f} ({min(walls):.2f} to {max(walls):.2f}) | {cpu:.2f} | {parts}"
        f" | {counts.total / wall / 1e6:.0f} M | {added_gb:.3f} |"
    )


def growth() -> str:
    """Return the slope of log(seconds) over log(eligible pairs), and its points."""
    pairs, seconds = [], []
    for size in LADDER:
        market = generated_market(*size)
        pairs.append(eligible(market).total)
        seconds.append(min(timed_stage(market).cpu_s for _ in range(3)))
    slope = np.polyfit(np.log(pairs), np.log(seconds), 1)[0]
    points = ", ".join(f"{p / 1e6:.2f} M {s:.2f} s" for p, s in zip(pairs, seconds, strict=True))
    return (
        f"Slope of log(CPU seconds) over log(eligible pairs): {slope:.2f}"
        f" (1 is in proportion; {points})."
    )


def main(names: list[str]) -> None:
    print(f"Synthetic data, seed {SEED}; {machine()}. Top {K} a youth, medians of {RUNS}.\n")
    print(
        "| world | youths x offers | eligible pairs | kept | wall s (min to max) | CPU s"
        " | tables / index / search s | eligible pairs a second | added GB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        print(row(name, generated_market(*WORLDS[name])), flush=True)
    print(f"\n{growth()}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["W1"])
