"""Files for people, cell by cell: what the guard of our CSV files may have touched is let pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from matchmaker.verify.forms import GUARDED

__all__ = ["as_array", "read_batches", "read_texts", "same_texts"]

_BLOCK_BYTES = 1 << 21  # of a file at a time, and the reader is some ahead
Texts = Any  # a Series, an array of Arrow (which has no types) or a sequence of str


def read_texts(path: Path, *, delimiter: str) -> pd.DataFrame:
    """Return the cells of a CSV file as texts.

    Parameters
    ----------
    path : Path
    delimiter : str

    Returns
    -------
    DataFrame
        Of dtype ``str``; an empty cell is "".

    Raises
    ------
    OSError, pyarrow.ArrowException
        It cannot be read.
    """
    frame: pd.DataFrame = read_table(path, delimiter=delimiter).to_pandas()
    return frame.astype("str")


def read_table(path: Path, *, delimiter: str) -> pa.Table:
    """Return the same as a table of Arrow; parameters as for `read_texts`."""
    return read_batches(path, delimiter=delimiter).read_all()


def read_batches(path: Path, *, delimiter: str) -> pa.csv.CSVStreamingReader:
    """Return the same some rows at a time; parameters as for `read_texts`."""
    with path.open("rb") as file:
        head = file.read(1 << 20).decode("utf-8-sig", "replace").split("\n", 1)[0]
    names = [name.strip().strip('"') for name in head.split(delimiter)]
    return pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=_BLOCK_BYTES),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
        ),
    )


def same_texts(said: Texts, true: Texts) -> NDArray[np.bool_]:
    """Tell for each cell whether a CSV file says what it should.

    Parameters
    ----------
    said, true : array of str, shape (n,)

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> same_texts(["'=1", "a", "b"], ["=1", "a", "c"]).tolist()
    [True, True, False]
    """
    one, other = (as_array(cells) for cells in (said, true))
    is_equal = np.array(pc.equal(one, other))
    # Only cells that the guard may have touched are looked at again.
    rest = pa.array(~is_equal)
    plain = (pc.replace_substring_regex(t.filter(rest), GUARDED, "") for t in (one, other))
    is_equal[~is_equal] = np.asarray(pc.equal(*plain))
    return is_equal


def as_array(cells: Texts) -> pa.Array:
    """Return texts as one array: of several chunks, each `take` would join them anew.

    Parameters
    ----------
    cells : array of str, shape (n,)

    Returns
    -------
    pyarrow.Array of large_string, shape (n,)
        "" where there is none.

    Examples
    --------
    >>> as_array(["a", None]).to_pylist()
    ['a', '']
    """
    array = cells if _is_arrow(cells) else pa.array(cells, type=pa.large_string())
    # Chunks of one column of pandas may be of either type of text.
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    texts = [chunk.cast(pa.large_string()) for chunk in chunks]
    whole = pa.concat_arrays(texts) if texts else pa.array([], type=pa.large_string())
    return pc.fill_null(whole, "")


def _is_arrow(cells: Texts) -> bool:
    return isinstance(cells, pa.Array | pa.ChunkedArray)
