"""The figures of a run, as plain values that JSON can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchmaker.candidates.groups import firms_of
from matchmaker.lists.doubts import DOUBTS
from matchmaker.reference.naf import editions
from matchmaker.reference.places import departements
from matchmaker.settings import Settings
from matchmaker.tables import Tables
from matchmaker.tables.unread_labels import unread_labels
from matchmaker.words import Lang, code_text, table

__all__ = ["gini", "summarise", "table_figures"]

WISHED_RUNGS = (1, 3, 5)  # rungs of the ladder whose lines are on a wished trade
DISTANCE_EDGES_KM = (0, 5, 10, 20, 30, 50, 100)  # the last bar is open
_SHOWN_LABELS = 20  # of labels that are not understood
# Figures that other rooms count, in the order of the summary.
_ABSENT: Mapping[str, None] = dict.fromkeys(
    ("order", "objective", "waves", "variety", "caps", "proofs")
)


def summarise(
    counted: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any] | None],
    *,
    as_of: dt.date,
    is_synthetic: bool,
    lang: Lang,
) -> dict[str, Any]:
    """Return the summary of a run: all its figures, and what each of them is about.

    Parameters
    ----------
    counted : mapping
        Figures of `table_figures`.
    others : mapping of str to mapping or None
        Figures that other rooms count: ``proofs`` (what the solver proved), ``order`` (what
        the order of lines changed), ``objective`` (bands of first lines), ``waves`` (what earlier waves sent), ``variety`` (youths with
        varied lines), ``caps`` (the smallest that would be enough); None where left out.
        ``effects`` (what criteria change that favour some youths) stands only where one is on,
        ``oppositions`` (what they came to) only where a file named some.
    as_of : datetime.date
        Date of the run.
    is_synthetic : bool
        `Tables.is_synthetic`.
    lang : {"fr", "en"}
        Language of the sentences.

    Returns
    -------
    dict
        Ready for JSON: no NaN, no numpy type.  ``about`` has one sentence for each figure,
        by its path.
    """
    return {
        "as_of": as_of.isoformat(),
        "is_synthetic": is_synthetic,
        **counted,
        **{name: _copy(figures) for name, figures in {**_ABSENT, **others}.items()},
        "about": dict(table(lang, "about")),
    }


def _copy(figures: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if figures is None else dict(figures)


def table_figures(
    lists: pd.DataFrame,
    assignment: pd.DataFrame,
    unserved: pd.DataFrame,
    follow_up: pd.DataFrame,
    tables: Tables,
    *,
    is_open: npt.NDArray[np.bool_],
    settings: Settings,
) -> dict[str, Any]:
    """Return the figures that are counted in the tables of a run.

    Parameters
    ----------
    lists, assignment, unserved, follow_up : pandas.DataFrame
        As in `MatchResult`; `lists` also has a bool column ``in_region``.
    tables : Tables
        ``youths`` and ``offers``, nobody left out, and ``kinds`` are read.
    is_open : ndarray of bool, shape (n_offers,)
        The offers that take part: `matchmaker.candidates.market.Market.is_open`.
    settings : Settings
        ``min_lines`` and ``lang`` are read.

    Returns
    -------
    dict
        Ready for JSON.  Shares are 0 to 1, or None where there is nothing to share.
    """
    youths, offers = tables.youths, tables.offers
    state = _states(youths)
    is_seeking = (state == "seeking").to_numpy()
    lines = _times(youths["youth_id"], lists["youth_id"])
    seats = np.where(is_open, offers["capacity"].to_numpy(dtype=np.int64), 0)
    exposure = _times(offers["offer_id"], lists["offer_id"])
    return {
        "youths": _youths(state, lines, _sure_lines(youths, lists), settings.min_lines)
        | _kinds_of_lists(lists[lists["doubt"] != "sector"], int(is_seeking.sum())),
        "lines": _lines(lists),
        "offers": _offers(offers, is_open, seats, exposure)
        | {
            "by_source": _by_source(tables.kinds),
            "by_naf_edition": _by_edition(offers["naf_code"]),
        },
        "exposure": _exposure(exposure, is_open | (exposure > 0), offers),
        "assignment": {
            "pairs": len(assignment),
            "share_of_seeking": _share(len(assignment), int(is_seeking.sum())),
        },
        "unserved": _reasons(unserved, settings.lang),
        "unread_labels": [
            {str(name): cell for name, cell in row.items()}
            for row in unread_labels(tables.wishes, least=2)[:_SHOWN_LABELS].to_dict("records")
        ],
        "follow_up": _followed(follow_up, settings.lang),
        "departements": _departements(
            youths, offers, is_seeking=is_seeking, lines=lines, open_offers=is_open, seats=seats
        ),
    }


def gini(values: npt.NDArray[np.int64]) -> float | None:
    """Return the Gini index of non-negative counts: 0 all equal, towards 1 all on one.

    Source: Gini 1912, in the form with sorted values,
    ``sum((2 i - n - 1) x_i) / (n sum(x))`` with i from 1.

    Parameters
    ----------
    values : ndarray of int64, shape (n,)
        0 or more, in any order.

    Returns
    -------
    float or None
        0 to 1; None where the sum is 0.

    Examples
    --------
    >>> gini(np.array([3, 3, 3])), gini(np.array([0, 0, 0, 4])), gini(np.array([], dtype=int))
    (0.0, 0.75, None)
    """
    n, total = len(values), int(values.sum())
    if total == 0:
        return None
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float((ranks * np.sort(values)).sum() / (n * total))


def _times(ids: pd.Series, found: pd.Series) -> npt.NDArray[np.int64]:
    """Count how often each of `ids` stands in `found`."""
    counts = ids.map(found.value_counts()).fillna(0)
    return np.asarray(counts, dtype=np.int64)


def _states(youths: pd.DataFrame) -> pd.Series:
    """Give each youth exactly one state; an opt-out goes before all."""
    return youths["status"].astype("str").mask(youths["opt_out"], "opted_out")


def _sure_lines(youths: pd.DataFrame, lists: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Count each youth's lines on a wished trade or a near one."""
    return _times(youths["youth_id"], lists.loc[lists["doubt"] != "sector", "youth_id"])


