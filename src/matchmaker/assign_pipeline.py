"""The whole way from files to an assignment: one offer at most for each youth.

`assign` scores the pairs itself, from the tables of `match`; `assign_preferences` takes
the lists that both sides have written down.  Both give the same kind of result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from matchmaker.assignment import (
    Matching,
    Preferences,
    compare_methods,
    encode,
    method_table,
    offer_table,
    order_lists,
    rank_weights,
    read_capacities,
    read_preferences,
    youth_table,
)
from matchmaker.assignment.compare import Method, MethodFigures
from matchmaker.assignment.encode import Market as NamedPreferences
from matchmaker.assignment.lottery import Lottery
from matchmaker.assignment_result import AssignmentResult
from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import Market, build_market
from matchmaker.candidates.pairs import Pairs, ScoreTables
from matchmaker.candidates.search import find_pairs
from matchmaker.clock import Clock, Progress
from matchmaker.explain.reasons import reasons
from matchmaker.explain.unserved import unserved
from matchmaker.lists.lines import seats_of
from matchmaker.reference.store import used
from matchmaker.report import build_manifest
from matchmaker.scoring.apart import take_apart
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.version import VERSION

__all__ = ["Priority", "assign", "assign_preferences"]

Source = str | Path | pd.DataFrame
Priority = Literal["score", "lottery"]


def assign_preferences(
    youth_preferences: str | Path,
    offer_preferences: str | Path,
    capacities: str | Path | None = None,
    *,
    method: Method = "stable",
    lottery: Lottery = "common",
    settings: Settings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
) -> AssignmentResult:
    """Assign youths to offers by the lists that both sides have written down.

    Parameters
    ----------
    youth_preferences, offer_preferences : path
        CSV ``id, rank, other_id``: wishes of the youths; youths each offer accepts.
    capacities : path, optional
        CSV ``offer_id, capacity``; one seat for each offer with a ranking if left out.
    method : {"stable", "best", "most"}
    lottery : {"common", "per_offer"}
        One number a youth, or one for each offer.
    settings : Settings
        ``seed`` and ``lang`` are read.

    Raises
    ------
    UsageError, InputError
        A file is not there; its content is unusable, all faults at once.
    CheckError
        The independent check refused the result.
    """
    wishes = read_preferences(youth_preferences)
    rankings = read_preferences(offer_preferences)
    seats = dict.fromkeys(rankings, 1) if capacities is None else read_capacities(capacities)
    market = encode(wishes, rankings, seats, seed=settings.seed, lottery=lottery)
    methods = compare_methods(market.preferences, rank_weights(market.preferences))
    matching = methods[method][0]
    tables = {
        "youths": youth_table(market, matching, lang=settings.lang),
        "offers": offer_table(market, matching),
        "methods": method_table(methods),
    }
    files = [Path(f) for f in (youth_preferences, offer_preferences, capacities) if f is not None]
    return AssignmentResult(
        tables=tables,
        summary={
            "method": method,
            "seed": settings.seed,
            "lottery": lottery,
            "youths": len(wishes),
            "offers": len(seats),
            "seats": sum(seats.values()),
            "is_synthetic": False,
            "unplaced_with_cut_list": 0,
            **_figures(methods, tables["youths"]),
        },
        manifest={
            "inputs": [
                {"name": f.name, "sha256": sha256(f.read_bytes()).hexdigest()} for f in files
            ],
        },
        settings=settings,
    )


def assign(
    youths: Source | None,
    wishes: Source,
    offers: Source | Sequence[Source],
    *,
    as_of: dt.date,
    method: Method = "stable",
    priority: Priority = "score",
    lottery: Lottery = "common",
    settings: Settings = Settings(),  # noqa: B008 - as above
    progress: Progress | None = None,
    youths_format: str | None = None,
    wishes_format: str | None = None,
    offers_format: str | None = None,
    threads: int | None = None,
) -> AssignmentResult:
    """Assign youths to offers by the scores of their eligible pairs.

    A youth's list are their ``settings.candidates_per_youth`` best eligible pairs, by
    score; equal scores are a tie, put in order by a hash of the two ids.

    Parameters
    ----------
    youths, wishes, offers, as_of, settings, threads, ..._format
        As for `matchmaker.match`.
    method : {"stable", "best", "most"}
        "best" is the highest sum of scores, "most" the most placed and then that sum.
    priority : {"score", "lottery"}
        How an offer ranks youths: by the score of the pair, ties by lottery, or by
        lottery alone.
    lottery : {"common", "per_offer"}
        One number a youth, or one for each offer.
    progress : callable, optional
        Called with the name of the stage and the fraction of it that is done.

    Raises
    ------
    InputError, UsageError
        As `matchmaker.match`.
    CheckError
        The independent check refused the result.
    """
    clock = Clock(progress)
    with clock.stage("read"):
        tables = load(
            youths, wishes, offers, as_of=as_of, settings=settings, youths_format=youths_format,
            wishes_format=wishes_format, offers_format=offers_format,
        )  # fmt: skip
    with clock.stage("prepare"):
        market = build_market(tables, settings, as_of=as_of)
        scores = score_tables(market, settings)
    with clock.stage("candidates"):
        pairs = find_pairs(
            market, scores, build_index(market, scores), k=settings.candidates_per_youth,
            threads=threads, progress=clock.within,
        )  # fmt: skip
        named, pairs = _preferences(market, pairs, priority, lottery)
    with clock.stage("assign"):
        methods = compare_methods(named.preferences, pairs.score)
        matching = methods[method][0]
    with clock.stage("explain"):
        shown = _explained(
            youth_table(named, matching, lang=settings.lang),
            market, scores, pairs, matching, settings, threads,
        )  # fmt: skip
        cut_offs = offer_table(named, matching, by_score=priority == "score")
    is_synthetic = any(
        bool((frame["source"] == "synthetic").any())
        for frame in (tables.youths, tables.wishes, tables.offers)
    )
    counts = {"youths": len(tables.youths), "offers": len(tables.offers), "pairs": len(pairs)}
    return AssignmentResult(
        tables={
            "youths": shown,
            # Firms that stand in nobody's list would drown the offers that matter.
            "offers": cut_offs[cut_offs["wished"] > 0].reset_index(drop=True),
            "methods": method_table(methods),
            "rejects": tables.rejects,
            "quality": tables.quality,
        },
        summary={
            "as_of": as_of.isoformat(),
            "method": method,
            "seed": settings.seed,
            "priority": priority,
            "lottery": lottery,
            "over": f"the best {settings.candidates_per_youth} eligible pairs of each youth",
            "youths": int((market.youth_state == 0).sum()),
            "offers": int((market.offer_state == 0).sum()),
            "seats": int(named.preferences.capacity.sum()),
            "is_synthetic": is_synthetic,
            # Some of them might have been placed by a longer list.
            "unplaced_with_cut_list": int(
                ((np.diff(pairs.indptr) == settings.candidates_per_youth) & (matching.pair < 0)).sum()
            ),
            **_figures(methods, shown),
        },
        manifest=build_manifest(
            tables.files, reference=used(settings),
            settings=settings, as_of=as_of, counts=counts,
            is_synthetic=is_synthetic, matchmaker_version=VERSION,
        ),
        settings=settings,
    )  # fmt: skip


def _figures(
    methods: Mapping[Method, tuple[Matching, MethodFigures]], youths: pd.DataFrame
) -> dict[str, Any]:
    """Return the figures of each method, and why youths have no offer, most frequent first."""
    alone = youths[youths["offer_id"] == ""]
    found = alone.groupby(["why_code", "why"]).size().reset_index(name="youths")
    found = found.sort_values(["youths", "why_code"], ascending=[False, True])
    return {
        "methods": {name: asdict(one) for name, (_, one) in methods.items()},
        "unplaced": [
            {"reason_code": code, "reason": why, "youths": int(n)}
            for code, why, n in found.itertuples(index=False)
        ],
    }


def _preferences(
    market: Market, pairs: Pairs, priority: Priority, lottery: Lottery
) -> tuple[NamedPreferences, Pairs]:
    """Return scored pairs as preferences, and the pairs in their order, best first."""
    order = order_lists(
        pairs.indptr,
        pairs.offer,
        np.zeros(len(pairs), dtype=np.int32),
        pairs.score,
        market.youth_hash,
        market.offer_hash,
    )
    best_first = replace(
        pairs,
        offer=pairs.offer[order],
        score=pairs.score[order],
        wish=pairs.wish[order],
        rung=pairs.rung[order],
    )
    # The rank goes up wherever the score falls, counted from each youth's first pair.
    falls = np.zeros(len(pairs), dtype=np.int32)
    falls[1:] = np.diff(best_first.score) != 0
    steps = np.cumsum(falls)
    has_list = np.diff(pairs.indptr) > 0
    before = np.repeat(steps[pairs.indptr[:-1][has_list]], np.diff(pairs.indptr)[has_list])
    return (
        NamedPreferences(
            youth_ids=market.youths["youth_id"].to_list(),
            offer_ids=market.offers["offer_id"].to_list(),
            preferences=Preferences(
                indptr=pairs.indptr,
                offer=best_first.offer,
                tier=(1 + steps - before).astype(np.int32),
                priority=best_first.score if priority == "score" else np.zeros_like(pairs.score),
                capacity=seats_of(market).astype(np.int64),
                youth_hash=market.youth_hash,
                offer_hash=market.offer_hash,
                lottery=lottery,
            ),
        ),
        best_first,
    )


def _explained(
    shown: pd.DataFrame,
    market: Market,
    scores: ScoreTables,
    pairs: Pairs,
    matching: Matching,
    settings: Settings,
    threads: int | None,
) -> pd.DataFrame:
    """Return the table of youths with the offer obtained in words, and why there is no list."""
    youth = np.flatnonzero(matching.pair >= 0)
    pair = matching.pair[youth]
    obtained = Pairs(
        indptr=np.concatenate(([0], np.cumsum(matching.pair >= 0))).astype(np.int64),
        offer=pairs.offer[pair],
        score=pairs.score[pair],
        wish=pairs.wish[pair],
        rung=pairs.rung[pair],
    )
    lines = take_apart(market, scores, obtained)
    offers = market.offers
    words: dict[str, Any] = {
        "wish_rank": market.wishes["rank"].to_numpy()[market.entry_wish[lines.entry]],
        "score": obtained.score,
        "title": offers["title"].to_numpy(dtype=object)[obtained.offer],
        "employer": offers["employer"].to_numpy(dtype=object)[obtained.offer],
        "place": offers["place_name"].to_numpy(dtype=object)[obtained.offer],
        "reason": reasons(lines, market, settings).to_numpy(dtype=object),
    }
    for at, (name, values) in enumerate(words.items(), start=3):
        column = np.full(len(shown), "" if values.dtype == object else 0, dtype=values.dtype)
        column[youth] = values
        shown.insert(at, name, column)
    alone = np.flatnonzero(np.diff(pairs.indptr) == 0).astype(np.int32)
    no_list = unserved(
        market, scores, settings,
        without_line=alone, has_candidate=np.diff(pairs.indptr) > 0, threads=threads,
    )  # fmt: skip
    shown.loc[alone, "why_code"] = no_list["reason_code"].to_numpy(dtype=object)
    shown.loc[alone, "why"] = no_list["reason"].to_numpy(dtype=object)
    return shown
