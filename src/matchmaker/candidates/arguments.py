"""What the kernel is given, in named tuples: dozens of arrays that nobody can swap unseen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Entries", "Fixed", "Near", "Offers", "Out", "Points", "Request", "Times", "Youths"]


class Youths(NamedTuple):
    """Columns of the youths: degrees, the fixed-point home, and where their entries begin.

    ``first_day`` and ``last_day`` are those of all rules of dates together (`StartDays`).

    Attributes
    ----------
    latitude, longitude : float64, shape (n_youths,)
        Degrees.
    point : int32, shape (n_youths, 3)
    hash : uint64, shape (n_youths,)
    reach_km : int16, shape (n_youths,)
    widening : uint8, shape (n_youths,)
        How many times the reach a wished trade may lie away.
    first_day, last_day : int16, shape (n_youths, n_classes)
        Days from the run, by class of offer.
    entry_indptr : int64, shape (n_youths + 1,)
    """

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    point: NDArray[np.int32]
    hash: NDArray[np.uint64]
    reach_km: NDArray[np.int16]
    widening: NDArray[np.uint8]
    first_day: NDArray[np.int16]
    last_day: NDArray[np.int16]
    entry_indptr: NDArray[np.int64]


class Entries(NamedTuple):
    """Columns of the wish entries: position of the wish, trade, features.

    Attributes
    ----------
    wish : uint8, shape (n_entries,)
    trade : int32, shape (n_entries,)
    feature, near_feature : uint8, shape (n_entries, n_criteria)
        Of wished and of other trades.
    """

    wish: NDArray[np.uint8]
    trade: NDArray[np.int32]
    feature: NDArray[np.uint8]
    near_feature: NDArray[np.uint8]


class Near(NamedTuple):
    """The trade codes near to each one, nearest first (`matchmaker.reference.nearness`).

    Attributes
    ----------
    indptr : int64, shape (n_trades + 1,)
    trade, value, step : int32, int32, uint8, shape (n_near,)
        Position of the near code, nearness (0 to 10,000), step of nearness.
    """

    indptr: NDArray[np.int64]
    trade: NDArray[np.int32]
    value: NDArray[np.int32]
    step: NDArray[np.uint8]


class Offers(NamedTuple):
    """The index (`OfferIndex`), its postings in smaller parts too, and row and hash by number.

    Attributes
    ----------
    row_rank, run_start, somewhere_start, column, posting
        As in `matchmaker.candidates.index.OfferIndex`.
    octets, halves : uint8 and int16
        Views of `posting`, row by row.
    row : int32, shape (n_numbers,)
        Row of the offers table, by number in the index.
    hash : uint64, shape (n_numbers,)
    """

    row_rank: NDArray[np.int32]
    run_start: NDArray[np.int32]
    somewhere_start: NDArray[np.int32]
    column: NDArray[np.int32]
    posting: NDArray[np.int32]
    octets: NDArray[np.uint8]
    halves: NDArray[np.int16]
    row: NDArray[np.int32]
    hash: NDArray[np.uint64]


class Times(NamedTuple):
    """Known times of travel (`Travel`); ``place`` goes by posting, and is empty without any.

    Attributes
    ----------
    origin : int32, shape (n_youths,)
    place : int32, shape (n_postings,)
    n_places : int
    indptr : int64, shape (n_origins + 2,)
    to : int32, shape (n_times,)
    minutes : int16, shape (n_times,)
    per_km : int
        Minutes that count as one kilometre.
    """

    origin: NDArray[np.int32]
    place: NDArray[np.int32]
    n_places: int
    indptr: NDArray[np.int64]
    to: NDArray[np.int32]
    minutes: NDArray[np.int16]
    per_km: int


class Points(NamedTuple):
    """The score tables, by what the kernel looks up.

    ``ring_`` arrays go by (the trade is near, kind of offer, ring of distance), or by the
    first and the last of these; ``rims`` by reach and ring.

    Attributes
    ----------
    pair_table : int32, shape (n_criteria, n_entry_features, n_offer_features)
    row_best : int32, shape (n_criteria, n_entry_features)
        Most that any offer adds to a row of `pair_table`.
    trade_weight : int
        Points of score for one of nearness.
    ring_points, ring_rung, ring_best : int32, uint8, int32
    rims : int64, shape (MAX_REACH_KM + 1, n_rings)
        Squared chords, units of 2**-60.
    by_ring : int32, shape (n_rings,)
        Points of distance alone.
    """

    pair_table: NDArray[np.int32]
    row_best: NDArray[np.int32]
    trade_weight: int
    ring_points: NDArray[np.int32]
    ring_rung: NDArray[np.uint8]
    ring_best: NDArray[np.int32]
    by_ring: NDArray[np.int32]
    rims: NDArray[np.int64]


class Fixed(NamedTuple):
    """What is the same in every search of one market.

    Attributes
    ----------
    youths : Youths
    entries : Entries
    near : Near
    offers : Offers
    points : Points
    """

    youths: Youths
    entries: Entries
    near: Near
    offers: Offers
    points: Points
    times: Times


class Request(NamedTuple):
    """What one search asks for.

    Prices and groups stand by the offer's number in the index; where prices, floors or
    groups are empty, they are not looked at.

    Attributes
    ----------
    k : int
        Pairs a youth.
    price : int64, shape (n_numbers,) or (0,)
        Score that an offer costs.
    floor : int64, shape (n_youths,) or (0,)
        Only pairs worth more, price off, are kept.
    group : int32, shape (n_numbers,) or (0,)
    skipped : int32, shape (n_youths,) or (0,)
        The group that each youth skips, -1 for none.
    band_floor, band_bonus : int32 and int64, shapes (n_bands,) and (n_bands + 1,)
        As in `matchmaker.candidates.pairs.Bands`.
    """

    k: int
    price: NDArray[np.int64]
    floor: NDArray[np.int64]
    group: NDArray[np.int32]
    skipped: NDArray[np.int32]
    band_floor: NDArray[np.int32]
    band_bonus: NDArray[np.int64]


class Out(NamedTuple):
    """Where pairs are written: their number a youth, and room for k a youth.

    Attributes
    ----------
    size : int32, shape (n,)
        Pairs of each youth.
    offer, score, wish, rung : int32, int32, uint8, uint8, shape (k * n,)
        As in `matchmaker.candidates.pairs.Pairs`.
    """

    size: NDArray[np.int32]
    offer: NDArray[np.int32]
    score: NDArray[np.int32]
    wish: NDArray[np.uint8]
    rung: NDArray[np.uint8]
