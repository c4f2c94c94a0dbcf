"""The text of the CSV files in a published file (CSV, gzipped CSV, ZIP), within a limit of size."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from matchmaker.errors import InputError, Issue
from matchmaker.words import said

__all__ = ["MAX_BYTES", "decoded", "texts_of"]

MAX_BYTES = 400_000_000
"""Of all tables of one file, unpacked: the largest published one has 90 MB."""


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the CSV files in a file.

    Parameters
    ----------
    path : Path
        Told by its suffix: ``.zip``, ``.gz``, else plain.

    Raises
    ------
    InputError
        It cannot be unpacked, or unpacks to too much.
    """
    try:
        if path.name.lower().endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                tables = [m for m in archive.infolist() if m.filename.lower().endswith(".csv")]
                if sum(member.file_size for member in tables) > MAX_BYTES:
                    raise _too_large(path.name)
                for member in sorted(tables, key=lambda m: m.filename):
                    name = f"{path.name}:{Path(member.filename).name}"
                    yield name, decoded(archive.read(member))
        elif path.name.lower().endswith(".gz"):
            with gzip.open(path) as stream:
                yield path.name, decoded(_within_limit(stream, path.name))
        else:
            with path.open("rb") as stream:
                yield path.name, decoded(_within_limit(stream, path.name))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise InputError(
            [
                Issue(
                    reason="unreadable_reference_table",
                    file=path.name,
                    message=said("reference.not_unpacked", why=error),
                    hint=said("reference.download_again"),
                )
            ]
        ) from None


def _within_limit(stream: BinaryIO | gzip.GzipFile, name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    return data


def _too_large(name: str) -> InputError:
    return InputError(
        [
            Issue(
                reason="reference_table_too_large",
                file=name,
                message=said("reference.too_large", most=MAX_BYTES // 1_000_000),
                hint=said("reference.too_large_hint"),
            )
        ]
    )


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8 with or without mark, else Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
