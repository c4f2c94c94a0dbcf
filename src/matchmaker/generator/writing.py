"""Writing of columns as CSV: quick, and quoted only where a cell needs it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.replacing import replaced

__all__ = ["write_csv"]

_ROWS_AT_ONCE = 100_000


def write_csv(columns: dict[str, pa.Array], path: Path) -> None:
    """Write columns of equal length as UTF-8 CSV; null is an empty cell.

    Parameters
    ----------
    columns : dict of str to Arrow array
    path : Path
        Replaced if there.
    """
    table = pa.table(columns)
    with replaced(path) as stream:
        stream.write((",".join(columns) + "\n").encode())
        for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            cells = [_cells(column) for column in batch.columns]
            lines = pc.binary_join_element_wise(*cells, ",")
            ended = pc.binary_join_element_wise(lines, "\n", "")
            # The lines lie one after another in the array's last buffer.
            stream.write(ended.buffers()[2])


def _cells(column: pa.Array) -> pa.Array:
    """Return the cells as text, with quotes around those that hold a comma or a quote."""
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    if not pa.types.is_string(column.type):
        return text
    needs_quotes = pc.match_substring_regex(text, '[,"\n]')
    if not pc.any(needs_quotes).as_py():
        return text
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(text, '"', '""'), '"', "")
    return pc.if_else(needs_quotes, quoted, text)
