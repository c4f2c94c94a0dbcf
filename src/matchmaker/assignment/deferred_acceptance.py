"""Deferred acceptance on dicts of ids: the public, checked entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from matchmaker.assignment.accepted import set_aside
from matchmaker.assignment.arrays import Matching, stable_matching
from matchmaker.assignment.encode import NamedPreferences, PreferenceLists, encode
from matchmaker.assignment.lottery import Lottery
from matchmaker.assignment.named_rules import NamedRules, encode_rules
from matchmaker.assignment.stability import check_matching

__all__ = ["Assignment", "deferred_acceptance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who got which offer.

    Attributes
    ----------
    by_youth : dict of str to str
        The offer of each youth placed, in the order of the youths' ids.
    by_offer : dict of str to tuple of str
        The youths of each offer, those without any included.
    rank : dict of str to int
        The rank, as wished, that each youth placed now obtained; 1 is the first wish.
    reserved : dict of str to str
        The group whose reserved seat a youth took.
    unplaced : tuple of str
        Youths without an offer.
    lottery : dict of str to int
        Lottery numbers, the smallest first among equals: the BLAKE2b-64 digest of
        ``seed:youth_id``, mixed with that of the offer when each has its own lottery.

    Examples
    --------
    >>> found = deferred_acceptance(
    ...     {"Ana": ["bakery"], "Bo": ["bakery"]}, {"bakery": ["Bo", "Ana"]}, {"bakery": 1}
    ... )
    >>> found.by_offer, found.rank, found.unplaced
    ({'bakery': ('Bo',)}, {'Bo': 1}, ('Ana',))
    """

    by_youth: dict[str, str]
    by_offer: dict[str, tuple[str, ...]]
    rank: dict[str, int]
    reserved: dict[str, str]
    unplaced: tuple[str, ...]
    lottery: dict[str, int]


def deferred_acceptance(  # noqa: PLR0913 - the public entry: one keyword a rule, none needed
    youth_preferences: PreferenceLists,
    offer_preferences: PreferenceLists,
    capacities: Mapping[str, int],
    *,
    proposing: Literal["youths", "offers"] = "youths",
    seed: int = 0,
    lottery: Lottery = "common",
    groups: Mapping[str, Collection[str]] | None = None,
    reserves: Mapping[str, Mapping[str, int]] | None = None,
    quotas: Mapping[str, Mapping[str, int]] | None = None,
    employers: Mapping[str, str] | None = None,
    employer_caps: Mapping[str, int] | None = None,
    accepted: Mapping[str, str] | None = None,
) -> Assignment:
    """Assign youths to offers so that nobody is passed over without reason.

    Parameters
    ----------
    youth_preferences : mapping of youth id to a collection
        Wishes, best first; an item is an offer id, or a collection of them (a tie).
    offer_preferences : mapping of offer id to a collection
        Youths the offer accepts, best first, ties likewise.  An offer that is left out
        accepts whoever wishes it, in the order of the lottery.
    capacities : mapping of offer id to int
        Seats, 0 or more, of every offer.
    proposing : {"youths", "offers"}
        The side that gets the best it can in any stable assignment.  Only with "youths"
        is a truthful list the best answer of each youth.
    seed : int
        Seed of the lottery that breaks ties.
    lottery : {"common", "per_offer"}
        One number a youth for all offers, or one for each offer.
    groups : mapping of group to youth ids, optional
        They may overlap.
    reserves, quotas : mapping of offer id to (mapping of group to int), optional
        Seats at which the group goes first; most members that the offer takes.
        See `matchmaker.assignment.rules` for what they promise.
    employers : mapping of offer id to employer, optional
    employer_caps : mapping of employer to int, optional
        Most youths of an employer over all its offers.
    accepted : mapping of youth id to offer id, optional
        Contracts of an earlier wave: they stand, whatever the lists say.

    Returns
    -------
    Assignment

    Raises
    ------
    InputError
        Unknown ids, an id twice in one list, negative capacities, contradictory rules:
        all of them, one sentence each.
    UsageError
        Offers are to propose under rules.

    Examples
    --------
    >>> deferred_acceptance(
    ...     {"Ana": ["bakery", "garage"], "Bo": ["bakery"]},
    ...     {"bakery": ["Ana", "Bo"], "garage": ["Ana"]},
    ...     {"bakery": 1, "garage": 1},
    ... ).by_youth
    {'Ana': 'bakery'}
    """
    accepted = accepted or {}
    named = NamedRules(
        groups=groups or {},
        reserves=reserves or {},
        quotas=quotas or {},
        employers=employers or {},
        employer_caps=employer_caps or {},
    )
    left = set_aside(accepted, youth_preferences, capacities, named)
    market = encode(
        left.youth_preferences, offer_preferences, left.capacities, seed=seed, lottery=lottery
    )
    rules = encode_rules(market, left.rules)
    matching = stable_matching(market.preferences, rules=rules, proposing=proposing)
    check_matching(market.preferences, matching, rules)
    return _decode(market, matching, list(named.groups), accepted)


def _decode(
    market: NamedPreferences, matching: Matching, groups: list[str], accepted: Mapping[str, str]
) -> Assignment:
    """Name what a matching of positions says."""
    preferences = market.preferences
    by_youth: dict[str, str] = {}
    by_offer: dict[str, list[str]] = {one: [] for one in market.offer_ids}
    rank: dict[str, int] = {}
    reserved: dict[str, str] = {}
    for youth, pair, seat in zip(
        market.youth_ids, matching.pair.tolist(), matching.seat.tolist(), strict=True
    ):
        if youth in accepted:
            by_youth[youth] = accepted[youth]
            by_offer[accepted[youth]].append(youth)
        elif pair >= 0:
            offer = market.offer_ids[preferences.offer[pair]]
            by_youth[youth] = offer
            by_offer[offer].append(youth)
            rank[youth] = int(preferences.tier[pair])
            if seat >= 0:
                reserved[youth] = groups[seat]
    return Assignment(
        by_youth=by_youth,
        by_offer={one: tuple(youths) for one, youths in by_offer.items()},
        rank=rank,
        reserved=reserved,
        unplaced=tuple(one for one in market.youth_ids if one not in by_youth),
        lottery=dict(zip(market.youth_ids, preferences.youth_hash.tolist(), strict=True)),
    )
