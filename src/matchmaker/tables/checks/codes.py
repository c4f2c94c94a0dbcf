"""Levels, types of contract and trades: written forms to codes, through the reference tables.

Each distinct text goes to its resolver once; what the resolver says is counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.agreement import contradicts
from matchmaker.reference.contracts import parse_contract_types
from matchmaker.reference.levels import parse_levels
from matchmaker.reference.lookup import combinations
from matchmaker.reference.naf import trades_of_activities
from matchmaker.reference.trades import check_codes, resolve_trades
from matchmaker.settings import Settings
from matchmaker.tables.checks.findings import Findings

__all__ = ["check_contracts", "check_levels", "check_trades", "spread"]

_OTHER_REPAIRS = frozenset({"name", "roman"})


def spread(frame: pd.DataFrame, codes: NDArray[np.intp]) -> dict[str, Any]:
    """Return the columns of answers to distinct texts, row by row of the table."""
    return {name: frame[name].array.take(codes) for name in frame.columns}


def check_levels(cells: pd.Series, findings: Findings) -> NDArray[np.int8]:
    """Return levels 3 to 8, 0 unknown; a number outside rejects the row.

    A text that is no level counts as unknown, with a warning: nine offers in ten come
    without a level anyway, and unknown never excludes anybody.
    """
    codes, distinct = pd.factorize(cells)
    levels = parse_levels(pd.Series(distinct, dtype="str"))
    how = levels["how"].to_numpy(dtype=object)
    for form in sorted(set(how) - {"", "number"}):
        rows = np.flatnonzero((how == form)[codes])
        if form in _OTHER_REPAIRS:
            findings.count("repair", f"level_{form}", "level", rows)
        elif form == "out_of_bounds":
            findings.reject(
                rows,
                reason="level_out_of_bounds",
                column="level",
                value=cells.iloc[rows],
                message="is not a level from 3 to 8",
                hint="3 is CAP, 4 Bac, 5 Bac+2, 6 Bac+3, 7 Bac+5, 8 doctorate.",
            )
        else:
            findings.count("warning", f"level_{form}", "level", rows)
    result: NDArray[np.int8] = levels["level"].to_numpy(dtype=np.int8)[codes]
    return result


def check_contracts(cells: pd.Series, findings: Findings) -> pd.Series:
    """Return types of contract; others than work-study are kept as they are, and counted."""
    codes, distinct = pd.factorize(cells)
    types = parse_contract_types(pd.Series(distinct, dtype="str"))
    how = types["how"].to_numpy(dtype=object)
    for form, kind, reason in (
        ("either", "default", "contract_left_open"),
        ("other", "warning", "other_contract"),
        ("unknown", "warning", "unknown_contract"),
    ):
        findings.count(kind, reason, "contract_type", np.flatnonzero((how == form)[codes]))
    return pd.Series(types["contract_type"].array.take(codes))


def check_trades(
    written: pd.Series,
    labels: pd.Series,
    findings: Findings,
    settings: Settings,
    *,
    label_column: str,
    diplomas: dict[str, pd.Series] | None = None,
    activities: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the trades of each row: from its code, else diploma, else label, else activity.

    Parameters
    ----------
    written : Series of str, n rows
        Trade codes as written.
    labels : Series of str, n rows
        Titles or labels.
    findings : Findings
        A code that is not known rejects the row, unless diploma or label tell the trade.
    settings : Settings
    label_column : str
        Column of `labels`, for messages.
    diplomas : dict of str to Series of str, optional
        ``diploma_code`` and ``rncp_code``.
    activities : Series of str, optional
        NAF codes of the rows whose label is that of the activity; "" for all others.

    Returns
    -------
    DataFrame, n rows
        trade_codes, trade_how (``code``, ``diploma``, ``label``, ``naf``, ""), trade_confidence
        float32, level int8 (of the diploma or of the words of the label, else 0).
    """
    texts = {"written": written, "label": labels, **(diplomas or {})}
    if activities is not None:
        texts["naf_code"] = activities
    row_of, first = combinations(list(texts.values()))
    distinct = pd.DataFrame(
        {name: cells.iloc[first].to_numpy(dtype=object) for name, cells in texts.items()},
        dtype="str",
    )
    answers, seen = _distinct_trades(distinct, settings, has_diplomas=bool(diplomas))
    columns = {"label": label_column, "diploma": "diploma_code"}
    for (kind, reason, about), found in seen.items():
        findings.count(kind, reason, columns.get(about, about), np.flatnonzero(found[row_of]))
    is_lost = (distinct["written"] != "") & (answers["trade_codes"] == "") & ~answers["is_known"]
    lost = np.flatnonzero(is_lost.to_numpy(dtype=bool)[row_of])
    findings.reject(
        lost,
        reason="unknown_trade_code",
        column="trade_code",
        value=written.iloc[lost],
        message="is no ROME code, and nothing else in the row tells the trade",
        hint="Write a code such as D1102, or a label.",
    )
    return pd.DataFrame(spread(answers.drop(columns="is_known"), row_of))


