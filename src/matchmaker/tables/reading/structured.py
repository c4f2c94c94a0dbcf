"""Parquet as a raw table."""

from __future__ import annotations

import numpy as np

from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading.content import Content, refuse
from matchmaker.tables.reading.extent import check_rows
from matchmaker.tables.reading.frames import text_frame
from matchmaker.words import said

__all__ = ["read_parquet"]


def read_parquet(content: Content, role: str) -> RawTable:
    """Read a Parquet file; lines are row numbers from 1.

    Raises
    ------
    InputError
        The file is damaged, or a column is nested.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(content.data)) as parquet:
            says = parquet.metadata
            check_rows(
                content.file, rows=says.num_rows, columns=says.num_columns, size=len(content.data)
            )
        table = pq.read_table(pa.BufferReader(content.data))
        frame = text_frame(table.to_pandas(date_as_object=True))
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError) as error:
        refuse(
            content.file,
            "parquet_unreadable",
            said("reading.parquet", why=str(error)[:80]),
            said("reading.write_again"),
        )
    return RawTable(
        role=role,
        file=content.file,
        frame=frame,
        lines=np.arange(1, len(frame) + 1, dtype=np.int64),
        sha256=content.sha256,
        notes=(*content.notes, "Parquet"),
    )
