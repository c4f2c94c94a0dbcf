"""Times deferred acceptance and the optimum, arrays in and arrays out.

Run from the repository root::

    python -m benchmarks.deferred_acceptance

Youths wish 50 offers drawn with a skewed popularity (rank to the power of -0.5); there is
one offer of five seats for every five youths ("even") or for every ten ("scarce"); an
offer ranks youths by a random score of 0 to 999, ties by the lottery.
"""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from matchmaker.assignment.arrays import Preferences, stable_matching
from matchmaker.assignment.compare import rank_weights
from matchmaker.assignment.optimal import optimal_assignment
from matchmaker.assignment.stability import check_matching
from matchmaker.hashing import hash_ids

LENGTH, SEATS = 50, 5
OBJECTIVES: tuple[Literal["weight", "placements"], ...] = ("weight", "placements")


def market(n_youths: int, youths_per_seat: int, *, seed: int = 0) -> Preferences:
    rng = np.random.default_rng(seed)
    n_offers = n_youths // (SEATS * youths_per_seat)
    # The rank of an offer drawn with density rank^-0.5 is n u^2; a second draw in place of
    # a repeated one is not worth its time: repeats are moved on to the next free offer.
    drawn = (n_offers * rng.random((n_youths, LENGTH)) ** 2).astype(np.int32)
    drawn.sort(axis=1)
    for column in range(1, LENGTH):
        np.maximum(drawn[:, column], drawn[:, column - 1] + 1, out=drawn[:, column])
    drawn = rng.permutation(n_offers + LENGTH).astype(np.int32)[drawn]
    rng.permuted(drawn, axis=1, out=drawn)
    n_pairs = n_youths * LENGTH
    return Preferences(
        indptr=np.arange(0, n_pairs + 1, LENGTH, dtype=np.int64),
        offer=drawn.ravel(),
        tier=np.tile(np.arange(1, LENGTH + 1, dtype=np.int32), n_youths),
        priority=rng.integers(0, 1000, n_pairs, dtype=np.int32),
        capacity=np.full(n_offers + LENGTH, SEATS, dtype=np.int64),
        youth_hash=hash_ids(map(str, range(n_youths)), seed),
        offer_hash=hash_ids(map(str, range(n_offers + LENGTH)), seed),
    )


def main() -> None:
    stable_matching(market(1000, 1))  # compiles, or reads the cache
    for youths_per_seat in (1, 2):
        for n_youths in (25_000, 200_000, 1_000_000):
            preferences = market(n_youths, youths_per_seat)
            times = []
            for _ in range(3):
                start = time.perf_counter()
                matching = stable_matching(preferences)
                times.append(time.perf_counter() - start)
            start = time.perf_counter()
            check_matching(preferences, matching)
            checked = time.perf_counter() - start
            placed = float(np.mean(matching.pair >= 0))
            print(
                f"{n_youths:>9,} youths, {youths_per_seat} a seat: {min(times):.3f} s "
                f"(median {sorted(times)[1]:.3f}), {placed:.1%} placed, "
                f"independent check {checked:.2f} s"
            )


def optima() -> None:
    """Time the highest sum, and the most placed, with ranks and with scores as weights."""
    for youths_per_seat in (1, 2):
        preferences = market(25_000, youths_per_seat)
        scores = np.random.default_rng(1).integers(300_000, 1_000_000, len(preferences.offer))
        for name, weight in (("ranks", rank_weights(preferences)), ("scores", scores)):
            for objective in OBJECTIVES:
                start = time.perf_counter()
                best = optimal_assignment(
                    preferences.indptr,
                    preferences.offer,
                    weight,
                    preferences.capacity,
                    objective=objective,
                )
                seconds = time.perf_counter() - start
                gap = (best.weight_bound - best.weight) / best.weight
                print(
                    f"   25,000 youths, {youths_per_seat} a seat, {name}, {objective}: "
                    f"{seconds:.2f} s, {best.placed:,} placed, proved gap {gap:.1e}"
                )


if __name__ == "__main__":
    main()
    optima()
