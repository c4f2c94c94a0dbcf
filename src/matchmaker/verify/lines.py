"""Is every line legal?  All rules that one line breaks or keeps, whatever stands beside it.

They are derived from the clean tables, the settings and the reference data, and share no
code with the search that found the lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, Lines
from matchmaker.verify.dates import Dates
from matchmaker.verify.diplomas import check_diplomas
from matchmaker.verify.fault import Faults
from matchmaker.verify.levels import lowest_levels
from matchmaker.verify.places import Places, check_places
from matchmaker.verify.points import check_points
from matchmaker.verify.territories import has_contract, own_values
from matchmaker.verify.wishes import Wishes, check_wishes
from matchmaker.verify.words import check_words

__all__ = ["LineRules", "check_lines", "check_pairs", "may_stand"]

MOST_POINTS = 10_000  # of a criterion, before its weight
MOST_WEIGHT = 100  # where the settings do not spell a criterion's weight out
POINTS, COSTS = "points_", "cost_"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRules:
    """All that is known of youths, wishes and offers before any line is looked at.

    Attributes
    ----------
    clean, settings
    may_get, may_stand : mapping of str to ndarray of bool, shapes (n_youths,) and (n_offers,)
        By the rule: who may have a line, and which offers may stand in one.
    dates, places, wishes
    """

    clean: Clean
    settings: Settings
    may_get: Mapping[str, NDArray[np.bool_]]
    may_stand: Mapping[str, NDArray[np.bool_]]
    dates: Dates
    places: Places
    wishes: Wishes

    @classmethod
    def of(cls, clean: Clean, settings: Settings) -> LineRules:
        """Derive them from the clean tables.

        Parameters
        ----------
        clean : Clean
        settings : Settings

        Returns
        -------
        LineRules
        """
        youths = clean.youths
        may_get = {
            "youth_opted_out": ~youths["opt_out"].astype(bool),
            "youth_seeking": youths["status"] == "seeking",
        }
        return cls(
            clean=clean,
            settings=settings,
            may_get={rule: holds.to_numpy(dtype=bool) for rule, holds in may_get.items()},
            may_stand=may_stand(clean, settings),
            dates=Dates.of(clean, settings),
            places=Places.of(clean, settings),
            wishes=Wishes.of(clean, settings),
        )


def may_stand(clean: Clean, settings: Settings) -> dict[str, NDArray[np.bool_]]:
    """Return which offers may stand in a list, by rule.

    Parameters
    ----------
    clean : Clean
    settings : Settings

    Returns
    -------
    dict of str to ndarray of bool, shape (n_offers,)
    """
    offers, expiry = clean.offers, clean.offers["expiry_date"]
    days = own_values(settings, "min_days_left", offers["region_code"])
    last = pd.Timestamp(clean.as_of) + pd.to_timedelta(days, unit="D")
    holds = {
        "offer_open": offers["status"] == "open",
        "offer_seat": offers["capacity"] > 0,
        "offer_expiry": expiry.isna() | (expiry >= last),
        "offer_flagged": ~_bears(offers["flags"], settings.leave_out_flags),
        "contract_type": offers["contract_type"].isin(["", *settings.contracts_anywhere]),
    }
    return {rule: held.to_numpy(dtype=bool) for rule, held in holds.items()}


def check_lines(rules: LineRules, lines: Lines, faults: Faults) -> None:
    """Note every line that breaks a rule.

    Parameters
    ----------
    rules : LineRules
    lines : Lines
        Their youths and offers exist.
    faults : Faults
    """
    check_pairs(rules, lines.youth, lines.offer, faults, row=lines.before)
    check_wishes(rules.wishes, lines, faults)
    check_diplomas(rules.clean, rules.settings, lines, faults)
    check_words(rules.settings, lines, faults)
    check_places(rules.places, lines, faults)
    check_points(rules.clean, rules.places, rules.settings, lines, faults)
    _check_score(rules.settings, lines, faults)
    _check_offer(rules.clean.offers, lines, faults)


def check_pairs(
    rules: LineRules,
    youth: NDArray[np.int64],
    offer: NDArray[np.int64],
    faults: Faults,
    *,
    file: str = "lists",
    row: int | NDArray[np.int64] = 0,
) -> None:
    """Note every pair that may not be, whatever is said of it: who, what, and when.

    Parameters
    ----------
    rules : LineRules
    youth, offer : ndarray of int64, shape (n_pairs,)
        Rows of the clean tables.
    faults : Faults
    file, row
        As for `Faults.must`.
    """
    dates = rules.dates
    for rule, holds in (
        *((rule, may[youth]) for rule, may in rules.may_get.items()),
        *(
            (rule, may[offer])
            for rule, may in rules.may_stand.items()
            if rule != "contract_type"  # offered to somebody; to this youth too?
        ),
        (
            "contract_type",
            has_contract(rules.settings, rules.clean.youths, rules.clean.offers, youth, offer),
        ),
        ("legal_age", dates.is_legal_age(youth, offer, rules.clean.as_of)),
        ("minor_work", dates.is_of_age_for(youth, offer)),
        ("procedure", dates.is_open_contract(youth, offer)),
        ("start_window", dates.is_in_window(youth, offer)),
    ):
        faults.must(rule, holds, file=file, row=row)


def _check_score(settings: Settings, lines: Lines, faults: Faults) -> None:
    """Check that the parts of a score are possible, and add up to it."""
    frame, before = lines.frame, lines.before
    cost, rung = frame["cost_rung"].to_numpy(), frame["rung"].to_numpy()
    costs = np.array([-1, *settings.rung_costs])
    true = costs[np.where((rung > 0) & (rung < len(costs)), rung, 0)]
    faults.must(
        "rung_cost", cost == true, column="cost_rung", row=before, found=cost, expected=true
    )
    taken = [name for name in frame.columns if isinstance(name, str) and name.startswith(COSTS)]
    total = -frame[taken].sum(axis=1).to_numpy(dtype=np.int64)
    for column in frame.columns:
        if isinstance(column, str) and column.startswith(POINTS):
            points = frame[column].to_numpy()
            most = settings.weights.get(column.removeprefix(POINTS), MOST_WEIGHT) * MOST_POINTS
            faults.must(
                "points_bounds",
                (points >= 0) & (points <= most),
                column=column,
                row=before,
                found=points,
            )
            total += points
    score = frame["score"].to_numpy()
    faults.must(
        "points_sum", total == score, column="score", row=before, found=score, expected=total
    )


def _check_offer(offers: pd.DataFrame, lines: Lines, faults: Faults) -> None:
    """Check what a line says of its offer and the other rules rest on."""
    facts = {"seats": offers["capacity"].to_numpy(), "offer_level": lowest_levels(offers)}
    for column, cells in facts.items():
        true = cells[lines.offer]
        said = lines.frame[column].to_numpy()
        faults.must(
            "offer_facts", said == true, column=column, row=lines.before, found=said, expected=true
        )
    kind = pd.Categorical(lines.frame["kind"])  # each distinct text once
    of_offer, kinds = pd.factorize(offers["kind"])
    named = kinds.get_indexer(kind.categories)
    faults.must(
        "offer_facts", named[kind.codes] == of_offer[lines.offer], column="kind", row=lines.before
    )


def _bears(cells: pd.Series, flags: tuple[str, ...]) -> pd.Series[bool]:
    """Tell which cells ``A|B`` name one of the flags."""
    code, texts = pd.factorize(cells)
    is_unwanted = [not set(flags).isdisjoint(text.split("|")) for text in texts]
    return pd.Series(np.array(is_unwanted, dtype=bool)[code])
