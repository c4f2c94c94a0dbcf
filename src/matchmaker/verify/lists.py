"""The independent check of lists, before anything is written.

It holds the frames that are about to be written against the clean tables: every line by
itself (`matchmaker.verify.lines`), then what stands beside each other, order, lengths,
variety, exposure, earlier waves, and the assignment.  A failed check raises and nothing is
published.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings
from matchmaker.verify.advice import check_advice, places_said
from matchmaker.verify.clean import Clean, Lines, employers, rows_of, sectors
from matchmaker.verify.fault import Faults
from matchmaker.verify.lines import LineRules, check_lines
from matchmaker.verify.order import is_in_order
from matchmaker.verify.territories import own_values
from matchmaker.words import word

__all__ = ["check_lists", "faults_of_lists"]

HEAD = word("verify", "lists")
BLOCK = 1 << 16  # lines checked at a time, or a few more: a list is never cut


def check_lists(
    lists: pd.DataFrame, assignment: pd.DataFrame, clean: Clean, settings: Settings
) -> None:
    """Raise unless every line may be sent.

    Parameters
    ----------
    lists, assignment : DataFrame
        As in `matchmaker.MatchResult`.
    clean : Clean
    settings : Settings

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults_of_lists(lists, assignment, clean, settings).refuse(HEAD)


def faults_of_lists(
    lists: pd.DataFrame, assignment: pd.DataFrame, clean: Clean, settings: Settings
) -> Faults:
    """Return what is wrong with the lists; parameters as for `check_lists`.

    Parameters
    ----------
    lists, assignment, clean, settings
        As for `check_lists`.

    Returns
    -------
    Faults
    """
    faults = Faults()
    youth, offer = _pairs(lists, clean)
    faults.must("youth_exists", youth >= 0, column="youth_id")
    faults.must("offer_exists", offer >= 0, column="offer_id")
    if faults.counts:  # nothing can be looked up for such lines
        return faults
    _check_reach(clean.youths, settings, faults)
    n_offers = len(clean.offers)
    pair = youth * n_offers + offer
    faults.must("pair_once", ~pd.Series(pair).duplicated())
    starts = np.flatnonzero(np.diff(youth, prepend=-1))
    faults.must("list_together", ~pd.Series(youth[starts]).duplicated(), row=starts)
    exposure = np.bincount(offer, minlength=n_offers)
    if clean.sent is not None:
        whose, what = _pairs(clean.sent, clean)
        is_known = (whose >= 0) & (what >= 0)
        faults.must("sent_before", ~np.isin(pair, (whose * n_offers + what)[is_known]))
        # Whoever has left since: the employer has been shown them.
        exposure += np.bincount(what[what >= 0], minlength=n_offers)
    check_advice(clean, lists, faults)
    asked = places_said(clean.words, lists)
    rules = LineRules.of(clean, settings)
    groups = sectors(clean.offers), employers(clean.offers)
    longest = own_values(settings, "lines_per_youth", clean.youths["region_code"])
    cap = _exposure_caps(clean.offers, settings)
    for first, last in _blocks(starts, len(lists)):
        here = slice(first, last)
        lines = Lines(frame=lists[here], youth=youth[here], offer=offer[here], before=first)
        check_lines(rules, lines, faults)
        its_longest = longest[lines.youth]
        rank = _check_order(lines, clean.offers, exposure, settings, faults, asked=asked[here])
        faults.must("list_length", rank <= its_longest, row=first)
        _check_variety(lines, groups, its_longest, settings, faults)
        _check_exposure(lines, cap, exposure, faults)
    _check_assignment(assignment, pair, clean, faults)
    return faults


def _pairs(frame: pd.DataFrame, clean: Clean) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of each pair's youth and offer."""
    return (
        rows_of(frame["youth_id"], clean.youths["youth_id"]),
        rows_of(frame["offer_id"], clean.offers["offer_id"]),
    )


def _blocks(starts: NDArray[np.intp], n_lines: int) -> Iterator[tuple[int, int]]:
    """Yield where some whole lists begin and end."""
    first = 0
    while first < n_lines:
        at = np.searchsorted(starts, first + BLOCK)
        last = int(starts[at]) if at < len(starts) else n_lines
        yield first, last
        first = last


