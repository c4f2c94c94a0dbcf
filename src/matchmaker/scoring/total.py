"""All criteria together: their weights, and the tables of the engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import STEPS_PER_REACH
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import FORBIDDEN, ScoreTables
from matchmaker.errors import UsageError, did_you_mean
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.scoring.criterion import (
    BEST,
    Context,
    Criterion,
    DistancePoints,
    PairPoints,
)
from matchmaker.settings import Settings

__all__ = ["contexts", "score_tables", "spelled_out", "weights"]


def weights(settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA) -> dict[str, int]:
    """Return the weight of each criterion: the setting's, else its own default.

    Raises
    ------
    UsageError
        A weight names no criterion, or is below 0; a list of values has a wrong length or
        leaves 0 to 10,000.

    Examples
    --------
    >>> weights(Settings(weights={"trade": 40}))["trade"]
    40
    """
    known = {c.name: c for c in criteria}
    faults = [
        f"settings: unknown criterion '{name}' in [{table}]. {did_you_mean(name, known)}".rstrip()
        for table, given in (("weights", settings.weights), ("values", settings.values))
        for name in given
        if name not in known
    ]
    faults += [
        f"settings: weight of '{name}' is {w}; weights go from 0 to 100."
        for name, w in settings.weights.items()
        if not 0 <= w <= 100
    ]
    for name, values in settings.values.items():
        steps = tuple(known[name].steps) if name in known else ()
        if name in known and len(values) != len(steps):
            faults.append(
                f"settings: values of '{name}' needs {len(steps)} numbers"
                f" ({', '.join(steps)}), not {len(values)}."
            )
        if any(not 0 <= v <= BEST for v in values):
            faults.append(f"settings: values of '{name}' must lie between 0 and {BEST}.")
    if faults:
        raise UsageError("\n".join(faults))
    return {c.name: settings.weights.get(c.name, c.weight) for c in criteria}


def spelled_out(settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA) -> Settings:
    """Return the settings with the weight and the points of every criterion written down.

    Raises
    ------
    UsageError
        As `weights`.

    Examples
    --------
    >>> spelled_out(Settings()).values["region"]
    [10000, 5000, 0, 5000]
    """
    return replace(
        settings,
        weights=weights(settings, criteria),
        values={c.name: list(_points(c, settings.values).values()) for c in criteria if c.steps},
    )


def contexts(
    market: Market, settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA
) -> dict[str, Context]:
    """Return what each criterion may look at, the user's points in place of its own."""
    weights(settings, criteria)
    return {
        c.name: Context(
            market=market,
            settings=settings,
            points=_points(c, settings.values),
        )
        for c in criteria
    }


def _points(criterion: Criterion, values: Mapping[str, list[int]]) -> dict[str, int]:
    given = values.get(criterion.name)
    return dict(zip(criterion.steps, given, strict=True)) if given else dict(criterion.steps)


def score_tables(
    market: Market, settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA
) -> ScoreTables:
    """Build the integer tables that every engine looks up.

    Raises
    ------
    UsageError
        Weights or values are wrong, or the cost of a rung could take all of a line's
        score: an eligible line must be worth something.
    """
    weight = weights(settings, criteria)
    context = contexts(market, settings, criteria)
    pair: list[tuple[str, PairPoints]] = []
    distance = np.zeros(STEPS_PER_REACH * settings.mobile_reach_factor, dtype=np.int64)
    trade_weight = 0
    for criterion in criteria:
        table = criterion.table(context[criterion.name])
        if isinstance(table, PairPoints):
            pair.append((criterion.name, table))
        elif isinstance(table, DistancePoints):
            distance += weight[criterion.name] * table.points.astype(np.int64)
        else:
            trade_weight += weight[criterion.name]
    rows = max((t.points.shape[0] for _, t in pair), default=1)
    columns = max((t.points.shape[1] for _, t in pair), default=1)
    cube = np.zeros((len(pair), rows, columns), dtype=np.int32)
    least = int(distance.min()) + trade_weight * _least_nearness(market)
    for c, (name, table) in enumerate(pair):
        is_rule = table.points == FORBIDDEN
        weighted = np.where(is_rule, FORBIDDEN, table.points * weight[name])
        cube[c, : weighted.shape[0], : weighted.shape[1]] = weighted
        least += int(weighted[~is_rule].min(initial=BEST * weight[name]))
    dearest = max(settings.rung_costs)
    if dearest >= least > 0:
        raise UsageError(
            f"settings: a rung costs {dearest}, but the least that an eligible line can score is"
            f" {least}. Lower 'rung_costs' below that."
        )
    return ScoreTables(
        names=tuple(name for name, _ in pair),
        pair_table=cube,
        entry_feature=_stacked([t.entry for _, t in pair], len(market.entry_wish)),
        offer_feature=_stacked([t.offer for _, t in pair], len(market.offer_hash)),
        trade_weight=trade_weight,
        distance_points=distance.astype(np.int32),
        rung_cost=np.array([0, *settings.rung_costs], dtype=np.int32),
    )


def _least_nearness(market: Market) -> int:
    return int(market.trade_nearness.value.min()) if len(market.trade_nearness.value) else 0


def _stacked(columns: list[NDArray[np.uint8]], n: int) -> NDArray[np.uint8]:
    """Return features side by side, one row an entry or offer: one cache line a look-up."""
    out = np.zeros((n, len(columns)), dtype=np.uint8)
    for c, column in enumerate(columns):
        out[:, c] = column
    return out
