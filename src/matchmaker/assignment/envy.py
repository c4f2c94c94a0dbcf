"""The kernel of the check for envy: refusals that no bound justifies."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchmaker.jit import jit

__all__ = ["unjustified"]


@jit
def _goes_before(a: int, first_a: bool, b: int, first_b: bool, priority: Any, ticket: Any) -> bool:
    """Tell whether pair a stands before pair b at the same bound."""
    if first_a != first_b:
        return first_a
    if priority[a] != priority[b]:
        return bool(priority[a] > priority[b])
    if ticket[a] != ticket[b]:
        return bool(ticket[a] < ticket[b])
    return a < b


@jit
def _bounds_met(
    youth: int, here: int, kind: int, member: Any, bound: Any, employer: Any, met: Any
) -> int:
    """List in `met` the bounds on a youth in a seat of a kind, innermost first."""
    n_groups = member.shape[1]
    n_kinds = n_groups + 1
    first_quota = len(employer) * n_kinds
    n = 0
    for g in range(n_groups):
        node = first_quota + here * n_groups + g
        if member[youth, g] and bound[node] >= 0:
            met[n] = node
            n += 1
    met[n] = here * n_kinds + kind
    n += 1
    if employer[here] >= 0:
        met[n] = first_quota + len(employer) * n_groups + employer[here]
        n += 1
    return n


@jit
def unjustified(
    indptr: Any,
    offer: Any,
    priority: Any,
    ticket: Any,
    pair: Any,
    seat: Any,
    member: Any,
    bound: Any,
    employer: Any,
) -> Any:
    """Mark the pairs better than a youth's own whose refusal no bound justifies.

    Parameters
    ----------
    indptr, offer, priority, ticket
        As in `Preferences`; lottery numbers by pair.
    pair : int64, shape (n_youths,)
        The pair each youth got, -1 for none.
    seat : int16, shape (n_youths,)
        Group of the reserved seat, -1 for an open one.
    member : bool, shape (n_youths, n_groups)
    bound : int64
        Seats of each kind by offer, then quotas by offer (below 0: none), then employers' caps.
    employer : int32, shape (n_offers,)
        -1 for an offer without a cap over it.

    Returns
    -------
    bool, shape (n_pairs,)
    """
    n_groups = member.shape[1]  # as a kind of seat: the open ones
    met = np.empty(n_groups + 2, dtype=np.int64)
    count = np.zeros(len(bound), dtype=np.int64)
    last = np.full(len(bound), -1, dtype=np.int64)
    last_first = np.zeros(len(bound), dtype=np.bool_)
    for youth in range(len(pair)):
        own = pair[youth]
        if own < 0:
            continue
        kind = seat[youth] if seat[youth] >= 0 else n_groups
        first = kind < n_groups and member[youth, kind]
        for i in range(_bounds_met(youth, offer[own], kind, member, bound, employer, met)):
            node = met[i]
            count[node] += 1
            if last[node] < 0 or _goes_before(
                last[node], last_first[node], own, first, priority, ticket
            ):
                last[node], last_first[node] = own, first
    found = np.zeros(len(offer), dtype=np.bool_)
    for youth in range(len(pair)):
        end = pair[youth] if pair[youth] >= 0 else indptr[youth + 1]
        for p in range(indptr[youth], end):
            for kind in range(n_groups + 1):
                if kind < n_groups and bound[offer[p] * (n_groups + 1) + kind] == 0:
                    continue  # no seat of this kind
                first = kind < n_groups and member[youth, kind]
                is_refused_with_reason = False
                for i in range(_bounds_met(youth, offer[p], kind, member, bound, employer, met)):
                    node = met[i]
                    if count[node] >= bound[node]:
                        is_refused_with_reason = last[node] < 0 or _goes_before(
                            last[node], last_first[node], p, first, priority, ticket
                        )
                        break
                if not is_refused_with_reason:
                    found[p] = True
    return found
