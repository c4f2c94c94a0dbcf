"""Offers laid out for the kernel: by trade code, then by grid cell.

All postings (one trade code of one offer that is open) of a trade stand together, sorted
by row of cells (south to north) and then by column (west to east), so that the offers of
one row of cells in reach of a home are one contiguous run.  Rows without any offer are
left out: the directory of runs has one entry a trade and row that is in use.

What the kernel reads of a posting stands in one row of memory, and offers are numbered anew,
by their first posting: what it keeps by offer then lies as near together as the postings do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import ScoreTables

__all__ = [
    "CELLS_PER_DEGREE",
    "COLUMNS",
    "FIRST_FEATURE",
    "KIND",
    "LATER_KIND",
    "NUMBER",
    "START_CLASS",
    "START_DAY",
    "OfferIndex",
    "build_index",
]

CELLS_PER_DEGREE = 8  # a cell is 14 km high: six rows hold a reach of 30 km
ROWS = 180 * CELLS_PER_DEGREE + 1  # the last one is the North Pole alone
COLUMNS = 360 * CELLS_PER_DEGREE

# A posting: four words (a point, the offer's number), then bytes (its kind, its class in the
# rules of dates), half a word (the day it starts), bytes again (its features).
NUMBER = 3
KIND = 16
LATER_KIND = len(KINDS)  # of a firm's second and later trade codes
START_CLASS = 17
START_DAY = 9  # in half words
FIRST_FEATURE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferIndex:
    """Structure of arrays over postings, sorted by (trade, row, column, offer).

    Attributes
    ----------
    row_rank : ndarray of int32, shape (ROWS + 1,)
        How many rows in use lie south of each row of cells.
    run_start : ndarray of int32, shape (n_trades, n_rows_in_use + 1)
        Where the postings of each trade and row in use begin.
    somewhere_start : ndarray of int32, shape (n_trades + 1,)
        Behind all these: where the postings of each trade begin whose region alone is known.
    column : ndarray of int32, shape (n_postings,)
        Column of the workplace's cell.
    posting : ndarray of int32, shape (n_postings, n_words)
        Point, number of the offer, kind, start and features: see `NUMBER` and what follows it.
    offer : ndarray of int32, shape (n_numbers,)
        Row of the offers table, by number.
    """

    row_rank: NDArray[np.int32]
    run_start: NDArray[np.int32]
    somewhere_start: NDArray[np.int32]
    column: NDArray[np.int32]
    posting: NDArray[np.int32]
    offer: NDArray[np.int32]


def build_index(market: Market, tables: ScoreTables, start_class: NDArray[np.uint8]) -> OfferIndex:
    """Sort the postings of all offers that take part.

    Parameters
    ----------
    market : Market
    tables : ScoreTables
        Gives the offers' features.
    start_class : ndarray of uint8, shape (n_offers,)
        Class of each offer in the rules of dates.

    Returns
    -------
    OfferIndex
    """
    all_kinds = np.where(
        market.posting_is_later, LATER_KIND, market.offer_kind[market.posting_offer]
    )
    is_open = market.is_open[market.posting_offer]
    is_somewhere = market.is_somewhere[market.posting_offer]
    postings = np.flatnonzero(is_open & ~is_somewhere)
    offer = market.posting_offer[postings]
    trade = market.posting_trade[postings].astype(np.int64)
    latitude = market.offers["latitude"].to_numpy(dtype=np.float64)[offer]
    longitude = market.offers["longitude"].to_numpy(dtype=np.float64)[offer]
    row = np.floor((latitude + 90.0) * CELLS_PER_DEGREE).astype(np.int64)
    column = np.floor((longitude + 180.0) * CELLS_PER_DEGREE).astype(np.int64) % COLUMNS

    row_rank = np.zeros(ROWS + 1, dtype=np.int32)
    np.cumsum(np.bincount(row, minlength=ROWS) > 0, out=row_rank[1:])
    n_rows, n_trades = int(row_rank[-1]), len(market.trade_codes)
    run = trade * n_rows + row_rank[row]
    # One sort of packed keys: three times as fast as a lexsort of the three columns.
    order = np.argsort(run * COLUMNS + column, kind="stable")
    start = np.zeros(n_trades * n_rows + 1, dtype=np.int32)
    np.cumsum(np.bincount(run, minlength=n_trades * n_rows), out=start[1:])
    # A trade's last run ends where the next trade's first begins.
    at = np.arange(n_trades)[:, None] * n_rows + np.arange(n_rows + 1)
    behind = np.flatnonzero(is_open & is_somewhere)
    behind = behind[np.argsort(market.posting_trade[behind], kind="stable")]
    postings = np.concatenate([postings[order], behind])
    somewhere_start = np.full(n_trades + 1, len(order), dtype=np.int32)
    somewhere_start[1:] += np.cumsum(
        np.bincount(market.posting_trade[behind], minlength=n_trades), dtype=np.int32
    )
    offer = market.posting_offer[postings]
    number, numbered = _numbers(offer, len(market.offer_hash))
    return OfferIndex(
        row_rank=row_rank,
        run_start=start[at],
        somewhere_start=somewhere_start,
        column=np.concatenate([column[order], np.zeros(len(behind))]).astype(np.int32),
        posting=_postings(market, tables, start_class, offer, number, all_kinds[postings]),
        offer=numbered,
    )


def _numbers(
    offer: NDArray[np.int32], n_offers: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the number of each offer, by its first posting, and the offer of each number."""
    place = np.arange(len(offer), dtype=np.int32)
    number = np.zeros(n_offers, dtype=np.int32)
    number[offer[::-1]] = place[::-1]  # of an offer's postings, the first is written last
    numbered = offer[number[offer] == place]
    number[numbered] = place[: len(numbered)]
    return number, numbered


def _postings(
    market: Market,
    tables: ScoreTables,
    start_class: NDArray[np.uint8],
    offer: NDArray[np.int32],
    number: NDArray[np.int32],
    kind: NDArray[np.uint8],
) -> NDArray[np.int32]:
    """Return what the kernel reads of each posting, as `OfferIndex.posting`."""
    end = FIRST_FEATURE + len(tables.pair_names)
    posting = np.zeros((len(offer), -(-end // 4)), dtype=np.int32)
    posting[:, :NUMBER] = market.offer_point[offer]
    posting[:, NUMBER] = number[offer]
    octets = posting.view(np.uint8)
    octets[:, KIND] = kind
    octets[:, START_CLASS] = start_class[offer]
    posting.view(np.int16)[:, START_DAY] = market.start_day[offer]
    octets[:, FIRST_FEATURE:end] = tables.offer_feature[offer]
    return posting
