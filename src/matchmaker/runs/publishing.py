"""Publishing a folder of outputs whole, or not at all.

The files are written into a hidden folder beside the target, flushed to the disk, and
the two folders are exchanged in one step of the file system.  Whatever fails before
that step leaves the target as it was.

Of the folder that was replaced only what a run wrote is deleted: files that its manifest lists
and whose bytes are still those of the manifest.  Anything else, a file dropped into it while the
new run was written or a table edited by hand, is moved to ``DIR.kept-1`` (2, 3 ...) beside it.

A run's folder may hold the sub-folders of `OWN_FOLDERS`, and no other.

The hidden folder is locked as long as its run works.  One without a lock was left by a run that
was killed; the next run into the same place clears it away, by the same rule.  While a run makes
its folder, or exchanges it and clears the earlier one away, it holds the folder that both lie in:
else another that starts at the same instant could take either for one that was left.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from matchmaker.errors import InfeasibleError, UsageError
from matchmaker.runs.folder import MANIFEST, OWN_FOLDERS, TIMINGS, outputs_of
from matchmaker.runs.locks import alone_in, locked
from matchmaker.runs.place import check_place, is_lock, keep_access
from matchmaker.words import said

__all__ = ["Check", "Writer", "check_target", "publish"]

_STAGED = ".partial-"  # after the name of the folder that is written
_EARLIER = ".earlier"  # after that, of the folder that makes room where none can be exchanged
_UNSEALED = "manifest.json.partial"
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

    Parameters
    ----------
    out : path

    Returns
    -------
    Path

    Raises
    ------
    UsageError
        `out` is a file, a folder that holds something no run of ours wrote, or a place where
        no folder can be exchanged (`matchmaker.runs.place`).
    """
    target = Path(os.path.realpath(out))
    check_place(target, out)
    if not target.exists():
        return target
    if not target.is_dir():
        raise UsageError(said("folder.is_file", out=out))
    try:
        present = {
            name: entry
            for name, entry in _entries(target)
            if entry.name not in _DROPPINGS and not is_lock(entry.name)
        }
        has_manifest = MANIFEST in present
        ours = {MANIFEST, TIMINGS, *outputs_of(target)} if has_manifest else set()
        foreign = sorted(
            name for name, entry in present.items() if name not in ours or entry.is_dir()
        )
    except OSError as error:
        raise UsageError(said("folder.cannot_look", out=out, why=error.strerror)) from None
    if foreign:
        raise UsageError(said("folder.foreign", out=out, name=foreign[0]))
    return target


def publish(
    out: str | Path,
    files: Mapping[str, Writer],
    seal: Callable[[dict[str, str]], bytes],
    *,
    check: Check | None = None,
    timings: Callable[[], bytes] | None = None,
) -> tuple[Path, ...]:
    """Write `files` and the manifest to the folder `out`, replacing it in one step.

    Parameters
    ----------
    out : path
        Folder to create; an earlier run's folder is replaced.
    files : mapping of str to callable
        File name, behind one of `OWN_FOLDERS` and "/" or not, to a function that writes the
        content to an open binary file.
    seal : callable
        Gets the SHA-256 of each file, by name, and returns the bytes of ``manifest.json``,
        which is written after them.
    check : callable, optional
        Reads the folder as it is about to be published, and raises if it must not be.
    timings : callable, optional
        Returns the bytes of ``timings.json``; called last, so that they can tell how long
        the writing took, and not hashed.

    Returns
    -------
    tuple of Path
        Folders with what was found in `out`, or in what a killed run left, and is no run's.

    Raises
    ------
    UsageError
        `out` may not be replaced, or cannot be written to.
    InfeasibleError
        There is no room on the disk; or the new folder is published, and the disk failed after
        that, as the message says.
    """
    target = check_target(out)
    kept: list[Path | None] = []
    is_swapped = False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _staging(target, kept) as staging:
            staged = staging.path
            staged.chmod(0o700)  # whatever the umask
            folders = sorted({staged / name.rpartition("/")[0] for name in files} - {staged})
            for folder in folders:
                folder.mkdir(mode=0o700)
                folder.chmod(0o700)
            hashes = _write_all(staged, files)
            for folder in folders:
                _sync_folder(folder)
            # Half a manifest would make the files of a killed run look like somebody else's.
            _write(staged / _UNSEALED, lambda sink: _put(sink, seal(hashes)))
            (staged / _UNSEALED).rename(staged / MANIFEST)
            _sync_folder(staged)
            if check is not None:
                check(staged)
            if timings is not None:
                _write(staged / TIMINGS, lambda sink: _put(sink, timings()))
                _sync_folder(staged)
            with alone_in(target.parent):
                if target.exists():
                    keep_access(target, staged)
                earlier = _swap_in(staged, target)
                is_swapped = staging.is_swapped = True
                _clear_away(earlier, target, kept)
            _sync_folder(target.parent)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        if is_swapped:
            raise InfeasibleError(said("folder.published", out=out, why=cause)) from error
        if error.errno in _NO_ROOM:
            raise InfeasibleError(said("folder.no_room", out=out, why=cause)) from error
        raise UsageError(said("folder.cannot_write", out=out, why=cause)) from error
    return tuple(path for path in kept if path)


