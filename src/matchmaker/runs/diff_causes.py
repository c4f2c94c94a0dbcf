"""Why a line of one run is not in another: one cause each, the first that applies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import eligible
from matchmaker.candidates.market import OFFER_STATES, YOUTH_STATES, Market
from matchmaker.lists.exposure import exposure_caps, variety_caps
from matchmaker.runs.folder import Run
from matchmaker.runs.saved_market import market_of_tables
from matchmaker.scoring.criteria import criteria_for
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings
from matchmaker.tables.territories import by_row, with_reach
from matchmaker.verify import Clean
from matchmaker.verify.advice import barred

__all__ = ["TAKEN", "Side", "causes", "positions", "side_of"]

TAKEN = ("taken_by_new", "taken_by_others")
"""Causes of a line whose place another youth has: one who was not there before, or who was."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One of the two runs, as far as lines are asked of it.

    Attributes
    ----------
    youths, wishes, offers : DataFrame
        Clean tables.
    lines : DataFrame
        ``youth_id`` and ``offer_id``.
    sent : DataFrame
        What the run remembered and heeded, ``youth_id`` and ``offer_id``.
    barred : DataFrame
        Pairs that an adviser drops, ``youth_id`` and ``offer_id``.
    merged : frozenset of str
        Ids of offers that were found to be another one.
    settings : Settings
    as_of : date
    market : Market
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    lines: pd.DataFrame
    sent: pd.DataFrame
    barred: pd.DataFrame
    merged: frozenset[str]
    settings: Settings
    as_of: dt.date
    market: Market


def side_of(run: Run, lines: pd.DataFrame) -> Side:
    """Return a run, read from its folder alone.

    Parameters
    ----------
    run : Run
        Of format 2.
    lines : DataFrame
        Its lists.

    Returns
    -------
    Side

    Raises
    ------
    UsageError
        A table is missing or cannot be read.
    """
    youths, wishes, offers = (
        run.table(f"tables/{name}") for name in ("youths", "wishes", "offers")
    )
    sent = run.table("tables/sent", columns=["youth_id", "offer_id"])
    if run.manifest.get("asked", {}).get("ignore_sent"):
        sent = sent.iloc[:0]
    pooled = pd.read_csv(run.path / "pooled.csv", sep=None, engine="python", dtype="str")
    day = dt.date.fromisoformat(run.manifest["as_of"])
    settings = run.settings
    return Side(
        youths=youths,
        wishes=wishes,
        offers=offers,
        lines=lines,
        sent=sent,
        barred=_barred(run, youths, wishes, offers, day),
        merged=frozenset(pooled["offer_id"].dropna()),
        settings=settings,
        as_of=day,
        market=market_of_tables(youths, wishes, offers, settings, day),
    )


def _barred(
    run: Run, youths: pd.DataFrame, wishes: pd.DataFrame, offers: pd.DataFrame, day: dt.date
) -> pd.DataFrame:
    words = run.table("tables/words") if "tables/words.parquet" in run.outputs else None
    clean = Clean(youths=youths, wishes=wishes, offers=offers, as_of=day, words=words)
    youth, offer = np.divmod(barred(clean), max(len(offers), 1))
    return pd.DataFrame(
        {
            "youth_id": youths["youth_id"].array[youth],
            "offer_id": offers["offer_id"].array[offer],
        }
    )


def positions(ids: pd.Series[str], wanted: pd.Series[str]) -> NDArray[np.int64]:
    """Return where each wanted id stands among unique ids, -1 where it is not there."""
    return np.asarray(pd.Index(ids.astype("str")).get_indexer(pd.Index(wanted.astype("str"))))


