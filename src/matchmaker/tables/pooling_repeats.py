"""One notice that a source published several times, under several ids."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchmaker.reference.firm_names import firm_name
from matchmaker.reference.lookup import combinations, fold, repeated
from matchmaker.tables.pooling_keys import IntArray

__all__ = ["first_of_repeats", "without_repeats"]

# What two notices of one source must share, beside the words of title, employer and text.
_SAME = (
    "source",
    "kind",
    "siret",
    "commune_code",
    "postal_code",
    "latitude",
    "longitude",
    "level",
    "contract_type",
    "start_date",
    "status",
    "trade_codes",
)
_SIEVE = ("siret", "source", "commune_code", "start_date", "contract_type", "level")


def first_of_repeats(offers: pd.DataFrame) -> IntArray:
    """Return the position of the first notice that each one repeats: its own for most.

    A notice repeats another of its source when nothing that we keep of the two differs but id,
    web address, last day and number of places.  Two seats that a firm advertises apart have
    two texts.  Where no firm or no place is told, equal words prove nothing.

    Parameters
    ----------
    offers : DataFrame, n rows
        Sorted by `offer_id`, index 0 to n - 1.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    first = np.arange(len(offers), dtype=np.int64)
    rows = first
    for name in _SIEVE:  # each leaves fewer for the next
        rows = rows[repeated(offers[name].iloc[rows])]
    of_row, _ = combinations([offers[name].iloc[rows] for name in _SIEVE])
    rows = rows[repeated(pd.Series(of_row))]
    few = offers.iloc[rows]
    employers = few["employer"].map({name: firm_name(name) for name in few["employer"].unique()})
    titles = few["title"].map({title: fold(title) for title in few["title"].unique()})
    is_told = (titles != "") & (few["commune_code"] != "")
    is_told &= (employers != "") | (few["siret"] != "")
    same = few[[name for name in _SAME if name in few.columns]].assign(
        title=titles, employer=employers
    )
    if "description" in few.columns:
        same["description"] = few["description"]
    if "capacity" in few.columns:  # one that is full is not one that is open
        same["is_full"] = few["capacity"] == 0
    rows, same = rows[is_told.to_numpy(dtype=bool)], same[is_told]
    if len(rows):
        label = same.groupby(list(same.columns), sort=False, dropna=False).ngroup()
        first[rows] = pd.Series(rows).groupby(label.to_numpy()).transform("min")
    return first


def without_repeats(offers: pd.DataFrame, first: IntArray) -> pd.DataFrame:
    """Return the first of each set of repeats, with what the latest of them says.

    Last day and web address are those of the notice that stands longest, since an older one
    may have been taken down.  The largest capacity holds, not the sum: a notice published again
    is the same seat again.

    Parameters
    ----------
    offers : DataFrame, n rows
        Sorted by `offer_id`, index 0 to n - 1.
    first : ndarray of int64, shape (n,)
        As `first_of_repeats` returns it.
    """
    kept = np.flatnonzero(first == np.arange(len(offers)))
    if len(kept) == len(offers):
        return offers
    rows = np.flatnonzero(np.bincount(first, minlength=len(offers))[first] > 1)
    several = offers.iloc[rows].assign(first=first[rows])
    changed = offers.copy(deep=False)  # a column is copied when it is written to
    if "expiry_date" in offers.columns:
        in_order = several.sort_values(["first", "expiry_date"], kind="stable", na_position="first")
        last = in_order.groupby("first")[["expiry_date", "url"]].tail(1).index
        at = in_order.loc[last, "first"].to_numpy()
        for name in ("expiry_date", "url"):
            changed.loc[at, name] = offers.loc[last, name].array
    if "capacity" in offers.columns:
        most = several.groupby("first")["capacity"].max()
        changed.loc[most.index, "capacity"] = most
    return changed.iloc[kept].reset_index(drop=True)
