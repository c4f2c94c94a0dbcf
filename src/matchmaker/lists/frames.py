"""The published tables: lines with all that a person or a program may want to know of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.lists.lines import Lists, seats_of
from matchmaker.scoring.criterion import Lines

__all__ = ["assignment_frame", "lists_frame"]


def lists_frame(
    lists: Lists,
    lines: Lines,
    market: Market,
    points: Mapping[str, NDArray[np.int32]],
    rung_cost: NDArray[np.int32],
    reason: pd.Series[str],
) -> pd.DataFrame:
    """Return one row a line, by youth and rank.

    Parameters
    ----------
    lists, lines, market
    points : mapping of str to ndarray of int32
        Weight x points of each criterion, in the order of `lines`.
    rung_cost : ndarray of int32, shape (7,)
    reason : Series of str

    Returns
    -------
    DataFrame
        Columns as `matchmaker.result.MatchResult` describes them; in every row ``score``
        equals the sum of the ``points_`` columns less ``cost_rung``.
    """
    order = np.lexsort((lists.rank, lines.youth))
    youth, offer = lines.youth[order], lines.offer[order]
    wish = market.entry_wish[lines.entry[order]]
    offers, youths, wishes = market.offers, market.youths, market.wishes
    asked = wishes["region_code"].to_numpy(dtype=object)[wish]
    home = youths["region_code"].to_numpy(dtype=object)[youth]
    there = offers["region_code"].to_numpy(dtype=object)[offer]
    seats = seats_of(market)

    is_approximate = (
        youths["is_approximate"].to_numpy(dtype=bool)[youth]
        | offers["is_approximate"].to_numpy(dtype=bool)[offer]
    )

    def of_offer(column: str) -> pd.Series[str]:
        return offers[column].take(offer).reset_index(drop=True)

    return pd.DataFrame(
        {
            "youth_id": youths["youth_id"].take(youth).reset_index(drop=True),
            "rank": lists.rank[order],
            "offer_id": of_offer("offer_id"),
            "score": lines.score[order],
            **{f"points_{name}": column[order] for name, column in points.items()},
            "cost_rung": rung_cost[lines.rung[order]],
            "distance_km": np.round(lines.km[order], 1),
            "distance_is_approximate": is_approximate,
            "in_region": (there != "") & (np.where(asked != "", asked, home) == there),
            "rung": lines.rung[order].astype(np.int8),
            "wish_rank": wishes["rank"].to_numpy(dtype=np.int16)[wish],
            "kind": of_offer("kind"),
            "lists_of_offer": lists.exposure[offer],
            "seats": seats[offer],
            "competition": np.round(lists.exposure[offer] / np.maximum(seats[offer], 1), 2),
            "reason": reason.take(order).reset_index(drop=True),
            "title": of_offer("title"),
            "employer": of_offer("employer"),
            "place": of_offer("place_name"),
            "departement": of_offer("departement"),
            "url": of_offer("url"),
        }
    )


def assignment_frame(lists: Lists, market: Market) -> pd.DataFrame:
    """Return the pairs of the assignment, by youth; no row where none was asked for."""
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
