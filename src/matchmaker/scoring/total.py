"""All criteria together: their weights, and the tables of the engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.geometry import STEPS_PER_REACH
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import FORBIDDEN, NEAR, ScoreTables, StartDays
from matchmaker.errors import UsageError, did_you_mean
from matchmaker.scoring.contract_types import CONTRACT_TYPES, contracts_by_home
from matchmaker.scoring.criteria import CRITERIA, OPTIONAL, criteria_for
from matchmaker.scoring.criterion import (
    BEST,
    Context,
    Criterion,
    DistancePoints,
    PairPoints,
)
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["Scoring", "score_tables", "scoring_of", "spelled_out", "weights"]


def weights(settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA) -> dict[str, int]:
    """Return the weight of each criterion: the setting's, else its own default.

    Parameters
    ----------
    settings : Settings
        ``weights`` and ``values`` are read.
    criteria : tuple of Criterion

    Returns
    -------
    dict of str to int
        0 to 100, for each criterion.

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
    known = {c.name: c for c in (*OPTIONAL, *criteria)}
    faults = [
        said("setting.unknown_criterion", name=name, table=table, hint=did_you_mean(name, known))
        for table, given in (("weights", settings.weights), ("values", settings.values))
        for name in given
        if name not in known
    ]
    faults += [
        said("setting.weight", name=name, weight=w)
        for name, w in settings.weights.items()
        if not 0 <= w <= 100
    ]
    for name, values in settings.values.items():
        steps = tuple(known[name].steps) if name in known else ()
        if name in known and len(values) != len(steps):
            faults.append(
                said(
                    "setting.values_count",
                    name=name,
                    due=len(steps),
                    steps=steps,
                    given=len(values),
                )
            )
        if any(not 0 <= v <= BEST for v in values):
            faults.append(said("setting.values_bounds", name=name, high=BEST))
    if faults:
        raise UsageError(*faults)
    return {c.name: settings.weights.get(c.name, c.weight) for c in criteria}


def scoring_again(market: Market, settings: Settings) -> Scoring:
    """Return the scoring of a run from its settings alone.

    Parameters
    ----------
    market : Market
    settings : Settings
        ``criteria`` names those of the user's own.

    Returns
    -------
    Scoring

    Raises
    ------
    UsageError
        As `scoring_of`, or a criterion is not there.
    """
    return scoring_of(market, settings, criteria_for(settings))


