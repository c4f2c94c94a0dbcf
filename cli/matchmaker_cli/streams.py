"""Standard output and its faults: a screen that cannot show a run does not undo it.

What a run publishes lies in its folder.  That its figures could not be shown after that, since
the disk that takes them is full, or who read them went away, is said and is no failure.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO, cast

__all__ = ["Shown", "published", "published_so_far", "shown"]

_PLAIN = "matchmaker_plain"
_LIKE = {"œ": "oe", "Œ": "OE", "’": "'", "→": "->", "…": "...", "−": "-", "€": "EUR"}


@dataclass(slots=True)
class Shown:
    """Standard output that never fails, and keeps its first fault for the end of the command.

    Attributes
    ----------
    stream : text file
        Where it goes.
    fault : OSError or ValueError or None
        The first one; nothing is written after it.
    published : list of str
        Folders and files that are in their place, whatever happens now.
    """

    stream: TextIO
    fault: OSError | ValueError | None = None
    published: list[str] = field(default_factory=list)

    def write(self, text: str) -> int:
        """Write `text`, unless a write has failed."""
        if self.fault is None:
            try:
                self.stream.write(text)
            except (OSError, ValueError) as error:
                self.fault = error
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        if self.fault is None:
            try:
                self.stream.flush()
            except (OSError, ValueError) as error:
                self.fault = error

    @property
    def why(self) -> str:
        """What is wrong with it, "" where nothing is, or where the reader only went away."""
        is_gone = isinstance(self.fault, OSError) and self.fault.errno == errno.EPIPE
        if self.fault is None or is_gone:
            return ""
        return getattr(self.fault, "strerror", None) or type(self.fault).__name__

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def shown() -> Iterator[Shown]:
    """Put a `Shown` in the place of stdout, and make both streams write any letter.

    A letter that the terminal's encoding lacks is written as one that is like it.
    """
    _fill_closed()
    codecs.register_error(_PLAIN, _plain)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_PLAIN)
    before = sys.stdout
    out = Shown(before)
    sys.stdout = cast("TextIO", out)
    try:
        yield out
    finally:
        out.flush()
        sys.stdout = before
        if out.fault is not None:
            _forget(before)


def published(what: object) -> None:
    """Note that a folder or a file is in its place.

    Parameters
    ----------
    what : path
    """
    if isinstance(sys.stdout, Shown):
        sys.stdout.published.append(str(what))


def published_so_far() -> list[str]:
    """Return what `published` was told of."""
    return sys.stdout.published if isinstance(sys.stdout, Shown) else []


def _fill_closed() -> None:
    """Open what was closed before we began, so that no table is written to as stdout."""
    if sys.stdout is None or sys.stderr is None:
        while os.open(os.devnull, os.O_RDWR) < 2:
            pass
        sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - for good
        sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - for good


def _forget(stream: TextIO) -> None:
    """Drop what a stream could not write, so that Python's own end does not try again."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Give the letters that are like those that an encoding lacks, "?" where none is."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    like = ""
    for letter in missing:
        bare = unicodedata.normalize("NFKD", _LIKE.get(letter, letter))
        like += bare.encode("ascii", "ignore").decode() or "?"
    return like, error.end
