"""`assign`: one offer at most for each youth, from tables or from preference lists.

`assign` scores the pairs itself, from the tables of `match`; `assign_preferences` takes
the lists that both sides have written down.  Both give the same kind of result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from matchmaker.assignment import (
    compare_methods,
    encode,
    method_table,
    offer_table,
    rank_weights,
    read_capacities,
    read_preferences,
    youth_table,
)
from matchmaker.assignment.compare import Method
from matchmaker.assignment.lottery import Lottery
from matchmaker.assignment.scored import Priority
from matchmaker.runs import assign_stages, stages
from matchmaker.runs.artifacts import RunTables
from matchmaker.runs.assign_stages import Mechanism, method_figures
from matchmaker.runs.assignment_result import AssignmentResult
from matchmaker.runs.clock import Clock, Progress
from matchmaker.runs.identity import content_of
from matchmaker.runs.inputs import AsOf, Inputs, inputs_of
from matchmaker.runs.manifest import build_manifest
from matchmaker.runs.setup import GivenSettings, Setup, settings_of, setup_of
from matchmaker.scoring.criterion import Criterion
from matchmaker.settings import Settings
from matchmaker.tables import Given, InputFile
from matchmaker.tables.sources import Source

__all__ = ["Mechanism", "assign", "assign_inputs", "assign_preferences"]


def assign(
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    *,
    as_of: AsOf,
    method: Method = "stable",
    priority: Priority = "score",
    lottery: Lottery = "common",
    settings: GivenSettings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
    formats: Mapping[str, str] | None = None,
    criteria: Sequence[Criterion] = (),
    sources: Sequence[Source] = (),
    progress: Progress | None = None,
    threads: int | None = None,
) -> AssignmentResult:
    """Assign youths to offers by the scores of their eligible pairs.

    A youth's list are their ``settings.candidates_per_youth`` best eligible pairs, by
    score; equal scores are a tie, put in order by a hash of the two ids.

    Parameters
    ----------
    youths, wishes, offers, as_of, settings, formats, criteria, sources, progress, threads
        As for `matchmaker.match`.
    method : {"stable", "best", "most"}
        "best" is the highest sum of scores, "most" the most placed and then that sum.
    priority : {"score", "lottery"}
        How an offer ranks youths: by the score of the pair, ties by lottery, or by
        lottery alone.
    lottery : {"common", "per_offer"}
        One number a youth, or one for each offer.

    Returns
    -------
    AssignmentResult

    Raises
    ------
    InputError, UsageError
        As `matchmaker.match`.
    CheckError
        The independent check refused the result.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     result = assign(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15")
    >>> result.summary["methods"]["stable"]["blocking_pairs"]
    0
    """
    inputs = inputs_of(youths, wishes, offers, as_of=as_of, formats=formats)
    mechanism = Mechanism(method=method, priority=priority, lottery=lottery)
    setup = setup_of(
        settings, criteria=criteria, sources=sources, progress=progress, threads=threads
    )
    return assign_inputs(inputs, mechanism, setup)


def assign_inputs(inputs: Inputs, mechanism: Mechanism, setup: Setup) -> AssignmentResult:
    """Do what `assign` does, with what was handed in and the setup as values.

    Parameters
    ----------
    inputs : Inputs
    mechanism : Mechanism
    setup : Setup

    Returns
    -------
    AssignmentResult

    Raises
    ------
    InputError, UsageError, CheckError
        As for `assign`.
    """
    run = setup.clock.run
    found = run(stages.read, inputs, setup)
    ready = run(stages.prepare, found, inputs, setup)
    assigned = run(assign_stages.share_out, ready, mechanism, setup)
    tables = run(assign_stages.explain, found, ready, assigned, mechanism, setup)
    run(assign_stages.check, inputs, found, tables, setup)
    end = run(assign_stages.summarise, inputs, found, ready, assigned, tables, mechanism, setup)
    return AssignmentResult(
        tables=tables,
        kept=RunTables.of(found, ready),
        summary=end.summary,
        manifest=end.manifest,
        timings=setup.clock.seconds,
        as_of=inputs.as_of,
        settings=setup.settings,
    )


def assign_preferences(
    youth_preferences: str | Path,
    offer_preferences: str | Path,
    capacities: str | Path | None = None,
    *,
    method: Method = "stable",
    lottery: Lottery = "common",
    settings: GivenSettings = Settings(),  # noqa: B008 - as above
    progress: Progress | None = None,
) -> AssignmentResult:
    r"""Assign youths to offers by the lists that both sides have written down.

    Parameters
    ----------
    youth_preferences, offer_preferences : path
        CSV ``id, rank, other_id``: wishes of the youths; youths each offer accepts.
    capacities : path, optional
        CSV ``offer_id, capacity``; one seat for each offer with a ranking if left out.
    method : {"stable", "best", "most"}
    lottery : {"common", "per_offer"}
        One number a youth, or one for each offer.
    settings : Settings, mapping or path of a TOML file
        ``seed`` and ``lang`` are read.
    progress : callable, optional
        Called with the name of the stage and the fraction of it that is done.

    Returns
    -------
    AssignmentResult
        Its ``as_of`` is None: no rule here looks at a date.

    Raises
    ------
    UsageError, InputError
        A file is not there; its content is unusable, all faults at once.
    CheckError
        The independent check refused the result.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     wishes, ranking = Path(folder) / "wishes.csv", Path(folder) / "ranking.csv"
    ...     _ = wishes.write_text("id,rank,other_id\nAna,1,bakery\nBo,1,bakery\nBo,2,garage\n")
    ...     _ = ranking.write_text("id,rank,other_id\nbakery,1,Ana\nbakery,2,Bo\ngarage,1,Bo\n")
    ...     result = assign_preferences(wishes, ranking)
    >>> result.tables["youths"]["offer_id"].tolist()
    ['bakery', 'garage']
    """
    chosen, clock = settings_of(settings), Clock(progress)
    with clock.stage("read"):
        wishes = read_preferences(youth_preferences)
        rankings = read_preferences(offer_preferences)
        seats = dict.fromkeys(rankings, 1) if capacities is None else read_capacities(capacities)
    with clock.stage("prepare"):
        named = encode(wishes, rankings, seats, seed=chosen.seed, lottery=lottery)
    with clock.stage("share_out"):
        methods = compare_methods(named.preferences, rank_weights(named.preferences))
        matching = methods[method][0]
    with clock.stage("explain"):
        tables = {
            "youths": youth_table(named, matching, lang=chosen.lang),
            "offers": offer_table(named, matching),
            "methods": method_table(methods),
        }
    files = {
        "youth_preferences": (youth_preferences, sum(map(len, wishes.values()))),
        "offer_preferences": (offer_preferences, sum(map(len, rankings.values()))),
    }
    if capacities is not None:
        files["capacities"] = (capacities, len(seats))
    with clock.stage("summarise"):
        summary = {
            "method": method,
            "seed": chosen.seed,
            "lottery": lottery,
            "youths": len(wishes),
            "offers": len(seats),
            "seats": sum(seats.values()),
            "is_synthetic": False,
            "unplaced_with_cut_list": 0,
            **method_figures(methods, tables["youths"], chosen.lang),
        }
        read = [_input_file(role, path, rows) for role, (path, rows) in files.items()]
        asked = {"method": method, "lottery": lottery}
        manifest = build_manifest(
            read,
            identity=content_of(
                as_of=None,
                inputs=[(file.role, file.sha256) for file in read],
                reference=(),
                settings=chosen,
                asked=asked,
            ),
            asked=asked,
            settings=chosen,
            as_of=None,
            reference=(),
            counts={name: int(summary[name]) for name in ("youths", "offers", "seats")},
            is_synthetic=False,
            handed_in={},
        )
    return AssignmentResult(
        tables=tables,
        summary=summary,
        manifest=manifest,
        timings=clock.seconds,
        as_of=None,
        settings=chosen,
    )


def _input_file(role: str, path: str | Path, rows: int) -> InputFile:
    """Return what the manifest says of a preference file; `rows`: ranks or offers in it."""
    file = Path(path)
    return InputFile(
        role=role, name=file.name, sha256=sha256(file.read_bytes()).hexdigest(), rows=rows
    )
