"""A limit of memory that is too low for the libraries: said before one of them ends the process."""

from __future__ import annotations

import sys

from matchmaker.errors import InfeasibleError
from matchmaker.words import said

__all__ = ["LEAST", "check_limit"]

LEAST = 1_500_000_000
"""Bytes of addresses (``ulimit -v``). With 1.2 GB libraries ended a run of ten youths by themselves,
with 1.3 GB it went through, on two cores; each core more asks for stacks of its own."""


def check_limit() -> None:
    """Refuse to begin where the process may not take the memory that the libraries reserve.

    Raises
    ------
    InfeasibleError
        With the limit, and what is needed.
    """
    if sys.platform == "win32":  # no such limits
        return
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST:
        raise InfeasibleError(said("memory.limit", limit=limit / 1e9, least=LEAST / 1e9))
