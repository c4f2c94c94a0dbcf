"""How a run works: settings, what a user brings of their own, and the means it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from matchmaker.candidates.engine import EngineMaker
from matchmaker.candidates.fused import fused_engine
from matchmaker.errors import UsageError
from matchmaker.runs.clock import Clock, Progress
from matchmaker.scoring.criteria import CRITERIA, criteria_for
from matchmaker.scoring.criterion import Criterion
from matchmaker.scoring.total import spelled_out
from matchmaker.settings import Settings
from matchmaker.solvers.auction import auction
from matchmaker.solvers.by_name import solver_named
from matchmaker.solvers.problem import Solver
from matchmaker.tables.sources import Source
from matchmaker.words import said

__all__ = ["GivenSettings", "Setup", "settings_of", "setup_of"]

GivenSettings = Settings | Mapping[str, object] | str | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How a run works: what decides its results, then what does not.

    Attributes
    ----------
    settings : Settings
        Spelled out: the weight and the points of every criterion stand in it.
    given : Settings
        As they were given, for the id of the run.
    criteria : tuple of Criterion
        Those of the package, then the user's own.
    solver : Solver
    sources : tuple of Source
        The user's own objects; those that ``settings.sources`` names come besides.
    handed_in : mapping of str to tuple of str
        Names of the objects that no setting names, for the manifest.
    assignment : bool
        Also choose one offer a youth, one youth a seat.
    ignore_sent : bool
        Make lists as if nothing had been sent, and say what heeding it would cost.
    price_of_words : bool
        Also say what obeying advisers costs.
    clock : Clock
        Times the stages and tells their progress.
    threads : int or None
        None: one a core. No result depends on it.
    """

    settings: Settings
    given: Settings
    criteria: tuple[Criterion, ...] = CRITERIA
    solver: Solver = auction
    sources: tuple[Source, ...] = ()
    handed_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    assignment: bool = False
    ignore_sent: bool = False
    price_of_words: bool = False
    clock: Clock = field(default_factory=Clock)
    threads: int | None = None

    @property
    def asked(self) -> dict[str, bool]:
        """What else decides the result and stands in no setting, ready for JSON."""
        price = {"price_of_words": True} if self.price_of_words else {}
        return {"assignment": self.assignment, "ignore_sent": self.ignore_sent, **price}

    @property
    def engine_of(self) -> EngineMaker:
        """Makes the engine of a market and its score tables."""
        return partial(fused_engine, threads=self.threads)


def setup_of(
    settings: GivenSettings,
    *,
    criteria: Sequence[Criterion] = (),
    solver: Solver | None = None,
    sources: Sequence[Source] = (),
    assignment: bool = False,
    ignore_sent: bool = False,
    price_of_words: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Setup:
    """Return a `Setup` from what a user gives, before any file is read.

    Parameters
    ----------
    settings : Settings, mapping or path of a TOML file
    criteria, sources : sequence
        The user's own, beside those of the package and those that the settings name.
    solver : Solver, optional
        In place of the one that ``settings.solver`` names.
    assignment, ignore_sent, price_of_words, threads
        As in `Setup`.
    progress : callable, optional
        Called with the name of the stage and the fraction of it that is done.

    Returns
    -------
    Setup

    Raises
    ------
    UsageError
        A setting, a weight or a value of a criterion cannot be; what a setting names is
        not there, or is not what it should be.
    """
    chosen = settings_of(settings)
    known = criteria_for(chosen, criteria)
    return Setup(
        settings=spelled_out(chosen, known),
        given=chosen,
        criteria=known,
        solver=solver_named(chosen.solver) if solver is None else solver,
        sources=tuple(sources),
        handed_in={
            "criteria": tuple(criterion.name for criterion in criteria),
            "solver": () if solver is None else (_name_of(solver),),
            "sources": tuple(source.name for source in sources),
        },
        assignment=assignment,
        ignore_sent=ignore_sent,
        price_of_words=price_of_words,
        clock=Clock(progress),
        threads=threads,
    )


def settings_of(given: GivenSettings) -> Settings:
    """Return `Settings` from a mapping of names, the path of a TOML file, or as they are.

    Parameters
    ----------
    given : Settings, mapping or path

    Returns
    -------
    Settings

    Raises
    ------
    UsageError
        The file is not there; a name or a value cannot be; or `given` is something else.

    Examples
    --------
    >>> settings_of({"lines_per_youth": 6}).lines_per_youth
    6
    """
    if isinstance(given, Settings):
        return given
    if isinstance(given, Mapping):
        return Settings.from_dict(given)
    if isinstance(given, str | Path):
        return Settings.from_toml(given)
    raise UsageError(said("usage.settings", value=repr(given)))


def _name_of(solver: Solver) -> str:
    """Return module and name of a function, or of the class of an object that is called."""
    named = solver if hasattr(solver, "__qualname__") else type(solver)
    return f"{named.__module__}:{getattr(named, '__qualname__', '')}"
