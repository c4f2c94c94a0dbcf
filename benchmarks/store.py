"""Four regions at once ask the store for 60,000 places of 5,000 offers: seconds, and exact caps.

`python -m benchmarks.store [URL]`; without a URL SQLite in a temporary folder. For PostgreSQL
`python tools/with_postgres.py python -m benchmarks.store` takes the one that it starts.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from sqlalchemy import func, select

from matchmaker.campaigns.store.exposure import Asked, reserve
from matchmaker.campaigns.store.opening import begin_campaign, open_store, reading
from matchmaker.campaigns.store.schema import EXPOSURE, SENT

PROCESSES, LINES, OFFERS, CAP = 4, 15_000, 5_000, 10
CAMPAIGN, AT = "crowd", dt.datetime(2026, 12, 1, 3, 30, tzinfo=dt.UTC)


def lines_of(region: int, lines: int = LINES, offers: int = OFFERS) -> pd.DataFrame:
    """Return ten lines a youth; all regions want the same offers."""
    frame = pd.DataFrame(
        {
            "youth_id": [f"Y{region}{i // 10:05}" for i in range(lines)],
            "offer_id": [f"O{(i * 7 + region * 13) % offers:05}" for i in range(lines)],
            "slot": [i % 10 + 1 for i in range(lines)],
        }
    )
    return frame.assign(message_id="m" + frame["youth_id"])


def region_at_work(where: str, region: int, barrier, results) -> None:
    """Ask for the lines of one region when all regions are ready."""
    store = open_store(where)
    lines = lines_of(region)
    wanted = Asked(
        campaign=CAMPAIGN,
        wave=1,
        territory=str(region),
        run_id="run",
        lines=lines,
        caps=dict.fromkeys(lines["offer_id"], CAP),
    )
    barrier.wait(120)
    begin = time.perf_counter()
    done = reserve(store, wanted, at=AT)
    results.put((len(done.lines), len(done.refused), begin, time.perf_counter()))


def crowd(where: str) -> tuple[int, int, float]:
    """Let four processes ask at once; return lines given, lines refused, seconds."""
    begin_campaign(open_store(where, create=True), CAMPAIGN, at=AT)
    spawn = multiprocessing.get_context("spawn")
    barrier, results = spawn.Barrier(PROCESSES), spawn.Queue()
    workers = [
        spawn.Process(target=region_at_work, args=(where, region, barrier, results))
        for region in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=180) for _ in workers]
    for worker in workers:
        worker.join(60)
    took = max(end for *_, end in told) - min(begin for *_, begin, _ in told)
    return sum(given for given, *_ in told), sum(refused for _, refused, *_ in told), took


def counts(where: str) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """Return the lines of each offer, counted, and what the store notes: lines and cap."""
    by_offer = select(SENT.c.offer_id, func.count()).group_by(SENT.c.offer_id)
    with reading(open_store(where), CAMPAIGN) as connection:
        counted = dict(tuple(row) for row in connection.execute(by_offer))
        noted = {row.offer_id: (row.n, row.cap) for row in connection.execute(select(EXPOSURE))}
    return counted, noted


def main() -> None:
    """Print the figures of one store."""
    with tempfile.TemporaryDirectory() as folder:
        asked = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MATCHMAKER_TEST_POSTGRES")
        where = asked or str(Path(folder) / "crowd.db")
        given, refused, took = crowd(where)
        counted, _ = counts(where)
        most, least = max(counted.values()), min(counted.values())
        print(
            f"{took:.2f} s: {given} given, {refused} refused; {least} to {most} an offer of {CAP}"
        )


if __name__ == "__main__":
    main()
