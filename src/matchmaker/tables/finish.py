"""The last steps: refusal, pooling, flags, and the order of rows that nothing else depends on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue
from matchmaker.settings import Settings
from matchmaker.tables.checks import Checked, Findings, rejects_frame, to_issues
from matchmaker.tables.cross import positions
from matchmaker.tables.flags import flag_offers
from matchmaker.tables.pooling import pool_offers

__all__ = ["flag", "pool", "refuse_if_spoilt", "sorted_by_id", "sorted_wishes"]


def refuse_if_spoilt(tables: Sequence[Checked], settings: Settings) -> None:
    """Refuse files of which too many rows, or all, were rejected.

    Raises
    ------
    InputError
        Its issues say which file, how much of it, and then each fault.
    """
    verdicts: list[Issue] = []
    for table in tables:
        lost = table.findings.n_rejected()
        share = lost / max(table.n_rows, 1)
        if lost > settings.max_rejected_rows and share > settings.max_rejected_share:
            reason, what = "too_many_rejected", f"has {lost} faulty rows of {table.n_rows}"
        elif table.findings.is_bad.all():
            reason, what = "nothing_usable", f"has no usable row of {table.n_rows}"
        else:
            continue
        verdicts.append(
            Issue(reason=reason, file=table.raw.file, message=what,
                  hint="Correct the faults named below, or export it again.")
        )  # fmt: skip
    if verdicts:
        faults = rejects_frame(table.findings for table in tables)
        raise InputError([*verdicts, *to_issues(faults)])


def sorted_by_id(frame: pd.DataFrame, name: str, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return rows of a frame in the order of the bytes of their id."""
    ids = pa.array(frame[name].iloc[rows], type=pa.large_string())
    return _taken(frame, rows[pc.sort_indices(ids).to_numpy()])


def _taken(frame: pd.DataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return rows of a frame, numbered anew; the frame itself where these are all, in order."""
    if len(rows) == len(frame) and bool((rows[1:] > rows[:-1]).all()):
        return frame.reset_index(drop=True)
    taken: pd.DataFrame = frame.take(rows).reset_index(drop=True)
    return taken


def sorted_wishes(
    wishes: pd.DataFrame, rows: NDArray[np.intp], youth_ids: pd.Series
) -> pd.DataFrame:
    """Return rows of wishes by youth, rank (unranked last), trade and the rest, numbered."""
    owner = positions(wishes["youth_id"].iloc[rows], youth_ids)
    rank = wishes["rank"].to_numpy(dtype=np.int64)[rows]
    place = owner * 2048 + np.where(rank == 0, 2047, rank)
    order = np.argsort(place, kind="stable")
    in_order = place[order]
    is_tied = np.zeros(len(order), dtype=bool)
    is_tied[1:] = in_order[1:] == in_order[:-1]
    is_tied[:-1] |= is_tied[1:]
    # Other columns decide only between the wishes that one youth gave one rank, or none.
    tied = order[is_tied]
    rest = ("source", "trade_label", "commune_code", "region_code", "level", "trade_codes")
    ties = [pd.factorize(wishes[name].iloc[rows[tied]], sort=True)[0] for name in rest]
    order[is_tied] = tied[np.lexsort((*ties, place[tied]))]
    result = _taken(wishes, rows[order])
    owner = owner[order]
    starts = np.searchsorted(owner, owner, side="left")
    result.insert(1, "wish_id", (np.arange(len(owner)) - starts).astype(np.int32))
    return result


def pool(
    offers: pd.DataFrame, rows: NDArray[np.intp], n_files: int, findings: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep those of the rows once that stand in several sources.

    Returns
    -------
    DataFrame
        Offers sorted by the bytes of their id.
    DataFrame
        What was merged, as `matchmaker.tables.pooling.pool_offers` reports it.
    """
    ordered = sorted_by_id(offers, "offer_id", rows)
    if n_files < 2 and ordered["source"].nunique() < 2:
        return ordered, pd.DataFrame({"offer_id": pd.array([], dtype="str")})
    pooled, report = pool_offers(ordered)
    for evidence, count in report["evidence"].value_counts().sort_index().items():
        findings.add("left_out", f"pooled_by_{evidence}", "offer_id", int(count))
    return pooled, report


def flag(
    offers: pd.DataFrame, settings: Settings, findings: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Flag what a person should look at; leave out what the settings say.

    Returns
    -------
    DataFrame
        Offers with ``flags`` and without ``description``.
    DataFrame
        offer_id, flags, is_left_out: every flagged offer.
    """
    flags = flag_offers(offers)
    codes, distinct = pd.factorize(flags)
    is_unwanted = [bool(set(text.split("|")) & set(settings.leave_out_flags)) for text in distinct]
    is_left_out = np.array(is_unwanted, dtype=bool)[codes]
    for text, count in zip(distinct, np.bincount(codes).tolist(), strict=True):
        for name in text.split("|") if text else ():
            findings.add("flag", name, "", count)
    findings.add("left_out", "flagged", "", int(is_left_out.sum()))
    flagged = pd.DataFrame(
        {"offer_id": offers["offer_id"], "flags": flags, "is_left_out": is_left_out}
    )
    result = offers.drop(columns="description").assign(flags=flags)[~is_left_out]
    return result.reset_index(drop=True), flagged[flags != ""].reset_index(drop=True)
