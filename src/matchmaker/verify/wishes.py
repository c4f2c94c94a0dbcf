"""Rules of wishes: for each line, one wish of the rank it names must make it legal.

A line names one code of the wish and one of the offer: nearness, rung and points speak of
these two.  The same wish has to bear the code, the level and the region.  So the wishes of
that rank are laid out beside each line, and each rule keeps those that satisfy it; the
first rule that leaves a line without any wish is the one that it breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.gazetteer import neighbours
from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, Lines, is_somewhere, rows_of
from matchmaker.verify.diplomas import cells_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.levels import FARTHER, AimedLevels, levels_of, lowest_levels
from matchmaker.verify.order import DOUBTS
from matchmaker.verify.points import scale_of
from matchmaker.verify.territories import own_values
from matchmaker.verify.trades import MOST_WISHED_STEP, SECTOR_STEP, RelatedTrades

__all__ = ["Wishes", "check_wishes"]

NEARNESS = "trade"  # the criterion whose points are the nearness itself
# Rungs of wished and of near trades by kind of offer; all other kinds are on rung 6.
RUNGS = {"offer": ((1, 5), (2,)), "spontaneous": ((3,), (4,))}
OTHER_KINDS = ((6,), (6,))
MOST_RUNG = 6
SAME, BESIDE, OTHER, UNKNOWN = range(4)  # of the scale of "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The wishes of all youths by youth and rank, and what offers are held against.

    Attributes
    ----------
    key : ndarray of int64, shape (n_wishes,)
        ``youth * n_ranks + rank``, rising.
    n_ranks : int
    cell, region : ndarray of int64, shape (n_wishes,)
        Number of the cell of trade codes; region asked for, the youth's own where the wish
        has none; 0 for unknown.
    aimed : AimedLevels, n_wishes
    is_firm : ndarray of bool, shape (n_offers,)
    offer_cell, offer_level, offer_lowest, offer_region : ndarray of int64, shape (n_offers,)
        ``offer_level`` is the one given, ``offer_lowest`` that or the lowest one read.
    offer_levels : ndarray of bool, shape (n_offers, 9)
        The levels given, else those read.
    is_beside : ndarray of bool, shape (n_regions, n_regions)
        Neighbouring regions, by the numbers of ``region``.
    departement, offer_departement : ndarray of int64, shapes (n_youths,) and (n_offers,)
        Numbers of the departments of homes and offers; 0 for none.
    is_of_school : ndarray of bool, shape (n_offers,)
        The offer has the flag ``school``.
    is_somewhere : ndarray of bool, shape (n_offers,)
        The offer has a region and no point in it.
    is_strict_level, is_strict_region : ndarray of bool, shape (n_youths,)
        The rule holds where the youth lives.
    is_rung : ndarray of bool, shape (n_kinds, 2, MOST_RUNG + 1)
        Whether a rung is that of a wished (0) or near (1) trade of an offer of this kind;
        rung 0, which there is not, is of none.
    offer_kind : ndarray of int64, shape (n_offers,)
    trades : RelatedTrades
    settings : Settings
    """

    key: NDArray[np.int64]
    n_ranks: int
    cell: NDArray[np.int64]
    aimed: AimedLevels
    region: NDArray[np.int64]
    offer_cell: NDArray[np.int64]
    offer_level: NDArray[np.int64]
    offer_lowest: NDArray[np.int64]
    is_of_school: NDArray[np.bool_]
    is_somewhere: NDArray[np.bool_]
    offer_region: NDArray[np.int64]
    departement: NDArray[np.int64]
    offer_departement: NDArray[np.int64]
    offer_levels: NDArray[np.bool_]
    is_beside: NDArray[np.bool_]
    is_strict_level: NDArray[np.bool_]
    is_strict_region: NDArray[np.bool_]
    is_rung: NDArray[np.bool_]
    offer_kind: NDArray[np.int64]
    is_firm: NDArray[np.bool_]
    trades: RelatedTrades
    settings: Settings

    @classmethod
    def of(cls, clean: Clean, settings: Settings) -> Wishes:
        """Derive them from the clean tables.

        Parameters
        ----------
        clean : Clean
        settings : Settings
            ``strict_level`` and ``strict_region`` are read.

        Returns
        -------
        Wishes
        """
        youths, wishes, offers = clean.youths, clean.wishes, clean.offers
        youth = rows_of(wishes["youth_id"], youths["youth_id"])
        rank = wishes["rank"].to_numpy(dtype=np.int64)
        n_ranks = int(rank.max(initial=0)) + 1
        key = youth * n_ranks + rank
        order = np.argsort(key, kind="stable")
        youth, key = youth[order], key[order]
        empty = pd.Series([""], dtype="str")
        columns = wishes["region_code"], youths["region_code"], offers["region_code"]
        region, home, there = _numbered(empty, *columns)
        own, its = _numbered(empty, youths["departement"], offers["departement"])
        cells, texts = pd.factorize(
            pd.concat([cells_of(wishes), cells_of(offers)], ignore_index=True)
        )
        level, own_level = (f["level"].to_numpy(dtype=np.int64) for f in (wishes, youths))
        source = youths["source"].take(youth)
        region = region[order]
        kind, kinds = pd.factorize(offers["kind"])
        return cls(
            key=key,
            n_ranks=n_ranks,
            cell=cells[: len(wishes)][order],
            aimed=AimedLevels.of(level[order], own_level[youth], source, settings),
            region=np.where(region > 0, region, home[youth]),
            offer_cell=cells[len(wishes) :],
            offer_level=offers["level"].to_numpy(dtype=np.int64),
            offer_lowest=lowest_levels(offers),
            is_of_school=offers["flags"].str.contains(r"\bschool\b").to_numpy(dtype=bool),
            is_somewhere=is_somewhere(offers),
            offer_region=there,
            departement=own,
            offer_departement=its,
            offer_levels=levels_of(offers),
            is_beside=_beside(pd.concat([empty, *columns], ignore_index=True)),
            is_strict_level=own_values(settings, "strict_level", youths["region_code"]),
            is_strict_region=own_values(settings, "strict_region", youths["region_code"]),
            is_rung=_rungs(kinds.tolist()),
            offer_kind=kind.astype(np.int64),
            is_firm=(offers["kind"] == "spontaneous").to_numpy(dtype=bool),
            trades=RelatedTrades.of(texts.tolist(), settings, clean.nearness),
            settings=settings,
        )


