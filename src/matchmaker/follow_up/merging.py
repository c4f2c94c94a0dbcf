"""Counts of youths that may be shown: none under five, and none that subtraction gives.

Cells are merged into groups that share no youth, each of five or more; whatever is printed beside
them is a sum of whole groups.  So each count that anybody can work out is of whole groups too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["LEAST", "Group", "merged"]

LEAST = 5
"""Youths of the smallest group that is shown."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cells that are shown as one.

    Attributes
    ----------
    key : tuple of str
        What all of its cells share, from the coarsest part on: shorter where more were merged.
    cells : tuple of tuple of str
        Whole keys, sorted.
    count : int
    """

    key: Key
    cells: tuple[Key, ...]
    count: int


def merged(cells: Iterable[tuple[Key, int]]) -> tuple[Group, ...]:
    """Return groups of five youths or more that hold each cell once; none where all are too few.

    What is too small under one part of a key is merged there; where the rest is still too small,
    it is left to the next coarser part, and at the last takes the smallest group in with it.

    Parameters
    ----------
    cells : iterable of (tuple of str, int)
        Keys from the coarsest part to the finest, all of one length, each once; counts above 0.

    Returns
    -------
    tuple of Group
        By key.

    Examples
    --------
    >>> found = merged([(("a", "x"), 7), (("a", "y"), 2), (("b", "z"), 3)])
    >>> [(group.key, group.count) for group in found]
    [((), 5), (('a', 'x'), 7)]
    >>> [(group.key, group.count) for group in merged([(("a", "x"), 7), (("a", "y"), 2)])]
    [(('a',), 9)]
    """
    done: list[Group] = []
    left = [Group(key=key, cells=(key,), count=n) for key, n in sorted(cells)]
    depth = len(left[0].key) if left else 0
    while left and depth >= 0:
        by_part: dict[Key, list[Group]] = {}
        for group in left:
            by_part.setdefault(group.key[:depth], []).append(group)
        pools = [_pool(part, some) for part, some in by_part.items()]
        done += [pool for pool in pools if pool.count >= LEAST]
        left = [pool for pool in pools if pool.count < LEAST]
        depth -= 1
    if left and done:
        rest = left[0]  # at depth 0 all that is left is one
        least = min(done, key=lambda group: (group.count, group.key))
        done.remove(least)
        done.append(_pool(_shared([*rest.cells, *least.cells]), [rest, least]))
    return tuple(sorted(done, key=lambda group: (group.key, group.cells)))


def _pool(key: Key, groups: Sequence[Group]) -> Group:
    cells = tuple(sorted(cell for group in groups for cell in group.cells))
    return Group(key=key, cells=cells, count=sum(group.count for group in groups))


def _shared(keys: Sequence[Key]) -> Key:
    """Return the parts at the start of all keys that are equal."""
    shared: list[str] = []
    for parts in zip(*keys, strict=True):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)
