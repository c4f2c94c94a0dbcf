"""The market in arrays: clean tables turned into the numbers that engines work on.

Youths, wishes and offers become positions (int32) in their sorted tables; codes become
positions in one list of trade codes.  What is not a number to a kernel (titles, names,
addresses) stays behind in the tables.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.geometry import MAX_REACH_KM, fixed_points
from matchmaker.candidates.ragged import expand
from matchmaker.errors import InputError, Issue
from matchmaker.hashing import hash_ids
from matchmaker.reference.nearness import Nearness, nearness
from matchmaker.settings import Settings
from matchmaker.tables import Tables

__all__ = ["KINDS", "OFFER_STATES", "YOUTH_STATES", "Market", "build_market", "first_rule"]

# The first state that applies is the one kept; position 0 means "takes part".
YOUTH_STATES = (
    "",
    "opted_out",
    "placed",
    "withdrawn",
    "home_unknown",
    "no_wish",
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
    youth_state, offer_state : ndarray of uint8
        Positions in `YOUTH_STATES` and `OFFER_STATES`: the first rule that keeps them out.
    offer_rules : ndarray of uint8, shape (n_offers,)
        All rules that keep an offer out: bit ``i - 1`` for ``OFFER_STATES[i]``.
    entry_indptr : ndarray of int64, shape (n_youths + 1,)
        Where each youth's wish entries begin. An entry is one trade code of one wish.
    entry_wish : ndarray of int32, shape (n_entries,)
        Row of `wishes`.
    entry_trade : ndarray of int32, shape (n_entries,)
        Position in `trade_codes`.
    wish_position : ndarray of uint8, shape (n_wishes,)
        Position of a wish within its youth's wishes.
    posting_offer, posting_trade : ndarray of int32, shape (n_postings,)
        A posting is one trade code of one offer.
    offer_kind : ndarray of uint8
        Position in `KINDS`.
    trade_codes : tuple of str
        All codes that occur, sorted.
    trade_nearness : Nearness
        Sparse nearness of `trade_codes` to each other.
    as_of : date
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    youth_point: NDArray[np.int32]
    offer_point: NDArray[np.int32]
    youth_hash: NDArray[np.uint64]
    offer_hash: NDArray[np.uint64]
    reach_km: NDArray[np.int16]
    is_mobile: NDArray[np.bool_]
    youth_state: NDArray[np.uint8]
    offer_state: NDArray[np.uint8]
    offer_rules: NDArray[np.uint8]
    offer_kind: NDArray[np.uint8]
    entry_indptr: NDArray[np.int64]
    entry_wish: NDArray[np.int32]
    entry_trade: NDArray[np.int32]
    wish_position: NDArray[np.uint8]
    posting_offer: NDArray[np.int32]
    posting_trade: NDArray[np.int32]
    trade_codes: tuple[str, ...]
    trade_nearness: Nearness
    as_of: dt.date

    @property
    def entry_youth(self) -> NDArray[np.int32]:
        """Row of `youths` for each wish entry."""
        counts = np.diff(self.entry_indptr)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def build_market(tables: Tables, settings: Settings, *, as_of: dt.date) -> Market:
    """Turn clean tables into a `Market`.

    Parameters
    ----------
    tables : Tables
        Sorted clean tables, as `matchmaker.tables.load` gives them.
    settings : Settings
        ``seed``, ``min_days_left`` and ``contract_types`` are read.
    as_of : date
        The day of the run; an offer expires relative to it.

    Returns
    -------
    Market
    """
    youths, wishes, offers = tables.youths, tables.wishes, tables.offers
    wish_youth = _positions(youths["youth_id"], wishes["youth_id"])
    wish_row, wish_codes = _exploded(wishes["trade_codes"])
    offer_row, offer_codes = _exploded(offers["trade_codes"])
    codes = (
        np.unique(np.concatenate([wish_codes, offer_codes]))
        if len(offer_codes) or len(wish_codes)
        else np.array([], dtype=str)
    )
    trade_codes = tuple(str(code) for code in codes)

    rules = _offer_rules(offers, settings, as_of)
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
        reach_km=np.clip(np.floor(youths["max_distance_km"].to_numpy()), 0, MAX_REACH_KM).astype(
            np.int16
        ),
        is_mobile=youths["is_mobile"].to_numpy(dtype=bool),
        youth_state=_youth_states(youths, wish_youth, per_youth),
        offer_state=first_rule(rules),
        offer_rules=rules,
        offer_kind=_codes_of(offers["kind"], KINDS),
        entry_indptr=indptr,
        entry_wish=wish_row.astype(np.int32),
        entry_trade=np.searchsorted(codes, wish_codes).astype(np.int32),
        wish_position=wishes["wish_id"].to_numpy().astype(np.uint8),
        posting_offer=offer_row.astype(np.int32),
        posting_trade=np.searchsorted(codes, offer_codes).astype(np.int32),
        trade_codes=trade_codes,
        trade_nearness=nearness(trade_codes, settings),
        as_of=as_of,
    )


def _refuse_endless_wishes(wishes: pd.DataFrame) -> None:
    """Raise where a youth has more wishes than a pair's byte can number."""
    too_many = wishes["wish_id"] >= MOST_WISHES
    if too_many.any():
        owners = wishes.loc[too_many, "youth_id"].nunique()
        issue = Issue(
            reason="too_many_wishes",
            file="wishes",
            column="youth_id",
            message=f"{owners} youths have more than {MOST_WISHES} different wishes",
            hint="Check that each youth has an id of their own.",
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


def _exploded(column: pd.Series[str]) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Split ``A|B`` cells into (row, code), dropping empty cells and repeats within a row."""
    uniques, inverse = np.unique(column.to_numpy(dtype=str), return_inverse=True)
    parts = [sorted(set(cell.split("|")) - {""}) for cell in uniques]
    lengths = np.array([len(p) for p in parts], dtype=np.int64)
    flat = np.array([code for p in parts for code in p], dtype=str)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    counts = lengths[inverse]
    rows, at = expand(counts, starts[inverse])
    return rows, flat[at]


def _youth_states(
    youths: pd.DataFrame, wish_youth: NDArray[np.int64], entries: NDArray[np.int64]
) -> NDArray[np.uint8]:
    wishes = np.bincount(wish_youth, minlength=len(youths))
    status = youths["status"].to_numpy(dtype=str)
    conditions = {
        "opted_out": youths["opt_out"].to_numpy(dtype=bool),
        "placed": status == "placed",
        "withdrawn": status == "withdrawn",
        "home_unknown": np.isnan(youths["latitude"].to_numpy(dtype=np.float64)),
        "no_wish": wishes == 0,
        "wish_unresolved": (wishes > 0) & (entries == 0),
    }
    state = np.zeros(len(youths), dtype=np.uint8)
    for position in range(len(YOUTH_STATES) - 1, 0, -1):
        state[conditions[YOUTH_STATES[position]]] = position
    return state


def first_rule(rules: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the position in `OFFER_STATES` of each offer's first rule, 0 for none.

    Examples
    --------
    >>> first_rule(np.array([0b0, 0b1, 0b110], dtype=np.uint8)).tolist()
    [0, 1, 2]
    """
    state = np.zeros(len(rules), dtype=np.uint8)
    for position in range(len(OFFER_STATES) - 1, 0, -1):
        state[(rules >> (position - 1)) & 1 == 1] = position
    return state


def _offer_rules(offers: pd.DataFrame, settings: Settings, as_of: dt.date) -> NDArray[np.uint8]:
    status = offers["status"].to_numpy(dtype=str)
    contract = offers["contract_type"].to_numpy(dtype=str)
    expiry = offers["expiry_date"].to_numpy(dtype="datetime64[D]")
    last = np.datetime64(as_of, "D") + settings.min_days_left
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
        "contract_type": ~np.isin(contract, ["", *settings.contract_types]),
        "trade_unknown": offers["trade_codes"].to_numpy(dtype=str) == "",
        "place_unknown": np.isnan(offers["latitude"].to_numpy(dtype=np.float64)),
    }
    rules = np.zeros(len(offers), dtype=np.uint8)
    for position, name in enumerate(OFFER_STATES[1:]):
        rules |= conditions[name].astype(np.uint8) << position
    return rules


def _codes_of(column: pd.Series[str], names: tuple[str, ...]) -> NDArray[np.uint8]:
    return pd.Categorical(column, categories=list(names)).codes.astype(np.uint8)
