"""Orders that others would show to the same youths: what ours are set beside.

The national search (La bonne alternance) finds offers by exact codes of the wish within a
radius and sorts them by distance, then by date; its campaign of 2023 took the first code alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.audit.grades import Order
from matchmaker.candidates.geometry import fixed_points, squared_chords, to_km
from matchmaker.hashing import hash_ids
from matchmaker.reference.trades import trade_table
from matchmaker.settings import Settings
from matchmaker.tables.schemas import normal_name

if TYPE_CHECKING:
    from matchmaker.tables import Tables

__all__ = ["PeerOrders", "peer_orders"]

_SEARCHED = ("offer", "spontaneous")  # what the national search shows


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerOrders:
    """What others would show.

    Attributes
    ----------
    orders : dict of str to Order
        ``search`` (any code of any wish), ``search_first`` (the first code of each),
        ``search_official`` (the official codes of the wished diplomas where they are handed
        in, else as ``search``; only if some are), ``distance`` (nearest first, any trade).
    pools : Order
        Open offers within each youth's reach, nearest first.
    """

    orders: dict[str, Order]
    pools: Order


def peer_orders(
    tables: Tables,
    youths: Iterable[str],
    settings: Settings,
    *,
    as_of: dt.date,
    official: Mapping[str, Sequence[str]] | None = None,
) -> PeerOrders:
    """Order the offers of some youths as others would.

    Two codes are the same where they are equal or one is the older parent of the other: offers
    come with either version of the nomenclature. Offers are ordered by distance, then by the
    last day to apply (the latest first, unknown last: the day of publication is not in our
    tables, and a posting ends a fixed time after it), then by hash.

    Parameters
    ----------
    tables : Tables
        Clean tables of the run.
    youths : iterable of str
        Ids; those that are not in the tables get no offers.
    settings : Settings
        ``contract_types``, ``seed``.
    as_of : date
        Offers that have expired on this day are not shown.
    official : mapping of str to sequence of str, optional
        Label of a wish to the official codes of its diploma.

    Returns
    -------
    PeerOrders
    """
    table = trade_table(settings)
    parent: dict[str, str] = dict(zip(table["code"], table["parent"], strict=True))
    offers = _in_order_of_date(tables.offers[_is_shown(tables.offers, settings, as_of)], settings)
    codes = [_kin(cell.split("|"), parent) for cell in offers["trade_codes"]]
    wished = {
        "search": _wished(tables.wishes, parent),
        "search_first": _wished(tables.wishes, parent, first=1),
    }
    if official:
        wished["search_official"] = _wished(tables.wishes, parent, official=official)
    points = fixed_points(offers["latitude"].to_numpy(), offers["longitude"].to_numpy())
    ids = offers["offer_id"].tolist()
    orders: dict[str, dict[str, list[str]]] = {name: {} for name in (*wished, "distance")}
    asked = set(youths)
    homes = tables.youths[tables.youths["youth_id"].isin(asked)]
    homes = homes[homes["latitude"].notna()]
    where = (homes[name].tolist() for name in ("latitude", "longitude", "max_distance_km"))
    for youth, latitude, longitude, reach_km in zip(
        homes["youth_id"].tolist(), *where, strict=True
    ):
        rows = _nearest_first(latitude, longitude, reach_km, points)
        orders["distance"][youth] = [ids[row] for row in rows]
        for name, by_youth in wished.items():
            exact, kin = by_youth.get(youth, (frozenset(), frozenset()))
            orders[name][youth] = [
                ids[row] for row in rows if exact & codes[row][1] or kin & codes[row][0]
            ]
    return PeerOrders(orders=dict(orders), pools=orders["distance"])


_Codes = tuple[frozenset[str], frozenset[str]]


def _kin(codes: Iterable[str], parent: Mapping[str, str]) -> _Codes:
    """Return codes, and the same with their parents."""
    own = frozenset(code for code in codes if code)
    return own, own | {parent[code] for code in own if code in parent}


def _is_shown(offers: pd.DataFrame, settings: Settings, as_of: dt.date) -> NDArray[np.bool_]:
    """Tell which offers a search shows: open ones of a work-study contract, at a known place."""
    expiry = offers["expiry_date"]
    shown = (
        offers["kind"].isin(_SEARCHED)
        & (offers["status"] == "open")
        & (offers["capacity"] > 0)
        & (expiry.isna() | (expiry >= pd.Timestamp(as_of)))
        & offers["contract_type"].isin(["", *settings.contracts_anywhere])
        & offers["latitude"].notna()
    )
    return shown.to_numpy(dtype=np.bool_)


def _in_order_of_date(offers: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return offers by the last day to apply, the latest first, unknown last, then by hash."""
    lot = hash_ids(offers["offer_id"].tolist(), settings.seed)
    day = offers["expiry_date"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    is_unknown = offers["expiry_date"].isna().to_numpy(dtype=bool)
    late = np.where(is_unknown, 0, -day)
    return offers.iloc[np.lexsort((lot, late, is_unknown))].reset_index(drop=True)


def _nearest_first(
    latitude: float, longitude: float, reach_km: float, points: NDArray[np.int32]
) -> NDArray[np.intp]:
    """Return the rows of `points` within reach, nearest first, equal ones as they stand."""
    home = fixed_points(np.array([latitude]), np.array([longitude]))
    chord = squared_chords(points, home)
    order = np.argsort(chord, kind="stable")
    within: NDArray[np.intp] = order[to_km(chord[order]) <= reach_km]
    return within


def _wished(
    wishes: pd.DataFrame,
    parent: Mapping[str, str],
    *,
    first: int | None = None,
    official: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, _Codes]:
    """Return the codes of each youth's wishes, those of all wishes together."""
    named = {normal_name(label): list(codes) for label, codes in (official or {}).items()}
    found: dict[str, set[str]] = {}
    columns = zip(wishes["youth_id"], wishes["trade_label"], wishes["trade_codes"], strict=True)
    for youth, label, cell in columns:
        own = cell.split("|")[:first]
        found.setdefault(youth, set()).update(named.get(normal_name(label), own))
    return {youth: _kin(codes, parent) for youth, codes in found.items()}