def check_wishes(wishes: Wishes, lines: Lines, faults: Faults) -> None:
    """Check that one wish of the rank named makes each line legal, and what is said of trades.

    Parameters
    ----------
    wishes : Wishes
    lines : Lines
    faults : Faults
        What is found is added to it.
    """
    frame, n_lines, trades = lines.frame, len(lines.youth), wishes.trades
    wished, traded = (trades.numbers(frame[name]) for name in ("wish_code", "trade_code"))
    step, value = trades.nearness(wished, traded)
    _check_trades(wishes, lines, traded, value, faults)
    rank = frame["wish_rank"].to_numpy(dtype=np.int64)
    is_rank = (rank >= 0) & (rank < wishes.n_ranks)
    key = lines.youth * wishes.n_ranks + rank
    first = np.searchsorted(wishes.key, key)
    last = np.where(is_rank, np.searchsorted(wishes.key, key, side="right"), first)
    line, wish = _laid_out(first, last - first)
    kept, is_alive = np.ones(len(line), dtype=bool), np.ones(n_lines, dtype=bool)
    for rule, column, holds in (
        ("wish", "wish_rank", kept),
        ("wish_code", "wish_code", trades.holds(wishes.cell[wish], wished[line])),
        ("trade", "", step[line] >= 0),
        *_of_ladder(wishes, lines, step, line),
        *_of_region(wishes, lines, line, wish),
        *_of_level(wishes, lines, step, line, wish),
    ):
        kept = kept & holds
        has_wish = np.zeros(n_lines, dtype=bool)
        has_wish[line[kept]] = True
        faults.must(
            rule,
            has_wish | ~is_alive,
            column=column,
            row=lines.before,
            found=frame[column] if column else None,
        )
        is_alive = has_wish


Holds = Iterator[tuple[str, str, NDArray[np.bool_]]]
"""Rule, column, and which wishes of which lines keep it."""


def _check_trades(
    wishes: Wishes,
    lines: Lines,
    traded: NDArray[np.int64],
    value: NDArray[np.int64],
    faults: Faults,
) -> None:
    """Check the line's one trade: whose it is, how near the tables say it is, what it costs."""
    frame, settings, before = lines.frame, wishes.settings, lines.before
    cell = wishes.offer_cell[lines.offer]
    is_its = wishes.trades.holds(cell, traded)
    faults.must("trade_code", is_its, column="trade_code", row=before, found=frame["trade_code"])
    weight = settings.weights.get(NEARNESS)
    if weight is not None and f"points_{NEARNESS}" in frame:
        points = frame[f"points_{NEARNESS}"].to_numpy(dtype=np.int64)
        faults.must(
            "nearness",
            (value < 0) | (points == weight * value),
            column=f"points_{NEARNESS}",
            row=before,
            found=points,
            expected=weight * value,
        )
    is_later = wishes.is_firm[lines.offer] & (wishes.trades.first[cell] != traded)
    cost, true = frame["cost_later"].to_numpy(), settings.later_code_cost * is_later
    faults.must(
        "later_cost",
        (cost == true) | ~is_its,
        column="cost_later",
        row=before,
        found=cost,
        expected=true,
    )


def _of_ladder(
    wishes: Wishes, lines: Lines, step: NDArray[np.int64], line: NDArray[np.int64]
) -> Holds:
    rung = lines.frame["rung"].to_numpy(dtype=np.int64)
    known = np.where((rung >= 1) & (rung <= MOST_RUNG), rung, 0)
    is_near = (step > MOST_WISHED_STEP).astype(np.int64)
    yield "rung", "rung", wishes.is_rung[wishes.offer_kind[lines.offer], is_near, known][line]


