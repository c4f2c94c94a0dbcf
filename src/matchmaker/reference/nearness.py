"""How near two trades are: a sparse matrix code x code, in ten-thousandths.

The rule, from near to far; the first that holds decides:

====  ==========================================  ==============
step  two codes ...                               value
====  ==========================================  ==============
0     are equal                                   10,000
1     have the same parent (code of ROME 3)       8,000
2     are an official move, "Proche"              7,000
2     are an official move, "Evolution"           6,000
2     have like titles and skills (cosine x)      3,000 + 2,500 x
3     have the same domain (first three signs)    2,000
====  ==========================================  ==============

Nothing is trained.  Moves and skills count once the user has added France Travail's tables.
``nearness_file`` replaces the whole matrix by a table of the user's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference import store
from matchmaker.reference.rome import Rome, rome
from matchmaker.reference.trade_index import SCALE, build_index
from matchmaker.reference.trade_text import read_title
from matchmaker.settings import Settings

__all__ = ["Nearness", "nearness", "to_frame"]

SAME_CODE, SAME_PARENT, MOVE, EVOLUTION = 10_000, 8_000, 7_000, 6_000
ALIKE, ALIKE_RANGE, SAME_DOMAIN = 3_000, 2_500, 2_000
_ALIKE_PER_CODE = 15  # codes kept by likeness for each code
_LEAST_ALIKE = 0.15  # cosine: below it likeness is chance
_DOMAINS_OF_A_WORD = 8  # a word that stands in more of the 110 domains names no trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """Rows of near codes, best first, then by position.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
    code : ndarray of int32, shape (n_entries,)
        Position of the near code in the codes asked for.
    value : ndarray of int32
        0 to 10,000.
    step : ndarray of uint8
        0 same code, 1 same parent, 2 near, 3 same domain.
    """

    indptr: NDArray[np.int64]
    code: NDArray[np.int32]
    value: NDArray[np.int32]
    step: NDArray[np.uint8]


def nearness(codes: Sequence[str], settings: Settings) -> Nearness:
    """Return the nearness of codes to each other.

    Parameters
    ----------
    codes : sequence of str, n distinct codes
        Unknown ones are near to themselves and to their domain.
    settings : Settings
        ``rome_dir`` for the official moves and skills, ``nearness_file`` for a table of the
        user's own.

    Raises
    ------
    UsageError, InputError
        The user's table is not there or has faults.

    Examples
    --------
    >>> near = nearness(["D1102", "D1104", "K1302"], Settings())
    >>> near.code[near.indptr[0] : near.indptr[1]], near.value[: near.indptr[1]]
    (array([0, 1], dtype=int32), array([10000,  3700], dtype=int32))
    """
    file = settings.nearness_file
    changed = Path(file).stat().st_mtime_ns if file and Path(file).is_file() else 0
    key = (*store.signature("rome", settings), (file, changed, 0))
    return _nearness(tuple(codes), settings.rome_dir, settings.lexicon_file, file, key)


def to_frame(near: Nearness, codes: Sequence[str]) -> pd.DataFrame:
    """Return the matrix as a table (code, near, value, step): the form of ``nearness_file``."""
    rows = np.repeat(np.arange(len(codes)), np.diff(near.indptr))
    names = np.array(codes, dtype=object)
    return pd.DataFrame(
        {
            "code": names[rows],
            "near": names[near.code],
            "value": near.value,
            "step": near.step,
        }
    )


@lru_cache(maxsize=4)
def _nearness(
    codes: tuple[str, ...], rome_dir: str, lexicon_file: str, file: str, key: object
) -> Nearness:
    """Build the matrix; `key` changes when a file does."""
    if file:
        row, near, value, step = _from_file(file, codes)
    else:
        tables = rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file))
        row, near, value, step = _by_rule(codes, tables, _alike(rome_dir, lexicon_file, key))
    own = np.arange(len(codes))
    row, near = np.concatenate([own, row]), np.concatenate([own, near])
    value = np.concatenate([np.full(len(codes), SAME_CODE), value])
    step = np.concatenate([np.zeros(len(codes), np.int64), step])
    # The best entry of each pair, then rows in order of value.
    order = np.lexsort((step, -value, near, row))
    first = np.ones(len(order), bool)
    first[1:] = (row[order][1:] != row[order][:-1]) | (near[order][1:] != near[order][:-1])
    kept = order[first]
    kept = kept[np.lexsort((near[kept], -value[kept], row[kept]))]
    indptr = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(np.bincount(row[kept], minlength=len(codes)), out=indptr[1:])
    return Nearness(
        indptr=indptr,
        code=near[kept].astype(np.int32),
        value=value[kept].astype(np.int32),
        step=step[kept].astype(np.uint8),
    )


Triples = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Entries = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _by_rule(codes: tuple[str, ...], tables: Rome, likeness: Triples) -> Entries:
    """Return (row, near, value, step) of all steps but the first; pairs may occur twice."""
    parent_of = dict(zip(tables.codes["code"], tables.codes["parent"], strict=True))
    domains = [code[:3] for code in codes]
    # Where the parent is unknown the domain stands in for it, which is step 3, not step 1.
    parents = [
        parent if len(parent := parent_of.get(code, code)) == len(code) else code for code in codes
    ]
    moves = _moves(codes, parents, tables)
    alike = _chosen(likeness, tables.codes["code"].tolist(), codes)
    same_parent, same_domain = _same(parents), _same(domains)
    return (
        np.concatenate([same_parent[0], moves[0], alike[0], same_domain[0]]),
        np.concatenate([same_parent[1], moves[1], alike[1], same_domain[1]]),
        np.concatenate(
            [
                np.full(len(same_parent[0]), SAME_PARENT),
                moves[2],
                alike[2],
                np.full(len(same_domain[0]), SAME_DOMAIN),
            ]
        ),
        np.concatenate(
            [
                np.full(len(same_parent[0]), 1),
                np.full(len(moves[0]), 2),
                np.full(len(alike[0]), 2),
                np.full(len(same_domain[0]), 3),
            ]
        ),
    )


def _same(names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all pairs of positions that bear the same name."""
    if not names:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    number = np.unique(np.array(names, dtype=str), return_inverse=True)[1]
    member = sp.csr_matrix((np.ones(len(names), np.int64), (np.arange(len(names)), number)))
    pairs = sp.csr_matrix(member @ member.T).tocoo()
    return pairs.row.astype(np.int64), pairs.col.astype(np.int64)


