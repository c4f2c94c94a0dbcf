"""Rules of days: the legal age on the day that the law counts, and the window of starts.

Ages are compared by year, month and day, never by a number of days.  Who was born on
29 February turns a year older on 1 March of a common year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.contracts import age_rules
from matchmaker.reference.minors import FULL_AGE, minors_rules
from matchmaker.reference.pupils import with_pupils
from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, days_after

__all__ = ["Dates"]

# Youths of a campaign have left the 3e; "rqth" is a column of theirs.  No table tells of the
# other conditions (registered as job seeker, top athlete, ...): they are not assumed.
ASSUMED = ("", "after_3e")
UNLIMITED = 1000  # years: no limit
FIRST_DAY, LAST_DAY = 101, 1231  # of a year, as month * 100 + day


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRule:
    """One row of ``age_rules.csv`` that a youth may be held to.

    Attributes
    ----------
    contract : str
    asks_rqth : bool
    is_of_start : bool
        The age counts on the day the contract starts; else on the day of the run, when it
        is signed at the earliest.
    low, high : int
        Full years, both included.
    """

    contract: str
    asks_rqth: bool
    is_of_start: bool
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days of the calendar: year, and month * 100 + day."""

    year: NDArray[np.int64]
    day: NDArray[np.int64]

    @classmethod
    def of(cls, dates: NDArray[np.datetime64]) -> Calendar:
        """Take dates apart; an unknown one gives numbers without meaning."""
        month = dates.astype("datetime64[M]").astype(np.int64)
        day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
        return cls(year=month // 12 + 1970, day=(month % 12 + 1) * 100 + day)

    def at(self, rows: NDArray[np.int64]) -> Calendar:
        """Return some of them."""
        return Calendar(year=self.year[rows], day=self.day[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Days of youths and offers, derived from the clean tables.

    Attributes
    ----------
    birth : Calendar, n_youths
    is_year, is_unknown, has_rqth : ndarray of bool, shape (n_youths,)
        Only the year of birth is known; nothing is; recognised as a disabled worker.
    available : ndarray of int64, shape (n_youths,)
        Days from the run to the first day of work, 0 or more.
    first_day : Calendar, n_offers
        The day of the start, or that of the run where it has passed or is not known.
    start : ndarray of int64, shape (n_offers,)
        The same in days from the run.
    has_start : ndarray of bool, shape (n_offers,)
    contract : Categorical of str, n_offers
    is_for_adults : ndarray of bool, shape (n_offers,)
        The law closes all its trades to minors.
    source : Categorical of str, n_youths
    rules : tuple of AgeRule
    settings : Settings
    """

    birth: Calendar
    is_year: NDArray[np.bool_]
    is_unknown: NDArray[np.bool_]
    has_rqth: NDArray[np.bool_]
    available: NDArray[np.int64]
    first_day: Calendar
    start: NDArray[np.int64]
    has_start: NDArray[np.bool_]
    contract: pd.Categorical
    is_for_adults: NDArray[np.bool_]
    source: pd.Categorical
    rules: tuple[AgeRule, ...]
    settings: Settings

    @classmethod
    def of(cls, clean: Clean, settings: Settings) -> Dates:
        """Derive them.

        Parameters
        ----------
        clean : Clean
        settings : Settings
            ``max_early_start_days`` and ``max_late_start_days`` are read.

        Returns
        -------
        Dates
        """
        youths, offers = clean.youths, clean.offers
        born = youths["birth_date"].to_numpy(dtype="datetime64[D]")
        start = days_after(offers["start_date"], clean.as_of)
        return cls(
            birth=Calendar.of(born),
            is_year=youths["birth_is_year"].to_numpy(dtype=bool),
            is_unknown=np.isnat(born),
            has_rqth=youths["has_rqth"].to_numpy(dtype=bool),
            available=days_after(youths["available_from"], clean.as_of),
            first_day=Calendar.of(np.datetime64(clean.as_of, "D") + start),
            start=start,
            has_start=offers["start_date"].notna().to_numpy(),
            contract=pd.Categorical(offers["contract_type"]),
            is_for_adults=_for_adults(offers["trade_codes"]),
            source=pd.Categorical(_sources(clean)),
            rules=_rules(),
            settings=settings,
        )

    def is_in_window(self, youth: NDArray[np.int64], offer: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which pairs start neither too early nor too late; an unknown start is neither.

        Parameters
        ----------
        youth, offer : ndarray of int64, shape (n,)
            Rows of the two tables.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        late = self.start[offer] - self.available[youth]
        is_in = late >= -self.settings.max_early_start_days
        is_in &= late <= self.settings.max_late_start_days
        is_in |= ~self.has_start[offer]
        return is_in

    def is_open_contract(
        self, youth: NDArray[np.int64], offer: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which pairs have a contract that the youth's source leads to, or none.

        Parameters
        ----------
        youth, offer : ndarray of int64, shape (n_pairs,)
            Rows of the clean tables.

        Returns
        -------
        ndarray of bool, shape (n_pairs,)
        """
        opened = self.settings.source_contracts
        contracts = self.contract.categories.tolist()
        table = [
            [not one or one in opened.get(str(name), contracts) for one in contracts]
            for name in self.source.categories
        ]
        is_open = np.array(table, dtype=bool).reshape(-1, len(contracts))
        is_in: NDArray[np.bool_] = is_open[self.source.codes[youth], self.contract.codes[offer]]
        return is_in

    def is_legal_age(
        self, youth: NDArray[np.int64], offer: NDArray[np.int64], as_of: dt.date
    ) -> NDArray[np.bool_]:
        """Tell which pairs some rule of age allows.

        An unknown age is legal, and so is a contract of which the table says nothing.  Where
        only the year of birth is known, one day of it is enough.

        Parameters
        ----------
        youth, offer : ndarray of int64, shape (n,)
            Rows of the two tables.
        as_of : date

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        of_run = Calendar.of(np.array([as_of], dtype="datetime64[D]"))
        ages = {
            False: self._ages(youth, of_run),
            True: self._ages(youth, self.first_day.at(offer)),
        }
        # L6222-1: who reaches the age before the end of the year may begin the training, so an
        # apprenticeship that does not say when it starts can wait until then.
        year_end = Calendar(year=of_run.year, day=np.array([LAST_DAY]))
        _, by_year_end = self._ages(youth, year_end)
        can_wait = ~self.has_start[offer]
        is_ruled = np.isin(self.contract.categories, [rule.contract for rule in self.rules])
        code = self.contract.codes[offer]
        is_legal: NDArray[np.bool_] = self.is_unknown[youth] | ~is_ruled[code]
        for rule in self.rules:
            youngest, oldest = ages[rule.is_of_start]
            if rule.is_of_start:
                oldest = np.where(can_wait, by_year_end, oldest)
            allows = (youngest <= rule.high) & (oldest >= rule.low)
            allows &= (self.contract.categories == rule.contract)[code]
            if rule.asks_rqth:
                allows &= self.has_rqth[youth]
            is_legal |= allows
        return is_legal

    def is_of_age_for(
        self, youth: NDArray[np.int64], offer: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which pairs are of a trade open to minors, or of somebody of age at the start.

        Parameters
        ----------
        youth, offer : ndarray of int64, shape (n,)
            Rows of the two tables.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        _, oldest = self._ages(youth, self.first_day.at(offer))
        is_fit: NDArray[np.bool_] = ~self.is_for_adults[offer] | self.is_unknown[youth]
        return is_fit | (oldest >= FULL_AGE)

    def _ages(
        self, youth: NDArray[np.int64], day: Calendar
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the least and the greatest age in full years that each youth may have."""
        born, is_year = self.birth.at(youth), self.is_year[youth]
        years = day.year - born.year
        youngest = years - (day.day < np.where(is_year, LAST_DAY, born.day))
        oldest = years - (day.day < np.where(is_year, FIRST_DAY, born.day))
        return youngest, oldest


def _sources(clean: Clean) -> pd.Series:
    """Return the source of each youth, as common classes of 2nde pro among the wishes tell it."""
    if "trade_label" not in clean.wishes:
        return clean.youths["source"]
    return with_pupils(clean.youths, clean.wishes)


def _for_adults(cells: pd.Series) -> NDArray[np.bool_]:
    """Tell which cells of trade codes name closed trades alone."""
    rules = minors_rules()
    rules = rules[(rules["derogable"] == "no") & (rules["scope"] == "job")]
    closed = rules["trades"].str.split("|").explode()
    code, texts = pd.factorize(cells)  # each distinct cell once
    trades = pd.Series(texts, dtype="str").str.split("|").explode()
    is_closed = trades.isin(closed).groupby(level=0).all().to_numpy(dtype=bool)
    return is_closed[code]


def _rules() -> tuple[AgeRule, ...]:
    """Return the rows of the table whose condition is assumed, or a column tells of."""
    table = age_rules()
    table = table[table["condition"].isin([*ASSUMED, "rqth"])]
    low = table["min_age"].fillna(-UNLIMITED).astype(np.int64).tolist()
    high = table["max_age"].fillna(UNLIMITED).astype(np.int64).tolist()
    columns = (table[name].tolist() for name in ("contract_type", "condition", "counted_on"))
    return tuple(
        AgeRule(
            contract=contract,
            asks_rqth=condition == "rqth",
            is_of_start=counted_on == "start",
            low=least,
            high=most,
        )
        for contract, condition, counted_on, least, most in zip(*columns, low, high, strict=True)
    )
