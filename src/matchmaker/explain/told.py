"""The cause of a short list in words, with the figures of the search that found it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from matchmaker.candidates.geometry import MAX_REACH_KM
from matchmaker.candidates.market import YOUTH_STATES, Market
from matchmaker.explain.causes import Cause
from matchmaker.explain.crowds import Crowd
from matchmaker.explain.employers import employer_names
from matchmaker.reference.gazetteer import regions
from matchmaker.reference.levels import LEVEL_NAMES_EN, LEVEL_NAMES_FR
from matchmaker.reference.offer_levels import LOWEST
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row
from matchmaker.words import Said, date_text, said, word

__all__ = ["Teller"]

_PLAIN = {
    "full": "cause.full",
    "cancelled": "cause.cancelled",
    "place_unknown": "cause.place_unknown",
    "minor": "cause.minor",
    "other_trade": "cause.other_trade",
}
_WITH_CONTRACT = {
    "contract_type": "cause.contract_type",
    "procedure": "cause.procedure",
    "age": "cause.age",
}

_WITH_LABELS = ("wish_unresolved", "no_apprenticeship")  # states that name the youth's wishes


class Teller:
    """Puts causes into words.

    Parameters
    ----------
    market : Market
    settings : Settings
        ``lang`` and the bounds of rules are read.
    """

    def __init__(self, market: Market, settings: Settings) -> None:
        self._market, self._settings = market, settings
        self._youths, self._offers = market.youths, market.offers
        self._longest, self._least = (
            by_row(settings, name, market.youths) for name in ("lines_per_youth", "min_lines")
        )
        self._days_left = by_row(settings, "min_days_left", market.offers)
        self._employer = employer_names(market.offers, settings.lang)
        self._labels: dict[str, list[str]] | None = None
        # A frame looks a column up anew at each cell: thousands are read here.
        self._columns: dict[tuple[str, str], Any] = {}

    def _cell(self, table: str, row: int, column: str) -> Any:
        if (table, column) not in self._columns:
            frame = self._youths if table == "youths" else self._offers
            self._columns[table, column] = frame[column].array
        return self._columns[table, column][row]

    def of_state(self, youth: int, code: str) -> Said:
        """Return why a youth takes no part.

        Parameters
        ----------
        youth : int
            Row of youths.
        code : str
            Of `matchmaker.candidates.market.YOUTH_STATES`.

        Returns
        -------
        Said
        """
        if code == "wish_rejected":
            n = int(self._cell("youths", youth, "wishes_rejected"))
            lines = self._unread(youth)
            if lines:
                return said("cause.wish_rejected", n=n, lines=lines)
        if code in _WITH_LABELS:
            labels = [f"« {label} »" for label in self._own_labels(youth) if label]
            if labels and code == "no_apprenticeship":
                return said("cause.no_apprenticeship", labels=labels)
            if labels:
                return said("cause.wish_unresolved", labels=labels)
        return word("unserved", code)

    def _own_labels(self, youth: int) -> list[str]:
        """Return the labels of the wishes of a youth; those of all youths like it are read once."""
        if self._labels is None:
            market = self._market
            states = [i for i, code in enumerate(YOUTH_STATES) if code in _WITH_LABELS]
            who = self._youths["youth_id"].to_numpy()[np.isin(market.youth_state, states)]
            wishes = market.wishes[market.wishes["youth_id"].isin(who)]
            self._labels = {}
            for own, label in zip(wishes["youth_id"], wishes["trade_label"], strict=True):
                self._labels.setdefault(own, []).append(label)
        return self._labels.get(self._cell("youths", youth, "youth_id"), [])

    def of_none(self, youth: int, cause: Cause, crowd: Crowd | None) -> Said:
        """Return why a youth has no line.

        Parameters
        ----------
        youth : int
            Row of youths.
        cause : Cause
        crowd : Crowd or None
            For ``all_full``.

        Returns
        -------
        Said
        """
        if crowd is not None:
            told = said("cause.all_full", open=self._open(crowd))
        elif cause.code == "out_of_reach":
            told = self._nearest(youth, cause)
        else:
            told = self._rule(youth, cause)
        return self._and_unread(youth, told)

    def of_few(self, youth: int, lines: int, cause: Cause, crowd: Crowd | None) -> Said:
        """Return why a youth has some lines and no more.

        Parameters
        ----------
        youth : int
            Row of youths.
        lines : int
            That there are.
        cause : Cause
        crowd : Crowd or None
            For ``few_in_trades``.

        Returns
        -------
        Said
        """
        if crowd is not None:
            told = said("cause.few_in_trades", open=self._open(crowd))
        elif cause.code == "out_of_reach":
            told = said("cause.wider", km=cause.km, reach=self._reach(youth), gain=cause.gain)
        elif cause.code == "short_lists":
            told = said("cause.short_lists", n=int(self._longest[youth]))
        else:
            told = said("cause.lifted", cause=self._rule(youth, cause), gain=cause.gain)
        wanted = int(self._least[youth])
        return self._and_unread(youth, said("cause.few", n=lines, wanted=wanted, cause=told))

    def _rule(self, youth: int, cause: Cause) -> Said:
        """Return the sentence of a rule with the facts of the offer that it keeps out."""
        if cause.offer < 0:
            return word("unserved", cause.code)
        what = self._what(cause.offer)
        if cause.code in _PLAIN:
            return said(_PLAIN[cause.code], what=what)
        if cause.code in _WITH_CONTRACT:
            contract = self._cell("offers", cause.offer, "contract_type")
            return said(_WITH_CONTRACT[cause.code], what=what, contract=contract)
        if cause.code == "start":
            return self._start(youth, cause.offer, what)
        tell = {
            "expired": self._expired,
            "level": self._level,
            "region": self._region,
            "flagged": self._flagged,
        }[cause.code]
        return tell(cause.offer, what)

    def _expired(self, offer: int, what: Said) -> Said:
        last = self._cell("offers", offer, "expiry_date")
        day = self._day(last)
        if last.date() < self._market.as_of:
            return said("cause.expired", what=what, day=day)
        return said("cause.expires", what=what, day=day, n=int(self._days_left[offer]))

    def _start(self, youth: int, offer: int, what: Said) -> Said:
        start = self._cell("offers", offer, "start_date")
        since = pd.Timestamp(self._market.as_of)
        available = self._cell("youths", youth, "available_from")
        if not pd.isna(available):
            since = max(since, available)
        words = {"what": what, "day": self._day(start), "since": self._day(since)}
        key = "cause.starts_early" if start < since else "cause.starts_late"
        return said(key, **words)

    def _level(self, offer: int, what: Said) -> Said:
        names = LEVEL_NAMES_FR if self._settings.lang == "fr" else LEVEL_NAMES_EN
        level = names[int(LOWEST[self._market.offer_levels[offer]])]
        return said("cause.level", what=what, level=level)

    def _region(self, offer: int, what: Said) -> Said:
        names = regions().set_index("region_code")["name"]
        region = names.get(self._cell("offers", offer, "region_code"), "")
        return said("cause.region", what=what, region=region)

    def _flagged(self, offer: int, what: Said) -> Said:
        flags = set(self._cell("offers", offer, "flags").split("|"))
        left_out = sorted(flags & set(self._settings.leave_out_flags))
        words = [word("quality", flag) for flag in left_out]
        return said("cause.flagged", what=what, flags=words)

    def _nearest(self, youth: int, cause: Cause) -> Said:
        if cause.km < 0:
            return said("cause.beyond_all", most=MAX_REACH_KM)
        is_firm = self._market.is_firm[cause.offer]
        what = word("cause", "nearest_firm" if is_firm else "nearest_offer")
        return said("cause.out_of_reach", what=what, km=cause.km, reach=self._reach(youth))

    def _reach(self, youth: int) -> int:
        return int(self._market.reach_km[youth])

    def _open(self, crowd: Crowd) -> Said:
        counts = {"cause.places": crowd.places, "cause.firms": crowd.firms}
        shown = [said(key, n=n) for key, n in counts.items() if n]
        if crowd.others:
            return said("cause.open", open=shown, n=crowd.others)
        return said("cause.open_alone", open=shown)

    def _what(self, offer: int) -> Said:
        """Return an offer or a firm by its name and its town."""
        is_firm = bool(self._market.is_firm[offer])
        name = str(self._employer.iloc[offer]) if is_firm else self._cell("offers", offer, "title")
        town = self._cell("offers", offer, "place_name")
        place = f" ({town})" if town else ""
        if is_firm:
            return said("cause.firm", name=name, place=place)
        return said("cause.offer", name=name, place=place)

    def _day(self, day: pd.Timestamp) -> str:
        return date_text(day.date(), self._settings.lang)

    def _unread(self, youth: int) -> list[str]:
        return [line for line in self._cell("youths", youth, "wishes_unread").split("|") if line]

    def _and_unread(self, youth: int, told: Said) -> Said:
        """Return the sentence, and which wishes of the youth were not read."""
        lines = self._unread(youth)
        if not lines:
            return told
        return said("cause.and_unread", told=told, n=len(lines), lines=lines)
