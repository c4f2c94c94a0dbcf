"""A HOME: the runs of many nights, the one that counts, and a lock for the run that is at work.

``runs/<run id>/`` holds each run, ``CURRENT`` the id of the one that counts, swapped last and in
one step; ``BEGUN`` is there while a run works, so that one that was killed can be taken up again;
``stages/`` what finished stages of the last one gave (`matchmaker.runs.shelf`);
``.lock`` is held by the process that works and let go by the system when that ends, however.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from matchmaker.errors import BusyError, UsageError
from matchmaker.replacing import replaced
from matchmaker.runs.folder import CURRENT, MANIFEST, RUNS, TIMINGS, Run, open_run, outputs_of
from matchmaker.runs.locks import hold
from matchmaker.words import said

__all__ = [
    "begin",
    "begun",
    "check_home",
    "clear_stages",
    "current_id",
    "current_run",
    "end",
    "history",
    "holding",
    "make_current",
    "prune",
    "whole",
]  # fmt: skip

BEGUN, STAGES, _LOCK = "BEGUN", "stages", ".lock"
_GOING = ".pruned-"  # before the name of a run that is being deleted


def check_home(home: Path, *, is_new: bool = False) -> None:
    """Refuse a folder that is no HOME.

    Parameters
    ----------
    home : Path
    is_new : bool
        It may also be empty, or not there yet.

    Raises
    ------
    UsageError
        It holds something else than a HOME does, or nothing where it must be one.
    """
    if not home.is_dir():
        if is_new and not home.exists():
            return
        raise UsageError(said("home.no_home", home=home, name=RUNS))
    try:
        present = {path.name for path in home.iterdir()}
    except OSError as error:
        raise UsageError(said("folder.cannot_look", out=home, why=error.strerror)) from None
    if RUNS not in present and present and is_new:
        raise UsageError(said("home.foreign", home=home, name=min(present)))
    if RUNS not in present and not is_new:
        raise UsageError(said("home.no_home", home=home, name=RUNS))


@contextmanager
def holding(home: Path) -> Iterator[None]:
    """Hold a HOME for one run, making it at the first; clear away what a killed one left.

    Parameters
    ----------
    home : Path

    Raises
    ------
    BusyError
        Another run holds it.
    UsageError
        The folder cannot be written to.
    """
    handle = None
    try:
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            (home / RUNS).mkdir(mode=0o700, exist_ok=True)
            handle = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UsageError(said("error.cannot_write", path=home, why=error.strerror)) from None
        if not hold(handle):
            raise BusyError(said("home.busy", home=home))
        with suppress(OSError):  # what cannot be cleared away now is the next run's to clear
            for left in home.glob(f".{CURRENT}.*"):
                left.unlink()
            for left in (*home.glob(f".{BEGUN}.*"), *(home / STAGES).glob(".*.zip.*")):
                left.unlink()
            for left in (home / RUNS).glob(f"{_GOING}*"):
                _delete(left, home / RUNS / left.name.removeprefix(_GOING))
        yield
    finally:
        if handle is not None:
            os.close(handle)


def current_run(home: Path) -> Run | None:
    """Return the run that counts, or None before there is one.

    Parameters
    ----------
    home : Path

    Returns
    -------
    Run or None

    Raises
    ------
    UsageError
        ``CURRENT`` names a run that is not there, or is not ours.
    """
    return open_run(home) if (home / CURRENT).is_file() else None


def current_id(home: Path) -> str:
    """Return the id in ``CURRENT``, whether that run is there or not; "" before there is one.

    Parameters
    ----------
    home : Path

    Returns
    -------
    str
    """
    try:
        return (home / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def whole(home: Path, run_id: str) -> Run | None:
    """Return a run of a HOME if it is there with all its files; None if it is not.

    Parameters
    ----------
    home : Path
    run_id : str

    Returns
    -------
    Run or None
    """
    folder = home / RUNS / run_id
    try:
        run = open_run(folder)
    except UsageError:
        return None
    is_whole = run.run_id == run_id and all((folder / name).is_file() for name in run.outputs)
    return run if is_whole else None


def make_current(home: Path, run_id: str) -> None:
    """Make a run the one that counts, in one step that is on the disk when this returns.

    Parameters
    ----------
    home : Path
    run_id : str

    Raises
    ------
    UsageError
        The folder cannot be written to.
    """
    _write(home / CURRENT, run_id + "\n")


def begin(home: Path, run_id: str, as_of: str) -> None:
    """Write down that a run begins, until `end`.

    Parameters
    ----------
    home : Path
    run_id : str
    as_of : str
        Day of the run.

    Raises
    ------
    UsageError
        The folder cannot be written to.
    """
    _write(home / BEGUN, json.dumps({"run_id": run_id, "as_of": as_of}) + "\n")


def begun(home: Path) -> tuple[str, str] | None:
    """Return id and day of the run that was begun and has not ended; None if all have.

    Parameters
    ----------
    home : Path

    Returns
    -------
    (str, str) or None
    """
    try:
        told = json.loads((home / BEGUN).read_bytes())
        return str(told["run_id"]), str(told["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def end(home: Path) -> None:
    """Write down that the run that was begun has ended.

    Parameters
    ----------
    home : Path
    """
    with suppress(OSError):  # what stays there leads to a run that is there already
        (home / BEGUN).unlink(missing_ok=True)


def clear_stages(home: Path, *, but: Collection[str] = ()) -> None:
    """Delete what is kept of stages.

    Parameters
    ----------
    home : Path
    but : collection of str
        Names of the stages that stay.
    """
    with suppress(OSError):  # what stays is used only by what it was made for
        for kept in (home / STAGES).glob("*.zip"):
            if kept.stem not in but:
                kept.unlink()
        if not but:
            (home / STAGES).rmdir()


def history(home: Path) -> tuple[str, ...]:
    """Return the ids of all runs, the one published last first.

    Parameters
    ----------
    home : Path

    Returns
    -------
    tuple of str
    """
    folder = home / RUNS
    found = [
        ((path / MANIFEST).stat().st_mtime_ns, path.name)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if not path.name.startswith(".") and (path / MANIFEST).is_file()
    ]
    return tuple(run_id for _, run_id in sorted(found, reverse=True))


def prune(home: Path, keep: int) -> tuple[str, ...]:
    """Delete all runs but the last ones; the one that counts is always kept.

    Only files that a run wrote, with the bytes that it wrote, are deleted.  What else lies in its
    folder goes to ``<run id>.kept-1`` (2, 3 ...) beside it.

    Parameters
    ----------
    home : Path
        Held by this process.
    keep : int
        How many are kept, the one that counts among them.

    Returns
    -------
    tuple of str
        Ids of the runs that are gone.

    Raises
    ------
    UsageError
        A run cannot be deleted.
    """
    counts = current_id(home)
    runs = [run_id for run_id in history(home) if run_id != counts]
    gone = runs[max(keep - bool(counts), 0) :]
    for run_id in gone:
        folder = home / RUNS / run_id
        if not (outputs_of(folder) or _is_empty_run(folder)):
            continue  # not ours
        try:
            # Half a run must not be taken for one: it goes by another name first.
            going = folder.rename(folder.with_name(f"{_GOING}{run_id}"))
            _delete(going, folder)
        except OSError as error:
            raise UsageError(said("error.cannot_write", path=folder, why=error.strerror)) from None
    return tuple(run_id for run_id in gone if not (home / RUNS / run_id).exists())


def _is_empty_run(folder: Path) -> bool:
    try:
        return open_run(folder).run_id == folder.name
    except UsageError:
        return False


def _delete(folder: Path, named: Path) -> None:
    """Delete what a run wrote into a folder, the manifest last; keep the rest beside `named`."""
    for name, sha256 in outputs_of(folder).items():
        file = folder / name
        if file.is_symlink() or not file.is_file():
            continue
        with file.open("rb") as content:
            is_ours = hashlib.file_digest(content, "sha256").hexdigest() == sha256
        if is_ours:
            file.unlink()
    (folder / TIMINGS).unlink(missing_ok=True)
    for inside in [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]:
        with suppress(OSError):  # what is not ours stays in it
            inside.rmdir()
    (folder / MANIFEST).unlink(missing_ok=True)
    try:
        folder.rmdir()
    except OSError:
        number = 1
        while named.with_name(f"{named.name}.kept-{number}").exists():
            number += 1
        shutil.move(folder, named.with_name(f"{named.name}.kept-{number}"))


def _write(path: Path, text: str) -> None:
    with replaced(path) as sink:
        sink.write(text.encode())
    # Where this fails a power cut may bring the old name back: that one is whole too.
    with suppress(OSError):
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
