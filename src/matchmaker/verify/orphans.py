"""Published offers in no list: whether they are all told, and whether a youth had room for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, rows_of
from matchmaker.verify.diplomas import cells_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.lines import may_stand
from matchmaker.verify.texts import read_texts

__all__ = ["ORPHANS", "Claims", "check_orphans", "open_offers", "unshown_offers"]

ORPHANS = "orphans.csv"
FREED = ("bounced", "opposed", "released")  # states of a line that reached nobody
Bands = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a run says of its proofs.

    Attributes
    ----------
    bands : mapping of str to (floors, bonuses)
        By the name of the proof: scores from which on a line earns more, and what; the
        first bonus is that of lines below all floors.
    unshown : ndarray of bool, shape (n_offers,), or None
        Published offers in no list that no list is said to have room for.
    """

    bands: Mapping[str, Bands] = field(default_factory=dict)
    unshown: NDArray[np.bool_] | None = None

    @classmethod
    def of(
        cls,
        bands: Mapping[str, Bands],
        clean: Clean,
        lists: pd.DataFrame,
        settings: Settings,
        *,
        is_most_shown: bool,
    ) -> Claims:
        """Return the claims, with the offers that they are about.

        Parameters
        ----------
        bands, clean, lists, settings
            As for `check_bounds`.
        is_most_shown : bool
            No lists are said to show more of the published offers.

        Returns
        -------
        Claims
        """
        if not is_most_shown:
            return cls(bands=bands)
        is_open = open_offers(clean, settings)
        return cls(bands=bands, unshown=unshown_offers(clean, lists["offer_id"], is_open))


def open_offers(clean: Clean, settings: Settings) -> NDArray[np.bool_]:
    """Tell which offers any list may hold.

    Parameters
    ----------
    clean : Clean
    settings : Settings

    Returns
    -------
    ndarray of bool, shape (n_offers,)
    """
    offers = clean.offers
    has_region = (offers["region_code"] != "").to_numpy(dtype=bool)
    is_placed = offers["latitude"].notna().to_numpy() | has_region
    has_trade = (cells_of(offers) != "").to_numpy(dtype=bool)
    is_open: NDArray[np.bool_] = np.logical_and.reduce(
        [*may_stand(clean, settings).values(), is_placed, has_trade]
    )
    return is_open


def unshown_offers(clean: Clean, lines: pd.Series, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which published offers with seats left stand in no list of this run or before.

    Parameters
    ----------
    clean : Clean
    lines : Series of str
        ``offer_id`` of each line.
    is_open : ndarray of bool, shape (n_offers,)

    Returns
    -------
    ndarray of bool, shape (n_offers,)
    """
    ids = clean.offers["offer_id"]
    is_unshown = is_open & (clean.offers["kind"] == "offer").to_numpy(dtype=bool)
    is_unshown[rows_of(pd.Series(lines.unique()), ids)] = False
    if clean.sent is not None:
        before = clean.sent
        if "state" in before:
            before = before[~before["state"].isin(FREED)]
        row = rows_of(before["offer_id"], ids)
        is_unshown[row[row >= 0]] = False
    return is_unshown


def check_orphans(
    folder: Path,
    summary: Mapping[str, Any],
    clean: Clean,
    lists: pd.DataFrame,
    is_open: NDArray[np.bool_],
    faults: Faults,
) -> None:
    """Check ``orphans.csv`` and the figures of the offers that were to be shown.

    Parameters
    ----------
    folder : Path
    summary : mapping
    clean : Clean
    lists : DataFrame
        ``offer_id`` is read.
    is_open : ndarray of bool, shape (n_offers,)
        The offers that any list may hold.
    faults : Faults
        What is found is added to it.
    """
    told = read_texts(folder / ORPHANS, delimiter=",")
    unshown = unshown_offers(clean, lists["offer_id"], is_open)
    ids = clean.offers["offer_id"][unshown]
    if sorted(told["offer_id"]) != sorted(ids):
        faults.add("orphans_all", file=ORPHANS, found=str(len(told)), expected=str(len(ids)))
        return
    has_youth = told["reason_code"] == "caps"
    faults.must(
        "orphans_reason",
        has_youth == (told["youths"] != "0"),
        file=ORPHANS,
        column="reason_code",
        found=told["reason_code"],
    )
    orphans, n = int(has_youth.sum()), len(told)
    none = pd.Series(dtype=str)
    to_show = int(unshown_offers(clean, none, is_open).sum())
    codes = told["reason_code"].value_counts()
    for name, true in (
        ("offers", to_show),
        ("with_a_youth", to_show - n + orphans),
        ("for_nobody", n - orphans),
        ("shown", to_show - n),
        ("orphans", orphans),
        ("reasons", {str(code): int(codes[code]) for code in sorted(codes.index)}),
    ):
        column = f"published.{name}"
        faults.equal("figure", summary["published"][name], true, file="summary.json", column=column)
