"""Trades of titles that say none for sure, borrowed from coded titles of the same batch.

A batch often holds the same post twice, once with a code. A title is what it is made of: its
words, and its pairs of words that stand side by side, weighted by how rare they are in the batch.
Coded titles whose cosine with it is `LEAST_LIKE` or more are its neighbours; each of their
offers votes with its likeness for its codes, and the family with two thirds of the votes wins, by
its best code. Neighbours that disagree prove nothing, nor does a title of one word.

How the threshold was chosen, and what it costs: ``docs/explanation/trades.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from matchmaker.reference.lookup import combinations
from matchmaker.reference.rome import families, rome
from matchmaker.reference.trade_text import read_title
from matchmaker.settings import Settings

__all__ = ["CONFIDENCE", "NEIGHBOURS", "trades_of_neighbours"]

NEIGHBOURS = "neighbours"
"""``trade_how`` of a clean offer whose trade is that of coded offers with nearly the same title."""

CONFIDENCE = 0.8
"""Of such a row: our judgement, under the share that was right among few."""

LEAST_LIKE = 700_000  # millionths
_ONE = 1_000_000
_FEWEST = 2  # words of a title
_MOST = 20_000  # titles on each side that are read: bounds the time
_SHARES = 60  # a vote is cut among the codes of an offer without a remainder
_AT_ONCE = 100  # titles held against all others at a time: bounds the memory
_WORKING_MIB = 8  # of scikit-learn's distances; its own default is 1,024

Stems = tuple[str, ...]


def trades_of_neighbours(
    asked: pd.Series, titles: pd.Series, codes: pd.Series, settings: Settings
) -> pd.Series:
    """Return the code that the coded neighbours of each title agree on.

    Parameters
    ----------
    asked : Series of str, n rows
        Titles of offers without a trade.
    titles, codes : Series of str, m rows
        Titles and codes (``"|"`` between) of coded offers.
    settings : Settings
        The nomenclature tells the family of a code.

    Returns
    -------
    Series of str, n rows with the index of `asked`
        One code, "" where there is no neighbour, or none that the others bear out. The same for
        any order of rows.

    Examples
    --------
    >>> coded = pd.Series(["Équipier drive et rayons - Vannes", "Boulanger"], dtype="str")
    >>> trades_of_neighbours(
    ...     pd.Series(["Équipière drive et rayons (H/F)", "Chef"], dtype="str"),
    ...     coded, pd.Series(["N1103", "D1102"], dtype="str"), Settings()).tolist()
    ['N1103', '']
    """
    row, distinct = pd.factorize(asked)
    stems = {title: _stems(title) for title in _first(asked)}
    askers = sorted({words for words in stems.values() if words})
    lent = _votes(titles, codes) if askers else {}
    lenders = sorted(lent)
    answers = dict.fromkeys(askers, "")
    table = rome(settings).codes
    family = dict(zip(table["code"], families(table["code"], table["parent"]), strict=True))
    for asker, near in _neighbours(askers, lenders).items():
        answers[asker] = _agreed([(lent[words], like) for words, like in near], family)
    found = [answers.get(stems.get(str(title), ()), "") for title in distinct]
    return pd.Series(pd.array(found, dtype="str").take(row), index=asked.index)


def _stems(title: str) -> Stems:
    """Return the stems of a title, none where they are too few to prove anything."""
    stems = read_title(title).stems
    return stems if len(set(stems)) >= _FEWEST else ()


def _votes(titles: pd.Series, codes: pd.Series) -> dict[Stems, dict[str, int]]:
    """Return the votes of the offers of each title, by code."""
    is_read = titles.isin(_first(titles))
    titles, codes = titles[is_read], codes[is_read]
    row_of, first = combinations([titles, codes])
    counts = np.bincount(row_of).tolist()
    votes: dict[Stems, dict[str, int]] = {}
    for title, written, count in zip(
        titles.iloc[first].tolist(), codes.iloc[first].tolist(), counts, strict=True
    ):
        stems = _stems(title)
        if stems:
            of_title = votes.setdefault(stems, {})
            several = written.split("|")
            for code in several:
                of_title[code] = of_title.get(code, 0) + count * _SHARES // len(several)
    return votes


def _first(titles: pd.Series) -> list[str]:
    """Return the titles that take part: all, or those that stand most often, ties by their signs."""
    counts = titles.value_counts()
    if len(counts) <= _MOST:
        return [str(title) for title in counts.index]
    ranked = counts.rename_axis("title").reset_index(name="n")
    ranked = ranked.sort_values(["n", "title"], ascending=[False, True])
    return [str(title) for title in ranked["title"].head(_MOST)]


def _features(stems: Stems) -> list[str]:
    """Return the words of a title, and its pairs of words side by side."""
    return [*stems, *(f"{a} {b}" for a, b in pairwise(stems))]


def _neighbours(
    askers: Sequence[Stems], lenders: Sequence[Stems]
) -> dict[Stems, list[tuple[Stems, int]]]:
    """Return the coded titles near each title, and their likeness in millionths."""
    some_askers, some_lenders = _screened(askers, lenders)
    if not some_askers:
        return {}
    # Heavy, and a run of few offers seldom comes so far.
    import sklearn
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import NearestNeighbors

    weigh = TfidfVectorizer(analyzer=_features).fit(sorted({*askers, *lenders}))
    # A hair wider than the threshold: what counts is the rounded likeness.
    search = NearestNeighbors(
        radius=1 - LEAST_LIKE / _ONE + 2 / _ONE, metric="cosine", algorithm="brute"
    ).fit(weigh.transform(some_lenders))
    with sklearn.config_context(working_memory=_WORKING_MIB):
        distance, at = search.radius_neighbors(weigh.transform(some_askers))
    near: dict[Stems, list[tuple[Stems, int]]] = {}
    for asker, far, rows in zip(some_askers, distance, at, strict=True):
        likeness = np.rint((1 - far) * _ONE).astype(np.int64).tolist()
        near[asker] = [
            (some_lenders[i], like)
            for i, like in zip(rows.tolist(), likeness, strict=True)
            if like >= LEAST_LIKE
        ]
    return near


def _screened(askers: Sequence[Stems], lenders: Sequence[Stems]) -> tuple[list[Stems], list[Stems]]:
    """Return the titles of both sides that share more than half of their words with another.

    Two titles that do not are no neighbours, whatever their words weigh.
    """
    words = {word: i for i, word in enumerate(dict.fromkeys(w for stems in askers for w in stems))}
    of_asker, of_lender = _held(askers, words), _held(lenders, words)
    n_words = np.array([len(set(stems)) for stems in askers])
    n_lent = np.array([len(set(stems)) for stems in lenders])
    is_asker, is_lender = np.zeros(len(askers), dtype=bool), np.zeros(len(lenders), dtype=bool)
    for start in range(0, len(askers) if len(lenders) else 0, _AT_ONCE):
        shared = sp.coo_matrix(of_asker[start : start + _AT_ONCE] @ of_lender.T)
        row = shared.row + start
        is_near = 2 * shared.data > np.maximum(n_words[row], n_lent[shared.col])
        is_asker[row[is_near]] = True
        is_lender[shared.col[is_near]] = True
    return _kept(askers, is_asker), _kept(lenders, is_lender)


def _held(titles: Sequence[Stems], words: Mapping[str, int]) -> sp.csr_matrix:
    """Return which of the words each title holds."""
    columns = [[words[word] for word in sorted(set(stems)) if word in words] for stems in titles]
    indptr = np.zeros(len(titles) + 1, dtype=np.int64)
    np.cumsum([len(held) for held in columns], out=indptr[1:])
    flat = np.array([column for held in columns for column in held], dtype=np.int64)
    shape = (len(titles), len(words))
    return sp.csr_matrix((np.ones(len(flat), dtype=np.int32), flat, indptr), shape=shape)


def _kept(titles: Sequence[Stems], is_kept: NDArray[np.bool_]) -> list[Stems]:
    return [titles[i] for i in np.flatnonzero(is_kept).tolist()]


def _agreed(near: Sequence[tuple[Mapping[str, int], int]], family: Mapping[str, str]) -> str:
    """Return the best code of the family with two thirds of the votes, "" where none has."""
    of_code: dict[str, int] = {}
    for votes, like in near:
        for code, count in votes.items():
            of_code[code] = of_code.get(code, 0) + count * like
    of_family: dict[str, int] = {}
    for code, count in of_code.items():
        name = family.get(code, code)
        of_family[name] = of_family.get(name, 0) + count
    if not of_family:
        return ""
    # Ties by the name: min over (less votes, name).
    winner = min(of_family, key=lambda name: (-of_family[name], name))
    if 3 * of_family[winner] < 2 * sum(of_family.values()):
        return ""
    own = [code for code in of_code if family.get(code, code) == winner]
    return min(own, key=lambda code: (-of_code[code], code))
