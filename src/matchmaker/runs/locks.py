"""Locks of folders and files, which the system lets go with the process that holds them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["alone_in", "hold", "locked"]


def hold(handle: int, *, is_patient: bool = False) -> bool:
    """Lock an open file or folder, and tell whether it is ours now.

    Parameters
    ----------
    handle : int
        What ``os.open`` gave; the lock ends with it.
    is_patient : bool
        Wait for whoever holds it.

    Returns
    -------
    bool
        False where another process holds it, or the file system has no such locks. On Windows,
        which has none, always true: two runs at once are the user's to avoid there.
    """
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if is_patient else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def locked(folder: Path, *, is_patient: bool = False) -> int | None:
    """Return an open handle that holds the lock of a folder, None where there is none to be had.

    Parameters
    ----------
    folder : Path
    is_patient : bool
        As for `hold`.

    Returns
    -------
    int or None

    Raises
    ------
    OSError
        The folder cannot be opened.
    """
    if sys.platform == "win32":  # no folder can be opened there: what was left stays
        return None
    handle = os.open(folder, os.O_RDONLY)
    if hold(handle, is_patient=is_patient):
        return handle
    os.close(handle)
    return None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while something in it is made or exchanged; wait for whoever holds it.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    OSError
        The folder cannot be opened.
    """
    handle = locked(folder, is_patient=True)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)
