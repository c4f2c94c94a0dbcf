"""The tables of a run as files: exact Parquet for machines, guarded CSV for people."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from matchmaker.report.cells import guard_table

__all__ = ["mailing", "to_arrow", "write_csv", "write_mailing", "write_parquet"]

# Column of `lists` to the part of the mailing header that is filled from it.
_MAILING_PARTS = {
    "title": "titre",
    "employer": "employeur",
    "place": "lieu",
    "url": "url",
    "reason": "raison",
}
_CSV_DECIMALS = 3  # a distance in km to the metre; Parquet keeps every digit
# Rows, and lines of a mailing, turned into text at once: more of them are no faster.
_BATCH_ROWS = 16_384
_ROW_GROUP = 65_536  # rows of a Parquet file that are compressed together


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Turn a frame into a table whose bytes depend on its values only.

    Text, categories and empty columns become ``large_string``, and no note about pandas or
    its index stays in the schema: two frames with equal cells give equal files whatever
    steps made them.

    Examples
    --------
    >>> import pandas as pd
    >>> to_arrow(pd.DataFrame({"km": [1.5, None], "kind": pd.Categorical(["a", "b"])})).schema
    km: double
    kind: large_string
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return table.cast(_schema(table))


def write_parquet(frame: pd.DataFrame, sink: BinaryIO) -> None:
    """Write `frame` as Parquet, exactly."""
    writer_of = partial(pa.parquet.ParquetWriter, sink, compression="zstd")
    _write_all(_parts(frame, _ROW_GROUP), writer_of)


def write_csv(frame: pd.DataFrame, sink: BinaryIO) -> None:
    """Write `frame` as UTF-8 CSV with commas, cells that could run neutralised."""
    _write_guarded(_parts(frame, _BATCH_ROWS), sink, delimiter=",")


def write_mailing(lists: pd.DataFrame, lines_per_youth: int, sink: BinaryIO) -> None:
    """Write the lists with one row a youth, as `mailing` lays them out, as a French Excel opens it.

    That is with ``;`` and a byte order mark.
    """
    sink.write(b"\xef\xbb\xbf")
    starts = np.flatnonzero(lists["rank"] == 1)[:: max(_BATCH_ROWS // lines_per_youth, 1)]
    cuts = [0, *starts[1:].tolist(), len(lists)]
    some_lists = (lists.iloc[a:b] for a, b in itertools.pairwise(cuts))
    parts = (mailing(some, lines_per_youth) for some in some_lists)
    _write_guarded(parts, sink, delimiter=";")


def mailing(lists: pd.DataFrame, lines_per_youth: int) -> pa.Table:
    """Lay out the lists with one row a youth, for a mailing tool.

    Parameters
    ----------
    lists : pandas.DataFrame
        Lines sorted by youth and rank, as in `MatchResult.lists`.
    lines_per_youth : int
        Number of blocks of columns (k); shorter lists leave theirs empty.

    Returns
    -------
    pyarrow.Table
        ``youth_id`` then ``offre_1_titre``, ``offre_1_employeur``, ``offre_1_lieu``,
        ``offre_1_url``, ``offre_1_raison``, ``offre_2_titre`` ...

    Examples
    --------
    >>> import pandas as pd
    >>> lists = pd.DataFrame({"youth_id": ["a", "a", "b"], "rank": [1, 2, 1],
    ...     "title": ["t1", "t2", "t3"], "employer": "", "place": "", "url": "", "reason": "r"})
    >>> mailing(lists, 2).select(["youth_id", "offre_2_titre"]).to_pydict()
    {'youth_id': ['a', 'b'], 'offre_2_titre': ['t2', '']}
    """
    row_of_line, youths = pd.factorize(lists["youth_id"], sort=True)
    # line_at[i, j]: which line of `lists` is the j-th of youth i; -1 for none.
    line_at = np.full((len(youths), lines_per_youth), -1, dtype=np.int64)
    line_at[row_of_line, lists["rank"].to_numpy(dtype=np.int64) - 1] = np.arange(len(lists))
    columns: dict[str, pa.ChunkedArray] = {"youth_id": pa.array(youths, pa.large_string())}
    source = to_arrow(lists[list(_MAILING_PARTS)])
    for j in range(lines_per_youth):
        rows = pa.array(line_at[:, j], mask=line_at[:, j] < 0)
        for column, part in _MAILING_PARTS.items():
            columns[f"offre_{j + 1}_{part}"] = pc.fill_null(source[column].take(rows), "")
    return pa.table(columns)


def _parts(frame: pd.DataFrame, rows: int) -> Iterator[pa.Table]:
    """Yield the rows as `to_arrow` does, some at a time: texts held once are spelt out here."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    schema = _schema(table)
    for start in range(0, max(len(frame), 1), rows):
        yield table.slice(start, rows).cast(schema)


def _schema(table: pa.Table) -> pa.Schema:
    return pa.schema(
        pa.field(f.name, pa.large_string() if _is_text(f.type) else f.type) for f in table.schema
    )


def _is_text(kind: pa.DataType) -> bool:
    """Tell whether values of this type are written as text; an empty column is."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_dictionary(kind)
        or pa.types.is_null(kind)
    )


def _write_guarded(parts: Iterable[pa.Table], sink: BinaryIO, *, delimiter: str) -> None:
    """Write parts of a table as CSV after the guard, floats rounded for reading."""
    options = pa.csv.WriteOptions(delimiter=delimiter, batch_size=_BATCH_ROWS)
    _write_all(map(_guarded, parts), partial(pa.csv.CSVWriter, sink, write_options=options))


def _write_all(parts: Iterator[pa.Table], writer_of: Callable[[pa.Schema], Any]) -> None:
    """Write part after part with one writer, whose schema is that of the first."""
    first = next(parts)
    with writer_of(first.schema) as writer:
        for part in itertools.chain([first], parts):
            writer.write_table(part)


def _guarded(part: pa.Table) -> pa.Table:
    rounded = [
        pc.round(c, _CSV_DECIMALS) if pa.types.is_floating(c.type) else c for c in part.columns
    ]
    return guard_table(pa.table(rounded, names=part.column_names))
