"""Figures of the summary, counted again from the lists and the clean tables.

Those of other lists than the published ones (what no caps would give, what another objective
would) and of what was read before it was clean cannot be counted again from a run's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, rows_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.order import DOUBTS
from matchmaker.verify.texts import read_texts

__all__ = ["check_figures"]

SUMMARY = "summary.json"
WISHED = (1, 3, 5)  # rungs of a wished trade
STATES = ("opted_out", "opposed", "placed", "withdrawn")
EDGES_KM = (0, 5, 10, 20, 30, 50, 100)
RUNGS = range(1, 7)
Figure = tuple[str, object]


def check_figures(
    folder: Path,
    summary: Mapping[str, Any],
    clean: Clean,
    lists: pd.DataFrame,
    may_stand: NDArray[np.bool_],
    settings: Settings,
    faults: Faults,
) -> None:
    """Check the figures of ``summary.json`` that the folder holds the rows of.

    Parameters
    ----------
    folder : Path
    summary : mapping
    clean : Clean
    lists : DataFrame
    may_stand : ndarray of bool, shape (n_offers,)
        The offers that any list may hold.
    settings : Settings
    faults : Faults
        What is found is added to it.
    """
    unserved = pd.read_parquet(folder / "unserved.parquet", columns=["reason_code"])["reason_code"]
    n_assigned = len(pd.read_parquet(folder / "assignment.parquet", columns=["youth_id"]))
    follow_up = read_texts(folder / "follow_up.csv", delimiter=",")
    state = clean.youths["status"].to_numpy(dtype=object)
    state = np.where(clean.youths["opt_out"].to_numpy(dtype=bool), "opted_out", state)
    youth = rows_of(lists["youth_id"], clean.youths["youth_id"])
    offer = rows_of(lists["offer_id"], clean.offers["offer_id"])
    n_lines = np.bincount(youth, minlength=len(clean.youths))
    exposure = np.bincount(offer, minlength=len(clean.offers))
    seeking = int((state == "seeking").sum())
    nobody = follow_up[follow_up["referent_name"] == ""]
    for path, true in (
        *_of_youths(state, n_lines, lists, youth, settings),
        *_of_lines(lists),
        *_of_offers(clean.offers, exposure, may_stand),
        ("assignment.pairs", n_assigned),
        ("assignment.share_of_seeking", _share(n_assigned, seeking)),
        ("unserved", _reasons(unserved)),
        ("follow_up.youths", len(follow_up)),
        ("follow_up.reasons", _reasons(follow_up["reason_code"])),
        ("follow_up.without_referent", len(nobody)),
        (
            "follow_up.departements_without_referent",
            sorted(nobody["departement"].value_counts().items()),
        ),
        ("departements", _departements(clean.youths, state, n_lines)),
    ):
        faults.equal("figure", _said(summary, path), true, file=SUMMARY, column=path)


def _said(summary: Mapping[str, Any], path: str) -> object:
    """Return a figure of the summary, in the form in which it is counted here."""
    if path == "youths.opposed":  # a run from before oppositions were heeded counts none
        return summary["youths"].get("opposed", 0)
    value: Any = summary
    for name in path.split("."):
        value = value[name]
    if path in ("unserved", "follow_up.reasons"):
        return [(row["reason_code"], row["youths"]) for row in value]
    if path == "follow_up.departements_without_referent":
        return [(row["departement"], row["youths"]) for row in value]
    if path == "departements":
        names = ("youths_seeking", "youths_served")
        rows = [(row["departement"], *(row[name] for name in names)) for row in value]
        return [row for row in rows if row[1]]
    if path == "lines.by_distance_km":
        return [row["lines"] for row in value]
    return value


def _of_youths(
    state: NDArray[np.object_],
    n_lines: NDArray[np.int64],
    lists: pd.DataFrame,
    youth: NDArray[np.int64],
    settings: Settings,
) -> Iterator[Figure]:
    seeking, served = int((state == "seeking").sum()), int((n_lines > 0).sum())
    enough = int((n_lines >= max(settings.min_lines, 1)).sum())
    is_sure = (lists["doubt"] != "sector").to_numpy()
    kind = lists["kind"].to_numpy(dtype=object)
    sure = np.unique(youth[is_sure])
    offered = len(np.unique(youth[is_sure & (kind == "offer")]))
    counts = {
        "read": len(state),
        "seeking": seeking,
        **{name: int((state == name).sum()) for name in STATES},
        "served": served,
        "share_served": _share(served, seeking),
        "served_by_other_trade": served - len(sure),
        "unserved": seeking - served,
        "min_lines": settings.min_lines,
        "with_min_lines": enough,
        "share_with_min_lines": _share(enough, seeking),
        "with_offer": offered,
        "share_with_offer": _share(offered, seeking),
        "only_firms": len(sure) - len(np.unique(youth[is_sure & (kind != "spontaneous")])),
    }
    yield from ((f"youths.{name}", count) for name, count in counts.items())


def _of_lines(lists: pd.DataFrame) -> Iterator[Figure]:
    total, km = len(lists), lists["distance_km"].to_numpy(dtype=np.float64)
    known = km[~np.isnan(km)]
    rank, first = lists["wish_rank"], lists.loc[lists["rank"] == 1, "wish_rank"]
    rung = lists["rung"].to_numpy()
    bars = np.diff([(known < edge).sum() for edge in EDGES_KM] + [len(known)])
    counts = {
        "total": total,
        "share_on_wished_trade": _share(int(np.isin(rung, WISHED).sum()), total),
        "share_in_region": _share(int(lists["in_region"].sum()), total),
        "share_of_spontaneous": _share(int((lists["kind"] == "spontaneous").sum()), total),
        "median_km": round(float(np.median(known)), 1) if len(known) else None,
        "distance_unknown": total - len(known),
        "distance_approximate": int(lists["distance_is_approximate"].sum()),
        "by_distance_km": bars.tolist(),
        "by_rung": {str(n): int((rung == n).sum()) for n in RUNGS},
        "by_doubt": {name: int((lists["doubt"] == name).sum()) for name in DOUBTS},
        "by_wish_rank": _ranks(rank),
        "first_line_by_wish_rank": _ranks(first),
    }
    yield from ((f"lines.{name}", count) for name, count in counts.items())


def _of_offers(
    offers: pd.DataFrame, exposure: NDArray[np.int64], may_stand: NDArray[np.bool_]
) -> Iterator[Figure]:
    shown, is_open = int((exposure > 0).sum()), int(may_stand.sum())
    capacity = offers["capacity"].to_numpy(dtype=np.int64)
    counted = may_stand | (exposure > 0)
    per_seat = (exposure / np.maximum(capacity, 1))[counted]
    kind = offers["kind"].to_numpy(dtype=object)
    yield "offers.read", len(offers)
    yield "offers.open", is_open
    yield "offers.shown", shown
    yield "offers.share_shown", _share(shown, is_open)
    yield "offers.seats", int(capacity[may_stand].sum())
    for name in sorted(set(kind)):
        its = kind == name
        yield (
            f"offers.by_kind.{name}",
            {
                "read": int(its.sum()),
                "open": int((its & may_stand).sum()),
                "shown": int((its & (exposure > 0)).sum()),
                "seats": int(capacity[its & may_stand].sum()),
            },
        )
    yield "exposure.largest", int(exposure.max(initial=0))
    yield "exposure.largest_per_seat", round(float(per_seat.max(initial=0.0)), 2)


def _departements(
    youths: pd.DataFrame, state: NDArray[np.object_], n_lines: NDArray[np.int64]
) -> list[tuple[str, int, int]]:
    is_seeking = state == "seeking"
    home = youths["departement"].to_numpy(dtype=object)
    rows = []
    for code in sorted(set(home[is_seeking])):
        its = is_seeking & (home == code)
        rows.append((str(code), int(its.sum()), int((its & (n_lines > 0)).sum())))
    return rows


def _reasons(codes: pd.Series) -> list[tuple[str, int]]:
    counts = {str(code): int(n) for code, n in codes.value_counts().items()}
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _ranks(ranks: pd.Series) -> dict[str, int]:
    number = ranks.to_numpy(dtype=np.int64)
    counts = {rank: int((number == rank).sum()) for rank in np.unique(number).tolist()}
    unranked = counts.pop(0, 0)
    return {**{str(rank): counts[rank] for rank in sorted(counts)}, "unranked": unranked}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
