"""Trades borrowed from coded neighbours: how often they are right, and what they cost.

    python -m benchmarks.borrowed

Leave one out: each title of ``benchmarks.calibration`` that the resolver leaves open asks all
others, those that are the same text aside. The cost: a made-up table of offers whose titles are
official ones with an employer and a town behind, most of them written once, which is the worst.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.calibration import titles_of_postings
from benchmarks.measure import machine
from benchmarks.trades import offer_titles, parents_of, settings_of
from matchmaker.audit.evaluate import share
from matchmaker.reference import trade_neighbours
from matchmaker.reference.rome import rome
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
ROWS, SHARES = 100_000, (0.05, 0.5)
TOWNS = ("Vannes", "Lille", "Rennes", "Paris 12e", "Lyon", "Brest", "Nantes", "Laval")
FIRMS = ("Orvalune", "CSE", "Groupe Lutin", "Kervaud", "Breizh", "Alpha", "Novea")


def left_out(name: str, settings: Settings, parents: dict[str, str]) -> None:
    titles = titles_of_postings(offer_titles())
    titles = titles[titles["codes"] != ""].reset_index(drop=True)
    is_open = (resolve_trades(titles["title"], settings)["codes"] == "").to_numpy()
    wanted = [{parents.get(c, c) for c in codes.split("|")} for codes in titles["codes"]]
    for least in THRESHOLDS:
        trade_neighbours.LEAST_LIKE = round(least * 1_000_000)
        right = []
        for i in np.flatnonzero(is_open):
            others = titles[titles["title"] != titles["title"][i]]
            found = trade_neighbours.trades_of_neighbours(
                titles["title"][[i]], others["title"], others["codes"], settings
            )
            code = found.iloc[0]
            right += [parents.get(code, code) in wanted[i]] * (code != "")
        told = share(sum(right), len(right)) if right else None
        print(f"| {name} | {least} | {int(is_open.sum())} | {len(right)} | {sum(right)} | {told} |")


def cost(settings: Settings, part: float) -> None:
    tables, chance = rome(settings), np.random.default_rng(0)
    official = tables.titles[~tables.titles["is_own"]]
    at = chance.integers(0, len(official), ROWS)
    tails = zip(chance.choice(FIRMS, ROWS), chance.choice(TOWNS, ROWS), strict=True)
    titles = pd.Series(
        [
            f"{title.split(' / ')[0]} en alternance - {firm} - {town}"
            for title, (firm, town) in zip(official["title"].iloc[at], tails, strict=True)
        ],
        dtype="str",
    )
    codes = official["code"].iloc[at].reset_index(drop=True)
    is_open = chance.random(ROWS) < part
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, work = time.perf_counter(), time.process_time()
    found = trade_neighbours.trades_of_neighbours(
        titles[is_open], titles[~is_open], codes[~is_open], settings
    )
    wall, work = time.perf_counter() - wall, time.process_time() - work
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"| {ROWS:,} | {titles.nunique():,} | {part:.0%} | {(found != '').mean():.3f} "
        f"| {wall:.1f} | {work:.1f} | {more:.0f} |"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XDG_DATA_HOME"] = temporary  # no tables of the user's own
        full = settings_of(Path(temporary) / "full", "appellations.csv", "rome_v460_codes.csv")
        embedded = settings_of(Path(temporary) / "embedded")
        least = trade_neighbours.LEAST_LIKE
        print("| tables | least likeness | left open | answered | right | share right |")
        print("|---|---|---|---|---|---|")
        for name, settings in (("full", full), ("embedded", embedded)):
            left_out(name, settings, parents_of(full))
        trade_neighbours.LEAST_LIKE = least
        print(f"\n{machine()}, load {os.getloadavg()[0]:.1f}\n")
        print("| offers | titles | no code | answered | s | s of processor | MiB more |")
        print("|---|---|---|---|---|---|---|")
        for part in SHARES:
            cost(full, part)
