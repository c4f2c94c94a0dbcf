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
    """Draw `count` positions with probabilities in proportion to `weights`."""
    upto = np.cumsum(weights)
    drawn = np.searchsorted(upto, rng.random(count) * upto[-1], side="right")
    return np.asarray(np.minimum(drawn, len(weights) - 1), dtype=np.int64)


def running_rows(weights: Floats) -> Floats:
    """Return the rows of `weights`, shape (r, k), as running shares for `choose_in_rows`.

    Row i is shifted by i, so that all rows together rise and one search serves any row.
    A row of zeros draws its last entry.
    """
    totals = weights.sum(axis=1, keepdims=True)
    upto = np.cumsum(weights, axis=1) / np.where(totals > 0, totals, 1.0)
    return np.asarray(upto + np.arange(len(weights))[:, None])


def choose_in_rows(rng: np.random.Generator, running: Floats, rows: Ints) -> Ints:
    """Draw one column for each of `rows` of a table made by `running_rows`."""
    columns = running.shape[1]
    target = rows + rng.random(len(rows))
    drawn = np.searchsorted(running.ravel(), target, side="right") - rows * columns
    return np.asarray(np.clip(drawn, 0, columns - 1), dtype=np.int64)


def texts(distinct: Sequence[str], positions: Ints) -> pa.Array:
    """Return ``distinct[positions]`` as an Arrow array of text."""
    return pa.array(list(distinct), pa.string()).take(pa.array(positions))


def one_of(rng: np.random.Generator, options: dict[str, float], count: int) -> pa.Array:
    """Draw texts with the weights given."""
    return texts(list(options), choose(rng, np.array(list(options.values())), count))


def with_blanks(values: pa.Array, is_blank: Bools) -> pa.Array:
    """Return the values with an empty cell where `is_blank`."""
    return pc.if_else(pa.array(is_blank), pa.scalar(None, values.type), values)


def ids(letter: str, count: int) -> pa.Array:
    """Return ``letter`` and a number from 1, with at least six digits."""
    width = max(6, len(str(count)))
    numbers = pc.cast(pa.array(np.arange(1, count + 1)), pa.string())
    return joined(letter, pc.utf8_lpad(numbers, width, "0"))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return texts joined row by row; a blank part makes a blank cell."""
    return pc.binary_join_element_wise(*parts, "")


def dates(start: dt.date, offsets: Ints) -> pa.Array:
    """Return the days `offsets` after `start`."""
    days = np.datetime64(start, "D") + offsets.astype("timedelta64[D]")
    return pa.array(days)
