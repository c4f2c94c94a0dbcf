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
      the highest confidence, each row's main trade before those of the rows behind it;
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
    fullest_first, merged = _fullest(rows, label)
    merged["offer_id"] = rows["offer_id"].groupby(label).first()
    for name in _JOINED:
        if name in rows.columns:
            merged[name] = _unions(rows.loc[fullest_first, name], label.loc[fullest_first])
    if "status" in rows.columns:
        merged["status"] = _status(rows["status"], label, merged["status"])
    if "capacity" in rows.columns:
        seats = rows["capacity"].groupby(label)
        merged["capacity"] = seats.max().where(seats.min() > 0, 0)
    if "trade_confidence" in rows.columns:
        for name, cells in _trades(rows, label).items():
            merged[name] = cells
    merged = merged[rows.columns].astype(rows.dtypes.to_dict())
    pooled: pd.DataFrame = pd.concat([offers[is_alone], merged])
    return pooled.sort_values("offer_id").reset_index(drop=True)


def _fullest(rows: pd.DataFrame, label: pd.Series) -> tuple[pd.Index, pd.DataFrame]:
    """Return the rows, the fullest of each group first, and each group's first of every field."""
    blank = _blanked(rows)
    fullness = blank.notna().sum(axis=1)
    order = pd.DataFrame({"group": label, "fullness": -fullness}).sort_values(
        ["group", "fullness"], kind="stable"
    )
    first = blank.loc[order.index].groupby(label.loc[order.index]).first()
    for name in rows.columns:
        if rows[name].dtype == "str":
            first[name] = first[name].fillna("")
        elif rows[name].dtype.kind in "iub":
            first[name] = first[name].fillna(0)
    return order.index, first


def _status(status: pd.Series, label: pd.Series, first: pd.Series) -> pd.Series:
    """Return, by label, the status of the closed ones, and `first` of all others."""
    closing = status.map(_CLOSED).fillna(0).groupby(label).max()
    for name, rank in _CLOSED.items():
        first = first.mask(closing == rank, name)
    return first


def _trades(rows: pd.DataFrame, label: pd.Series) -> dict[str, pd.Series]:
    """Return, by label, all codes of the surest rows, how they were found and how sure that is."""
    rank = rows["trade_confidence"] + (rows["trade_how"] == "code")
    rank = rank.where(rows["trade_codes"] != "", -1.0)
    is_best = rank == rank.groupby(label).transform("max")
    best, of_best = rows[is_best], label[is_best]
    codes = _unions(best["trade_codes"], of_best)
    return {
        "trade_how": best["trade_how"].groupby(of_best).first(),
        "trade_confidence": best["trade_confidence"].groupby(of_best).first(),
        "trade_codes": codes,
    }


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
