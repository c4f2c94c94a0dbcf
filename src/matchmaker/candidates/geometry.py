"""Distances in integers, so that every engine and every thread finds the same ones.

A place is a unit vector whose three parts are scaled by 2**30 and rounded; two places
are compared by their squared chord, an exact 64-bit integer.  A youth's reach is cut
into `STEPS_PER_REACH` equal rings, and each ring's rim is a squared chord too: the step
of a distance is the number of rims that it lies beyond.

`step_of` (compiled, one pair) and its twin `steps_of` (numpy, many pairs) alone turn two places
into a step.  All that forbids by distance looks at it, and so does all that scores, unless a time
of travel is known (`matchmaker.candidates.travel`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.tables.schemas import MAX_REACH_KM

__all__ = [
    "MAX_REACH_KM",
    "STEPS_PER_REACH",
    "fixed_points",
    "rims",
    "squared_chord",
    "squared_chords",
    "step_of",
    "steps_of",
    "to_km",
]

EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid (IUGG)
SCALE = 1 << 30  # 6 mm on the ground; the largest squared chord, 2**62, fits int64
STEPS_PER_REACH = 20


def fixed_points(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return places as fixed-point unit vectors.

    Parameters
    ----------
    latitude, longitude : ndarray of float64, shape (n,)
        Degrees, WGS 84. They are rounded to 1e-6 degree (0.1 m) first, so that the last
        bit of a decimal fraction cannot matter. NaN gives the vector (0, 0, 0).

    Returns
    -------
    ndarray of int32, shape (n, 3)

    Examples
    --------
    >>> fixed_points(np.array([90.0]), np.array([0.0])).tolist()
    [[0, 0, 1073741824]]
    """
    lat = np.radians(np.round(latitude, 6))
    lon = np.radians(np.round(longitude, 6))
    unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    fixed: NDArray[np.int32] = np.rint(np.nan_to_num(unit, nan=0.0) * SCALE).astype(np.int32)
    return fixed


def squared_chords(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the squared chords between rows of `a` and `b`, in units of 2**-60.

    Parameters
    ----------
    a, b : ndarray of int32, shape (n, 3) or broadcast to it
        As `fixed_points` gives them.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> north, south = np.array([[0, 0, SCALE]], "i4"), np.array([[0, 0, -SCALE]], "i4")
    >>> squared_chords(north, south)[0] == 2**62
    np.True_
    """
    difference = a.astype(np.int64) - b.astype(np.int64)
    squares: NDArray[np.int64] = (difference * difference).sum(axis=-1)
    return squares


@jit
def squared_chord(
    x: np.int64, y: np.int64, z: np.int64, point: NDArray[np.int32], row: int
) -> np.int64:
    """Return the squared chord from (x, y, z) to one row of `point`, as `squared_chords` does.

    Parameters
    ----------
    x, y, z : int
        A point as `fixed_points` gives it.
    point : ndarray of int32, shape (n, 3)
    row : int

    Returns
    -------
    int
        In units of 2**-60.
    """
    dx = x - point[row, 0]
    dy = y - point[row, 1]
    dz = z - point[row, 2]
    chord: np.int64 = dx * dx + dy * dy + dz * dz
    return chord


@jit
def step_of(chord: np.int64, per_rim: float, rims: NDArray[np.int64], last: int) -> int:
    """Return the number of rims below a squared chord that does not exceed ``rims[last]``.

    Floating point gives a first guess only: rims grow with the square of their number.
    `per_rim` is one over the first rim, so that a youth pays for one division (any number
    that is not below 0 where that rim is 0: without reach there is one step).

    Parameters
    ----------
    chord : int
        Squared chord, units of 2**-60.
    per_rim : float
    rims : ndarray of int64, shape (n_rims,)
        Rising: one row of what `rims` gives.
    last : int
        Position of the last rim that counts.

    Returns
    -------
    int
        0 to `last`.
    """
    step = min(int(math.sqrt(chord * per_rim)), last)
    while step > 0 and chord <= rims[step - 1]:
        step -= 1
    while chord > rims[step]:
        step += 1
    return step


def steps_of(
    chord: NDArray[np.int64], reach_km: NDArray[np.int16], rims: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the number of rims below each squared chord, for the reach of its youth.

    Parameters
    ----------
    chord : ndarray of int64, shape (n,)
    reach_km : ndarray of int16, shape (n,)
    rims : ndarray of int64
        As `rims` gives it.

    Returns
    -------
    ndarray of int32, shape (n,)
        ``rims.shape[1]`` where a place lies beyond the last rim.

    Examples
    --------
    >>> steps_of(np.array([0, 1]), np.array([0, 0], "i2"), rims(1)).tolist()
    [0, 20]
    """
    step = np.zeros(len(chord), dtype=np.int32)
    for ring in range(rims.shape[1]):  # by ring: no array of n x rings
        step += rims[reach_km, ring] < chord
    return step


def to_km(squared_chord: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return great-circle kilometres for squared chords; for people to read, never to decide.

    Parameters
    ----------
    squared_chord : ndarray of int64, shape (n,)
        In units of 2**-60.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> paris, lyon = fixed_points(np.array([48.8566, 45.7640]), np.array([2.3522, 4.8357]))
    >>> to_km(squared_chords(paris, lyon)).round(1)
    np.float64(391.5)
    """
    half = np.sqrt(np.asarray(squared_chord, dtype=np.float64)) / (2.0 * SCALE)
    km: NDArray[np.float64] = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0))
    return km


def rims(factor: int) -> NDArray[np.int64]:
    """Return the squared chord of each ring's rim, for each whole-kilometre reach.

    Parameters
    ----------
    factor : int
        How many times the reach the rings go (1: only within reach).

    Returns
    -------
    ndarray of int64, shape (MAX_REACH_KM + 1, STEPS_PER_REACH * factor)
        ``[r, s]`` is the squared chord at ``r * (s + 1) / STEPS_PER_REACH`` km. A chord
        is in step ``s`` when it exceeds exactly ``s`` entries of its row.

    Examples
    --------
    >>> to_km(rims(1)[30, -1]).round(6)
    np.float64(30.0)
    """
    km = np.arange(MAX_REACH_KM + 1, dtype=np.float64)[:, None]
    part = np.arange(1, STEPS_PER_REACH * factor + 1, dtype=np.float64) / STEPS_PER_REACH
    half = np.sin(km * part / (2.0 * EARTH_RADIUS_KM))
    return np.floor((2.0 * SCALE * half) ** 2).astype(np.int64)
