"""What a run would find and take, counted on a sample, before it is started."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.count import count_pairs, sample_of
from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import OFFER_STATES, YOUTH_STATES, build_market
from matchmaker.candidates.memory import check_memory, expected_memory, free_memory
from matchmaker.candidates.pairs import RUNGS
from matchmaker.candidates.search import find_pairs
from matchmaker.clock import Clock, Progress
from matchmaker.lists.lines import exposure_caps
from matchmaker.lists.waves import sent_pairs
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.tables import load, load_referents, load_sent

__all__ = ["dry_run"]

Source = str | Path | pd.DataFrame


def dry_run(
    youths: Source | None,
    wishes: Source,
    offers: Source | Sequence[Source],
    *,
    as_of: dt.date,
    settings: Settings = Settings(),  # noqa: B008 - as above
    referents: Source | None = None,
    sent: Source | None = None,
    ignore_sent: bool = False,
    assignment: bool = False,
    progress: Progress | None = None,
    youths_format: str | None = None,
    wishes_format: str | None = None,
    offers_format: str | None = None,
    threads: int | None = None,
) -> dict[str, Any]:
    """Read, check and count candidates on a sample, without sharing out or writing anything.

    Parameters are those of `match`.

    Returns
    -------
    dict
        ``youths``, ``offers`` (taking part, or by what keeps them out), ``rejected`` rows,
        ``youths_counted`` and ``youths_with_candidates``, all eligible pairs and their share
        of each rung with half a 95 % interval (0 where all youths were counted), the lines
        wanted and those that the caps allow, and what a run is expected to take.

    Raises
    ------
    InfeasibleError
        A run would not fit into the memory of this machine.
    """
    del assignment
    clock = Clock(progress)
    with clock.stage("read"):
        tables = load(
            youths, wishes, offers, as_of=as_of, settings=settings,
            youths_format=youths_format, wishes_format=wishes_format, offers_format=offers_format,
        )  # fmt: skip
        if referents is not None:
            load_referents(referents)
        earlier = None if sent is None else load_sent(sent, settings=settings, as_of=as_of)
    with clock.stage("prepare"):
        market = build_market(tables, settings, as_of=as_of)
        scores = score_tables(market, settings)
        index = build_index(market, scores)
    with clock.stage("candidates"):
        k = settings.candidates_per_youth
        counts = count_pairs(market, scores, index, k=k, threads=threads)
        who = sample_of(market)
        start = time.perf_counter()
        find_pairs(market, scores, index, k=k, who=who, threads=threads)
        sampled_s = time.perf_counter() - start
    wanted = counts.youths * settings.lines_per_youth
    memory = sent_pairs(None if earlier is None or ignore_sent else earlier.frame, market)
    room = np.maximum(exposure_caps(market, settings) - memory.exposure, 0)
    allowed = int(room.sum(dtype=np.int64))
    lines, free = min(wanted, allowed, counts.kept), free_memory()
    check_memory(pairs=counts.kept, lines=lines, youths=counts.youths, free=free)
    return {
        "as_of": as_of.isoformat(),
        "youths": _states(market.youth_state, YOUTH_STATES),
        "offers": _states(market.offer_state, OFFER_STATES),
        "rejected": len(tables.rejects),
        "youths_counted": counts.sampled,
        "youths_with_candidates": counts.with_candidates,
        "pairs": {"expected": counts.total, "margin": counts.margin},
        "pairs_by_rung": {
            name: {"expected": int(expected), "margin": int(margin)}
            for name, expected, margin in zip(
                RUNGS, counts.by_rung, counts.margin_by_rung, strict=True
            )
        },
        "candidates_per_youth": k,
        "candidates_kept": counts.kept,
        "lines_wanted": wanted,
        "lines_allowed": allowed,
        "expected": {
            "search_s": round(sampled_s * counts.youths / max(counts.sampled, 1), 1),
            "memory_beyond_tables_gb": round(
                expected_memory(pairs=counts.kept, lines=lines) / 1e9, 2
            ),
            "memory_free_gb": round(free / 1e9, 2),
        },
    }


def _states(state: NDArray[np.uint8], names: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(state, minlength=len(names))
    return {name or "takes_part": int(n) for name, n in zip(names, counts, strict=True) if n}
