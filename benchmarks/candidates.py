"""Index, candidates and scores on generated (synthetic) worlds.

One readable table, with a check of how the cost grows::

    python -m benchmarks.candidates [W1 W2 W3]

`benchmarks.history` measures the same over the project's history.
"""

from __future__ import annotations

import ctypes
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.measure import machine
from benchmarks.worlds import SEED, WORLDS, generated_market
from matchmaker.candidates.count import SAMPLE, PairCounts, count_pairs
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings

K = 50
TOPS = (50, 20)
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
    return fused_engine(market, scores, threads=threads).best(k=k).pairs


def timed_stage(market: Market, k: int = K) -> Stage:
    before = _memory_gb("VmRSS", reset_peak=True)
    cpu = time.process_time()
    start = time.perf_counter()
    scores = score_tables(market, Settings())
    tables = time.perf_counter()
    engine = fused_engine(market, scores)
    indexed = time.perf_counter()
    pairs = engine.best(k=k).pairs
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
    return count_pairs(fused_engine(market, scores), k=K, sample=sample)


def _memory_gb(field: str, *, reset_peak: bool = False) -> float:
    """Return a field of this process's memory; on Linux with glibc only, 0 elsewhere."""
    if platform.libc_ver()[0] != "glibc":
        return 0.0
    if reset_peak:
        ctypes.CDLL(None).malloc_trim(0)  # free pages used again would hide what is added
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith(field + ":"))
    return int(line.split()[1]) * 1024 / 1e9


def row(name: str, market: Market, counts: PairCounts, k: int) -> str:
    timed_stage(market, k)  # compiles, or reads the cache
    runs = [timed_stage(market, k) for _ in range(RUNS)]
    walls = [r.wall_s for r in runs]
    wall, cpu = median(walls), median(r.cpu_s for r in runs)
    parts = " / ".join(
        f"{median(getattr(r, part) for r in runs):.2f}"
        for part in ("tables_s", "index_s", "search_s")
    )
    margin = f" ± {100 * counts.margin / counts.total:.0f} %" if counts.margin else ""
    return (
        f"| {name}, top {k} | {len(market.youths):,} x {len(market.offers):,}"
        f" | {counts.total / 1e6:,.1f} M{margin}"
        f" | {wall:.2f} ({min(walls):.2f} to {max(walls):.2f}) | {cpu:.2f} | {parts}"
        f" | {counts.total / wall / 1e6:.0f} M | {median(r.added_gb for r in runs):.2f} |"
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
    print(f"Synthetic data, seed {SEED}; {machine()}. Medians of {RUNS}.\n")
    print(
        "| world | youths x offers | eligible pairs | wall s (min to max) | CPU s"
        " | tables / index / search s | eligible pairs a second | added GB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        market = generated_market(*WORLDS[name])
        counts = eligible(market)
        for k in TOPS:
            print(row(name, market, counts, k), flush=True)
    print(f"\n{growth()}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["W1"])
