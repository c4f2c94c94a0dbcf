"""The bytes of a file: unpacked within limits, recognised by content, made UTF-8."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from matchmaker.errors import UsageError
from matchmaker.tables.reading.stream import (
    MAX_BYTES,
    MAX_RATIO,
    parts_of,
    refuse,
    shown_name,
    survey,
    unpacked,
)
from matchmaker.words import Text, said

__all__ = ["MAX_RATIO", "Content", "load_bytes", "refuse", "to_utf8"]

_CHUNK = 16 << 20
_HEAD = 8192  # bytes by which content is recognised
_JSON_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})
_LONG = 32 << 20  # a JSON text from here on is read part by part
_LONG_PACKED = 4 << 20  # the same of a packed one
_BLANKS = b" \t\r\n\f\x0b\xef\xbb\xbf"

# First bytes of what people save under a wrong name.
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "old_excel"),
    (b"%PDF", "pdf"),
    (b"\x00\x00\xfe\xff", "utf32"),
    (b"\xff\xfe\x00\x00", "utf32"),
    (b"SQLite format 3", "sqlite"),
)
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*<(?:\?xml|!--|!doctype|[a-z_])", re.IGNORECASE)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_ONLY_CP1252 = re.compile(rb"[\x80-\x9f]")
_LATIN9 = re.compile(rb"\xa4|[A-Za-z][\xbc\xbd][A-Za-z]|\b\xbc[A-Za-z]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes of one file, unpacked.

    Attributes
    ----------
    file : str
        Name that messages show.
    data : bytearray
        Content after unpacking. A reader may empty it, so that a large file does not
        lie in memory beside its own columns.
    kind : str
        What it is by its first bytes: a key of the words of ``content``.
    suffix : str
        Lower-case suffix of the name, ``.gz`` taken off.
    sha256 : str
        Of the bytes as they lie on disk.
    notes : tuple of str or Said
    parts : callable or None
        Of a long JSON text in UTF-8: begins to read it, part by part; `data` is then its
        beginning only.
    """

    file: str
    data: bytearray
    kind: str
    suffix: str
    sha256: str
    notes: tuple[Text, ...]
    parts: Callable[[], Iterator[bytes]] | None = None


def load_bytes(path: Path) -> Content:
    """Return the content of a file, unpacked when its name ends in ``.gz``.

    Raises
    ------
    UsageError
        The file is not there or cannot be opened.
    InputError
        It is empty, too large, or packed too well.
    """
    file = shown_name(path)
    try:
        size = path.stat().st_size
        is_too_large = size > MAX_BYTES
        if not is_too_large and (long := _long_json(path, size)):
            return long
        packed = bytearray() if is_too_large else _read(path)
    except FileNotFoundError:
        raise UsageError(said("error.no_such_file", path=path)) from None
    except IsADirectoryError:
        raise UsageError(said("error.is_folder", path=path)) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(said("error.cannot_read", path=path, why=why)) from None
    if is_too_large:
        refuse(
            file,
            "file_too_large",
            said("reading.too_large", gigabytes=MAX_BYTES >> 30),
            said("reading.too_large_hint"),
        )
    suffix, is_packed = _suffix(path)
    sha256 = hashlib.sha256(packed).hexdigest()
    data = bytearray().join(unpacked([packed], file, len(packed))) if is_packed else packed
    if not (data[:_HEAD].strip(_BLANKS) or data.strip(_BLANKS)):
        refuse(file, "file_empty", said("reading.empty"), said("reading.export_again"))
    return Content(
        file=file,
        data=data,
        kind=_kind(data),
        suffix=suffix,
        sha256=sha256,
        notes=("gzip",) if is_packed else (),
    )


def _suffix(path: Path) -> tuple[str, bool]:
    """Return the suffix of a name without ``.gz``, and whether that stood there."""
    suffixes = ["", *(suffix.lower() for suffix in path.suffixes)]
    is_packed = suffixes[-1] == ".gz"
    return suffixes[-2 if is_packed else -1], is_packed


def _long_json(path: Path, size: int) -> Content | None:
    """Return a JSON text that is better read part by part: long, and in UTF-8."""
    suffix, is_packed = _suffix(path)
    if suffix not in _JSON_SUFFIXES or size < (_LONG_PACKED if is_packed else _LONG):
        return None
    seen = survey(path, head=_HEAD, is_packed=is_packed)
    if seen is None or _kind(bytearray(seen.head)) != "json":
        return None
    return Content(
        file=shown_name(path),
        data=bytearray(seen.head),
        kind="json",
        suffix=suffix,
        sha256=seen.sha256,
        notes=("gzip",) if is_packed else (),
        parts=partial(parts_of, path, seen.stamp, is_packed=is_packed),
    )


