"""Pairs of notices that are the same offer, found without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from matchmaker.tables.pooling_keys import (
    CLOSE_NAME,
    UNKNOWN_DAY,
    IntArray,
    Keys,
    same_words,
)

__all__ = ["MatchingPairs", "matching_pairs"]

Bools: TypeAlias = npt.NDArray[np.bool_]

_CLOSE_TITLE = 85  # of 100: only a sieve, `same_words` decides
_CLOSE_URL_TITLE = 80  # a common address is strong evidence, so titles may differ more
_MAX_START_APART_DAYS = 31
_MAX_HEAP = 20  # equal notices of a larger heap are paired one to one, source by source
_MAX_TITLES = 1_500  # more titles of one employer are compared only if they share the longest word


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingPairs:
    """Pairs of notices that satisfy every condition but "each member matches each".

    Attributes
    ----------
    left, right : array of int64
        Positions of the notices, left < right.
    likeness : array of int64
        Likeness of the titles, 0 to 100.
    is_url : array of bool
        Whether the two share a web address.
    score : array of int64
        The better of two pairs is taken first: common address, SIRET, titles, start,
        contract.
    """

    left: IntArray
    right: IntArray
    likeness: IntArray
    is_url: Bools
    score: IntArray


def matching_pairs(keys: Keys) -> MatchingPairs:
    """Return the pairs of notices from two sources that match and do not contradict."""
    n = len(keys.title)
    has_place = keys.commune != ""
    firm = _labels(has_place & (keys.employer != ""), keys.kind, keys.commune, keys.employer)
    site = _labels(has_place & (keys.site != ""), keys.kind, keys.commune, keys.site)
    wording = _labels(np.ones(n, dtype=bool), keys.title, keys.title_level)
    codes = [
        _equal(keys, _labels(firm >= 0, firm, wording)),
        _equal(keys, _labels(site >= 0, site, wording)),
        _close_titles(keys, ((rows, rows) for rows in _heaps(keys, firm))),
        _close_titles(keys, ((rows, rows) for rows in _heaps(keys, site))),
        _close_titles(keys, _close_employers(keys, firm)),
    ]
    by_url = _equal(keys, _labels(_serves_one_notice(keys), keys.kind, keys.url))
    code = np.unique(np.concatenate([*codes, by_url]))
    left, right = code // n, code % n
    is_url = np.isin(code, by_url)
    likeness = _likeness(keys, left, right)
    keep = _agree(keys, left, right) & (
        np.isin(code, np.concatenate(codes)) | (likeness >= _CLOSE_URL_TITLE)
    )
    left, right, is_url, likeness = left[keep], right[keep], is_url[keep], likeness[keep]
    score = (
        1000 * is_url
        + 500 * ((keys.site[left] == keys.site[right]) & (keys.site[left] != ""))
        + likeness
        + 50 * (keys.start_day[left] == keys.start_day[right])
        + 20 * (keys.contract[left] == keys.contract[right])
    )
    return MatchingPairs(
        left=left, right=right, likeness=likeness, is_url=is_url, score=score.astype(np.int64)
    )


def _labels(is_known: Bools, *columns: npt.NDArray[np.generic]) -> IntArray:
    """Return one number a distinct combination of `columns`, -1 where not known."""
    frame = pd.DataFrame(dict(enumerate(columns)))[is_known]
    labels = np.full(len(is_known), -1, dtype=np.int64)
    labels[is_known] = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    return labels


def _equal(keys: Keys, labels: IntArray) -> IntArray:
    """Return the pairs (left * n + right) with one label and two sources.

    In a heap of more than 20 the k-th notice of a source meets the k-th of another,
    sorted by SIRET, start and id: the notices say nothing by which to tell them
    apart, and 500 of one employer must not make 100,000 pairs.
    """
    n = len(labels)
    rows = np.flatnonzero(labels >= 0)
    frame = pd.DataFrame(
        {
            "label": labels[rows],
            "source": keys.source[rows],
            "site": keys.site[rows],
            "start": keys.start_day[rows],
            "row": rows,
        }
    ).sort_values(["label", "source", "site", "start", "row"])
    by_label = frame.groupby("label")
    frame = frame[by_label["source"].transform("nunique") > 1]
    is_large = frame.groupby("label")["row"].transform("size") > _MAX_HEAP
    slot = frame.groupby(["label", "source"]).cumcount()
    frame = frame.assign(slot=slot.where(is_large, 0))[["label", "slot", "source", "row"]]
    met = frame.merge(frame, on=["label", "slot"])
    met = met[(met["row_x"] < met["row_y"]) & (met["source_x"] != met["source_y"])]
    return (met["row_x"] * n + met["row_y"]).to_numpy(dtype=np.int64)


def _heaps(keys: Keys, labels: IntArray) -> Iterator[IntArray]:
    """Yield the rows of each label that has two sources and two titles."""
    frame = pd.DataFrame(
        {"label": labels, "source": keys.source, "title": keys.title, "level": keys.title_level}
    )[labels >= 0]
    by_label = frame.groupby("label")
    is_mixed = (by_label["source"].transform("nunique") > 1) & (
        frame.groupby(["label"])["title"].transform("nunique")
        + by_label["level"].transform("nunique")
        > 2
    )
    mixed = frame[is_mixed]
    at = mixed.index.to_numpy(dtype=np.int64)
    for rows in mixed.groupby("label").indices.values():
        yield at[rows]


def _close_employers(keys: Keys, firm: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield the rows of two employers of one commune whose names all but agree.

    Names are compared when they share their first four letters, which keeps the
    work small in a big city. A number in the name must agree.
    """
    rows_of = pd.Series(firm[firm >= 0]).groupby(firm[firm >= 0]).indices
    at = np.flatnonzero(firm >= 0)
    firms = pd.DataFrame({"firm": firm[at], "row": at}).drop_duplicates("firm")
    rows = firms["row"].to_numpy(dtype=np.int64)
    start = np.array([name[:4] for name in keys.employer[rows]], dtype=object)
    block = _labels(np.ones(len(rows), dtype=bool), keys.kind[rows], keys.commune[rows], start)
    for members in pd.Series(block).groupby(block).indices.values():
        if len(members) < 2:
            continue
        names = keys.employer[rows[members]].tolist()
        alike = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=CLOSE_NAME)
        for a, b in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
            digits = [[w for w in names[k].split() if not w.isalpha()] for k in (a, b)]
            if digits[0] == digits[1]:
                one, other = (int(firms["firm"].iloc[members[k]]) for k in (a, b))
                yield at[rows_of[one]], at[rows_of[other]]


