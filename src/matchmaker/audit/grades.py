"""How good an order of offers is, by the grades that a reader gave to pairs.

nDCG (Järvelin, Kekäläinen, ACM TOIS 20, 2002) with the gain 2^grade - 1 (Burges et al., ICML
2005): the third line counts half of the first. A line without a grade counts as grade 0; a second
figure takes such lines out before the sum (condensed lists: Sakai, SIGIR 2007). Which of the two
to believe, and why: ``docs/explanation/relevance.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue
from matchmaker.hashing import hash_ids
from matchmaker.reference.store import read_csv
from matchmaker.words import Text, said

__all__ = ["OURS", "RANDOM", "Grades", "Order", "evaluate_lists", "ndcg", "read_judged"]

Grades = Mapping[str, Mapping[str, int]]
"""Grade of each judged offer, by youth."""
Order = Mapping[str, Sequence[str]]
"""Offers of each youth, best first; a youth who is not named has none."""

OURS, RANDOM = "ours", "random"
GOOD = 2  # grades from here on are lines that a reader would send
_COLUMNS = ("youth_id", "offer_id", "grade")
_GRADES = {"0": 0, "1": 1, "2": 2, "3": 3}
_RESAMPLES = 2000
_DRAWS = 200  # random orders


def read_judged(path: str | Path) -> dict[str, dict[str, int]]:
    """Read graded pairs from a CSV with the columns youth_id, offer_id and grade (0 to 3).

    Returns
    -------
    dict of str to dict of str to int
        Grade by youth and offer.

    Raises
    ------
    UsageError
        There is no such file, or it is no table.
    InputError
        A column is missing, a cell is empty, a grade is none, a pair stands twice.
    """
    frame, name = read_csv(path, _COLUMNS), Path(path).name
    faults: list[Issue] = []
    grades: dict[str, dict[str, int]] = {}
    for line, cells in enumerate(frame[list(_COLUMNS)].itertuples(index=False), start=2):
        youth, offer, grade = (str(cell).strip() for cell in cells)
        fault = _fault(grades, youth, offer, grade)
        if fault is None:
            grades.setdefault(youth, {})[offer] = _GRADES[grade]
        else:
            reason, column, value, message, hint = fault
            faults.append(
                Issue(
                    reason=reason,
                    file=name,
                    line=line,
                    column=column,
                    value=value,
                    message=message,
                    hint=hint,
                )
            )
    if not faults and not grades:
        faults.append(Issue(reason="no_rows", file=name, message=said("relevance.no_rows")))
    if faults:
        raise InputError(faults)
    return grades


def _fault(
    grades: Grades, youth: str, offer: str, grade: str
) -> tuple[str, str, str | None, Text, Text] | None:
    """Return reason, column, value, message and hint of what is wrong with one row."""
    for column, cell in zip(_COLUMNS, (youth, offer, grade), strict=True):
        if not cell:
            return "missing_value", column, None, said("error.is_empty"), said("relevance.row_hint")
    if grade not in _GRADES:
        return "bad_grade", "grade", grade, said("relevance.bad_grade"), said("relevance.grades")
    if offer in grades.get(youth, {}):
        hint = said("relevance.twice_hint")
        return "pair_twice", "offer_id", offer, said("relevance.pair_twice"), hint
    return None


def ndcg(draws: Sequence[Sequence[int]], judged: Sequence[int], *, k: int) -> float | None:
    """Return the discounted gain of grades in order over that of the best order, by scikit-learn.

    Parameters
    ----------
    draws : sequence of sequence of int
        Grades of the lines, first line first, of one list or of several: their mean is taken.
    judged : sequence of int
        All grades given for this youth, in any order; those of the lines are among them, but
        for zeros.
    k : int
        Lines that count.

    Returns
    -------
    float or None
        0 to 1; None where no judged offer is worth anything.

    Examples
    --------
    >>> ndcg([[3, 0, 2]], [0, 2, 3], k=10)  # (7 + 3/2) / (7 + 3/log2(3))
    0.9558...
    """
    if not any(judged):
        return None
    from sklearn.metrics import ndcg_score

    # Behind the k lines stands, out of sight, what was judged and not shown: the best order
    # is one of all that was judged.
    rows = []
    for shown in draws:
        rest = list(judged)
        for grade in filter(None, shown[:k]):
            rest.remove(grade)
        rows.append([*shown[:k], *[0] * (k - len(shown)), *filter(None, rest)])
    width = max(*map(len, rows), 2)  # it refuses a list of one
    grades = np.array([[*row, *[0] * (width - len(row))] for row in rows], dtype=np.float64)
    order = np.broadcast_to(-np.arange(width), grades.shape)
    return float(ndcg_score(2.0**grades - 1, order, k=k, ignore_ties=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """Figures of one order, one row a youth; means over draws where chance made the order.

    Attributes
    ----------
    ndcg, condensed : ndarray of float64, shape (n_youths,)
        With unjudged lines as grade 0, and without them; 0 where nothing could be won.
    lines, judged, good, zero : ndarray of float64, shape (n_youths,)
        Of the first k lines: all, those with a grade, of grade 2 and more, of grade 0.
    is_reached : ndarray of float64, shape (n_youths,)
        1 where one line at least is of grade 2 or more.
    """

    ndcg: NDArray[np.float64]
    condensed: NDArray[np.float64]
    lines: NDArray[np.float64]
    judged: NDArray[np.float64]
    good: NDArray[np.float64]
    zero: NDArray[np.float64]
    is_reached: NDArray[np.float64]


def _of_youth(
    draws: Sequence[Sequence[str]], grades: Mapping[str, int], k: int
) -> tuple[float, ...]:
    """Return the fields of `_Figures` for one youth: means over the lists that were drawn."""
    given = list(grades.values())
    shown = [[grades.get(offer, -1) for offer in offers[:k]] for offers in draws]
    good = [sum(grade >= GOOD for grade in one) for one in shown]
    known = [[grades[offer] for offer in offers if offer in grades] for offers in draws]
    return (
        ndcg([[max(grade, 0) for grade in one] for one in shown], given, k=k) or 0.0,
        ndcg(known, given, k=k) or 0.0,
        fmean(map(len, shown)),
        fmean(sum(grade >= 0 for grade in one) for one in shown),
        fmean(good),
        fmean(one.count(0) for one in shown),
        fmean(count > 0 for count in good),
    )


def _figures(order: Order, grades: Grades, youths: Sequence[str], k: int) -> _Figures:
    rows = [_of_youth([order.get(youth, ())], grades[youth], k) for youth in youths]
    return _Figures(**dict(zip(_Figures.__slots__, np.array(rows, np.float64).T, strict=True)))


def _random_figures(
    pools: Order, grades: Grades, youths: Sequence[str], *, k: int, seed: int
) -> _Figures:
    """Return the mean figures of random orders of each youth's pool, the same for any order of it."""
    rows = []
    for youth, start in zip(youths, hash_ids(list(youths), seed), strict=True):
        chance = np.random.default_rng(int(start))
        pool = np.array(sorted(pools.get(youth, ())), dtype=object)
        draws = [pool[chance.permutation(len(pool))].tolist() for _ in range(_DRAWS)]
        rows.append(_of_youth(draws, grades[youth], k))
    return _Figures(**dict(zip(_Figures.__slots__, np.array(rows, np.float64).T, strict=True)))


