"""Reading of any file as it comes: what it is, then its cells as text."""

from __future__ import annotations

from pathlib import Path

from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading.content import KIND_NAMES, load_bytes, refuse
from matchmaker.tables.reading.delimited import read_delimited
from matchmaker.tables.reading.frames import from_frame
from matchmaker.tables.reading.structured import (
    JsonAnswer,
    read_json,
    read_parquet,
    read_workbook,
)
from matchmaker.tables.schemas import columns_of

__all__ = ["JsonAnswer", "from_frame", "read_file"]

# What each suffix promises; other suffixes promise nothing and are read by content.
_PROMISES = {
    ".csv": "text", ".tsv": "text", ".txt": "text",
    ".xlsx": "zip", ".xlsm": "zip",
    ".parquet": "parquet", ".pq": "parquet",
    ".json": "json", ".jsonl": "json", ".ndjson": "json",
}  # fmt: skip


def read_file(path: Path, role: str) -> RawTable | JsonAnswer:
    """Read one file, recognised by its content.

    Parameters
    ----------
    path : Path
        CSV, XLSX, Parquet, JSON or JSON lines; any of them with ``.gz``.
    role : str
        Table that it is to hold.

    Returns
    -------
    RawTable or JsonAnswer
        The second for JSON that is no plain list of rows.

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        It is not what its name says, is damaged, or holds nothing.
    """
    content = load_bytes(path)
    kind = content.kind
    promised = _PROMISES.get(content.suffix)
    if promised not in (None, kind):
        refuse(
            content.file,
            "not_what_it_says",
            f"holds {KIND_NAMES[kind]}, not what '{content.suffix}' says",
            "Export it as CSV, or give the file its true suffix.",
        )
    if kind not in _PROMISES.values():
        refuse(
            content.file,
            "not_a_table",
            f"holds {KIND_NAMES[kind]}",
            "Give CSV, XLSX, Parquet or JSON.",
        )
    if kind == "text":
        return read_delimited(content, role, set(columns_of(role)))
    if kind == "json":
        return read_json(content, role)
    return read_parquet(content, role) if kind == "parquet" else read_workbook(content, role)
