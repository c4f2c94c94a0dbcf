"""`run`: one night of a HOME, from the configuration to the run that counts.

A night whose inputs, settings and day are those of a run that is there has nothing to do, and
says so before anything heavy is loaded: this module imports neither numba nor pandas on its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchmaker.errors import CheckError, MatchmakerError, UsageError
from matchmaker.runs import home as homes
from matchmaker.runs.config import Config
from matchmaker.runs.folder import CURRENT, FORMAT, RUNS, Run, open_run
from matchmaker.runs.foresight import key_file, night_id, old_inputs
from matchmaker.runs.shrink import Fall, falls, rows_before, rows_now
from matchmaker.words import Said, said

if TYPE_CHECKING:
    from matchmaker.runs.clock import Progress
    from matchmaker.tables import Tables

__all__ = ["Night", "Record", "dry_night", "run_night"]

Record = Callable[[str, Mapping[str, Any]], None]
"""Takes an event and its figures; never a name, an id or a cell of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a night came to.

    Attributes
    ----------
    run : Run
        The run that counts now.
    is_new : bool
        Whether it was computed, and was not there already.
    pruned : tuple of str
        Ids of the older runs that were deleted.
    said : tuple of Said
        What a person should know: inputs of an earlier day, files that changed meanwhile.
    report : str
        The figures that matter, as text; empty where nothing was computed.
    """

    run: Run
    is_new: bool
    pruned: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    report: str = ""


def run_night(
    config: Config,
    *,
    as_of: dt.date,
    resume: bool = False,
    record: Record = lambda _event, _figures: None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Night:
    """Compute the run of a night into its HOME, unless it is there already.

    Parameters
    ----------
    config : Config
        ``[run]`` has a ``home``.
    as_of : date
    resume : bool
        Take up the night that was begun and did not end, with its day in the place of `as_of`.
    record : callable, optional
        Called with each event and its figures.
    progress : callable, optional
        Called with the name of the stage and the fraction of it that is done.
    threads : int, optional
        Default: one a core. The result does not depend on it.

    Returns
    -------
    Night

    Raises
    ------
    BusyError
        Another run holds the HOME.
    CheckError
        Inputs fell by more than ``max_shrink``, or the independent check refused the run. The run
        that counted still does.
    UsageError, InputError, InfeasibleError
        As for `matchmaker.match`.
    """
    home = _home(config)
    homes.check_home(home, is_new=True)
    with homes.holding(home):
        day = _day_of(home, as_of) if resume else as_of
        if config.run.contacts is not None and not key_file(config.run.contacts).exists():
            _key(config)  # made now: the id depends on it
        run_id = night_id(config, as_of=day)
        record("started", {"run_id": run_id, "as_of": day.isoformat(), "resumed": resume})
        found, counts = homes.whole(home, run_id), homes.current_id(home) == run_id
        # Of a run that was killed before it counted the addresses may not be written yet.
        if found is not None and (counts or config.run.contacts is None):
            if not counts:
                homes.make_current(home, run_id)
            homes.end(home)
            record("unchanged", {"run_id": run_id})
            return Night(run=found, is_new=False)
        old = tuple(old_inputs(config.inputs, as_of=day))
        for one in old:
            record("old_input", {"role": one.role, "days": one.days})
        homes.begin(home, run_id, day.isoformat())
        try:
            night = _computed(
                config, home, run_id,
                day=day, record=record, progress=progress, threads=threads,
            )  # fmt: skip
        except MatchmakerError:  # it has ended, if not well; one that was killed has not
            homes.end(home)
            raise
        homes.end(home)
        return replace(night, said=(*(one.said() for one in old), *night.said))


def dry_night(config: Config, *, as_of: dt.date) -> dict[str, Any]:
    """Say what `run_night` would do, without writing anything.

    Parameters
    ----------
    config : Config
    as_of : date

    Returns
    -------
    dict
        ``run_id``, ``is_there`` (nothing to do), ``inputs`` by role with their age in days,
        ``falls`` beside the run that counts, and of a run to be made the counts of
        `matchmaker.dry_run`.

    Raises
    ------
    UsageError, InputError, InfeasibleError
        As for `matchmaker.dry_run`.
    """
    home = _home(config)
    run_id = night_id(config, as_of=as_of)
    told: dict[str, Any] = {
        "run_id": run_id,
        "is_there": homes.whole(home, run_id) is not None,
        "old_inputs": [
            {"role": one.role, "days": one.days} for one in old_inputs(config.inputs, as_of=as_of)
        ],
    }
    if told["is_there"]:
        return told

    from matchmaker.runs import stages
    from matchmaker.runs.configured import inputs_named, setup_named
    from matchmaker.runs.dry_run import dry_run_read

    inputs, setup = inputs_named(config.inputs, as_of=as_of), setup_named(config)
    found = stages.read(inputs, setup)
    fell = _falls(_before(home), found.tables, config)
    told["falls"] = [{"what": f.what, "before": f.before, "now": f.now} for f in fell]
    return {**told, **dry_run_read(found, inputs, setup)}


def _home(config: Config) -> Path:
    if config.run.home is None:
        raise UsageError(said("config.missing", path=config.path, section="run", name="home"))
    return config.run.home


def _key(config: Config) -> bytes | None:
    """Return the key of pseudonyms, made at the first use; None where no contacts are written."""
    if config.run.contacts is None:
        return None

    from matchmaker.tables import contacts as addresses

    read = [config.path, *(path for _, path in config.inputs.by_role())]
    return addresses.key_for(config.run.contacts, run_dir=_home(config), inputs=read)


def _day_of(home: Path, as_of: dt.date) -> dt.date:
    """Return the day of the night that was begun; `as_of` where none is open."""
    left = homes.begun(home)
    if left is not None:
        with suppress(ValueError):
            return dt.date.fromisoformat(left[1])
    return as_of


def _before(home: Path) -> Run | None:
    """Return the run that counts, to compare the inputs with; None where there is none to read."""
    try:
        before = homes.current_run(home)
    except UsageError:
        return None
    return before if before is not None and before.is_match and before.format == FORMAT else None


def _falls(before: Run | None, tables: Tables, config: Config) -> tuple[Fall, ...]:
    """Return what fell too far since the run that counts."""
    if before is None:
        return ()
    rows = rows_before(before.manifest, before.summary())
    return falls(rows, rows_now(tables), max_shrink=config.run.max_shrink)


def _refuse_falls(fell: tuple[Fall, ...], config: Config, record: Record) -> None:
    """Stop the night where something fell too far."""
    for fall in fell:
        record("fell", {"what": fall.what, "before": fall.before, "now": fall.now})
    if fell:
        lang = config.settings.lang
        raise CheckError(
            *(fall.said(lang) for fall in fell),
            said("home.stopped", share=100 * config.run.max_shrink, path=config.path),
        )


def _computed(
    config: Config,
    home: Path,
    run_id: str,
    *,
    day: dt.date,
    record: Record,
    progress: Progress | None,
    threads: int | None,
) -> Night:
    """Compute a run, publish it and make it the one that counts."""
    from matchmaker.runs import stages
    from matchmaker.runs.configured import inputs_named, setup_named
    from matchmaker.runs.match import match_read
    from matchmaker.runs.publishing import check_target
    from matchmaker.tables import contacts as addresses

    inputs = inputs_named(config.inputs, as_of=day, contacts_key=_key(config))
    inputs = replace(inputs, wants_contacts=config.run.contacts is not None)
    before = _before(home)
    if before is not None:
        inputs = replace(inputs, before=before.summary()["offers"]["by_source"])
    told_of: set[str] = set()

    def tell(stage: str, done: float) -> None:
        if progress is not None:
            progress(stage, done)
        for ended in setup.clock.seconds.keys() - told_of:
            told_of.add(ended)
            record("stage", {"stage": ended, "seconds": setup.clock.seconds[ended]})

    setup = setup_named(config, progress=tell, threads=threads)
    check_target(home / RUNS / run_id)
    found = setup.clock.run(stages.read, inputs, setup)
    for alert in found.tables.alerts:
        record("alert", {"reason": alert.reason})
    _refuse_falls(_falls(before, found.tables, config), config, record)
    result = match_read(found, inputs, setup)
    made = str(result.manifest["run_id"])
    told: tuple[Said, ...] = ()
    if before is None and homes.current_id(home):
        told = (said("home.lost", path=home / CURRENT),)
    if made != run_id:  # a file was written anew between the look at it and its reading
        record("changed", {"run_id": made})
        told += (said("home.changed"),)
    result.save(home / RUNS / made)
    if config.run.contacts is not None:
        # Before the run counts: one that counts is not computed again, and would lack them.
        addresses.write(result.contacts, config.run.contacts, run_dir=home, run_id=made)
    homes.make_current(home, made)
    counts = {**result.manifest["counts"], "served": result.summary["youths"]["served"]}
    record("published", {"run_id": made, **counts})
    pruned = homes.prune(home, config.run.keep)
    if pruned:
        record("pruned", {"runs": len(pruned)})
    run = open_run(home / RUNS / made)
    return Night(run=run, is_new=True, pruned=pruned, said=told, report=str(result))
