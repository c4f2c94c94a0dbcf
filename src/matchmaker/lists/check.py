"""The independent check of published lists.  It shares no code with search and solvers.

It reads the frames that are about to be written and derives again, in plain pandas and
numpy, what must hold of them.  A failed check raises and nothing is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.lists.faults import Faults
from matchmaker.settings import Settings

__all__ = ["check_lists"]

HEAD = "The independent check refused the lists; nothing was written."
KM_TOLERANCE = 0.06  # distance_km is rounded to 0.1
BLOCK = 1 << 18  # lines checked at a time, or a few more: a list is never cut


def check_lists(
    lists: pd.DataFrame,
    assignment: pd.DataFrame,
    youths: pd.DataFrame,
    offers: pd.DataFrame,
    settings: Settings,
    *,
    as_of: dt.date,
    sent: pd.DataFrame | None = None,
) -> None:
    """Raise unless every line may be sent.

    Parameters
    ----------
    lists, assignment : DataFrame
        As in `matchmaker.result.MatchResult`.
    youths, offers : DataFrame
        The clean tables.
    settings : Settings
    as_of : date
    sent : DataFrame, optional
        Lines of earlier waves (``youth_id``, ``offer_id``).

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults = Faults()
    must = faults.must
    youth, offer = _pairs(lists, youths, offers)
    must("every youth of a line exists", youth >= 0)
    must("every offer of a line exists", offer >= 0)
    faults.refuse(HEAD)
    pair = np.sort(youth * len(offers) + offer)
    must("an offer stands once in a list", pair[1:] != pair[:-1])
    starts = np.flatnonzero(np.diff(youth, prepend=-1))
    must("a list stands in one place", ~pd.Series(youth[starts]).duplicated())
    earlier = np.zeros(len(offers), dtype=np.int64)
    if sent is not None:
        whose, what = _pairs(sent, youths, offers)
        is_known = (whose >= 0) & (what >= 0)
        must("no line was sent before", ~np.isin(pair, (whose * len(offers) + what)[is_known]))
        earlier += np.bincount(what[what >= 0], minlength=len(offers))
    rules = _Rules.of(
        youths,
        offers,
        settings,
        as_of,
        exposure=earlier + np.bincount(offer, minlength=len(offers)),
    )
    for here in _blocks(starts, len(lists)):
        rules.check(lists[here], youth[here], offer[here], faults)
    if len(assignment):
        mine, its = _pairs(assignment, youths, offers)
        must("assigned pairs are lines", np.isin(mine * len(offers) + its, pair))
        must("a youth is assigned once", ~assignment["youth_id"].duplicated())
        taken = np.bincount(its[its >= 0], minlength=len(offers))
        must("no offer has more youths than seats", taken <= offers["capacity"].to_numpy())
    faults.refuse(HEAD)


