"""Contracts accepted in an earlier round are fixed, and their seats are taken off first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from matchmaker.assignment.encode import PreferenceLists
from matchmaker.assignment.named_rules import NamedRules
from matchmaker.errors import InputError, Issue
from matchmaker.words import said

__all__ = ["Remainder", "set_aside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What is left to be assigned once accepted contracts are set aside.

    Attributes
    ----------
    youth_preferences : mapping of youth id to a collection
        Of all youths; empty for those with an accepted contract.
    capacities : mapping of offer id to int
        Seats left.
    rules : NamedRules
        Reserves, quotas and caps left.
    """

    youth_preferences: PreferenceLists
    capacities: Mapping[str, int]
    rules: NamedRules


def set_aside(
    accepted: Mapping[str, str],
    youth_preferences: PreferenceLists,
    capacities: Mapping[str, int],
    rules: NamedRules,
) -> Remainder:
    """Take the youths with an accepted contract, and their seats, out of a market.

    An accepted youth counts on the first reserve of their groups that has a seat left,
    else on an open seat, else on whatever reserve has one; against the quotas of all
    their groups; and against the cap of the employer.  Quotas and caps do not fall below
    0: a contract stands even where a later rule would not have allowed it.

    Parameters
    ----------
    accepted : mapping of youth id to offer id
    youth_preferences, capacities, rules
        As for `matchmaker.deferred_acceptance`; they are not changed.

    Returns
    -------
    Remainder

    Raises
    ------
    InputError
        An accepted youth or offer is unknown, or an offer has fewer seats than contracts.
    """
    _check_accepted(accepted, youth_preferences, capacities)
    seats = dict(capacities)
    reserves = {o: dict(bounds) for o, bounds in rules.reserves.items()}
    quotas = {o: dict(bounds) for o, bounds in rules.quotas.items()}
    caps = dict(rules.employer_caps)
    for youth, offer in sorted(accepted.items()):
        mine = [g for g in rules.groups if youth in rules.groups[g]]
        _take_seat(reserves.get(offer, {}), mine, list(rules.groups), seats[offer])
        seats[offer] -= 1
        quota = quotas.get(offer, {})
        for group in mine:
            if group in quota:
                quota[group] = max(0, quota[group] - 1)
        firm = rules.employers.get(offer)
        if firm in caps:
            caps[firm] = max(0, caps[firm] - 1)
    return Remainder(
        youth_preferences={
            y: [] if y in accepted else wishes for y, wishes in youth_preferences.items()
        },
        capacities=seats,
        rules=replace(rules, reserves=reserves, quotas=quotas, employer_caps=caps),
    )


def _take_seat(reserve: dict[str, int], mine: list[str], groups: list[str], seats: int) -> None:
    """Take one of an offer's seats: of the first reserve that fits, where an open one is not free.

    `mine` are the groups of the youth, `seats` those that the offer has left.
    """
    with_seat = [g for g in mine if reserve.get(g, 0) > 0]
    if not with_seat and sum(reserve.values()) >= seats:
        with_seat = [g for g in groups if reserve.get(g, 0) > 0]
    if with_seat:
        reserve[with_seat[0]] -= 1


def _check_accepted(
    accepted: Mapping[str, str], youth_preferences: PreferenceLists, capacities: Mapping[str, int]
) -> None:
    """Raise unless each contract is of a known youth and offer, and has a seat."""
    no_youth = said("assignment.unknown_youth", table="youth_preferences")
    no_offer = said("assignment.unknown_offer", table="capacities")
    faults = [
        Issue(
            reason=f"unknown_{kind}",
            file="accepted",
            value=one,
            message=message,
            hint=said("assignment.correct_or_add"),
        )
        for youth, offer in accepted.items()
        for kind, one, known, message in (
            ("youth", youth, youth_preferences, no_youth),
            ("offer", offer, capacities, no_offer),
        )
        if one not in known
    ]
    faults += [
        Issue(
            reason="too_many_accepted",
            file="accepted",
            value=offer,
            message=said("assignment.too_many_accepted", n=n, seats=capacities[offer]),
            hint=said("assignment.withdraw"),
        )
        for offer, n in sorted(Counter(accepted.values()).items())
        if offer in capacities and n > capacities[offer]
    ]
    if faults:
        raise InputError(faults)
