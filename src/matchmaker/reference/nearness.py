"""How near two trades are: a sparse matrix code x code, in ten-thousandths.

The rule, from near to far; the first that holds decides:

====  ==========================================  ==============
step  two codes ...                               value
====  ==========================================  ==============
0     are equal                                   10,000
1     have the same parent (code of ROME 3),      8,000 + 1,000 x
      cosine x of their titles
2     are an official move, "Proche"              7,000
2     are an official move, "Evolution"           6,000
2     are of near families, by all their titles   3,000 + 2,500 x
      and skills (likeness x)
3     have the same domain (first three signs)    2,000
====  ==========================================  ==============

Step 3 is no evidence: a florist and a hairdresser share a domain.  It counts only where the
setting ``sector_trades`` asks for it, as *another trade of the sector*, in a table of the
user's own too.

Free words of a wish (`matchmaker.reference.free_words`) are near what is the same as, or near,
the trade that they point to, never the wished trade itself: half the value, and step 2.

A diploma that an offer names (`matchmaker.reference.stated_diplomas`) is near to itself alone.

Near families: `matchmaker.reference.family_titles`.

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
from matchmaker.ragged import expand
from matchmaker.reference import store
from matchmaker.reference.family_titles import alike
from matchmaker.reference.free_words import WORD
from matchmaker.reference.rome import Rome, families, rome
from matchmaker.reference.stated_diplomas import DIPLOMA
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["Nearness", "between", "nearness", "of_frame", "to_frame"]

SAME_CODE, SAME_PARENT, MOVE, EVOLUTION = 10_000, 8_000, 7_000, 6_000
SAME_PARENT_RANGE = 1_000  # the more, the more alike the titles of the two fine codes are
ALIKE, ALIKE_RANGE, SAME_DOMAIN = 3_000, 2_500, 2_000
_NEAR = 2  # the first step that is no wished trade
_SAME_SECTOR = 3  # the step that is no evidence of nearness


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
        Unknown ones are near to themselves, and to their sector where that counts; one behind
        `matchmaker.reference.free_words.WORD` is of free words.
    settings : Settings
        ``rome_dir`` for the official moves and skills, ``nearness_file`` for a table of the
        user's own, ``sector_trades`` for step 3.

    Raises
    ------
    UsageError, InputError
        The user's table is not there or has faults.

    Examples
    --------
    >>> near = nearness(["D1102", "D1104", "K1302"], Settings())
    >>> near.code[near.indptr[0] : near.indptr[1]], near.value[: near.indptr[1]]
    (array([0, 1], dtype=int32), array([10000,  3967], dtype=int32))
    """
    file = settings.nearness_file
    changed = Path(file).stat().st_mtime_ns if file and Path(file).is_file() else 0
    key = (*store.signature("rome", settings), (file, changed, 0))
    plain = tuple(dict.fromkeys(code.removeprefix(WORD) for code in codes))
    where = settings.rome_dir, settings.lexicon_file, file
    near = _nearness(plain, *where, key, has_sectors=settings.sector_trades)
    return near if plain == tuple(codes) else _with_words(near, plain, codes)


def _with_words(near: Nearness, plain: Sequence[str], codes: Sequence[str]) -> Nearness:
    """Return the rows of `codes`, free words among them, from those of plain codes."""
    row_of = {code: i for i, code in enumerate(plain)}
    place = {code: i for i, code in enumerate(codes)}
    # Nothing is near a word: words are wished, never offered.
    at = np.array([place.get(code, -1) for code in plain], np.int64)
    is_word = np.array([code.startswith(WORD) for code in codes])
    source = np.array([row_of[code.removeprefix(WORD)] for code in codes])
    owner, entry = expand(np.diff(near.indptr)[source], near.indptr[source])
    # Half of no evidence is none.
    kept = (at[near.code[entry]] >= 0) & ~(is_word[owner] & (near.step[entry] == _SAME_SECTOR))
    owner, entry = owner[kept], entry[kept]
    code = at[near.code[entry]]
    value = np.where(is_word[owner], near.value[entry] // 2, near.value[entry])
    step = np.where(is_word[owner], _NEAR, near.step[entry])
    order = np.lexsort((code, -value, owner))
    indptr = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(codes)), out=indptr[1:])
    return Nearness(
        indptr=indptr,
        code=code[order].astype(np.int32),
        value=value[order].astype(np.int32),
        step=step[order].astype(np.uint8),
    )


def between(wished: pd.Series, offered: pd.Series, settings: Settings) -> pd.DataFrame:
    """Return the nearness of the codes that are wished to those that are offered.

    Parameters
    ----------
    wished, offered : Series of str
        Cells of codes with ``|`` between.
    settings : Settings
        As for `nearness`.

    Returns
    -------
    DataFrame
        ``wish_code``, ``offer_code``, ``step`` (uint8), ``value`` (int32): pairs that are related,
        sorted by both codes.

    Raises
    ------
    UsageError, InputError
        As for `nearness`.

    Examples
    --------
    >>> between(pd.Series(["D1102"]), pd.Series(["D1102|K1302"]), Settings()).values.tolist()
    [['D1102', 'D1102', 0, 10000]]
    """
    ours, theirs = (
        {code for cell in cells.unique() for code in cell.split("|")} - {""}
        for cells in (wished, offered)
    )
    codes = sorted(ours | theirs)
    near = nearness(codes, settings)
    row = np.repeat(np.arange(len(codes)), np.diff(near.indptr))
    is_wished, is_offered = (np.array([c in side for c in codes], bool) for side in (ours, theirs))
    kept = np.flatnonzero(is_wished[row] & is_offered[near.code])
    kept = kept[np.lexsort((near.code[kept], row[kept]))]
    names = pd.array(codes, dtype="str")
    return pd.DataFrame(
        {
            "wish_code": names.take(row[kept]),
            "offer_code": names.take(near.code[kept]),
            "step": near.step[kept],
            "value": near.value[kept],
        }
    )


