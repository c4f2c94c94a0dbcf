"""The candidate job as one would write it by hand, beside the two engines.

Run with ``python -m benchmarks.peers.candidates``.  Each way finds all eligible pairs of
the same youths; it ends with the same numpy code that scores rows and keeps the best row
of each pair, so that only the way of finding pairs differs.  The numbers of pairs and the
sums of scores must be equal, or the benchmark stops.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from benchmarks.measure import machine
from benchmarks.worlds import SEED, generated_market
from matchmaker.candidates.engine import taking_part
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.geometry import (
    EARTH_RADIUS_KM,
    STEPS_PER_REACH,
    rims,
    squared_chords,
    steps_of,
)
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import FORBIDDEN, NEAR, ScoreTables, rung_of
from matchmaker.candidates.plain import plain_pairs
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings

# Youths, offers; a cross join of the larger one would need tens of GB.
SMALL, MEDIUM = (300, 3_000), (3_000, 30_000)


def entries_of(market: Market) -> pd.DataFrame:
    """Return one row a wish entry and related trade code."""
    near = market.trade_nearness
    related = pd.DataFrame(
        {
            "wished": np.repeat(np.arange(len(market.trade_codes)), np.diff(near.indptr)),
            "trade": near.code,
            "value": near.value,
            "step": near.step,
        }
    )
    entries = pd.DataFrame(
        {
            "entry": np.arange(len(market.entry_trade)),
            "youth": market.entry_youth,
            "wished": market.entry_trade,
        }
    )
    entries = entries[market.youth_state[entries["youth"]] == 0]
    return entries.merge(related, on="wished")


def postings_of(market: Market) -> pd.DataFrame:
    postings = pd.DataFrame({"offer": market.posting_offer, "trade": market.posting_trade})
    return postings[market.offer_state[postings["offer"]] == 0]


def by_merge(market: Market, tables: ScoreTables) -> pd.DataFrame:
    """pandas: join wishes to offers by trade, then look at distances."""
    return scored(entries_of(market).merge(postings_of(market), on="trade"), market, tables)


def by_neighbours(market: Market, tables: ScoreTables) -> pd.DataFrame:
    """scikit-learn: offers around each home by NearestNeighbors, then join by trade."""
    youths, offers = taking_part(market), np.flatnonzero(market.is_open)
    degrees = [
        np.radians(frame[["latitude", "longitude"]].to_numpy()[rows])
        for frame, rows in ((market.youths, youths), (market.offers, offers))
    ]
    factor = len(tables.distance_points) // STEPS_PER_REACH
    reach = np.where(market.is_mobile, factor, 1) * market.reach_km.astype(np.float64)
    found = NearestNeighbors(metric="haversine").fit(degrees[1])
    near = []
    for km in np.unique(reach[youths]):  # one call takes one radius
        at = np.flatnonzero(reach[youths] == km)
        radius = km / EARTH_RADIUS_KM * (1 + 1e-6) + 1e-8
        rows = found.radius_neighbors(degrees[0][at], radius=radius, return_distance=False)
        counts = [len(r) for r in rows]
        near.append(
            pd.DataFrame(
                {"youth": np.repeat(youths[at], counts), "offer": offers[np.concatenate(rows)]}
            )
        )
    joined = pd.concat(near).merge(postings_of(market), on="offer")
    return scored(joined.merge(entries_of(market), on=["youth", "trade"]), market, tables)


def by_cross_join(market: Market, tables: ScoreTables) -> pd.DataFrame:
    """pandas: every wish against every offer, then drop what does not fit."""
    crossed = entries_of(market).merge(postings_of(market), how="cross", suffixes=("", "_held"))
    return scored(crossed[crossed["trade"] == crossed["trade_held"]], market, tables)


def scored(rows: pd.DataFrame, market: Market, tables: ScoreTables) -> pd.DataFrame:
    """Return the best row of each eligible pair, with its score."""
    youth, offer = rows["youth"].to_numpy(), rows["offer"].to_numpy()
    chord = squared_chords(market.youth_point[youth], market.offer_point[offer])
    rim = rims(len(tables.distance_points) // STEPS_PER_REACH)
    rings = np.where(market.is_mobile[youth], rim.shape[1], STEPS_PER_REACH)
    in_reach = chord <= rim[market.reach_km[youth], rings - 1]
    rows, youth, offer, chord = rows[in_reach], youth[in_reach], offer[in_reach], chord[in_reach]
    step = steps_of(chord, market.reach_km[youth], rim)
    is_near = rows["step"].to_numpy() >= NEAR
    rung = rung_of(market.offer_kind[offer], is_near, step >= STEPS_PER_REACH)
    entry = rows["entry"].to_numpy()
    score = tables.trade_weight * rows["value"].to_numpy().astype(np.int64)
    score += tables.distance_points[step] - tables.rung_cost[rung]
    for c in range(len(tables.pair_names)):
        score += tables.pair_table[tables.pair_part(c, entry, offer, is_near)]
    is_eligible = (rung > 0) & (score > FORBIDDEN // 2)
    kept = pd.DataFrame({"youth": youth, "offer": offer, "score": score})[is_eligible]
    return kept.groupby(["youth", "offer"], as_index=False)["score"].max()


def by_plain(market: Market, tables: ScoreTables) -> pd.DataFrame:
    pairs = plain_pairs(market, tables, k=None)
    return pd.DataFrame({"youth": pairs.youth, "offer": pairs.offer, "score": pairs.score})


def by_kernel(market: Market, tables: ScoreTables) -> pd.DataFrame:
    pairs = fused_engine(market, tables).best(k=len(market.offer_hash)).pairs
    return pd.DataFrame({"youth": pairs.youth, "offer": pairs.offer, "score": pairs.score})


Way = Callable[[Market, ScoreTables], pd.DataFrame]
WAYS: dict[str, Way] = {
    "pandas, cross join": by_cross_join,
    "pandas, merge by trade": by_merge,
    "scikit-learn NearestNeighbors, then merge": by_neighbours,
    "plain engine (numpy)": by_plain,
    "kernel, every pair kept": by_kernel,
}


def main() -> None:
    print(f"All eligible pairs. Synthetic data, seed {SEED}; {machine()}. Best of 3 runs.\n")
    print("| way | youths x offers | eligible pairs | wall s | CPU s | pairs a CPU second |")
    print("|---|---|---|---|---|---|")
    for size in (SMALL, MEDIUM):
        market = generated_market(*size)
        tables = score_tables(market, Settings())
        by_kernel(market, tables)  # compiles, or reads the cache
        expected = None
        for name, way in WAYS.items():
            if way is by_cross_join and size != SMALL:
                continue
            times = []
            for _ in range(3):
                start, cpu = time.perf_counter(), time.process_time()
                pairs = way(market, tables)
                times.append((time.perf_counter() - start, time.process_time() - cpu))
            found = (len(pairs), int(pairs["score"].sum()))
            expected = expected or found
            if found != expected:
                sys.exit(f"{name} finds {found}, not {expected}")
            wall, cpu = (min(column) for column in zip(*times, strict=True))
            print(
                f"| {name} | {size[0]:,} x {size[1]:,} | {found[0]:,} | {wall:.3f} | {cpu:.3f}"
                f" | {found[0] / cpu:,.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
