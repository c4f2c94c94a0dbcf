"""From a configuration to the values that a run begins with."""

from __future__ import annotations

from matchmaker.runs.clock import Progress
from matchmaker.runs.config import Config, InputPaths
from matchmaker.runs.inputs import AsOf, Inputs, inputs_of
from matchmaker.runs.setup import Setup, setup_of

__all__ = ["inputs_named", "setup_named"]


def inputs_named(named: InputPaths, *, as_of: AsOf, contacts_key: bytes | None = None) -> Inputs:
    """Return what a configuration names as the inputs of a run.

    Parameters
    ----------
    named : InputPaths
    as_of : date, datetime or ISO text
    contacts_key : bytes, optional
        As for `matchmaker.match`.

    Returns
    -------
    Inputs

    Raises
    ------
    UsageError
        `as_of` is no date.

    Examples
    --------
    >>> from pathlib import Path
    >>> named = InputPaths(wishes=Path("w.csv"), offers=(Path("o.csv"),))
    >>> inputs_named(named, as_of="2023-09-15").offers
    (PosixPath('o.csv'),)
    """
    return inputs_of(
        named.youths,
        named.wishes,
        named.offers,
        as_of=as_of,
        formats=named.formats,
        referents=named.referents,
        sent=named.sent,
        do_not_contact=named.do_not_contact,
        words=named.words,
        contacts_key=contacts_key,
    )


def setup_named(
    config: Config, *, progress: Progress | None = None, threads: int | None = None
) -> Setup:
    """Return how a run of a configuration works.

    Parameters
    ----------
    config : Config
    progress : callable, optional
    threads : int, optional

    Returns
    -------
    Setup

    Raises
    ------
    UsageError
        As for `matchmaker.runs.setup.setup_of`.
    """
    return setup_of(
        config.settings,
        assignment="assignment" in config.run.outputs,
        progress=progress,
        threads=threads,
    )
