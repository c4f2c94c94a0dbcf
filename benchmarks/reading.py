"""Reading and checking of generated (synthetic) tables, and of one large file.

    python -m benchmarks.reading             200,000 youths, their wishes, 200,000 offers
    python -m benchmarks.reading --large     one file of wishes of 1 GB, 23 million rows
    python -m benchmarks.reading --export    a daily national export of 500,000 items: 4,000
                                             offers, all others firms in the offers' shape

Every run is a process of its own. Seconds are those of `load` alone, once with the tables of
reference built in it (first) and once more in the same process (again), since a nightly run
pays the first and a notebook the second.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.measure import machine
from tests.exports import write_export

SIZES = ("--youths", "200000", "--offers", "200000", "--firm-share", "0")
LARGE_BYTES = 1_000_000_000
EXPORT_OFFERS, EXPORT_FIRMS = 4_000, 496_000
TABLES = """
import datetime as dt, resource, sys, time
from matchmaker.settings import Settings
from matchmaker.tables import load
for _ in range(2):
    start, busy = time.perf_counter(), time.process_time()
    tables = load(*sys.argv[1:], as_of=dt.date(2023, 9, 15), settings=Settings())
    print(time.perf_counter() - start, time.process_time() - busy)
print(len(tables.youths), len(tables.wishes), len(tables.offers))
"""
ONE_FILE = """
import sys, time
from pathlib import Path
from matchmaker.tables.reading import read_file
start = time.perf_counter()
print(len(read_file(Path(sys.argv[1]), "wishes").frame), time.perf_counter() - start)
"""
EXPORT = """
import datetime as dt, sys, time
import pandas as pd
from matchmaker.settings import Settings
from matchmaker.tables import load
youths = pd.DataFrame({"youth_id": ["Y1"], "commune_code": ["29232"]}, dtype="str")
wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": ["D1102"]}, dtype="str")
start, busy = time.perf_counter(), time.process_time()
tables = load(youths, wishes, sys.argv[1], as_of=dt.date(2026, 9, 15), settings=Settings())
print(time.perf_counter() - start, time.process_time() - busy)
for source, kind, count in tables.kinds.itertuples(index=False):
    print(kind, count)
"""


def python(code: str, *args: Path) -> list[list[str]]:
    """Run code in a fresh process; return the words of each line that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, check=True
    )
    return [line.split() for line in done.stdout.splitlines()]


def tables(folder: Path, runs: int) -> None:
    command = [sys.executable, "-m", "matchmaker", "generate", *SIZES, "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    files = [folder / f"{name}.csv" for name in ("youths", "wishes", "offers")]
    answers = [python(TABLES, *files) for _ in range(runs)]
    youths, wishes, offers = answers[0][2]
    print(f"{youths} youths, {wishes} wishes, {offers} offers kept; {machine()}")
    for row, name in enumerate(("first", "again")):
        walls = [float(answer[row][0]) for answer in answers]
        busy = [float(answer[row][1]) for answer in answers]
        print(
            f"{name}: median {median(walls):.2f} s (from {min(walls):.2f} to {max(walls):.2f}),"
            f" processor {median(busy):.2f} s, {runs} runs"
        )


def large(folder: Path) -> None:
    file = folder / "wishes.csv"
    row = "Y{:07d},{},D1102,Boulanger,3,53,,synthetic\n"
    some = "".join(row.format(i, i % 9 + 1) for i in range(100_000))
    with file.open("w", encoding="utf-8") as stream:
        stream.write("youth_id,rank,trade_code,trade_label,level,region_code,commune_code,source\n")
        while stream.tell() < LARGE_BYTES:
            stream.write(some)
    ((rows, seconds),) = python(ONE_FILE, file)
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # Linux: kilobytes
    print(f"{file.stat().st_size / 1e9:.2f} GB, {rows} rows: {float(seconds):.1f} s,", end=" ")
    print(f"peak {peak_kb * 1024 / 1e9:.2f} GB; {machine()}")


def export(folder: Path, runs: int) -> None:
    """Read and check one daily export; a firm that is read as an offer ends the benchmark."""
    file = write_export(folder / "export.json", offers=EXPORT_OFFERS, firms=EXPORT_FIRMS)
    answers = [python(EXPORT, file) for _ in range(runs)]
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # Linux: kilobytes
    due = {"offer": EXPORT_OFFERS, "spontaneous": EXPORT_FIRMS}
    for answer in answers:
        found = {kind: int(count) for kind, count in answer[1:]}
        if found != due:
            sys.exit(f"read as {found} instead of {due}")
    walls = [float(answer[0][0]) for answer in answers]
    busy = [float(answer[0][1]) for answer in answers]
    print(
        f"{file.stat().st_size / 1e6:.0f} MB, {EXPORT_OFFERS} offers, {EXPORT_FIRMS} firms; {machine()}"
    )
    print(
        f"export: median {median(walls):.1f} s (from {min(walls):.1f} to {max(walls):.1f}),"
        f" processor {median(busy):.1f} s, peak {peak_kb * 1024 / 1e9:.2f} GB, {runs} runs"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--large", action="store_true", help="one file of 1 GB")
    options.add_argument("--export", action="store_true", help="a national export")
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.large:
            large(Path(folder))
        elif chosen.export:
            export(Path(folder), chosen.runs)
        else:
            tables(Path(folder), chosen.runs)


if __name__ == "__main__":
    main()
