"""For how many youths the lines are varied enough, and for how many they could not be.

At least six varied lines is what predicts a contract.  Lines are varied enough when
``min_lines`` of them keep to the cap on one employer and are not all of one sector.
Where a list falls short, either the youth's eligible offers, *all* of them, hold no such
lines, or the caps and the scores stood in the way: the two call for different remedies.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.groups import main_group
from matchmaker.candidates.market import YOUTH_STATES, Market
from matchmaker.candidates.pairs import Pairs, Skip
from matchmaker.jit import jit
from matchmaker.lists.allowed import AllowedPairs
from matchmaker.ragged import NOTHING
from matchmaker.settings import Settings

__all__ = ["variety_figures"]

FIRST_LOOK = 64  # pairs a youth: enough for nearly all ...
DEEPER = 8  # ... and so many times more for the others
MOST_ROOM = 1 << 24  # pairs of one search: what memory it may take, however deep
DONE = [YOUTH_STATES.index(name) for name in ("opted_out", "opposed", "placed", "withdrawn")]


def variety_figures(allowed: AllowedPairs, lines: Pairs, settings: Settings) -> dict[str, Any]:
    """Count the youths whose lines are varied enough, and those whose lines never could be.

    Parameters
    ----------
    allowed : AllowedPairs
        All that count as eligible.
    lines : Pairs
        The lists.
    settings : Settings
        ``min_lines`` and ``lines_per_employer`` are read.

    Returns
    -------
    dict
        Of all youths who seek: ``youths`` with varied lines and their ``share``; of the
        others, ``others_could`` (they have eligible offers for it, but caps or scores
        stood in the way) and ``others_could_not``, whatever the caps.
    """
    state = allowed.market.youth_state
    is_varied = _is_varied(lines, allowed.market, settings)
    could = _could_be_varied(
        allowed, settings, np.flatnonzero((state == 0) & ~is_varied).astype(np.int32)
    )
    seeking = int((~np.isin(state, DONE)).sum())
    youths, others_could = int(is_varied.sum()), int(could.sum())
    return {
        "min_lines": settings.min_lines,
        "lines_per_employer": settings.lines_per_employer,
        "youths": youths,
        "share": round(youths / seeking, 4) if seeking else None,
        "others_could": others_could,
        "others_could_not": seeking - youths - others_could,
    }


def _could_be_varied(
    allowed: AllowedPairs, settings: Settings, who: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Tell which of the youths `who` have eligible offers for varied lines."""
    market = allowed.market
    could = np.zeros(len(market.youth_hash), dtype=bool)
    k = FIRST_LOOK
    while len(who):
        deeper = []
        size = max(1, MOST_ROOM // k)
        for start in range(0, len(who), size):
            part = who[start : start + size]
            found = allowed.best(k=k, who=part)
            pairs, is_all = found.pairs, found.left == NOTHING
            enough, sectors = _variety(pairs, market, settings)
            could |= enough & (sectors > 1)
            # Enough lines, of one sector: is there any offer elsewhere?
            of_one = part[(enough & (sectors == 1) & ~is_all)[part]]
            if len(of_one):
                main = main_group(pairs.indptr, pairs.offer, market.sector)
                skip = Skip(group=market.sector, of_youth=main)
                could |= np.diff(allowed.best(k=1, who=of_one, skip=skip).pairs.indptr) > 0
            deeper.append(part[~(enough | is_all)[part]])
        who = np.concatenate(deeper)
        k *= DEEPER
    return could


def _is_varied(pairs: Pairs, market: Market, settings: Settings) -> NDArray[np.bool_]:
    enough, sectors = _variety(pairs, market, settings)
    return enough & (sectors > 1)


def _variety(
    pairs: Pairs, market: Market, settings: Settings
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Tell who has enough lines under the cap on one employer, and of how many sectors.

    Enough of them, and of two sectors or more, is varied enough: one of the second sector
    can always stand in for one of the first.
    """
    cap = settings.lines_per_employer or max(len(market.employer), 1)
    lines, sectors = _counts(pairs.indptr, pairs.offer, market.sector, market.employer, cap)
    return lines >= settings.min_lines, sectors


@jit
def _counts(
    indptr: NDArray[np.int64],
    offer: NDArray[np.int32],
    outer: NDArray[np.int32],
    inner: NDArray[np.int32],
    cap: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return, row by row, the most offers with at most `cap` of one inner group, and the outer groups."""
    n_rows = len(indptr) - 1
    lines = np.zeros(n_rows, dtype=np.int32)
    sectors = np.zeros(n_rows, dtype=np.int32)
    # Row that saw the outer group last; offers of the inner one that the row has so far.
    seen = np.full(outer.max() + 1 if len(outer) else 0, -1, dtype=np.int32)
    count = np.zeros(inner.max() + 1 if len(inner) else 0, dtype=np.int32)
    for row in range(n_rows):
        for i in range(indptr[row], indptr[row + 1]):
            o = offer[i]
            if seen[outer[o]] != row:
                seen[outer[o]] = row
                sectors[row] += 1
            count[inner[o]] += 1
            if count[inner[o]] <= cap:
                lines[row] += 1
        for i in range(indptr[row], indptr[row + 1]):
            count[inner[offer[i]]] = 0
    return lines, sectors
