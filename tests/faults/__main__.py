"""``python -m tests.faults``: all nights, and the whole command killed; prints what was found."""
# ruff: noqa: T201 - it is a command

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.whole import ROOT, Told, killed_at_moments, world

MOMENTS = 100


def page(steps: dict[str, dict[str, object]], kills: dict[str, Told]) -> str:
    """Return what was found as two tables."""
    lines = [
        "## Every step of publishing",
        "",
        "| at each step | steps | what stood, and how the run ended | faults |",
        "|---|---|---|---|",
    ]
    for name, one in steps.items():
        ends = ", ".join(f"{n} × {end}" for end, n in dict(one["found"]).items())
        lines.append(f"| {name} | {one['steps']} | {ends} | {len(one['problems'])} |")
    lines += [
        "",
        "## The whole command",
        "",
        "A run of ten youths and a hundred offers, killed at moments half of which are spread over its",
        "length, and half over the time in which the folder is written.",
        "",
        "| signal | kills | what stood, and the exit code | faults |",
        "|---|---|---|---|",
    ]
    for name, told in kills.items():
        ends = ", ".join(f"{n} × {what} {code}" for (what, code), n in sorted(told.found.items()))
        lines.append(f"| {name} | {told.found.total()} | {ends} | {len(told.problems)} |")
    faults = [
        *(text for one in steps.values() for text in one["problems"]),
        *(text for told in kills.values() for text in told.problems),
    ]
    return "\n".join(
        [*lines, *(["", "## Faults", "", *(f"- {text}" for text in faults)] if faults else []), ""]
    )


def main() -> int:
    """Return how many faults there are."""
    nights = [sys.executable, "-m", "tests.faults.nights"]
    steps = json.loads(subprocess.run(nights, check=True, capture_output=True, cwd=ROOT).stdout)
    kills = {}
    for number in (signal.SIGKILL, signal.SIGTERM):
        with TemporaryDirectory() as folder:
            kills[number.name] = killed_at_moments(world(Path(folder)), number, MOMENTS)
    print(page(steps, kills))
    return sum(len(one["problems"]) for one in steps.values()) + sum(
        len(told.problems) for told in kills.values()
    )


if __name__ == "__main__":
    sys.exit(min(main(), 1))
