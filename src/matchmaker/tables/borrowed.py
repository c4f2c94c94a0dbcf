"""Offers without a trade take that of coded offers of the batch with nearly the same title."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.trade_neighbours import CONFIDENCE, NEIGHBOURS, trades_of_neighbours
from matchmaker.settings import Settings
from matchmaker.tables.checks import Checked
from matchmaker.tables.checks.codes import NOT_IN_TABLES

__all__ = ["borrow_trades"]

_UNTOLD = (("warning", "trade_unresolved", "title"), NOT_IN_TABLES)


def borrow_trades(offered: Sequence[Checked], settings: Settings) -> None:
    """Give offers without a trade that of their coded neighbours, in all files together.

    A firm that published nothing has no title of its own: it neither lends nor borrows. Nor does
    a code lend that its own title contradicts.

    Parameters
    ----------
    offered : sequence of Checked
        Tables of offers; their frames and findings are changed.
    settings : Settings
    """
    asking, lending = zip(*(_sides(table) for table in offered), strict=True)
    if not any(map(len, asking)) or not any(map(len, lending)):
        return
    asked = _joined(offered, asking, "title")
    titles, codes = (_joined(offered, lending, name) for name in ("title", "trade_codes"))
    found = trades_of_neighbours(asked, titles, codes, settings).to_numpy(dtype=object)
    ends = np.cumsum([len(rows) for rows in asking])[:-1]
    for table, rows, codes_here in zip(offered, asking, np.split(found, ends), strict=True):
        given = codes_here != ""
        _give(table, rows[given], codes_here[given])


def _sides(table: Checked) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows that borrow, and those that lend."""
    frame = table.frame
    takes_part = ~table.findings.is_bad & (frame["kind"] != "spontaneous").to_numpy(dtype=bool)
    takes_part &= (frame["title"] != "").to_numpy(dtype=bool)
    has_none = (frame["trade_codes"] == "").to_numpy(dtype=bool)
    is_sure = (frame["trade_how"] == "code") & ~frame["title_differs"]
    return (
        np.flatnonzero(takes_part & has_none),
        np.flatnonzero(takes_part & is_sure.to_numpy(dtype=bool)),
    )


def _joined(offered: Sequence[Checked], rows: Sequence[NDArray[np.intp]], name: str) -> pd.Series:
    columns = [table.frame[name].iloc[at] for table, at in zip(offered, rows, strict=True)]
    return pd.concat(columns, ignore_index=True)


def _give(table: Checked, rows: NDArray[np.intp], codes: NDArray[np.object_]) -> None:
    """Write the codes into the table, and count what is no longer left open."""
    if not len(rows):
        return
    frame, findings = table.frame, table.findings
    for name, values in (
        ("trade_codes", codes),
        ("trade_how", NEIGHBOURS),
        ("trade_confidence", np.float32(CONFIDENCE)),
    ):
        frame.loc[rows, name] = values
    for key in _UNTOLD:
        findings.take_back(*key, rows)
    findings.count("warning", "trade_from_neighbours", "title", rows)
