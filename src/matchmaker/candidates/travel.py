"""Travel times in arrays: minutes that stand in for the straight line where they are known.

They give the points of a distance, never the reach, the rung or the kilometres: those stay
what the youth said and what the check derives again.  Minutes are compared with the
youth's own reach, as kilometres are, at a fixed number of minutes a kilometre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.geometry import STEPS_PER_REACH
from matchmaker.jit import jit

__all__ = ["Travel", "far_steps", "travel_of", "travel_step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Known times, sparse: by the youth's commune, then the offer's.

    Attributes
    ----------
    origin : ndarray of int32, shape (n_youths,)
        Number of the home's commune; the last one where no time from it is known.
    place : ndarray of int32, shape (n_offers,)
        Number of the workplace's commune; `n_places` where no time to it is known.
    n_places : int
    indptr : ndarray of int64, shape (n_origins + 2,)
        Where the times from each commune begin; those of the last one are none.
    to : ndarray of int32
        Numbers of workplaces' communes, rising within a home's.
    minutes : ndarray of int16
    per_km : int
        Minutes that count as one kilometre.
    """

    origin: NDArray[np.int32]
    place: NDArray[np.int32]
    n_places: int
    indptr: NDArray[np.int64]
    to: NDArray[np.int32]
    minutes: NDArray[np.int16]
    per_km: int

    def minutes_of(
        self, youth: NDArray[np.integer], offer: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        """Return the minutes of pairs of rows, -1 where they are not known.

        Parameters
        ----------
        youth, offer : ndarray, shape (n,)

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        width = self.n_places + 1
        rows = np.repeat(np.arange(len(self.indptr) - 1, dtype=np.int64), np.diff(self.indptr))
        key = rows * width + self.to
        wanted = self.origin[youth].astype(np.int64) * width + self.place[offer]
        if not len(key):
            return np.full(len(wanted), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        return np.where(key[at] == wanted, self.minutes[at], -1).astype(np.int64)


def far_steps(
    travel: Travel | None,
    youth: NDArray[np.integer],
    offer: NDArray[np.integer],
    reach_km: NDArray[np.int16],
    step: NDArray[np.int32],
    last: int,
) -> NDArray[np.int32]:
    """Return the step that gives the points of distance of pairs of rows.

    Parameters
    ----------
    travel : Travel or None
    youth, offer : ndarray, shape (n,)
    reach_km : ndarray of int16, shape (n_youths,)
    step : ndarray of int32, shape (n,)
        Of the straight line: kept where no time is known.
    last : int
        The last step that has points.

    Returns
    -------
    ndarray of int32, shape (n,)
    """
    if travel is None:
        return np.minimum(step, last)
    minutes = travel.minutes_of(youth, offer)
    edge = reach_km[youth].astype(np.int64) * travel.per_km
    by_time = -(-minutes * STEPS_PER_REACH // np.maximum(edge, 1)) - 1
    by_time = np.where(edge > 0, by_time, np.where(minutes > 0, last, 0))
    steps = np.where(minutes < 0, step, by_time)
    return np.clip(steps, 0, last).astype(np.int32)


@jit
def travel_step(minutes: np.int64, edge: np.int64, last: int) -> int:
    """Return the step of some minutes.

    Parameters
    ----------
    minutes, edge : int
        Of the way, and of the youth's reach.
    last : int
        The last step that has points.

    Returns
    -------
    int

    Examples
    --------
    >>> [travel_step(minutes, 60, 39) for minutes in (0, 1, 3, 4, 60, 61, 500)]
    [0, 0, 0, 1, 19, 20, 39]
    """
    if edge == 0:
        return last if minutes > 0 else 0
    step = int(-(-minutes * STEPS_PER_REACH // edge)) - 1
    return max(min(step, last), 0)


def travel_of(
    times: pd.DataFrame, home: pd.Series[str], work: pd.Series[str], per_km: int
) -> Travel | None:
    """Lay out the times between communes that occur; None where there is none.

    Parameters
    ----------
    times : DataFrame
        As `matchmaker.reference.travel.travel_times` gives it.
    home, work : Series of str
        Codes of the communes of youths and of offers.
    per_km : int

    Returns
    -------
    Travel or None
    """
    if times.empty:  # the usual run: the codes of nobody need be gone through
        return None
    is_used = times["from_commune"].isin(home) & times["to_commune"].isin(work)
    times = times[is_used]
    if times.empty:
        return None
    origins = pd.Index(np.unique(times["from_commune"].to_numpy(dtype=str)))
    places = pd.Index(np.unique(times["to_commune"].to_numpy(dtype=str)))
    start, to = origins.get_indexer(times["from_commune"]), places.get_indexer(times["to_commune"])
    order = np.lexsort((to, start))
    indptr = np.zeros(len(origins) + 2, dtype=np.int64)
    np.cumsum(np.bincount(start, minlength=len(origins) + 1), out=indptr[1:])
    origin, place = origins.get_indexer(home), places.get_indexer(work)
    return Travel(
        origin=np.where(origin < 0, len(origins), origin).astype(np.int32),
        place=np.where(place < 0, len(places), place).astype(np.int32),
        n_places=len(places),
        indptr=indptr,
        to=to[order].astype(np.int32),
        minutes=times["minutes"].to_numpy(dtype=np.int16)[order],
        per_km=per_km,
    )
