"""From the code or the name of a diploma to its level and its trades.

Codes are looked up in the tables that the user adds (`matchmaker.reference.store`): CFD and
RNCP in certifinfo, the kit apprentissage, the BCN or France compétences; MEF only through a
table from MEF to CFD, since none may be shipped.  A code that was replaced is followed to its
successor.  Without a table the first digit of a CFD still gives the level, and the name of
the diploma ("CAP Boulanger") gives level and trades through the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.reference.diploma_tables import (
    RNCP,
    Diploma,
    DiplomaTables,
    diploma_tables,
    whole_cfd,
)
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

__all__ = ["resolve_diplomas"]

_CFD = re.compile(r"[0-9]{7}[0-9A-Z]")
_MEF = re.compile(r"[0-9]{10,11}")
# The first digit of a CFD is the old roman level, written as a number.
_CFD_LEVELS = {"5": 3, "4": 4, "3": 5, "2": 6, "1": 7}
_MOST_STEPS = 5  # from a replaced code to the one in force


def resolve_diplomas(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return level and trades of diplomas.

    Parameters
    ----------
    frame : DataFrame of str, n rows
        diploma_code (CFD or MEF), rncp_code, label; any of them may be missing.
    settings : Settings

    Returns
    -------
    DataFrame
        n rows with the index of `frame`: level (int8, 0 unknown), codes (ROME, ``"|"``
        between, "" none), label, and how: ``rncp``, ``cfd`` or ``mef`` by which trades or,
        failing trades, the level were found, with ``_successor`` where a code was replaced;
        ``label`` where the trades come from the name; ``unknown_code``; "" where nothing is
        given or the name says nothing.

    Examples
    --------
    >>> rows = pd.DataFrame({"diploma_code": ["", "50022137"], "label": ["CAP Boulanger", ""]})
    >>> resolve_diplomas(rows, Settings()).values.tolist()
    [[3, 'D1102', 'CAP Boulanger', 'label'], [3, '', '', 'cfd']]
    """
    empty = pd.Series("", index=frame.index, dtype="str")
    written = pd.DataFrame(
        {
            name: frame[name].fillna("") if name in frame else empty
            for name in ("diploma_code", "rncp_code", "label")
        }
    )
    row = written.groupby(list(written.columns), sort=False).ngroup().to_numpy()
    distinct = written.drop_duplicates(ignore_index=True)
    named = resolve_trades(distinct["label"], settings)
    tables = diploma_tables(settings)
    answers = [
        _one(tables, whole_cfd(cfd.strip().upper()), rncp.strip().upper(), label, codes, int(level))
        for cfd, rncp, label, codes, level in zip(
            distinct["diploma_code"],
            distinct["rncp_code"],
            distinct["label"],
            named["codes"],
            named["level"],
            strict=True,
        )
    ]
    columns: dict[str, Any] = {
        "level": np.array([a[0] for a in answers], np.int8),
        "codes": pd.array([a[1] for a in answers], "str"),
        "label": pd.array([a[2] for a in answers], "str"),
        "how": pd.array([a[3] for a in answers], "str"),
    }
    return pd.DataFrame({name: v.take(row) for name, v in columns.items()}, index=frame.index)


def _one(
    tables: DiplomaTables, code: str, rncp: str, label: str, named: str, named_level: int
) -> tuple[int, str, str, str]:
    """Return (level, codes, label, how) of one diploma."""
    found = [f for f in _looked_up(tables, code, rncp) if f[0].level or f[0].codes]
    best = next((f for f in found if f[0].codes), None)
    level = next((f[0].level for f in found if f[0].level), 0) or _cfd_level(code) or named_level
    title = next((f[0].label for f in found if f[0].label), label)
    if best:
        return level, "|".join(best[0].codes), title, best[1]
    if named:
        return level, named, title, "label"
    if found:
        return level, "", title, found[0][1]
    if _cfd_level(code):
        return level, "", title, "cfd"
    return level, "", title, "unknown_code" if code or rncp else "label" if level else ""


def _looked_up(tables: DiplomaTables, code: str, rncp: str) -> Iterator[tuple[Diploma, str]]:
    """Yield what the tables say of each code given, successors after the code itself."""
    number = RNCP.fullmatch(rncp)
    if number:
        yield from _followed(tables, "rncp", number[1], "rncp")
    if _CFD.fullmatch(code):
        yield from _followed(tables, "cfd", code, "cfd")
    elif _MEF.fullmatch(code):
        # The 11th digit of a MEF stands for the class; tables give ten or eleven.
        cfd = tables.cfd_of_mef.get(code) or tables.cfd_of_mef.get(code[:10], "")
        yield from _followed(tables, "cfd", cfd, "mef")


def _followed(
    tables: DiplomaTables, kind: str, code: str, how: str
) -> Iterator[tuple[Diploma, str]]:
    """Yield a diploma and those that replaced it, one after the other."""
    for step in range(_MOST_STEPS):
        diploma = tables.diplomas.get((kind, code))
        if diploma:
            yield diploma, how if step == 0 else f"{how}_successor"
        code = tables.successors.get((kind, code), "")
        if not code:
            return


def _cfd_level(code: str) -> int:
    return _CFD_LEVELS.get(code[0], 0) if _CFD.fullmatch(code) else 0
