"""The main jobs, files in to files out, on generated (synthetic) data.

    make bench                                      lists of ten under caps: W1, W1r, W1s
    python -m benchmarks.main_job W1 W2 W3          the same for other worlds
    python -m benchmarks.main_job --job one W2      one offer a youth, one youth a seat, over
                                                    all eligible pairs: most placed, then score
    python -m benchmarks.main_job --job assign W2   `matchmaker assign`: its three methods over
                                                    each youth's 50 best pairs

W3 takes ten to fifteen minutes a run, once to warm up and once to count; ``--runs 1 --cold``
does one run without warming up.  What it prints is kept in ``benchmarks/results``, from where
the pages quote its rows.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.measure import Measured, machine, run
from benchmarks.worlds import SEED, WORLDS

RUNS = {"W2": 1, "W3": 1}  # of the other worlds: five
TOLD = {
    "W1": "offers only",
    "W1r": "4,000 offers + 96,000 firms",
    "W1s": "offers only, scarce",
    "W2": "offers only",
    "W3": "offers only",
}
FAST = ("W1", "W1r", "W1s")
# Lists of one line, where an offer stands in one list a seat: an assignment.
ONE = """lines_per_youth = 1
lists_per_seat = 1
lists_per_firm = 1
min_lines = 1
other_sector_lines = 0
lines_per_employer = 0
"""


def main() -> None:
    """Generate each world, run the command on it, and print one table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("worlds", nargs="*", help=", ".join(WORLDS))
    options.add_argument("--job", choices=("lists", "one", "assign"), default="lists")
    options.add_argument("--runs", type=int, help="counted runs (5, or 1 for W2 and W3)")
    options.add_argument("--cold", action="store_true", help="no run to warm up")
    chosen = options.parse_args()
    print(f"Synthetic data, seed {SEED}; {machine()}. Whole process, medians.\n")
    told = (
        "placed: stable / best / most | gap: best / most"
        if chosen.job == "assign"
        else "youths served, of those who can be | gap of the score"
    )
    print(f"| world | youths x offers | wall | peak memory | {told} |")
    print("|---" * (4 + told.count(" | ") + 1) + "|")
    stages = []
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.worlds or FAST:
            runs = chosen.runs or RUNS.get(name, 5)
            told, out = row(name, chosen.job, Path(folder), runs, int(not chosen.cold))
            print(told, flush=True)
            stages.append(_stages(name, out))
    print("\nSeconds of each stage, in the last run:\n")
    print("\n".join(stages))


def row(name: str, job: str, folder: Path, runs: int, warmups: int) -> tuple[str, Path]:
    """Return the line of the table for one world, and the folder of its last run."""
    youths, offers, firm_share = WORLDS[name]
    data, out = folder / name, folder / f"{name}-out"
    tool = [sys.executable, "-m", "matchmaker"]
    size = ["--youths", str(youths), "--offers", str(offers), "--firm-share", str(firm_share)]
    run([*tool, "generate", *size, "--seed", str(SEED), "--out", str(data)], runs=1, warmups=0)
    files = [f"--{role}={data / role}.csv" for role in ("youths", "wishes", "offers")]
    command = [*tool, "assign" if job == "assign" else "match", *files, "--as-of=2023-09-15"]
    if job == "one":
        settings = folder / "one.toml"
        settings.write_text(ONE)
        command.append(f"--settings={settings}")
    measured = run([*command, f"--out={out}"], runs=runs, warmups=warmups)
    told = _assigned(out) if job == "assign" else _shared(out)
    world = f"{name}: {TOLD[name]} | {youths:,} x {offers:,}"
    return f"| {world} | {_seconds(measured)} | {measured.peak_gb:.2f} GB | {told} |", out


def _seconds(measured: Measured) -> str:
    if measured.runs == 1:
        return f"{measured.wall_s:.2f} s"
    return f"{measured.wall_s:.2f} ({measured.fastest_s:.2f} to {measured.slowest_s:.2f}) s"


def _shared(out: Path) -> str:
    summary = json.loads((out / "summary.json").read_text())
    proof = summary["proofs"]["lists"]
    return (
        f"{proof['youths_served']:,} of {proof['youths_servable']:,}"
        f"{', proved' if proof['is_most_served'] else ', not proved the most'}"
        f" | {100 * proof['gap']:.4f} %"
    )


def _stages(name: str, out: Path) -> str:
    timings = json.loads((out / "timings.json").read_text())
    return f"{name}: " + ", ".join(f"{stage} {s:.2f}" for stage, s in timings.items())


def _assigned(out: Path) -> str:
    methods = pd.read_csv(out / "methods.csv", index_col="method")
    gaps = (
        f"{100 * (one.weight_bound - one.weight) / one.weight:.5f} %"
        for one in (methods.loc["best"], methods.loc["most"])
    )
    placed = " / ".join(f"{methods.loc[name, 'placed']:,}" for name in ("stable", "best", "most"))
    return f"{placed} | {' / '.join(gaps)}"


if __name__ == "__main__":
    main()
