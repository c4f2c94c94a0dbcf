"""The mailing file, laid out again from the lists: who gets which line in which place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from matchmaker.settings import Settings
from matchmaker.verify.fault import Faults
from matchmaker.verify.texts import read_batches, same_texts
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


def check_mailing(folder: Path, lists: pd.DataFrame, settings: Settings, faults: Faults) -> None:
    """Check every cell of ``mailing.csv``.

    Parameters
    ----------
    folder : Path
    lists : DataFrame
        As written, by youth and rank.
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
    rank = lists["rank"].to_numpy(dtype=np.int64)
    starts = np.flatnonzero(rank == 1)
    lengths = np.diff(starts, append=len(lists))
    ids = pa.array(lists["youth_id"], type=pa.large_string()).take(pa.array(starts))
    kinds = table(settings.lang, "kind_of_line")
    kind = pd.Categorical(lists["kind"])
    named = np.array([kinds[str(name)] for name in kind.categories], dtype=object)
    columns = {
        part: pa.array(
            named[kind.codes] if part == "type" else lists[column], type=pa.large_string()
        )
        for part, column in PARTS.items()
    }
    first = 0
    for some in told:
        its = slice(first, first + len(some))
        first += len(some)
        if first > len(ids) or not same_texts(some.column(0), ids[its]).all():
            break
        for j in range(k):
            is_none = j >= lengths[its]
            at = pa.array(np.where(is_none, 0, starts[its] + j), mask=is_none)
            for part, cells in columns.items():
                name = f"ligne_{j + 1}_{part}"
                is_same = same_texts(some.column(name), cells.take(at))
                faults.must("mailing_cells", is_same, file=MAILING, column=name, row=its.start)
    else:
        if first == len(ids):
            return
    faults.add("mailing_youths", file=MAILING, found=str(first), expected=str(len(ids)))