def _moves(codes: tuple[str, ...], parents: Sequence[str], tables: Rome) -> Triples:
    """Return the official moves among the codes.

    A code with no move of its own (a fine code, when the table is of ROME 3) takes those of
    its parent, to the codes of the near parent.
    """
    near_of: dict[str, list[tuple[str, int]]] = {}
    for code, near, step in tables.moves.itertuples(index=False):
        near_of.setdefault(code, []).append((near, MOVE if step == 1 else EVOLUTION))
    position = {code: i for i, code in enumerate(codes)}
    children: dict[str, list[int]] = {}
    for i, parent in enumerate(parents):
        children.setdefault(parent, []).append(i)
    found = []
    for i, code in enumerate(codes):
        if code in near_of:
            found += [(i, position[n], v) for n, v in near_of[code] if n in position]
        # A parent's moves go to the parent's own code and to fine codes without moves.
        for near, value in near_of.get(parents[i], ()):
            found += [
                (i, j, value)
                for j in children.get(near, ())
                if code not in near_of or codes[j] not in near_of
            ]
    array = np.array(found, np.int64).reshape(-1, 3)
    return array[:, 0], array[:, 1], array[:, 2]


def _chosen(triples: Triples, known: Sequence[str], codes: Sequence[str]) -> Triples:
    """Turn positions in the whole table into positions in `codes`; pairs outside are dropped."""
    position = {code: i for i, code in enumerate(codes)}
    new = np.array([position.get(code, -1) for code in known], np.int64)
    row, near = new[triples[0]], new[triples[1]]
    kept = (row >= 0) & (near >= 0)
    return row[kept], near[kept], triples[2][kept]


