"""`dry_run`: what a run would find and take, counted on a sample, before it is started."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.count import count_pairs, sample_of
from matchmaker.candidates.market import OFFER_STATES, YOUTH_STATES
from matchmaker.candidates.memory import check_memory, expected_memory, free_memory
from matchmaker.candidates.pairs import RUNGS
from matchmaker.lists.exposure import exposure_left
from matchmaker.runs import stages
from matchmaker.runs.artifacts import Prepared, Read
from matchmaker.runs.clock import Progress
from matchmaker.runs.inputs import AsOf, Inputs, inputs_of
from matchmaker.runs.setup import GivenSettings, Setup, setup_of
from matchmaker.scoring.criterion import Criterion
from matchmaker.settings import Settings
from matchmaker.tables import Given
from matchmaker.tables.sources import Source
from matchmaker.tables.territories import by_row

__all__ = ["dry_run", "dry_run_inputs", "dry_run_read"]


def dry_run(
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    *,
    as_of: AsOf,
    settings: GivenSettings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
    formats: Mapping[str, str] | None = None,
    referents: Given | None = None,
    sent: Given | Sequence[Given] | None = None,
    ignore_sent: bool = False,
    criteria: Sequence[Criterion] = (),
    sources: Sequence[Source] = (),
    progress: Progress | None = None,
    threads: int | None = None,
) -> dict[str, Any]:
    """Read, check and count candidates on a sample, without sharing out or writing anything.

    Parameters
    ----------
    youths, wishes, offers, as_of, settings, formats, referents, sent, ignore_sent
        As `matchmaker.match` takes them.
    criteria, sources, progress, threads
        As there.

    Returns
    -------
    dict
        ``youths``, ``offers`` (taking part, or by what keeps them out), ``rejected`` rows,
        ``youths_counted`` and ``youths_with_candidates``, all eligible pairs and their share
        of each rung with half a 95 % interval (0 where all youths were counted), the lines
        wanted and those that the caps allow, and what a run is expected to take.

    Raises
    ------
    UsageError, InputError
        As `matchmaker.match`.
    InfeasibleError
        A run would not fit into the memory of this machine.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     counts = dry_run(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15")
    >>> sum(counts["youths"].values()), sum(counts["offers"].values())
    (20, 300)
    """
    inputs = inputs_of(
        youths, wishes, offers, as_of=as_of, formats=formats, referents=referents, sent=sent
    )
    setup = setup_of(
        settings,
        criteria=criteria,
        sources=sources,
        ignore_sent=ignore_sent,
        progress=progress,
        threads=threads,
    )
    return dry_run_inputs(inputs, setup)


def dry_run_inputs(inputs: Inputs, setup: Setup) -> dict[str, Any]:
    """Do what `dry_run` does, with what was handed in and the setup as two values.

    Parameters
    ----------
    inputs : Inputs
    setup : Setup

    Returns
    -------
    dict

    Raises
    ------
    InputError, UsageError, InfeasibleError
        As for `dry_run`.
    """
    return dry_run_read(setup.clock.run(stages.read, inputs, setup), inputs, setup)


def dry_run_read(found: Read, inputs: Inputs, setup: Setup) -> dict[str, Any]:
    """Do what `dry_run` does after reading.

    Parameters
    ----------
    found : Read
        What was read of `inputs`.
    inputs : Inputs
    setup : Setup

    Returns
    -------
    dict

    Raises
    ------
    InputError, UsageError, InfeasibleError
        As for `dry_run`.
    """
    run = setup.clock.run
    ready = run(stages.prepare, found, inputs, setup)
    counts = run(_count, ready, setup)
    return {
        "as_of": inputs.as_of.isoformat(),
        "youths": _states(ready.market.youth_state, YOUTH_STATES),
        "offers": _states(ready.market.offer_state, OFFER_STATES),
        "rejected": len(found.tables.rejects),
        **counts,
    }


def _count(ready: Prepared, setup: Setup) -> dict[str, Any]:
    """Count eligible pairs on a sample, time the search, and compare with the free memory."""
    settings, market = setup.settings, ready.market
    k = settings.candidates_per_youth
    counts = count_pairs(ready.engine, k=k)
    start = time.perf_counter()
    ready.engine.best(k=k, who=sample_of(market))
    sampled_s = time.perf_counter() - start
    longest = by_row(settings, "lines_per_youth", market.youths)
    wanted = int(longest[market.takes_part].sum())
    room = exposure_left(market, settings, ready.heeded.exposure)
    allowed = int(room.sum(dtype=np.int64))
    lines, free = min(wanted, allowed, counts.kept), free_memory()
    check_memory(pairs=counts.kept, lines=lines, youths=counts.youths, free=free)
    return {
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
