"""The bound of a proof, added up again from the prices that are written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.verify.fault import Faults

__all__ = ["Shown", "check_proof"]

CERTIFICATE, SUMMARY = "certificate.parquet", "summary.json"
GAP_DECIMALS = Fraction(1, 10**8)  # to which gaps are rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the files show of the problem that a proof is about.

    Attributes
    ----------
    lines : DataFrame
        ``youth_id``, ``offer_id`` and ``score`` of the lines that the proof is about.
    others : DataFrame
        The same of lines that stood before.
    room, used, width : Series of int64, by offer_id
        Of the offers of any line: in how many lists they might stand, in how many they
        stood before, and how many lists cost the same.
    lines_per_youth : int or Series of int64, by youth_id
        Of all youths; or of each, where territories have lists of their own length.
    unit_costs : sequence of int
        What an offer's lists cost, the first `width` of them, the next ones, and so on;
        the last cost goes on.
    floors : sequence of int
        Scores from which on a line earns more than its score.
    """

    lines: pd.DataFrame
    others: pd.DataFrame
    room: pd.Series[int]
    used: pd.Series[int]
    width: pd.Series[int]
    lines_per_youth: int | pd.Series[int]
    unit_costs: Sequence[int]
    floors: Sequence[int]


def check_proof(
    name: str, claim: Mapping[str, Any], certificate: pd.DataFrame, shown: Shown, faults: Faults
) -> None:
    """Derive again what the lines of a proof are worth, and the bound of all lists whatever.

    Weak duality, row by row: the lists of an offer earn at most its price each, and a
    youth's lines are worth at most their prices plus the youth's bound.  So no lists
    whatever are worth more than all bounds together.

    Parameters
    ----------
    name : str
        Of the proof.
    claim : mapping
        What ``summary.json`` says of it.
    certificate : DataFrame
        Its rows of ``certificate.parquet``.
    shown : Shown
    faults : Faults
        Gets every row and figure that breaks a rule.
    """
    table = certificate.assign(row=certificate.index)
    offers, youths = (table[table["side"] == side].set_index("id") for side in ("offer", "youth"))
    is_single = ~certificate.duplicated(["side", "id"])
    # An offer may pay for its first list, and no more than the bonus that it earns with it.
    of_side = np.where(certificate["side"] == "offer", certificate["bonus"], 0)
    is_whole = (certificate[["capacity", "bonus", "bound"]] >= 0).all(axis=1)
    is_whole &= certificate["price"] >= -of_side
    rows = table["row"].to_numpy()
    for rule, holds in (("certificate_once", is_single), ("certificate_negative", is_whole)):
        faults.must(rule, holds, file=CERTIFICATE, column=name, row=rows)
    if not (is_single & is_whole).all():  # no sums can be made of it
        return
    bands = claim.get("bands", {"floors": [], "bonuses": [0]})
    band = np.searchsorted(bands["floors"], shown.lines["score"], side="right")
    of_band = np.array(bands["bonuses"], dtype=np.int64)[band]
    costs = _check_offers(name, offers, shown, faults)
    is_shown = offers.index.isin(shown.lines["offer_id"])
    bonuses = sum(offers["bonus"][is_shown].to_list())
    bonuses += _check_youths(name, youths, offers["price"], shown, of_band, faults)

    score = sum(shown.lines["score"].to_list())
    bound = sum(certificate["bound"].to_list()) - bonuses - sum(of_band.tolist())
    served = pd.concat([shown.lines["youth_id"], shown.others["youth_id"]]).nunique()
    for word, said, true in (
        ("bands.floors", bands["floors"], list(shown.floors)),
        ("youths_served", claim["youths_served"], served),
        ("score", claim["score"], score),
        ("costs", claim["costs"], costs),
        ("score_bound", claim["score_bound"], bound),
    ):
        faults.equal("figure", said, true, file=SUMMARY, column=f"proofs.{name}.{word}")
    worth = score - costs
    if worth > bound:
        faults.add(
            "score_bound", file=CERTIFICATE, column=name, found=str(bound), expected=f"≥ {worth}"
        )
    gap = Fraction(bound - worth, worth) if worth > 0 else Fraction(0)
    if abs(Fraction(claim["gap"]) - gap) > GAP_DECIMALS:
        faults.add(
            "gap",
            file=SUMMARY,
            column=f"proofs.{name}.gap",
            found=str(claim["gap"]),
            expected=f"{float(gap):.8f}",
        )


