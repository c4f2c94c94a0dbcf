"""What the territories cost: the offers shared out once more without what differs in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.market import with_settings
from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.make import YouthLists
from matchmaker.runs.artifacts import Prepared
from matchmaker.runs.differences import differences
from matchmaker.runs.effects import lists_beside
from matchmaker.runs.setup import Setup
from matchmaker.scoring.total import scoring_of

__all__ = ["territory_figures"]


def territory_figures(ready: Prepared, lists: YouthLists, setup: Setup) -> dict[str, Any]:
    """Return what the territories changed, for those who live there and for all others.

    It costs a second sharing-out, and is paid for only where a territory differs.

    Parameters
    ----------
    ready : Prepared
    lists : YouthLists
        As published.
    setup : Setup

    Returns
    -------
    dict
        Empty where none differs.  ``territories``: as `differences` gives them, each with the
        figures of the youths whose home is there; ``others`` and ``all``: figures alone, which
        are ``seeking`` (youths), and ``with`` and ``without`` the differences ``served``,
        ``lines`` and ``score`` (the sum over the lines).
    """
    told, market = differences(setup.settings), ready.market
    if not told:
        return {}
    national = replace(setup.settings, territories={})
    same = with_settings(market, national)
    engine = setup.engine_of(same, scoring_of(same, national, setup.criteria).tables)
    without = lists_beside(engine, national, ready, setup)
    home = market.youths["region_code"].to_numpy(dtype=str)
    is_seeking = market.youths["status"].eq("seeking").to_numpy(dtype=bool)
    is_seeking = is_seeking & ~market.youths["opt_out"].to_numpy(dtype=bool)
    is_elsewhere = ~np.isin(home, [one["region_code"] for one in told])

    def figures(who: NDArray[np.bool_]) -> dict[str, Any]:
        return {
            "seeking": int((who & is_seeking).sum()),
            "with": _counted(lists.pairs, who),
            "without": _counted(without.pairs, who),
        }

    return {
        "territories": [{**one, **figures(home == one["region_code"])} for one in told],
        "others": figures(is_elsewhere),
        "all": figures(np.ones(len(home), dtype=bool)),
    }


def _counted(pairs: Pairs, who: NDArray[np.bool_]) -> dict[str, int]:
    is_theirs = who[pairs.youth]
    return {
        "served": int((who & (np.diff(pairs.indptr) > 0)).sum()),
        "lines": int(is_theirs.sum()),
        "score": int(pairs.score[is_theirs].sum(dtype=np.int64)),
    }