def _of_level(
    wishes: Wishes,
    lines: Lines,
    step: NDArray[np.int64],
    line: NDArray[np.int64],
    wish: NDArray[np.int64],
) -> Holds:
    """Yield what rests on the level aimed at: the rule, the doubt, and its cost."""
    frame, settings = lines.frame, wishes.settings
    aimed, offered = wishes.aimed, wishes.offer_level[lines.offer][line]
    lowest = wishes.offer_lowest[lines.offer][line]
    yield "baccalaureat", "", aimed.may_enter(wish, lowest)
    yield (
        "strict_level",
        "",
        aimed.holds(wish, offered) | ~wishes.is_strict_level[lines.youth][line],
    )
    apart = aimed.apart(wish, wishes.offer_levels[lines.offer][line])
    yield "near_level", "", (step[line] <= MOST_WISHED_STEP) | (apart != FARTHER)
    if scale := scale_of(settings, "level", frame):
        true = scale[0] * scale[1][apart]
        yield "points", "points_level", frame["points_level"].to_numpy()[line] == true
    is_said = frame["youth_level"].to_numpy(dtype=np.int64)[line] == aimed.low[wish]
    yield "youth_level", "youth_level", is_said
    is_far = aimed.is_far(wish, lowest)
    doubt = np.where(is_far, DOUBTS.index("level"), 0)
    doubt = np.where(wishes.is_of_school[lines.offer][line], DOUBTS.index("school"), doubt)
    doubt = np.where(wishes.is_somewhere[lines.offer][line], DOUBTS.index("place"), doubt)
    doubt = np.where(step[line] == SECTOR_STEP, DOUBTS.index("sector"), doubt)
    said = pd.Categorical(frame["doubt"], categories=list(DOUBTS)).codes[line]
    yield "doubt", "doubt", said == doubt
    cost = frame["cost_doubt"].to_numpy(dtype=np.int64)[line]
    yield "doubt_cost", "cost_doubt", cost == settings.level_doubt_cost * is_far


def _of_region(
    wishes: Wishes, lines: Lines, line: NDArray[np.int64], wish: NDArray[np.int64]
) -> Holds:
    region, there = wishes.region[wish], wishes.offer_region[lines.offer][line]
    is_open = (region == there) | (region == 0) | (there == 0)
    has_no_point = wishes.is_somewhere[lines.offer][line]
    is_lax = ~wishes.is_strict_region[lines.youth][line]
    is_kept = np.where(has_no_point, region == there, is_open | is_lax)
    yield "strict_region", "", is_kept
    if scale := scale_of(wishes.settings, "region", lines.frame):
        own, its = wishes.departement[lines.youth], wishes.offer_departement[lines.offer]
        is_here = np.where(has_no_point, ((own == its) & (its > 0))[line], region == there)
        is_beside = wishes.is_beside[region, there] | has_no_point
        step = np.where(is_here, SAME, np.where(is_beside, BESIDE, OTHER))
        step = np.where((region == 0) | (there == 0), UNKNOWN, step)
        said = lines.frame["points_region"].to_numpy()[line]
        yield "points", "points_region", said == scale[0] * scale[1][step]
    told = lines.frame["in_region"].to_numpy(dtype=bool)[line]
    yield "in_region", "in_region", told == ((region == there) & (there > 0))


def _laid_out(
    start: NDArray[np.int64], size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of each run, and its places ``start, start + 1, ...``, `size` of them."""
    owner = np.repeat(np.arange(len(size)), size)
    before = np.cumsum(size) - size
    return owner, np.arange(len(owner)) + (start - before)[owner]


def _numbered(*columns: pd.Series) -> list[NDArray[np.int64]]:
    """Return a number for each text, the same in all columns; 0 for that of the first one."""
    code = pd.factorize(pd.concat(columns, ignore_index=True))[0].astype(np.int64)
    ends = np.cumsum([len(column) for column in columns])[:-1]
    return np.split(code, ends)[1:]


def _beside(codes: pd.Series) -> NDArray[np.bool_]:
    """Return `Wishes.is_beside`; the numbers are those of `_numbered`."""
    number = {str(code): n for n, code in enumerate(pd.factorize(codes)[1])}
    beside = np.zeros((len(number), len(number)), dtype=bool)
    for one, other in neighbours():
        if one in number and other in number:
            beside[number[one], number[other]] = beside[number[other], number[one]] = True
    return beside


def _rungs(kinds: list[str]) -> NDArray[np.bool_]:
    """Return `Wishes.is_rung`."""
    table = np.zeros((len(kinds), 2, MOST_RUNG + 1), dtype=bool)
    for row, kind in enumerate(kinds):
        for near, rungs in enumerate(RUNGS.get(kind, OTHER_KINDS)):
            table[row, near, list(rungs)] = True
    return table
