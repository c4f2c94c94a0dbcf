"""The mailing file, laid out again from the lists: who gets which line in which place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.fault import Faults
from matchmaker.verify.forms import BATCH_ROWS, BatchRows
from matchmaker.verify.texts import as_array, read_batches, same_texts
from matchmaker.words import table

__all__ = ["check_mailing"]

MAILING = "mailing.csv"
# Part of a header to the column of the lists that fills it.
PARTS = {
    "type": "kind",
    "titre": "title",
    "employeur": "employer",
    "lieu": "place",
    "url": "url",
    "raison": "reason",
}


def check_mailing(folder: Path, settings: Settings, faults: Faults) -> None:
    """Check every cell of ``mailing.csv``.

    Parameters
    ----------
    folder : Path
    settings : Settings
        ``lines_per_youth`` and ``lang`` are read.
    faults : Faults
        What is found is added to it.
    """
    told = read_batches(folder / MAILING, delimiter=";")
    k = settings.most("lines_per_youth")
    due = [f"ligne_{j}_{part}" for j in range(1, k + 1) for part in PARTS]
    if told.schema.names != ["youth_id", *due]:
        faults.add("mailing_columns", file=MAILING)
        return
    kinds = table(settings.lang, "kind_of_line")
    with pa.parquet.ParquetFile(folder / "lists.parquet") as file:
        ranked = file.read(columns=["youth_id", "rank"])
        rank = np.asarray(ranked["rank"]).astype(np.int64)
        starts = np.flatnonzero(rank == 1)
        ids = as_array(ranked["youth_id"]).take(pa.array(starts))
        ends = np.append(starts[1:], len(rank))
        lines = BatchRows(
            pa.schema([file.schema_arrow.field(name) for name in PARTS.values()]),
            file.iter_batches(BATCH_ROWS, columns=[*PARTS.values()]),
        )
        first = 0
        for some in told:
            its = slice(first, first + len(some))
            first += len(some)
            if first > len(ids) or not same_texts(some.column(0), ids[its]).all():
                break
            lengths = ends[its] - starts[its]
            _check_cells(some, lines.take(int(lengths.sum())), lengths, kinds, faults, its.start)
        else:
            if first == len(ids):
                return
    faults.add("mailing_youths", file=MAILING, found=str(first), expected=str(len(ids)))


def _check_cells(
    some: pa.RecordBatch,
    lines: pa.Table,
    lengths: NDArray[np.int64],
    kinds: Mapping[str, str],
    faults: Faults,
    row: int,
) -> None:
    """Hold some rows of the file against the lines of their youths."""
    starts = np.cumsum(lengths) - lengths
    cells = {part: as_array(lines[column]) for part, column in PARTS.items()}
    kind, names = pd.factorize(np.asarray(cells["type"]))
    named = [kinds[str(name)] for name in names]
    cells["type"] = as_array(named).take(pa.array(kind))
    for j in range((len(some.schema) - 1) // len(PARTS)):
        is_none = j >= lengths
        at = pa.array(np.where(is_none, 0, starts + j), mask=is_none)
        for part in PARTS:
            name = f"ligne_{j + 1}_{part}"
            is_same = same_texts(some.column(name), cells[part].take(at))
            faults.must("mailing_cells", is_same, file=MAILING, column=name, row=row)
