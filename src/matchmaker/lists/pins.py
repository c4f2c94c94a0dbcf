"""Advisers' words about lines as positions of the market; a line that may not be kept is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, ScoreTables
from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists.advised import Advised, nothing_advised
from matchmaker.lists.earlier import Remembered
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.pairing import keep_pairs
from matchmaker.lists.terms import Terms, whole_terms
from matchmaker.settings import Settings

__all__ = ["BLOCK", "advised_of", "barred_by"]

BLOCK = 64  # youths whose eligible pairs are listed at a time
_SIREN = 9  # signs


def advised_of(
    advice: pd.DataFrame,
    market: Market,
    tables: ScoreTables,
    settings: Settings,
    earlier: Remembered,
) -> tuple[Advised, pd.DataFrame]:
    """Return what advisers said of lines, and the words with the verdict on each line kept.

    A line is kept if the pair is eligible, was not sent before, and the list and the offer have
    room for it; of several that do not go together, those that were said first.

    Parameters
    ----------
    advice : DataFrame
        `matchmaker.tables.advice_heeded.ADVICE`.
    market, tables, settings
    earlier : Remembered

    Returns
    -------
    advised : Advised
    advice : DataFrame
        State ``refused``, and the rule, for each line that may not be kept.
    """
    n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
    if advice.empty:
        return nothing_advised(n_youths, n_offers), advice
    rows = np.flatnonzero(advice["state"].eq("heeded").to_numpy(dtype=bool))
    word = advice["word"].to_numpy(dtype=object)
    youth = pd.Index(market.youths["youth_id"]).get_indexer(pd.Index(advice["youth_id"]))
    offer = pd.Index(market.offers["offer_id"]).get_indexer(pd.Index(advice["offer_id"]))
    pinned, ordered = (rows[word[rows] == name] for name in ("pin", "order"))
    whole = whole_terms(market, settings, earlier)
    pairs = _eligible(market, tables, youth[pinned], offer[pinned])
    refused = dict(_refused(advice, pinned, (youth, offer), pairs, market, whole))
    kept = np.array([row for row in pinned if row not in refused], dtype=np.intp)
    pins = keep_pairs(pairs, Excluded.of(youth[kept], offer[kept], n_offers).holds(pairs))
    key = youth[ordered].astype(np.int64) * n_offers + offer[ordered]
    place = advice["value"].iloc[ordered].to_numpy(dtype=object)[np.argsort(key)]
    state, rule = (advice[name].to_list() for name in ("state", "rule"))
    for row, broken in refused.items():
        state[row], rule[row] = "refused", broken
    told = advice.assign(state=state, rule=rule).astype(advice.dtypes.to_dict())
    advised = Advised(
        pins=pins,
        banned=_banned(advice, rows, youth, market, pins),
        order=Excluded.of(youth[ordered], offer[ordered], n_offers),
        place=np.array([int(text) for text in place], dtype=np.int64),
    )
    return advised, told


def _eligible(
    market: Market, tables: ScoreTables, youth: NDArray[np.intp], offer: NDArray[np.intp]
) -> Pairs:
    """Return the eligible ones of some pairs, with their scores."""
    asked = Excluded.of(youth.astype(np.int32), offer.astype(np.int32), len(market.offer_hash))
    who = np.unique(youth).astype(np.int32)
    whole = nothing_advised(len(market.youth_hash), len(market.offer_hash)).pins
    for start in range(0, len(who), BLOCK):
        some = plain_pairs(market, tables, k=None, who=who[start : start + BLOCK])
        whole = _after(whole, keep_pairs(some, asked.holds(some)))
    return whole


def _after(one: Pairs, other: Pairs) -> Pairs:
    """Return both, of which the second is of later youths."""
    return Pairs(
        indptr=one.indptr + other.indptr,
        offer=np.concatenate([one.offer, other.offer]),
        score=np.concatenate([one.score, other.score]),
        wish=np.concatenate([one.wish, other.wish]),
        rung=np.concatenate([one.rung, other.rung]),
    )


def _refused(
    advice: pd.DataFrame,
    pinned: NDArray[np.intp],
    pair: tuple[NDArray[np.intp], NDArray[np.intp]],
    eligible: Pairs,
    market: Market,
    whole: Terms,
) -> Iterator[tuple[int, str]]:
    """Yield the rows of lines that may not be kept, each with the rule that it breaks."""
    youth, offer = pair
    on = advice["on"].to_numpy(dtype=object)
    n_offers = len(market.offer_hash)
    known = set((eligible.youth.astype(np.int64) * n_offers + eligible.offer).tolist())
    sent = set(whole.excluded.key.tolist())
    caps = whole.laminar_caps
    lists: Counter[int] = Counter()
    lines: Counter[int] = Counter()
    sectors: Counter[tuple[int, int]] = Counter()
    firms: Counter[tuple[int, int]] = Counter()
    # A word without a day was said before all others; rows stand in the order of their ids.
    for row in sorted(pinned.tolist(), key=lambda row: on[row]):
        y, o = int(youth[row]), int(offer[row])
        sector, firm = (y, int(market.sector[o])), (y, int(market.employer[o]))
        rules = {
            "youth_out": not market.takes_part[y],
            "offer_closed": not market.is_open[o],
            "not_eligible": y * n_offers + o not in known,
            "sent_before": y * n_offers + o in sent,
            "list_full": lines[y] >= whole.youth_capacity[y],
            "offer_full": lists[o] >= whole.offer_capacity[o],
            "one_sector": caps is not None and sectors[sector] >= caps.outer_caps[y],
            "one_employer": caps is not None and firms[firm] >= caps.inner_cap,
        }
        broken = next((name for name, is_broken in rules.items() if is_broken), "")
        if broken:
            yield row, broken
            continue
        lines[y] += 1
        lists[o] += 1
        sectors[sector] += 1
        firms[firm] += 1


def barred_by(
    advice: pd.DataFrame, rows: NDArray[np.intp], market: Market
) -> dict[int, frozenset[int]]:
    """Return the offers that each of some words is about: one, or all of a firm.

    Parameters
    ----------
    advice : DataFrame
    rows : ndarray of int
        Of `advice`.
    market : Market

    Returns
    -------
    dict of int to frozenset of int
        By row of `advice`, rows of offers.
    """
    at = pd.Index(market.offers["offer_id"]).get_indexer(pd.Index(advice["offer_id"]))
    siren = advice["siren"].to_numpy(dtype=object)
    wanted = {siren[row] for row in rows.tolist()} - {""}
    firm = market.offers["siret"].str[:_SIREN]
    its = np.flatnonzero(firm.isin(wanted).to_numpy(dtype=bool))
    of_firm: dict[str, list[int]] = {}
    for name, row in zip(firm.iloc[its], its.tolist(), strict=True):
        of_firm.setdefault(name, []).append(row)
    found = {}
    for row in rows.tolist():
        single = [int(at[row])] if at[row] >= 0 else []
        found[row] = frozenset(of_firm.get(siren[row], []) if siren[row] else single)
    return found


def _banned(
    advice: pd.DataFrame,
    rows: NDArray[np.intp],
    youth: NDArray[np.intp],
    market: Market,
    pins: Pairs,
) -> Excluded:
    """Return the pairs that are barred: single ones, and all offers of barred firms.

    A line that was kept later than its firm was barred stays.
    """
    n_offers = len(market.offer_hash)
    bans = rows[advice["word"].isin(["ban", "broken"]).to_numpy(dtype=bool)[rows]]
    keys = [
        int(youth[row]) * n_offers + offer
        for row, offers in barred_by(advice, bans, market).items()
        for offer in offers
    ]
    kept = Excluded.of(pins.youth, pins.offer, n_offers)
    barred = np.setdiff1d(np.array(keys, dtype=np.int64), kept.key)
    return Excluded(key=barred, n_offers=n_offers)
