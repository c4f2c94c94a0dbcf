"""Which known titles are most like a title: a weighted dot product over sparse features.

A title is a list of stems.  Its features are the stems, the roles they stand for, and their
character n-grams (3 to 4 signs, each stem between word marks), weighted by idf; the n-grams
on one side and the rest on the other are scaled to equal length: the dot product of two
titles is the mean of two cosines.  Weights are 14-bit integers, so sums are exact and the
order of addition cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.reference.trade_text import ROLES

__all__ = ["ONE", "CodesFound", "Groups", "TitleIndex", "build_index", "find"]

IntArray = NDArray[np.int64]
I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

SHORTEST, LONGEST = 3, 4  # signs of an n-gram
COMMON, LEAST_COMMON = 0.10, 100  # part and number of titles from which an n-gram is left out
BLOCK = 4096  # queries at a time: bounds the memory of the groups' likenesses
SCALE = 1 << 14  # a unit vector's length
ONE = SCALE * SCALE  # likeness of a title with itself, up to rounding
_UNKNOWN_GRAM, _UNKNOWN_WORD = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleIndex:
    """Inverted index of titles.

    Attributes
    ----------
    grams, words : dict of str to int
        Numbers of the features; words follow the n-grams.
    idf : ndarray of float64, shape (n_features,)
    starts : ndarray of int64, shape (n_features + 1,)
    titles, weights : ndarray of int32, shape (n_entries,)
        Titles that have a feature and with which weight, feature by feature.
    n_titles : int
    """

    grams: dict[str, int]
    words: dict[str, int]
    idf: F64
    starts: IntArray
    titles: I32
    weights: I32
    n_titles: int


def build_index(
    titles: Sequence[Sequence[str]],
    *,
    hundredths: IntArray | None = None,
    numbered_as: TitleIndex | None = None,
) -> TitleIndex:
    """Index titles given as stems.

    Parameters
    ----------
    hundredths : ndarray of int64, shape (n_titles,), optional
        What each title's likenesses are multiplied with; 100 if left out.
    numbered_as : TitleIndex, optional
        An index whose numbers of features are used; it must know all words of `titles`.
        Queries then are turned into features once for both.
    """
    grams, words = (numbered_as.grams, numbered_as.words) if numbered_as else _numbered(titles)
    ptr, features = _features(titles, grams, words)
    size = len(grams) + len(words)
    rows = np.repeat(np.arange(len(titles)), np.diff(ptr))
    both = np.sort(rows * size + features)
    df = np.bincount(both[np.diff(both, prepend=-1) != 0] % size, minlength=size)
    idf = np.log((1 + len(titles)) / (1 + df)) + 1.0
    # N-grams that very many titles share tell little and cost most of the time.
    idf[: len(grams)][df[: len(grams)] > max(COMMON * len(titles), LEAST_COMMON)] = 0.0
    out_ptr, out_features, out_weights = _weigh(ptr, features, idf, len(grams))
    if hundredths is not None:
        out_weights = (out_weights * np.repeat(hundredths, np.diff(out_ptr)) // 100).astype(
            np.int32
        )
    order = np.argsort(out_features, kind="stable")
    rows = np.repeat(np.arange(len(titles), dtype=np.int32), np.diff(out_ptr))
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(out_features, minlength=size), out=starts[1:])
    return TitleIndex(
        grams=grams,
        words=words,
        idf=idf,
        starts=starts,
        titles=rows[order].astype(np.int32),
        weights=out_weights[order],
        n_titles=len(titles),
    )


def _numbered(titles: Sequence[Sequence[str]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the numbers of n-grams and, behind them, of words and roles."""
    grams: dict[str, int] = {}
    words: dict[str, int] = {}
    for stems in titles:
        for word in stems:
            if word not in words:
                words[word] = len(words)
                if word in ROLES:
                    words.setdefault(ROLES[word], len(words))
                for gram in _grams(word):
                    grams.setdefault(gram, len(grams))
    return grams, {word: len(grams) + number for word, number in words.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Codes put together, each group one long document: it vouches for its codes.

    Attributes
    ----------
    index : TitleIndex
        One document a group: the stems of all titles of its codes; numbered as the titles'.
    group_of_code : ndarray of int32, shape (n_codes,)
    part : int
        Hundredths of the group's likeness that count beside that of a title.
    """

    index: TitleIndex
    group_of_code: I32
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesFound:
    """The best codes of each query, best first; -1 where there are fewer.

    Attributes
    ----------
    code, title : ndarray of int32, shape (n_queries, top)
        Number of the code, and of its best title.
    score, likeness : ndarray of int64
        Likeness of that title with the parts of the groups, and alone (0 to ONE).
    share : ndarray of float64
        Of the titles that hold all words of the query, the part that lies in the code's fine
        group; 0 when no title holds them all.
    """

    code: I32
    score: IntArray
    likeness: IntArray
    title: I32
    share: F64


def find(
    queries: Sequence[Sequence[str]],
    *,
    index: TitleIndex,
    code_of_title: I32,
    groups: tuple[Groups, Groups],
    top: int,
) -> CodesFound:
    """Return the codes most like each query (a title as stems).

    Parameters
    ----------
    index, code_of_title
        Titles, and the number of the code of each.
    groups : pair of Groups
        Two ways to put the codes together, fine and coarse.
    """
    fine, coarse = groups
    parts = []
    for i in range(0, len(queries) or 1, BLOCK):
        block = queries[i : i + BLOCK]
        ptr, features = _features(block, index.grams, index.words)
        fine_likeness, coarse_likeness = (
            _add_up(
                *_weigh(ptr, features, g.idf, len(g.grams)),
                g.starts,
                g.titles,
                g.weights,
                g.n_titles,
            )
            for g in (fine.index, coarse.index)
        )
        parts.append(
            _find(
                *_weigh(ptr, features, index.idf, len(index.grams)),
                _count_words(block, index),
                index.starts,
                index.titles,
                index.weights,
                len(index.grams),
                code_of_title,
                fine_likeness,
                fine.group_of_code,
                fine.part,
                coarse_likeness,
                coarse.group_of_code,
                coarse.part,
                top,
            )
        )
    code, score, likeness, title, share = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return CodesFound(code=code, score=score, likeness=likeness, title=title, share=share)


def _count_words(queries: Sequence[Sequence[str]], index: TitleIndex) -> IntArray:
    """Return how many different words and roles each query has: what a holder must have."""
    return np.array(
        [
            len(set(stems) | ({ROLES.get(s, "") for s in stems} & index.words.keys()))
            for stems in queries
        ],
        np.int64,
    )


def _grams(word: str) -> list[str]:
    marked = f"_{word}_"
    return [
        marked[i : i + n] for n in range(SHORTEST, LONGEST + 1) for i in range(len(marked) - n + 1)
    ]


def _features(
    titles: Sequence[Sequence[str]], grams: dict[str, int], words: dict[str, int]
) -> tuple[IntArray, I32]:
    """Return the features of titles, repeated as often as they occur, title by title."""
    known: dict[str, list[int]] = {}
    flat: list[int] = []
    ptr = np.zeros(len(titles) + 1, np.int64)
    for row, stems in enumerate(titles):
        for word in stems:
            numbers = known.get(word)
            if numbers is None:
                numbers = [grams.get(g, _UNKNOWN_GRAM) for g in _grams(word)]
                numbers.append(words.get(word, _UNKNOWN_WORD))
                if (role := words.get(ROLES.get(word, ""))) is not None:
                    numbers.append(role)
                known[word] = numbers
            flat += numbers
        ptr[row + 1] = len(flat)
    return ptr, np.array(flat, np.int32)


@jit
def _weigh(ptr: IntArray, features: I32, idf: F64, n_grams: int) -> tuple[IntArray, I32, I32]:
    """Turn occurrences into weights: sqrt(count) x idf, each kind of length SCALE / sqrt(2).

    Features that the index does not know lengthen the vector all the same, with the idf of
    the rarest: what is strange in a title lowers all its likenesses.
    """
    rarest = idf.max() if len(idf) else 1.0
    count = np.zeros(len(idf), np.int32)
    out_ptr = np.zeros(len(ptr), np.int64)
    out_features = np.empty(len(features), np.int32)
    out_weights = np.empty(len(features), np.int32)
    end = 0
    for row in range(len(ptr) - 1):
        begin = end
        length_grams, length_words = 0.0, 0.0
        for p in range(ptr[row], ptr[row + 1]):
            f = features[p]
            if f == -1:
                length_grams += rarest * rarest
            elif f == -2:
                length_words += rarest * rarest
            elif idf[f] > 0.0:
                if count[f] == 0:
                    out_features[end] = f
                    end += 1
                count[f] += 1
        for p in range(begin, end):
            f = out_features[p]
            square = count[f] * idf[f] * idf[f]
            if f < n_grams:
                length_grams += square
            else:
                length_words += square
        for p in range(begin, end):
            f = out_features[p]
            length = length_grams if f < n_grams else length_words
            out_weights[p] = np.int32(
                np.round(np.sqrt(count[f] * idf[f] * idf[f] / (2.0 * length)) * SCALE)
            )
            count[f] = 0
        out_ptr[row + 1] = end
    return out_ptr, out_features[:end].copy(), out_weights[:end].copy()


@jit
def _add_up(
    ptr: IntArray,
    features: I32,
    query_weights: I32,
    starts: IntArray,
    titles: I32,
    weights: I32,
    n_titles: int,
) -> I32:
    """Multiply queries and titles, feature by feature."""
    out = np.zeros((len(ptr) - 1, n_titles), np.int32)
    for q in range(len(ptr) - 1):
        for p in range(ptr[q], ptr[q + 1]):
            w = query_weights[p]
            for e in range(starts[features[p]], starts[features[p] + 1]):
                out[q, titles[e]] += w * weights[e]
    return out


@jit
def _find(
    ptr: IntArray,
    features: I32,
    query_weights: I32,
    n_words: IntArray,
    starts: IntArray,
    titles: I32,
    weights: I32,
    n_grams: int,
    code_of_title: I32,
    fine: I32,
    fine_of_code: I32,
    fine_part: int,
    coarse: I32,
    coarse_of_code: I32,
    coarse_part: int,
    top: int,
) -> tuple[I32, IntArray, IntArray, I32, F64]:
    """Keep the best codes of each query; ties go to the lower code."""
    n, n_titles, n_codes = len(ptr) - 1, len(code_of_title), len(fine_of_code)
    out_code = np.full((n, top), -1, np.int32)
    out_score = np.zeros((n, top), np.int64)
    out_like = np.zeros((n, top), np.int64)
    out_title = np.full((n, top), -1, np.int32)
    out_share = np.zeros((n, top))
    like = np.zeros(n_titles, np.int32)
    words = np.zeros(n_titles, np.int32)
    holders = np.zeros(fine.shape[1], np.int32)
    best = np.zeros(n_codes, np.int32)
    best_title = np.zeros(n_codes, np.int32)
    for q in range(n):
        like[:] = 0
        words[:] = 0
        holders[:] = 0
        best[:] = 0
        for p in range(ptr[q], ptr[q + 1]):
            f, w = features[p], query_weights[p]
            for e in range(starts[f], starts[f + 1]):
                like[titles[e]] += w * weights[e]
            if f >= n_grams:
                for e in range(starts[f], starts[f + 1]):
                    words[titles[e]] += 1
        n_holders = 0
        for t in range(n_titles):
            c = code_of_title[t]
            if words[t] == n_words[q]:
                n_holders += 1
                holders[fine_of_code[c]] += 1
            if like[t] > best[c]:
                best[c] = like[t]
                best_title[c] = t
        kept = 0
        for c in range(n_codes):
            if best[c] == 0:
                continue
            score = (
                np.int64(best[c])
                + (
                    np.int64(fine[q, fine_of_code[c]]) * fine_part
                    + np.int64(coarse[q, coarse_of_code[c]]) * coarse_part
                )
                // 100
            )
            if kept == top and score <= out_score[q, top - 1]:
                continue
            place = min(kept, top - 1)
            while place > 0 and out_score[q, place - 1] < score:
                out_code[q, place] = out_code[q, place - 1]
                out_score[q, place] = out_score[q, place - 1]
                out_like[q, place] = out_like[q, place - 1]
                out_title[q, place] = out_title[q, place - 1]
                place -= 1
            out_code[q, place] = c
            out_score[q, place] = score
            out_like[q, place] = best[c]
            out_title[q, place] = best_title[c]
            kept = min(kept + 1, top)
        for place in range(kept if n_holders else 0):
            out_share[q, place] = holders[fine_of_code[out_code[q, place]]] / n_holders
    return out_code, out_score, out_like, out_title, out_share
