"""The one way kernels are compiled here: no interpreter lock, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

__all__ = ["jit"]

P = ParamSpec("P")
R = TypeVar("R")


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` with numba, keeping its type for callers.

    Integer arithmetic only is used where results must be equal on all machines, so the
    fused multiply-add that ``fastmath`` would allow is left off.
    """
    return cast("Callable[P, R]", numba.njit(nogil=True, cache=True)(function))
