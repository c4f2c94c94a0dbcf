"""How much memory a run will take, and whether this machine has it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from matchmaker.candidates.count import count_pairs
from matchmaker.candidates.engine import Engine, taking_part
from matchmaker.errors import InfeasibleError
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row
from matchmaker.words import said

__all__ = ["check_market", "check_memory", "expected_memory", "free_memory"]

# Measured on whole runs (docs/explanation/performance.md).
BYTES_PER_PAIR = 80  # a candidate pair while lists are shared out
BYTES_PER_LINE = 450  # a line of a list afterwards: its columns, its reason, their checking
BYTES_AT_LEAST = 200_000_000  # libraries, the report, what is written at once
MEMINFO = Path("/proc/meminfo")
OWN_SIZE = Path("/proc/self/statm")
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

    Returns
    -------
    int
        Bytes.
    """
    return BYTES_AT_LEAST + max(BYTES_PER_PAIR * pairs, BYTES_PER_LINE * lines)


def free_memory() -> int:
    """Return the bytes that this process may still take.

    What Linux calls available (free, or given back when asked for), or what the limit of
    the container or of the process (``ulimit -v``) leaves if that is less; elsewhere all memory
    of the machine.

    Returns
    -------
    int
    """
    try:
        text = MEMINFO.read_text(encoding="ascii")
    except OSError:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    fields = dict(line.split(":", 1) for line in text.splitlines())
    free = min(int(fields["MemAvailable"].split()[0]) * 1024, _left_of_limit())
    try:
        limit, used = (
            (CONTROL_GROUP / name).read_text(encoding="ascii").strip()
            for name in ("memory.max", "memory.current")
        )
    except OSError:  # no container, or one that sets no limit this way
        return free
    return free if limit == "max" else min(free, max(int(limit) - int(used), 0))


def _left_of_limit() -> int:
    """Return the bytes that the limit of this process leaves; a very large number without one."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    pages = int(OWN_SIZE.read_text(encoding="ascii").split()[0])
    return max(limit - pages * os.sysconf("SC_PAGE_SIZE"), 0)


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
    >>> check_memory(pairs=90_000_000, lines=4_000_000, youths=1_000_000, free=6 * 10**9)
    Traceback (most recent call last):
    matchmaker.errors.InfeasibleError: ce calcul demande environ 7,4 Go de mémoire en plus de ses \
tables, et 6,0 Go sont libres. Mettez 'candidates_per_youth' à 72, ou faites une région à la fois.
    """
    needed = expected_memory(pairs=pairs, lines=lines)
    if needed <= free:
        return
    fitting = max(free - BYTES_AT_LEAST, 0) // (BYTES_PER_PAIR * max(youths, 1))
    remedy = (
        said("memory.fewer_pairs", fitting=fitting)
        if expected_memory(pairs=0, lines=lines) <= free and fitting * youths >= lines
        else said("memory.one_region")
    )
    raise InfeasibleError(
        said("memory.too_little", needed=needed / 1e9, free=free / 1e9, remedy=remedy)
    )


def check_market(engine: Engine, settings: Settings, *, lines_allowed: int) -> None:
    """Refuse a run that would not fit, before its work is begun.

    Pairs are counted, on a sample, only where the most that there could be would not fit.

    Parameters
    ----------
    engine : Engine
    settings : Settings
        ``candidates_per_youth`` and ``lines_per_youth`` are read.
    lines_allowed : int
        Lines that the caps of the offers allow together.

    Raises
    ------
    InfeasibleError
        As `check_memory`.
    """
    youths, k, free = len(taking_part(engine.market)), settings.candidates_per_youth, free_memory()
    wanted = by_row(settings, "lines_per_youth", engine.market.youths)
    lines = min(int(wanted[engine.market.takes_part].sum()), lines_allowed)
    if expected_memory(pairs=youths * k, lines=lines) <= free:
        return
    kept = count_pairs(engine, k=k).kept
    check_memory(pairs=kept, lines=min(lines, kept), youths=youths, free=free)