@dataclass(slots=True)
class _Staged:
    """The folder that is being written; once it was swapped, its path is that of the earlier run."""

    path: Path
    is_swapped: bool = False


@contextmanager
def _staging(target: Path, kept: list[Path | None]) -> Iterator[_Staged]:
    """Make a locked folder beside `target`; half a run in it is cleared away.

    Once the two were exchanged it holds the earlier run, and is `_discard`'s to clear.  The
    lock ends with the process, however that ends.
    """
    with alone_in(target.parent):
        _mend(target, kept)
        staged = Path(tempfile.mkdtemp(prefix=f".{target.name}{_STAGED}", dir=target.parent))
        try:
            handle = locked(staged)
        except OSError:
            staged.rmdir()
            raise
    folder = _Staged(path=staged)
    try:
        yield folder
    finally:
        if not folder.is_swapped:
            shutil.rmtree(staged, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def _left_behind(target: Path) -> Iterator[Path]:
    """Yield the staging folders of runs into `target` that were killed."""
    name = re.compile(
        re.escape(f".{target.name}{_STAGED}") + rf"[a-z0-9_]{{8}}({re.escape(_EARLIER)})?"
    )
    found = [path for path in target.parent.iterdir() if name.fullmatch(path.name)]
    for path in sorted(found):
        handle = locked(path) if path.is_dir() and not path.is_symlink() else None
        if handle is not None:
            yield path
            os.close(handle)


def _mend(target: Path, kept: list[Path | None]) -> None:
    """Put right what killed runs into `target` have left beside it."""
    for left in _left_behind(target):
        if left.name.endswith(_EARLIER) and not target.exists():
            left.rename(target)  # killed between two renames: nothing else stands
        else:
            _clear_away(left, target, kept)


def _clear_away(old: Path, target: Path, kept: list[Path | None]) -> None:
    """Discard a folder as far as that can be done: what is left over is the next run's to clear."""
    with suppress(OSError):
        kept.append(_discard(old, target))


def _discard(old: Path, target: Path) -> Path | None:
    """Delete what a run wrote into a folder, move the rest beside `target`, and say where to.

    A folder without a manifest is half a run, since the manifest is written last: its files are
    ours, whatever is in them.
    """
    if not old.exists():
        return None
    old.chmod(0o700)  # somebody may have closed it to us
    written = outputs_of(old)
    has_manifest = (old / MANIFEST).exists()
    kept: Path | None = None
    # The manifest last: without it a run that is killed meanwhile would leave half a run.
    for name, entry in sorted(_entries(old), key=lambda one: one[0] == MANIFEST):
        if is_lock(entry.name) and not (target / name).exists():
            entry.rename(target / name)  # somebody has a table open, and still will
        elif _is_ours(name, entry, written, has_manifest=has_manifest):
            entry.unlink()
        else:
            kept = kept or _next_kept(target)
            (kept / name).parent.mkdir(mode=0o700, exist_ok=True)
            entry.rename(kept / name)
    for name in OWN_FOLDERS:
        if (old / name).is_dir():
            (old / name).rmdir()
    old.rmdir()
    return kept


def _entries(folder: Path) -> list[tuple[str, Path]]:
    """Return what lies in a run's folder, by its name there, sub-folders of a run opened."""
    found: list[tuple[str, Path]] = []
    for entry in sorted(folder.iterdir()):
        if entry.name in OWN_FOLDERS and entry.is_dir() and not entry.is_symlink():
            found += [(f"{entry.name}/{inside.name}", inside) for inside in sorted(entry.iterdir())]
        else:
            found.append((entry.name, entry))
    return found


def _is_plain(entry: Path) -> bool:
    return entry.is_file() and not entry.is_symlink()


def _is_ours(name: str, entry: Path, written: Mapping[str, str], *, has_manifest: bool) -> bool:
    """Tell whether a run wrote a file, and it still is as it was written."""
    if not _is_plain(entry):
        return False
    if name in (MANIFEST, TIMINGS) or entry.name in _DROPPINGS or not has_manifest:
        return True
    if name not in written:
        return False
    with entry.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == written[name]


def _next_kept(target: Path) -> Path:
    """Make the next free folder ``DIR.kept-N``."""
    number = 1
    while True:
        kept = target.with_name(f"{target.name}.kept-{number}")
        try:
            kept.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return kept


def _write_all(folder: Path, files: Mapping[str, Writer]) -> dict[str, str]:
    """Write files side by side, since turning tables into text leaves the interpreter free."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        written = [pool.submit(_write, folder / name, write) for name, write in files.items()]
        hashes = {name: f.result() for name, f in zip(files, written, strict=True)}
    except Exception:
        pool.shutdown(cancel_futures=True)
        raise
    except BaseException:  # told to stop: nobody waits for a table that nobody will read
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return hashes


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


def _swap_in(staged: Path, target: Path) -> Path:
    """Make `target` the new folder and return where the old one, if any, is now."""
    if not target.exists():
        staged.rename(target)
        return staged
    try:
        _exchange(staged, target)
    except OSError as error:
        if error.errno not in _NO_EXCHANGE:
            raise
        # No exchange on this system: two renames, the first undone if the second fails.
        aside = staged.with_name(f"{staged.name}{_EARLIER}")
        target.rename(aside)
        try:
            staged.rename(target)
        except OSError:
            aside.rename(target)
            raise
        return aside
    return staged


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
