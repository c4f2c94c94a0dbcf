"""Writing one file in the place of another: whole or not at all, and never over what is not ours."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from matchmaker.errors import UsageError
from matchmaker.words import said

__all__ = ["may_replace", "replaced"]


def may_replace(
    out: Path,
    *,
    inputs: Iterable[Path | None] = (),
    is_ours: Callable[[Path], bool] = lambda _: False,
    force: bool = False,
) -> None:
    """Refuse to write a file over one that is read, or over one that somebody else wrote.

    Called before anything is read, so that nobody waits for what cannot be written.

    Parameters
    ----------
    out : Path
        File to be written.
    inputs : iterable of Path or None
        Files that the command reads.  They are told by what they are on the disk, through links
        and other spellings of a path, and are never written over, `force` or not.
    is_ours : callable
        Tells of a file that is there whether this command wrote it.
    force : bool
        Replace a file that is not ours all the same.

    Raises
    ------
    UsageError
        The file may not be replaced.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     may_replace(Path(folder) / "new.csv", inputs=[Path(folder) / "youths.csv"])
    """
    for given in inputs:
        if given is not None and _is_same(out, given):
            raise UsageError(said("replacing.input", path=out))
    if out.is_dir():
        raise UsageError(said("replacing.folder", path=out))
    if os.path.lexists(out) and not force and not is_ours(out):
        raise UsageError(said("replacing.foreign", path=out))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False  # one of them is not there


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` once it is whole and on the disk, mode 0600.

    Parameters
    ----------
    path : Path
        Stays as it was if anything fails.

    Yields
    ------
    binary file

    Raises
    ------
    UsageError
        The folder cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with replaced(Path(folder) / "a.txt") as sink:
    ...         _ = sink.write(b"whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as sink:
                os.fchmod(sink.fileno(), 0o600)  # a umask such as 0277 takes the owner's rights too
                yield sink
                sink.flush()
                os.fsync(sink.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(said("error.cannot_write", path=path, why=error.strerror)) from None
