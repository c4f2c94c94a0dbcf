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

from matchmaker.report.cells import guard_categories, guard_column, guard_table
from matchmaker.words import Lang, table

__all__ = ["mailing", "to_arrow", "write_csv", "write_mailing", "write_parquet"]

# Column of `lists` to the part of the mailing header that is filled from it. A line may be a
# firm that published nothing: what it is stands in its type, and no header calls it an offer.
_MAILING_PARTS = {
    "kind": "type",
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

    Parameters
    ----------
    frame : DataFrame
        Its index is left out.

    Returns
    -------
    pyarrow.Table

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
    """Write `frame` as Parquet, exactly.

    Parameters
    ----------
    frame : DataFrame
    sink : binary file
        Open for writing.
    """
    writer_of = partial(pa.parquet.ParquetWriter, sink, compression="zstd")
    _write_all(_parts(frame, _ROW_GROUP), writer_of)


def write_csv(frame: pd.DataFrame, sink: BinaryIO) -> None:
    """Write `frame` as UTF-8 CSV with commas, cells that could run neutralised.

    Parameters
    ----------
    frame : DataFrame
    sink : binary file
        Open for writing.
    """
    table = _with_guarded_words(pa.Table.from_pandas(frame, preserve_index=False))
    _write_texts(map(_guarded, _slices(table, _BATCH_ROWS)), sink, delimiter=",")


def write_mailing(lists: pd.DataFrame, lines_per_youth: int, lang: Lang, sink: BinaryIO) -> None:
    """Write the lists with one row a youth, as `mailing` lays them out, as a French Excel opens it.

    That is with ``;`` and a byte order mark.

    Parameters
    ----------
    lists, lines_per_youth, lang
        As for `mailing`.
    sink : binary file
        Open for writing.
    """
    sink.write(b"\xef\xbb\xbf")
    starts = np.flatnonzero(lists["rank"] == 1)[:: max(_BATCH_ROWS // lines_per_youth, 1)]
    cuts = [0, *starts[1:].tolist(), len(lists)]
    source = _with_guarded_words(_mailing_source(lists, lang))
    # Before they are laid out: a few long columns take less looking at than many short ones.
    parts = (
        _laid_out(lists.iloc[a:b], _guarded(source.slice(a, b - a)), lines_per_youth)
        for a, b in itertools.pairwise(cuts)
    )
    _write_texts(map(_with_guarded_ids, parts), sink, delimiter=";")


def mailing(lists: pd.DataFrame, lines_per_youth: int, lang: Lang) -> pa.Table:
    """Lay out the lists with one row a youth, for a mailing tool.

    Parameters
    ----------
    lists : pandas.DataFrame
        Lines sorted by youth and rank, as in `MatchResult.lists`.
    lines_per_youth : int
        Number of blocks of columns (k); shorter lists leave theirs empty.
    lang : {"fr", "en"}
        Language of the types.

    Returns
    -------
    pyarrow.Table
        ``youth_id`` then ``ligne_1_type``, ``ligne_1_titre``, ``ligne_1_employeur``,
        ``ligne_1_lieu``, ``ligne_1_url``, ``ligne_1_raison``, ``ligne_2_type`` ...

    Examples
    --------
    >>> import pandas as pd
    >>> lists = pd.DataFrame({"youth_id": ["a", "a", "b"], "rank": [1, 2, 1],
    ...     "kind": "offer", "title": ["t1", "t2", "t3"], "employer": "", "place": "", "url": "",
    ...     "reason": "r"})
    >>> mailing(lists, 2, "fr").select(["ligne_2_type", "ligne_2_titre"]).to_pydict()
    {'ligne_2_type': ['offre publiée', ''], 'ligne_2_titre': ['t2', '']}
    """
    return _laid_out(lists, _mailing_source(lists, lang), lines_per_youth)


def _mailing_source(lists: pd.DataFrame, lang: Lang) -> pa.Table:
    """Return what a mailing tells of each line, categories as they are."""
    kinds = dict(table(lang, "kind_of_line"))
    told = lists[list(_MAILING_PARTS)].assign(kind=lists["kind"].map(kinds))
    return pa.Table.from_pandas(told, preserve_index=False)


def _laid_out(lists: pd.DataFrame, source: pa.Table, lines_per_youth: int) -> pa.Table:
    """Lay out what is told of each line with one row a youth, as `mailing` says."""
    row_of_line, youths = pd.factorize(lists["youth_id"], sort=True)
    # line_at[i, j]: which line of `lists` is the j-th of youth i; -1 for none.
    line_at = np.full((len(youths), lines_per_youth), -1, dtype=np.int64)
    line_at[row_of_line, lists["rank"].to_numpy(dtype=np.int64) - 1] = np.arange(len(lists))
    columns: dict[str, pa.ChunkedArray] = {"youth_id": pa.array(youths, pa.large_string())}
    source = source.cast(_schema(source))
    for j in range(lines_per_youth):
        rows = pa.array(line_at[:, j], mask=line_at[:, j] < 0)
        for column, part in _MAILING_PARTS.items():
            columns[f"ligne_{j + 1}_{part}"] = pc.fill_null(source[column].take(rows), "")
    return pa.table(columns)


def _parts(frame: pd.DataFrame, rows: int) -> Iterator[pa.Table]:
    """Yield the rows as `to_arrow` does, some at a time: texts held once are spelt out here."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    schema = _schema(table)
    return (part.cast(schema) for part in _slices(table, rows))


def _slices(table: pa.Table, rows: int) -> Iterator[pa.Table]:
    """Yield the rows some at a time; an empty table is one slice."""
    return (table.slice(start, rows) for start in range(0, max(len(table), 1), rows))


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


def _write_texts(parts: Iterable[pa.Table], sink: BinaryIO, *, delimiter: str) -> None:
    """Write guarded parts of a table as CSV."""
    options = pa.csv.WriteOptions(delimiter=delimiter, batch_size=_BATCH_ROWS)
    _write_all(iter(parts), partial(pa.csv.CSVWriter, sink, write_options=options))


def _write_all(parts: Iterator[pa.Table], writer_of: Callable[[pa.Schema], Any]) -> None:
    """Write part after part with one writer, whose schema is that of the first."""
    first = next(parts)
    with writer_of(first.schema) as writer:
        for part in itertools.chain([first], parts):
            writer.write_table(part)


def _with_guarded_words(table: pa.Table) -> pa.Table:
    """Return a table whose categories have been through the guard: each text once, not a row."""
    columns = [guard_categories(c) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


def _guarded(part: pa.Table) -> pa.Table:
    """Return some rows of such a table as CSV shows them: all texts guarded, floats rounded."""
    table = pa.table([_plain(column) for column in part.columns], names=part.column_names)
    guarded = guard_table(table)
    return guarded.cast(_schema(guarded))


def _with_guarded_ids(mailing: pa.Table) -> pa.Table:
    """Return a mailing whose ids have been through the guard, as the rest of it has."""
    return mailing.set_column(0, mailing.column_names[0], guard_column(mailing.column(0)))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts as the guard knows them, and floats rounded; categories have been guarded."""
    if pa.types.is_floating(column.type):
        return pc.round(column, _CSV_DECIMALS)
    is_text = _is_text(column.type) and not pa.types.is_dictionary(column.type)
    return column.cast(pa.large_string()) if is_text else column
