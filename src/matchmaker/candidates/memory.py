"""How much memory a run will take, and whether this machine has it."""

from __future__ import annotations

import os
from pathlib import Path

from matchmaker.errors import InfeasibleError

__all__ = ["check_memory", "expected_memory", "free_memory"]

# Measured on whole runs (docs/explanation/performance.md).
BYTES_PER_PAIR = 100  # a candidate pair while lists are shared out
BYTES_PER_LINE = 830  # a line of a list afterwards: its columns, reason, place in the report
MEMINFO = Path("/proc/meminfo")
CONTROL_GROUP = Path("/sys/fs/cgroup")


def expected_memory(*, pairs: int, lines: int) -> int:
    """Return the bytes that a run takes on top of its tables.

    The candidate pairs are gone when the lines are written, so the larger need counts.

    Parameters
    ----------
    pairs : int
        Candidate pairs kept.
    lines : int
        Lines of all lists.
    """
    return max(BYTES_PER_PAIR * pairs, BYTES_PER_LINE * lines)


def free_memory() -> int:
    """Return the bytes that this process may still take.

    What Linux calls available (free, or given back when asked for), or what the limit of
    the container leaves if that is less; elsewhere all memory of the machine.
    """
    try:
        text = MEMINFO.read_text(encoding="ascii")
    except OSError:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    fields = dict(line.split(":", 1) for line in text.splitlines())
    free = int(fields["MemAvailable"].split()[0]) * 1024
    try:
        limit, used = (
            (CONTROL_GROUP / name).read_text(encoding="ascii").strip()
            for name in ("memory.max", "memory.current")
        )
    except OSError:  # no container, or one that sets no limit this way
        return free
    return free if limit == "max" else min(free, max(int(limit) - int(used), 0))


def check_memory(*, pairs: int, lines: int, youths: int, free: int) -> None:
    """Refuse a run that would not fit.

    Parameters
    ----------
    pairs, lines : int
        As for `expected_memory`.
    youths : int
        Youths that share the pairs.
    free : int
        Bytes, as `free_memory` gives them.

    Raises
    ------
    InfeasibleError
        With both numbers, and what to change.

    Examples
    --------
    >>> check_memory(pairs=90_000_000, lines=5_000_000, youths=1_000_000, free=6 * 10**9)
    Traceback (most recent call last):
    matchmaker.errors.InfeasibleError: This run needs about 9.0 GB of memory beyond its tables, \
and 6.0 GB are free. Set 'candidates_per_youth' to 60, or match one region at a time.
    """
    needed = expected_memory(pairs=pairs, lines=lines)
    if needed <= free:
        return
    fitting = free // (BYTES_PER_PAIR * max(youths, 1))
    remedy = (
        f"Set 'candidates_per_youth' to {fitting}, or match one region at a time."
        if BYTES_PER_LINE * lines <= free and fitting * youths >= lines
        else "Match one region at a time, or use a machine with more memory."
    )
    raise InfeasibleError(
        f"This run needs about {needed / 1e9:.1f} GB of memory beyond its tables, and"
        f" {free / 1e9:.1f} GB are free. {remedy}"
    )