def _check_order(
    lines: Lines,
    offers: pd.DataFrame,
    exposure: NDArray[np.int64],
    settings: Settings,
    faults: Faults,
    *,
    asked: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Check that ranks follow what lines are worth; return the place of each line in its list."""
    youth, frame, before = lines.youth, lines.frame, lines.before
    worth = frame["score"].to_numpy(dtype=np.int64)
    if settings.line_order == "chance":
        places = offers["capacity"].to_numpy(dtype=np.int64)[lines.offer]
        worth = worth * places // np.maximum(exposure[lines.offer], places)
    is_first = np.diff(youth, prepend=-1) != 0
    starts = np.flatnonzero(is_first)
    length = np.diff(starts, append=len(youth))
    rank = np.arange(len(youth)) - np.repeat(starts, length) + 1
    said = frame["rank"].to_numpy()
    faults.must("rank", said == rank, column="rank", row=before, found=said, expected=rank)
    wish_rank = frame["wish_rank"].to_numpy(dtype=np.int64)
    # Lines that an adviser placed stand before the others: each place is a list of its own.
    number = np.cumsum(is_first | (np.diff(asked, prepend=0) != 0))
    is_right = is_in_order(number, frame["doubt"], wish_rank, frame["kind"], worth)
    faults.must("order", is_right, column="score", row=before)
    return rank


def _check_variety(
    lines: Lines,
    groups: tuple[NDArray[np.int64], NDArray[np.int64]],
    longest: NDArray[np.int64],
    settings: Settings,
    faults: Faults,
) -> None:
    """Check how many lines of a list are of one sector, and of one employer within it."""
    of_sector, of_employer = groups
    sector, _ = pd.factorize(
        lines.youth * (int(of_sector.max(initial=0)) + 1) + of_sector[lines.offer]
    )
    if settings.other_sector_lines:
        most = np.maximum(longest - settings.other_sector_lines, 1)
        faults.must("one_sector", np.bincount(sector)[sector] <= most, row=lines.before)
    if settings.lines_per_employer:
        width = int(of_employer.max(initial=0)) + 1
        firm, _ = pd.factorize(sector * width + of_employer[lines.offer])
        faults.must(
            "one_employer", np.bincount(firm)[firm] <= settings.lines_per_employer, row=lines.before
        )


def _check_reach(youths: pd.DataFrame, settings: Settings, faults: Faults) -> None:
    """Check that who gave no reach has that of the home."""
    due = own_values(settings, "reach_km", youths["region_code"])
    is_due = youths["max_distance_km"].to_numpy(dtype=np.float64) == due
    is_given = ~youths["reach_is_assumed"].to_numpy(dtype=bool)
    faults.must(
        "reach_assumed", is_due | is_given, file="tables/youths", column="max_distance_km",
        found=youths["max_distance_km"], expected=due,
    )  # fmt: skip


def _exposure_caps(offers: pd.DataFrame, settings: Settings) -> NDArray[np.int64]:
    """Return in how many lists each offer may stand."""
    firm, seat = (
        own_values(settings, name, offers["region_code"])
        for name in ("lists_per_firm", "lists_per_seat")
    )
    is_firm = (offers["kind"] == "spontaneous").to_numpy(dtype=bool)
    return np.where(is_firm, firm, offers["capacity"].to_numpy(dtype=np.int64) * seat)


def _check_exposure(
    lines: Lines, caps: NDArray[np.int64], exposure: NDArray[np.int64], faults: Faults
) -> None:
    """Check in how many lists the offers stand, earlier waves included."""
    cap = caps[lines.offer]
    true, said = exposure[lines.offer], lines.frame["lists_of_offer"].to_numpy()
    faults.must("exposure", true <= cap, row=lines.before, found=true, expected=cap)
    faults.must(
        "exposure_written",
        said == true,
        column="lists_of_offer",
        row=lines.before,
        found=said,
        expected=true,
    )


def _check_assignment(
    assignment: pd.DataFrame, pair: NDArray[np.int64], clean: Clean, faults: Faults
) -> None:
    """Check that assigned pairs are lines, one a youth, and as many as there are seats."""
    if not len(assignment):
        return
    youth, offer = _pairs(assignment, clean)
    n_offers = len(clean.offers)
    is_known = (youth >= 0) & (offer >= 0)
    faults.must(
        "assigned_line", is_known & np.isin(youth * n_offers + offer, pair), file="assignment"
    )
    faults.must("assigned_once", ~assignment["youth_id"].duplicated(), file="assignment")
    taken = np.bincount(offer[offer >= 0], minlength=n_offers)
    seats = clean.offers["capacity"].to_numpy()
    faults.must(
        "assigned_seats", taken <= seats, file="assignment", row=None, found=taken, expected=seats
    )
