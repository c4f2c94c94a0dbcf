"""The figures of docs/explanation/mechanisms.md: each method on generated markets.

Run from the repository root::

    python -m benchmarks.mechanisms

2,000 youths wish 10 of 400 offers each, popular offers more often; an offer ranks youths
by a quality common to all offers plus its own noise, cut into 20 bands, so that ties are
left to the lottery.  Seats are spread evenly for 1.2, 1.0 and 0.6 seats a youth.  Each
figure is the mean of five markets (seeds 0 to 4).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchmaker.assignment import (
    Matching,
    MethodFigures,
    Preferences,
    blocking_pairs,
    compare_methods,
    rank_weights,
    stable_matching,
)
from matchmaker.hashing import hash_ids

YOUTHS, OFFERS, LENGTH, BANDS, MARKETS = 2000, 400, 10, 20, 5


def market(seats_per_youth: float, seed: int) -> Preferences:
    rng = np.random.default_rng(seed)
    draw = np.log(rng.permutation(OFFERS) + 10.0) * -1.0 + rng.gumbel(size=(YOUTHS, OFFERS))
    wished = np.argsort(-draw, axis=1)[:, :LENGTH].astype(np.int32).ravel()
    youth = np.repeat(np.arange(YOUTHS), LENGTH)
    quality = rng.normal(size=YOUTHS)[youth] + rng.normal(size=len(wished))
    band = np.searchsorted(np.quantile(quality, np.arange(1, BANDS) / BANDS), quality)
    seats = int(seats_per_youth * YOUTHS)
    capacity = np.full(OFFERS, seats // OFFERS) + (np.arange(OFFERS) < seats % OFFERS)
    return Preferences(
        indptr=np.arange(0, YOUTHS * LENGTH + 1, LENGTH, dtype=np.int64),
        offer=wished,
        tier=np.tile(np.arange(1, LENGTH + 1, dtype=np.int32), YOUTHS),
        priority=band.astype(np.int32),
        capacity=capacity.astype(np.int64),
        youth_hash=hash_ids((f"y{i}" for i in range(YOUTHS)), seed),
        offer_hash=hash_ids((f"o{i}" for i in range(OFFERS)), seed),
    )


def figures(preferences: Preferences, matching: Matching) -> tuple[float, ...]:
    used = matching.pair[matching.pair >= 0]
    rank = preferences.tier[used]
    return (
        len(used),
        (rank == 1).sum(),
        (rank <= 3).sum(),
        rank.mean(),
        len(blocking_pairs(preferences, matching)),
    )


def of_method(one: MethodFigures) -> tuple[float, ...]:
    return one.placed, one.first, one.top_three, one.mean_rank or 0.0, one.blocking_pairs


def main() -> None:
    print("| seats a youth | method | placed | first wish | first three | mean rank | blocking |")
    print("|---|---|---|---|---|---|---|")
    for seats_per_youth in (1.2, 1.0, 0.6):
        rows: dict[str, list[tuple[float, ...]]] = {}
        for seed in range(MARKETS):
            preferences = market(seats_per_youth, seed)
            own = replace(preferences, lottery="per_offer")
            found = compare_methods(preferences, rank_weights(preferences))
            for name, row in {
                "stable": of_method(found["stable"][1]),
                "stable, a lottery each offer": figures(own, stable_matching(own)),
                "stable, offers proposing": figures(
                    preferences, stable_matching(preferences, proposing="offers")
                ),
                "best": of_method(found["best"][1]),
                "most": of_method(found["most"][1]),
            }.items():
                rows.setdefault(name, []).append(row)
        for name, values in rows.items():
            placed, first, three, mean, blocking = np.mean(values, axis=0)
            print(
                f"| {seats_per_youth} | {name} | {placed:,.0f} | {first:,.0f} | {three:,.0f} "
                f"| {mean:.2f} | {blocking:,.0f} |"
            )


if __name__ == "__main__":
    main()
