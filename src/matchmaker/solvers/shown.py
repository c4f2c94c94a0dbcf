"""Proof that no more columns can be shown, each in one row at least: the cut of a maximum flow.

A column is shown where an edge to it is taken.  Of each shown column one edge is looked at, its
hold; what else is taken there may be given up without hiding it.  So columns send one unit each,
through a row's groups where these are capped, to rows that take as many as they may.  A column
without an edge could be shown if an alternating path led from it to a row with room for one more
hold: each row on the way gives up a hold for another, and no row that has an edge loses its last
one.  No such path is the proof (Ford and Fulkerson, 1956).

So most columns are shown without a row served less: the two maxima are had together (Mendelsohn
and Dulmage, Some generalizations of the problem of distinct representatives, 1958; caps on groups
inside groups keep the problem a flow, for which it holds as well).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.solvers.problem import LaminarCaps

__all__ = ["is_most_shown"]

Edges = tuple[NDArray[np.int32], NDArray[np.int32]]


def is_most_shown(
    unshown: NDArray[np.bool_],
    holds: Edges,
    row_capacity: NDArray[np.int32],
    caps: LaminarCaps | None,
    edges_of: Callable[[NDArray[np.bool_]], Edges],
) -> bool:
    """Tell whether no choice shows more columns, by searching for a way to show one more.

    Parameters
    ----------
    unshown : ndarray of bool, shape (n_columns,)
        Columns that are to be shown, have some edge, and are in no row.
    holds : (rows, columns)
        One taken edge of each column that is shown and is to be.
    row_capacity : ndarray of int32, shape (n_rows,)
    caps : LaminarCaps or None
    edges_of : callable
        From a mask of columns to all edges, of those that exist, that lead to them.

    Returns
    -------
    bool
    """
    rows, columns = holds
    levels = [_Level.of(kind, rows, columns) for kind in _kinds(row_capacity, caps, len(unshown))]
    seen = frontier = unshown
    while frontier.any():
        at = edges_of(frontier)
        for level in levels:  # from the innermost group to the row: as far as there is room
            at = level.onward(*at)
        if len(at[0]):
            return False
        may_give_up = np.zeros(len(rows), dtype=bool)
        for level in levels:
            may_give_up |= level.is_reached[level.of_hold]
        frontier = np.zeros_like(unshown)
        frontier[columns[may_give_up]] = True
        frontier &= ~seen
        seen = seen | frontier
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Groups of a row's edges of one kind: those of an inner or an outer group, or all of them."""

    group: NDArray[np.int32]  # of each column
    most: NDArray[np.int32]  # of each row
    held: NDArray[np.int32]  # groups of the edges that each row has beside, -1 for none

    def number(self, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> NDArray[np.int64]:
        width = int(self.group.max(initial=0)) + 1
        return rows.astype(np.int64) * width + self.group[columns]


def _kinds(
    row_capacity: NDArray[np.int32], caps: LaminarCaps | None, n_columns: int
) -> list[_Kind]:
    """Return the kinds of groups, the innermost first; the last one is the row itself."""
    none = np.full((len(row_capacity), 1), -1, dtype=np.int32)
    whole = _Kind(group=np.zeros(n_columns, dtype=np.int32), most=row_capacity, held=none)
    if caps is None:
        return [whole]
    return [
        _Kind(group=caps.inner, most=caps.inner_caps, held=caps.held_inners),
        _Kind(group=caps.outer, most=caps.outer_caps, held=caps.held_outers),
        whole,
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """The groups of one kind that have holds: how many, and which the search has reached."""

    kind: _Kind
    number: NDArray[np.int64]  # rising
    count: NDArray[np.int64]
    of_hold: NDArray[np.int64]  # the group of each hold, a position in `number`
    is_reached: NDArray[np.bool_]

    @classmethod
    def of(cls, kind: _Kind, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> _Level:
        number, of_hold, count = np.unique(
            kind.number(rows, columns), return_inverse=True, return_counts=True
        )
        reached = np.zeros(len(number), dtype=bool)
        return cls(kind=kind, number=number, count=count, of_hold=of_hold, is_reached=reached)

    def onward(self, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> Edges:
        """Mark the groups of some edges as reached; return the edges whose group has room."""
        number = self.kind.number(rows, columns)
        at = np.searchsorted(self.number, number)
        has_holds = at < len(self.number)
        has_holds[has_holds] = self.number[at[has_holds]] == number[has_holds]
        self.is_reached[at[has_holds]] = True
        used = np.zeros(len(rows), dtype=np.int64)
        used[has_holds] = self.count[at[has_holds]]
        used += (self.kind.held[rows] == self.kind.group[columns][:, None]).sum(axis=1)
        has_room = used < self.kind.most[rows]
        return rows[has_room], columns[has_room]
