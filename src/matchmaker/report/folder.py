"""Publishing a folder of outputs whole, or not at all.

The files are written into a hidden folder beside the target, flushed to the disk, and
the two folders are exchanged in one step of the file system.  Whatever fails before
that step leaves the target as it was.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from matchmaker.errors import InfeasibleError, UsageError

__all__ = ["MANIFEST", "TIMINGS", "Check", "Writer", "check_target", "publish"]

MANIFEST = "manifest.json"
TIMINGS = "timings.json"  # the one file that differs between equal runs: not hashed

_AT_ONCE = 2  # files: more would hold more tables as text in memory
Writer = Callable[[BinaryIO], None]
Check = Callable[[Path], None]

# What file managers drop into folders that people look at.
_DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


def check_target(out: str | Path) -> Path:
    """Return the real path of a folder that a run may create or replace.

    Called before the work starts, so that nobody waits for a run that cannot be saved.

    Raises
    ------
    UsageError
        `out` is a file, or a folder that holds something no run of ours wrote.
    """
    target = Path(os.path.realpath(out))
    if not target.exists():
        return target
    if not target.is_dir():
        raise UsageError(f"{out}: is a file, not a folder. Choose another output folder.")
    try:
        present = {entry.name for entry in target.iterdir()} - _DROPPINGS
        ours = {MANIFEST, TIMINGS, *_listed(target / MANIFEST)} if MANIFEST in present else set()
    except OSError as error:
        raise UsageError(f"{out}: cannot be looked into ({error.strerror}).") from None
    foreign = sorted(present - ours)
    if foreign:
        raise UsageError(
            f"{out}: holds '{foreign[0]}', which no run of matchmaker wrote there. "
            "Choose an empty or a new folder, or move that file away."
        )
    return target


def publish(
    out: str | Path,
    files: Mapping[str, Writer],
    seal: Callable[[dict[str, str]], bytes],
    *,
    check: Check | None = None,
) -> None:
    """Write `files` and the manifest to the folder `out`, replacing it in one step.

    Parameters
    ----------
    out : path
        Folder to create; an earlier run's folder is replaced.
    files : mapping of str to callable
        File name to a function that writes the content to an open binary file.
    seal : callable
        Gets the SHA-256 of each file but ``timings.json``, by name, and returns the bytes
        of ``manifest.json``, which is written last.
    check : callable, optional
        Reads the folder as it is about to be published, and raises if it must not be.

    Raises
    ------
    UsageError
        `out` may not be replaced, or cannot be written to.
    InfeasibleError
        There is no room on the disk.
    """
    target = check_target(out)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            staged.chmod(0o700)  # whatever the umask
            # Side by side: turning tables into text leaves the interpreter free.
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                written = [pool.submit(_write, staged / name, f) for name, f in files.items()]
                hashes = {name: f.result() for name, f in zip(files, written, strict=True)}
            hashes.pop(TIMINGS, None)
            _write(staged / MANIFEST, lambda sink: _put(sink, seal(hashes)))
            _sync_folder(staged)
            if check is not None:
                check(staged)
            _swap_in(staged, target)
            _sync_folder(target.parent)
        finally:
            # After the swap this holds the earlier run, else what was half written.
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        if error.errno in _NO_ROOM:
            raise InfeasibleError(
                f"{out}: no room to write the results ({cause}). Free some space and run again; "
                "earlier results are whole."
            ) from error
        raise UsageError(
            f"{out}: cannot be written ({cause}). Earlier results, if any, are whole."
        ) from error


def _write(path: Path, write: Writer) -> str:
    """Write one file for the owner only, flush it to the disk and return its SHA-256."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchmod(handle, 0o600)  # whatever the umask
    with os.fdopen(handle, "w+b") as sink:
        write(sink)
        sink.flush()
        os.fsync(sink.fileno())
        sink.seek(0)
        return hashlib.file_digest(sink, "sha256").hexdigest()


def _put(sink: BinaryIO, content: bytes) -> None:
    sink.write(content)


def _sync_folder(folder: Path) -> None:
    """Flush the entries of a folder, so that a power cut cannot lose a name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap_in(staged: Path, target: Path) -> None:
    """Make `target` the new folder and leave the old one, if any, at `staged`."""
    if not target.exists():
        staged.rename(target)
        return
    try:
        _exchange(staged, target)
    except OSError as error:
        if error.errno not in _NO_EXCHANGE:
            raise
        # No exchange on this system: two renames, the first undone if the second fails.
        aside = staged.with_name(f"{staged.name}.earlier")
        target.rename(aside)
        try:
            staged.rename(target)
        except OSError:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, second: Path) -> None:
    """Exchange two folders in one step: renameat2 on Linux, renamex_np on macOS."""
    libc = ctypes.CDLL(None, use_errno=True)
    one, two = os.fsencode(first), os.fsencode(second)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        at_cwd, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fs.h
        failed = libc.renameat2(at_cwd, one, at_cwd, two, swap)
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        swap = 2  # RENAME_SWAP of sys/stdio.h
        failed = libc.renamex_np(one, two, swap)
    else:
        raise OSError(errno.ENOSYS, "no exchange of folders on this system")
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(second))


def _listed(manifest: Path) -> set[str]:
    """Return the names of the outputs that a manifest lists; none if it is not ours."""
    try:
        outputs = json.loads(manifest.read_bytes())["outputs"]
        return set(outputs)
    except (ValueError, KeyError, TypeError):
        return set()
