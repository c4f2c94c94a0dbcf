"""Deferred acceptance in rounds, without a compiler: slow, short, and the kernels' twin.

In each round every youth (or offer) stands at its best proposal not yet refused; all
proposals of the round are judged together.  The round without a refusal is the result.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment import Matching, Preferences, arrays, stable_matching
from matchmaker.hashing import mix

__all__ = ["matching_in_rounds"]


def matching_in_rounds(preferences: Preferences, **how: Any) -> Matching:
    """Return what `stable_matching` returns, with the loops below in the kernels' place."""
    with (
        # The last argument is room for heaps, which rounds do without.
        patch.object(arrays, "youths_propose", lambda *market: _youths_propose(*market[:-1])),
        patch.object(arrays, "offers_propose", _offers_propose),
    ):
        return stable_matching(preferences, **how)


def _youths_propose(
    indptr: NDArray[np.int64],
    cell: NDArray[np.int32],
    priority: NDArray[np.integer[Any]],
    youth_hash: NDArray[np.uint64],
    salt: NDArray[np.uint64],
    parent: NDArray[np.int32],
    capacity: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what `kernels.youths_propose` returns, for the same arrays."""
    at = indptr[:-1].copy()
    while True:
        youths = np.flatnonzero(at < indptr[1:])
        pairs = at[youths]
        ticket = youth_hash[youths]
        if len(salt):
            ticket = mix(ticket, salt[cell[pairs]])
        order = np.lexsort((pairs, ticket, -priority[pairs].astype(np.int64)))
        room = capacity.tolist()
        refused = []
        for youth, pair in zip(youths[order].tolist(), pairs[order].tolist(), strict=True):
            around = []
            node = int(cell[pair])
            while node >= 0:
                around.append(node)
                node = int(parent[node])
            if all(room[node] > 0 for node in around):
                for node in around:
                    room[node] -= 1
            else:
                refused.append(youth)
        if not refused:
            held = np.full(len(indptr) - 1, -1, dtype=np.int64)
            held[youths] = pairs
            return held
        at[refused] += 1


def _offers_propose(
    n_youths: int,
    offer: NDArray[np.int32],
    youth: NDArray[np.int32],
    capacity: NDArray[np.int64],
    ranking: NDArray[np.int64],
    ranking_start: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what `kernels.offers_propose` returns, for the same arrays."""
    is_refused = np.zeros(len(offer), dtype=bool)
    while True:
        best = [len(offer)] * n_youths
        proposed = []
        for here in range(len(capacity)):
            mine = ranking[ranking_start[here] : ranking_start[here + 1]]
            for pair in mine[~is_refused[mine]][: capacity[here]].tolist():
                proposed.append(pair)
                best[youth[pair]] = min(best[youth[pair]], pair)
        refused = [pair for pair in proposed if pair != best[youth[pair]]]
        if not refused:
            held = np.array(best, dtype=np.int64)
            return np.where(held < len(offer), held, -1)
        is_refused[refused] = True
