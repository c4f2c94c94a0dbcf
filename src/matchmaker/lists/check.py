"""The independent check of published lists.  It shares no code with search and solvers.

It reads the frames that are about to be written and derives again, in plain pandas, what
must hold of them.  A failed check raises and nothing is published.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from matchmaker.lists.faults import Faults
from matchmaker.settings import Settings

__all__ = ["check_lists"]

HEAD = "The independent check refused the lists; nothing was written."
PAIR = ["youth_id", "offer_id"]
# Only what is checked is looked up: the texts of 100,000 offers need not be copied.
YOUTH_COLUMNS = ["status", "opt_out", "latitude", "longitude", "max_distance_km", "is_mobile"]
OFFER_COLUMNS = [
    "status", "capacity", "kind", "expiry_date", "contract_type", "latitude", "longitude",
    "trade_codes", "siret", "employer", "commune_code",
]  # fmt: skip
KM_TOLERANCE = 0.06  # distance_km is rounded to 0.1


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
    youth = youths.set_index("youth_id")[YOUTH_COLUMNS].reindex(lists["youth_id"])
    offer = offers.set_index("offer_id")[OFFER_COLUMNS].reindex(lists["offer_id"])
    must("every youth of a line exists", youth["status"].notna())
    must("every offer of a line exists", offer["status"].notna())
    faults.refuse(HEAD)
    must("no opted-out youth has a line", ~youth["opt_out"].astype(bool))
    must("only seeking youths have lines", youth["status"] == "seeking")
    must("every offer is open", offer["status"] == "open")
    must("every offer has a seat", offer["capacity"] > 0)
    last = pd.Timestamp(as_of) + pd.Timedelta(days=settings.min_days_left)
    must(
        "no offer expires too soon",
        offer["expiry_date"].isna() | (offer["expiry_date"] >= last),
    )
    must("contract types are allowed", offer["contract_type"].isin(["", *settings.contract_types]))
    must("an offer stands once in a list", ~lists.duplicated(PAIR))
    count = lists.groupby("youth_id")["offer_id"].transform("size")
    must("no list is too long", count <= settings.lines_per_youth)
    exposure = lists.groupby("offer_id")["youth_id"].transform("size").to_numpy(dtype=np.int64)
    if sent is not None:
        mine, theirs = (pd.MultiIndex.from_frame(frame[PAIR]) for frame in (lists, sent))
        must("no line was sent before", ~mine.isin(theirs))
        earlier = lists["offer_id"].map(sent["offer_id"].value_counts())
        exposure = exposure + earlier.fillna(0).to_numpy(dtype=np.int64)
    is_firm = (offer["kind"] == "spontaneous").to_numpy()
    cap = np.where(
        is_firm,
        settings.lists_per_firm,
        offer["capacity"].to_numpy() * settings.lists_per_seat,
    )
    must("no offer stands in too many lists", exposure <= cap)
    must("the exposure written is the true one", exposure == lists["lists_of_offer"].to_numpy())

    points = lists.filter(like="points_").sum(axis=1) - lists["cost_rung"]
    must("contributions add up to the score", points == lists["score"])
    worth = lists["score"]
    if settings.line_order == "chance":
        places = offer["capacity"].to_numpy(dtype=np.int64)
        worth = worth * places // np.maximum(exposure, places)
    before = lists.assign(worth=worth).groupby("youth_id")[["rank", "worth"]].shift()
    is_first = before["rank"].isna()
    must(
        "ranks run from 1",
        np.where(is_first, lists["rank"] == 1, lists["rank"] == before["rank"] + 1),
    )
    must("better lines come first", is_first | (worth <= before["worth"]))
    _check_variety(lists, offer, settings, faults)

    km = _haversine_km(youth, offer)
    must("distances are right", np.abs(km - lists["distance_km"].to_numpy()) <= KM_TOLERANCE)
    reach = np.floor(youth["max_distance_km"].to_numpy())
    factor = np.where(youth["is_mobile"].to_numpy(dtype=bool), settings.mobile_reach_factor, 1)
    must("no line lies beyond reach", km <= reach * factor + KM_TOLERANCE)
    must(
        "only rung 5 lies beyond the youth's own reach",
        (km <= reach + KM_TOLERANCE) | (lists["rung"] == 5),
    )
    if len(assignment):
        keys, pairs = (pd.MultiIndex.from_frame(frame[PAIR]) for frame in (lists, assignment))
        must("assigned pairs are lines", pairs.isin(keys))
        must("a youth is assigned once", ~assignment["youth_id"].duplicated())
        taken = assignment["offer_id"].value_counts()
        seats = offers.set_index("offer_id")["capacity"].reindex(taken.index)
        must("no offer has more youths than seats", taken <= seats)
    faults.refuse(HEAD)


def _check_variety(
    lists: pd.DataFrame, offer: pd.DataFrame, settings: Settings, faults: Faults
) -> None:
    """Check how many lines of a list are of one sector, and of one employer within it."""
    each = offer[~offer.index.duplicated()]
    name = "name:" + each["employer"].str.casefold() + ":" + each["commune_code"]
    name = name.where(each["employer"] != "", "offer:" + each.index)
    keys = {
        "sector": each["trade_codes"].str.split("|").str[0].str[:3],
        "employer": name.where(each["siret"] == "", "siret:" + each["siret"]),
    }
    at = each.index.get_indexer(offer.index)
    group = pd.DataFrame({key: pd.factorize(column)[0][at] for key, column in keys.items()})
    group["youth_id"] = pd.factorize(lists["youth_id"])[0]
    if settings.other_sector_lines:
        of_sector = group.groupby(["youth_id", "sector"])["employer"].transform("size")
        most = max(settings.lines_per_youth - settings.other_sector_lines, 1)
        faults.must("a list is not all of one sector", of_sector <= most)
    if settings.lines_per_employer:
        of_employer = group.groupby(list(group))["employer"].transform("size")
        faults.must(
            "no list has too many lines of one employer", of_employer <= settings.lines_per_employer
        )


def _haversine_km(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    """Return great-circle kilometres by the haversine formula (radius 6371.0088 km)."""
    lat_a, lat_b = np.radians(a["latitude"].to_numpy()), np.radians(b["latitude"].to_numpy())
    lon = np.radians(b["longitude"].to_numpy() - a["longitude"].to_numpy())
    inner = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin(lon / 2) ** 2
    return np.asarray(2 * 6371.0088 * np.arcsin(np.sqrt(inner)))
