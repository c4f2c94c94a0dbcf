"""The whole way from files to lists, one call a stage."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.audit.summary import summarise
from matchmaker.candidates.count import count_pairs, sample_of
from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import OFFER_STATES, YOUTH_STATES, build_market
from matchmaker.candidates.memory import check_memory, expected_memory, free_memory
from matchmaker.candidates.pairs import RUNGS
from matchmaker.candidates.search import find_pairs
from matchmaker.explain.reasons import reasons
from matchmaker.explain.unserved import unserved
from matchmaker.lists.check import check_lists
from matchmaker.lists.frames import assignment_frame, lists_frame
from matchmaker.lists.lines import Lists, exposure_caps, make_lists
from matchmaker.lists.share import Proof
from matchmaker.reference.store import used
from matchmaker.report.manifest import build_manifest
from matchmaker.result import MatchResult
from matchmaker.routes.follow_up import follow_up, with_referents
from matchmaker.scoring.total import contributions, score_tables, spelled_out, take_apart
from matchmaker.settings import Settings
from matchmaker.tables import Tables, load, load_referents
from matchmaker.version import VERSION

__all__ = ["dry_run", "match"]

Source = str | Path | pd.DataFrame
Progress = Callable[[str, float], None]


def match(
    youths: Source | None,
    wishes: Source,
    offers: Source | Sequence[Source],
    *,
    as_of: dt.date,
    settings: Settings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
    referents: Source | None = None,
    assignment: bool = False,
    progress: Progress | None = None,
    youths_format: str | None = None,
    wishes_format: str | None = None,
    offers_format: str | None = None,
    contacts_key: bytes | None = None,
    threads: int | None = None,
) -> MatchResult:
    """Match youths to offers: lists with reasons, and who is left without and why.

    Parameters
    ----------
    youths, wishes, offers : path or DataFrame
        The neutral tables of ``docs/reference/tables.md``, or files of a known source.
        ``youths`` may be None where the wishes file holds both; ``offers`` may be several.
    as_of : date
        The day of the run: expiry, ages and availability are counted from it.
    settings : Settings
    referents : path or DataFrame, optional
        Whom to name to youths with fewer than ``settings.min_lines`` lines.
    assignment : bool
        Also choose one offer a youth, one youth a seat.
    progress : callable, optional
        Called with the name of the stage and the fraction of it that is done.
    youths_format, wishes_format, offers_format : str, optional
        Source of the file; recognised by its content when left out.
    contacts_key : bytes, optional
        Secret of the pseudonyms of Affelnet and Parcoursup files; with the same key the
        same youth has the same id in every run (`matchmaker.tables.contacts`).
    threads : int, optional
        Default: one a core. The result does not depend on it.

    Returns
    -------
    MatchResult

    Raises
    ------
    InputError
        The content of a file is unusable.
    UsageError
        A file is not there, a setting cannot be.
    CheckError
        The independent check refused the lists.
    """
    settings = spelled_out(settings)  # faults of the settings come before any file is read
    clock = _Clock(progress)
    with clock.stage("read"):
        tables = load(
            youths, wishes, offers, as_of=as_of, settings=settings,
            youths_format=youths_format, wishes_format=wishes_format, offers_format=offers_format,
            contacts_key=contacts_key,
        )  # fmt: skip
        people = load_referents(referents) if referents is not None else None
    with clock.stage("prepare"):
        market = build_market(tables, settings, as_of=as_of)
        scores = score_tables(market, settings)
        index = build_index(market, scores)
    with clock.stage("share_out"):
        lists = make_lists(
            market, scores, index, settings,
            assignment=assignment, threads=threads, progress=clock.within,
        )  # fmt: skip
    with clock.stage("explain"):
        lines = take_apart(market, scores, lists.pairs)
        points = contributions(lines, market, settings)
        sentence = reasons(lines, market, settings)
        shown = lists_frame(lists, lines, market, points, scores.rung_cost, sentence)
        assigned = assignment_frame(lists, market)
        alone = unserved(
            market, scores, settings,
            without_line=np.flatnonzero(np.diff(lists.pairs.indptr) == 0).astype(np.int32),
            has_candidate=lists.has_candidate, threads=threads,
        )  # fmt: skip
        few = follow_up(shown, alone, market.youths, people, settings)
        alone = with_referents(alone, few)
    with clock.stage("check"):
        check_lists(shown, assigned, tables.youths, tables.offers, settings, as_of=as_of)
    with clock.stage("report"):
        summary = summarise(
            shown, assigned, alone, tables.youths, tables.offers,
            settings=settings, as_of=as_of, proofs=_proofs(lists),
        )  # fmt: skip
        manifest = build_manifest(
            tables.files, settings=settings, as_of=as_of, reference=used(settings), counts=_counts(tables, shown, alone),
            is_synthetic=summary["is_synthetic"], matchmaker_version=VERSION,
        )  # fmt: skip
    return MatchResult(
        lists=shown, assignment=assigned, unserved=alone, follow_up=few,
        rejects=tables.rejects, quality=tables.quality, pooled=tables.pooled,
        flagged=tables.flagged, contacts=tables.contacts, summary=summary, manifest=manifest,
        timings=clock.seconds, as_of=as_of, settings=settings,
    )  # fmt: skip


def dry_run(
    youths: Source | None,
    wishes: Source,
    offers: Source | Sequence[Source],
    *,
    as_of: dt.date,
    settings: Settings = Settings(),  # noqa: B008 - as above
    referents: Source | None = None,
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
    clock = _Clock(progress)
    with clock.stage("read"):
        tables = load(
            youths, wishes, offers, as_of=as_of, settings=settings,
            youths_format=youths_format, wishes_format=wishes_format, offers_format=offers_format,
        )  # fmt: skip
        if referents is not None:
            load_referents(referents)
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
    allowed = int(exposure_caps(market, settings).sum(dtype=np.int64))
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


def _proofs(lists: Lists) -> dict[str, Any]:
    """Return what is certified, with the objective, the constraints and the pairs it is about."""
    proofs = {"lists": _proof(lists.proof, "lists under exposure caps")}
    if lists.assignment_proof is not None:
        proofs["assignment"] = _proof(lists.assignment_proof, "one offer a youth, one youth a seat")
    return proofs


def _proof(proof: Proof, constraints: str) -> dict[str, Any]:
    return {
        "objective": "most youths served, then the largest sum of plain scores",
        "constraints": constraints,
        "over": "all eligible pairs",
        "youths_servable": proof.servable,
        "youths_served": proof.served,
        "is_most_served": proof.is_most_served,
        "score": proof.score,
        "score_bound": proof.bound,
        "gap": round(proof.gap, 8),
        "rounds": proof.rounds,
        "pairs_in_last_problem": proof.pairs,
    }


def _counts(tables: Tables, lists: pd.DataFrame, alone: pd.DataFrame) -> dict[str, int]:
    return {
        "youths": len(tables.youths),
        "wishes": len(tables.wishes),
        "offers": len(tables.offers),
        "rejects": len(tables.rejects),
        "lines": len(lists),
        "unserved": len(alone),
    }


class _Clock:
    """Seconds of each stage, and word of it to whoever watches."""

    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._stage = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._stage = name
        self.within(0.0)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)
        self.within(1.0)

    def within(self, fraction: float) -> None:
        if self._progress is not None:
            self._progress(self._stage, fraction)
