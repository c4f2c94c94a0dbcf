"""What earlier runs sent: a run given as such brings all that it remembered itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matchmaker.errors import UsageError
from matchmaker.runs.folder import CURRENT, FORMAT, MANIFEST, Run, open_run
from matchmaker.words import said

if TYPE_CHECKING:
    from matchmaker.tables import Given

__all__ = ["Earlier", "earlier_lines"]

_LISTS = ("lists.csv", "lists.parquet")
_SENT = "tables/sent.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What is to be read of what was sent.

    Attributes
    ----------
    given : tuple of path or DataFrame
        Runs taken apart into their tables.
    run_ids : tuple of str
        Of the runs among them.
    """

    given: tuple[Given, ...]
    run_ids: tuple[str, ...]


def earlier_lines(given: Sequence[Given]) -> Earlier:
    """Return the tables behind what was given as sent.

    The lists of a run, named as a file in its folder, stand for the run too: what it remembered
    must not be forgotten because somebody names one file and not the folder.

    Parameters
    ----------
    given : sequence of path or DataFrame
        Tables `sent`, lists of runs, folders of runs, HOMEs.

    Returns
    -------
    Earlier

    Raises
    ------
    UsageError
        A folder is no run of `match`.
    """
    tables: list[Given] = []
    run_ids: list[str] = []
    for one in given:
        path = Path(one) if isinstance(one, str | Path) else None
        if path is None or not (path.is_dir() or _is_of_a_run(path)):
            tables.append(one)
            continue
        run = open_run(path if path.is_dir() else path.parent)
        if not run.is_match:
            raise UsageError(said("folder.no_lists", path=path))
        tables += [run.path / "lists.parquet" if path.is_dir() else path, *_remembered(run)]
        run_ids += [run.run_id] if run.run_id else []
    return Earlier(given=tuple(tables), run_ids=tuple(run_ids))


def _is_of_a_run(file: Path) -> bool:
    """Tell whether a file is the lists of a run that remembers something itself."""
    folder = file.parent
    if file.name not in _LISTS or not file.is_file() or (folder / CURRENT).is_file():
        return False
    if not (folder / MANIFEST).is_file():
        return False
    try:
        run = open_run(folder)
    except UsageError:  # somebody else's manifest
        return False
    return run.format >= FORMAT and run.is_match


def _remembered(run: Run) -> list[Given]:
    return [run.path / _SENT] if run.format >= FORMAT else []
