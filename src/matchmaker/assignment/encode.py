"""From ids to arrays: preferences checked, all their faults named at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matchmaker.assignment.arrays import Preferences, order_lists
from matchmaker.assignment.ids import by_bytes, fault, is_count, unknown
from matchmaker.assignment.lottery import Lottery
from matchmaker.errors import InputError, Issue
from matchmaker.hashing import hash_ids
from matchmaker.words import said

__all__ = ["NamedPreferences", "PreferenceLists", "encode"]

# From an id to its list, best first; an item that is itself a collection is a tie.
PreferenceLists = Mapping[str, Collection[str | Collection[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPreferences:
    """Ids, sorted by their bytes, and the preferences between them as arrays.

    Attributes
    ----------
    youth_ids, offer_ids : list of str
        The id of each row of the arrays.
    preferences : Preferences
    """

    youth_ids: list[str]
    offer_ids: list[str]
    preferences: Preferences


def encode(
    youth_preferences: PreferenceLists,
    offer_preferences: PreferenceLists,
    capacities: Mapping[str, int],
    *,
    seed: int,
    lottery: Lottery = "common",
) -> NamedPreferences:
    """Check preferences of ids and turn them into arrays.

    Ids are sorted, so neither the order of the mappings nor of their ties matters.

    Parameters
    ----------
    youth_preferences, offer_preferences, capacities, seed, lottery
        As for `matchmaker.deferred_acceptance`.

    Returns
    -------
    NamedPreferences

    Raises
    ------
    InputError
        See `deferred_acceptance`.
    """
    faults: list[Issue] = []
    offer_at = {one: i for i, one in enumerate(sorted(capacities, key=by_bytes))}
    youth_at = {one: i for i, one in enumerate(sorted(youth_preferences, key=by_bytes))}
    for one, seats in capacities.items():
        if not is_count(seats):
            faults.append(
                fault(
                    "capacities",
                    one,
                    str(seats),
                    "negative_capacity",
                    said("assignment.not_a_capacity"),
                    said("assignment.whole_from_0"),
                )
            )
    accepted: dict[str, dict[str, int]] = {}
    for one in offer_preferences:
        if one not in offer_at:
            faults.append(unknown("offer_preferences", None, one, "offer", offer_at))
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
    return NamedPreferences(
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


def _ranks(
    where: str, owner: str, items: Any, kind: str, known: Mapping[str, int], faults: list[Issue]
) -> dict[str, int]:
    """Return the rank of each id of one list, 1 first, ties sharing theirs."""
    ranks: dict[str, int] = {}
    if isinstance(items, str) or not isinstance(items, Collection):
        faults.append(
            fault(
                where,
                owner,
                str(items),
                "not_a_list",
                said("assignment.not_a_list"),
                said("assignment.brackets"),
            )
        )
        return ranks
    for rank, item in enumerate(items, start=1):
        for one in [item] if isinstance(item, str) or not isinstance(item, Collection) else item:
            if not isinstance(one, str):
                faults.append(
                    fault(
                        where,
                        owner,
                        str(one),
                        "not_text",
                        said("assignment.not_text"),
                        said("assignment.ids_are_texts"),
                    )
                )
            elif one in ranks:
                faults.append(
                    fault(
                        where,
                        owner,
                        one,
                        "duplicate_id",
                        said("assignment.twice_in_list"),
                        said("assignment.keep_one_place"),
                    )
                )
            elif one not in known:
                faults.append(unknown(where, owner, one, kind, known))
                ranks[one] = rank
            else:
                ranks[one] = rank
    return ranks
