"""The main job, files in to files out, on generated (synthetic) data.

Run with ``make bench`` or ``python -m benchmarks.main_job [W1 W1r W1s ...]``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import machine, run

SEED = 7
# Name: youths, offers, share of spontaneous firms, counted runs.
WORLDS = {
    "W1": (25_000, 100_000, 0.0, 5),
    "W1r": (25_000, 100_000, 0.96, 5),
    "W1s": (25_000, 10_000, 0.0, 5),
    "W2": (200_000, 200_000, 0.0, 1),
}
FAST = ("W1", "W1r", "W1s")


def main(names: list[str]) -> None:
    """Generate each world, run the command on it, and print one table."""
    print(f"Synthetic data, seed {SEED}; {machine()}. Whole process, medians.\n")
    print(
        "| world | youths x offers | lines | wall s (min to max) | peak GB | served"
        " | most served | gap | read / prepare / share out / explain / check / report s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            print(row(name, Path(folder)), flush=True)


def row(name: str, folder: Path) -> str:
    """Return the line of the table for one world."""
    youths, offers, firm_share, runs = WORLDS[name]
    data, out = folder / name, folder / f"{name}-out"
    tool = [sys.executable, "-m", "matchmaker"]
    size = ["--youths", str(youths), "--offers", str(offers), "--firm-share", str(firm_share)]
    run([*tool, "generate", *size, "--seed", str(SEED), "--out", str(data)], runs=1, warmups=0)
    files = [f"--{role}={data / role}.csv" for role in ("youths", "wishes", "offers")]
    measured = run([*tool, "match", *files, "--as-of=2023-09-15", f"--out={out}"], runs=runs)
    summary = json.loads((out / "summary.json").read_text())
    timings = json.loads((out / "timings.json").read_text())
    proof = summary["proofs"]["lists"]
    stages = " / ".join(
        f"{timings[s]:.2f}" for s in ("read", "prepare", "share_out", "explain", "check", "report")
    )
    return (
        f"| {name} | {youths:,} x {offers:,} | {summary['lines']['total']:,}"
        f" | {measured.wall_s:.2f} ({measured.fastest_s:.2f} to {measured.slowest_s:.2f})"
        f" | {measured.peak_gb:.2f} | {proof['youths_served']:,} of {proof['youths_servable']:,}"
        f" | {'proved' if proof['is_most_served'] else 'not proved'}"
        f" | {100 * proof['gap']:.4f} % | {stages} |"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or list(FAST))
