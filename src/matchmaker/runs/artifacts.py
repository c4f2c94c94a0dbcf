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
from matchmaker.lists.advised import Advised
from matchmaker.lists.earlier import Remembered
from matchmaker.lists.make import YouthLists
from matchmaker.lists.smallest_caps import SmallestCaps
from matchmaker.runs.manifest import Output
from matchmaker.runs.results import parquet_outputs
from matchmaker.scoring.total import Scoring
from matchmaker.tables import Sent, Tables
from matchmaker.tables.masking import mask
from matchmaker.tables.referents import no_referents
from matchmaker.tables.sent import no_sent

__all__ = ["Explained", "Prepared", "Read", "RunTables", "SharedOut", "Summarised"]


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
    runs : tuple of str
        Ids of the runs that are among them.
    advice : DataFrame or None
        What is kept of advisers' words (`matchmaker.tables.advice_heeded`); None where none were
        given. The tables are as these say.
    """

    tables: Tables
    referents: pd.DataFrame | None = None
    sent: Sent | None = None
    runs: tuple[str, ...] = ()
    advice: pd.DataFrame | None = None


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
    nearness : DataFrame
        Of the codes that are wished to those that are offered
        (`matchmaker.reference.nearness.between`).
    advised : Advised
        What advisers said of lines.
    advice : DataFrame or None
        As in `Read`, with the verdict on each line that an adviser wants to keep.
    """

    market: Market
    scoring: Scoring
    engine: Engine
    remembered: Remembered
    heeded: Remembered
    nearness: pd.DataFrame
    advised: Advised
    advice: pd.DataFrame | None = None


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
    territories : mapping
        What differs in some, and what it costs (`matchmaker.runs.territories`).
    advice : mapping
        What obeying advisers costs, where that is asked for (`matchmaker.runs.advice`).
    """

    lists: YouthLists
    remembering: YouthLists | None
    other: YouthLists | None
    smallest_caps: SmallestCaps
    variety: Mapping[str, Any]
    effects: Mapping[str, Mapping[str, Any]]
    territories: Mapping[str, Any]
    advice: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """The tables that people read; `matchmaker.MatchResult` describes their columns.

    Attributes
    ----------
    lists, assignment, certificate, unserved, follow_up, orphans : DataFrame
    """

    lists: pd.DataFrame
    assignment: pd.DataFrame
    certificate: pd.DataFrame
    unserved: pd.DataFrame
    follow_up: pd.DataFrame
    orphans: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summarised:
    """Figures of the run, and what is needed to repeat it; both ready for JSON.

    Attributes
    ----------
    summary, manifest : dict
    """

    summary: dict[str, Any]
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunTables:
    """What lists were made of, as a run's folder keeps it: no names, no addresses of youths.

    Attributes
    ----------
    youths, wishes, offers : DataFrame
        The clean tables; what looks like an address or a person's number is hidden in what
        was written as a wish.
    sent : DataFrame
        All lines that the run remembered, earlier waves included: youth_id, offer_id, wave,
        sent_at, outcome.
    nearness : DataFrame
        As in `Prepared`.
    referents : DataFrame
        Whom to name to youths with few lines: no row where none were given.
    advice : DataFrame or None
        What became of advisers' words; no free words, and nobody who said them. None where none
        were given.
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    sent: pd.DataFrame
    nearness: pd.DataFrame
    referents: pd.DataFrame
    advice: pd.DataFrame | None = None

    @classmethod
    def of(cls, found: Read, ready: Prepared) -> RunTables:
        """Return what is kept of what was read and prepared.

        Parameters
        ----------
        found : Read
        ready : Prepared

        Returns
        -------
        RunTables
        """
        wishes = found.tables.wishes
        label = mask(wishes["trade_label"], is_personal=False)
        return cls(
            youths=found.tables.youths,
            wishes=wishes.assign(trade_label=label),
            offers=found.tables.offers,
            sent=no_sent() if found.sent is None else found.sent.frame,
            nearness=ready.nearness,
            referents=no_referents() if found.referents is None else found.referents,
            advice=ready.advice,
        )

    def outputs(self) -> dict[str, Output]:
        """Return the files that hold it.

        Returns
        -------
        dict of str to Output
            By the name of the file.
        """
        tables = {
            "tables/youths": self.youths,
            "tables/wishes": self.wishes,
            "tables/offers": self.offers,
            "tables/sent": self.sent,
            "reference/referents": self.referents,
        }
        return {
            **parquet_outputs("read", tables),
            **parquet_outputs("prepare", {"reference/nearness": self.nearness}),
            **(
                {}
                if self.advice is None
                else parquet_outputs("prepare", {"tables/words": self.advice})
            ),
        }
