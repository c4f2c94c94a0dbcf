"""Procedure: a rule only; the contracts that are open to who comes from a procedure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.pairs import LAST_DAY, StartDays
from matchmaker.reference.pupils import with_pupils
from matchmaker.scoring.criteria.contract import CONTRACTS
from matchmaker.scoring.criterion import Context, Phrases, positions
from matchmaker.words import Lang

__all__ = ["Procedure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """Rules out contracts that the procedure of a youth does not lead to.

    Who comes from Affelnet enters a first training after the 3e, under an apprenticeship;
    a professionalisation contract is for those who have left it (L6325-1 of the Code du
    travail).  An offer without contract type is eligible.  The setting ``source_contracts``
    says which source opens what; a source that it does not name opens all.  A youth without
    a source who wishes a common class of 2nde pro leaves the 3e as well
    (`matchmaker.reference.pupils`).
    """

    name: str = "procedure"
    weight: int = 0
    steps: dict[str, int] = field(default_factory=dict)

    def table(self, context: Context) -> StartDays:
        """Return no day at all where the contract is closed to the youth's source.

        Parameters
        ----------
        context : Context

        Returns
        -------
        StartDays
        """
        market, opened = context.market, context.settings.source_contracts
        code, names = pd.factorize(with_pupils(market.youths, market.wishes))
        is_open = np.array(
            [[c in ("", *opened.get(str(name), CONTRACTS)) for c in CONTRACTS] for name in names]
        ).reshape(-1, len(CONTRACTS))
        return StartDays(
            offer=positions(market.offers["contract_type"], CONTRACTS),
            first=np.zeros((len(code), len(CONTRACTS)), dtype=np.int16),
            last=np.where(is_open[code], LAST_DAY, -1).astype(np.int16),
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say nothing: the contract speaks for itself.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        del context, lang
        return Phrases(code=np.zeros(len(lines.youth), dtype=np.int64), text=("",))