def causes(lines: pd.DataFrame, *, absent_from: Side, there_in: Side) -> pd.DataFrame:
    """Return the cause of each line that one run has and the other has not.

    Parameters
    ----------
    lines : DataFrame
        ``youth_id`` and ``offer_id``.
    absent_from, there_in : Side

    Returns
    -------
    DataFrame
        `lines`, and ``cause`` and ``by`` (ids of the youths who stand in its place).
    """
    side, other = absent_from, there_in
    youth = positions(side.youths["youth_id"], lines["youth_id"])
    offer = positions(side.offers["offer_id"], lines["offer_id"])
    cause = np.full(len(lines), "", dtype=object)
    by = np.full(len(lines), "", dtype=object)

    def say(is_so: NDArray[np.bool_], name: str | NDArray[np.object_]) -> None:
        rows = is_so & (cause == "")
        cause[rows] = name if isinstance(name, str) else name[rows]

    say(youth < 0, "youth_absent")
    state = np.array([f"youth_{name}" for name in YOUTH_STATES], dtype=object)
    say(side.market.youth_state[youth] != 0, state[side.market.youth_state[youth]])
    say((offer < 0) & lines["offer_id"].isin(side.merged).to_numpy(), "offer_merged")
    say(offer < 0, "offer_absent")
    state = np.array([f"offer_{name}" for name in OFFER_STATES], dtype=object)
    say(side.market.offer_state[offer] != 0, state[side.market.offer_state[offer]])
    say(_among(lines, side.sent), "sent")
    say(_among(lines, side.barred), "barred")

    left = np.flatnonzero(cause == "")
    pairs = youth[left].astype(np.int32), offer[left].astype(np.int32)
    may = _eligible(side.market, side.settings, *pairs)
    cause[left[~may]] = _why_not_eligible(lines.iloc[left[~may]], side, other)
    chosen, takers = _why_not_chosen(
        lines.iloc[left[may]], pairs[0][may], pairs[1][may], side, other
    )
    cause[left[may]], by[left[may]] = chosen, takers
    return lines.assign(cause=cause.astype(str), by=by.astype(str))


def _why_not_eligible(lines: pd.DataFrame, side: Side, other: Side) -> NDArray[np.object_]:
    """Say what made two who may not be joined here ones who may there.

    The rows of this run are asked again under the other's settings and day: if that makes the
    pair possible, they are the cause, and what differs in the rows themselves is not.
    """
    youths = with_reach(side.youths, other.settings)
    youth = positions(side.youths["youth_id"], lines["youth_id"]).astype(np.int32)
    offer = positions(side.offers["offer_id"], lines["offer_id"]).astype(np.int32)
    tables = side.wishes, side.offers
    by_day = market_of_tables(side.youths, *tables, side.settings, other.as_of)
    by_both = market_of_tables(youths, *tables, other.settings, other.as_of)
    found = np.full(len(lines), "", dtype=object)
    found[_eligible(by_both, other.settings, youth, offer)] = "settings"
    if side.as_of != other.as_of:
        found[_eligible(by_day, side.settings, youth, offer)] = "day"
    for name, changed in (
        ("youth_changed", _changed(lines["youth_id"], _own_reach(side), _own_reach(other))),
        ("wishes_changed", _changed_wishes(lines["youth_id"], side.wishes, other.wishes)),
        ("offer_changed", _changed(lines["offer_id"], side.offers, other.offers)),
    ):
        found[changed & (found == "")] = name
    found[found == ""] = "reference"
    return found


