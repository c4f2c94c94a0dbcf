"""Where compiled kernels are kept: only where nobody else can write, and nowhere if need be.

The index of a cached kernel is a pickle, and reading one can run any command.  So a folder that
others can write to is not used.  Without a folder kernels are compiled anew in each run.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from matchmaker.words import said

__all__ = ["can_be_cached", "is_private"]

_log = logging.getLogger("matchmaker")


def can_be_cached(function: Callable[..., Any]) -> bool:
    """Tell whether there is a folder for a compiled kernel that only its owner can write to.

    Where there is none this is said once a process.

    Parameters
    ----------
    function : callable
        Of which numba is to keep the compiled form.

    Returns
    -------
    bool
    """
    from numba.core.caching import FunctionCache

    try:
        cache: Any = FunctionCache
        folder = Path(cache(function).cache_path)
    except RuntimeError:  # numba found no folder that it can write to
        _warn("kernels.no_folder")
        return False
    if is_private(folder, source=Path(function.__code__.co_filename)):
        return True
    _warn("kernels.open_folder", folder=str(folder))
    return False


def is_private(folder: Path, *, source: Path) -> bool:
    """Tell whether nobody but the user, root and the owner of the source can write to a folder.

    Parameters
    ----------
    folder : Path
        Of the cache.
    source : Path
        File of the kernel.  Who can write beside it can change the kernel itself, so a folder
        there need only be as closed as the source's own.

    Returns
    -------
    bool

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     before = is_private(Path(home), source=Path(__file__))
    ...     Path(home).chmod(0o777)
    ...     before, is_private(Path(home), source=Path(__file__))
    (True, False)
    """
    if sys.platform == "win32":  # a home there is its owner's, and modes say nothing
        return True
    try:
        found = folder.stat()
        owners = {0, os.getuid()}
        beside = source.parent.stat() if folder.parent == source.parent else None
        if beside is not None:
            owners.add(beside.st_uid)
            more_open = stat.S_IMODE(found.st_mode) & ~stat.S_IMODE(beside.st_mode) & 0o022
            return found.st_uid in owners and not more_open
        if _is_open(found):
            return False
        above = [path.stat() for path in folder.resolve().parents]
    except OSError:
        return False
    # In a folder like /tmp only the owner of a thing can put another in its place.
    return found.st_uid in owners and all(
        one.st_uid in owners and (bool(one.st_mode & stat.S_ISVTX) or not _is_open(one))
        for one in above
    )


def _is_open(found: os.stat_result) -> bool:
    """Tell whether others than the owner can write; a group of one's own has no others."""
    if found.st_mode & stat.S_IWOTH:
        return True
    return bool(found.st_mode & stat.S_IWGRP) and not _is_own_group(found.st_gid)


def _is_own_group(number: int) -> bool:
    import grp  # of POSIX only
    import pwd

    try:
        group, user = grp.getgrgid(number), pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return user.pw_gid == number and set(group.gr_mem) <= {user.pw_name}


@lru_cache(maxsize=4)  # each is said once
def _warn(key: str, folder: str | None = None) -> None:
    _log.warning("%s", said(key) if folder is None else said(key, folder=folder))
