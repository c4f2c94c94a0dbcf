"""Reading of any file as it comes: what it is, then its cells as text."""

from __future__ import annotations

from pathlib import Path

from matchmaker.errors import UsageError
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.reading.content import load_bytes, refuse
from matchmaker.tables.reading.delimited import read_delimited
from matchmaker.tables.reading.frames import from_frame
from matchmaker.tables.reading.header_rows import Knows
from matchmaker.tables.reading.json_file import read_json
from matchmaker.tables.reading.structured import read_parquet
from matchmaker.tables.reading.workbooks import read_workbook
from matchmaker.tables.reading.xml import read_xml
from matchmaker.words import said, word

__all__ = ["Knows", "from_frame", "read_file"]

# What each suffix promises; other suffixes promise nothing and are read by content.
_PROMISES = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "zip",
    ".xlsm": "zip",
    ".ods": "zip",
    ".xml": "xml",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}


def read_file(path: Path, role: str, *, knows: Knows = lambda *_: False) -> RawTable | JsonAnswer:
    """Read one file, recognised by its content.

    Parameters
    ----------
    path : Path
        CSV, XLSX, ODS, Parquet, JSON, JSON lines or XML; any of them with ``.gz``. After a
        workbook's name ``#`` and the name of one sheet may stand: ``tables.xlsx#Jeunes``.
    role : str
        Table that it is to hold.
    knows : callable
        Whether a source knows a table by its header and its first rows.

    Returns
    -------
    RawTable or JsonAnswer
        The second for XML, and for JSON that is no plain list of rows.

    Raises
    ------
    UsageError
        The file is not there, or a sheet is named of what is no workbook.
    InputError
        It is not what its name says, is damaged, or holds nothing.
    """
    file, sheet = _file_and_sheet(path)
    content = load_bytes(file)
    kind = content.kind
    promised = _PROMISES.get(content.suffix)
    if promised not in (None, kind):
        refuse(
            content.file,
            "not_what_it_says",
            said("reading.not_what_it_says", kind=word("content", kind), suffix=content.suffix),
            said("reading.not_what_it_says_hint"),
        )
    if kind not in _PROMISES.values():
        refuse(
            content.file,
            "not_a_table",
            said("reading.not_a_table", kind=word("content", kind)),
            said("reading.not_a_table_hint"),
        )
    if sheet and kind != "zip":
        raise UsageError(said("reading.no_workbook", file=content.file, sheet=sheet))
    if kind == "text":
        return read_delimited(content, role, knows=knows)
    if kind == "json":
        return read_json(content, role)
    if kind == "xml":
        return read_xml(content, role)
    if kind == "parquet":
        return read_parquet(content, role)
    return read_workbook(content, role, sheet=sheet, knows=knows)


def _file_and_sheet(path: Path) -> tuple[Path, str]:
    """Return a workbook's path and the sheet named after ``#``; a file may bear one itself.

    Examples
    --------
    >>> _file_and_sheet(Path("tables.xlsx#Jeunes"))
    (PosixPath('tables.xlsx'), 'Jeunes')
    """
    file, mark, sheet = str(path).rpartition("#")
    return (path, "") if not mark or not file or path.exists() else (Path(file), sheet.strip())
