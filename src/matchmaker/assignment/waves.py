"""Waves: contracts already accepted are fixed, and their seats are taken off first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from matchmaker.assignment.encode import Lists
from matchmaker.errors import InputError, Issue

__all__ = ["Remainder", "set_aside"]

Bounds = Mapping[str, Mapping[str, int]]


class Remainder(NamedTuple):
    """What is left to be assigned once accepted contracts are set aside."""

    youth_preferences: Lists
    capacities: dict[str, int]
    reserves: dict[str, dict[str, int]]
    quotas: dict[str, dict[str, int]]
    employer_caps: dict[str, int]


def set_aside(
    accepted: Mapping[str, str],
    youth_preferences: Lists,
    capacities: Mapping[str, int],
    groups: Mapping[str, Collection[str]],
    reserves: Bounds,
    quotas: Bounds,
    employers: Mapping[str, str],
    employer_caps: Mapping[str, int],
) -> Remainder:
    """Take the youths with an accepted contract, and their seats, out of a market.

    An accepted youth counts on the first reserve of their groups that has a seat left,
    else on an open seat, else on whatever reserve has one; against the quotas of all
    their groups; and against the cap of the employer.  Quotas and caps do not fall below
    0: a contract stands even where a later rule would not have allowed it.

    Raises
    ------
    InputError
        An accepted youth or offer is unknown, or an offer has fewer seats than contracts.
    """
    faults = [
        Issue(
            reason=f"unknown_{kind}",
            file="accepted",
            value=one,
            message=f"is no {kind} of {table}",
            hint="Correct or add it.",
        )
        for youth, offer in accepted.items()
        for kind, one, known, table in (
            ("youth", youth, youth_preferences, "youth_preferences"),
            ("offer", offer, capacities, "capacities"),
        )
        if one not in known
    ]
    faults += [
        Issue(
            reason="too_many_accepted",
            file="accepted",
            value=offer,
            message=f"has {n} accepted contracts and {capacities[offer]} seats",
            hint="Raise its capacity or withdraw a contract.",
        )
        for offer, n in sorted(Counter(accepted.values()).items())
        if offer in capacities and n > capacities[offer]
    ]
    if faults:
        raise InputError(faults)
    left = Remainder(
        {y: [] if y in accepted else wishes for y, wishes in youth_preferences.items()},
        dict(capacities),
        {o: dict(bounds) for o, bounds in reserves.items()},
        {o: dict(bounds) for o, bounds in quotas.items()},
        dict(employer_caps),
    )
    for youth, offer in sorted(accepted.items()):
        reserve = left.reserves.get(offer, {})
        mine = [g for g in groups if youth in groups[g]]
        with_seat = [g for g in mine if reserve.get(g, 0) > 0]
        if not with_seat and sum(reserve.values()) >= left.capacities[offer]:
            with_seat = [g for g in groups if reserve.get(g, 0) > 0]
        if with_seat:
            reserve[with_seat[0]] -= 1
        left.capacities[offer] -= 1
        for group in mine:
            if group in left.quotas.get(offer, {}):
                left.quotas[offer][group] = max(0, left.quotas[offer][group] - 1)
        firm = employers.get(offer)
        if firm in left.employer_caps:
            left.employer_caps[firm] = max(0, left.employer_caps[firm] - 1)
    return left
