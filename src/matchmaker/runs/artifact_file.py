"""An artifact in one file: what a stage gave, to be read back as it was.

A ZIP archive of ``artifact.json``, which says what lies where, of arrays (``.npy``) and of tables
(Arrow).  It can hold data of `CLASSES` and nothing else: reading one runs no code, as reading a
pickle would.  The archive has a checksum of each part.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Bands, Pairs
from matchmaker.errors import Issue
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.fair import LevelReached
from matchmaker.lists.make import YouthLists
from matchmaker.lists.proof import Proof, Round, Showing
from matchmaker.lists.smallest_caps import SmallestCaps
from matchmaker.lists.terms import Terms
from matchmaker.runs.artifacts import Explained, Read, SharedOut
from matchmaker.solvers.problem import ConvexCosts, LaminarCaps
from matchmaker.tables import Sent, Tables
from matchmaker.tables.first_steps import Step
from matchmaker.tables.raw import InputFile
from matchmaker.words import Said

__all__ = ["CLASSES", "frame_bytes", "read_artifact", "write_artifact"]

CLASSES: Mapping[str, type[Any]] = {
    one.__name__: one
    for one in (
        Bands, Certificate, ConvexCosts, Excluded, Explained, InputFile, Issue, LaminarCaps,
        LevelReached, Pairs, Proof, Read, Round, Said, Sent, SharedOut, Showing, SmallestCaps,
        Step, Tables, Terms, YouthLists,
    )
}  # fmt: skip
_HEAD = "artifact.json"


def write_artifact(sink: BinaryIO, artifact: object, *, key: str) -> None:
    """Write what a stage gave.

    Parameters
    ----------
    sink : binary file
    artifact : object
        Of `CLASSES`: plain values, dates, tuples, mappings by text, arrays and tables in it.
    key : str
        Of what it was made of.

    Raises
    ------
    TypeError
        It holds something else.
    """
    with zipfile.ZipFile(sink, "w") as archive:
        parts: dict[int, tuple[str, object]] = {}  # by identity; the object, so that it stays

        def put(value: NDArray[Any] | pd.DataFrame) -> str:
            if id(value) not in parts:
                if isinstance(value, pd.DataFrame):
                    name, content = f"{len(parts)}.arrow", frame_bytes(value)
                else:
                    name, content = f"{len(parts)}.npy", _npy(value)
                parts[id(value)] = name, value
                archive.writestr(zipfile.ZipInfo(name), content)  # without a time
            return parts[id(value)][0]

        plain = _plain(artifact, put)
        archive.writestr(zipfile.ZipInfo(_HEAD), json.dumps({"key": key, "artifact": plain}))


def read_artifact(source: BinaryIO, *, key: str) -> Any:
    """Read what `write_artifact` wrote.

    Parameters
    ----------
    source : binary file
    key : str
        Of what it should be made of.

    Returns
    -------
    object or None
        None where it was made of something else.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile
        The file is not as it was written.
    """
    with zipfile.ZipFile(source) as archive:
        head = json.loads(archive.read(_HEAD))
        if head["key"] != key:
            return None
        parts: dict[str, NDArray[Any] | pd.DataFrame] = {}

        def take(name: str) -> NDArray[Any] | pd.DataFrame:
            if name not in parts:
                content = archive.read(name)
                parts[name] = _frame(content) if name.endswith(".arrow") else _array(content)
            return parts[name]

        return _value(head["artifact"], take)


def _plain(value: object, put: Callable[[Any], str]) -> Any:
    """Return a value as JSON holds it; anything but a scalar is an object with one name."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray | pd.DataFrame):
        return {"part": put(value)}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_plain(one, put) for one in value]}
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {"mapping": {name: _plain(one, put) for name, one in value.items()}}
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return {"date": value.isoformat()}
    name = type(value).__name__
    if CLASSES.get(name) is not type(value) or not is_dataclass(value):
        raise TypeError(f"no artifact holds {type(value)}")
    return {name: {f.name: _plain(getattr(value, f.name), put) for f in fields(value)}}


def _value(plain: Any, take: Callable[[str], Any]) -> Any:
    if not isinstance(plain, dict):
        return plain
    ((kind, held),) = plain.items()
    if kind in ("part", "date"):
        return take(held) if kind == "part" else dt.date.fromisoformat(held)
    if kind in ("tuple", "list"):
        several = [_value(one, take) for one in held]
        return tuple(several) if kind == "tuple" else several
    named = {name: _value(one, take) for name, one in held.items()}
    return named if kind == "mapping" else CLASSES[kind](**named)


def _npy(array: NDArray[Any]) -> bytes:
    sink = io.BytesIO()
    np.lib.format.write_array(sink, array, allow_pickle=False)
    return sink.getvalue()


def _array(content: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return array


def frame_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as Arrow's own form, types of columns included: equal for equal tables.

    Parameters
    ----------
    frame : DataFrame

    Returns
    -------
    bytes
    """
    table = pa.Table.from_pandas(frame).combine_chunks()  # how it lies in memory tells nothing
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _frame(content: bytes) -> pd.DataFrame:
    with pa.ipc.open_stream(content) as reader:
        frame: pd.DataFrame = reader.read_all().to_pandas()
        return frame
