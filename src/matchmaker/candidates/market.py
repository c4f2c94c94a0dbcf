"""The market in arrays: clean tables turned into the numbers that engines work on.

Youths, wishes and offers become positions (int32) in their sorted tables; codes become
positions in one list of trade codes.  What is not a number to a kernel (titles, names,
addresses) stays behind in the tables.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.codes import all_codes, has_code
from matchmaker.candidates.geometry import MAX_REACH_KM, fixed_points
from matchmaker.candidates.groups import sectors_and_employers
from matchmaker.candidates.pairs import LAST_DAY
from matchmaker.candidates.travel import Travel, travel_of
from matchmaker.errors import InputError, Issue
from matchmaker.hashing import hash_ids
from matchmaker.reference.nearness import Nearness, nearness, of_frame
from matchmaker.reference.offer_levels import level_bits
from matchmaker.reference.travel import travel_times
from matchmaker.reference.wish_labels import NO_WISH
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row, with_reach
from matchmaker.words import said

__all__ = [
    "KINDS",
    "OFFER_STATES",
    "YOUTH_STATES",
    "Market",
    "build_market",
    "days_from",
    "only_open",
    "with_rules",
    "with_settings",
]

# The first state that applies is the one kept; position 0 means "takes part".
YOUTH_STATES = (
    "",
    "opted_out",
    "opposed",
    "placed",
    "withdrawn",
    "home_unknown",
    "wish_rejected",
    "no_wish",
    "no_apprenticeship",
    "wish_unresolved",
)
OFFER_STATES = (
    "",
    "flagged",
    "cancelled",
    "full",
    "expired",
    "contract_type",
    "trade_unknown",
    "place_unknown",
)
MOST_WISHES = 255
KINDS = ("offer", "spontaneous", "training", "school", "job")


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """All that candidates and scoring need, as structures of arrays.

    Attributes
    ----------
    youths, wishes, offers : DataFrame
        The clean tables; row positions are the positions used everywhere below.
    youth_point, offer_point : ndarray of int32, shape (n, 3)
        Fixed-point unit vectors (`matchmaker.candidates.geometry`).
    youth_hash, offer_hash : ndarray of uint64
        Hash of (seed, id): ties are broken by it, so row order cannot matter.
    reach_km : ndarray of int16, shape (n_youths,)
        Whole kilometres, rounded down: nobody is sent beyond what they said.
    reach_factor : ndarray of uint8, shape (n_youths,)
        How many times their reach a wished trade may lie away: 1 for who has no vehicle.
    youth_state, offer_state : ndarray of uint8
        Positions in `YOUTH_STATES` and `OFFER_STATES`: the first rule that keeps them out.
    offer_rules : ndarray of uint8, shape (n_offers,)
        All rules that keep an offer out: bit ``i - 1`` for ``OFFER_STATES[i]``.
    is_open : ndarray of bool, shape (n_offers,)
        No rule keeps the offer out: it takes part.
    seats : ndarray of int32, shape (n_offers,)
        Seats of an offer, 0 where it takes no part.
    is_somewhere : ndarray of bool, shape (n_offers,)
        The department or the region is all that is known of the place
        (`matchmaker.candidates.where`).
    is_firm : ndarray of bool, shape (n_offers,)
        A firm that takes spontaneous applications: nobody asked it how many it wants.
    start_day : ndarray of int16, shape (n_offers,)
        Days from the run to the start of the contract; 0 for a start in the past of an offer
        that is still open, and for an unknown one: as soon as possible.
    sector, employer : ndarray of int32, shape (n_offers,)
        Numbers of the sector, and of the employer within it (`matchmaker.candidates.groups`).
    entry_indptr : ndarray of int64, shape (n_youths + 1,)
        Where each youth's wish entries begin. An entry is one trade code of one wish, or one
        diploma that it is for.
    entry_wish : ndarray of int32, shape (n_entries,)
        Row of `wishes`.
    entry_trade : ndarray of int32, shape (n_entries,)
        Position in `trade_codes`.
    wish_position : ndarray of uint8, shape (n_wishes,)
        Position of a wish within its youth's wishes.
    posting_offer, posting_trade : ndarray of int32, shape (n_postings,)
        A posting is one trade code of one offer, in the order in which the offer has them; the
        diplomas that it names come last.
    posting_is_later : ndarray of bool, shape (n_postings,)
        A firm's second or later trade code: what it does beside its main trade.
    offer_kind : ndarray of uint8
        Position in `KINDS`.
    offer_levels : ndarray of uint8, shape (n_offers,)
        Set of levels that an offer leads to (`matchmaker.reference.offer_levels`).
    trade_codes : tuple of str
        All codes that occur, sorted: of trades, and of diplomas by their names.
    trade_nearness : Nearness
        Sparse nearness of `trade_codes` to each other.
    as_of : date
    travel : Travel or None
        Known times of travel, where the settings name a file of them.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate
    >>> from matchmaker.tables import load
    >>> day, settings = dt.date(2023, 9, 15), Settings()
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     paths = made["youths"], made["wishes"], made["offers"]
    ...     tables = load(*paths, as_of=day, settings=settings)
    >>> market = build_market(tables, settings, as_of=day)
    >>> market.youth_point.shape, bool((market.is_open == (market.offer_rules == 0)).all())
    ((20, 3), True)
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    youth_point: NDArray[np.int32]
    offer_point: NDArray[np.int32]
    youth_hash: NDArray[np.uint64]
    offer_hash: NDArray[np.uint64]
    reach_km: NDArray[np.int16]
    reach_factor: NDArray[np.uint8]
    youth_state: NDArray[np.uint8]
    offer_state: NDArray[np.uint8]
    offer_rules: NDArray[np.uint8]
    is_open: NDArray[np.bool_]
    is_somewhere: NDArray[np.bool_]
    seats: NDArray[np.int32]
    is_firm: NDArray[np.bool_]
    start_day: NDArray[np.int16]
    sector: NDArray[np.int32]
    employer: NDArray[np.int32]
    offer_kind: NDArray[np.uint8]
    offer_levels: NDArray[np.uint8]
    entry_indptr: NDArray[np.int64]
    entry_wish: NDArray[np.int32]
    entry_trade: NDArray[np.int32]
    wish_position: NDArray[np.uint8]
    posting_offer: NDArray[np.int32]
    posting_trade: NDArray[np.int32]
    posting_is_later: NDArray[np.bool_]
    trade_codes: tuple[str, ...]
    trade_nearness: Nearness
    as_of: dt.date
    travel: Travel | None = None

    @property
    def entry_youth(self) -> NDArray[np.int32]:
        """Row of `youths` for each wish entry."""
        counts = np.diff(self.entry_indptr)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @property
    def is_of_school(self) -> NDArray[np.bool_]:
        """A school or training centre publishes the offer for others (flag ``school``)."""
        return self.offers["flags"].str.contains(r"\bschool\b").to_numpy(dtype=bool)

    @property
    def takes_part(self) -> NDArray[np.bool_]:
        """No rule keeps the youth out."""
        is_in: NDArray[np.bool_] = self.youth_state == 0
        return is_in

    def wish_rows(
        self, youth: NDArray[np.integer], position: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        """Return the rows of `wishes` of youths with entries, by the wish's position.

        Parameters
        ----------
        youth : ndarray of int, shape (n,)
        position : ndarray of uint8, shape (n,)
            As in `matchmaker.candidates.pairs.Pairs.wish`.

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        some = self.entry_wish[self.entry_indptr[youth]].astype(np.int64)
        rows: NDArray[np.int64] = some - self.wish_position[some] + position
        return rows


class CleanTables(Protocol):
    """The three clean tables (`matchmaker.tables.Tables` has them)."""

    @property
    def youths(self) -> pd.DataFrame:
        """One row a youth."""

    @property
    def wishes(self) -> pd.DataFrame:
        """One row a wish."""

    @property
    def offers(self) -> pd.DataFrame:
        """One row an offer."""


def build_market(
    tables: CleanTables,
    settings: Settings,
    *,
    as_of: dt.date,
    kept_nearness: pd.DataFrame | None = None,
) -> Market:
    """Turn clean tables into a `Market`.

    Parameters
    ----------
    tables : CleanTables
        Sorted clean tables, as `matchmaker.tables.load` gives them.
    settings : Settings
        ``seed``, ``min_days_left``, ``mobile_reach_factor`` and ``contract_types`` are read.
    as_of : date
        The day of the run; an offer expires relative to it.
    kept_nearness : DataFrame or None
        As a run's folder keeps it, in the place of the reference tables.

    Returns
    -------
    Market
    """
    youths, wishes, offers = tables.youths, tables.wishes, tables.offers
    wish_youth = _positions(youths["youth_id"], wishes["youth_id"])
    trade_codes, (wish_row, wish_trade), (offer_row, offer_trade) = all_codes(wishes, offers)

    rules = _offer_rules(offers, settings, as_of)
    kind = _codes_of(offers["kind"], KINDS)
    is_firm = kind == KINDS.index("spontaneous")
    state, is_open, seats = _openness(offers, rules)
    sector, employer = sectors_and_employers(offers)
    _refuse_endless_wishes(wishes)
    # Wishes come sorted by youth, so entries are grouped by youth already.
    per_youth = np.bincount(wish_youth[wish_row], minlength=len(youths))
    indptr = np.zeros(len(youths) + 1, dtype=np.int64)
    np.cumsum(per_youth, out=indptr[1:])

    return Market(
        youths=youths,
        wishes=wishes,
        offers=offers,
        youth_point=_points(youths),
        offer_point=_points(offers),
        youth_hash=hash_ids(youths["youth_id"].to_list(), settings.seed),
        offer_hash=hash_ids(offers["offer_id"].to_list(), settings.seed),
        reach_km=_reach_km(youths),
        reach_factor=_reach_factors(youths, settings),
        youth_state=_youth_states(youths, wishes, wish_youth, per_youth),
        offer_state=state,
        offer_rules=rules,
        is_open=is_open,
        is_somewhere=_is_without_point(offers),
        seats=seats,
        start_day=np.clip(days_from(as_of, offers["start_date"], unknown=0), 0, LAST_DAY).astype(
            np.int16
        ),
        is_firm=is_firm,
        sector=sector,
        employer=employer,
        offer_kind=kind,
        offer_levels=level_bits(offers),
        entry_indptr=indptr,
        entry_wish=wish_row.astype(np.int32),
        entry_trade=wish_trade,
        wish_position=wishes["wish_id"].to_numpy().astype(np.uint8),
        posting_offer=offer_row.astype(np.int32),
        posting_trade=offer_trade,
        posting_is_later=(np.diff(offer_row, prepend=-1) == 0) & is_firm[offer_row],
        trade_codes=trade_codes,
        trade_nearness=(
            nearness(trade_codes, settings)
            if kept_nearness is None
            else of_frame(kept_nearness, trade_codes)
        ),
        as_of=as_of,
        travel=_travel(youths, offers, settings),
    )


def _travel(youths: pd.DataFrame, offers: pd.DataFrame, settings: Settings) -> Travel | None:
    home, work = youths["commune_code"], offers["commune_code"]
    return travel_of(travel_times(settings), home, work, settings.travel_minutes_per_km)


def days_from(
    as_of: dt.date, column: pd.Series[pd.Timestamp], *, unknown: int
) -> NDArray[np.int64]:
    """Return the days from the run to each date.

    Parameters
    ----------
    as_of : date
    column : Series of datetime64, shape (n,)
    unknown : int
        What stands for an empty date.

    Returns
    -------
    ndarray of int64, shape (n,)
        Days; below 0 for a day before `as_of`.

    Examples
    --------
    >>> days = pd.to_datetime(pd.Series(["2023-09-14", None, "2023-09-17"]))
    >>> days_from(dt.date(2023, 9, 15), days, unknown=0).tolist()
    [-1, 0, 2]
    """
    dates = column.to_numpy(dtype="datetime64[D]")
    days = (dates - np.datetime64(as_of, "D")).astype(np.int64)
    days[np.isnat(dates)] = unknown
    return days


def _refuse_endless_wishes(wishes: pd.DataFrame) -> None:
    """Raise where a youth has more wishes than a pair's byte can number."""
    too_many = wishes["wish_id"] >= MOST_WISHES
    if too_many.any():
        owners = wishes.loc[too_many, "youth_id"].nunique()
        issue = Issue(
            reason="too_many_wishes",
            file="wishes",
            column="youth_id",
            message=said("header.too_many_wishes", n=owners, most=MOST_WISHES),
            hint=said("header.too_many_wishes_hint"),
        )
        raise InputError([issue])


def _points(frame: pd.DataFrame) -> NDArray[np.int32]:
    return fixed_points(
        frame["latitude"].to_numpy(dtype=np.float64), frame["longitude"].to_numpy(dtype=np.float64)
    )


def _positions(ids: pd.Series[str], wanted: pd.Series[str]) -> NDArray[np.int64]:
    """Return the row of each wanted id; tables.load left no wish without its youth."""
    rows: NDArray[np.int64] = pd.Index(ids).get_indexer(pd.Index(wanted)).astype(np.int64)
    return rows


def _youth_states(
    youths: pd.DataFrame,
    wished: pd.DataFrame,
    wish_youth: NDArray[np.int64],
    entries: NDArray[np.int64],
) -> NDArray[np.uint8]:
    wishes = np.bincount(wish_youth, minlength=len(youths))
    is_elsewhere = wished["trade_how"].eq(NO_WISH).to_numpy(dtype=bool)
    elsewhere = np.bincount(wish_youth[is_elsewhere], minlength=len(youths))
    status = youths["status"].to_numpy(dtype=str)
    conditions = {
        "opted_out": youths["opt_out"].to_numpy(dtype=bool),
        "opposed": status == "opposed",
        "placed": status == "placed",
        "withdrawn": status == "withdrawn",
        "home_unknown": np.isnan(youths["latitude"].to_numpy(dtype=np.float64)),
        "wish_rejected": (wishes == 0) & (youths["wishes_rejected"].to_numpy() > 0),
        "no_wish": wishes == 0,
        "no_apprenticeship": (wishes > 0) & (elsewhere == wishes),
        "wish_unresolved": (wishes > 0) & (entries == 0),
    }
    state = np.zeros(len(youths), dtype=np.uint8)
    for position in range(len(YOUTH_STATES) - 1, 0, -1):
        state[conditions[YOUTH_STATES[position]]] = position
    return state


def with_rules(market: Market, rules: NDArray[np.uint8]) -> Market:
    """Return the market as if these rules kept its offers out, and no others.

    Parameters
    ----------
    market : Market
    rules : ndarray of uint8, shape (n_offers,)
        As `Market.offer_rules`.

    Returns
    -------
    Market
    """
    state, is_open, seats = _openness(market.offers, rules)
    return replace(market, offer_rules=rules, offer_state=state, is_open=is_open, seats=seats)


def only_open(market: Market, offers: NDArray[np.bool_]) -> Market:
    """Return the market as if of its open offers only some took part.

    Parameters
    ----------
    market : Market
    offers : ndarray of bool, shape (n_offers,)

    Returns
    -------
    Market
    """
    is_open = market.is_open & offers
    return replace(market, is_open=is_open, seats=np.where(is_open, market.seats, np.int32(0)))


def with_settings(market: Market, settings: Settings) -> Market:
    """Return the market as it would be under other settings of reach, contracts and expiry.

    Parameters
    ----------
    market : Market
    settings : Settings
        What a territory may set is read; all else has to be as before.

    Returns
    -------
    Market
    """
    youths = with_reach(market.youths, settings)
    changed = replace(
        market,
        youths=youths,
        reach_km=_reach_km(youths),
        reach_factor=_reach_factors(youths, settings),
    )
    return with_rules(changed, _offer_rules(market.offers, settings, market.as_of))


def _reach_km(youths: pd.DataFrame) -> NDArray[np.int16]:
    whole = np.floor(youths["max_distance_km"].to_numpy())
    return np.asarray(np.clip(whole, 0, MAX_REACH_KM).astype(np.int16))


def _reach_factors(youths: pd.DataFrame, settings: Settings) -> NDArray[np.uint8]:
    has_vehicle = youths["is_mobile"].to_numpy(dtype=bool)
    factor = np.where(has_vehicle, by_row(settings, "mobile_reach_factor", youths), 1)
    return np.asarray(factor.astype(np.uint8))


def _openness(
    offers: pd.DataFrame, rules: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.int32]]:
    """Return what follows from the rules: the first of each offer, is_open, and the seats."""
    state = np.zeros(len(rules), dtype=np.uint8)
    for position in range(len(OFFER_STATES) - 1, 0, -1):
        state[(rules >> (position - 1)) & 1 == 1] = position
    is_open = state == 0
    seats = np.where(is_open, offers["capacity"].to_numpy(dtype=np.int32), 0)
    return state, is_open, seats.astype(np.int32)


