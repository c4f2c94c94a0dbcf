"""From notices of one offer to one row with the best-filled fields."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchmaker.tables.pooling_keys import IntArray

__all__ = ["merge_groups"]

_JOINED = ("url", "source", "flags")
_CLOSED = {"cancelled": 2, "filled": 1}


def merge_groups(offers: pd.DataFrame, group: IntArray) -> pd.DataFrame:
    """Return `offers` with the rows of each group made one.

    A field comes from the row of the group that fills most fields (the smaller id
    on a tie), or from the next one that has it. Exceptions:

    - `offer_id` is the smallest, so that it does not change when a field is filled in;
    - `url`, `source`, `flags` are joined with "|", each text once;
    - `trade_codes` are all codes that a source wrote as codes, else those found with
      the highest confidence;
    - `status`: an offer that one source has closed is closed; `capacity`: 0 (full)
      wins, else the largest, since 1 is also what stands for "not said".

    Parameters
    ----------
    offers : DataFrame, n rows
        Sorted by `offer_id`, index 0 to n - 1.
    group : array of int64, shape (n,)
        Position of the first row of the group of each row.
    """
    size = np.bincount(group, minlength=len(offers))
    is_alone = size[group] == 1
    if is_alone.all():
        return offers
    rows = offers[~is_alone]
    label = pd.Series(group[~is_alone], index=rows.index)
    blank = _blanked(rows)
    fullness = blank.notna().sum(axis=1)
    order = pd.DataFrame({"group": label, "fullness": -fullness}).sort_values(
        ["group", "fullness"], kind="stable"
    )
    merged = blank.loc[order.index].groupby(label.loc[order.index]).first()
    for name in rows.columns:
        if rows[name].dtype == "str":
            merged[name] = merged[name].fillna("")
        elif rows[name].dtype.kind in "iub":
            merged[name] = merged[name].fillna(0)
    merged["offer_id"] = rows["offer_id"].groupby(label).first()
    for name in _JOINED:
        if name in rows.columns:
            texts = rows.loc[order.index, name]
            merged[name] = _unions(texts, label.loc[order.index])
    if "status" in rows.columns:
        closing = rows["status"].map(_CLOSED).fillna(0).groupby(label).max()
        for name, rank in _CLOSED.items():
            merged.loc[closing == rank, "status"] = name
    if "capacity" in rows.columns:
        seats = rows["capacity"].groupby(label)
        merged["capacity"] = seats.max().where(seats.min() > 0, 0)
    if "trade_confidence" in rows.columns:
        rank = rows["trade_confidence"] + (rows["trade_how"] == "code")
        rank = rank.where(rows["trade_codes"] != "", -1.0)
        best = rank == rank.groupby(label).transform("max")
        for name in ("trade_how", "trade_confidence"):
            merged[name] = rows.loc[best, name].groupby(label[best]).first()
        codes = _unions(rows.loc[best, "trade_codes"], label[best])
        merged["trade_codes"] = codes.map(lambda text: "|".join(sorted(text.split("|"))))
    merged = merged[rows.columns].astype(rows.dtypes.to_dict())
    pooled: pd.DataFrame = pd.concat([offers[is_alone], merged])
    return pooled.sort_values("offer_id").reset_index(drop=True)


def _blanked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with everything that says nothing made missing."""
    blank = rows.copy()
    for name in rows.columns:
        if rows[name].dtype == "str":
            blank[name] = rows[name].where(rows[name] != "")
        elif name == "level":
            blank[name] = rows[name].where(rows[name] != 0)
    if {"latitude", "longitude"} <= set(rows.columns):
        # Together or not at all: half a point of each row would be a third place.
        is_placed = rows["latitude"].notna() & rows["longitude"].notna()
        for name in ("latitude", "longitude"):
            blank[name] = rows[name].where(is_placed)
    return blank


def _unions(texts: pd.Series, label: pd.Series) -> pd.Series:
    """Return, by label, the distinct parts of "|"-joined texts, in their order."""
    parts: dict[int, dict[str, None]] = {}
    for text, group in zip(texts.tolist(), label.tolist(), strict=True):
        parts.setdefault(group, {}).update(dict.fromkeys(p for p in text.split("|") if p))
    return pd.Series({group: "|".join(found) for group, found in parts.items()}, dtype="str")
