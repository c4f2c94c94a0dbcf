"""The bytes of a file: unpacked within limits, recognised by content, made UTF-8."""

from __future__ import annotations

import codecs
import hashlib
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import pyarrow as pa

from matchmaker.errors import InputError, Issue, UsageError

__all__ = ["Content", "load_bytes", "refuse", "to_utf8"]

MAX_BYTES = 4 << 30
"""Largest content that is read, in bytes; beyond it the columns no longer fit in memory."""

MAX_RATIO = 200
"""A table never packs better than this; 1,000 to 1 is the mark of a bomb."""

_RATIO_FREE_BYTES = 8 << 20  # small contents may pack as well as they like
_CHUNK = 16 << 20
_HEAD = 8192  # bytes by which content is recognised
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
KIND_NAMES = {
    "zip": "a ZIP archive or an Excel workbook",
    "gzip": "a gzip archive",
    "parquet": "a Parquet file",
    "old_excel": "an old Excel workbook (.xls)",
    "pdf": "a PDF document",
    "utf32": "text in UTF-32",
    "sqlite": "an SQLite database",
    "html": "a web page (HTML)",
    "xml": "an XML document",
    "json": "JSON",
    "binary": "binary data",
    "utf16": "text in UTF-16 without a byte order mark",
    "text": "text",
}
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*<(?:\?xml|!--|[a-z_])", re.IGNORECASE)
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
        What it is by its first bytes: a key of `KIND_NAMES`.
    suffix : str
        Lower-case suffix of the name, ``.gz`` taken off.
    sha256 : str
        Of the bytes as they lie on disk.
    notes : tuple of str
    """

    file: str
    data: bytearray
    kind: str
    suffix: str
    sha256: str
    notes: tuple[str, ...]


def refuse(file: str, reason: str, message: str, hint: str, line: int | None = None) -> NoReturn:
    """Refuse a whole file with one sentence."""
    raise InputError([Issue(reason=reason, file=file, message=message, hint=hint, line=line)])


def load_bytes(path: Path) -> Content:
    """Return the content of a file, unpacked when its name ends in ``.gz``.

    Raises
    ------
    UsageError
        The file is not there or cannot be opened.
    InputError
        It is empty, too large, or packed too well.
    """
    file = path.name
    try:
        is_too_large = path.stat().st_size > MAX_BYTES
        packed = bytearray() if is_too_large else _read(path)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file.") from None
    except IsADirectoryError:
        raise UsageError(f"{path}: is a folder; name a file.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"{path}: cannot be read ({why}).") from None
    suffixes = [s.lower() for s in path.suffixes]
    is_packed = bool(suffixes) and suffixes[-1] == ".gz"
    if is_packed:
        suffixes.pop()
    sha256 = hashlib.sha256(packed).hexdigest()
    data = _unpacked(packed, file) if is_packed else packed
    if is_too_large:
        refuse(
            file,
            "file_too_large",
            f"is larger than {MAX_BYTES >> 30} GB",
            "Split it, or give Parquet.",
        )
    if not (data[:_HEAD].strip(_BLANKS) or data.strip(_BLANKS)):
        refuse(
            file, "file_empty", "is empty: a header line and rows were expected", "Export it again."
        )
    return Content(
        file=file,
        data=data,
        kind=_kind(data),
        suffix=suffixes[-1] if suffixes else "",
        sha256=sha256,
        notes=("gzip",) if is_packed else (),
    )


def _read(path: Path) -> bytearray:
    """Return the bytes of a file; of one that changes meanwhile, those that were there."""
    data = bytearray(path.stat().st_size)
    with path.open("rb") as stream:
        read = stream.readinto(data)
        del data[read:]
        data += stream.read()  # what a pipe or a growing file holds beyond its size
    return data


def _unpacked(packed: bytearray, file: str) -> bytearray:
    """Unpack gzip, member after member, stopping at the limits."""
    limit = min(MAX_BYTES, max(_RATIO_FREE_BYTES, MAX_RATIO * len(packed)))
    parts: list[bytes] = []
    size = 0
    rest = bytes(packed)
    try:
        while rest:
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                part = unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
                size += len(part)
                parts.append(part)
                if size > limit:
                    refuse(
                        file,
                        "packed_too_well",
                        f"unpacks to more than {limit >> 20} MB, over {MAX_RATIO} times its size",
                        "No table packs that well: export it again, or give it unpacked.",
                    )
                if not part and not rest and not unpacker.eof:
                    refuse(
                        file,
                        "gzip_cut_short",
                        "is a gzip archive that ends too early",
                        "Copy or export it again.",
                    )
            rest = unpacker.unused_data.lstrip(b"\x00")
    except zlib.error:
        refuse(
            file,
            "gzip_damaged",
            "is not a gzip archive, or a damaged one",
            "Copy or export it again.",
        )
    return bytearray().join(parts)


def _kind(data: bytearray) -> str:
    """Tell what the content is: by its first bytes, else by its control bytes."""
    head = bytes(data[:_HEAD])
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text"
    if head.count(0) * 4 > len(head):
        return "utf16" if head.translate(None, b"\x00").isascii() else "binary"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls >= 8 and controls * 50 > len(head):
        return "binary"
    body = head.removeprefix(codecs.BOM_UTF8)
    if _HTML.match(body):
        return "html"
    if _XML.match(body):
        return "xml"
    return "json" if body.lstrip()[:1] in (b"{", b"[") else "text"


def to_utf8(content: Content) -> tuple[bytearray, tuple[str, ...]]:
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
                f"starts as UTF-16 but holds what is none ({error.reason})",
                "Export it as UTF-8.",
            )
    first_bad = _first_not_utf8(data)
    if first_bad < 0:
        return data, ()
    sample = data[first_bad : first_bad + _CHUNK]
    whole = len(_MULTIBYTE.findall(sample))
    alone = len(_HIGH.findall(_MULTIBYTE.sub(b"", sample)))
    if whole > alone:
        return _recoded(data, "utf-8", "replace"), ("UTF-8 with damaged bytes",)
    bad = _NOT_CP1252.search(data)
    if bad:
        refuse(
            content.file,
            "unknown_encoding",
            f"holds the byte 0x{bad.group()[0]:02X}, neither UTF-8 nor Windows-1252",
            "Export it as UTF-8.",
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
