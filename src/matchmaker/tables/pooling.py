"""One offer from several sources, found and kept once.

The rules and the measured rate of wrong merges: ``docs/explanation/pooling.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from matchmaker.tables.pooling_fields import merge_groups
from matchmaker.tables.pooling_keys import IntArray, Keys, read_keys
from matchmaker.tables.pooling_pairs import matching_pairs

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

    A source never lists one offer twice under two ids: notices of one source stay
    apart. A group grows only by notices that match *every* member, best pairs first,
    so no chain joins what is far apart. Firms that take spontaneous applications
    are pooled by SIRET, within one source too.

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
        (``siret`` for firms, ``url``, ``same`` or ``close`` title), likeness (0 to 100,
        the lowest title likeness in the group).

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
    offers = offers.sort_values("offer_id").reset_index(drop=True)
    is_firm = (offers["kind"] == "spontaneous").to_numpy(dtype=bool)
    group = np.arange(len(offers), dtype=np.int64)
    evidence = np.full(len(offers), "", dtype=object)
    likeness = np.full(len(offers), 100, dtype=np.int64)

    firms = np.flatnonzero(is_firm & (offers["siret"] != "").to_numpy(dtype=bool))
    if len(firms):
        sirets, _ = pd.factorize(offers["siret"].iloc[firms])
        first = pd.Series(firms).groupby(sirets).transform("min").to_numpy(dtype=np.int64)
        group[firms] = first
        evidence[firms] = "siret"

    notices = np.flatnonzero(~is_firm)
    if len(notices):
        keys = read_keys(offers.iloc[notices].reset_index(drop=True))
        for members, why, lowest in _groups(keys):
            rows = notices[members]
            group[rows] = rows.min()
            evidence[rows] = why
            likeness[rows] = lowest

    is_dropped = group != np.arange(len(offers))
    kept = offers["offer_id"].to_numpy(dtype=object)[group]
    report = pd.DataFrame(
        {
            "offer_id": offers["offer_id"],
            "source": offers["source"],
            "kept_offer_id": pd.Series(kept, dtype="str"),
            "kept_source": pd.Series(offers["source"].to_numpy(dtype=object)[group], dtype="str"),
            "evidence": pd.Series(evidence, dtype="str"),
            "likeness": likeness,
        }
    )
    return merge_groups(offers, group), report[is_dropped].reset_index(drop=True)


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
