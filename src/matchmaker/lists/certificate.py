"""The proof of a sharing-out as a table that anybody can add up again.

Prices of offers bound what any lists whatever can be worth: each unit of an offer earns at
most its price, and each youth at most the best that the youth could do at these prices.
Written down row by row, they let a program that knows nothing of the solver check the
bound that a run prints (`matchmaker.verify.proof`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market

__all__ = ["Certificate", "certificate_frame"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Prices and bounds of one sharing-out, over the whole market.

    Attributes
    ----------
    price : ndarray of int64, shape (n_offers,)
        0 or more, of an offer that is to be shown its bonus less.
    offer_bound : ndarray of int64, shape (n_offers,)
        What the offer's units could earn at its price: the sum over them of
        ``max(0, price - cost of the unit)``, where the first one's bonus is no cost.
    offer_capacity : ndarray of int32, shape (n_offers,)
        In how many lists the offer might stand.
    youth_bound : ndarray of int64, shape (n_youths,)
        The best the youth could do at these prices, bonus included, over all its eligible
        offers.
    youth_capacity : ndarray of int32, shape (n_youths,)
        Longest list of the youth.
    bonus : ndarray of int64, shape (n_youths,)
        What a first line earns the youth on top of its score.
    show_bonus : ndarray of int64, shape (n_offers,)
        What a first list earns the offer.
    """

    price: NDArray[np.int64]
    offer_bound: NDArray[np.int64]
    offer_capacity: NDArray[np.int32]
    youth_bound: NDArray[np.int64]
    youth_capacity: NDArray[np.int32]
    bonus: NDArray[np.int64]
    show_bonus: NDArray[np.int64]


def certificate_frame(
    certificates: Mapping[str, Certificate], first_offer: NDArray[np.int32], market: Market
) -> pd.DataFrame:
    """Return the certificates as one table, by proof, side and id.

    Parameters
    ----------
    certificates : mapping of str to Certificate
        By the name of the proof; ``lists`` is about all lines but the first ones.
    first_offer : ndarray of int32, shape (n_youths,)
        Offer of the line that was chosen before the others, -1 for none.
    market : Market

    Returns
    -------
    DataFrame
        ``proof``, ``side`` (offer or youth), ``id``, ``capacity`` (int32), ``price``,
        ``bonus``, ``bound`` (int64) and ``line`` (of a youth in a proof of one line a youth:
        the offer of that line, else empty).  Offers at price 0 without a bonus are left out,
        and youths who earn neither a bonus nor anything else: their rows would add nothing.
    """
    parts = []
    for proof, certificate in sorted(certificates.items()):
        # In the proof about all other lines, no youth has one line.
        line = np.where(proof == "lists", -1, first_offer)
        parts += [_offers(proof, certificate, market), _youths(proof, certificate, line, market)]
    types = dict.fromkeys(["price", "bonus", "bound"], np.int64)
    text = dict.fromkeys(["proof", "side", "id", "line"], "str")
    return pd.concat(parts, ignore_index=True).astype({**types, **text, "capacity": np.int32})


def _offers(proof: str, certificate: Certificate, market: Market) -> pd.DataFrame:
    """Return the offers that have a price, or a bonus to earn."""
    rows = np.flatnonzero((certificate.price > 0) | (certificate.show_bonus > 0))
    return pd.DataFrame(
        {
            "proof": proof,
            "side": "offer",
            "id": market.offers["offer_id"].take(rows).array,
            "capacity": certificate.offer_capacity[rows],
            "price": certificate.price[rows],
            "bonus": certificate.show_bonus[rows],
            "bound": certificate.offer_bound[rows],
            "line": "",
        }
    )


def _youths(
    proof: str, certificate: Certificate, line: NDArray[np.int32], market: Market
) -> pd.DataFrame:
    """Return the youths who earn something, or have a line of this proof."""
    earns = (certificate.youth_bound > 0) | (certificate.bonus > 0) | (line >= 0)
    rows = np.flatnonzero(earns & (certificate.youth_capacity > 0))
    # -1, for no line, is the last one of these.
    offer_ids = np.append(market.offers["offer_id"].to_numpy(dtype=object), "")
    return pd.DataFrame(
        {
            "proof": proof,
            "side": "youth",
            "id": market.youths["youth_id"].take(rows).array,
            "capacity": certificate.youth_capacity[rows],
            "price": 0,
            "bonus": certificate.bonus[rows],
            "bound": certificate.youth_bound[rows],
            "line": offer_ids[line[rows]],
        }
    )