@lru_cache(maxsize=4)
def _alike(rome_dir: str, lexicon_file: str, key: object) -> Triples:
    """Return, for the whole table, the codes whose titles and skills are most alike.

    The whole table, so that the likeness of two trades does not depend on which others a
    run happens to hold.
    """
    del key
    tables = rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file))
    codes = tables.codes["code"].tolist()
    position = {code: i for i, code in enumerate(codes)}
    read = [
        (position[code], read_title(title).stems)
        for code, title in zip(tables.titles["code"], tables.titles["title"], strict=True)
        if code in position
    ]
    # "ouvrier" or "responsable" stand in all domains: they make no two trades alike.
    domains_of: dict[str, set[str]] = {}
    for i, stems in read:
        for stem in stems:
            domains_of.setdefault(stem, set()).add(codes[i][:3])
    documents: list[list[str]] = [[] for _ in codes]
    for i, stems in read:
        documents[i] += [s for s in stems if len(domains_of[s]) <= _DOMAINS_OF_A_WORD]
    index = build_index(documents)
    # build_index is feature by feature: the transpose of what is needed here.
    text = sp.csr_matrix(
        (index.weights.astype(np.int64), index.titles, index.starts),
        shape=(len(index.idf), len(codes)),
    ).T.tocsr()
    likeness: sp.csr_matrix = _cosines(text)
    skills = tables.skills[tables.skills["code"].isin(position)]
    if len(skills):
        rows = skills["code"].map(position).to_numpy()
        names, columns = np.unique(skills["skill"].to_numpy(dtype=str), return_inverse=True)
        idf = np.log((1 + len(codes)) / (1 + np.bincount(columns))) + 1.0
        weighted = sp.csr_matrix((idf[columns], (rows, columns)), shape=(len(codes), len(names)))
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        length[length == 0] = 1.0
        scaled = sp.csr_matrix(sp.diags(SCALE / length) @ weighted)
        whole = sp.csr_matrix(
            (np.rint(scaled.data).astype(np.int64), scaled.indices, scaled.indptr), scaled.shape
        )
        likeness = sp.csr_matrix((likeness + _cosines(whole)) * 0.5)
    pairs = likeness.tocoo()
    kept = (pairs.row != pairs.col) & (pairs.data >= _LEAST_ALIKE)
    row, near, cosine = pairs.row[kept], pairs.col[kept], pairs.data[kept]
    order = np.lexsort((near, -cosine, row))
    row, near, cosine = row[order], near[order], cosine[order]
    begin = np.searchsorted(row, row)
    best = np.arange(len(row)) - begin < _ALIKE_PER_CODE
    value = ALIKE + np.floor(ALIKE_RANGE * np.minimum(cosine[best], 1.0)).astype(np.int64)
    return row[best].astype(np.int64), near[best].astype(np.int64), value


def _cosines(vectors: sp.csr_matrix) -> sp.csr_matrix:
    """Return the cosines of whole-number vectors of length SCALE, exact in any order."""
    return sp.csr_matrix(vectors @ vectors.T) * (1.0 / SCALE**2)


def _from_file(file: str, codes: tuple[str, ...]) -> Entries:
    """Read a table code, near, value[, step] of the user's."""
    if not Path(file).is_file():
        raise UsageError(f"setting 'nearness_file': there is no file '{file}'.")
    frame = store.read_csv(file)
    missing = [c for c in ("code", "near", "value") if c not in frame.columns]
    name = Path(file).name
    if missing:
        raise InputError(
            [
                Issue(
                    reason="missing_column",
                    file=name,
                    column=column,
                    message="is missing",
                    hint="The columns are code, near, value, step.",
                )
                for column in missing
            ]
        )
    value = pd.to_numeric(frame["value"], errors="coerce")
    step = pd.to_numeric(frame.get("step", pd.Series("2", index=frame.index)), errors="coerce")
    faults = [
        Issue(
            reason="bad_nearness",
            file=name,
            line=int(i) + 2,
            column=column,
            value=str(frame[column].iloc[i]),
            message=f"is not a whole number from 0 to {high}",
            hint="Write the nearness in ten-thousandths, the step as in the documentation.",
        )
        for column, numbers, high in (("value", value, SAME_CODE), ("step", step, 3))
        for i in np.flatnonzero(~(numbers.between(0, high) & (numbers % 1 == 0)))
    ]
    if faults:
        raise InputError(faults)
    position = {code: i for i, code in enumerate(codes)}
    used = frame["code"].isin(position) & frame["near"].isin(position)
    return (
        np.array([position[code] for code in frame.loc[used, "code"]], np.int64),
        np.array([position[code] for code in frame.loc[used, "near"]], np.int64),
        np.array(value[used], np.int64),
        np.array(step[used], np.int64),
    )
