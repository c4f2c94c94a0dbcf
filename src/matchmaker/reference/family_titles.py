"""How like the titles of trades are: of two families, and of two codes inside one family.

A family is all codes of one parent (code of ROME 3). All its titles, and the skills of its codes
where the user has added them, are one document; likeness of two documents is the cosine of their
tf-idf weights. Families of the same domain or letter come a little before others that are as
like: the nomenclature puts kindred trades together, but its domains alone are no evidence.

All sums are of whole numbers, so that no value depends on a library or on an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matchmaker.reference.rome import Rome, families
from matchmaker.reference.trade_index import ONE, SCALE, build_index
from matchmaker.reference.trade_text import read_title

__all__ = ["Alike", "alike"]

Ints = NDArray[np.int64]

_FAMILIES = 10  # near families kept for each family
_LEAST = ONE * 15 // 100  # below it likeness is chance
_DOMAIN, _LETTER = ONE * 10 // 100, ONE * 5 // 100  # what the hierarchy adds
# Families of two letters that are less alike than this must share more than one word: the first
# word may bear so many hundredths of what their words have in common.
_LESS_ALIKE, _OF_ONE_WORD = ONE * 25 // 100, 65
_DOMAINS_OF_A_WORD = 20  # a word that stands in more of the 110 domains names no trade
# Words that name a rank and no trade, however few domains they stand in: a nursing auxiliary
# has nothing in common with an auxiliary of driving schools.
_RANKS = frozenset(
    stem
    for stem in read_title(
        "aide auxiliaire assistant adjoint chef responsable directeur gérant chargé agent employé "
        "ouvrier opérateur technicien ingénieur manager cadre expert spécialiste"
    ).stems
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Pairs of codes, as positions in ``tables.codes``, and how like they are, by row and near.

    Inside a family both directions stand; a near family's nearest may be others.

    Attributes
    ----------
    row, near : ndarray of int64, shape (n_pairs,)
    like : ndarray of int64
        Likeness in ten-thousandths, 0 to 10,000.
    is_inside : ndarray of bool
        The two are of one family, and `like` is of their own titles; else it is of their
        families'.
    """

    row: Ints
    near: Ints
    like: Ints
    is_inside: NDArray[np.bool_]


def alike(tables: Rome) -> Alike:
    """Return which codes have like titles: inside a family, and in near families.

    Parameters
    ----------
    tables : Rome
        The whole table, so that a value does not depend on which trades a run holds.

    Examples
    --------
    >>> from matchmaker.reference.rome import rome
    >>> from matchmaker.settings import Settings
    >>> tables = rome(Settings())
    >>> found, codes = alike(tables), tables.codes["code"].to_numpy()
    >>> set(codes[found.near[(codes[found.row] == "D1209") & found.is_inside]])
    {'D1219'}
    """
    codes = tables.codes["code"].tolist()
    names, family = np.unique(families(codes, tables.codes["parent"]), return_inverse=True)
    own, words = np.arange(len(codes)), _words_of_trade(tables)
    member = sp.csr_matrix((np.ones(len(codes), np.int64), (own, family)))
    siblings = sp.csr_matrix(member @ member.T).tocoo()
    inside = _likeness(
        tables, _text(words, own)[0], own, among=(siblings.row, siblings.col)
    ).tocoo()
    kept = inside.row != inside.col
    text, n_grams = _text(words, family)
    likeness = _likeness(tables, text, family)
    a, b, like = _near(likeness, names)
    has_grounds = ~_rests_on_one_word(likeness, sp.csr_matrix(text[:, n_grams:]), names, a, b)
    a, b, like = a[has_grounds], b[has_grounds], like[has_grounds]
    # From pairs of families to pairs of their codes.
    pairs = sp.csr_matrix((like, (a, b)), shape=(len(names), len(names)))
    across = sp.csr_matrix(member @ pairs @ member.T).tocoo()
    row = np.concatenate([inside.row[kept], across.row]).astype(np.int64)
    near = np.concatenate([inside.col[kept], across.col]).astype(np.int64)
    order = np.lexsort((near, row))
    return Alike(
        row=row[order],
        near=near[order],
        like=_ten_thousandths(np.concatenate([inside.data[kept], across.data]))[order],
        is_inside=np.repeat([True, False], [int(kept.sum()), len(across.row)])[order],
    )


