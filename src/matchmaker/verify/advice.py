"""Were advisers obeyed?  Each word that a run says it heeds, held against its tables and lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.verify.clean import Clean, rows_of
from matchmaker.verify.fault import Faults

__all__ = ["ADVISED", "barred", "check_advice", "heeded", "pinned", "pins_of", "places_said"]

FILE = "tables/words"
ADVISED = "words"  # source of a wish that an adviser added
LAST = 1 << 20  # the place of a line of which nobody said anything
SIREN = 9  # signs
Keys = NDArray[np.int64]


def heeded(advice: pd.DataFrame, *words: str) -> pd.DataFrame:
    """Return the rows of some words that the run says it heeds.

    Parameters
    ----------
    advice : DataFrame
        ``tables/words``.
    *words : str

    Returns
    -------
    DataFrame
    """
    rows: pd.DataFrame = advice[advice["state"].eq("heeded") & advice["word"].isin(words)]
    return rows


def _keys(rows: pd.DataFrame, clean: Clean) -> Keys:
    """Return youth x offers + offer of each row whose youth and offer are in the tables."""
    youth = rows_of(rows["youth_id"], clean.youths["youth_id"])
    offer = rows_of(rows["offer_id"], clean.offers["offer_id"])
    is_known = (youth >= 0) & (offer >= 0)
    keys: Keys = (youth * len(clean.offers) + offer)[is_known]
    return keys


def pinned(clean: Clean) -> Keys:
    """Return the pairs that advisers keep: youth x offers + offer, of rows of the clean tables.

    Parameters
    ----------
    clean : Clean

    Returns
    -------
    ndarray of int64
        Rising.
    """
    if clean.words is None:
        return np.zeros(0, dtype=np.int64)
    return np.unique(_keys(heeded(clean.words, "pin"), clean))


def pins_of(clean: Clean) -> dict[int, list[int]]:
    """Return by row of the youth the rows of the offers that advisers keep.

    Parameters
    ----------
    clean : Clean

    Returns
    -------
    dict of int to list of int
    """
    found: dict[int, list[int]] = {}
    for key in pinned(clean).tolist():
        youth, offer = divmod(key, len(clean.offers))
        found.setdefault(youth, []).append(offer)
    return found


def barred(clean: Clean) -> Keys:
    """Return the pairs that no list may hold: barred one by one, or with all of their firm.

    Parameters
    ----------
    clean : Clean

    Returns
    -------
    ndarray of int64
        As `pinned`; none of those is among them.
    """
    if clean.words is None:
        return np.zeros(0, dtype=np.int64)
    bans = heeded(clean.words, "ban", "broken")
    parts = [_keys(bans[bans["word"] == "ban"], clean)]
    firms = bans[bans["siren"] != ""]
    youth = rows_of(firms["youth_id"], clean.youths["youth_id"])
    siren = clean.offers["siret"].str[:SIREN].to_numpy(dtype=object)
    for row, name in zip(youth.tolist(), firms["siren"], strict=True):
        if row >= 0:
            parts.append(row * len(clean.offers) + np.flatnonzero(siren == name))
    keys: Keys = np.setdiff1d(np.concatenate(parts), pinned(clean))
    return keys


def places_said(advice: pd.DataFrame | None, lists: pd.DataFrame) -> NDArray[np.int64]:
    """Return the place that an adviser said of each line, `LAST` where nobody did.

    Parameters
    ----------
    advice : DataFrame or None
    lists : DataFrame
        ``youth_id`` and ``offer_id`` are read.

    Returns
    -------
    ndarray of int64, shape (n_lines,)
    """
    place = np.full(len(lists), LAST, dtype=np.int64)
    if advice is None:
        return place
    orders = heeded(advice, "order")
    said = dict(
        zip(zip(orders["youth_id"], orders["offer_id"], strict=True), orders["value"], strict=True)
    )
    at = np.flatnonzero(lists["youth_id"].isin(orders["youth_id"]).to_numpy(dtype=bool))
    some = lists.iloc[at]
    pairs = zip(some["youth_id"], some["offer_id"], strict=True)
    place[at] = [int(said.get(pair, LAST)) for pair in pairs]
    return place


def check_advice(clean: Clean, lists: pd.DataFrame, faults: Faults) -> None:
    """Check that tables and lists are as the words say that are heeded.

    Parameters
    ----------
    clean : Clean
    lists : DataFrame
        As in `matchmaker.MatchResult`.
    faults : Faults
        What is found is added to it.
    """
    if clean.words is None:
        return
    advice = clean.words
    line = _keys(lists, clean)
    pins, orders = heeded(advice, "pin"), heeded(advice, "order")
    is_held = np.isin(_keys(pins, clean), line)
    if len(is_held) < len(pins):
        faults.add("word_pin", file=FILE, found=str(len(is_held)), expected=str(len(pins)))
    faults.must("word_pin", is_held, file=FILE, row=None)
    is_single = ~orders.duplicated(["youth_id", "offer_id"])
    faults.must("word_once", is_single, file=FILE, row=None)
    both = np.isin(_keys(heeded(advice, "ban"), clean), pinned(clean))
    faults.must("word_once", ~both, file=FILE, row=None)
    faults.must("word_ban", ~np.isin(line, barred(clean)))
    youth = rows_of(lists["youth_id"], clean.youths["youth_id"])
    said = places_said(advice, lists)
    is_same_list = np.diff(youth, prepend=-1) == 0
    faults.must("word_order", ~is_same_list | (np.diff(said, prepend=0) >= 0), column="rank")
    _check_contracts(clean, advice, lists, faults)
    _check_trades(clean, advice, faults)


def _check_contracts(
    clean: Clean, advice: pd.DataFrame, lists: pd.DataFrame, faults: Faults
) -> None:
    """Check who has a contract and who no longer has one, and the seats that contracts took."""
    youths, offers = clean.youths, clean.offers
    status = youths["status"].to_numpy(dtype=object)
    found, broken = heeded(advice, "contract")["youth_id"], heeded(advice, "broken")["youth_id"]
    has_one, has_none = (
        youths["youth_id"].isin(ids).to_numpy(dtype=bool) for ids in (found, broken)
    )
    faults.must(
        "word_contract", ~has_one | (status != "seeking"), file="tables/youths", column="status"
    )
    faults.must("word_contract", ~lists["youth_id"].isin(found), column="youth_id")
    faults.must(
        "word_broken", ~has_none | (status != "placed"), file="tables/youths", column="status"
    )
    taken = advice[advice["word"].eq("contract") & advice["seats"].gt(0)]
    taken = taken[taken["state"].isin(["heeded", "gone"])]
    count = taken.groupby("offer_id").agg(seats=("seats", "first"), taken=("word", "size"))
    row = rows_of(count.index.to_series(), offers["offer_id"])
    capacity = offers["capacity"].to_numpy(dtype=np.int64)[row]
    due = (count["seats"] - count["taken"]).clip(lower=0).to_numpy(dtype=np.int64)
    faults.must(
        "word_seat", (row >= 0) & (capacity == due), file="tables/offers", column="capacity",
        row=row, found=capacity, expected=due,
    )  # fmt: skip


def _check_trades(clean: Clean, advice: pd.DataFrame, faults: Faults) -> None:
    """Check that each new trade is the first wish of its youth, and that nobody else has one."""
    if clean.wishes.empty and not len(clean.wishes.columns):
        return  # what is checked before publishing reads no wishes; the lines were checked before
    trades = heeded(advice, "trade")
    wishes = clean.wishes
    mine = wishes[wishes["source"] == ADVISED]
    there = set(zip(mine["youth_id"], mine["trade_codes"], mine["rank"], strict=True))
    asked = list(zip(trades["youth_id"], trades["value"], strict=True))
    is_there = [(youth, codes, 1) in there for youth, codes in asked]
    faults.must("word_trade", np.array(is_there, dtype=bool), file=FILE, row=None)
    is_asked = mine["youth_id"].isin(trades["youth_id"])
    faults.must("word_trade", is_asked, file="tables/wishes", column="source", row=None)
    rest = wishes[wishes["youth_id"].isin(trades["youth_id"]) & (wishes["source"] != ADVISED)]
    faults.must("word_trade", rest["rank"] != 1, file="tables/wishes", column="rank", row=None)