def _close_titles(keys: Keys, heaps: Iterable[tuple[IntArray, IntArray]]) -> IntArray:
    """Return the pairs between two heaps of rows whose titles are close."""
    n = len(keys.title)
    found: list[int] = []
    for left, right in heaps:
        ours, theirs = _by_title(keys, left), _by_title(keys, right)
        for one, other in _title_pairs(list(ours), list(theirs)):
            a, b = ours[one], theirs[other]
            if len(a) * len(b) <= _MAX_HEAP**2:
                met = [(i, j) for i in a for j in b]
            else:
                met = list(zip(a, b, strict=False))
            found += [min(i, j) * n + max(i, j) for i, j in met if keys.source[i] != keys.source[j]]
    return np.array(found, dtype=np.int64)


def _by_title(keys: Keys, rows: IntArray) -> dict[tuple[str, int], list[int]]:
    """Return rows by (title, level of the title)."""
    heaps: dict[tuple[str, int], list[int]] = {}
    for row in rows.tolist():
        heaps.setdefault((keys.title[row], int(keys.title_level[row])), []).append(row)
    return heaps


def _title_pairs(
    ours: list[tuple[str, int]], theirs: list[tuple[str, int]]
) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Yield the pairs of (title, level) that hold the same words."""
    if max(len(ours), len(theirs)) > _MAX_TITLES:
        blocks: dict[str, tuple[list[tuple[str, int]], list[tuple[str, int]]]] = {}
        for side, titles in enumerate((ours, theirs)):
            for title in titles:
                longest = max(title[0].split(), key=lambda word: (len(word), word), default="")
                blocks.setdefault(longest, ([], []))[side].append(title)
        parts = list(blocks.values())
    else:
        parts = [(ours, theirs)]
    for left, right in parts:
        alike = process.cdist(
            [t for t, _ in left],
            [t for t, _ in right],
            scorer=fuzz.ratio,
            score_cutoff=_CLOSE_TITLE,
        )
        for a, b in zip(*np.nonzero(alike), strict=True):
            one, other = left[a], right[b]
            is_level_known = bool(one[1] and other[1])
            if (not is_level_known or one[1] == other[1]) and same_words(one[0], other[0]):
                yield one, other


def _serves_one_notice(keys: Keys) -> Bools:
    """Tell whether a web address stands at most once in each source.

    One that a source repeats is a page for all vacancies of a firm.
    """
    frame = pd.DataFrame({"url": keys.url, "source": keys.source})
    once = ~frame.duplicated(keep=False)
    return ((frame["url"] != "") & once.groupby(frame["url"]).transform("all")).to_numpy(dtype=bool)


def _likeness(keys: Keys, left: IntArray, right: IntArray) -> IntArray:
    """Return the likeness of the titles of each pair, 0 to 100, 100 for the same words."""
    pairs = list(zip(keys.title[left].tolist(), keys.title[right].tolist(), strict=True))
    known = {p: 100 if p[0] == p[1] else int(fuzz.token_set_ratio(*p)) for p in set(pairs)}
    return np.array([known[pair] for pair in pairs], dtype=np.int64)


def _agree(keys: Keys, left: IntArray, right: IntArray) -> Bools:
    """Tell which pairs nothing contradicts; what is unknown on one side agrees."""

    def differ(values: npt.NDArray[np.generic], unknown: object) -> Bools:
        a, b = values[left], values[right]
        return np.asarray((a != b) & (a != unknown) & (b != unknown), dtype=bool)

    start_a, start_b = keys.start_day[left], keys.start_day[right]
    is_start_known = (start_a != UNKNOWN_DAY) & (start_b != UNKNOWN_DAY)
    days = np.abs(np.where(is_start_known, start_a, 0) - np.where(is_start_known, start_b, 0))
    agree = ~(
        differ(keys.site, "")
        | differ(keys.firm, "")
        | differ(keys.commune, "")
        | differ(keys.level, 0)
        | differ(keys.title_level, 0)
        | (days > _MAX_START_APART_DAYS)
    )
    # Old and fine codes of a trade share their domain, the first three signs.
    trades = zip(keys.trades[left].tolist(), keys.trades[right].tolist(), strict=True)
    domains = {text: {code[:3] for code in text.split("|") if code} for text in set(keys.trades)}
    share = [not domains[a] or not domains[b] or bool(domains[a] & domains[b]) for a, b in trades]
    return np.asarray(agree & np.array(share, dtype=bool), dtype=bool)
