"""Independent checks of a matching, from the preferences and rules as declared.

Nothing here is shared with the solvers: neither the tree of cells nor the order of
proposals.  Each check is O(pairs x groups).  `check_matching` runs after every solve and
raises; the single checks serve reports and tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment.lottery import tickets
from matchmaker.errors import CheckError
from matchmaker.jit import jit

if TYPE_CHECKING:
    from matchmaker.assignment.arrays import Matching, Preferences
    from matchmaker.assignment.rules import Rules

__all__ = ["blocking_pairs", "bound_faults", "check_matching", "envied_pairs"]


def bound_faults(
    preferences: Preferences, matching: Matching, rules: Rules | None = None
) -> list[str]:
    """Return a sentence for each broken bound: acceptability, capacity, reserves, caps."""
    pair, start, end = matching.pair, preferences.indptr[:-1], preferences.indptr[1:]
    placed = np.flatnonzero(pair >= 0)
    foreign = placed[(pair[placed] < start[placed]) | (pair[placed] >= end[placed])]
    faults = [f"youth number {y} holds a place that is not on their list" for y in foreign.tolist()]
    if faults:
        return faults
    offer = preferences.offer[pair[placed]]
    n_offers = len(preferences.capacity)
    taken = np.bincount(offer, minlength=n_offers)
    faults += _over("offer", taken, preferences.capacity)
    if rules is None:
        return faults
    n_groups = rules.member.shape[1]
    seat = matching.seat[placed]
    for g in range(n_groups):
        reserved = np.bincount(offer[seat == g], minlength=n_offers)
        faults += _over(f"reserve of group number {g}, offer", reserved, rules.reserve[:, g])
        members = np.bincount(offer[rules.member[placed, g]], minlength=n_offers)
        bound = np.where(rules.quota[:, g] < 0, len(pair), rules.quota[:, g])
        faults += _over(f"quota of group number {g}, offer", members, bound)
    opened = np.bincount(offer[seat < 0], minlength=n_offers)
    faults += _over("open seats, offer", opened, preferences.capacity - rules.reserve.sum(axis=1))
    employer = rules.employer[offer]
    hired = np.bincount(employer[employer >= 0], minlength=len(rules.employer_cap))
    return faults + _over("employer", hired, rules.employer_cap)


def _over(what: str, count: NDArray[np.int64], bound: NDArray[np.int64]) -> list[str]:
    return [
        f"{what} number {i} holds {count[i]} youths and may hold {bound[i]}"
        for i in np.flatnonzero(count > bound).tolist()
    ]


def blocking_pairs(preferences: Preferences, matching: Matching) -> NDArray[np.int64]:
    """Return the pairs, ties as written, who would both rather have each other.

    A pair blocks when the youth wishes the offer strictly more than what they got, and
    the offer has a seat free or holds a youth of strictly lower priority.
    Capacities only; under rules use `envied_pairs`.

    Returns
    -------
    int64, shape (n_blocking,)
        Positions in the preferences, ascending.  O(pairs).
    """
    youth, offer, priority = preferences.youth(), preferences.offer, preferences.priority
    held = matching.pair[matching.pair >= 0]
    is_free = np.bincount(offer[held], minlength=len(preferences.capacity)) < preferences.capacity
    lowest = np.full(len(preferences.capacity), np.iinfo(np.int64).max)
    np.minimum.at(lowest, offer[held], priority[held].astype(np.int64))
    own_tier = np.where(
        matching.pair >= 0,
        preferences.tier[np.maximum(matching.pair, 0)] if len(offer) else 0,
        np.iinfo(np.int32).max,
    )
    wants = preferences.tier < own_tier[youth]
    is_wanted = is_free[offer] | ((priority > lowest[offer]) & (preferences.capacity[offer] > 0))
    return np.flatnonzero(wants & is_wanted)


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
def _unjustified(
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
    """Mark the pairs better than a youth's own whose refusal no bound justifies."""
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


def envied_pairs(
    preferences: Preferences, matching: Matching, rules: Rules | None = None
) -> NDArray[np.int64]:
    """Return the pairs where a refusal was not justified, ties broken by the lottery.

    A youth is refused with reason at an offer when, for each kind of seat there (each
    reserve and the open seats), the innermost bound that is reached (quota of their
    group, seats of the kind, employer's cap) is filled by youths who all go before them:
    members of the group first on a reserved seat, then priority, then lottery number.
    An empty seat or a youth behind them there makes the refusal unjustified.

    Returns
    -------
    int64, shape (n_unjustified,)
        Positions in the preferences, ascending.  O(pairs x groups).
    """
    capacity = preferences.capacity
    n_youths, n_offers = len(matching.pair), len(capacity)
    if rules is None:
        member = np.zeros((n_youths, 0), dtype=bool)
        employer = np.full(n_offers, -1, dtype=np.int32)
        bound = capacity
    else:
        member, employer = rules.member, rules.employer
        kinds = np.column_stack((rules.reserve, capacity - rules.reserve.sum(axis=1)))
        bound = np.concatenate((kinds.ravel(), rules.quota.ravel(), rules.employer_cap))
    drawn = tickets(
        preferences.youth(),
        preferences.offer,
        preferences.youth_hash,
        preferences.offer_hash,
        preferences.lottery,
    )
    marks = _unjustified(
        preferences.indptr,
        preferences.offer,
        preferences.priority,
        drawn,
        matching.pair,
        matching.seat,
        member,
        bound,
        employer,
    )
    return np.flatnonzero(marks)


def check_matching(
    preferences: Preferences, matching: Matching, rules: Rules | None = None
) -> None:
    """Refuse a matching that breaks a bound or refuses somebody without reason.

    Raises
    ------
    CheckError
        Naming the first faults; nothing of the matching may be used.
    """
    faults = bound_faults(preferences, matching, rules)
    if not faults:
        envied = envied_pairs(preferences, matching, rules)
        youth = preferences.youth()
        faults = [
            f"youth number {youth[p]} was refused without reason at offer number"
            f" {preferences.offer[p]}"
            for p in envied[:20].tolist()
        ]
    if faults:
        raise CheckError("the check of the matching failed: " + "; ".join(faults[:20]) + ".")
