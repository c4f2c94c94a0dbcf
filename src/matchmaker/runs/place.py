"""Where a run is written: places that cannot be exchanged, and who may look into a folder."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from matchmaker.errors import UsageError
from matchmaker.words import said

__all__ = ["check_place", "is_lock", "keep_access"]

# LibreOffice and Excel write these beside a file as long as somebody has it open.
_LOCK = re.compile(r"\.~lock\..+#|~\$.+")
_MOUNTS = Path("/proc/self/mountinfo")
_ACCESS = ("system.posix_acl_access", "system.posix_acl_default")


def is_lock(name: str) -> bool:
    """Tell whether a file is the mark of a spreadsheet program that has another one open.

    Parameters
    ----------
    name : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_lock(".~lock.lists.csv#"), is_lock("~$lists.xlsx"), is_lock("lists.csv")
    (True, True, False)
    """
    return _LOCK.fullmatch(name) is not None


def check_place(target: Path, out: object) -> None:
    """Refuse a place where a new folder cannot take that of an old one.

    Parameters
    ----------
    target : Path
        Real path of the folder, which may not be there yet.
    out : path
        As the user wrote it, for the message.

    Raises
    ------
    UsageError
        Its name is no UTF-8, it is the current folder or a mount point, or the folder above
        cannot be written to.
    """
    try:
        str(target).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(target).decode("utf-8", "replace")
        raise UsageError(said("folder.not_utf8", out=shown)) from None
    if target.exists():
        if _is_current(target):
            # The shell would go on standing in the folder that was replaced, and see it empty.
            raise UsageError(said("folder.stands_in", out=out))
        if _is_mounted(target):
            raise UsageError(said("folder.mount", out=out))
    above = next(folder for folder in target.parents if folder.exists())
    if not os.access(above, os.W_OK | os.X_OK):
        raise UsageError(said("folder.above", out=out, folder=above))


def _is_current(folder: Path) -> bool:
    try:
        return folder.samefile(Path.cwd())
    except OSError:  # the current folder is gone
        return False


def _is_mounted(folder: Path) -> bool:
    """Tell whether something is mounted on a folder; one of the same disk only Linux tells."""
    if folder.is_mount():
        return True
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    # The fifth field; blanks, tabs and line ends in it are written in octal.
    points = {line.split()[4] for line in lines}
    written = re.sub(rb"[ \t\n\\]", lambda m: b"\\%03o" % m[0][0], os.fsencode(folder))
    return written in points


def keep_access(old: Path, new: Path) -> None:
    """Let the same people look into a new folder as into the one whose place it takes.

    Group, mode and access lists are those that somebody gave the old folder.  The files in it
    stay their owner's alone.  What cannot be carried over is left out, never widened.

    Parameters
    ----------
    old, new : Path
        Folders.
    """
    found = old.stat()
    here = new.stat()
    if (found.st_uid, found.st_gid) != (here.st_uid, here.st_gid):
        try:
            os.chown(new, found.st_uid, found.st_gid)
        except OSError:  # only root gives a folder away; a group may be one's own
            with suppress(OSError):
                os.chown(new, -1, found.st_gid)
    is_same_group = new.stat().st_gid == found.st_gid
    new.chmod(0o700 | stat.S_IMODE(found.st_mode) if is_same_group else 0o700)
    if is_same_group and hasattr(os, "getxattr"):
        for name in _ACCESS:
            try:
                os.setxattr(new, name, os.getxattr(old, name))
            except OSError as error:
                if error.errno not in (errno.ENODATA, errno.ENOTSUP, errno.EPERM):
                    raise