def _offer_rules(offers: pd.DataFrame, settings: Settings, as_of: dt.date) -> NDArray[np.uint8]:
    status = offers["status"].to_numpy(dtype=str)
    contract = offers["contract_type"].to_numpy(dtype=str)
    expiry = offers["expiry_date"].to_numpy(dtype="datetime64[D]")
    last = np.datetime64(as_of, "D") + by_row(settings, "min_days_left", offers)
    flags = offers["flags"].to_numpy(dtype=str)
    is_flagged = np.zeros(len(offers), dtype=bool)
    for cell in np.unique(flags):
        if set(cell.split("|")) & set(settings.leave_out_flags):
            is_flagged |= flags == cell
    conditions = {
        "flagged": is_flagged,
        "cancelled": status == "cancelled",
        "full": (status == "filled") | (offers["capacity"].to_numpy() <= 0),
        "expired": ~np.isnat(expiry) & (expiry < last),
        "contract_type": ~np.isin(contract, ["", *settings.contracts_anywhere]),
        "trade_unknown": ~has_code(offers),
        "place_unknown": np.isnan(offers["latitude"].to_numpy(dtype=np.float64))
        & ~_is_without_point(offers),
    }
    rules = np.zeros(len(offers), dtype=np.uint8)
    for position, name in enumerate(OFFER_STATES[1:]):
        rules |= conditions[name].astype(np.uint8) << position
    return rules


def _is_without_point(offers: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which offers have a region, and no point in it."""
    has_none: NDArray[np.bool_] = np.isnan(offers["latitude"].to_numpy(dtype=np.float64))
    has_none &= offers["region_code"].ne("").to_numpy(dtype=bool)
    return has_none


def _codes_of(column: pd.Series[str], names: tuple[str, ...]) -> NDArray[np.uint8]:
    return pd.Categorical(column, categories=list(names)).codes.astype(np.uint8)
