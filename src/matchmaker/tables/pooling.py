"""One offer from several sources, found and kept once.

The rules and the measured rate of wrong merges: ``docs/explanation/pooling.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from matchmaker.tables.pooling_fields import merge_groups
from matchmaker.tables.pooling_keys import IntArray, Keys, TextArray, read_keys
from matchmaker.tables.pooling_near import first_of_near_repeats
from matchmaker.tables.pooling_numbers import read_numbers
from matchmaker.tables.pooling_pairs import matching_pairs
from matchmaker.tables.pooling_repeats import first_of_repeats, without_repeats

__all__ = ["pool_offers"]


def pool_offers(offers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the offers with each one kept once, and what was merged into what.

    Two notices are the same offer when they come from different sources, have the
    same kind, and

    - stand in the same commune, under the same or nearly the same employer (or the
      same SIRET), with titles of the same words (gender, contract and town aside), or
      have the same web address and titles that resemble each other; and
    - nothing contradicts it: SIRET, level, diploma in the title, start more than 31
      days apart, domains of their trades.

    Two notices of one source stay apart, unless nothing that we keep of them differs but id,
    web address, last day and places, or nothing but some words of a longer text
    (`matchmaker.tables.pooling_near`): then the source has published one of them again.
    A group grows only by notices that match *every* member, best pairs first, so no chain
    joins what is far apart. Firms that take spontaneous applications are pooled by SIRET,
    within one source too. A SIRET of two communes, or of three unlike names, is no key.

    Parameters
    ----------
    offers : DataFrame
        The clean offers, one row an id.

    Returns
    -------
    DataFrame
        The same columns, sorted by the bytes of `offer_id`. A merged row keeps the
        smallest id, takes each field from the best-filled row that has it, and joins
        the urls, sources and flags with "|".
    DataFrame
        One row a dropped id: offer_id, source, kept_offer_id, kept_source, evidence
        (``siret`` for firms, ``repeat`` and ``near_repeat`` within a source, ``url``, ``same``
        or ``close`` title), likeness (0 to 100: of the texts of a near repeat, else the lowest
        title likeness in the group).

    Examples
    --------
    >>> import pandas as pd
    >>> row = dict(title="Boulanger (H/F)", employer="Boulangerie Martin", commune_code="29232",
    ...            place_name="Quimper", trade_codes="D1102", siret="", url="", kind="offer",
    ...            level=0, start_date=pd.NaT, contract_type="apprentissage")
    >>> kept, report = pool_offers(pd.DataFrame([
    ...     row | {"offer_id": "b", "source": "lba"},
    ...     row | {"offer_id": "a", "source": "france_travail", "title": "Apprentie boulangère"}]))
    >>> kept["offer_id"].tolist(), report["evidence"].tolist()
    (['a'], ['same'])
    """
    if not offers["offer_id"].is_monotonic_increasing:
        offers = offers.sort_values("offer_id")
    offers = offers.reset_index(drop=True)
    first = first_of_repeats(offers)
    once = without_repeats(offers, first)
    near, alike = first_of_near_repeats(once)
    few = without_repeats(once, near)
    group, evidence, likeness = _grouped(few)

    once_rows, few_rows = (np.flatnonzero(f == np.arange(len(f))) for f in (first, near))
    at_once = np.searchsorted(once_rows, first)  # where the notice that each repeats stands
    at = np.searchsorted(few_rows, near[at_once])
    kept = once_rows[few_rows[group[at]]]
    is_repeat = first != np.arange(len(offers))
    is_near = (near != np.arange(len(once)))[at_once]
    evidence = np.where(is_near, "near_repeat", evidence[at])
    likeness = np.where(is_near, alike[at_once], likeness[at])
    is_dropped = kept != np.arange(len(offers))
    report = pd.DataFrame(
        {
            "offer_id": offers["offer_id"],
            "source": offers["source"],
            "kept_offer_id": offers["offer_id"].array[kept],
            "kept_source": offers["source"].array[kept],
            "evidence": pd.array(np.where(is_repeat, "repeat", evidence), dtype="str"),
            "likeness": np.where(is_repeat, 100, likeness),
        }
    )
    return merge_groups(few, group), report[is_dropped].reset_index(drop=True)


def _grouped(offers: pd.DataFrame) -> tuple[IntArray, TextArray, IntArray]:
    """Return, by offer, the first row of its group, the evidence for it, and the likeness."""
    group = np.arange(len(offers), dtype=np.int64)
    evidence = np.full(len(offers), "", dtype=object)
    likeness = np.full(len(offers), 100, dtype=np.int64)
    site, firm = read_numbers(offers)

    has_key = (offers["kind"] == "spontaneous").to_numpy(dtype=bool) & (site != "").to_numpy(
        dtype=bool
    )
    firms = np.flatnonzero(has_key)
    if len(firms):
        numbers, _ = pd.factorize(site.iloc[firms])
        group[firms] = pd.Series(firms).groupby(numbers).transform("min")
        evidence[firms] = "siret"

    # Firms without such a number are compared like any notice, with their own kind.
    notices = np.flatnonzero(~has_key)
    if len(offers["source"].iloc[notices].unique()) > 1:
        some = offers.iloc[notices].reset_index(drop=True)
        keys = read_keys(some, site.iloc[notices], firm.iloc[notices])
        for members, why, lowest in _groups(keys):
            rows = notices[members]
            group[rows] = rows.min()
            evidence[rows] = why
            likeness[rows] = lowest
    return group, evidence, likeness


def _groups(keys: Keys) -> Iterator[tuple[IntArray, str, int]]:
    """Yield the groups of two and more notices, their weakest evidence and title likeness.

    Complete linkage: two groups join only if every notice of one matches every notice
    of the other. Notices of one source never match, so a group has each source once.
    """
    pairs = matching_pairs(keys)
    order = np.lexsort((pairs.right, pairs.left, -pairs.score))
    left, right = pairs.left[order].tolist(), pairs.right[order].tolist()
    matching = set(zip(left, right, strict=True))
    likeness = dict(zip(zip(left, right, strict=True), pairs.likeness[order].tolist(), strict=True))
    by_url = set(
        zip(pairs.left[pairs.is_url].tolist(), pairs.right[pairs.is_url].tolist(), strict=True)
    )
    members: dict[int, list[int]] = {}
    for i, j in zip(left, right, strict=True):
        ours, theirs = members.get(i, [i]), members.get(j, [j])
        if ours is not theirs and all(
            (min(a, b), max(a, b)) in matching for a in ours for b in theirs
        ):
            joined = sorted(ours + theirs)
            members.update(dict.fromkeys(joined, joined))
    for first, group in members.items():
        if first == group[0]:
            links = [(a, b) for k, a in enumerate(group) for b in group[k + 1 :]]
            lowest = min(likeness[link] for link in links)
            same = "same" if lowest == 100 else "close"
            why = "url" if any(link in by_url for link in links) else same
            yield np.array(group, dtype=np.int64), why, lowest
