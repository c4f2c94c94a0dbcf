"""What a criterion changes that favours some youths: lists with it beside lists without it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.engine import Engine
from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.make import YouthLists

__all__ = ["effect_figures", "favoured"]


def favoured(
    entry: NDArray[np.uint8], points: NDArray[np.int32], entry_youth: NDArray[np.int32], n: int
) -> NDArray[np.bool_]:
    """Tell which of n youths a table gives more points, somewhere, than the least of all.

    Parameters
    ----------
    entry : ndarray of uint8, shape (n_entries,)
        Row of `points` of each wish entry.
    points : ndarray of int32, shape (n_entry_features, n_offer_features)
    entry_youth : ndarray of int32, shape (n_entries,)
    n : int

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> favoured(np.array([0, 1], "u1"), np.array([[0, 0], [0, 9]], "i4"),
    ...          np.array([0, 2], "i4"), 3).tolist()
    [False, False, True]
    """
    is_favoured = np.zeros(n, dtype=bool)
    is_favoured[entry_youth[points.max(axis=1)[entry] > points.min()]] = True
    return is_favoured


def effect_figures(
    lists: YouthLists, without: YouthLists, engine: Engine, who: NDArray[np.bool_]
) -> dict[str, Any]:
    """Return what the criterion changed for the youths that it favours, and for all others.

    Parameters
    ----------
    lists, without : YouthLists
        With the criterion, and without it.
    engine : Engine
        Without the criterion: scores of both lists are its own, so that they compare.
    who : ndarray of bool, shape (n_youths,)
        The youths that it favours.

    Returns
    -------
    dict
        ``youths``: how many it favours; ``lines_changed``: published lines that would not
        be there without it; ``favoured`` and ``others``: of each, ``with`` and ``without``
        it, youths served, lines, and the mean score of a line (None without lines).
    """
    held = {name: some.pairs for name, some in (("with", lists), ("without", without))}
    score = {
        name: engine.score(pairs.youth, pairs.offer).score.astype(np.int64)
        for name, pairs in held.items()
    }
    groups = {"favoured": who, "others": ~who}
    return {
        "youths": int(who.sum()),
        "lines_changed": len(lists.pairs) - _common(lists.pairs, without.pairs),
        **{
            group: {name: _figures(pairs, score[name], members) for name, pairs in held.items()}
            for group, members in groups.items()
        },
    }


def _common(one: Pairs, other: Pairs) -> int:
    """Count the pairs that stand in both."""
    width = int(max(one.offer.max(initial=0), other.offer.max(initial=0))) + 1
    mine, theirs = (pairs.youth.astype(np.int64) * width + pairs.offer for pairs in (one, other))
    return int(np.isin(mine, theirs).sum())


def _figures(pairs: Pairs, score: NDArray[np.int64], who: NDArray[np.bool_]) -> dict[str, Any]:
    is_theirs = who[pairs.youth]
    lines = int(is_theirs.sum())
    return {
        "served": int((who & (np.diff(pairs.indptr) > 0)).sum()),
        "lines": lines,
        "mean_score": round(float(score[is_theirs].mean()), 1) if lines else None,
    }
