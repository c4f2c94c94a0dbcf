"""What a column of codes holds as a whole: postal codes, or codes of communes.

Half the postal codes are codes of other communes as well, so a code alone says little; the
codes beside it in the column, of which most may stand in one table only, say what it is.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.gazetteer import Gazetteer, gazetteer
from matchmaker.reference.place_text import read_code

__all__ = ["as_meant", "holds_communes", "holds_postal_codes"]

# Codes that must speak before a column is believed to hold something else than its name says.
_LEAST = 3
# CEDEX codes too are codes of communes now and then, of villages mostly. A column with this
# many codes of communes is none of CEDEX codes; in a shorter one, towns tell it.
_MANY = 30
_TOWN = 10_000  # inhabitants: one commune in thirty-five, where half the people live


def holds_communes(codes: Collection[str], g: Gazetteer) -> bool:
    """Tell whether the distinct codes of a postal column are those of communes.

    They are when more of them are codes of communes and not postal ones than are none of a
    commune at all, and these are either many or mostly those of towns.

    Parameters
    ----------
    codes : collection of str
        As `matchmaker.reference.place_text.read_code` gives them.
    g : Gazetteer

    Examples
    --------
    >>> g = gazetteer()
    >>> holds_communes(["29232", "59350", "01053", "01160", "35238", "35000"], g)
    True
    >>> holds_communes(["35042", "44041", "31059", "59033", "33077", "35000"], g)  # CEDEX codes
    False
    """
    communal = [code for code in set(codes) - g.by_postal.keys() if _is_communal(code, g)]
    if len(communal) < _LEAST:
        return False
    if len(communal) <= sum(not _is_communal(code, g) for code in codes):
        return False
    n_towns = sum(
        code in g.district_by_code or (code in g.by_code and g.population[g.by_code[code]] >= _TOWN)
        for code in communal
    )
    return len(communal) >= _MANY or int(n_towns) * 2 > len(communal)


def holds_postal_codes(codes: Collection[str], g: Gazetteer) -> bool:
    """Tell whether the distinct codes of a column of communes are postal codes.

    Examples
    --------
    >>> holds_postal_codes(["35000", "59000", "44000", "01160"], gazetteer())
    True
    """
    others = set(codes) - g.by_postal.keys()
    n_postal = sum(not _is_communal(code, g) for code in set(codes) - others)
    return n_postal >= _LEAST and n_postal > len(others)


def _is_communal(code: str, g: Gazetteer) -> bool:
    return code in g.by_code or code in g.district_by_code or code in g.by_former_code


def as_meant(
    cells: dict[str, pd.Series], communes_file: str
) -> tuple[dict[str, pd.Series], NDArray[np.intp], str]:
    """Return the cells with the codes of a whole column in the column where they belong.

    Parameters
    ----------
    cells : dict of str to Series of str
        As for `matchmaker.tables.checks.places.check_places`, n rows each.
    communes_file : str

    Returns
    -------
    cells : dict of str to Series of str
    moved : ndarray of intp
        Rows whose code stands in another column now.
    column : str
        The column of the file that they stood in, "" where nothing was moved.
    """
    g = gazetteer(communes_file)
    for column, other, is_other in (
        ("postal_code", "commune_code", holds_communes),
        ("commune_code", "postal_code", holds_postal_codes),
    ):
        if column not in cells:
            continue
        positions, distinct = pd.factorize(cells[column])
        read = [read_code(text) for text in distinct.tolist()]
        if not is_other({code for code in read if code}, g):
            continue
        known = [
            code in g.by_postal if other == "postal_code" else _is_communal(code, g)
            for code in read
        ]
        beside = cells.get(other, pd.Series("", index=cells[column].index, dtype="str"))
        is_free = ((beside == "") | (beside == cells[column])).to_numpy(dtype=bool)
        is_moved = np.array(known, dtype=bool)[positions] & is_free
        result = cells | {
            column: cells[column].mask(is_moved, ""),
            other: beside.mask(is_moved, cells[column]),
        }
        return result, np.flatnonzero(is_moved), column
    return cells, np.zeros(0, dtype=np.intp), ""
