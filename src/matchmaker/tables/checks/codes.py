"""Levels, types of contract and trades: written forms to codes, through the reference tables.

Each distinct text goes to its resolver once; what the resolver says is counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.contracts import parse_contract_types
from matchmaker.reference.levels import parse_levels
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
    how = levels["how"].to_numpy(dtype=object)[codes]
    for form in sorted(set(levels["how"])):
        rows = np.flatnonzero(how == form)
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
        elif form not in ("", "number"):
            findings.count("warning", f"level_{form}", "level", rows)
    result: NDArray[np.int8] = levels["level"].to_numpy(dtype=np.int8)[codes]
    return result


def check_contracts(cells: pd.Series, findings: Findings) -> pd.Series:
    """Return types of contract; others than work-study are kept as they are, and counted."""
    codes, distinct = pd.factorize(cells)
    types = parse_contract_types(pd.Series(distinct, dtype="str"))
    how = types["how"].to_numpy(dtype=object)[codes]
    for form, kind, reason in (
        ("either", "default", "contract_left_open"),
        ("other", "warning", "other_contract"),
        ("unknown", "warning", "unknown_contract"),
    ):
        findings.count(kind, reason, "contract_type", np.flatnonzero(how == form))
    return pd.Series(types["contract_type"].array.take(codes))


def check_trades(
    written: pd.Series,
    labels: pd.Series,
    findings: Findings,
    settings: Settings,
    *,
    label_column: str,
    diplomas: dict[str, pd.Series] | None = None,
) -> pd.DataFrame:
    """Return the trade codes of each row: from its code, else its diploma, else its label.

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

    Returns
    -------
    DataFrame, n rows
        trade_codes, trade_how (``code``, ``diploma``, ``label``, ""), trade_confidence
        float32, level int8 (of the diploma or of the words of the label, else 0).
    """
    n = len(written)
    codes, distinct = pd.factorize(written)
    checked = spread(check_codes(pd.Series(distinct, dtype="str"), settings), codes)
    trade = np.asarray(checked["codes"], dtype=object)
    how = np.where(trade != "", "code", "").astype(object)
    confidence = (trade != "").astype(np.float32)
    level = np.zeros(n, dtype=np.int8)
    form = np.asarray(checked["how"], dtype=object)
    is_written = (written != "").to_numpy(dtype=bool)
    is_known = np.asarray(checked["is_known"], dtype=bool)
    findings.count("repair", "code_form", "trade_code", np.flatnonzero(form == "repaired"))
    findings.count("warning", "unknown_among_codes", "trade_code",
                   np.flatnonzero(is_written & ~is_known & (trade != "")))  # fmt: skip

    if diplomas and any((cells != "").any() for cells in diplomas.values()):
        found = _from_diplomas(diplomas, labels, settings)
        level = np.asarray(found["level"], dtype=np.int8)
        taken = (trade == "") & (np.asarray(found["codes"], dtype=object) != "")
        trade[taken] = np.asarray(found["codes"], dtype=object)[taken]
        how[taken], confidence[taken] = "diploma", 1.0

    rest = np.flatnonzero((trade == "") & (labels != "").to_numpy(dtype=bool))
    label_codes, label_texts = pd.factorize(labels.iloc[rest])
    resolved = spread(resolve_trades(pd.Series(label_texts, dtype="str"), settings), label_codes)
    named = np.asarray(resolved["codes"], dtype=object)
    trade[rest] = named
    how[rest] = np.where(named != "", "label", "")
    confidence[rest] = np.where(named != "", np.asarray(resolved["confidence"]), 0)
    level[rest] = np.where(level[rest] == 0, np.asarray(resolved["level"]), level[rest])

    unknown = is_written & ~is_known & (how != "code")
    findings.count("warning", "unknown_code_label_used", "trade_code",
                   np.flatnonzero(unknown & (trade != "")))  # fmt: skip
    lost = np.flatnonzero(unknown & (trade == ""))
    findings.reject(
        lost,
        reason="unknown_trade_code",
        column="trade_code",
        value=written.iloc[lost],
        message="is no ROME code, and nothing else in the row tells the trade",
        hint="Write a code such as D1102, or a label.",
    )
    findings.count("repair", "trade_from_label", label_column, np.flatnonzero(how == "label"))
    findings.count("repair", "trade_from_diploma", "diploma_code", np.flatnonzero(how == "diploma"))
    findings.count("warning", "trade_unresolved", label_column,
                   np.flatnonzero((trade == "") & ~unknown))  # fmt: skip
    return pd.DataFrame(
        {
            "trade_codes": pd.array(trade, dtype="str"),
            "trade_how": pd.array(how, dtype="str"),
            "trade_confidence": confidence.astype(np.float32),
            "level": level,
        }
    )


def _from_diplomas(
    diplomas: dict[str, pd.Series], labels: pd.Series, settings: Settings
) -> dict[str, Any]:
    """Resolve each distinct combination of diploma codes and label once."""
    from matchmaker.reference.diplomas import resolve_diplomas

    frame = pd.DataFrame({**diplomas, "label": labels})
    codes, _ = pd.factorize(pd.Series(list(zip(*(frame[c] for c in frame), strict=True))))
    first = pd.Series(codes).drop_duplicates().index
    answers = resolve_diplomas(frame.iloc[first].reset_index(drop=True), settings)
    return spread(answers, codes)
