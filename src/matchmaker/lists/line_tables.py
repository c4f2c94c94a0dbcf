"""The published tables: lines with all that a person or a program may want to know of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import Market
from matchmaker.lists.doubts import DOUBTS
from matchmaker.lists.make import YouthLists
from matchmaker.reference.offer_levels import LOWEST

__all__ = ["assignment_frame", "lists_frame"]


def lists_frame(
    rank: NDArray[np.int16],
    exposure: NDArray[np.int32],
    lines: ScoredLines,
    market: Market,
    aimed: NDArray[np.integer],
    doubt: NDArray[np.uint8],
    reason: pd.Series[str],
) -> pd.DataFrame:
    """Return one row a line, by youth and rank.

    Parameters
    ----------
    rank : ndarray of int16, shape (n_lines,)
        Place of each line in its list.
    exposure : ndarray of int32, shape (n_offers,)
        In how many lists each offer stands, those of earlier waves included.
    lines : ScoredLines
        By youth, best first.
    market : Market
    aimed : ndarray of int, shape (n_lines,)
        Level that the wish of each line aims at, 0 where nothing tells.
    doubt : ndarray of uint8, shape (n_lines,)
        Position in `matchmaker.lists.doubts.DOUBTS`.
    reason : Series of str

    Returns
    -------
    DataFrame
        Columns as `matchmaker.MatchResult` describes them; in every row ``score``
        equals the sum of the ``points_`` columns less that of the ``cost_`` columns.
    """
    youth, offer, wish = lines.youth, lines.offer, market.entry_wish[lines.entry]
    offers, youths, wishes = market.offers, market.youths, market.wishes
    asked, home, there = _numbered(
        wishes["region_code"], youths["region_code"], offers["region_code"]
    )
    asked, there = asked[wish], there[offer]
    is_approximate = (
        youths["is_approximate"].to_numpy(dtype=bool)[youth]
        | offers["is_approximate"].to_numpy(dtype=bool)[offer]
    )
    exposure, seats = exposure[offer], market.seats[offer]
    codes = pd.Series(market.trade_codes, dtype="str")
    return pd.DataFrame(
        {
            "youth_id": youths["youth_id"].take(youth).reset_index(drop=True),
            "rank": rank,
            "offer_id": offers["offer_id"].take(offer).reset_index(drop=True),
            "score": lines.score,
            **{f"points_{name}": column for name, column in lines.points.items()},
            **{f"cost_{name}": column for name, column in lines.costs.items()},
            "distance_km": np.round(lines.km, 1),
            "distance_is_approximate": is_approximate,
            "in_region": (there > 0) & (np.where(asked > 0, asked, home[youth]) == there),
            "rung": lines.rung.astype(np.int8),
            "wish_rank": wishes["rank"].to_numpy(dtype=np.int16)[wish],
            "wish_code": _once(codes, market.entry_trade[lines.entry]),
            "trade_code": _once(codes, lines.trade),
            "youth_level": aimed.astype(np.int8),
            "offer_level": LOWEST[market.offer_levels[offer]],
            "doubt": pd.Categorical.from_codes(doubt.astype(np.int8), pd.Index(DOUBTS)),
            "kind": _once(offers["kind"], offer),
            "lists_of_offer": exposure,
            "seats": seats,
            "competition": np.round(exposure / np.maximum(seats, 1), 2),
            "reason": reason,
            "title": _once(offers["title"], offer),
            "employer": _once(offers["employer"], offer),
            "place": _once(offers["place_name"], offer),
            "departement": _once(offers["departement"], offer),
            "url": _once(offers["url"], offer),
        },
        copy=False,
    )


def _once(texts: pd.Series[str], rows: NDArray[np.int32]) -> pd.Categorical:
    """Return the texts of some rows, each distinct one held once and none that is not used."""
    is_used = np.zeros(len(texts), dtype=bool)
    is_used[rows] = True
    code = np.zeros(len(texts), dtype=np.int32)
    code[is_used], distinct = pd.factorize(texts[is_used])
    return pd.Categorical.from_codes(code[rows], distinct)


def _numbered(*columns: pd.Series[str]) -> list[NDArray[np.int64]]:
    """Return a number for each text, the same in all columns; 0 for an empty one."""
    empty = pd.Series([""], dtype="str")
    code, _ = pd.factorize(pd.concat([empty, *columns], ignore_index=True))
    return np.split(code[1:], np.cumsum([len(column) for column in columns])[:-1])


def assignment_frame(lists: YouthLists, market: Market) -> pd.DataFrame:
    """Return the pairs of the assignment, by youth; no row where none was asked for.

    Parameters
    ----------
    lists : YouthLists
    market : Market

    Returns
    -------
    DataFrame
        ``youth_id``, ``offer_id``, ``score``, ``rank_in_list``.
    """
    chosen = np.flatnonzero(lists.is_assigned)
    youth, offer = lists.pairs.youth[chosen], lists.pairs.offer[chosen]
    return pd.DataFrame(
        {
            "youth_id": market.youths["youth_id"].take(youth).reset_index(drop=True),
            "offer_id": market.offers["offer_id"].take(offer).reset_index(drop=True),
            "score": lists.pairs.score[chosen],
            "rank_in_list": lists.rank[chosen],
        }
    )
