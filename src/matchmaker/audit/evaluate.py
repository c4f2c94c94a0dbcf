"""How good the trade resolver is, on titles whose codes are known.

Every share comes with its Wilson 95 % interval, and every figure a second time for the titles
that equal no known title: those say how the resolver does with what people really write.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue
from matchmaker.reference.store import read_csv
from matchmaker.reference.trades import rank_trades, resolve_trades, trade_table
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["evaluate_trades", "read_gold", "read_parents", "share"]

_TOP = 20  # codes looked at for each title
_PRECISIONS = (0.90, 0.95, 0.97, 0.99)
_CONFUSIONS = 20


def share(right: int, total: int) -> dict[str, float]:
    """Return a share with its Wilson 95 % interval (Wilson, JASA 22, 1927).

    Parameters
    ----------
    right, total : int
        Counts, 0 or more.

    Returns
    -------
    dict
        ``value``, ``low`` and ``high``, 0 to 1; of nothing, 0 and the whole interval.

    Examples
    --------
    >>> share(9, 10)
    {'value': 0.9, 'low': 0.596, 'high': 0.982}
    """
    if total == 0:
        return {"value": 0.0, "low": 0.0, "high": 1.0}
    z = 1.959964  # 97.5 % quantile of the normal law
    p, denominator = right / total, 1 + z * z / total
    centre = (p + z * z / (2 * total)) / denominator
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / denominator
    return {"value": round(p, 4), "low": round(centre - half, 3), "high": round(centre + half, 3)}


def read_gold(path: str | Path) -> pd.DataFrame:
    """Read titles and their right codes from a CSV with the columns title and codes.

    Parameters
    ----------
    path : path
        UTF-8 CSV; several codes with ``|`` between.

    Returns
    -------
    DataFrame
        ``title`` and ``codes``, in the order of the file.

    Raises
    ------
    UsageError
        There is no such file, or it is no table.
    InputError
        A column or a cell is missing.
    """
    frame = read_csv(path, ("title", "codes"))
    faults = [
        Issue(
            reason="missing_value",
            file=Path(path).name,
            line=int(row) + 2,
            column=column,
            message=said("error.is_empty"),
            hint=said("reference.gold_hint"),
        )
        for column in ("title", "codes")
        for row in np.flatnonzero((frame[column].str.strip() == "").to_numpy())
    ]
    if faults:
        raise InputError(faults)
    return frame[["title", "codes"]]


def read_parents(path: str | Path) -> dict[str, str]:
    """Read code -> parent from a table with the columns code_rome and code_rome_parent.

    Parameters
    ----------
    path : path
        UTF-8 CSV.

    Returns
    -------
    dict of str to str

    Raises
    ------
    UsageError
        There is no such file, or it is no table.
    InputError
        A column is missing.
    """
    frame = read_csv(path, ("code_rome", "code_rome_parent"))
    return dict(zip(frame["code_rome"], frame["code_rome_parent"], strict=True))


def evaluate_trades(
    gold: pd.DataFrame, settings: Settings, *, parents: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the figures of the resolver on titles with known codes.

    Parameters
    ----------
    gold : DataFrame
        title, and codes with ``|`` between.  An answer is right when its code, or the parent
        of its code, is among them.
    settings : Settings
    parents : mapping of str to str, optional
        Code -> parent to judge the answers by; those of the resolver's own tables if left out.
        The embedded tables do not know all parents.

    Returns
    -------
    dict
        ``all`` and ``new`` (titles that equal no known one), each with titles, accuracy_1,
        accuracy_5, mrr, and ``default`` (coverage and precision at
        ``min_trade_confidence``; precision_any counts an answer of several codes as right
        when one is); ``coverage_at_precision``: the largest part of the titles that can be
        answered at each precision; ``confusions``: right code, given code, how often, one
        title.

    Examples
    --------
    >>> gold = pd.DataFrame({"title": ["boulangère", "vétérinaire"], "codes": ["D1102", "A1504"]})
    >>> evaluate_trades(gold, Settings())["all"]["accuracy_1"]["value"]
    1.0
    """
    titles = gold["title"].tolist()
    table = trade_table(settings)
    parent: dict[str, str] = dict(zip(table["code"], table["parent"], strict=True))
    parent |= parents or {}
    right = [
        {code.strip().upper() for code in codes.split("|")} for codes in gold["codes"].tolist()
    ]
    ranked = rank_trades(titles, settings, top=_TOP)
    place = np.full(len(titles), _TOP + 1, np.int64)
    for row, rank, code in ranked[["row", "rank", "code"]].itertuples(index=False):
        if {code, parent[code]} & right[row]:
            place[row] = min(place[row], rank)
    answers = resolve_trades(gold["title"].reset_index(drop=True), settings)
    first_of = ranked[ranked["rank"] == 1].set_index("row")["code"]
    confidence = np.zeros(len(titles))
    guesses = ranked[ranked["rank"] == 1]
    confidence[guesses["row"].to_numpy()] = guesses["confidence"].to_numpy()
    is_known = (guesses.set_index("row")["how"] == "title").reindex(range(len(titles)))
    is_new = ~is_known.fillna(value=False).to_numpy(dtype=bool)
    any_right = np.array(
        [
            any({code, parent[code]} & wanted for code in codes.split("|") if code)
            for codes, wanted in zip(answers["codes"], right, strict=True)
        ],
        dtype=np.bool_,
    )
    is_answered = (answers["codes"] != "").to_numpy(dtype=bool)
    wrong = Counter(
        ("|".join(sorted(right[row])), str(first_of.get(row, "")))
        for row in np.flatnonzero(place > 1)
    )
    example = {
        ("|".join(sorted(right[row])), str(first_of.get(row, ""))): titles[row]
        for row in reversed(np.flatnonzero(place > 1))
    }
    every = np.ones(len(titles), bool)
    return {
        "all": _figures(every, place, confidence, is_answered, any_right),
        "new": _figures(is_new, place, confidence, is_answered, any_right),
        "min_trade_confidence": settings.min_trade_confidence,
        "confusions": [
            {"right": pair[0], "given": pair[1], "times": times, "title": example[pair]}
            for pair, times in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
        ][:_CONFUSIONS],
    }