def _read(path: Path) -> bytearray:
    """Return the bytes of a file; of one that changes meanwhile, those that were there."""
    data = bytearray(path.stat().st_size)
    with path.open("rb") as stream:
        read = stream.readinto(data)
        del data[read:]
        data += stream.read()  # what a pipe or a growing file holds beyond its size
    return data


def _kind(data: bytearray) -> str:
    """Tell what the content is: by its first bytes, else by its control bytes."""
    head = bytes(data[:_HEAD])
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text"
    return _kind_without_text(head) or _kind_of_text(head.removeprefix(codecs.BOM_UTF8))


def _kind_without_text(head: bytes) -> str:
    """Return the kind of a content that its control bytes give away, "" for text."""
    if head.count(0) * 4 > len(head):
        return "utf16" if head.translate(None, b"\x00").isascii() else "binary"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return "binary" if controls >= 8 and controls * 50 > len(head) else ""


def _kind_of_text(body: bytes) -> str:
    """Return the kind of a text by its first signs."""
    if _HTML.match(body):
        return "html"
    if _XML.match(body):
        return "xml"
    return "json" if body.lstrip()[:1] in (b"{", b"[") else "text"


def to_utf8(content: Content) -> tuple[bytearray, tuple[Text, ...]]:
    """Return the text as UTF-8 without byte order mark, and how it was encoded.

    The text is the content's own bytes, or takes their place: they are gone then.

    UTF-8 and UTF-16 with a mark are certain.  Bytes that are not UTF-8 are read as
    Windows-1252 when they stand alone, as its letters do; in a text that is UTF-8
    elsewhere they are damage, and become U+FFFD so that their row can be named.
    """
    data = content.data
    if data.startswith(codecs.BOM_UTF8):
        del data[:3]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return _recoded(data, "utf-16"), ("UTF-16",)
        except UnicodeDecodeError as error:
            refuse(
                content.file,
                "not_utf16",
                said("reading.not_utf16", why=error.reason),
                said("reading.as_utf8"),
            )
    first_bad = _first_not_utf8(data)
    if first_bad < 0:
        return data, ()
    sample = data[first_bad : first_bad + _CHUNK]
    whole = len(_MULTIBYTE.findall(sample))
    alone = len(_HIGH.findall(_MULTIBYTE.sub(b"", sample)))
    if whole > alone:
        return _recoded(data, "utf-8", "replace"), (said("note.damaged"),)
    bad = _NOT_CP1252.search(data)
    if bad:
        refuse(
            content.file,
            "unknown_encoding",
            said("reading.unknown_encoding", byte=f"0x{bad.group()[0]:02X}"),
            said("reading.as_utf8"),
            line=data.count(b"\n", 0, bad.start()) + 1,
        )
    # In Latin-9 "€" and "œ" stand where Windows-1252 has a sign nobody writes and "½".
    if _LATIN9.search(data) and not _ONLY_CP1252.search(data):
        return _recoded(data, "iso8859-15"), ("iso8859-15",)
    return _recoded(data, "cp1252"), ("cp1252",)


def _recoded(data: bytearray, encoding: str, errors: str = "strict") -> bytearray:
    """Return a text of `encoding` in UTF-8, part by part; `data` is empty then."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    result = bytearray()
    for begin in range(0, len(data), _CHUNK):
        is_last = begin + _CHUNK >= len(data)
        result += decoder.decode(bytes(data[begin : begin + _CHUNK]), is_last).encode()
    data.clear()
    return result


def _first_not_utf8(data: bytearray) -> int:
    """Return the start of the first part with a byte that is not UTF-8, -1 if there is none.

    The text is decoded part by part, so that it never lies in memory a second time.
    """
    # Arrow looks at some GB a second, without a copy; where the damage is, it does not say.
    text = pa.LargeStringArray.from_buffers(
        1, pa.py_buffer(np.array([0, len(data)], dtype=np.int64)), pa.py_buffer(data)
    )
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        pass
    else:
        return -1
    decoder = codecs.getincrementaldecoder("utf-8")()
    for begin in range(0, len(data), _CHUNK):
        try:
            decoder.decode(bytes(data[begin : begin + _CHUNK]), final=begin + _CHUNK >= len(data))
        except UnicodeDecodeError:
            return begin
    return -1
