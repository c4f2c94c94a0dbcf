"""Tells whether a CSV file says the same as the Parquet file of the same table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from matchmaker.verify.fault import Faults

__all__ = ["BATCH_ROWS", "BatchRows", "check_forms"]

HALF_DECIMAL = 0.0005 + 1e-9  # CSV files round to three decimals
# What the guard against formulas may have added or changed in a text.
GUARDED = r"[' \x00-\x1F\x7F\x{0085}]+"
BLOCK_BYTES = 1 << 21  # of CSV, read at a time; the longest row is far shorter ...
BATCH_ROWS = 1 << 14  # ... and of Parquet: both readers hold several in memory


def check_forms(folder: Path, name: str, faults: Faults) -> None:
    """Compare both forms of a table, a block of rows at a time.

    Numbers must be equal, distances to the metre; texts but for apostrophes, spaces and
    control signs, which `matchmaker.report.cells` may have touched.

    Parameters
    ----------
    folder : Path
    name : str
        Of the table: ``NAME.csv`` is held against ``NAME.parquet``.
    faults : Faults
        Gets every cell that differs.

    Raises
    ------
    OSError
        A file is not there.
    """
    try:
        _compare(folder, name, faults)
    except pa.ArrowException:  # its text may quote a cell
        faults.add("csv_readable", file=f"{name}.csv")


def _compare(folder: Path, name: str, faults: Faults) -> None:
    parquet = pa.parquet.ParquetFile(folder / f"{name}.parquet")
    schema = parquet.schema_arrow
    reader = pa.csv.open_csv(
        folder / f"{name}.csv",
        read_options=pa.csv.ReadOptions(block_size=BLOCK_BYTES),
        convert_options=pa.csv.ConvertOptions(column_types=schema, null_values=[""]),
    )
    file = f"{name}.csv"
    if reader.schema.names != schema.names:
        faults.add("csv_columns", file=file)
        return
    exact = BatchRows(schema, parquet.iter_batches(BATCH_ROWS))
    before = 0
    for batch in reader:
        wanted = exact.take(len(batch))
        if len(wanted) < len(batch):
            faults.add("csv_rows", file=file, found="+1")
            return
        for column, said, true in zip(schema.names, batch.columns, wanted.columns, strict=True):
            is_same = _same(said, true.combine_chunks())
            faults.must("csv_cells", is_same, file=file, column=column, row=before)
        before += len(batch)
    if len(exact.take(1)):
        faults.add("csv_rows", file=file, found="-1")


class BatchRows:
    """The rows of record batches, as many at a time as are asked for.

    Parameters
    ----------
    schema : pyarrow.Schema
    batches : iterator of pyarrow.RecordBatch
    """

    def __init__(self, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
        self._rest = schema.empty_table()
        self._batches = batches

    def take(self, n: int) -> pa.Table:
        """Return the next `n` rows, or those that are left.

        Parameters
        ----------
        n : int

        Returns
        -------
        pyarrow.Table
        """
        while len(self._rest) < n and (batch := next(self._batches, None)) is not None:
            self._rest = pa.concat_tables([self._rest, pa.Table.from_batches([batch])])
        taken, self._rest = self._rest.slice(0, n), self._rest.slice(n)
        return taken


def _same(said: pa.Array, true: pa.Array) -> NDArray[np.bool_]:
    """Tell for each cell whether a CSV file says what it should."""
    if pa.types.is_floating(true.type):
        near = pc.less_equal(pc.abs(pc.subtract(said, true)), HALF_DECIMAL)
        both = pc.and_(pc.is_null(said), pc.is_null(true, nan_is_null=True))
        return np.asarray(pc.or_(pc.fill_null(near, False), both))
    if not pa.types.is_large_string(true.type):
        both = pc.and_(pc.is_null(said), pc.is_null(true))
        return np.asarray(pc.or_(pc.fill_null(pc.equal(said, true), False), both))
    true = pc.fill_null(true, "")
    is_equal = np.array(pc.equal(said, true))
    # Only cells that the guard may have touched are looked at again.
    other = pa.array(~is_equal)
    texts = (pc.replace_substring_regex(t.filter(other), GUARDED, "") for t in (said, true))
    is_equal[~is_equal] = np.asarray(pc.equal(*texts))
    return is_equal
