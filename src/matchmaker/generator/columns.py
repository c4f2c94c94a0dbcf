"""Making of columns: draws by weight, and arrays of text out of few distinct ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = [
    "choose",
    "choose_in_rows",
    "dates",
    "ids",
    "joined",
    "one_of",
    "running_rows",
    "texts",
    "with_blanks",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def choose(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Draw `count` positions with probabilities in proportion to `weights`.

    Parameters
    ----------
    rng : Generator
    weights : float64, shape (k,)
        0 or more, not all 0.
    count : int

    Returns
    -------
    int64, shape (count,)
        0 to k - 1.
    """
    upto = np.cumsum(weights)
    drawn = np.searchsorted(upto, rng.random(count) * upto[-1], side="right")
    return np.asarray(np.minimum(drawn, len(weights) - 1), dtype=np.int64)


def running_rows(weights: Floats) -> Floats:
    """Return the rows of `weights`, shape (r, k), as running shares for `choose_in_rows`.

    Row i is shifted by i, so that all rows together rise and one search serves any row.
    A row of zeros draws its last entry.

    Parameters
    ----------
    weights : float64, shape (r, k)
        0 or more.

    Returns
    -------
    float64, shape (r, k)
    """
    totals = weights.sum(axis=1, keepdims=True)
    upto = np.cumsum(weights, axis=1) / np.where(totals > 0, totals, 1.0)
    return np.asarray(upto + np.arange(len(weights))[:, None])


def choose_in_rows(rng: np.random.Generator, running: Floats, rows: Ints) -> Ints:
    """Draw one column for each of `rows` of a table made by `running_rows`.

    Parameters
    ----------
    rng : Generator
    running : float64, shape (r, k)
    rows : int64, shape (n,)
        0 to r - 1.

    Returns
    -------
    int64, shape (n,)
        0 to k - 1.
    """
    columns = running.shape[1]
    target = rows + rng.random(len(rows))
    drawn = np.searchsorted(running.ravel(), target, side="right") - rows * columns
    return np.asarray(np.clip(drawn, 0, columns - 1), dtype=np.int64)


def texts(distinct: Sequence[str], positions: Ints) -> pa.Array:
    """Return ``distinct[positions]`` as an Arrow array of text.

    Parameters
    ----------
    distinct : sequence of str
    positions : int64, shape (n,)

    Returns
    -------
    Arrow array of text, n long
    """
    return pa.array(list(distinct), pa.string()).take(pa.array(positions))


def one_of(rng: np.random.Generator, options: dict[str, float], count: int) -> pa.Array:
    """Draw texts with the weights given.

    Parameters
    ----------
    rng : Generator
    options : dict of str to float
        Text to weight.
    count : int

    Returns
    -------
    Arrow array of text, `count` long
    """
    return texts(list(options), choose(rng, np.array(list(options.values())), count))


def with_blanks(values: pa.Array, is_blank: Bools) -> pa.Array:
    """Return the values with an empty cell where `is_blank`.

    Parameters
    ----------
    values : Arrow array, n long
    is_blank : bool, shape (n,)

    Returns
    -------
    Arrow array of the same type
    """
    return pc.if_else(pa.array(is_blank), pa.scalar(None, values.type), values)


def ids(letter: str, count: int) -> pa.Array:
    """Return ``letter`` and a number from 1, with at least six digits.

    Parameters
    ----------
    letter : str
    count : int

    Returns
    -------
    Arrow array of text, `count` long
    """
    width = max(6, len(str(count)))
    numbers = pc.cast(pa.array(np.arange(1, count + 1)), pa.string())
    return joined(letter, pc.utf8_lpad(numbers, width, "0"))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return texts joined row by row; a blank part makes a blank cell.

    Parameters
    ----------
    *parts : Arrow array of text, or str

    Returns
    -------
    Arrow array of text
    """
    return pc.binary_join_element_wise(*parts, "")


def dates(start: dt.date, offsets: Ints) -> pa.Array:
    """Return the days `offsets` after `start`.

    Parameters
    ----------
    start : date
    offsets : int64, shape (n,)
        Days.

    Returns
    -------
    Arrow array of dates, n long
    """
    days = np.datetime64(start, "D") + offsets.astype("timedelta64[D]")
    return pa.array(days)