def _youths(
    state: pd.Series,
    lines: npt.NDArray[np.int64],
    sure_lines: npt.NDArray[np.int64],
    min_lines: int,
) -> dict[str, Any]:
    counts = state.value_counts()
    seeking = int(counts.get("seeking", 0))
    served, enough = int((lines > 0).sum()), int((lines >= max(min_lines, 1)).sum())
    return {
        "read": len(state),
        "seeking": seeking,
        "opted_out": int(counts.get("opted_out", 0)),
        "opposed": int(counts.get("opposed", 0)),
        "placed": int(counts.get("placed", 0)),
        "withdrawn": int(counts.get("withdrawn", 0)),
        "served": served,
        "share_served": _share(served, seeking),
        "served_by_other_trade": int(((lines > 0) & (sure_lines == 0)).sum()),
        "unserved": seeking - served,
        "min_lines": min_lines,
        "with_min_lines": enough,
        "share_with_min_lines": _share(enough, seeking),
    }


def _kinds_of_lists(lists: pd.DataFrame, seeking: int) -> dict[str, Any]:
    """Count the youths who can answer an offer, and those who can only write to employers."""
    owners = lists["youth_id"]
    with_offer = int(owners[lists["kind"].eq("offer")].nunique())
    other = int(owners[lists["kind"].ne("spontaneous")].nunique())
    return {
        "with_offer": with_offer,
        "share_with_offer": _share(with_offer, seeking),
        "only_firms": int(owners.nunique()) - other,
    }


def _lines(lists: pd.DataFrame) -> dict[str, Any]:
    total = len(lists)
    km = lists["distance_km"].to_numpy(dtype=np.float64)
    known = km[~np.isnan(km)]
    edges = np.array([*DISTANCE_EDGES_KM, np.inf])
    bars = np.histogram(known, edges)[0]
    ends: list[int | None] = [*DISTANCE_EDGES_KM[1:], None]
    return {
        "total": total,
        "share_on_wished_trade": _share(int(lists["rung"].isin(WISHED_RUNGS).sum()), total),
        "share_in_region": _share(int(lists["in_region"].sum()), total),
        "share_of_spontaneous": _share(int(lists["kind"].eq("spontaneous").sum()), total),
        "median_km": round(float(np.median(known)), 1) if len(known) else None,
        "distance_unknown": total - len(known),
        "distance_approximate": int(lists["distance_is_approximate"].sum()),
        "by_distance_km": [
            {"from": start, "to": end, "lines": int(n)}
            for start, end, n in zip(DISTANCE_EDGES_KM, ends, bars, strict=True)
        ],
        "by_rung": _counts(lists["rung"], range(1, 7)),
        "by_doubt": _counts(lists["doubt"], DOUBTS),
        "by_wish_rank": _wish_ranks(lists["wish_rank"]),
        "first_line_by_wish_rank": _wish_ranks(lists.loc[lists["rank"].eq(1), "wish_rank"]),
    }


def _offers(
    offers: pd.DataFrame,
    is_open: npt.NDArray[np.bool_],
    seats: npt.NDArray[np.int64],
    exposure: npt.NDArray[np.int64],
) -> dict[str, Any]:
    firm = firms_of(offers)
    is_shown = exposure > 0
    firms_open, firms_reached = firm[is_open].nunique(), firm[is_shown].nunique()
    kinds = sorted(offers["kind"].unique())
    return {
        "read": len(offers),
        "open": int(is_open.sum()),
        "shown": int(is_shown.sum()),
        "share_shown": _share(int(is_shown.sum()), int(is_open.sum())),
        "seats": int(seats.sum()),
        "firms_read": int(firm.nunique()),
        "firms_open": int(firms_open),
        "firms_reached": int(firms_reached),
        "share_firms_reached": _share(int(firms_reached), int(firms_open)),
        "by_kind": {
            str(kind): {
                "read": int(of_kind.sum()),
                "open": int((of_kind & is_open).sum()),
                "shown": int((of_kind & is_shown).sum()),
                "seats": int(seats[of_kind].sum()),
            }
            for kind in kinds
            for of_kind in [offers["kind"].eq(kind).to_numpy(dtype=bool)]
        },
    }