def of_frame(frame: pd.DataFrame, codes: Sequence[str]) -> Nearness:
    """Return the nearness of codes to each other, as `between` wrote it down.

    Parameters
    ----------
    frame : DataFrame
        As `between` gives it; codes that are not wished have no row.
    codes : sequence of str
        Those that are asked for.

    Returns
    -------
    Nearness

    Examples
    --------
    >>> frame = between(pd.Series(["D1102"]), pd.Series(["D1102|D1104"]), Settings())
    >>> of_frame(frame, ["D1102", "D1104"]).value.tolist()
    [10000, 3967]
    """
    place = pd.Index(codes)
    row, near = (place.get_indexer(pd.Index(frame[name])) for name in ("wish_code", "offer_code"))
    kept = np.flatnonzero((row >= 0) & (near >= 0))
    value = frame["value"].to_numpy(dtype=np.int32)
    kept = kept[np.lexsort((near[kept], -value[kept], row[kept]))]
    indptr = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(np.bincount(row[kept], minlength=len(codes)), out=indptr[1:])
    return Nearness(
        indptr=indptr,
        code=near[kept].astype(np.int32),
        value=value[kept],
        step=frame["step"].to_numpy(dtype=np.uint8)[kept],
    )


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
    codes: tuple[str, ...],
    rome_dir: str,
    lexicon_file: str,
    file: str,
    key: object,
    *,
    has_sectors: bool,
) -> Nearness:
    """Build the matrix; `key` changes when a file does."""
    if file:
        row, near, value, step = _from_file(file, codes)
    else:
        tables = rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file))
        row, near, value, step = _by_rule(codes, tables, _alike(rome_dir, lexicon_file, key))
    if not has_sectors:
        is_near = step < _SAME_SECTOR
        row, near, value, step = row[is_near], near[is_near], value[is_near], step[is_near]
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


def _by_rule(codes: tuple[str, ...], tables: Rome, likeness: tuple[Triples, Triples]) -> Entries:
    """Return (row, near, value, step) of all steps but the first; pairs may occur twice."""
    parent_of = dict(zip(tables.codes["code"], tables.codes["parent"], strict=True))
    # A diploma is equal to itself, and in no domain with others.
    domains = [code if code.startswith(DIPLOMA) else code[:3] for code in codes]
    parents = families(codes, (parent_of.get(code, code) for code in codes))
    known = tables.codes["code"].tolist()
    inside, across = (_chosen(triples, known, codes) for triples in likeness)
    same_parent, same_domain = _same(parents), _same(domains)
    parts: list[tuple[Triples, int]] = [
        ((*same_parent, np.full(len(same_parent[0]), SAME_PARENT)), 1),
        (inside, 1),
        (_moves(codes, parents, tables), 2),
        (across, 2),
        ((*same_domain, np.full(len(same_domain[0]), SAME_DOMAIN)), 3),
    ]
    row, near, value = (
        np.concatenate(columns) for columns in zip(*(t for t, _ in parts), strict=True)
    )
    return row, near, value, np.repeat([step for _, step in parts], [len(t[0]) for t, _ in parts])


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
def _alike(rome_dir: str, lexicon_file: str, key: object) -> tuple[Triples, Triples]:
    """Return codes of one family and codes of near families, each with values."""
    del key
    found = alike(rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file)))
    inside = found.is_inside
    return (
        (
            found.row[inside],
            found.near[inside],
            SAME_PARENT + SAME_PARENT_RANGE * found.like[inside] // 10_000,
        ),
        (
            found.row[~inside],
            found.near[~inside],
            ALIKE + ALIKE_RANGE * found.like[~inside] // 10_000,
        ),
    )


def _from_file(file: str, codes: tuple[str, ...]) -> Entries:
    """Read a table code, near, value[, step] of the user's."""
    if not Path(file).is_file():
        raise UsageError(said("setting.no_such_file", name="nearness_file", path=file))
    frame = store.read_csv(file, ("code", "near", "value"), optional=("step",))
    name = Path(file).name
    value = pd.to_numeric(frame["value"], errors="coerce")
    step = pd.to_numeric(frame.get("step", pd.Series("2", index=frame.index)), errors="coerce")
    faults = [
        Issue(
            reason="bad_nearness",
            file=name,
            line=int(i) + 2,
            column=column,
            value=str(frame[column].iloc[i]),
            message=said("reference.bad_nearness", high=high),
            hint=said("reference.bad_nearness_hint"),
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
