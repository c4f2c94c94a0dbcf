"""The one way kernels are compiled here: no interpreter lock, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.core import config
from numba.core.sigutils import normalize_signature

from matchmaker.kernel_cache import can_be_cached

__all__ = ["jit"]

P = ParamSpec("P")
R = TypeVar("R")

_types_of: Callable[[Any], tuple[Any, Any]] = normalize_signature


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` with numba, keeping its type for callers.

    Integer arithmetic only is used where results must be equal on all machines, so the
    fused multiply-add that ``fastmath`` would allow is left off.
    """
    environment: Any = config  # its names are made when it is loaded
    is_kept = not environment.DISABLE_JIT and can_be_cached(function)
    compiled: Any = numba.njit(nogil=True, cache=is_kept)(function)
    if is_kept:
        cache = compiled._cache  # noqa: SLF001 - numba has no other way in
        cache.load_overload = partial(_load, cache.load_overload, cache.flush)
        files = cache._cache_file  # noqa: SLF001 - as above
        files._source_stamp = (files._source_stamp, _made_with(function))  # noqa: SLF001
    return cast("Callable[P, R]", compiled)


def _made_with(function: Callable[..., Any]) -> tuple[tuple[str, object], ...]:
    """Return what is compiled into a kernel and may lie in other files.

    numba asks only whether the file of the kernel itself has changed.  What it calls, the
    numbers that it imports and the order of fields may change in theirs: old code would go on
    with the old ones.
    """
    within = function.__globals__
    named = ((name, within.get(name)) for name in sorted(function.__code__.co_names))
    return tuple((name, stamp) for name, value in named if (stamp := _stamp(value)) is not None)


def _stamp(value: object) -> object:
    """Return what tells whether something that a kernel names has changed; None for libraries."""
    if isinstance(value, int | float | str | tuple):
        return value
    if isinstance(value, type) and hasattr(value, "_fields"):
        return value._fields
    cache = getattr(value, "_cache", None)
    return getattr(getattr(cache, "_cache_file", None), "_source_stamp", None)


def _load(load: Callable[..., Any], flush: Callable[[], None], asked: Any, *others: Any) -> Any:
    """Return what numba has cached for arguments of the types `asked`, or None.

    The index of a cached kernel names the types of its arguments, and numba reads it before
    it asks whether the source is still the same.  So a named tuple that is renamed or moved
    in a new version would make the kernels of the old one fail, instead of being compiled.

    Two processes that compile one kernel for other types at the same moment both take the
    next free number for their file: the index of one then points to the code of the other,
    which would read integers of 32 bits as such of 64.  So the code found must be of `asked`.
    """
    try:
        found = load(asked, *others)
    except (AttributeError, ImportError):
        flush()
        return None
    return found if found is None or found.signature.args == _types_of(asked)[0] else None