def evaluate_lists(
    orders: Mapping[str, Order],
    grades: Grades,
    *,
    k: int = 10,
    seed: int = 0,
    pools: Order | None = None,
) -> dict[str, Any]:
    """Return the figures of several orders of offers on the same judged youths.

    Parameters
    ----------
    orders : mapping of str to Order
        By name; `OURS` is compared with each of the others.
    grades : Grades
        As `read_judged` gives them. All of their youths count, with an empty list too.
    k : int
        Lines of a list that count.
    seed : int
        Of the resamples and of the random orders.
    pools : Order, optional
        The offers that each youth could be shown, for the order `RANDOM`.

    Returns
    -------
    dict
        ``k``, ``seed``, ``judged`` (youths, ``to_win``: those with an offer of grade 1 or more,
        pairs, pairs by grade); ``orders``, one entry an order: name, ``ndcg`` and ``condensed``
        (means over the youths ``to_win``; the second looks for its k judged lines in the whole
        order, however long), ``good`` and ``zero`` (shares of the judged lines of
        grade 2 and more, and of 0), ``reached`` (share of the youths with one line of grade 2
        and more), each with its 95 % interval (percentiles of 2,000 resamples of the youths),
        ``lines`` and ``unjudged`` (lines without a grade); ``beside``: nDCG of ours less that of
        each other order, on the same resamples; ``best``: the other order of the highest nDCG.

    Examples
    --------
    >>> told = evaluate_lists({"ours": {"Y1": ["A", "B"]}}, {"Y1": {"A": 3, "C": 0}})
    >>> told["orders"][0]["ndcg"]["value"], told["orders"][0]["unjudged"]
    (1.0, 1.0)
    """
    youths = sorted(grades)
    given = [grade for youth in youths for grade in grades[youth].values()]
    to_win = np.array([any(grades[youth].values()) for youth in youths], dtype=np.float64)
    found = {name: _figures(order, grades, youths, k) for name, order in orders.items()}
    if pools is not None:
        found[RANDOM] = _random_figures(pools, grades, youths, k=k, seed=seed)
    chance = np.random.default_rng(seed)
    weights = chance.multinomial(len(youths), [1 / len(youths)] * len(youths), size=_RESAMPLES)
    weights = np.vstack([np.ones(len(youths), dtype=np.int64), weights])  # the youths themselves
    ndcgs = {name: _ratios(one.ndcg * to_win, to_win, weights) for name, one in found.items()}
    others = [name for name in found if name != OURS]
    return {
        "k": k,
        "seed": seed,
        "judged": {
            "youths": len(youths),
            "to_win": int(to_win.sum()),
            "pairs": len(given),
            "by_grade": {name: given.count(grade) for name, grade in _GRADES.items()},
        },
        "orders": [
            {
                "name": name,
                "ndcg": _told(ndcgs[name]),
                "condensed": _told(_ratios(one.condensed * to_win, to_win, weights)),
                "good": _told(_ratios(one.good, one.judged, weights)),
                "zero": _told(_ratios(one.zero, one.judged, weights)),
                "reached": _told(_ratios(one.is_reached, np.ones(len(youths)), weights)),
                "lines": round(float(one.lines.sum()), 1),
                "unjudged": round(float((one.lines - one.judged).sum()), 1),
            }
            for name, one in found.items()
        ],
        "beside": [
            {"name": name, "difference": _told(ndcgs[OURS] - ndcgs[name])} for name in others
        ],
        "best": max(others, key=lambda name: np.nan_to_num(ndcgs[name][0]), default=None),
    }


def _ratios(
    part: NDArray[np.float64], whole: NDArray[np.float64], weights: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return sum(part) / sum(whole) of each resample, NaN where there is nothing to share."""
    total = weights @ whole
    ratios: NDArray[np.float64] = np.full(len(weights), np.nan)
    np.divide(weights @ part, total, out=ratios, where=total > 0)
    return ratios


def _told(ratios: NDArray[np.float64]) -> dict[str, float] | None:
    """Return the figure of the youths themselves and the 95 % interval of the resamples."""
    if np.isnan(ratios[0]):
        return None
    low, high = np.nanpercentile(ratios[1:], [2.5, 97.5])
    return {
        "value": round(float(ratios[0]), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


def judged_of(grades: Grades, known: pd.Series) -> dict[str, Mapping[str, int]]:
    """Return the grades of the youths that a run knows.

    Examples
    --------
    >>> judged_of({"Y1": {"A": 3}, "Y9": {"A": 0}}, pd.Series(["Y1", "Y2"]))
    {'Y1': {'A': 3}}
    """
    names = set(known)
    return {youth: given for youth, given in grades.items() if youth in names}
