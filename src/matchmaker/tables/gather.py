"""From rows that come one by one to columns of text, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice

import pandas as pd
import pyarrow as pa

__all__ = ["gather"]

_BLOCK = 4096  # rows that are in hand as Python objects at a time


def gather(rows: Iterable[Mapping[str, str]], names: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows as a frame of dtype ``str``; what a row leaves out is "".

    Half a million rows as mappings would take some GB; as columns they take what their
    texts do.

    Parameters
    ----------
    rows : iterable of mapping
        Column to text.
    names : sequence of str
        The columns, in order; others are not looked at.  By default all that any row has,
        in the order in which they first come.

    Examples
    --------
    >>> gather([{"a": "1"}, {"b": "2", "a": "3"}]).values.tolist()
    [['1', ''], ['3', '2']]
    """
    pieces: dict[str, list[pa.Array]] = {name: [] for name in names}
    size = 0
    stream = iter(rows)
    while block := list(islice(stream, _BLOCK)):
        for name in names or dict.fromkeys(chain.from_iterable(block)):
            if name not in pieces:
                pieces[name] = [pa.repeat(pa.scalar("", pa.large_string()), size)]
        for name, column in pieces.items():
            column.append(_texts([row.get(name, "") for row in block]))
            # Many small arrays would leave holes in memory: equals are joined as in a counter.
            while len(column) > 1 and len(column[-2]) <= len(column[-1]):
                column[-2:] = [pa.concat_arrays(column[-2:])]
        size += len(block)
    columns = {}
    for name in list(pieces):
        whole = pa.concat_arrays(pieces.pop(name) or [_texts([])])
        columns[name] = pd.Series(pd.array(whole, dtype="str"))
    return pd.DataFrame(columns, index=range(size))


def _texts(cells: list[str]) -> pa.Array:
    """Return texts as an Arrow array; half of a pair of surrogates becomes "?"."""
    try:
        return pa.array(cells, type=pa.large_string())
    except UnicodeEncodeError:
        mended = [cell.encode("utf-8", "replace").decode() for cell in cells]
        return pa.array(mended, type=pa.large_string())
