"""What each stage of a run leaves to the next ones.

A stage is a function from artifacts to an artifact; none is changed once it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matchmaker.candidates.engine import Engine
from matchmaker.candidates.market import Market
from matchmaker.lists.earlier import Remembered
from matchmaker.lists.make import YouthLists
from matchmaker.lists.smallest_caps import SmallestCaps
from matchmaker.scoring.total import Scoring
from matchmaker.tables import Sent, Tables

__all__ = ["Explained", "Prepared", "Read", "SharedOut", "Summarised"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """Clean tables.

    Attributes
    ----------
    tables : Tables
        What was found while reading the lines sent stands in its rejects, its quality
        and its files too.
    referents : DataFrame or None
    sent : Sent or None
        Lines of earlier waves.
    """

    tables: Tables
    referents: pd.DataFrame | None = None
    sent: Sent | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """The market in arrays, and how its pairs are scored and found.

    Attributes
    ----------
    market : Market
    scoring : Scoring
    engine : Engine
    remembered : Remembered
        What earlier waves sent, as positions of the market.
    heeded : Remembered
        The same, or nothing where the run ignores it.
    """

    market: Market
    scoring: Scoring
    engine: Engine
    remembered: Remembered
    heeded: Remembered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedOut:
    """Lists, and what they are set beside.

    Attributes
    ----------
    lists : YouthLists
    remembering : YouthLists or None
        Lists that heed what was sent, where the published ones ignore it.
    other : YouthLists or None
        Lists of the objective ``best``, where the published ones are ``fair``.
    smallest_caps : SmallestCaps
    variety : mapping
        Youths with varied lines, ready for JSON.
    effects : mapping of str to mapping
        By criterion, what those change that favour some youths (`matchmaker.runs.effects`).
    """

    lists: YouthLists
    remembering: YouthLists | None
    other: YouthLists | None
    smallest_caps: SmallestCaps
    variety: Mapping[str, Any]
    effects: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """The tables that people read; `matchmaker.MatchResult` describes their columns.

    Attributes
    ----------
    lists, assignment, certificate, unserved, follow_up : DataFrame
    """

    lists: pd.DataFrame
    assignment: pd.DataFrame
    certificate: pd.DataFrame
    unserved: pd.DataFrame
    follow_up: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summarised:
    """Figures of the run, and what is needed to repeat it; both ready for JSON.

    Attributes
    ----------
    summary, manifest : dict
    """

    summary: dict[str, Any]
    manifest: dict[str, Any]
