"""Whole commands, timed from outside: wall seconds and peak memory of the process."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median

__all__ = ["Measured", "machine", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Medians over the counted runs, and the span of the wall time."""

    wall_s: float
    fastest_s: float
    slowest_s: float
    peak_gb: float
    runs: int


def run(command: list[str], *, runs: int, warmups: int = 1) -> Measured:
    """Run `command` some times and return medians; it must exit with 0 each time."""
    walls, peaks = [], []
    for number in range(warmups + runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"failed: {' '.join(command)}")
        if number >= warmups:
            walls.append(wall)
            # Linux counts kilobytes, macOS bytes.
            unit = 1 if platform.system() == "Darwin" else 1024
            peaks.append(usage.ru_maxrss * unit / 1e9)
    return Measured(
        wall_s=median(walls),
        fastest_s=min(walls),
        slowest_s=max(walls),
        peak_gb=median(peaks),
        runs=runs,
    )


def machine() -> str:
    """Return what the figures were measured on."""
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{platform.machine()}, {platform.system()}"
    )