def _by_edition(naf_codes: pd.Series) -> dict[str, int]:
    """Return how many offers have an activity of each edition of the NAF; none: left out."""
    counts = pd.Series(editions(naf_codes)).value_counts()
    return {name: int(counts.get(name, 0)) for name in ("rev2", "2025", "other")}


def _by_source(kinds: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the counts of `Tables.kinds`: source, then kind."""
    found: dict[str, dict[str, int]] = {}
    for source, kind, count in kinds.itertuples(index=False):
        found.setdefault(str(source), {})[str(kind)] = int(count)
    return found


def _exposure(
    exposure: npt.NDArray[np.int64], counted: npt.NDArray[np.bool_], offers: pd.DataFrame
) -> dict[str, Any]:
    shown = exposure[counted]
    largest = int(shown.max(initial=0))
    index = gini(shown)
    seats = np.maximum(offers["capacity"].to_numpy(dtype=np.int64), 1)[counted]
    edges = np.array([0, 1, 2, 3, 6, 11, 21, np.iinfo(np.int64).max])
    bars = np.histogram(shown, edges)[0]
    return {
        "largest": largest,
        "largest_per_seat": round(float((shown / seats).max(initial=0.0)), 2),
        "gini": None if index is None else round(index, 4),
        "by_lists": [
            {"from": int(low), "to": int(high) - 1 if high < edges[-1] else None, "offers": int(n)}
            for low, high, n in zip(edges[:-1], edges[1:], bars, strict=True)
        ],
    }


def _followed(follow_up: pd.DataFrame, lang: Lang) -> dict[str, Any]:
    """Count who is followed up, why, and where nobody is named to them."""
    nobody = follow_up[follow_up["referent_name"] == ""]
    names = departements().set_index("departement")["name"]
    counts = nobody["departement"].value_counts().sort_index()
    return {
        "youths": len(follow_up),
        "reasons": _reasons(follow_up, lang),
        "without_referent": len(nobody),
        "departements_without_referent": [
            {"departement": str(code), "name": str(names.get(code, "")), "youths": int(n)}
            for code, n in counts.items()
        ],
    }


def _reasons(unserved: pd.DataFrame, lang: Lang) -> list[dict[str, Any]]:
    """Count the youths of each reason, most frequent first; in words that hold of them all."""
    counts = {str(code): int(n) for code, n in unserved["reason_code"].value_counts().items()}
    return [
        {"reason_code": code, "reason": code_text(lang, "unserved", code), "youths": n}
        for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _departements(
    youths: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    is_seeking: npt.NDArray[np.bool_],
    lines: npt.NDArray[np.int64],
    open_offers: npt.NDArray[np.bool_],
    seats: npt.NDArray[np.int64],
) -> list[dict[str, Any]]:
    """Put demand (youths by home) beside supply (open offers by place)."""
    is_firm = offers["kind"].eq("spontaneous").to_numpy(dtype=bool)
    demand = (
        pd.DataFrame({"youths_seeking": is_seeking, "youths_served": is_seeking & (lines > 0)})
        .groupby(youths["departement"].to_numpy(dtype=object))
        .sum()
    )
    supply = (
        pd.DataFrame(
            {
                "offers_open": open_offers & ~is_firm,
                "seats_open": np.where(is_firm, 0, seats),
                "firms_open": open_offers & is_firm,
            }
        )
        .groupby(offers["departement"].to_numpy(dtype=object))
        .sum()
    )
    both = demand.join(supply, how="outer").fillna(0).astype(np.int64)
    both = both[both.any(axis=1)].sort_index()
    names = departements().set_index("departement")["name"].to_dict()
    return [
        {
            "departement": str(code),
            "name": names.get(code, ""),
            **{str(figure): int(n) for figure, n in row.items()},
        }
        for code, row in both.iterrows()
    ]


def _wish_ranks(ranks: pd.Series) -> dict[str, int]:
    """Count by wish rank; rank 0 is a wish without a rank, never "wish 1"."""
    found = sorted(set(ranks.unique()) - {0})
    return {**_counts(ranks, found), "unranked": int(ranks.eq(0).sum())}


def _counts(values: pd.Series, keys: Any) -> dict[str, int]:
    counts = values.value_counts()
    return {str(key): int(counts.get(key, 0)) for key in keys}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
