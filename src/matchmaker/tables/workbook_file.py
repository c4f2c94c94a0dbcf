"""Workbooks as files: bytes that depend on the cells only, written where nothing is yet."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from matchmaker.errors import UsageError
from matchmaker.words import said

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["check_new", "without_clock", "write_new"]

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can name
_CLOCK = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def without_clock(book: Workbook) -> bytes:
    """Return a workbook as the bytes of an XLSX file, which do not tell when it was written."""
    written, same = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _CLOCK.sub(b"1980-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, date_time=_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return same.getvalue()


def check_new(path: Path) -> None:
    """Refuse a path that no new workbook can have, before the work for it begins.

    Raises
    ------
    UsageError
        The file is there, or is no XLSX by its name.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(said("template.suffix", path=path))
    if path.exists():
        raise UsageError(said("template.is_there", path=path))


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def write_new(path: Path, data: bytes) -> None:
    """Write a workbook that its owner alone may read; a file that is there is not overwritten.

    Raises
    ------
    UsageError
        As `check_new`, or the file cannot be written.
    """
    check_new(path)
    try:
        with open(path, "xb", opener=_private) as sink:
            sink.write(data)
    except FileExistsError:
        raise UsageError(said("template.is_there", path=path)) from None
    except OSError as error:
        raise UsageError(said("error.cannot_write", path=path, why=error.strerror)) from None
