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
from matchmaker.tables.checks import Checked, Findings, blank_wishes, issues_of
from matchmaker.tables.cross import positions
from matchmaker.tables.flags import flag_offers
from matchmaker.tables.pooling import pool_offers
from matchmaker.words import said

__all__ = [
    "flag",
    "kinds_by_source",
    "pool",
    "refuse_if_spoilt",
    "sorted_by_id",
    "sorted_wishes",
]


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
        is_lost = table.findings.is_bad.copy()
        is_lost[blank_wishes(table.findings)] = False  # nobody has to wish anything
        share = lost / max(table.n_rows, 1)
        if lost > settings.max_rejected_rows and share > settings.max_rejected_share:
            reason = "too_many_rejected"
            what = said("header.too_many_rejected", lost=lost, rows=table.n_rows)
        elif table.findings.is_bad.all() and (is_lost.any() or not len(is_lost)):
            reason, what = "nothing_usable", said("header.nothing_usable", rows=table.n_rows)
        else:
            continue
        verdicts.append(
            Issue(reason=reason, file=table.raw.file, message=what, hint=said("header.spoilt_hint"))
        )
    if verdicts:
        raise InputError([*verdicts, *issues_of(table.findings for table in tables)])


def sorted_by_id(frame: pd.DataFrame, name: str, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return rows of a frame in the order of the bytes of their id.

    The frame is emptied column by column where that needs a copy: half a million offers would
    else lie in memory twice.
    """
    ids = pa.array(frame[name].iloc[rows], type=pa.large_string())
    rows = rows[pc.sort_indices(ids).to_numpy()]
    del ids
    if _are_all(rows, frame):
        return frame.reset_index(drop=True)
    columns = {column: frame.pop(column).array.take(rows) for column in list(frame.columns)}
    return pd.DataFrame(columns, copy=False)


def _taken(frame: pd.DataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return rows of a frame, numbered anew; the frame itself where these are all, in order."""
    if _are_all(rows, frame):
        return frame.reset_index(drop=True)
    taken: pd.DataFrame = frame.take(rows).reset_index(drop=True)
    return taken


def _are_all(rows: NDArray[np.intp], frame: pd.DataFrame) -> bool:
    return len(rows) == len(frame) and bool((rows[1:] > rows[:-1]).all())


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


def kinds_by_source(tables: Sequence[Checked]) -> pd.DataFrame:
    """Count the usable offers of each file by its format and their kind, before pooling.

    A source read wrongly shows here first: as published offers that are firms, say.

    Returns
    -------
    DataFrame
        source, kind, count (int64), by source and kind; no row for what there is none of.
    """
    kept = [
        pd.DataFrame(
            {
                "source": table.raw.format,
                "kind": table.frame["kind"].array[~table.findings.is_bad],
            }
        )
        for table in tables
    ]
    both = pd.concat(kept, ignore_index=True)
    counts = both.groupby(["source", "kind"]).size()
    return counts.reset_index(name="count").astype({"source": "str", "kind": "str"})


def pool(offers: pd.DataFrame, findings: Findings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep those offers once that stand in several sources, or several times in one.

    Parameters
    ----------
    offers : DataFrame
        Sorted by the bytes of their id.
    findings : Findings
        About the offers of all files together.

    Returns
    -------
    DataFrame
        Offers sorted by the bytes of their id.
    DataFrame
        What was merged, as `matchmaker.tables.pooling.pool_offers` reports it.
    """
    pooled, report = pool_offers(offers)
    for evidence, count in report["evidence"].value_counts().sort_index().items():
        findings.add("left_out", f"pooled_by_{evidence}", "offer_id", int(count))
    return pooled, report


def flag(
    offers: pd.DataFrame, settings: Settings, findings: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Flag what a person should look at; count what the settings leave out of lists.

    Offers that are left out stay in the table: the market closes them, so that a youth who
    would fit them alone can be told why.

    Returns
    -------
    DataFrame
        All offers, with ``flags`` and without what only flags read.
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
    result = offers.drop(columns=["description", "title_differs"]).assign(flags=flags)
    result = result.reset_index(drop=True)
    return result, flagged[flags != ""].reset_index(drop=True)
