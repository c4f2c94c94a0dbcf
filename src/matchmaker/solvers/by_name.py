"""Solvers by the names that settings know."""

from __future__ import annotations

from matchmaker.doors import load_named
from matchmaker.errors import UsageError, did_you_mean
from matchmaker.solvers.auction import auction
from matchmaker.solvers.min_cost_flow import check_installed, min_cost_flow
from matchmaker.solvers.problem import Solver
from matchmaker.words import said

__all__ = ["SOLVERS", "solver_named"]

SOLVERS: dict[str, Solver] = {"auction": auction, "exact": min_cost_flow}


def solver_named(name: str) -> Solver:
    """Return a solver by its name.

    Only a name chooses one: which packages are installed changes no answer.

    Parameters
    ----------
    name : str
        ``auction`` needs nothing more; ``exact`` is OR-tools' flow of least cost, of the
        extra ``exact``; ``module:NAME`` is a solver of the user's own.

    Returns
    -------
    Solver

    Raises
    ------
    UsageError
        The name is unknown, or the solver's package is not installed.

    Examples
    --------
    >>> solver_named("auction").__name__
    'auction'
    """
    if ":" in name:
        solver: Solver = load_named([name], Solver, setting="solver")[0]
        return solver
    if name not in SOLVERS:
        hint = did_you_mean(name, SOLVERS) or said("setting.solvers", names=list(SOLVERS))
        raise UsageError(said("setting.unknown_solver", name=name, hint=hint))
    if name == "exact":
        check_installed()  # before any file is read, not after
    return SOLVERS[name]
