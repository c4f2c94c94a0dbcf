"""Parcoursup's order of call: a ranking bent to two minimum rates."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from matchmaker.errors import InputError, Issue
from matchmaker.words import said

__all__ = ["call_order"]


def call_order(
    ranking: Sequence[tuple[str, bool, bool]], *, quota_boursiers: int, quota_residents: int
) -> list[str]:
    """Return the ids of a ranking in the order in which they are called.

    Before each call the rate of boursiers (then of residents) binds when some of them are
    left and those called so far, with the next, would fall short of it.  The best of the
    binding kind is called; where both bind, a boursier resident, else a boursier (that
    rate prevails by law), else a resident; where none binds, the best who is left.

    Parameters
    ----------
    ranking : sequence of (id, is_boursier, is_resident)
        Best first.
    quota_boursiers, quota_residents : int
        Minimum rates, whole percentages from 0 to 100.

    Returns
    -------
    list of str
        Every id of the ranking once.

    Raises
    ------
    InputError
        A rate is no whole number from 0 to 100, or an id stands twice.

    Notes
    -----
    Four queues, one a kind: O(n), in integers.  Rule: the public specification of
    Parcoursup's "ordre d'appel".  It holds among those called, not among those placed.

    Examples
    --------
    >>> call_order([("a", False, False), ("b", False, False), ("c", True, False)],
    ...            quota_boursiers=30, quota_residents=0)
    ['c', 'a', 'b']
    """
    faults = [
        Issue(
            reason="quota_out_of_bounds",
            file="call_order",
            column=name,
            value=str(quota),
            message=said("assignment.bad_rate"),
            hint=said("assignment.correct_rate"),
        )
        for name, quota in (
            ("quota_boursiers", quota_boursiers),
            ("quota_residents", quota_residents),
        )
        if isinstance(quota, bool) or not isinstance(quota, int) or not 0 <= quota <= 100
    ]
    seen: set[str] = set()
    queues: dict[tuple[bool, bool], deque[tuple[int, str]]] = {
        (b, r): deque() for b in (True, False) for r in (True, False)
    }
    for place, (one, is_boursier, is_resident) in enumerate(ranking):
        if one in seen:
            faults.append(
                Issue(
                    reason="duplicate_id",
                    file="ranking",
                    line=place + 1,
                    value=one,
                    message=said("assignment.twice_in_ranking"),
                    hint=said("assignment.keep_one_place"),
                )
            )
        seen.add(one)
        queues[bool(is_boursier), bool(is_resident)].append((place, one))
    if faults:
        raise InputError(faults)

    n_boursiers = n_residents = 0
    called: list[str] = []
    for k in range(1, len(ranking) + 1):
        left = {kind for kind, queue in queues.items() if queue}
        boursiers = {kind for kind in left if kind[0]}
        residents = {kind for kind in left if kind[1]}
        wanted = left
        if boursiers and 100 * n_boursiers < quota_boursiers * k:
            wanted = boursiers
        if residents and 100 * n_residents < quota_residents * k:
            wanted = wanted & residents or wanted
        kind = min(wanted, key=lambda one: queues[one][0])
        called.append(queues[kind].popleft()[1])
        n_boursiers += kind[0]
        n_residents += kind[1]
    return called