def _ten_thousandths(like: Ints) -> Ints:
    return np.asarray(np.minimum(like, ONE) * 10_000 // ONE, np.int64)


def _near(likeness: sp.csr_matrix, names: NDArray[np.str_]) -> tuple[Ints, Ints, Ints]:
    """Return (family, near family, likeness with the hierarchy's part) of the nearest ones."""
    pairs = likeness.tocoo()
    kept = (pairs.row != pairs.col) & (pairs.data >= _LEAST)
    a, b, like = pairs.row[kept], pairs.col[kept], pairs.data[kept].astype(np.int64)
    for signs, part in ((3, _DOMAIN), (1, _LETTER)):
        name = names.astype(f"U{signs}")
        like += np.where(name[a] == name[b], part, 0)
    order = np.lexsort((b, -like, a))
    a, b, like = a[order], b[order], like[order]
    best = np.arange(len(a)) - np.searchsorted(a, a) < _FAMILIES
    return a[best].astype(np.int64), b[best].astype(np.int64), like[best]


def _rests_on_one_word(
    likeness: sp.csr_matrix, words: sp.csr_matrix, names: NDArray[np.str_], a: Ints, b: Ints
) -> NDArray[np.bool_]:
    """Return which pairs of families of two letters owe what likeness they have to one word."""
    letter = names.astype("U1")
    found = (letter[a] != letter[b]) & (np.asarray(likeness[a, b]).ravel() < _LESS_ALIKE)
    pairs = np.flatnonzero(found)
    shared = sp.csr_matrix(words[a[pairs]].multiply(words[b[pairs]]))
    most = shared.max(axis=1).toarray().ravel()
    found[pairs] = most * 100 > np.asarray(shared.sum(axis=1)).ravel() * _OF_ONE_WORD
    return np.asarray(found, bool)


def _text(words: Sequence[Sequence[str]], group: Ints) -> tuple[sp.csr_matrix, int]:
    """Return the weights of the features of groups of codes, a row a group; n-grams come first."""
    documents: list[list[str]] = [[] for _ in range(int(group.max()) + 1)]
    for number, own in zip(group, words, strict=True):
        documents[number] += own
    index = build_index(documents)
    # build_index is feature by feature: the transpose of what is needed here.
    by_feature = sp.csr_matrix(
        (index.weights.astype(np.int64), index.titles, index.starts),
        shape=(len(index.idf), len(documents)),
    )
    return by_feature.T.tocsr(), len(index.grams)


def _likeness(
    tables: Rome,
    text: sp.csr_matrix,
    group: Ints,
    *,
    among: tuple[NDArray[np.integer], NDArray[np.integer]] | None = None,
) -> sp.csr_matrix:
    """Return the likeness of pairs of groups of codes, of all or of some, in units of 1 / `ONE`."""
    position = {code: i for i, code in enumerate(tables.codes["code"])}
    likeness = _products(text, among)
    skills = tables.skills[tables.skills["code"].isin(position)]
    if len(skills):
        rows = group[skills["code"].map(position).to_numpy()]
        of_skills = _skills(rows, skills["skill"].to_numpy(dtype=str), text.shape[0])
        likeness = sp.csr_matrix(likeness + _products(of_skills, among))
        likeness.data //= 2
    return likeness


def _products(
    rows: sp.csr_matrix, among: tuple[NDArray[np.integer], NDArray[np.integer]] | None
) -> sp.csr_matrix:
    """Return the products of all pairs of rows, or of those pairs alone, without the zeros."""
    if among is None:
        return sp.csr_matrix(rows @ rows.T)
    a, b = among
    product = np.asarray(rows[a].multiply(rows[b]).sum(axis=1)).ravel()
    found = sp.csr_matrix((product, (a, b)), shape=(rows.shape[0], rows.shape[0]))
    found.eliminate_zeros()
    return found


def _words_of_trade(tables: Rome) -> list[list[str]]:
    """Return the words of the titles of each code, without those that name no trade."""
    position = {code: i for i, code in enumerate(tables.codes["code"])}
    read = [
        (code, read_title(title).stems)
        for code, title in zip(
            tables.titles["code"].tolist(), tables.titles["title"].tolist(), strict=True
        )
        if code in position
    ]
    # "ouvrier" or "responsable" stand in all domains: they make no two trades alike.
    domains_of: dict[str, set[str]] = {}
    for code, stems in read:
        for stem in stems:
            domains_of.setdefault(stem, set()).add(code[:3])
    words: list[list[str]] = [[] for _ in position]
    for code, stems in read:
        words[position[code]] += [
            stem
            for stem in stems
            if len(domains_of[stem]) <= _DOMAINS_OF_A_WORD and stem not in _RANKS
        ]
    return words


def _skills(rows: Ints, skills: Sequence[str] | NDArray[np.str_], n: int) -> sp.csr_matrix:
    """Return the weights of skills, a row a group, in whole numbers of length `SCALE`."""
    names, columns = np.unique(skills, return_inverse=True)
    both = np.unique(rows * len(names) + columns)
    row, column = both // len(names), both % len(names)
    idf = np.log((1 + n) / (1 + np.bincount(column))) + 1.0
    weighted = sp.csr_matrix((idf[column], (row, column)), shape=(n, len(names)))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    length[length == 0] = 1.0
    scaled = sp.csr_matrix(sp.diags(SCALE / length) @ weighted)
    return sp.csr_matrix(
        (np.rint(scaled.data).astype(np.int64), scaled.indices, scaled.indptr), scaled.shape
    )