def _check_offers(name: str, offers: pd.DataFrame, shown: Shown, faults: Faults) -> int:
    """Check the offers' rows; return what the lists of all offers cost."""
    load = shown.lines["offer_id"].value_counts()
    # Of an offer in no line, the files do not say how many lists it might stand in.
    is_known = offers.index.isin(shown.room.index)
    known, rows = offers[is_known], offers["row"].to_numpy()
    room = shown.room.reindex(known.index)
    faults.must(
        "offer_capacity",
        known["capacity"] == room,
        file=CERTIFICATE,
        column=f"{name}.capacity",
        row=rows[is_known],
        found=known["capacity"],
        expected=room,
    )
    left = shown.room.reindex(load.index)
    faults.must(
        "offer_load",
        load <= left,
        file="lists.parquet",
        column=name,
        row=None,
        found=load,
        expected=left,
    )
    price, capacity = (offers[column].to_numpy(dtype=object) for column in ("price", "capacity"))
    bonus = offers["bonus"].to_numpy(dtype=object)
    earned = _earned(offers["capacity"], price, shown)
    # The first list earns its bonus too, or by it alone.
    one = offers["capacity"].clip(upper=1)
    cost = sum(cost * units for cost, units in _steps(one, shown))
    first = one.to_numpy(dtype=object) * np.maximum(price - cost + bonus, 0)
    earned = earned - _earned(one, price, shown) + first
    is_true = offers["bound"].to_numpy(dtype=object) == earned
    if shown.unit_costs:
        most = np.maximum(price, 0) * capacity + bonus
        is_true = np.where(is_known, is_true, offers["bound"] <= most)
    faults.must(
        "offer_bound",
        is_true,
        file=CERTIFICATE,
        column=f"{name}.bound",
        row=rows,
        found=offers["bound"],
    )
    return sum(cost * int(units.sum()) for cost, units in _steps(load, shown))


def _earned(count: pd.Series[int], price: NDArray[np.object_], shown: Shown) -> NDArray[np.object_]:
    """Return what the first `count` lists of each offer earn at its price, bonus apart."""
    earned: NDArray[np.object_] = np.zeros(len(count), dtype=object)
    for cost, units in _steps(count, shown):
        earned = earned + units * np.maximum(price - cost, 0)
    return earned


def _steps(count: pd.Series[int], shown: Shown) -> Iterator[tuple[int, NDArray[np.object_]]]:
    """Yield each cost of a list, and how many of an offer's next `count` lists cost that.

    Python's own whole numbers, which no written figure makes overflow.
    """
    first = shown.used.reindex(count.index, fill_value=0).to_numpy(dtype=object)
    width = shown.width.reindex(count.index, fill_value=1).to_numpy(dtype=object)
    end = first + count.to_numpy(dtype=object)
    costs = [*shown.unit_costs] or [0]
    for step, cost in enumerate(costs):
        is_last = step + 1 == len(costs)
        until = end if is_last else np.minimum(end, width * (step + 1))
        yield cost, np.maximum(until - np.maximum(first, width * step), 0)


def _check_youths(
    name: str,
    youths: pd.DataFrame,
    price: pd.Series[int],
    shown: Shown,
    of_band: NDArray[np.int64],
    faults: Faults,
) -> int:
    """Check the youths' rows; return the bonuses that were earned."""
    before = shown.others["youth_id"].value_counts()
    longest = shown.lines_per_youth
    if isinstance(longest, pd.Series):
        longest = longest.reindex(youths.index)
    room = longest - before.reindex(youths.index, fill_value=0)
    faults.must(
        "youth_capacity",
        youths["capacity"] == room,
        file=CERTIFICATE,
        column=f"{name}.capacity",
        row=youths["row"].to_numpy(),
        found=youths["capacity"],
        expected=room,
    )
    # By reindex, which keeps whole numbers whole: prices go beyond 2**53.
    paid = price.reindex(shown.lines["offer_id"], fill_value=0).to_numpy()
    by_youth = (shown.lines["score"] + of_band - paid).groupby(shown.lines["youth_id"])
    net = by_youth.sum()
    own = youths[["bonus", "bound"]].reindex(net.index, fill_value=0)
    worth = net + own["bonus"]
    faults.must(
        "youth_bound",
        worth <= own["bound"],
        file=CERTIFICATE,
        column=f"{name}.bound",
        row=None,
        found=own["bound"],
        expected=worth,
    )
    return sum(own["bonus"].to_list())
