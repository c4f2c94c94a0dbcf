"""From ids to arrays: preferences and rules checked, all their faults named at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchmaker.assignment.arrays import Preferences, order_lists
from matchmaker.assignment.lottery import Lottery
from matchmaker.assignment.rules import NO_QUOTA, Rules
from matchmaker.errors import InputError, Issue, did_you_mean
from matchmaker.hashing import hash_ids

__all__ = ["Lists", "Market", "encode", "encode_rules"]

# From an id to its list, best first; an item that is itself a collection is a tie.
Lists = Mapping[str, Collection[str | Collection[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Ids, sorted by their bytes, and the preferences between them as arrays."""

    youth_ids: list[str]
    offer_ids: list[str]
    preferences: Preferences


def encode(
    youth_preferences: Lists,
    offer_preferences: Lists,
    capacities: Mapping[str, int],
    *,
    seed: int,
    lottery: Lottery = "common",
) -> Market:
    """Check preferences of ids and turn them into arrays.

    Ids are sorted, so neither the order of the mappings nor of their ties matters.

    Raises
    ------
    InputError
        See `deferred_acceptance`.
    """
    faults: list[Issue] = []
    offer_at = {one: i for i, one in enumerate(sorted(capacities, key=_bytes))}
    youth_at = {one: i for i, one in enumerate(sorted(youth_preferences, key=_bytes))}
    for one, seats in capacities.items():
        if not _is_count(seats):
            faults.append(
                _fault(
                    "capacities",
                    one,
                    str(seats),
                    "negative_capacity",
                    "is not a capacity",
                    "Give a whole number from 0 up.",
                )
            )
    accepted: dict[str, dict[str, int]] = {}
    for one in offer_preferences:
        if one not in offer_at:
            faults.append(_unknown("offer_preferences", None, one, "offer", offer_at))
        accepted[one] = _ranks(
            "offer_preferences", one, offer_preferences[one], "youth", youth_at, faults
        )
    counts = []
    offer: list[int] = []
    tier: list[int] = []
    priority: list[int] = []
    for one in youth_at:
        wishes = _ranks("youth_preferences", one, youth_preferences[one], "offer", offer_at, faults)
        before = len(offer)
        for wish, rank in wishes.items():
            standing = accepted[wish].get(one) if wish in accepted else 0
            if standing is not None and wish in offer_at:
                offer.append(offer_at[wish])
                tier.append(rank)
                priority.append(-standing)
        counts.append(len(offer) - before)
    if faults:
        raise InputError(faults)

    indptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    offers = np.array(offer, dtype=np.int32)
    tiers = np.array(tier, dtype=np.int32)
    youth_hash, offer_hash = hash_ids(youth_at, seed), hash_ids(offer_at, seed)
    order = order_lists(indptr, offers, tiers, np.zeros_like(tiers), youth_hash, offer_hash)
    return Market(
        youth_ids=list(youth_at),
        offer_ids=list(offer_at),
        preferences=Preferences(
            indptr=indptr,
            offer=offers[order],
            tier=tiers[order],
            priority=np.array(priority, dtype=np.int32)[order],
            capacity=np.array([capacities[one] for one in offer_at], dtype=np.int64),
            youth_hash=youth_hash,
            offer_hash=offer_hash,
            lottery=lottery,
        ),
    )


def _bytes(one: object) -> bytes:
    """Return the key by which ids are sorted; what is no text is reported later on."""
    return str(one).encode()


def _fault(
    where: str, owner: str | None, value: str, reason: str, message: str, hint: str
) -> Issue:
    place = where if owner is None else f"{where}['{owner}']"
    return Issue(reason=reason, file=place, value=value, message=message, hint=hint)


def _unknown(where: str, owner: str | None, value: str, kind: str, known: Collection[str]) -> Issue:
    table = {"offer": "capacities", "youth": "youth_preferences"}[kind]
    # Names that are close are searched for in small markets only: it takes n steps.
    hint = did_you_mean(value, known) if len(known) <= 1000 else ""
    return _fault(
        where,
        owner,
        value,
        f"unknown_{kind}",
        f"is no {kind} of {table}",
        hint or "Correct or add it.",
    )


