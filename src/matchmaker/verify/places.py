"""Rules of distance, by the haversine formula: the engines use chords of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, Lines, is_somewhere
from matchmaker.verify.fault import Faults
from matchmaker.verify.territories import own_values

__all__ = ["Places", "check_places"]

EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid (IUGG)
WRITTEN_KM = 0.06  # distance_km is rounded to 0.1
REACH_KM = 0.1  # another formula may put a place on the other side of the edge
BEYOND = 5  # the rung of wished trades beyond the youth's own reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Homes, workplaces and reach.

    Attributes
    ----------
    home, work : ndarray of float64, shapes (n_youths, 2) and (n_offers, 2)
        Latitude and longitude in radians; NaN where unknown.
    home_region, work_region : ndarray of int64
        Numbers of the regions of homes, and of offers without a point; 0 and -1 for none: an
        offer of which the region alone is known stands for who lives there.
    own_reach, reach : ndarray of float64, shape (n_youths,)
        Whole kilometres as the youth said them, rounded down; and how far a vehicle leads.
    """

    home: NDArray[np.float64]
    work: NDArray[np.float64]
    home_region: NDArray[np.int64]
    work_region: NDArray[np.int64]
    own_reach: NDArray[np.float64]
    reach: NDArray[np.float64]

    @classmethod
    def of(cls, clean: Clean, settings: Settings) -> Places:
        """Derive them from the clean tables.

        Parameters
        ----------
        clean : Clean
        settings : Settings
            ``mobile_reach_factor`` is read.

        Returns
        -------
        Places
        """
        own = np.floor(clean.youths["max_distance_km"].to_numpy(dtype=np.float64))
        is_mobile = clean.youths["is_mobile"].to_numpy(dtype=bool)
        factor = own_values(settings, "mobile_reach_factor", clean.youths["region_code"])
        regions = [frame["region_code"].astype("str") for frame in (clean.youths, clean.offers)]
        number, names = pd.factorize(pd.concat(regions, ignore_index=True))
        number = np.where(np.append(names == "", False)[number], -1, number) + 1
        there = number[len(regions[0]) :]
        return cls(
            home=_radians(clean.youths),
            work=_radians(clean.offers),
            home_region=number[: len(regions[0])],
            work_region=np.where(is_somewhere(clean.offers), there, -1),
            own_reach=own,
            reach=np.where(is_mobile, own * factor, own),
        )

    def km(self, youth: NDArray[np.int64], offer: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the kilometres of some pairs; NaN where a place is unknown.

        Parameters
        ----------
        youth, offer : ndarray of int64, shape (n,)
            Rows of the two tables.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        return _haversine_km(self.home[youth], self.work[offer])

    def is_in_reach(self, youth: NDArray[np.int64], offer: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which pairs lie within the reach of their youth, by vehicle where there is one.

        Parameters
        ----------
        youth, offer : ndarray of int64, shape (n,)
            Rows of the two tables.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        is_in: NDArray[np.bool_] = self.km(youth, offer) <= self.reach[youth] + REACH_KM
        is_in |= self.home_region[youth] == self.work_region[offer]
        return is_in

    def is_somewhere(self, offer: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which offers have a region and no point.

        Parameters
        ----------
        offer : ndarray of int64, shape (n,)
            Rows of the offers.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        is_there: NDArray[np.bool_] = self.work_region[offer] > 0
        return is_there


def check_places(places: Places, lines: Lines, faults: Faults) -> None:
    """Check distances, reach, and that rung 5 is what lies beyond the youth's own reach.

    Parameters
    ----------
    places : Places
    lines : Lines
    faults : Faults
        What is found is added to it.
    """
    km = places.km(lines.youth, lines.offer)
    written = lines.frame["distance_km"].to_numpy()
    rung = lines.frame["rung"].to_numpy()
    has_no_point = places.is_somewhere(lines.offer)
    own, most = places.own_reach[lines.youth], places.reach[lines.youth]
    faults.must(
        "distance",
        np.where(has_no_point, np.isnan(written), np.abs(km - written) <= WRITTEN_KM),
        column="distance_km",
        row=lines.before,
        found=written,
        expected=km.round(1),
    )
    is_in_reach = places.is_in_reach(lines.youth, lines.offer)
    faults.must(
        "reach", is_in_reach, column="distance_km", row=lines.before, found=written, expected=most
    )
    is_told = np.where(rung == BEYOND, km > own - REACH_KM, (km <= own + REACH_KM) | has_no_point)
    faults.must("rung_reach", is_told, column="rung", row=lines.before, found=rung)


def _radians(frame: pd.DataFrame) -> NDArray[np.float64]:
    degrees = frame[["latitude", "longitude"]].to_numpy(dtype=np.float64)
    radians: NDArray[np.float64] = np.radians(degrees)
    return radians


def _haversine_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return great-circle kilometres between places in radians, row by row."""
    half = np.sin((b - a) / 2) ** 2
    inner = half[:, 0] + np.cos(a[:, 0]) * np.cos(b[:, 0]) * half[:, 1]
    km: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(inner, 1)))
    return km
