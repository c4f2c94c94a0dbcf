"""The stages of a run, each once: artifacts in, an artifact out.

Their names are those of ``timings.json``.  `matchmaker.runs.match`, `assign` and
`dry_run` say which of them follow each other.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.allocators import give_back
from matchmaker.audit.summary import summarise as summary_of
from matchmaker.audit.summary import table_figures
from matchmaker.candidates.market import build_market
from matchmaker.candidates.memory import check_market
from matchmaker.candidates.plain import plain_engine
from matchmaker.errors import printable
from matchmaker.explain.extra import Beside
from matchmaker.explain.orphans import orphans_frame
from matchmaker.explain.published import published_lines
from matchmaker.explain.unserved import short_lists
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.lists.certificate import certificate_frame
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.exposure import exposure_left
from matchmaker.lists.figures import (
    objective_figures,
    order_figures,
    proof_figures,
    showing_figures,
    wave_figures,
)
from matchmaker.lists.line_tables import assignment_frame
from matchmaker.lists.make import make_lists
from matchmaker.lists.pins import advised_of
from matchmaker.lists.smallest_caps import caps_figures, smallest_caps
from matchmaker.lists.variety import variety_figures
from matchmaker.reference.nearness import between
from matchmaker.reference.store import used
from matchmaker.routes.follow_up import follow_up, with_referents
from matchmaker.runs.advice import advice_figures, price_of_words
from matchmaker.runs.artifacts import Explained, Prepared, Read, SharedOut, Summarised
from matchmaker.runs.earlier import earlier_lines
from matchmaker.runs.effects import effects_of
from matchmaker.runs.identity import identity_of
from matchmaker.runs.inputs import Inputs
from matchmaker.runs.manifest import build_manifest
from matchmaker.runs.setup import Setup
from matchmaker.runs.territories import territory_figures
from matchmaker.scoring.total import scoring_of
from matchmaker.tables import Sent, Tables, joined_sent, load, load_referents, load_sent
from matchmaker.tables.advice import read_advice
from matchmaker.tables.advice_heeded import heed_advice, no_advice
from matchmaker.tables.contact_rows import refuse_nobody
from matchmaker.tables.freshness import silent_sources
from matchmaker.tables.oppositions import read_oppositions
from matchmaker.tables.sources import sources_for
from matchmaker.verify import Clean, check_lists, check_sentences
from matchmaker.verify.bounds import Claims, check_bounds
from matchmaker.verify.diplomas import cells_of

_log = logging.getLogger("matchmaker")

__all__ = ["check", "explain", "prepare", "read", "share_out", "summarise", "tell_doubts"]


def read(inputs: Inputs, setup: Setup) -> Read:
    """Read and check all that was handed in.

    What casts doubt on a whole file is logged at once: what follows may take long.

    Parameters
    ----------
    inputs : Inputs
    setup : Setup

    Returns
    -------
    Read

    Raises
    ------
    UsageError, InputError
        A file is not there; its content is unusable, all faults at once.
    """
    settings, as_of = setup.settings, inputs.as_of
    oppositions = None
    if inputs.do_not_contact:
        oppositions = read_oppositions(inputs.do_not_contact, key=inputs.contacts_key)
    tables = load(
        inputs.youths,
        inputs.wishes,
        inputs.offers,
        as_of=as_of,
        settings=settings,
        formats=inputs.formats,
        sources=sources_for(settings, inputs.contacts_key, setup.sources),
        oppositions=oppositions,
        wants_contacts=inputs.wants_contacts,
    )
    if oppositions is not None:
        tables = replace(tables, files=(*tables.files, *oppositions.files))
    if inputs.wants_contacts:
        refuse_nobody(tables.contacts, tables.files)
    tell_doubts(tables, inputs, setup)
    referents = None
    if inputs.referents is not None:
        read_referents = load_referents(inputs.referents, names=settings.map)
        referents = read_referents.frame
        tables = replace(tables, files=(*tables.files, read_referents.file))
    earlier = earlier_lines(inputs.sent)
    sent = None
    if earlier.given:
        sent = joined_sent([load_sent(g, settings=settings, as_of=as_of) for g in earlier.given])
        tables = _with_sent(tables, sent)
    advice = None
    if inputs.words:
        said = read_advice(inputs.words)
        shown = None if sent is None else sent.frame
        tables, advice = heed_advice(tables, said, shown, settings=settings, as_of=as_of)
    return Read(tables=tables, referents=referents, sent=sent, runs=earlier.run_ids, advice=advice)


def tell_doubts(tables: Tables, inputs: Inputs, setup: Setup) -> None:
    """Log what casts doubt on a whole file.

    Parameters
    ----------
    tables : Tables
    inputs : Inputs
    setup : Setup
    """
    lang = setup.settings.lang
    for alert in (*tables.alerts, *silent_sources(inputs.before, tables.kinds, lang)):
        _log.warning("%s", printable(alert.sentence(lang), limit=500))


def _with_sent(tables: Tables, sent: Sent) -> Tables:
    """Return the tables with what was found while reading what was sent."""
    return replace(
        tables,
        rejects=pd.concat([tables.rejects, sent.rejects], ignore_index=True),
        notes=pd.concat([tables.notes, sent.notes], ignore_index=True),
        quality=pd.concat([tables.quality, sent.quality], ignore_index=True),
        files=(*tables.files, *sent.files),
    )


def prepare(found: Read, inputs: Inputs, setup: Setup) -> Prepared:
    """Turn the tables into arrays, and lay the offers out for the search.

    Parameters
    ----------
    found : Read
    inputs : Inputs
    setup : Setup

    Returns
    -------
    Prepared

    Raises
    ------
    InputError
        A youth has more wishes than can be told apart.
    UsageError
        The weights, points and costs of rungs do not go together.
    """
    market = build_market(found.tables, setup.settings, as_of=inputs.as_of)
    scoring = scoring_of(market, setup.settings, setup.criteria)
    remembered = remembered_lines(None if found.sent is None else found.sent.frame, market)
    heeded = remembered_lines(None, market) if setup.ignore_sent else remembered
    said = no_advice() if found.advice is None else found.advice
    advised, told = advised_of(said, market, scoring.tables, setup.settings, heeded)
    return Prepared(
        market=market,
        scoring=scoring,
        engine=setup.engine_of(market, scoring.tables),
        remembered=remembered,
        heeded=heeded,
        nearness=between(
            cells_of(found.tables.wishes), cells_of(found.tables.offers), setup.settings
        ),
        advised=advised,
        advice=None if found.advice is None else told,
    )


def share_out(ready: Prepared, setup: Setup) -> SharedOut:
    """Share the offers out over all lists, and find what the lists are set beside.

    Parameters
    ----------
    ready : Prepared
    setup : Setup

    Returns
    -------
    SharedOut

    Raises
    ------
    InfeasibleError
        The run would not fit into the memory of this machine.
    UsageError
        Two settings ask for different first lines.
    """
    market, settings = ready.market, setup.settings
    room = exposure_left(market, settings, ready.heeded.exposure)
    lines_allowed = int(room.sum(dtype=np.int64))
    check_market(ready.engine, settings, lines_allowed=lines_allowed)
    share = partial(
        make_lists,
        ready.engine,
        assignment=setup.assignment,
        advised=ready.advised,
        solver=setup.solver,
        progress=setup.clock.within,
    )
    lists = share(settings, sent=ready.heeded)
    is_forgetful = setup.ignore_sent and ready.remembered.rows > 0
    remembering = share(settings, sent=ready.remembered) if is_forgetful else None
    # What the fair lists cost is known only beside the others.
    is_fair = settings.objective == "fair"
    other = share(replace(settings, objective="best"), sent=ready.heeded) if is_fair else None
    allowed = AllowedPairs(engine=ready.engine, terms=lists.whole)
    return SharedOut(
        lists=lists,
        remembering=remembering,
        other=other,
        smallest_caps=smallest_caps(
            allowed, lists.candidates, settings, used=ready.heeded.exposure
        ),
        variety=variety_figures(allowed, lists.pairs, settings),
        effects=effects_of(ready, lists, setup),
        territories=territory_figures(ready, lists, setup),
        advice=price_of_words(ready, lists, setup) if setup.price_of_words else {},
    )


def explain(found: Read, ready: Prepared, shared: SharedOut, setup: Setup) -> Explained:
    """Put the lists into words, and say of everybody without a line why.

    Parameters
    ----------
    found : Read
    ready : Prepared
    shared : SharedOut
    setup : Setup

    Returns
    -------
    Explained
    """
    lists, market, settings = shared.lists, ready.market, setup.settings
    shown = published_lines(lists, ready.engine, ready.scoring, settings)
    give_back()  # parts of sentences, as large as the searches that follow
    why = short_lists(
        market,
        ready.scoring.tables,
        settings,
        has_candidate=lists.has_candidate,
        beside=Beside.of(
            market,
            settings,
            held=lists.pairs,
            exposure=lists.exposure,
            sent=ready.heeded.pairs,
            barred=ready.advised.banned,
        ),
        engine_of=setup.engine_of,
    )
    few = follow_up(shown, why.unserved, why.few, market.youths, found.referents, settings)
    return Explained(
        lists=shown,
        assignment=assignment_frame(lists, market),
        certificate=certificate_frame(lists.certificates, lists.first_offer, market),
        unserved=with_referents(why.unserved, few),
        follow_up=few,
        orphans=orphans_frame(lists, market, ready.scoring.tables, settings, setup.engine_of),
    )


def check(
    inputs: Inputs,
    found: Read,
    ready: Prepared,
    shared: SharedOut,
    told: Explained,
    setup: Setup,
) -> int:
    """Derive again what must hold of the lists; return the youths whose bounds were, too.

    Parameters
    ----------
    inputs : Inputs
    found : Read
    ready : Prepared
    shared : SharedOut
    told : Explained
    setup : Setup

    Returns
    -------
    int

    Raises
    ------
    CheckError
        The independent check refused the lists.
    """
    tables, settings = found.tables, setup.settings
    clean = Clean(
        youths=tables.youths,
        wishes=tables.wishes,
        offers=tables.offers,
        sent=None if found.sent is None or setup.ignore_sent else found.sent.frame,
        as_of=inputs.as_of,
        words=ready.advice,
    )
    bands = {
        name: (terms.bands.floor.tolist(), terms.bands.bonus.tolist())
        for name, terms in shared.lists.terms.items()
        if terms.bands is not None
    }
    engine = plain_engine(ready.market, ready.scoring.tables)
    showing = shared.lists.proofs["lists"].offers
    with ThreadPoolExecutor(max_workers=1) as beside:
        bounds = beside.submit(
            check_bounds,
            engine,
            clean,
            settings,
            told.lists,
            told.certificate,
            claims=Claims.of(
                bands,
                clean,
                told.lists,
                settings,
                is_most_shown=showing is not None and showing.is_most,
            ),
        )
        # Wrong lines are said first: their bounds would only repeat it.
        check_lists(told.lists, told.assignment, clean, settings)
        check_sentences(told.lists, clean, settings)
    return bounds.result()


def summarise(
    inputs: Inputs,
    found: Read,
    ready: Prepared,
    shared: SharedOut,
    told: Explained,
    rechecked: int,
    setup: Setup,
) -> Summarised:
    """Count the figures of the run, and write down what is needed to repeat it.

    Parameters
    ----------
    inputs : Inputs
    found : Read
    ready : Prepared
    shared : SharedOut
    told : Explained
    rechecked : int
        Youths whose bounds were derived again.
    setup : Setup

    Returns
    -------
    Summarised
    """
    tables, settings, lists = found.tables, setup.settings, shared.lists
    used_before = ready.heeded.exposure
    counted = table_figures(
        told.lists,
        told.assignment,
        told.unserved,
        told.follow_up,
        tables,
        is_open=ready.market.is_open,
        settings=settings,
    )
    waves = None
    if found.sent is not None:
        waves = wave_figures(lists, ready.remembered, remembering=shared.remembering)
    others = {
        "order": order_figures(lists),
        "objective": objective_figures(lists, settings, other=shared.other),
        "waves": waves,
        "variety": shared.variety,
        "caps": caps_figures(shared.smallest_caps, ready.market, settings, used=used_before),
        "proofs": proof_figures(
            lists, settings, rechecked=rechecked, obeys=ready.advised.says_lines
        ),
        **({"published": shown} if (shown := showing_figures(lists, told.orphans)) else {}),
        **({"effects": shared.effects} if shared.effects else {}),
        **({"oppositions": tables.oppositions} if tables.oppositions else {}),
        **({"territories": shared.territories} if shared.territories else {}),
        **advice_figures(found, ready, shared),
    }
    return Summarised(
        summary=summary_of(
            counted,
            others,
            as_of=inputs.as_of,
            is_synthetic=tables.is_synthetic,
            lang=settings.lang,
        ),
        manifest=_manifest(inputs, found, told, setup),
    )


def _manifest(inputs: Inputs, found: Read, told: Explained, setup: Setup) -> dict[str, Any]:
    """Return what is needed to repeat the run, and the rows of its tables."""
    tables = found.tables
    return build_manifest(
        tables.files,
        identity=identity_of(
            inputs,
            setup,
            asked=setup.asked,
            files=[(file.role, file.sha256) for file in tables.files],
            sent=found.runs,
        ),
        asked=setup.asked,
        settings=setup.settings,
        as_of=inputs.as_of,
        reference=used(setup.settings),
        counts={
            "youths": len(tables.youths),
            "wishes": len(tables.wishes),
            "offers": len(tables.offers),
            "rejects": len(tables.rejects),
            "lines": len(told.lists),
            "unserved": len(told.unserved),
        },
        is_synthetic=tables.is_synthetic,
        handed_in=setup.handed_in,
    )