def _pairs(
    frame: pd.DataFrame, youths: pd.DataFrame, offers: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of each pair's youth and offer."""
    return (
        _rows(frame["youth_id"], youths["youth_id"]),
        _rows(frame["offer_id"], offers["offer_id"]),
    )


def _rows(ids: pd.Series, among: pd.Series) -> NDArray[np.int64]:
    """Return the row of each id in another table, -1 for none; no id becomes a Python object."""
    known = pa.array(among, type=pa.large_string())
    found = pc.index_in(pa.array(ids, type=pa.large_string()), value_set=known)
    return np.asarray(found.fill_null(-1)).astype(np.int64)


def _blocks(starts: NDArray[np.intp], n_lines: int) -> Iterator[slice]:
    """Yield some whole lists at a time."""
    first = 0
    while first < n_lines:
        at = np.searchsorted(starts, first + BLOCK)
        last = int(starts[at]) if at < len(starts) else n_lines
        yield slice(first, last)
        first = last


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What must hold of the lines of whole lists, with all that is known of youths and offers.

    Attributes
    ----------
    youths, offers, settings
    may_get : mapping of str to ndarray of bool, shape (n_youths,)
        By the rule.
    may_stand : mapping of str to ndarray of bool, shape (n_offers,)
        By the rule.
    exposure : ndarray of int64, shape (n_offers,)
        Lists in which each offer stands, of all waves.
    sector, employer : ndarray of int64, shape (n_offers,)
    """

    youths: pd.DataFrame
    offers: pd.DataFrame
    settings: Settings
    may_get: dict[str, NDArray[np.bool_]]
    may_stand: dict[str, NDArray[np.bool_]]
    exposure: NDArray[np.int64]
    sector: NDArray[np.int64]
    employer: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        youths: pd.DataFrame,
        offers: pd.DataFrame,
        settings: Settings,
        as_of: dt.date,
        *,
        exposure: NDArray[np.int64],
    ) -> _Rules:
        """Derive what is about a youth or an offer alone, before any line is looked at."""
        last = pd.Timestamp(as_of) + pd.Timedelta(days=settings.min_days_left)
        expiry = offers["expiry_date"]
        cap = np.where(
            offers["kind"] == "spontaneous",
            settings.lists_per_firm,
            offers["capacity"].to_numpy(dtype=np.int64) * settings.lists_per_seat,
        )
        name = "name:" + offers["employer"].str.casefold() + ":" + offers["commune_code"]
        name = name.where(offers["employer"] != "", "offer:" + offers["offer_id"])
        name = name.where(offers["siret"] == "", "siret:" + offers["siret"])
        may_get = {
            "no opted-out youth has a line": ~youths["opt_out"].astype(bool),
            "only seeking youths have lines": youths["status"] == "seeking",
        }
        may_stand = {
            "every offer is open": offers["status"] == "open",
            "every offer has a seat": offers["capacity"] > 0,
            "no offer expires too soon": expiry.isna() | (expiry >= last),
            "contract types are allowed": offers["contract_type"].isin(
                ["", *settings.contract_types]
            ),
            "no offer stands in too many lists": pd.Series(exposure <= cap),
        }
        return cls(
            youths=youths,
            offers=offers,
            settings=settings,
            may_get={fact: rule.to_numpy(dtype=bool) for fact, rule in may_get.items()},
            may_stand={fact: rule.to_numpy(dtype=bool) for fact, rule in may_stand.items()},
            exposure=exposure,
            sector=pd.factorize(offers["trade_codes"].str[:3])[0],  # the first code's domain
            employer=pd.factorize(name)[0],
        )

    def check(
        self,
        lists: pd.DataFrame,
        youth: NDArray[np.int64],
        offer: NDArray[np.int64],
        faults: Faults,
    ) -> None:
        """Check some whole lists, given the row of each line's youth and offer."""
        must, settings = faults.must, self.settings
        for fact, is_true in self.may_get.items():
            must(fact, is_true[youth])
        for fact, is_true in self.may_stand.items():
            must(fact, is_true[offer])
        exposure = self.exposure[offer]
        must("the exposure written is the true one", exposure == lists["lists_of_offer"].to_numpy())
        score = lists["score"].to_numpy(dtype=np.int64)
        points = lists.filter(like="points_").to_numpy(dtype=np.int64).sum(axis=1)
        must("contributions add up to the score", points - lists["cost_rung"].to_numpy() == score)
        worth = score
        if settings.line_order == "chance":
            places = self.offers["capacity"].to_numpy(dtype=np.int64)[offer]
            worth = worth * places // np.maximum(exposure, places)
        is_first = np.diff(youth, prepend=-1) != 0
        starts = np.flatnonzero(is_first)
        length = np.diff(starts, append=len(youth))
        place = np.arange(len(youth)) - np.repeat(starts, length)
        must("no list is too long", np.repeat(length, length) <= settings.lines_per_youth)
        must("ranks run from 1", lists["rank"].to_numpy() == place + 1)
        must("better lines come first", is_first | (np.diff(worth, prepend=0) <= 0))
        self._check_variety(youth, offer, faults)
        self._check_distances(lists, youth, offer, faults)

    def _check_variety(
        self, youth: NDArray[np.int64], offer: NDArray[np.int64], faults: Faults
    ) -> None:
        """Check how many lines of a list are of one sector, and of one employer within it."""
        settings = self.settings
        sector, _ = pd.factorize(youth * (int(self.sector.max(initial=0)) + 1) + self.sector[offer])
        most = max(settings.lines_per_youth - settings.other_sector_lines, 1)
        if settings.other_sector_lines:
            faults.must("a list is not all of one sector", np.bincount(sector)[sector] <= most)
        if settings.lines_per_employer:
            within = sector * (int(self.employer.max(initial=0)) + 1) + self.employer[offer]
            firm, _ = pd.factorize(within)
            faults.must(
                "no list has too many lines of one employer",
                np.bincount(firm)[firm] <= settings.lines_per_employer,
            )

    def _check_distances(
        self,
        lists: pd.DataFrame,
        youth: NDArray[np.int64],
        offer: NDArray[np.int64],
        faults: Faults,
    ) -> None:
        km = _haversine_km(self.youths, youth, self.offers, offer)
        written = lists["distance_km"].to_numpy()
        faults.must("distances are right", np.abs(km - written) <= KM_TOLERANCE)
        reach = np.floor(self.youths["max_distance_km"].to_numpy())[youth]
        is_mobile = self.youths["is_mobile"].to_numpy(dtype=bool)[youth]
        factor = np.where(is_mobile, self.settings.mobile_reach_factor, 1)
        faults.must("no line lies beyond reach", km <= reach * factor + KM_TOLERANCE)
        faults.must(
            "only rung 5 lies beyond the youth's own reach",
            (km <= reach + KM_TOLERANCE) | (lists["rung"].to_numpy() == 5),
        )


def _haversine_km(
    a: pd.DataFrame, row_a: NDArray[np.int64], b: pd.DataFrame, row_b: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return great-circle kilometres by the haversine formula (radius 6371.0088 km)."""
    lat_a, lon_a = (np.radians(a[name].to_numpy())[row_a] for name in ("latitude", "longitude"))
    lat_b, lon_b = (np.radians(b[name].to_numpy())[row_b] for name in ("latitude", "longitude"))
    inner = np.sin((lat_b - lat_a) / 2) ** 2
    inner += np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    km: NDArray[np.float64] = 2 * 6371.0088 * np.arcsin(np.sqrt(inner))
    return km
