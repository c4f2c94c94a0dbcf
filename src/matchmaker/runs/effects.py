"""The effect of the criteria that favour some youths: the offers shared out once more without."""

from __future__ import annotations

from typing import Any

from matchmaker.candidates.engine import Engine
from matchmaker.lists.advised import Advised
from matchmaker.lists.effects import effect_figures, favoured
from matchmaker.lists.make import YouthLists, make_lists
from matchmaker.runs.artifacts import Prepared
from matchmaker.runs.setup import Setup
from matchmaker.scoring.criterion import PairPoints
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings

__all__ = ["MEASURED", "effects_of", "lists_beside"]

MEASURED = ("welcomes_disabled", "days_left")
"""Criteria that look at the youth alone, or at a protected attribute, to say who comes first."""


def effects_of(ready: Prepared, lists: YouthLists, setup: Setup) -> dict[str, dict[str, Any]]:
    """Return the effect of each measured criterion in use, by its name.

    Each costs a second sharing-out, and is paid for only where the settings switch it on.

    Parameters
    ----------
    ready : Prepared
    lists : YouthLists
        With all criteria.
    setup : Setup

    Returns
    -------
    dict
        Figures of `matchmaker.lists.effects.effect_figures`, ready for JSON.
    """
    found = {}
    market, settings = ready.market, setup.settings
    for criterion, context in zip(ready.scoring.criteria, ready.scoring.contexts, strict=True):
        name, table = criterion.name, criterion.table(context)
        if name not in MEASURED or not isinstance(table, PairPoints):
            continue
        rest = tuple(c for c in setup.criteria if c.name != name)
        engine = setup.engine_of(market, scoring_of(market, settings, rest).tables)
        without = lists_beside(engine, settings, ready, setup)
        who = favoured(table.entry, table.points, market.entry_youth, len(market.youth_hash))
        found[name] = effect_figures(lists, without, engine, who & market.takes_part)
    return found


def lists_beside(
    engine: Engine,
    settings: Settings,
    ready: Prepared,
    setup: Setup,
    *,
    advised: Advised | None = None,
) -> YouthLists:
    """Share the offers out once more under other rules, to set beside the lists of the run.

    Parameters
    ----------
    engine : Engine
        Under the other rules.
    settings : Settings
        The other rules.
    ready : Prepared
    setup : Setup
    advised : Advised, optional
        What advisers said, if not what they did say.

    Returns
    -------
    YouthLists
    """
    return make_lists(
        engine,
        settings,
        assignment=setup.assignment,
        sent=ready.heeded,
        advised=ready.advised if advised is None else advised,
        solver=setup.solver,
        progress=setup.clock.within,
    )
