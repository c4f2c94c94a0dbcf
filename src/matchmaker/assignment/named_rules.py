"""Rules as users declare them, on ids, and the same as arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchmaker.assignment.encode import NamedPreferences
from matchmaker.assignment.ids import by_bytes, fault, is_count, unknown
from matchmaker.assignment.rules import NO_QUOTA, Rules
from matchmaker.errors import InputError, Issue, did_you_mean
from matchmaker.words import said

__all__ = ["NamedRules", "encode_rules"]

Bounds = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRules:
    """Bounds beyond the capacity of an offer, on ids; see `matchmaker.assignment.rules`.

    Attributes
    ----------
    groups : mapping of group to youth ids
        They may overlap.
    reserves, quotas : mapping of offer id to (mapping of group to int)
        Seats at which the group goes first; most members that the offer takes.
    employers : mapping of offer id to employer
    employer_caps : mapping of employer to int
        Most youths of an employer over all its offers.
    """

    groups: Mapping[str, Collection[str]] = field(default_factory=dict)
    reserves: Bounds = field(default_factory=dict)
    quotas: Bounds = field(default_factory=dict)
    employers: Mapping[str, str] = field(default_factory=dict)
    employer_caps: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Nothing is declared."""
        return not (
            self.groups or self.reserves or self.quotas or self.employers or self.employer_caps
        )


def encode_rules(market: NamedPreferences, named: NamedRules) -> Rules | None:
    """Turn rules on ids into arrays; None when there are none.

    Parameters
    ----------
    market : NamedPreferences
    named : NamedRules

    Returns
    -------
    Rules or None

    Raises
    ------
    InputError
        Unknown ids, numbers below 0, contradictory rules.
    """
    if named.is_empty:
        return None
    youth_at = {one: i for i, one in enumerate(market.youth_ids)}
    offer_at = {one: i for i, one in enumerate(market.offer_ids)}
    group_at = {one: i for i, one in enumerate(named.groups)}
    employer_at = {one: i for i, one in enumerate(sorted(named.employer_caps, key=by_bytes))}
    faults: list[Issue] = []
    member = _members(named.groups, youth_at, faults)
    reserve = _bounds("reserves", named.reserves, offer_at, group_at, faults)
    quota = _bounds("quotas", named.quotas, offer_at, group_at, faults)
    employer = _employers(named, offer_at, employer_at, faults)
    if faults:
        raise InputError(faults)
    rules = Rules(
        member=member,
        reserve=np.maximum(reserve, 0),  # none declared: no seat is reserved
        quota=quota,
        employer=employer,
        employer_cap=np.array([named.employer_caps[one] for one in employer_at], dtype=np.int64),
    )
    contradictions = rules.faults(market.preferences.capacity)
    if contradictions:
        raise InputError(
            [
                Issue(
                    reason="contradictory_rules",
                    file="rules",
                    value=market.offer_ids[o],
                    message=what,
                    hint=said("assignment.change_rules"),
                )
                for o, what in contradictions
            ]
        )
    return rules


def _members(
    groups: Mapping[str, Collection[str]], youth_at: Mapping[str, int], faults: list[Issue]
) -> NDArray[np.bool_]:
    """Return who is of which group, shape (n_youths, n_groups)."""
    member = np.zeros((len(youth_at), len(groups)), dtype=bool)
    for at, (group, youths) in enumerate(groups.items()):
        for one in youths:
            if one in youth_at:
                member[youth_at[one], at] = True
            else:
                faults.append(unknown("groups", group, one, "youth", youth_at))
    return member


def _bounds(
    where: str,
    declared: Bounds,
    offer_at: Mapping[str, int],
    group_at: Mapping[str, int],
    faults: list[Issue],
) -> NDArray[np.int64]:
    """Return the bound of each offer and group, `NO_QUOTA` where none is declared."""
    bound = np.full((len(offer_at), len(group_at)), NO_QUOTA, dtype=np.int64)
    for one, bounds in declared.items():
        if one not in offer_at:
            faults.append(unknown(where, None, one, "offer", offer_at))
        for group, seats in bounds.items():
            if group not in group_at:
                what = said("assignment.unknown_group")
                hint = did_you_mean(group, group_at) or said("assignment.declare")
                faults.append(fault(where, one, group, "unknown_group", what, hint))
            elif not is_count(seats):
                what, hint = said("assignment.not_seats"), said("assignment.whole_from_0")
                faults.append(fault(where, one, str(seats), "negative_bound", what, hint))
            elif one in offer_at:
                bound[offer_at[one], group_at[group]] = seats
    return bound


def _employers(
    named: NamedRules,
    offer_at: Mapping[str, int],
    employer_at: Mapping[str, int],
    faults: list[Issue],
) -> NDArray[np.int32]:
    """Return the employer of each offer, -1 where none with a cap is declared."""
    employer = np.full(len(offer_at), -1, dtype=np.int32)
    for one, firm in named.employers.items():
        if one not in offer_at:
            faults.append(unknown("employers", None, one, "offer", offer_at))
        elif firm in employer_at:
            employer[offer_at[one]] = employer_at[firm]
    faults += [
        fault(
            "employer_caps",
            firm,
            str(cap),
            "negative_capacity",
            said("assignment.not_a_capacity"),
            said("assignment.whole_from_0"),
        )
        for firm, cap in named.employer_caps.items()
        if not is_count(cap)
    ]
    return employer
