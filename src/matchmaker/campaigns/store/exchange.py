"""A store as a folder of files, and back: to move it, to keep it, to change the database."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from sqlalchemy import Connection, func, select

from matchmaker.campaigns.store.log import log_faults
from matchmaker.campaigns.store.opening import Store, reading, writing_all
from matchmaker.campaigns.store.schema import CAMPAIGNS, METADATA, VERSION
from matchmaker.campaigns.store.versions import STEPS
from matchmaker.errors import CheckError, UsageError
from matchmaker.replacing import replaced
from matchmaker.report.tables import write_parquet
from matchmaker.words import said

__all__ = ["INDEX", "export_store", "import_store"]

INDEX = "store.json"
_TABLES = tuple(table for table in METADATA.sorted_tables if table is not VERSION)


def export_store(store: Store, out: Path) -> dict[str, int]:
    """Write all tables as they are at one moment; the same store gives the same bytes.

    Parameters
    ----------
    store : Store
    out : Path
        A folder that is not there, or empty. ``store.json`` in it is written last: without it the
        folder is not whole.

    Returns
    -------
    dict of str to int
        Rows by table.

    Raises
    ------
    UsageError
        The folder holds something.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(said("store.out_there", path=out))
    with reading(store) as connection:
        frames = {table.name: _frame(connection, table) for table in _TABLES}
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files: dict[str, dict[str, Any]] = {}
    for name, frame in frames.items():
        content = BytesIO()
        write_parquet(frame, content)
        with replaced(out / f"{name}.parquet") as sink:
            sink.write(content.getvalue())
        files[name] = {"rows": len(frame), "sha256": sha256(content.getvalue()).hexdigest()}
    index = {"made_by": "matchmaker", "store_version": len(STEPS), "tables": files}
    with replaced(out / INDEX) as sink:
        sink.write(json.dumps(index, indent=1, sort_keys=True).encode() + b"\n")
    return {name: len(frame) for name, frame in frames.items()}


def import_store(folder: Path, store: Store) -> dict[str, int]:
    """Bring an export into a store that holds no campaign, in one transaction.

    Parameters
    ----------
    folder : Path
    store : Store

    Returns
    -------
    dict of str to int
        Rows by table.

    Raises
    ------
    UsageError
        It is no export, of another version, or the store holds a campaign.
    CheckError
        A file is not the one that was exported, or the log is not whole.
    """
    index = _index(folder)
    frames = {table.name: _read(folder, index, table) for table in _TABLES}
    with writing_all(store) as connection:
        if connection.execute(select(func.count()).select_from(CAMPAIGNS)).scalar():
            raise UsageError(said("store.not_empty", store=store.shown))
        for table in _TABLES:
            rows: list[dict[str, Any]] = [
                {str(name): value for name, value in row.items()}
                for row in frames[table.name].to_dict("records")
            ]
            if rows:
                connection.execute(table.insert(), rows)
        for campaign in sorted(frames[CAMPAIGNS.name]["campaign"]):
            if log_faults(connection, campaign):
                raise CheckError(said("store.log_faulty", campaign=campaign))
    return {name: len(frame) for name, frame in frames.items()}


def _frame(connection: Connection, table: Any) -> pd.DataFrame:
    """Return a table by its key, sorted here: databases sort texts in their own ways."""
    names = [column.name for column in table.columns]
    rows = sorted(tuple(row) for row in connection.execute(select(table)))
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    kinds = ["str" if column.type.python_type is str else "int64" for column in table.columns]
    return pd.DataFrame(
        {
            name: pd.Series(list(values), dtype=kind)
            for name, values, kind in zip(names, columns, kinds, strict=True)
        }
    )


def _index(folder: Path) -> dict[str, Any]:
    try:
        index = json.loads((folder / INDEX).read_text("utf-8"))
        is_ours = index["made_by"] == "matchmaker" and {*index["tables"]} == {
            table.name for table in _TABLES
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(said("store.no_export", path=folder)) from None
    if not is_ours or index["store_version"] != len(STEPS):
        raise UsageError(said("store.no_export", path=folder))
    return dict(index)


def _read(folder: Path, index: dict[str, Any], table: Any) -> pd.DataFrame:
    """Return a table of an export: the bytes that were written, with these columns and no others."""
    path = folder / f"{table.name}.parquet"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=path, why=error.strerror)) from None
    if sha256(content).hexdigest() != index["tables"][table.name]["sha256"]:
        raise CheckError(said("store.file_changed", path=path))
    try:
        frame: pd.DataFrame = pa.parquet.read_table(BytesIO(content)).to_pandas()
    except pa.ArrowException as error:
        raise UsageError(said("error.cannot_read", path=path, why=error)) from None
    if [*frame.columns] != [column.name for column in table.columns]:
        raise UsageError(said("store.no_export", path=folder))
    return frame
