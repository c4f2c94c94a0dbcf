"""The bytes of a file part by part, unpacked within limits: a long one is never whole in memory."""

from __future__ import annotations

import codecs
import hashlib
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from matchmaker.errors import InputError, Issue
from matchmaker.words import Text, said

__all__ = [
    "MAX_BYTES",
    "MAX_RATIO",
    "PART",
    "Survey",
    "parts_of",
    "refuse",
    "shown_name",
    "survey",
    "unpacked",
]

MAX_BYTES = 4 << 30
"""Largest content that is read, in bytes; beyond it the columns no longer fit in memory."""

MAX_RATIO = 200
"""A table never packs better than this; 1,000 to 1 is the mark of a bomb."""

PART = 4 << 20
"""Bytes that are in hand at a time."""

_WINDOW = 1 << 10  # bytes given to a fresh unpacker; twice as many each time
_RATIO_FREE_BYTES = 8 << 20  # small contents may pack as well as they like


def refuse(file: str, reason: str, message: Text, hint: Text, line: int | None = None) -> NoReturn:
    """Refuse a whole file with one sentence."""
    raise InputError([Issue(reason=reason, file=file, message=message, hint=hint, line=line)])


def shown_name(path: Path) -> str:
    r"""Return the name of a file as text that can be written: bytes that are no UTF-8 become "�".

    Examples
    --------
    >>> shown_name(Path("jeunes.csv")), shown_name(Path("caf\udce9.csv"))
    ('jeunes.csv', 'caf�.csv')
    """
    return path.name.encode(errors="surrogateescape").decode(errors="replace")


def unpacked(packed: Iterable[bytes | bytearray], file: str, packed_size: int) -> Iterator[bytes]:
    """Unpack gzip, member after member, stopping at the limits.

    Raises
    ------
    InputError
        It is no gzip, is cut short, or unpacks to too much.
    """
    limit = min(MAX_BYTES, max(_RATIO_FREE_BYTES, MAX_RATIO * packed_size))
    size = 0
    unpacker = zlib.decompressobj(wbits=31)
    is_between = False  # two members, where zeros may fill up a block of a tape
    try:
        for part in packed:
            at, wide = 0, _WINDOW
            while at < len(part):
                if is_between and part[at] == 0:
                    at += 1
                    continue
                is_between = False
                rest = bytes(part[at : at + wide])
                at += len(rest)
                while rest:
                    plain = unpacker.decompress(rest, PART)
                    rest = unpacker.unconsumed_tail
                    while plain:
                        size += len(plain)
                        if size > limit:
                            _refuse_packed_too_well(file, limit)
                        yield plain
                        # What the last call had no room for, now that all its input is taken.
                        plain = b"" if rest or unpacker.eof else unpacker.decompress(b"", PART)
                # What follows a member is copied, so little of it is in hand where they are short.
                wide = min(2 * wide, PART)
                if unpacker.eof:
                    at -= len(unpacker.unused_data)
                    unpacker, wide = zlib.decompressobj(wbits=31), _WINDOW
                    is_between = True
    except zlib.error:
        refuse(file, "gzip_damaged", said("reading.gzip_damaged"), said("reading.copy_again"))
    if not is_between and packed_size:
        refuse(file, "gzip_cut_short", said("reading.gzip_cut_short"), said("reading.copy_again"))


def _refuse_packed_too_well(file: str, limit: int) -> NoReturn:
    refuse(
        file,
        "packed_too_well",
        said("reading.packed_too_well", limit=limit >> 20, ratio=MAX_RATIO),
        said("reading.packed_too_well_hint"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a first look at a long file gave.

    Attributes
    ----------
    head : bytes
        Its beginning, unpacked.
    sha256 : str
        Of the bytes as they lie on disk.
    stamp : tuple of int
        Its size and time of change: a later look must find the same.
    """

    head: bytes
    sha256: str
    stamp: tuple[int, int]


def survey(path: Path, *, head: int, is_packed: bool) -> Survey | None:
    """Look at a file from end to end; None if it is no plain file of UTF-8.

    Raises
    ------
    OSError
        It cannot be read.
    InputError
        It is packed, and cannot be unpacked.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        return None
    stamp = (found.st_size, found.st_mtime_ns)
    decoder = codecs.getincrementaldecoder("utf-8")()
    begin = b""
    try:
        for part in parts_of(path, stamp, is_packed=is_packed):
            begin = begin or part[:head]
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Survey(head=begin, sha256=sha256, stamp=stamp)


def parts_of(path: Path, stamp: tuple[int, int], *, is_packed: bool) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked.

    Raises
    ------
    InputError
        It is not the file that was looked at, or cannot be unpacked.
    """
    with path.open("rb") as stream:
        found = path.stat()
        if (found.st_size, found.st_mtime_ns) != stamp:
            refuse(
                shown_name(path),
                "file_changed",
                said("reading.changed"),
                said("reading.copy_again"),
            )
        parts = iter(partial(stream.read, PART), b"")
        yield from unpacked(parts, shown_name(path), stamp[0]) if is_packed else parts