def _ranks(
    where: str, owner: str, items: Any, kind: str, known: Mapping[str, int], faults: list[Issue]
) -> dict[str, int]:
    """Return the rank of each id of one list, 1 first, ties sharing theirs."""
    ranks: dict[str, int] = {}
    if isinstance(items, str) or not isinstance(items, Collection):
        faults.append(
            _fault(
                where,
                owner,
                str(items),
                "not_a_list",
                "is not a list of ids",
                "Put it into brackets.",
            )
        )
        return ranks
    for rank, item in enumerate(items, start=1):
        for one in [item] if isinstance(item, str) or not isinstance(item, Collection) else item:
            if not isinstance(one, str):
                faults.append(
                    _fault(where, owner, str(one), "not_text", "is not a text", "Ids are texts.")
                )
            elif one in ranks:
                faults.append(
                    _fault(
                        where,
                        owner,
                        one,
                        "duplicate_id",
                        "stands twice in the list",
                        "Keep one of its places.",
                    )
                )
            elif one not in known:
                faults.append(_unknown(where, owner, one, kind, known))
                ranks[one] = rank
            else:
                ranks[one] = rank
    return ranks


def encode_rules(
    market: Market,
    groups: Mapping[str, Collection[str]],
    reserves: Mapping[str, Mapping[str, int]],
    quotas: Mapping[str, Mapping[str, int]],
    employers: Mapping[str, str],
    employer_caps: Mapping[str, int],
) -> Rules | None:
    """Turn rules on ids into arrays; None when there are none.

    Raises
    ------
    InputError
        Unknown ids, numbers below 0, contradictory rules.
    """
    if not (groups or reserves or quotas or employers or employer_caps):
        return None
    youth_at = {one: i for i, one in enumerate(market.youth_ids)}
    offer_at = {one: i for i, one in enumerate(market.offer_ids)}
    group_at = {one: i for i, one in enumerate(groups)}
    employer_at = {one: i for i, one in enumerate(sorted(employer_caps, key=_bytes))}
    faults: list[Issue] = []

    member = np.zeros((len(youth_at), len(group_at)), dtype=bool)
    for group, youths in groups.items():
        for one in youths:
            if one in youth_at:
                member[youth_at[one], group_at[group]] = True
            else:
                faults.append(_unknown("groups", group, one, "youth", youth_at))

    reserve = np.zeros((len(offer_at), len(group_at)), dtype=np.int64)
    quota = np.full_like(reserve, NO_QUOTA)
    for where, table, out in (("reserves", reserves, reserve), ("quotas", quotas, quota)):
        for one, bounds in table.items():
            if one not in offer_at:
                faults.append(_unknown(where, None, one, "offer", offer_at))
            for group, seats in bounds.items():
                if group not in group_at:
                    faults.append(
                        _fault(
                            where,
                            one,
                            group,
                            "unknown_group",
                            "is no group",
                            did_you_mean(group, group_at) or "Declare it.",
                        )
                    )
                elif not _is_count(seats):
                    faults.append(
                        _fault(
                            where,
                            one,
                            str(seats),
                            "negative_bound",
                            "is not a number of seats",
                            "Give 0 or more.",
                        )
                    )
                elif one in offer_at:
                    out[offer_at[one], group_at[group]] = seats

    employer = np.full(len(offer_at), -1, dtype=np.int32)
    for one, firm in employers.items():
        if one not in offer_at:
            faults.append(_unknown("employers", None, one, "offer", offer_at))
        elif firm in employer_at:
            employer[offer_at[one]] = employer_at[firm]
    faults += [
        _fault(
            "employer_caps",
            firm,
            str(cap),
            "negative_capacity",
            "is not a capacity",
            "Give a whole number from 0 up.",
        )
        for firm, cap in employer_caps.items()
        if not _is_count(cap)
    ]
    if faults:
        raise InputError(faults)
    rules = Rules(
        member=member,
        reserve=reserve,
        quota=quota,
        employer=employer,
        employer_cap=np.array([employer_caps[one] for one in employer_at], dtype=np.int64),
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
                    hint="Change the rules of this offer.",
                )
                for o, what in contradictions
            ]
        )
    return rules


def _is_count(value: Any) -> bool:
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return is_whole and int(value) >= 0
