"""Whether a matching is feasible and stable, from the preferences and rules as declared.

With the mechanism these checks share what is declared, preferences, rules and lottery
numbers (which anybody can work out by hand), and nothing of how it works: neither the tree
of cells nor the order of proposals.  Each check is O(pairs x groups).  `check_matching`
runs after every solve and raises; the single checks serve reports and tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment.envy import unjustified
from matchmaker.errors import CheckError
from matchmaker.words import Said, said

if TYPE_CHECKING:
    from matchmaker.assignment.arrays import Matching, Preferences
    from matchmaker.assignment.rules import Rules

__all__ = ["blocking_pairs", "bound_faults", "check_matching", "envied_pairs"]


def bound_faults(
    preferences: Preferences, matching: Matching, rules: Rules | None = None
) -> list[Said]:
    """Return a sentence for each broken bound: acceptability, capacity, reserves, caps.

    Parameters
    ----------
    preferences : Preferences
    matching : Matching
    rules : Rules, optional

    Returns
    -------
    list of Said
        Empty where every bound holds.
    """
    pair, start, end = matching.pair, preferences.indptr[:-1], preferences.indptr[1:]
    placed = np.flatnonzero(pair >= 0)
    foreign = placed[(pair[placed] < start[placed]) | (pair[placed] >= end[placed])]
    faults = [said("refused.not_on_list", youth=y) for y in foreign.tolist()]
    if faults:
        return faults
    offer = preferences.offer[pair[placed]]
    n_offers = len(preferences.capacity)
    taken = np.bincount(offer, minlength=n_offers)
    faults += _over(said("refused.offer"), taken, preferences.capacity)
    if rules is None:
        return faults
    n_groups = rules.member.shape[1]
    seat = matching.seat[placed]
    for g in range(n_groups):
        reserved = np.bincount(offer[seat == g], minlength=n_offers)
        faults += _over(said("refused.reserve", group=g), reserved, rules.reserve[:, g])
        members = np.bincount(offer[rules.member[placed, g]], minlength=n_offers)
        bound = np.where(rules.quota[:, g] < 0, len(pair), rules.quota[:, g])
        faults += _over(said("refused.quota", group=g), members, bound)
    opened = np.bincount(offer[seat < 0], minlength=n_offers)
    unreserved = preferences.capacity - rules.reserve.sum(axis=1)
    faults += _over(said("refused.open_seats"), opened, unreserved)
    employer = rules.employer[offer]
    hired = np.bincount(employer[employer >= 0], minlength=len(rules.employer_cap))
    return faults + _over(said("refused.employer"), hired, rules.employer_cap)


def _over(what: Said, count: NDArray[np.int64], bound: NDArray[np.int64]) -> list[Said]:
    return [
        said("refused.over", what=what, number=i, count=int(count[i]), bound=int(bound[i]))
        for i in np.flatnonzero(count > bound).tolist()
    ]


def blocking_pairs(preferences: Preferences, matching: Matching) -> NDArray[np.int64]:
    """Return the pairs, ties as written, who would both rather have each other.

    A pair blocks when the youth wishes the offer strictly more than what they got, and
    the offer has a seat free or holds a youth of strictly lower priority.
    Capacities only; under rules use `envied_pairs`.

    Parameters
    ----------
    preferences : Preferences
    matching : Matching

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


def envied_pairs(
    preferences: Preferences, matching: Matching, rules: Rules | None = None
) -> NDArray[np.int64]:
    """Return the pairs where a refusal was not justified, ties broken by the lottery.

    A youth is refused with reason at an offer when, for each kind of seat there (each
    reserve and the open seats), the innermost bound that is reached (quota of their
    group, seats of the kind, employer's cap) is filled by youths who all go before them:
    members of the group first on a reserved seat, then priority, then lottery number.
    An empty seat or a youth behind them there makes the refusal unjustified.

    Parameters
    ----------
    preferences : Preferences
    matching : Matching
    rules : Rules, optional

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
    marks = unjustified(
        preferences.indptr,
        preferences.offer,
        preferences.priority,
        preferences.tickets(),
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

    Parameters
    ----------
    preferences : Preferences
    matching : Matching
    rules : Rules, optional

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
            said("refused.without_reason", youth=youth[p], offer=preferences.offer[p])
            for p in envied[:20].tolist()
        ]
    if faults:
        raise CheckError(said("refused.matching", faults=faults[:20]))
