"""The codes of wishes and offers as positions in one list: of trades, and of diplomas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.ragged import expand
from matchmaker.reference.stated_diplomas import written_code

__all__ = ["all_codes", "has_code"]

Coded = tuple[NDArray[np.int64], NDArray[np.int32]]
"""Rows of a table, rising, and the position of a code of each."""


def all_codes(wishes: pd.DataFrame, offers: pd.DataFrame) -> tuple[tuple[str, ...], Coded, Coded]:
    """Return all codes that occur, sorted, and which codes the rows of both tables have.

    A row has its trades in their order, then its diplomas
    (`matchmaker.reference.stated_diplomas`): of those the ones that both sides name, since a
    diploma is near to nothing but itself.

    Parameters
    ----------
    wishes, offers : DataFrame
        Clean tables.

    Returns
    -------
    tuple of str
    Coded
        Of the wishes.
    Coded
        Of the offers.

    Examples
    --------
    >>> wishes = pd.DataFrame({"trade_codes": ["D1102", "D1104"], "diplomas": ["CAP Boulanger", ""]})
    >>> offers = pd.DataFrame({"trade_codes": ["D1106"], "diplomas": ["CAP Boulanger|CAP Cuisine"]})
    >>> codes, _, (row, code) = all_codes(wishes, offers)
    >>> codes, row.tolist(), code.tolist()
    (('D1102', 'D1104', 'D1106', 'diploma:CAP Boulanger'), [0, 0], [2, 3])
    """
    trades = [_exploded(table["trade_codes"]) for table in (wishes, offers)]
    known = np.unique(np.concatenate([codes for _, codes in trades]))
    named = [_diplomas(table) for table in (wishes, offers)]
    # Their names are long: they join no array of short codes.
    shared = set(named[0][1]) & set(named[1][1])
    codes = sorted([*map(str, known), *shared])
    place = {code: i for i, code in enumerate(codes)}
    of_known = np.array([place[str(code)] for code in known], dtype=np.int32)
    coded = []
    for (row, its_codes), (its_row, number) in zip(trades, _numbered(named, place), strict=True):
        rows = np.concatenate([row, its_row])
        order = np.argsort(rows, kind="stable")
        both = np.concatenate([of_known[np.searchsorted(known, its_codes)], number])
        coded.append((rows[order], both[order]))
    return tuple(codes), coded[0], coded[1]


Named = tuple[NDArray[np.int64], list[str], NDArray[np.int64]]
"""Rows that name diplomas, all distinct codes, and which of these each row has."""


def _diplomas(table: pd.DataFrame) -> Named:
    """Return the diplomas that a table names, each distinct cell read once."""
    none = np.zeros(0, dtype=np.int64)
    if "diplomas" not in table:  # of a version before
        return none, [], none
    rows = np.flatnonzero(table["diplomas"].ne("").to_numpy(dtype=bool))
    cell, cells = pd.factorize(table["diplomas"].iloc[rows])
    parts = [text.split("|") for text in written_code(pd.Series(cells, dtype="str"))]
    distinct = list(dict.fromkeys(code for part in parts for code in part))
    number = {code: i for i, code in enumerate(distinct)}
    flat = np.array([number[code] for part in parts for code in part], dtype=np.int64)
    size = np.array([len(part) for part in parts], dtype=np.int64)
    start = np.cumsum(size) - size
    owner, at = expand(size[cell], start[cell])
    return rows[owner], distinct, flat[at]


def _numbered(named: Sequence[Named], place: Mapping[str, int]) -> Iterator[Coded]:
    """Yield rows and positions of the diplomas that have a place."""
    for row, distinct, number in named:
        of_distinct = np.array([place.get(code, -1) for code in distinct], dtype=np.int32)
        code = of_distinct[number]
        yield row[code >= 0], code[code >= 0]


def _exploded(column: pd.Series[str]) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Split ``A|B`` cells into (row, code) in their order, without empty ones and repeats."""
    inverse, uniques = pd.factorize(column)
    parts = [[code for code in dict.fromkeys(cell.split("|")) if code] for cell in uniques]
    lengths = np.array([len(p) for p in parts], dtype=np.int64)
    flat = np.array([code for p in parts for code in p], dtype=str)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    counts = lengths[inverse]
    rows, at = expand(counts, starts[inverse])
    return rows, flat[at]


def has_code(offers: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which offers have a trade or name a diploma.

    Parameters
    ----------
    offers : DataFrame
        Clean.

    Returns
    -------
    ndarray of bool, shape (n_offers,)
    """
    has = offers["trade_codes"].ne("").to_numpy(dtype=bool)
    if "diplomas" in offers:
        has = has | offers["diplomas"].ne("").to_numpy(dtype=bool)
    return has
