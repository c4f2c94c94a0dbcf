"""Pooling of generated (synthetic) notices of three sources: seconds, doubles found, wrong merges.

    python -m benchmarks.pooling

45,000 generated offers stand in one to three sources each.  Each notice loses a letter of
its title one time in ten, its SIRET and its level one time in three, and its address always;
600 of the offers are of one employer in one commune.  Whoever made the doubles knows
which notices are the same: that is what the merges are judged by.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from benchmarks.measure import machine
from benchmarks.worlds import AS_OF, SEED
from matchmaker.audit.evaluate import share
from matchmaker.generator import generate
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.pooling import pool_offers

OFFERS = 45_000
BIG = 600  # offers of one employer in one commune
SOURCES = ("france_travail", "hellowork", "lba")
RUNS = 3


def notices(rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, int], set[int]]:
    """Return notices in three sources, the offer behind each id, and those of the big employer."""
    with tempfile.TemporaryDirectory() as folder:
        paths = generate(
            youths=100, offers=OFFERS, out=Path(folder), firm_share=0.0, seed=SEED, as_of=AS_OF
        )
        roles = ("youths", "wishes", "offers")
        tables = load(*(paths[role] for role in roles), as_of=AS_OF, settings=Settings())
    offers = tables.offers
    big = rng.choice(len(offers), BIG, replace=False)
    place = ["commune_code", "postal_code", "place_name", "latitude", "longitude", "employer"]
    for column in place:
        offers.loc[big, column] = offers.loc[big[0], column]
    copies = rng.choice([1, 2, 3], len(offers), p=[0.15, 0.45, 0.4])
    truth = np.repeat(np.arange(len(offers)), copies)
    which = np.concatenate([rng.permutation(3)[:n] for n in copies])
    frame = offers.iloc[truth].reset_index(drop=True)
    frame["source"] = pd.array(np.array(SOURCES)[which], dtype="str")
    frame["offer_id"] = pd.array([f"N{i:06d}" for i in rng.permutation(len(frame))], dtype="str")
    frame["url"] = ""
    frame.loc[rng.random(len(frame)) < 1 / 3, "siret"] = ""
    frame.loc[rng.random(len(frame)) < 1 / 3, "level"] = 0
    lost = np.flatnonzero(rng.random(len(frame)) < 0.1)
    titles = frame["title"].to_numpy(dtype=object)
    for row, at in zip(lost, rng.random(len(lost)), strict=True):
        cut = int(at * len(titles[row]))
        titles[row] = titles[row][:cut] + titles[row][cut + 1 :]
    frame["title"] = pd.array(titles, dtype="str")
    behind = dict(zip(frame["offer_id"], truth.tolist(), strict=True))
    return frame, behind, set(big.tolist())


def main() -> None:
    frame, behind, big = notices(np.random.default_rng(SEED))
    print(f"synthetic, seed {SEED}: {len(frame)} notices of {OFFERS} offers; {machine()}")
    walls, busy = [], []
    for _ in range(RUNS):
        start, cpu = time.perf_counter(), time.process_time()
        _, report = pool_offers(frame)
        walls.append(time.perf_counter() - start)
        busy.append(time.process_time() - cpu)
    print(
        f"seconds, median of {RUNS}: {median(walls):.2f} (from {min(walls):.2f} to"
        f" {max(walls):.2f}), processor {median(busy):.2f}"
    )
    merged = [
        (behind[a], behind[b])
        for a, b in zip(report["offer_id"], report["kept_offer_id"], strict=True)
    ]
    right = sum(a == b for a, b in merged)
    wrong = [pair for pair in merged if pair[0] != pair[1]]
    within = sum({a, b} <= big for a, b in wrong)
    doubles = len(frame) - len({behind[i] for i in frame["offer_id"]})
    print(f"doubles found: {share(right, doubles)}")
    known = frame.set_index("offer_id")[["employer", "commune_code", "trade_codes"]]
    ids = report[["offer_id", "kept_offer_id"]].to_numpy()
    alike = sum(known.loc[a].equals(known.loc[b]) for a, b in ids if behind[a] != behind[b])
    print(f"merges: {len(merged)}, wrong: {len(wrong)}, {within} of them within the big employer;")
    print(f"of the wrong ones {alike} have equal employer, commune and trade")


if __name__ == "__main__":
    main()
