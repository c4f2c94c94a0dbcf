"""Points that rest on a line's own facts, by the scale of the settings: rank, start, distance.

Those of trade, level and region rest on the one wish that makes the line legal, and stand in
`matchmaker.verify.wishes`.  Criteria that the settings spell no scale out for, and those that a
user hands in, are not derived again: only their bounds and the sum are checked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, Lines, days_after
from matchmaker.verify.fault import Faults
from matchmaker.verify.places import Places

__all__ = ["check_points", "scale_of"]

MOST_RANK = 10  # later ranks count as the tenth
IN_TIME, EARLY, LATE, UNKNOWN = range(4)  # of the scale of "start"
MOST_WEEKS = 104
LATE_WEEKS = 13
RINGS = 20  # of the reach, each a step of the scale
EDGE_KM = 0.01  # another formula may put a place into the next ring


def scale_of(
    settings: Settings, name: str, frame: pd.DataFrame
) -> tuple[int, NDArray[np.int64]] | None:
    """Return weight and scale of a criterion; None where the settings or the lines have none.

    Parameters
    ----------
    settings : Settings
    name : str
    frame : DataFrame
        Lines.

    Returns
    -------
    (int, ndarray of int64) or None
    """
    weight = settings.weights.get(name)
    values = settings.values.get(name)  # noqa: PD011 - a setting, not a frame
    if weight is None or values is None or f"points_{name}" not in frame:
        return None
    return weight, np.array(values, dtype=np.int64)


def check_points(
    clean: Clean, places: Places, settings: Settings, lines: Lines, faults: Faults
) -> None:
    """Check the points of rank, start and distance.

    Parameters
    ----------
    clean : Clean
    places : Places
    settings : Settings
        ``weights`` and ``values`` are read; ``travel_times_file`` puts minutes in the place of
        distances, which are then left out.
    lines : Lines
    faults : Faults
        What is found is added to it.
    """
    frame = lines.frame
    if scale := scale_of(settings, "wish", frame):
        rank = np.clip(frame["wish_rank"].to_numpy(dtype=np.int64), 0, MOST_RANK)
        _must(lines, "wish", scale[0] * scale[1][rank], faults)
    if scale := scale_of(settings, "start", frame):
        step = _start_steps(clean.youths, clean.offers, lines, clean.as_of)
        _must(lines, "start", scale[0] * scale[1][step], faults)
    if (scale := scale_of(settings, "distance", frame)) and not settings.travel_times_file:
        km, reach = places.km(lines.youth, lines.offer), places.own_reach[lines.youth]
        # Anywhere in the own region counts as at the edge of the reach, within its last ring.
        km = np.where(places.is_somewhere(lines.offer), reach - 2 * EDGE_KM, km)
        most, least = (
            scale[0] * _of_ring(km + off, reach, scale[1].tolist()) for off in (-EDGE_KM, EDGE_KM)
        )
        said = frame["points_distance"].to_numpy(dtype=np.int64)
        low, high = np.minimum(least, most), np.maximum(least, most)
        faults.must(
            "points",
            (low <= said) & (said <= high),
            column="points_distance",
            row=lines.before,
            found=said,
            expected=most,
        )


def _must(lines: Lines, name: str, true: NDArray[np.int64], faults: Faults) -> None:
    said = lines.frame[f"points_{name}"].to_numpy(dtype=np.int64)
    column, row = f"points_{name}", lines.before
    faults.must("points", said == true, column=column, row=row, found=said, expected=true)


def _start_steps(
    youths: pd.DataFrame, offers: pd.DataFrame, lines: Lines, as_of: dt.date
) -> NDArray[np.int64]:
    """Return the place in the scale of "start" of each line."""
    available = _weeks(days_after(youths["available_from"], as_of))[lines.youth]
    is_known = offers["start_date"].notna().to_numpy()
    day = days_after(offers["start_date"], as_of)
    if "start_how" in offers:
        is_read = (offers["start_how"] != "").to_numpy(dtype=bool)
        day = np.where(is_known, day, days_after(offers["start_read"], as_of))
        is_known = is_known | is_read
    delay = _weeks(day)[lines.offer] - available
    step = np.where(delay < 0, EARLY, np.where(delay > LATE_WEEKS, LATE, IN_TIME))
    return np.where(is_known[lines.offer], step, UNKNOWN)


def _weeks(days: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.minimum(days // 7, MOST_WEEKS)


def _of_ring(
    km: NDArray[np.float64], reach: NDArray[np.float64], scale: Sequence[int]
) -> NDArray[np.int64]:
    """Return the points of a distance: at home, at the edge of the reach, and beyond it."""
    near, edge, beyond = scale
    ring = np.ceil(np.maximum(km, 0) * RINGS / np.maximum(reach, 1e-9)) - 1
    ring = np.maximum(np.nan_to_num(ring, nan=RINGS), 0).astype(np.int64)
    inside = near + (edge - near) * np.minimum(ring, RINGS - 1) // (RINGS - 1)
    return np.where(ring < RINGS, inside, beyond)
