"""The fused kernel: finds, scores and keeps the best pairs of each youth in one walk.

For each wish entry it walks the trade codes near to the wished one, nearest first, and
for each code the runs of postings in the rows of cells that the reach touches.  What
cannot enter the list of the k best is skipped as early as it is known: a whole code
by its best possible score, a posting by its distance.

All arithmetic that decides is in integers.  Floating point only chooses how many cells
to look at (with a margin) and a first guess of a distance's step (then corrected).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import EARTH_RADIUS_KM, STEPS_PER_REACH
from matchmaker.candidates.index import CELLS_PER_DEGREE, COLUMNS
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.hashing import mix
from matchmaker.jit import jit

__all__ = ["best_pairs"]

# Below this a trade's postings are walked through: a search would cost more.
SHORT_RUN = 24
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180.0
MARGIN_DEGREES = 1e-5


@jit
def _is_worse(net_a: int, tie_a: int, net_b: int, tie_b: int) -> bool:
    """Tell whether pair a stands behind pair b: smaller net score, then larger hash."""
    return net_a < net_b or (net_a == net_b and tie_a > tie_b)


@jit
def _sift_down(
    heap: NDArray[np.int32],
    net: NDArray[np.int64],
    tie: NDArray[np.uint64],
    position: int,
    size: int,
) -> None:
    """Restore the heap whose root is the worst pair, from `position` downwards."""
    item = heap[position]
    while True:
        child = 2 * position + 1
        if child >= size:
            break
        right = child + 1
        if right < size and _is_worse(
            net[heap[right]], tie[heap[right]], net[heap[child]], tie[heap[child]]
        ):
            child = right
        if not _is_worse(net[heap[child]], tie[heap[child]], net[item], tie[item]):
            break
        heap[position] = heap[child]
        position = child
    heap[position] = item


@jit
def _sift_up(
    heap: NDArray[np.int32], net: NDArray[np.int64], tie: NDArray[np.uint64], position: int
) -> None:
    """Restore the heap whose root is the worst pair, from `position` upwards."""
    item = heap[position]
    while position > 0:
        parent = (position - 1) // 2
        if not _is_worse(net[item], tie[item], net[heap[parent]], tie[heap[parent]]):
            break
        heap[position] = heap[parent]
        position = parent
    heap[position] = item


@jit
def _lower_bound(cell: NDArray[np.int32], low: int, high: int, wanted: int) -> int:
    """Return the first position of ``cell[low:high]`` that is not below `wanted`."""
    while low < high:
        middle = (low + high) >> 1
        if cell[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def _half_width(latitude: float, km: float) -> float:
    """Return the half width in degrees of longitude of a circle around a latitude."""
    angle = min(km / EARTH_RADIUS_KM, math.pi / 2)
    across = math.sin(angle) / max(math.cos(math.radians(latitude)), 1e-12)
    if across >= 1.0:
        return 180.0
    return math.degrees(math.asin(across)) + MARGIN_DEGREES


@jit
def best_pairs(
    first: int,
    last: int,
    who: NDArray[np.int32],
    youth_lat: NDArray[np.float64],
    youth_lon: NDArray[np.float64],
    youth_point: NDArray[np.int32],
    youth_hash: NDArray[np.uint64],
    reach_km: NDArray[np.int16],
    is_mobile: NDArray[np.bool_],
    entry_indptr: NDArray[np.int64],
    entry_wish: NDArray[np.uint8],
    entry_trade: NDArray[np.int32],
    entry_feature: NDArray[np.uint8],
    near_indptr: NDArray[np.int64],
    near_trade: NDArray[np.int32],
    near_value: NDArray[np.int32],
    near_step: NDArray[np.uint8],
    trade_start: NDArray[np.int64],
    cell: NDArray[np.int32],
    point: NDArray[np.int32],
    feature: NDArray[np.uint8],
    kind: NDArray[np.uint8],
    offer: NDArray[np.int32],
    offer_hash: NDArray[np.uint64],
    pair_table: NDArray[np.int32],
    row_best: NDArray[np.int32],
    trade_weight: int,
    distance_points: NDArray[np.int32],
    rung_cost: NDArray[np.int32],
    rims: NDArray[np.int64],
    factor: int,
    price: NDArray[np.int64],
    floor: NDArray[np.int64],
    k: int,
    out_count: NDArray[np.int32],
    out_offer: NDArray[np.int32],
    out_score: NDArray[np.int32],
    out_wish: NDArray[np.uint8],
    out_rung: NDArray[np.uint8],
) -> None:
    """Write the k best pairs of youths ``who[first:last]`` into the ``out`` arrays.

    A pair is better when its score less ``price[offer]`` is greater, then by the mixed hash
    of youth and offer.  Only pairs whose net score exceeds ``floor[youth]`` are kept.
    Rows of the ``out`` arrays are in no order; the caller sorts them.
    """
    n_criteria = entry_feature.shape[1]
    best_distance = distance_points.max()
    least_cost = rung_cost[1:].min()
    heap = np.empty(k, dtype=np.int32)
    net = np.empty(k, dtype=np.int64)
    tie = np.empty(k, dtype=np.uint64)
    row_lo = np.empty(2, dtype=np.int64)
    row_hi = np.empty(2, dtype=np.int64)
    column_lo = np.empty(2, dtype=np.int64)
    column_hi = np.empty(2, dtype=np.int64)
    wraps = np.empty(2, dtype=np.bool_)
    for place in range(first, last):
        youth = who[place]
        size = 0
        reach = np.int64(reach_km[youth])
        my_rims = rims[reach]
        x = np.int64(youth_point[youth, 0])
        y = np.int64(youth_point[youth, 1])
        z = np.int64(youth_point[youth, 2])
        rings = STEPS_PER_REACH * (factor if is_mobile[youth] else 1)
        # The rows and columns of cells within reach (0) and beyond it, with a vehicle (1).
        for box in range(2):
            km = float(reach) * (factor if box == 1 and is_mobile[youth] else 1)
            high = km / KM_PER_DEGREE + MARGIN_DEGREES
            row_lo[box] = math.floor(
                (max(youth_lat[youth] - high, -90.0) + 90.0) * CELLS_PER_DEGREE
            )
            row_hi[box] = math.floor((min(youth_lat[youth] + high, 90.0) + 90.0) * CELLS_PER_DEGREE)
            wide = _half_width(youth_lat[youth], km)
            # A circle over a pole touches every column.
            if wide >= 179.0 or abs(youth_lat[youth]) + high >= 90.0:
                column_lo[box], column_hi[box], wraps[box] = 0, COLUMNS - 1, False
            else:
                left = math.floor((youth_lon[youth] - wide + 180.0) * CELLS_PER_DEGREE)
                right = math.floor((youth_lon[youth] + wide + 180.0) * CELLS_PER_DEGREE)
                column_lo[box] = left % COLUMNS
                column_hi[box] = right % COLUMNS
                wraps[box] = column_lo[box] > column_hi[box]
        for entry in range(entry_indptr[youth], entry_indptr[youth + 1]):
            best_offer = np.int64(0)
            for c in range(n_criteria):
                best_offer += row_best[c, entry_feature[entry, c]]
            if best_offer < 0:
                continue  # a rule excludes every offer
            trade = entry_trade[entry]
            wish = entry_wish[entry]
            for near in range(near_indptr[trade], near_indptr[trade + 1]):
                trade_points = trade_weight * np.int64(near_value[near])
                bound = trade_points + best_offer + best_distance - least_cost
                if bound <= floor[youth] or (size == k and bound < net[heap[0]]):
                    break  # the codes that follow are farther still
                code = near_trade[near]
                start, end = trade_start[code], trade_start[code + 1]
                if start == end:
                    continue
                is_near = near_step[near] >= 2
                box = 0 if is_near else 1
                limit = my_rims[STEPS_PER_REACH - 1] if is_near else my_rims[rings - 1]
                is_short = end - start <= SHORT_RUN
                for row in range(row_lo[box], row_hi[box] + 1):
                    for part in range(2 if wraps[box] else 1):
                        if is_short:
                            run, stop = start, end
                        else:
                            lo = column_lo[box] if part == 0 else 0
                            hi = COLUMNS - 1 if wraps[box] and part == 0 else column_hi[box]
                            run = _lower_bound(cell, start, end, row * COLUMNS + lo)
                            stop = _lower_bound(cell, run, end, row * COLUMNS + hi + 1)
                        for p in range(run, stop):
                            dx = x - point[p, 0]
                            dy = y - point[p, 1]
                            dz = z - point[p, 2]
                            chord = dx * dx + dy * dy + dz * dz
                            if chord > limit:
                                continue
                            step = 0
                            if my_rims[0] < chord:
                                # Rims grow with the square of their number.
                                step = min(int(math.sqrt(chord / my_rims[0])), rings - 1)
                                while step > 0 and chord <= my_rims[step - 1]:
                                    step -= 1
                                while chord > my_rims[step]:
                                    step += 1
                            is_beyond = step >= STEPS_PER_REACH
                            rung = 3 if kind[p] == 1 else 1
                            if is_near:
                                rung += 1
                            if kind[p] >= 2:
                                rung = 6
                            if is_beyond:
                                if kind[p] != 0:
                                    continue
                                rung = 5
                            score = trade_points + distance_points[step] - rung_cost[rung]
                            if size == k and score + best_offer < net[heap[0]]:
                                continue
                            for c in range(n_criteria):
                                score += pair_table[c, entry_feature[entry, c], feature[p, c]]
                            if score < FORBIDDEN // 2:
                                continue
                            o = offer[p]
                            worth = score - price[o]
                            if worth <= floor[youth]:
                                continue
                            hashed = mix(youth_hash[youth], offer_hash[o])
                            if (
                                size == k
                                and not _is_worse(net[heap[0]], tie[heap[0]], worth, hashed)
                                and out_offer[place, heap[0]] != o
                            ):
                                continue
                            at = -1
                            for s in range(size):
                                if out_offer[place, heap[s]] == o:
                                    at = s
                                    break
                            if at >= 0:
                                slot = heap[at]
                                old = out_score[place, slot]
                                if old > score or (
                                    old == score
                                    and (
                                        out_wish[place, slot] < wish
                                        or (
                                            out_wish[place, slot] == wish
                                            and out_rung[place, slot] <= rung
                                        )
                                    )
                                ):
                                    continue
                            elif size < k:
                                at = size
                                slot = np.int32(size)
                                heap[at] = slot
                                size += 1
                            else:
                                at = 0
                                slot = heap[0]
                            out_offer[place, slot] = o
                            out_score[place, slot] = score
                            out_wish[place, slot] = wish
                            out_rung[place, slot] = rung
                            net[slot] = worth
                            tie[slot] = hashed
                            # A new pair rises towards the root, one that got better sinks.
                            _sift_up(heap, net, tie, at)
                            _sift_down(heap, net, tie, at, size)
                    if is_short:
                        break
        out_count[place] = size
