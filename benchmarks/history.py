"""Time, peak memory and quality over the project's history, with asv.

::

    pip install -e '.[bench]'
    asv machine --yes
    asv run --config benchmarks/asv.conf.json --python=same --set-commit-hash "$(git rev-parse HEAD)"

The generated (synthetic) worlds W1, W1s and W1r are measured; for others, set
``MATCHMAKER_WORLDS="W2 W3"``.  Quality stands beside time: a faster search that keeps worse
pairs, or lists with a wider gap, would show.
"""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.candidates import K, eligible, timed_stage, whole_stage
from benchmarks.worlds import WORLDS, generated_market
from matchmaker.candidates.count import count_pairs
from matchmaker.candidates.engine import taking_part
from matchmaker.candidates.fused import fused_engine
from matchmaker.lists.make import YouthLists, make_lists
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings

NAMES = os.environ.get("MATCHMAKER_WORLDS", "W1 W1s W1r").split()


def setup_cache() -> None:
    """Generate each world once for all benchmarks."""
    for name in NAMES:
        Path(f"{name}.pickle").write_bytes(pickle.dumps(generated_market(*WORLDS[name])))


class _Prepared:
    params = NAMES
    param_names = ("world",)
    timeout = 3600
    number = 1
    warmup_time = 0

    def setup(self, name: str) -> None:
        self.market = pickle.loads(Path(f"{name}.pickle").read_bytes())
        self.scores = score_tables(self.market, Settings())
        self.engine = fused_engine(self.market, self.scores)
        few = taking_part(self.market)[:100]
        self.engine.best(k=K, who=few)  # compiles, or reads the cache


class Candidates(_Prepared):
    """Index, candidates and scores."""

    def time_whole_stage(self, _name: str) -> None:
        whole_stage(self.market)

    def time_index(self, _name: str) -> None:
        fused_engine(self.market, self.scores)

    def time_search_one_thread(self, _name: str) -> None:
        replace(self.engine, threads=1).best(k=K)

    def time_count(self, _name: str) -> None:
        count_pairs(self.engine, k=K)

    def peakmem_whole_stage(self, _name: str) -> None:
        whole_stage(self.market)

    def track_added_memory(self, _name: str) -> float:
        return timed_stage(self.market).added_gb

    track_added_memory.unit = "GB"

    def track_eligible_pairs(self, _name: str) -> int:
        return eligible(self.market).total

    track_eligible_pairs.unit = "pairs"

    def track_score_kept(self, _name: str) -> int:
        return int(whole_stage(self.market).score.sum(dtype=np.int64))

    track_score_kept.unit = "points"


class Sharing(_Prepared):
    """Lists under caps, from the candidates on."""

    def lists(self) -> YouthLists:
        return make_lists(self.engine, Settings())

    def time_lists(self, _name: str) -> None:
        self.lists()

    def peakmem_lists(self, _name: str) -> None:
        self.lists()

    def track_gap(self, _name: str) -> float:
        return 100 * self.lists().proofs["lists"].gap

    track_gap.unit = "%"

    def track_youths_served(self, _name: str) -> int:
        return self.lists().proofs["lists"].served

    track_youths_served.unit = "youths"

    def track_lines(self, _name: str) -> int:
        return len(self.lists().pairs)

    track_lines.unit = "lines"
