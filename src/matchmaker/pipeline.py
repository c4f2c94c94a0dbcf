"""The whole way from files to lists, one call a stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.audit.summary import summarise
from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import Market, build_market
from matchmaker.candidates.memory import check_market
from matchmaker.candidates.pairs import ScoreTables
from matchmaker.clock import Clock, Progress
from matchmaker.explain.reasons import reasons
from matchmaker.explain.unserved import unserved
from matchmaker.lists.bound import Search
from matchmaker.lists.caps import caps_figures, smallest_caps
from matchmaker.lists.certificate import certificate_frame
from matchmaker.lists.check import check_lists
from matchmaker.lists.figures import objective_figures, proof_figures, wave_figures
from matchmaker.lists.frames import assignment_frame, lists_frame
from matchmaker.lists.lines import Lists, exposure_caps, make_lists
from matchmaker.lists.recheck import recheck
from matchmaker.lists.varied import variety_figures
from matchmaker.lists.variety import groups_of
from matchmaker.lists.waves import sent_pairs
from matchmaker.reference.store import used
from matchmaker.report.manifest import build_manifest
from matchmaker.result import MatchResult
from matchmaker.routes.follow_up import follow_up, with_referents
from matchmaker.scoring.apart import contributions, take_apart
from matchmaker.scoring.total import score_tables, spelled_out
from matchmaker.settings import Settings
from matchmaker.tables import Sent, Tables, load, load_referents, load_sent
from matchmaker.version import VERSION

__all__ = ["match"]

Source = str | Path | pd.DataFrame


def match(
    youths: Source | None,
    wishes: Source,
    offers: Source | Sequence[Source],
    *,
    as_of: dt.date,
    settings: Settings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
    referents: Source | None = None,
    sent: Source | None = None,
    ignore_sent: bool = False,
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
    sent : path or DataFrame, optional
        Lines that earlier waves sent, or the lists of an earlier run: none is sent again,
        and they count for the exposure of their offers.
    ignore_sent : bool
        Make lists as if nothing had been sent, and say what heeding it would cost.
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
    InfeasibleError
        The run would not fit into the memory of this machine.
    CheckError
        The independent check refused the lists.
    """
    settings = spelled_out(settings)  # faults of the settings come before any file is read
    clock = Clock(progress)
    with clock.stage("read"):
        tables = load(
            youths, wishes, offers, as_of=as_of, settings=settings,
            youths_format=youths_format, wishes_format=wishes_format, offers_format=offers_format,
            contacts_key=contacts_key,
        )  # fmt: skip
        people = load_referents(referents) if referents is not None else None
        earlier = None if sent is None else load_sent(sent, settings=settings, as_of=as_of)
    with clock.stage("prepare"):
        market = build_market(tables, settings, as_of=as_of)
        scores = score_tables(market, settings)
        index = build_index(market, scores)
        memory = sent_pairs(None if earlier is None else earlier.frame, market)
        room = exposure_caps(market, settings) - (0 if ignore_sent else memory.exposure)
        check_market(
            market, scores, index, settings,
            lines_allowed=int(np.maximum(room, 0).sum(dtype=np.int64)), threads=threads,
        )  # fmt: skip
    with clock.stage("share_out"):
        share = partial(
            make_lists, market, scores, index,
            assignment=assignment, threads=threads, progress=clock.within,
        )  # fmt: skip
        heeded = sent_pairs(None, market) if ignore_sent else memory
        lists = share(settings, sent=heeded)
        remembering = share(settings, sent=memory) if ignore_sent and earlier else None
        # What the fair lists cost is known only beside the others.
        is_fair = settings.objective == "fair"
        other = share(replace(settings, objective="best"), sent=heeded) if is_fair else None
        search = Search(
            market=market, tables=scores, index=index, terms=lists.whole, threads=threads
        )
        caps = smallest_caps(search, lists.candidates, settings, used=heeded.exposure)
        varied = variety_figures(search, groups_of(market), lists.pairs, settings)
    with clock.stage("explain"):
        shown = _explained(lists, market, scores, settings)
        assigned = assignment_frame(lists, market)
        alone = unserved(
            market, scores, settings,
            without_line=np.flatnonzero(np.diff(lists.pairs.indptr) == 0).astype(np.int32),
            has_candidate=lists.has_candidate, threads=threads,
        )  # fmt: skip
        few = follow_up(shown, alone, market.youths, people, settings)
        alone = with_referents(alone, few)
    with clock.stage("check"):
        check_lists(
            shown, assigned, tables.youths, tables.offers, settings, as_of=as_of,
            sent=None if earlier is None or ignore_sent else earlier.frame,
        )  # fmt: skip
        rechecked = recheck(market, scores, lists.pairs, lists.terms, lists.certificates)
    with clock.stage("report"):
        tables = _with_sent(tables, earlier)
        summary = summarise(
            shown, assigned, alone, tables.youths, tables.offers,
            settings=settings, as_of=as_of,
            proofs=proof_figures(lists, settings, rechecked=rechecked),
            objective=objective_figures(lists, settings, other=other),
            waves=wave_figures(lists, memory, remembering=remembering) if earlier else None,
            variety=varied, caps=caps_figures(caps, market, settings, used=heeded.exposure),
        )  # fmt: skip
        manifest = build_manifest(
            tables.files, settings=settings, as_of=as_of, reference=used(settings),
            counts=_counts(tables, shown, alone), is_synthetic=summary["is_synthetic"],
            matchmaker_version=VERSION,
        )  # fmt: skip
    return MatchResult(
        lists=shown, assignment=assigned,
        certificate=certificate_frame(lists.certificates, lists.first_offer, market),
        unserved=alone, follow_up=few,
        rejects=tables.rejects, quality=tables.quality, pooled=tables.pooled,
        flagged=tables.flagged, contacts=tables.contacts, summary=summary, manifest=manifest,
        timings=clock.seconds, as_of=as_of, settings=settings,
    )  # fmt: skip


def _explained(
    lists: Lists, market: Market, scores: ScoreTables, settings: Settings
) -> pd.DataFrame:
    """Return the lines with what each criterion gave them, and a sentence of reason."""
    lines = take_apart(market, scores, lists.pairs)
    order = np.lexsort((lists.rank, lines.youth))
    lines = lines.at(order)
    return lists_frame(
        lists.rank[order], lists.exposure, lines, market,
        points=contributions(lines, market, settings), rung_cost=scores.rung_cost,
        reason=reasons(lines, market, settings),
    )  # fmt: skip


def _with_sent(tables: Tables, earlier: Sent | None) -> Tables:
    """Return the tables with what was found while reading what was sent."""
    if earlier is None:
        return tables
    return replace(
        tables,
        rejects=pd.concat([tables.rejects, earlier.rejects], ignore_index=True),
        quality=pd.concat([tables.quality, earlier.quality], ignore_index=True),
        files=(*tables.files, earlier.file),
    )


def _counts(tables: Tables, lists: pd.DataFrame, alone: pd.DataFrame) -> dict[str, int]:
    return {
        "youths": len(tables.youths),
        "wishes": len(tables.wishes),
        "offers": len(tables.offers),
        "rejects": len(tables.rejects),
        "lines": len(lists),
        "unserved": len(alone),
    }
