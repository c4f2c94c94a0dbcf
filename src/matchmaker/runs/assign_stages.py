"""The stages of `assign` that differ from those of `match`: artifacts in, an artifact out.

Their names are those of ``timings.json``, as in `matchmaker.runs.stages`; reading and
preparing are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.assignment import (
    Matching,
    compare_methods,
    method_table,
    offer_table,
    youth_table,
)
from matchmaker.assignment.compare import Method, MethodFigures
from matchmaker.assignment.encode import NamedPreferences
from matchmaker.assignment.lottery import Lottery
from matchmaker.assignment.scored import Priority, scored_preferences
from matchmaker.candidates.pairs import Pairs
from matchmaker.explain.assigned import explained_youths
from matchmaker.reference.store import used
from matchmaker.runs.artifacts import Prepared, Read, Summarised
from matchmaker.runs.identity import identity_of
from matchmaker.runs.inputs import Inputs
from matchmaker.runs.manifest import build_manifest
from matchmaker.runs.setup import Setup
from matchmaker.verify.assigned import check_assigned
from matchmaker.verify.clean import Clean
from matchmaker.words import Lang, say, table

__all__ = ["Assigned", "Mechanism", "check", "explain", "method_figures", "share_out", "summarise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """How seats are given.

    Attributes
    ----------
    method : {"stable", "best", "most"}
        The one that the tables hold; every method is worked out and compared.
    priority : {"score", "lottery"}
        How an offer ranks youths.
    lottery : {"common", "per_offer"}
        One number a youth, or one for each offer.
    """

    method: Method = "stable"
    priority: Priority = "score"
    lottery: Lottery = "common"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assigned:
    """Every method's matching over each youth's best pairs.

    Attributes
    ----------
    preferences : NamedPreferences
    pairs : Pairs
        Best first within a youth.
    methods : mapping of str to (Matching, MethodFigures)
    chosen : Matching
        That of the method asked for.
    """

    preferences: NamedPreferences
    pairs: Pairs
    methods: Mapping[Method, tuple[Matching, MethodFigures]]
    chosen: Matching


def share_out(ready: Prepared, mechanism: Mechanism, setup: Setup) -> Assigned:
    """Find each youth's best pairs, and assign by every method.

    Parameters
    ----------
    ready : Prepared
    mechanism : Mechanism
    setup : Setup

    Returns
    -------
    Assigned

    Raises
    ------
    CheckError
        The independent check refused a matching.
    """
    pairs = ready.engine.best(k=setup.settings.candidates_per_youth).pairs
    named, pairs = scored_preferences(ready.market, pairs, mechanism.priority, mechanism.lottery)
    methods = compare_methods(named.preferences, pairs.score)
    return Assigned(
        preferences=named, pairs=pairs, methods=methods, chosen=methods[mechanism.method][0]
    )


def explain(
    found: Read, ready: Prepared, assigned: Assigned, mechanism: Mechanism, setup: Setup
) -> dict[str, pd.DataFrame]:
    """Return the tables of the result: youths, offers and methods, what was refused and why.

    Parameters
    ----------
    found : Read
    ready : Prepared
    assigned : Assigned
    mechanism : Mechanism
    setup : Setup

    Returns
    -------
    dict of str to DataFrame
        As `matchmaker.AssignmentResult.tables`.
    """
    named, matching, settings = assigned.preferences, assigned.chosen, setup.settings
    offers = offer_table(named, matching, by_score=mechanism.priority == "score")
    return {
        "youths": explained_youths(
            youth_table(named, matching, lang=settings.lang),
            ready.engine,
            ready.scoring,
            assigned.pairs,
            matching,
            settings,
            setup.engine_of,
        ),
        # Firms that stand in nobody's list would drown the offers that matter.
        "offers": offers[offers["wished"] > 0].reset_index(drop=True),
        "methods": method_table(assigned.methods),
        "rejects": found.tables.rejects,
        "notes": found.tables.notes,
        "quality": found.tables.quality,
    }


def check(inputs: Inputs, found: Read, tables: Mapping[str, pd.DataFrame], setup: Setup) -> None:
    """Derive again from the clean tables that each youth may have the offer obtained.

    Parameters
    ----------
    inputs : Inputs
    found : Read
    tables : mapping of str to DataFrame
        ``youths`` is read.
    setup : Setup

    Raises
    ------
    CheckError
        The independent check refused the assignment.
    """
    clean = Clean(
        youths=found.tables.youths,
        wishes=found.tables.wishes,
        offers=found.tables.offers,
        as_of=inputs.as_of,
    )
    check_assigned(tables["youths"], clean, setup.settings)


def summarise(
    inputs: Inputs,
    found: Read,
    ready: Prepared,
    assigned: Assigned,
    tables: Mapping[str, pd.DataFrame],
    mechanism: Mechanism,
    setup: Setup,
) -> Summarised:
    """Count the figures of the run, and write down what is needed to repeat it.

    Parameters
    ----------
    inputs : Inputs
    found : Read
    ready : Prepared
    assigned : Assigned
    tables : mapping of str to DataFrame
        As `explain` gives them.
    mechanism : Mechanism
    setup : Setup

    Returns
    -------
    Summarised
    """
    settings, market, longest = setup.settings, ready.market, setup.settings.candidates_per_youth
    is_cut = np.diff(assigned.pairs.indptr) == longest
    is_synthetic = found.tables.is_synthetic
    summary = {
        "as_of": inputs.as_of.isoformat(),
        **asdict(mechanism),
        "seed": settings.seed,
        "over": say(settings.lang, "proof.over_best", n=longest),
        "youths": int(market.takes_part.sum()),
        "offers": int(market.is_open.sum()),
        "seats": int(assigned.preferences.preferences.capacity.sum()),
        "is_synthetic": is_synthetic,
        # Some of them might have been placed by a longer list.
        "unplaced_with_cut_list": int((is_cut & (assigned.chosen.pair < 0)).sum()),
        **method_figures(assigned.methods, tables["youths"], settings.lang),
    }
    files = [(file.role, file.sha256) for file in found.tables.files]
    manifest = build_manifest(
        found.tables.files,
        identity=identity_of(inputs, setup, asked=asdict(mechanism), files=files, sent=()),
        asked=asdict(mechanism),
        settings=settings,
        as_of=inputs.as_of,
        reference=used(settings),
        counts={
            "youths": len(found.tables.youths),
            "offers": len(found.tables.offers),
            "pairs": len(assigned.pairs),
        },
        is_synthetic=is_synthetic,
        handed_in=setup.handed_in,
    )
    return Summarised(summary=summary, manifest=manifest)


def method_figures(
    methods: Mapping[Method, tuple[Matching, MethodFigures]], youths: pd.DataFrame, lang: Lang
) -> dict[str, Any]:
    """Return the figures of each method, and why youths have no offer, most frequent first.

    Each reason is counted once, in words that hold of all its youths: their own distances and
    names stay in the table of youths.

    Parameters
    ----------
    methods : mapping of method to (Matching, MethodFigures)
    youths : DataFrame
        ``offer_id``, ``why_code`` and ``why`` are read.
    lang : {"fr", "en"}

    Returns
    -------
    dict
        ``methods`` and ``unplaced``, ready for JSON.
    """
    alone = youths[youths["offer_id"] == ""]
    counted = alone.groupby("why_code").agg(why=("why", "first"), youths=("why", "size"))
    counted = counted.reset_index().sort_values(["youths", "why_code"], ascending=[False, True])
    # Of an empty list the table tells the facts of the one youth; of a full offer nothing else.
    in_general = table(lang, "unserved")
    return {
        "methods": {name: asdict(one) for name, (_, one) in methods.items()},
        "unplaced": [
            {"reason_code": code, "reason": in_general.get(code, why), "youths": int(n)}
            for code, why, n in counted.itertuples(index=False)
        ],
    }