Seen = dict[tuple[str, str, str], NDArray[np.bool_]]
"""(kind, reason, column) of a finding -> the distinct rows that it is about."""


def _distinct_trades(
    rows: pd.DataFrame, settings: Settings, *, has_diplomas: bool
) -> tuple[pd.DataFrame, Seen]:
    """Resolve distinct rows of ``written``, ``label`` and diploma codes; say what was seen."""
    checked = check_codes(rows["written"], settings)
    is_written = (rows["written"] != "").to_numpy(dtype=bool)
    is_known = checked["is_known"].to_numpy(dtype=bool)
    trade = checked["codes"].to_numpy(dtype=object, copy=True)
    how = np.where(trade != "", "code", "").astype(object)
    confidence = (trade != "").astype(np.float32)
    level = np.zeros(len(rows), dtype=np.int8)
    is_lost = np.zeros(len(rows), dtype=bool)

    if has_diplomas and (rows[["diploma_code", "rncp_code"]] != "").any(axis=None):
        from matchmaker.reference.diplomas import resolve_diplomas

        found = resolve_diplomas(rows[["diploma_code", "rncp_code"]], settings)
        is_lost = (found["how"] == "unknown_code").to_numpy(dtype=bool)
        codes = found["codes"].to_numpy(dtype=object)
        level = found["level"].to_numpy(dtype=np.int8, copy=True)
        taken = (trade == "") & (codes != "")
        trade[taken], how[taken], confidence[taken] = codes[taken], "diploma", 1.0

    rest = np.flatnonzero((trade == "") & (rows["label"] != "").to_numpy(dtype=bool))
    named = resolve_trades(rows["label"].iloc[rest], settings)
    trade[rest] = named["codes"].to_numpy(dtype=object)
    how[rest] = np.where(trade[rest] != "", "label", "")
    confidence[rest] = np.where(trade[rest] != "", named["confidence"].to_numpy(), 0)
    level[rest] = np.where(level[rest] == 0, named["level"].to_numpy(), level[rest])

    if "naf_code" in rows:
        of_firms = np.flatnonzero((trade == "") & (rows["naf_code"] != "").to_numpy(dtype=bool))
        done = trades_of_activities(
            rows["naf_code"].iloc[of_firms], rows["label"].iloc[of_firms], settings
        )
        trade[of_firms] = done["codes"].to_numpy(dtype=object)
        how[of_firms] = np.where(trade[of_firms] != "", "naf", "")
        confidence[of_firms] = done["confidence"]

    is_unknown = is_written & ~is_known
    seen: Seen = {
        ("repair", "code_form", "trade_code"): (checked["how"] == "repaired").to_numpy(dtype=bool),
        ("warning", "unknown_among_codes", "trade_code"): is_unknown & (how == "code"),
        ("warning", "unknown_code_other_used", "trade_code"): is_unknown
        & (how != "code")
        & (trade != ""),
        ("warning", "code_and_label_differ", "label"): contradicts(
            checked["codes"], rows["label"], settings
        ),
        ("repair", "trade_from_label", "label"): how == "label",
        ("repair", "trade_from_diploma", "diploma"): how == "diploma",
        ("repair", "trade_from_activity", "naf_code"): how == "naf",
        ("warning", "diploma_code_unknown", "diploma"): is_lost,
        ("warning", "trade_unresolved", "label"): (trade == "") & ~is_unknown,
    }
    answers = pd.DataFrame(
        {
            "trade_codes": pd.array(trade, dtype="str"),
            "trade_how": pd.array(how, dtype="str"),
            "trade_confidence": confidence.astype(np.float32),
            "level": level,
            "is_known": is_known,
        }
    )
    return answers, seen
