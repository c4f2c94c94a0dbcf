"""Minors: works and hours that the law rules for workers under 18, trade by trade."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import LAST_DAY, StartDays
from matchmaker.reference.minors import FULL_AGE, closed_to_minors, minors_rules
from matchmaker.reference.stated_diplomas import DIPLOMA
from matchmaker.scoring.birthdays import born_between, turns
from matchmaker.scoring.criterion import Context, Phrases
from matchmaker.words import Lang

__all__ = ["Minors"]

# The employer's duties are those of work-study contracts (R4153-39 1°), of employers alone.
EMPLOYERS = tuple(KINDS.index(kind) for kind in ("offer", "spontaneous"))
CONTRACTS = ("", "apprentissage", "professionnalisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Minors:
    """Says what the employer of a youth under 18 must declare or may not ask, by trade.

    The rules are a table (``minors_rules.csv``), each row with the words of its article.
    Most leave the line and add a sentence to its reason; a trade whose whole job the law
    closes to minors without derogation gives no line, where the offer has no other trade.
    The 18th birthday is held against the start of the contract (the day of the run where it
    is unknown or past), and on that day the youth is of age.  An unknown age is of age.
    Where only the year of birth is known, one day of that year is enough to keep the line,
    and to add the sentence.
    """

    name: str = "minors"
    weight: int = 0
    steps: dict[str, int] = field(default_factory=dict)

    def table(self, context: Context) -> StartDays:
        """Return the days on which each youth may start: from 18 on where all is closed before.

        Parameters
        ----------
        context : Context

        Returns
        -------
        StartDays
        """
        market = context.market
        closed = closed_to_minors()
        cells, distinct = pd.factorize(market.offers["trade_codes"])
        is_closed = np.array(
            [set(filter(None, cell.split("|"))) <= closed and cell != "" for cell in distinct],
            dtype=bool,
        )[cells]
        n_classes = 1 + int(is_closed.any())  # one class costs nothing
        born_first, _ = born_between(market.youths)
        first = np.zeros((len(market.youths), n_classes), dtype=np.int16)
        if n_classes > 1:
            days = _days_to_full_age(born_first, context)
            first[:, 1] = np.clip(days, 0, LAST_DAY)
        return StartDays(
            offer=is_closed.astype(np.uint8), first=first, last=np.full_like(first, LAST_DAY)
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Say the rule of the line's trade to who may be under 18 at the start.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market = context.market
        rules = minors_rules()
        row = {
            code: number
            for number, cell in enumerate(rules["trades"], start=1)
            for code in cell.split("|")
        }
        of_trade = np.array([row.get(code, 0) for code in market.trade_codes], dtype=np.int64)
        contract = market.offers["contract_type"].take(lines.offer)
        _, born_last = born_between(market.youths)
        is_told = _days_to_full_age(born_last, context)[lines.youth] > market.start_day[lines.offer]
        is_told &= np.isin(market.offer_kind[lines.offer], EMPLOYERS)
        is_told &= contract.isin(CONTRACTS).to_numpy(dtype=bool)
        sentences = rules["sentence_fr" if lang == "fr" else "sentence_en"]
        return Phrases(code=of_trade[_trades(lines, market)] * is_told, text=("", *sentences))


def _trades(lines: ScoredLines, market: Market) -> NDArray[np.int32]:
    """Return the trade of each line: the first of the offer where the line is about a diploma."""
    is_diploma = np.array([code.startswith(DIPLOMA) for code in market.trade_codes], dtype=bool)
    rows = np.flatnonzero(is_diploma[lines.trade])
    if not len(rows):
        return lines.trade
    # An offer's trades stand together, before the diplomas that it names.
    first = np.searchsorted(market.posting_offer, lines.offer[rows])
    trade = lines.trade.copy()
    trade[rows] = market.posting_trade[first]
    return trade


def _days_to_full_age(born: NDArray[np.datetime64], context: Context) -> NDArray[np.int64]:
    """Return days from the run to the 18th birthday, 0 where the birth is unknown."""
    as_of = np.datetime64(context.market.as_of, "D")
    days = np.zeros(len(born), dtype=np.int64)
    is_known = ~np.isnat(born)
    days[is_known] = (turns(FULL_AGE, born[is_known]) - as_of).astype(np.int64)
    return days