def _figures(
    chosen: NDArray[np.bool_],
    place: NDArray[np.int64],
    confidence: NDArray[np.float64],
    is_answered: NDArray[np.bool_],
    any_right: NDArray[np.bool_],
) -> dict[str, Any]:
    """Return the figures of the chosen titles; `place` is the rank of the first right code."""
    total = int(chosen.sum())
    ranks = place[chosen]
    answered = chosen & is_answered
    return {
        "titles": total,
        "accuracy_1": share(int((ranks == 1).sum()), total),
        "accuracy_5": share(int((ranks <= 5).sum()), total),
        "mrr": round(float(np.where(ranks <= _TOP, 1 / ranks, 0).mean()), 4) if total else 0.0,
        "default": {
            "coverage": share(int(answered.sum()), total),
            "precision": share(int((place[answered] == 1).sum()), int(answered.sum())),
            "precision_any": share(int(any_right[answered].sum()), int(answered.sum())),
        },
        "coverage_at_precision": _coverages(confidence[chosen], ranks == 1, _PRECISIONS),
    }


def _coverages(
    confidence: NDArray[np.float64], is_right: NDArray[np.bool_], precisions: Sequence[float]
) -> dict[str, float]:
    """Return the largest coverage at which each precision still holds.

    Titles of equal confidence are answered together: a threshold cannot tell them apart.
    """
    if not len(confidence):
        return {f"{p:.2f}": 0.0 for p in precisions}
    order = np.argsort(-confidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    precision = np.cumsum(is_right[order]) / count
    ends = np.append(np.diff(confidence[order]) != 0, True)
    return {
        f"{wanted:.2f}": round(
            float(count[ends & (precision >= wanted)].max(initial=0)) / len(order), 4
        )
        for wanted in precisions
    }
