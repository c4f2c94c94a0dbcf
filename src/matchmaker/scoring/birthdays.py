"""Birthdays of youths, for the criteria that ask for an age."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["born_between", "turns"]

MONTHS = 12


def born_between(
    youths: pd.DataFrame,
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Return the first and the last day on which each youth may have been born.

    Parameters
    ----------
    youths : DataFrame
        ``birth_date`` and ``birth_is_year``.

    Returns
    -------
    first, last : ndarray of datetime64[D], shape (n_youths,)
        One day, or a whole year where no more is known; NaT for unknown.

    Examples
    --------
    >>> youths = pd.DataFrame({
    ...     "birth_date": pd.to_datetime(["2006-05-04", "2006-12-31"]),
    ...     "birth_is_year": [False, True],
    ... })
    >>> [days.astype(str).tolist() for days in born_between(youths)]
    [['2006-05-04', '2006-01-01'], ['2006-05-04', '2006-12-31']]
    """
    # The clean table has the last day of the year where only the year is known.
    last = youths["birth_date"].to_numpy(dtype="datetime64[D]")
    first_of_year = last.astype("datetime64[Y]").astype("datetime64[D]")
    first = np.where(youths["birth_is_year"].to_numpy(dtype=bool), first_of_year, last)
    return first, last


def turns(age: int, born: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the day on which each turns `age`; 29 February becomes 1 March in other years.

    Parameters
    ----------
    age : int
        Full years.
    born : ndarray of datetime64[D], shape (n,)
        NaT stays NaT.

    Returns
    -------
    ndarray of datetime64[D], shape (n,)

    Examples
    --------
    >>> turns(18, np.array(["2008-02-29", "2006-05-04"], "M8[D]")).astype(str).tolist()
    ['2026-03-01', '2024-05-04']
    """
    month = born.astype("datetime64[M]")
    in_month = born - month.astype("datetime64[D]")
    day: NDArray[np.datetime64] = (month + MONTHS * age).astype("datetime64[D]") + in_month
    return day