def _why_not_chosen(
    lines: pd.DataFrame,
    youth: NDArray[np.int32],
    offer: NDArray[np.int32],
    side: Side,
    other: Side,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Say of pairs that could be lines what stands in their place, and who."""
    settings, market = side.settings, side.market
    found = np.full(len(lines), "", dtype=object)
    by = np.full(len(lines), "", dtype=object)
    held = positions(side.youths["youth_id"], side.lines["youth_id"])
    shown = positions(side.offers["offer_id"], side.lines["offer_id"])
    n_youths, n_offers = len(side.youths), len(side.offers)
    sent = positions(side.offers["offer_id"], side.sent["offer_id"])
    exposure = np.bincount(shown, minlength=n_offers)
    exposure += np.bincount(sent[sent >= 0], minlength=n_offers)
    is_full = exposure[offer] >= exposure_caps(market, settings)[offer]

    takers, is_new = _takers(side, other)
    for at in np.flatnonzero(is_full):
        here = takers.get(str(lines["offer_id"].iloc[at]), [])
        by[at] = "|".join(here)
        one_is_new = any(who in is_new for who in here)
        found[at] = ("taken_by_new" if one_is_new else "taken_by_others") if here else "fewer_lists"

    length = np.bincount(held, minlength=n_youths)[youth]
    longest, there = (
        by_row(one, "lines_per_youth", side.youths)[youth] for one in (settings, other.settings)
    )
    is_long = (found == "") & (length >= longest)
    found[is_long] = np.where(longest < there, "shorter_lists", "better_lines")[is_long]

    sector_cap, employer_cap = variety_caps(settings, side.youths)
    caps: tuple[NDArray[np.int32] | int, ...] = (sector_cap[youth], employer_cap)
    for group, cap in zip((market.sector, market.employer), caps, strict=True):
        of_group = pd.Series(1, index=pd.MultiIndex.from_arrays([held, group[shown]]))
        counts = of_group.groupby(level=[0, 1]).sum()
        key = pd.MultiIndex.from_arrays([youth, group[offer]])
        filled = counts.reindex(key, fill_value=0).to_numpy() >= cap
        found[(found == "") & filled] = "variety"
    # Offer, list and its variety have room: the line could be added, and the sharing-out stopped
    # before it found that, within the gap that the settings allow.
    found[found == ""] = "within_gap"
    return found, by


def _takers(side: Side, other: Side) -> tuple[dict[str, list[str]], set[str]]:
    """Return by offer the youths who hold it here and not there, and those who were not there."""
    mine = side.lines[~_among(side.lines, other.lines)]
    takers: dict[str, list[str]] = {
        str(offer): sorted(who) for offer, who in mine.groupby("offer_id")["youth_id"]
    }
    at = positions(other.youths["youth_id"], side.youths["youth_id"])
    was_out = (at < 0) | (other.market.youth_state[at] != 0)
    return takers, set(side.youths["youth_id"].astype("str")[was_out])


def _eligible(
    market: Market, settings: Settings, youth: NDArray[np.int32], offer: NDArray[np.int32]
) -> NDArray[np.bool_]:
    if len(youth) == 0:
        return np.zeros(0, dtype=bool)
    scoring = scoring_of(market, settings, criteria_for(settings))
    return eligible(market, scoring.tables, youth, offer)


def _among(lines: pd.DataFrame, others: pd.DataFrame) -> NDArray[np.bool_]:
    mine, theirs = (
        pd.MultiIndex.from_frame(one[["youth_id", "offer_id"]].astype("str"))
        for one in (lines, others)
    )
    return np.asarray(mine.isin(theirs))


def _own_reach(side: Side) -> pd.DataFrame:
    """Return the youths of a run with the reach that they gave: an assumed one is a setting's."""
    own = side.youths["max_distance_km"].mask(side.youths["reach_is_assumed"], 0.0)
    return side.youths.assign(max_distance_km=own)


def _changed(ids: pd.Series[str], here: pd.DataFrame, there: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell of each id whether its row differs from one table to the other."""
    name = str(ids.name)
    columns = [column for column in here.columns if column in there.columns]
    rows = [
        frame[columns].iloc[positions(frame[name], ids)].reset_index(drop=True)
        for frame in (here, there)
    ]
    is_equal = (rows[0] == rows[1]) | (rows[0].isna() & rows[1].isna())
    return np.asarray(~is_equal.all(axis=1))


def _changed_wishes(
    ids: pd.Series[str], here: pd.DataFrame, there: pd.DataFrame
) -> NDArray[np.bool_]:
    """Tell of each youth whether their wishes differ from one table to the other."""
    told = []
    for frame in (here, there):
        rows = frame[frame["youth_id"].isin(ids)]
        hashes = pd.Series(pd.util.hash_pandas_object(rows, index=False).to_numpy(), dtype="uint64")
        # Wishes are numbered, so that their order is in the rows.
        sums = hashes.groupby(rows["youth_id"].astype("str").to_numpy()).sum()
        told.append(sums.reindex(ids.astype("str"), fill_value=0).to_numpy())
    return np.asarray(told[0] != told[1])
