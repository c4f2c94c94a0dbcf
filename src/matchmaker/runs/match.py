"""`match`: from files to lists, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from matchmaker.runs import stages
from matchmaker.runs.advice import priced
from matchmaker.runs.artifacts import Read, RunTables
from matchmaker.runs.clock import Progress
from matchmaker.runs.inputs import AsOf, Inputs, inputs_of
from matchmaker.runs.match_result import MatchResult
from matchmaker.runs.setup import GivenSettings, Setup, setup_of
from matchmaker.runs.shelf import Shelf
from matchmaker.scoring.criterion import Criterion
from matchmaker.settings import Settings
from matchmaker.solvers.problem import Solver
from matchmaker.tables import Given
from matchmaker.tables.sources import Source

__all__ = ["match", "match_inputs", "match_read"]


def match(
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    *,
    as_of: AsOf,
    settings: GivenSettings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
    formats: Mapping[str, str] | None = None,
    referents: Given | None = None,
    sent: Given | Sequence[Given] | None = None,
    do_not_contact: str | Path | Sequence[str | Path] | None = None,
    words: Given | Sequence[Given] | None = None,
    ignore_sent: bool = False,
    price_of_words: bool = False,
    assignment: bool = False,
    criteria: Sequence[Criterion] = (),
    solver: Solver | None = None,
    sources: Sequence[Source] = (),
    contacts_key: bytes | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> MatchResult:
    """Match youths to offers: lists with reasons, and who is left without and why.

    Parameters
    ----------
    youths, wishes, offers : path or DataFrame
        The neutral tables of ``docs/reference/tables.md``, or files of a known source.
        ``youths`` may be None where the wishes file holds both; ``offers`` may be several.
    as_of : date, datetime, Timestamp or ISO text
        The day of the run: expiry, ages and availability are counted from it.
    settings : Settings, mapping or path of a TOML file
    formats : mapping of str to str, optional
        ``youths``, ``wishes`` or ``offers`` to the name of the file's source; recognised
        by its content where left out.
    referents : path or DataFrame, optional
        Whom to name to youths with fewer than ``settings.min_lines`` lines.
    sent : path or DataFrame, or several, optional
        Lines that earlier waves sent, or folders of earlier runs, with all that these remembered
        themselves: none is sent again, and they count for the exposure of their offers.
    do_not_contact : path, or several, optional
        Who must not be written to, as mailing tools export it: e-mail addresses, telephone
        numbers, INE, ids. Who is named gets no list (`matchmaker.tables.oppositions`).
    words : path or DataFrame, or several, optional
        What advisers said: ``words.csv`` and ``outcomes.csv`` of ``cells import``. Lines they keep
        or bar, contracts found and broken, new trades are obeyed (`matchmaker.tables.advice`).
    ignore_sent : bool
        Make lists as if nothing had been sent, and say what heeding it would cost.
    price_of_words : bool
        Share the offers out once more without the lines that advisers keep or bar, and say what
        these cost, together and one by one.
    assignment : bool
        Also choose one offer a youth, one youth a seat. These pairs are chosen first and are
        lines of the lists, which therefore differ from those without it.
    criteria : sequence of Criterion, optional
        Of your own, beside those of the package and those that ``settings.criteria`` names
        (``docs/tutorials/your-own-criterion.md``).
    solver : Solver, optional
        In place of the one that ``settings.solver`` names
        (``docs/tutorials/your-own-solver.md``).
    sources : sequence of Source, optional
        File formats of your own, beside those of the package and those that
        ``settings.sources`` names (``docs/tutorials/your-own-source.md``).
    contacts_key : bytes, optional
        Secret of the pseudonyms of Affelnet and Parcoursup files; with the same key the
        same youth has the same id in every run (`matchmaker.tables.contacts`).
    progress : callable, optional
        Called with the name of the stage and the fraction of it that is done.
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

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     result = match(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15")
    ...     result.save(Path(folder) / "run")
    ...     (Path(folder) / "run" / "report.html").exists()
    True
    >>> bool(result.lists["rank"].max() <= result.settings.lines_per_youth)
    True
    """
    inputs = inputs_of(
        youths,
        wishes,
        offers,
        as_of=as_of,
        formats=formats,
        referents=referents,
        sent=sent,
        do_not_contact=do_not_contact,
        words=words,
        contacts_key=contacts_key,
    )
    setup = setup_of(
        settings,
        criteria=criteria,
        solver=solver,
        sources=sources,
        assignment=assignment,
        ignore_sent=ignore_sent,
        price_of_words=price_of_words,
        progress=progress,
        threads=threads,
    )
    return match_inputs(inputs, setup)


def match_inputs(inputs: Inputs, setup: Setup) -> MatchResult:
    """Do what `match` does, with what was handed in and the setup as two values.

    Parameters
    ----------
    inputs : Inputs
    setup : Setup

    Returns
    -------
    MatchResult

    Raises
    ------
    InputError, UsageError, InfeasibleError, CheckError
        As for `match`.
    """
    return match_read(setup.clock.run(stages.read, inputs, setup), inputs, setup)


def match_read(
    found: Read, inputs: Inputs, setup: Setup, *, shelf: Shelf | None = None
) -> MatchResult:
    """Do all stages after reading: the same tables may be matched in several ways.

    Parameters
    ----------
    found : Read
        What was read of `inputs`; nothing in it is changed.
    inputs : Inputs
    setup : Setup
    shelf : Shelf, optional
        Holds stages that need not run again (`matchmaker.runs.shelf`).

    Returns
    -------
    MatchResult

    Raises
    ------
    InputError, UsageError, InfeasibleError, CheckError
        As for `match`.
    """
    run = setup.clock.run if shelf is None else shelf.run
    ready = run(stages.prepare, found, inputs, setup)
    shared = run(stages.share_out, ready, setup)
    told = run(stages.explain, found, ready, shared, setup)
    rechecked = run(stages.check, inputs, found, ready, shared, told, setup)
    end = run(stages.summarise, inputs, found, ready, shared, told, rechecked, setup)
    tables = found.tables
    return MatchResult(
        lists=told.lists,
        assignment=told.assignment,
        certificate=told.certificate,
        unserved=told.unserved,
        follow_up=told.follow_up,
        orphans=told.orphans,
        rejects=tables.rejects,
        notes=tables.notes,
        quality=tables.quality,
        pooled=tables.pooled,
        flagged=tables.flagged,
        contacts=tables.contacts,
        kept=replace(RunTables.of(found, ready), advice=priced(ready, shared)),
        summary=end.summary,
        manifest=end.manifest,
        timings=setup.clock.seconds,
        as_of=inputs.as_of,
        settings=setup.settings,
    )