def spelled_out(settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA) -> Settings:
    """Return the settings with the weight and the points of every criterion written down.

    Parameters
    ----------
    settings : Settings
    criteria : tuple of Criterion

    Returns
    -------
    Settings

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


def _points(criterion: Criterion, values: Mapping[str, list[int]]) -> dict[str, int]:
    given = values.get(criterion.name)
    return dict(zip(criterion.steps, given, strict=True)) if given else dict(criterion.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """The criteria in use in a run, what each may look at, and the tables made of them.

    Attributes
    ----------
    criteria : tuple of Criterion
        In the order in which reasons name them.
    contexts : tuple of Context
        One a criterion, the user's points in place of its own.
    tables : ScoreTables
    """

    criteria: tuple[Criterion, ...]
    contexts: tuple[Context, ...]
    tables: ScoreTables


def scoring_of(
    market: Market, settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA
) -> Scoring:
    """Let each criterion look at the market, once, and build the tables of the engines.

    Parameters
    ----------
    market : Market
    settings : Settings
        ``weights``, ``values`` and ``rung_costs`` are read, and what criteria read.
    criteria : tuple of Criterion

    Returns
    -------
    Scoring

    Raises
    ------
    UsageError
        Weights or values are wrong, or costs could take all of a line's score: an eligible
        line must be worth something.
    """
    weight = weights(settings, criteria)
    contexts = tuple(
        Context(market=market, settings=settings, points=_points(c, settings.values))
        for c in criteria
    )
    pair: dict[str, PairPoints] = {}
    distance_parts: dict[str, NDArray[np.int32]] = {}
    trade_parts: dict[str, int] = {}
    start_days: dict[str, StartDays] = {}
    for criterion, context in zip(criteria, contexts, strict=True):
        name, table = criterion.name, criterion.table(context)
        if isinstance(table, PairPoints):
            is_rule = table.points == FORBIDDEN
            weighted = np.where(is_rule, FORBIDDEN, table.points * weight[name])
            pair[name] = replace(table, points=weighted.astype(np.int32))
            if table.start_days is not None:
                start_days[name] = table.start_days
        elif isinstance(table, DistancePoints):
            distance_parts[name] = (weight[name] * table.points).astype(np.int32)
        elif isinstance(table, StartDays):
            start_days[name] = table
        else:
            trade_parts[name] = weight[name]
    if (by_home := contracts_by_home(market, settings)) is not None:
        start_days[CONTRACT_TYPES] = by_home
    widest = settings.most("mobile_reach_factor")
    distance = np.zeros(STEPS_PER_REACH * widest, dtype=np.int32)
    distance = sum(distance_parts.values(), start=distance)
    trade_weight = sum(trade_parts.values())
    _refuse_what_costs_all(
        market,
        settings,
        distance=distance,
        trade_weight=trade_weight,
        others=sum(
            int(table.points[table.points != FORBIDDEN].min(initial=BEST * weight[name]))
            for name, table in pair.items()
        ),
    )
    points, cost = _cubes(list(pair.values()))
    tables = ScoreTables(
        names=tuple(c.name for c in criteria),
        pair_names=tuple(pair),
        pair_table=points,
        pair_cost=cost,
        entry_feature=_stacked([t.entry for t in pair.values()], len(market.entry_wish)),
        near_feature=_stacked(
            [t.entry if t.near is None else t.near for t in pair.values()], len(market.entry_wish)
        ),
        offer_feature=_stacked([t.offer for t in pair.values()], len(market.offer_hash)),
        trade_weight=trade_weight,
        trade_parts=trade_parts,
        distance_points=distance,
        distance_parts=distance_parts,
        rung_cost=np.array([0, *settings.rung_costs], dtype=np.int32),
        later_cost=settings.later_code_cost,
        start_days=start_days,
    )
    return Scoring(criteria=criteria, contexts=contexts, tables=tables)


def score_tables(
    market: Market, settings: Settings, criteria: tuple[Criterion, ...] = CRITERIA
) -> ScoreTables:
    """Build the integer tables that every engine looks up: those of `scoring_of`.

    Parameters
    ----------
    market, settings, criteria
        As for `scoring_of`.

    Returns
    -------
    ScoreTables

    Raises
    ------
    UsageError
        As for `scoring_of`.
    """
    return scoring_of(market, settings, criteria).tables


def _cubes(tables: list[PairPoints]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return points less costs, and costs, each table in the corner of its layer."""
    rows = max((t.points.shape[0] for t in tables), default=1)
    columns = max((t.points.shape[1] for t in tables), default=1)
    points = np.zeros((len(tables), rows, columns), dtype=np.int32)
    cost = np.zeros_like(points)
    for c, table in enumerate(tables):
        corner = c, slice(table.points.shape[0]), slice(table.points.shape[1])
        points[corner] = table.points
        if table.cost is not None:
            cost[corner] = np.where(table.points == FORBIDDEN, 0, table.cost)
    return points - cost, cost


def _refuse_what_costs_all(
    market: Market,
    settings: Settings,
    *,
    distance: NDArray[np.int32],
    trade_weight: int,
    others: int,
) -> None:
    """Raise where costs could take all that the least eligible line scores.

    A firm has a cost more, of its second and later trades.  Beyond the own reach, where the
    distance may give nothing, there are wished trades alone.
    """
    near = market.trade_nearness
    is_wished = near.step < NEAR
    # By time a place within reach may be as far as can be.
    own = distance[:STEPS_PER_REACH] if market.travel is None else distance
    within = int(own.min()) + trade_weight * int(near.value.min(initial=BEST))
    beyond = int(distance.min()) + trade_weight * int(near.value[is_wished].min(initial=BEST))
    rungs = settings.rung_costs
    for least, dearest in (
        (within + others, max(rungs[0], rungs[1], rungs[5])),
        (within + others, max(rungs[2:4]) + settings.later_code_cost),
        (beyond + others, rungs[4]),
    ):
        costs = dearest + settings.level_doubt_cost
        if costs >= least > 0:
            raise UsageError(said("setting.rung_too_dear", dearest=costs, least=least))


def _stacked(columns: list[NDArray[np.uint8]], n: int) -> NDArray[np.uint8]:
    """Return features side by side, one row an entry or offer: one cache line a look-up."""
    out = np.zeros((n, len(columns)), dtype=np.uint8)
    for c, column in enumerate(columns):
        out[:, c] = column
    return out
