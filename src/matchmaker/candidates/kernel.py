"""The fused kernel: finds, scores and keeps the best pairs of each youth in one walk.

For each wish entry it walks the trade codes near to the wished one, nearest first.  A code
is done in three loops: the postings near enough, in the runs of the rows of cells that the
reach touches; of these, the ones that score enough; of these, the ones that are stored.
What cannot enter the list of the k best is skipped as early as it is known: a whole code by
its best possible score, rows and postings by the farthest ring that can still matter.

The first two loops have no branch: what fails is written over by the next one.  A branch
would be guessed wrong for every third posting, and that costs more than the work spared.

All arithmetic that decides is in integers.  Floating point only chooses how many cells
to look at (with a margin) and a first guess of a distance's step (then corrected).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.arguments import Fixed, Out, Request
from matchmaker.candidates.geometry import (
    EARTH_RADIUS_KM,
    STEPS_PER_REACH,
    squared_chord,
    step_of,
)
from matchmaker.candidates.index import (
    CELLS_PER_DEGREE,
    COLUMNS,
    FIRST_FEATURE,
    KIND,
    NUMBER,
    START_CLASS,
    START_DAY,
)
from matchmaker.candidates.keep import LAST_TIE, Kept, cut_back, room_for
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.candidates.travel import travel_step
from matchmaker.hashing import mix
from matchmaker.jit import jit

__all__ = ["best_pairs"]

# A run no longer than this is walked through: a search in it would cost more.
SHORT_RUN = 24
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180.0
MARGIN_DEGREES = 1e-5
NEVER = -(1 << 40)  # below any score
LOWEST = -(1 << 62)  # below any score less any price
NO_TIME = 255  # no step: four reaches have 80


@jit
def _lower_bound(column: NDArray[np.int32], low: int, high: int, wanted: int) -> int:
    """Return the first position of ``column[low:high]`` that is not below `wanted`."""
    while low < high:
        middle = (low + high) >> 1
        if column[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def _half_width(latitude: float, km: float) -> float:
    """Return the half width in degrees of longitude of a circle; 180 where it holds a pole."""
    if abs(latitude) + km / KM_PER_DEGREE + MARGIN_DEGREES >= 90.0:
        return 180.0
    across = math.sin(km / EARTH_RADIUS_KM) / math.cos(math.radians(latitude))
    return math.degrees(math.asin(min(across, 1.0)))


@jit
def _least_score(
    bar: np.int64, band_floor: NDArray[np.int32], band_bonus: NDArray[np.int64]
) -> np.int64:
    """Return the least score of a pair that is worth `bar` before its price."""
    start = np.int64(NEVER)
    for band in range(len(band_bonus)):
        if band > 0:
            start = np.int64(band_floor[band - 1])
        start = max(start, bar - band_bonus[band])
        if band == len(band_floor) or start < band_floor[band]:
            break
    return start


@jit
def best_pairs(
    who: NDArray[np.int32], order: NDArray[np.int64], fixed: Fixed, request: Request, out: Out
) -> int:
    """Write the k best pairs of the youths `who` into the arrays of `out`, one after another.

    A pair is better when what it is worth (`Bands`; without bands, its score) less the
    posting's price is greater, then by the mixed hash of youth and offer.  Only pairs whose
    net worth exceeds ``floor[youth]`` are kept, and none whose group the youth skips
    (`Skip`).  Offers increase within a youth.  `order` says in which order the youths are
    done (neighbours one after another find their offers in the cache); the result does not
    depend on it.

    Parameters
    ----------
    who : int32, shape (n,)
        Rows of youths, in the order in which they are written.
    order : int64, shape (n,)
        Positions in `who`.
    fixed : Fixed
    request : Request
    out : Out
        Written in place.

    Returns
    -------
    int
        Pairs written.
    """
    youths, entries, offers = fixed.youths, fixed.entries, fixed.offers
    # Taken out of their tuples here: in the inner loops each look would count a reference.
    near_trade, near_value, near_step = fixed.near.trade, fixed.near.value, fixed.near.step
    row_rank, run_start, column = offers.row_rank, offers.run_start, offers.column
    somewhere_start = offers.somewhere_start
    posting, octets, halves = offers.posting, offers.octets, offers.halves
    offer_hash = offers.hash
    pair_table, row_best = fixed.points.pair_table, fixed.points.row_best
    trade_weight = fixed.points.trade_weight
    ring_points, ring_rung = fixed.points.ring_points, fixed.points.ring_rung
    ring_best, entry_feature = fixed.points.ring_best, entries.feature
    near_feature = entries.near_feature
    k, offer_price, floor, offer_group = request.k, request.price, request.floor, request.group
    commune, by_ring = fixed.times.place, fixed.points.by_ring
    has_times = len(commune) > 0
    # The step of the time to each commune, of one youth: filled and cleared again.
    far = np.full(fixed.times.n_places + 1, NO_TIME, dtype=np.uint8)
    band_floor, band_bonus = request.band_floor, request.band_bonus
    skips = len(offer_group) > 0
    n_bands = len(band_floor)
    n_criteria = entry_feature.shape[1]
    n_rows = run_start.shape[1] - 1
    is_priced = len(offer_price) > 0
    has_floor = len(floor) > 0
    best_of_all = np.int64(ring_best.max())
    points = pair_table.ravel()
    row_at = np.empty(n_criteria, dtype=np.uint64)  # where the entry's row of points begins
    # A code's postings at most, and the one that is written over.
    found = np.empty(len(posting) + 1, dtype=np.uint32)
    chords = np.empty(len(posting) + 1, dtype=np.int64)
    scores = np.empty(len(posting) + 1, dtype=np.int64)
    steps = np.empty(len(posting) + 1, dtype=np.uint8)
    room = room_for(k)
    offer = np.empty(room, dtype=np.int32)  # by number, until it is written out
    score_of = np.empty(room, dtype=np.int32)
    wish_of = np.empty(room, dtype=np.uint8)
    rung_of = np.empty(room, dtype=np.uint8)
    net = np.empty(room, dtype=np.int64)
    keys = np.empty(room, dtype=np.int64)
    ties = np.empty(room, dtype=np.uint64)
    # Where an offer stands in the buffer, if ``offer`` says so too: it is never cleared.
    slot_of = np.zeros(len(offer_hash), dtype=np.int32)
    kept = Kept(offer, score_of, wish_of, rung_of, net, slot_of, keys, ties)
    for place in order:
        youth = who[place]
        size = 0
        bar, bar_tie = floor[youth] + 1 if has_floor else np.int64(LOWEST), LAST_TIE
        least = _least_score(bar, band_floor, band_bonus)
        skipped = request.skipped[youth] if skips else np.int32(-1)
        my_hash = youths.hash[youth]
        first_day, last_day = youths.first_day[youth], youths.last_day[youth]
        reach = np.int64(youths.reach_km[youth])
        my_rims = fixed.points.rims[reach]
        per_rim = 1.0 / max(my_rims[0], 1)
        edge_of_reach = my_rims[STEPS_PER_REACH - 1]
        x = np.int64(youths.point[youth, 0])
        y = np.int64(youths.point[youth, 1])
        z = np.int64(youths.point[youth, 2])
        lat, lon = youths.latitude[youth], youths.longitude[youth]
        widening = int(youths.widening[youth])
        farthest_km = float(reach * widening)
        widest = _half_width(lat, farthest_km)
        first_time = last_time = np.int64(0)
        if has_times:
            origin = fixed.times.origin[youth]
            first_time, last_time = fixed.times.indptr[origin], fixed.times.indptr[origin + 1]
            edge = reach * fixed.times.per_km
            for t in range(first_time, last_time):
                minutes = np.int64(fixed.times.minutes[t])
                far[fixed.times.to[t]] = travel_step(minutes, edge, len(by_ring) - 1)
        for entry in range(youths.entry_indptr[youth], youths.entry_indptr[youth + 1]):
            best_wished = best_near = np.int64(0)
            for c in range(n_criteria):
                best_wished += row_best[c, entry_feature[entry, c]]
                best_near += row_best[c, near_feature[entry, c]]
            if best_wished < 0 and best_near < 0:
                continue  # a rule excludes every offer
            best_either = max(best_wished, best_near)
            laid_out = -1  # whose rows of points are at hand: of wished trades 0, of others 1
            trade = entries.trade[entry]
            wish = entries.wish[entry]
            for near in range(fixed.near.indptr[trade], fixed.near.indptr[trade + 1]):
                trade_points = trade_weight * np.int64(near_value[near])
                if trade_points + best_either + best_of_all < least:
                    break  # the codes that follow are farther still
                code = near_trade[near]
                somewhere, end_of_all = somewhere_start[code], somewhere_start[code + 1]
                if run_start[code, 0] == run_start[code, n_rows] and somewhere == end_of_all:
                    continue
                is_near = near_step[near] >= 2
                side = 1 if is_near else 0
                best_here = trade_points + (best_near if is_near else best_wished)
                if side != laid_out:
                    laid_out = side
                    for c in range(n_criteria):
                        feature = near_feature[entry, c] if is_near else entry_feature[entry, c]
                        row = c * pair_table.shape[1] + np.int64(feature)
                        row_at[c] = row * pair_table.shape[2]
                best_at = ring_best[side]
                ring = STEPS_PER_REACH * (1 if is_near else widening) - 1
                while ring >= 0 and best_here + best_at[ring] < least:
                    ring -= 1
                if ring < 0:
                    continue
                limit = my_rims[ring]
                # The rows and columns of cells that hold all places up to that ring.
                km = float(reach * (ring + 1)) / STEPS_PER_REACH
                high = km / KM_PER_DEGREE + MARGIN_DEGREES
                south, north = max(lat - high, -90.0), min(lat + high, 90.0)
                first_row = row_rank[math.floor((south + 90.0) * CELLS_PER_DEGREE)]
                last_row = row_rank[math.floor((north + 90.0) * CELLS_PER_DEGREE) + 1]
                first_column, last_column = 0, COLUMNS - 1
                if widest < 179.0:
                    # Widths grow faster than circles: a share of the widest is enough.
                    wide = MARGIN_DEGREES
                    if reach > 0:
                        wide += widest * km / farthest_km
                    first_column = math.floor((lon - wide + 180.0) * CELLS_PER_DEGREE) % COLUMNS
                    last_column = math.floor((lon + wide + 180.0) * CELLS_PER_DEGREE) % COLUMNS
                wraps = first_column > last_column
                n_found = np.uint64(0)
                for row in range(first_row, last_row):
                    start, end = run_start[code, row], run_start[code, row + 1]
                    is_short = end - start <= SHORT_RUN
                    for part in range(2 if wraps and not is_short else 1):
                        run, stop = start, end
                        if not is_short:
                            low = first_column if part == 0 else 0
                            top = COLUMNS - 1 if wraps and part == 0 else last_column
                            run = _lower_bound(column, start, end, low)
                            stop = _lower_bound(column, run, end, top + 1)
                        for p in range(np.uint64(run), np.uint64(stop)):
                            chord = squared_chord(x, y, z, posting, p)
                            found[n_found] = p
                            chords[n_found] = chord
                            n_found += np.uint64(chord <= limit)
                # What may be anywhere in a region counts as at the edge of the own reach.
                if edge_of_reach <= limit:
                    for p in range(np.uint64(somewhere), np.uint64(end_of_all)):
                        found[n_found] = p
                        chords[n_found] = edge_of_reach
                        n_found += np.uint64(1)
                wanted = max(least, np.int64(FORBIDDEN // 2))  # below it a rule was broken
                n_good = np.uint64(0)
                for f in range(n_found):
                    p = found[f]
                    kind = octets[p, KIND]
                    step = step_of(chords[f], per_rim, my_rims, ring)
                    score = trade_points + ring_points[side, kind, step]
                    if has_times and far[commune[p]] != NO_TIME:
                        score += by_ring[far[commune[p]]] - by_ring[step]
                    for c in range(n_criteria):
                        score += points[row_at[c] + octets[p, FIRST_FEATURE + c]]
                    found[n_good] = p
                    scores[n_good] = score
                    steps[n_good] = step
                    day, of_rule = halves[p, START_DAY], octets[p, START_CLASS]
                    n_good += np.uint64(
                        (score >= wanted) & (first_day[of_rule] <= day) & (day <= last_day[of_rule])
                    )
                for f in range(n_good):
                    score = scores[f]
                    o = np.uint32(posting[found[f], NUMBER])
                    if skips and offer_group[o] == skipped:
                        continue
                    band = 0
                    while band < n_bands and score >= band_floor[band]:
                        band += 1
                    worth = score + band_bonus[band]
                    if is_priced:
                        worth -= offer_price[o]
                    if worth < bar:
                        continue
                    if worth == bar and mix(my_hash, offer_hash[o]) > bar_tie:
                        continue
                    rung = ring_rung[side, octets[found[f], KIND], steps[f]]
                    slot = slot_of[o]
                    is_new = slot >= size or offer[slot] != o
                    if is_new:
                        slot = size
                        size += 1
                        offer[slot] = o
                        slot_of[o] = slot
                    elif score_of[slot] > score or (
                        score_of[slot] == score
                        and (
                            wish_of[slot] < wish
                            or (wish_of[slot] == wish and rung_of[slot] <= rung)
                        )
                    ):
                        continue
                    score_of[slot] = score
                    wish_of[slot] = wish
                    rung_of[slot] = rung
                    net[slot] = worth
                    if size == room:
                        bar, bar_tie = cut_back(k, size, my_hash, offer_hash, kept)
                        size = k
                    elif is_new and size == k:
                        # Nothing behind the worst of k can enter any more.
                        bar = max(bar, net[:k].min())
                least = _least_score(bar, band_floor, band_bonus)
        for t in range(first_time, last_time):
            far[fixed.times.to[t]] = NO_TIME
        if size > k:
            cut_back(k, size, my_hash, offer_hash, kept)
            size = k
        for s in range(size):
            keys[s] = np.int64(offers.row[offer[s]]) << 32 | s
        keys[:size].sort()
        for s in range(size):
            slot = keys[s] & 0xFFFF_FFFF
            at = place * k + s
            out.offer[at] = offers.row[offer[slot]]
            out.score[at] = score_of[slot]
            out.wish[at] = wish_of[slot]
            out.rung[at] = rung_of[slot]
        out.size[place] = size
    filled = 0
    for place in range(len(who)):  # close the gaps
        for at in range(place * k, place * k + out.size[place]):
            out.offer[filled] = out.offer[at]
            out.score[filled] = out.score[at]
            out.wish[filled] = out.wish[at]
            out.rung[filled] = out.rung[at]
            filled += 1
    return filled
