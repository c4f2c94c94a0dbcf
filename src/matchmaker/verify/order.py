"""The order of lines, derived from the lines alone: doubt, published before firms, worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["DOUBTS", "is_in_order"]

DOUBTS = (
    "none",
    "level",
    "school",
    "place",
    "sector",
)  # what a line leaves to be doubted, least first


def is_in_order(
    list_of: NDArray[np.int64],
    doubt: pd.Series,
    wish_rank: NDArray[np.int64],
    kind: pd.Series,
    worth: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell which lines may stand behind the one before them in their list.

    Lines that leave less to be doubted come first.  Among lines of one doubt and one rank of
    wish published offers come first, then the best; and the places that these lines have
    together are those that they would have by worth alone.

    Parameters
    ----------
    list_of : ndarray of int64, shape (n_lines,)
        Number of the list of each line; lists stand one after another.
    doubt, kind : Series of str
        As in `matchmaker.MatchResult`.
    wish_rank, worth : ndarray of int64
        The worth is the score, or the score times a chance.

    Returns
    -------
    ndarray of bool, shape (n_lines,)

    Examples
    --------
    >>> def told(kinds, worth):
    ...     n = len(worth)
    ...     return is_in_order(np.zeros(n, int), pd.Series(["none"] * n), np.ones(n, int),
    ...                        pd.Series(kinds), np.array(worth)).tolist()
    >>> told(["offer", "spontaneous"], [7, 9]), told(["spontaneous", "offer"], [9, 7])
    ([True, True], [True, False])
    """
    place = {name: n for n, name in enumerate(DOUBTS)}
    grade = _mapped(doubt, place, len(DOUBTS))
    is_rest = _mapped(kind, {"offer": 0}, 1)
    group, _ = pd.factorize(
        (list_of * (len(DOUBTS) + 1) + grade) * (int(wish_rank.max(initial=0)) + 2) + wish_rank
    )
    # The k-th line of a group has the place of the k-th best of it.
    by_line, by_worth = np.argsort(group, kind="stable"), np.lexsort((-worth, group))
    due = np.empty_like(worth)
    due[by_line] = worth[by_worth]
    one, next_one = by_line[:-1], by_line[1:]
    is_same = group[one] == group[next_one]
    is_better = (is_rest[one] < is_rest[next_one]) | (
        (is_rest[one] == is_rest[next_one]) & (worth[one] >= worth[next_one])
    )
    is_right = np.ones(len(worth), dtype=bool)
    is_right[next_one] = ~is_same | is_better
    step = np.diff(grade, prepend=0)
    is_first = np.diff(list_of, prepend=-1) != 0
    is_right &= is_first | (step > 0) | ((step == 0) & (np.diff(due, prepend=0) <= 0))
    return is_right


def _mapped(column: pd.Series, number: dict[str, int], otherwise: int) -> NDArray[np.int64]:
    cells = pd.Categorical(column)
    of_category = [number.get(str(name), otherwise) for name in cells.categories]
    mapped: NDArray[np.int64] = np.array([*of_category, otherwise], dtype=np.int64)[cells.codes]
    return mapped
