"""Coordinates as people give them: read, put right where one meaning is left, placed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.reference.gazetteer import gazetteer

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

__all__ = ["distance_km", "read_coordinates", "surroundings"]

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

_NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
EARTH_RADIUS_KM = 6371.0

# South, north, west, east in degrees: mainland with Corse, then the overseas departments.
_BOXES = (
    (41.2, 51.2, -5.3, 9.7),
    (15.7, 16.6, -61.9, -60.9),
    (14.3, 15.0, -61.3, -60.7),
    (2.0, 6.0, -54.8, -51.5),
    (-21.5, -20.8, 55.1, 56.0),
    (-13.1, -12.5, 44.9, 45.4),
)


def distance_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Return great-circle distances in kilometres of points in degrees (haversine formula)."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    h = (
        np.sin((phi_b - phi_a) / 2) ** 2
        + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0))))


def read_coordinates(latitudes: pd.Series, longitudes: pd.Series) -> tuple[Floats, Floats, Objects]:
    """Read coordinates and keep those that lie in France.

    Parameters
    ----------
    latitudes, longitudes : Series of str or float, n rows
        Degrees; a decimal comma is read too.

    Returns
    -------
    latitude, longitude : float64 arrays
        NaN where there are none that can be used.
    note : array of str
        "", or ``coordinates_unreadable``, ``coordinates_equal`` (both the same number),
        ``coordinates_outside`` (not in France), ``coordinates_swapped`` (put right: in
        France one way round only).

    Examples
    --------
    >>> lat, lon, note = read_coordinates(pd.Series(["48,85", "2.35"]), pd.Series(["2.35", "48.85"]))
    >>> lat.tolist(), note.tolist()
    ([48.85, 48.85], ['', 'coordinates_swapped'])
    """
    lat, lat_is_given = _numbers(latitudes)
    lon, lon_is_given = _numbers(longitudes)
    note = np.full(len(lat), "", dtype=object)
    is_given = lat_is_given | lon_is_given
    is_number = np.isfinite(lat) & np.isfinite(lon)
    note[is_given & ~is_number] = "coordinates_unreadable"
    is_equal = is_number & (lat == lon)
    is_inside = is_number & _in_france(lat, lon)
    is_swapped = is_number & ~is_inside & _in_france(lon, lat)
    note[is_number & ~is_inside] = "coordinates_outside"
    note[is_equal] = "coordinates_equal"
    note[is_swapped] = "coordinates_swapped"
    is_good = (is_inside | is_swapped) & ~is_equal
    latitude = np.where(is_good, np.where(is_swapped, lon, lat), np.nan)
    longitude = np.where(is_good, np.where(is_swapped, lat, lon), np.nan)
    return latitude, longitude, note


def _numbers(cells: pd.Series) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the cells as float64 (NaN if no number) and whether each held anything."""
    if pd.api.types.is_numeric_dtype(cells):
        given = cells.to_numpy("float64", na_value=np.nan)
        return given, ~np.isnan(given)
    texts = pa.array(cells.fillna("").astype("str"), type=pa.large_string())
    texts = pc.replace_substring(pc.utf8_trim_whitespace(texts), ",", ".")
    is_given = np.asarray(pc.not_equal(texts, ""), dtype=np.bool_)
    # A cell of "nan" or "inf" is a text that is no coordinate, not a missing one.
    is_number = pc.match_substring_regex(texts, _NUMBER)
    numbers = pc.cast(
        pc.if_else(is_number, pc.utf8_ltrim(texts, characters="+"), None), pa.float64()
    )
    return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.float64), is_given


def _in_france(lat: Floats, lon: Floats) -> npt.NDArray[np.bool_]:
    """Tell which points lie in one of the boxes around mainland and overseas departments."""
    inside = np.zeros(len(lat), dtype=np.bool_)
    for south, north, west, east in _BOXES:
        inside |= (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east)
    return inside


def _unit_vectors(lat: Floats, lon: Floats) -> Floats:
    """Return points on the unit sphere, shape (n, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


@cache
def _tree(path: str) -> cKDTree:
    """Return the communes as a tree of unit vectors."""
    from scipy.spatial import cKDTree  # a fifth of a second that most files never need

    g = gazetteer(path)
    return cKDTree(_unit_vectors(g.latitude, g.longitude))


def surroundings(
    lat: Floats, lon: Floats, *, communes_file: str = "", around: int = 8
) -> tuple[Objects, Objects, Floats]:
    """Return the department and region of points whose nearest communes agree on them.

    Parameters
    ----------
    lat, lon : float64 arrays, n points, degrees
    communes_file : str
        As for `communes`.
    around : int, default 8
        How many communes must lie in one department (region) for it to be said.

    Returns
    -------
    departement, region_code : arrays of str
        "" near a border.
    nearest_km : float64 array
        Distance to the nearest commune.
    """
    g = gazetteer(communes_file)
    departement = np.full(len(lat), "", dtype=object)
    region = np.full(len(lat), "", dtype=object)
    if not len(lat):
        return departement, region, np.empty(0)
    chord, place = _tree(communes_file).query(_unit_vectors(lat, lon), k=around)
    for codes, answer in ((g.departement, departement), (g.region_code, region)):
        found = np.array(codes, dtype=object)[place]
        is_one = (found == found[:, :1]).all(axis=1)
        answer[is_one] = found[is_one, 0]
    half = np.clip(np.asarray(chord)[:, 0] / 2, 0.0, 1.0)
    return departement, region, np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(half))
