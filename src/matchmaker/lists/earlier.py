"""Earlier waves: lines that were sent are not sent again, and their exposure counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.lists.excluded import Excluded

FREED = ("bounced", "opposed", "released")
"""States of a line that was sent and takes no place of its offer any more; it is remembered."""

__all__ = ["FREED", "Remembered", "remembered_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What earlier waves sent, as positions of today's market.

    Attributes
    ----------
    pairs : Excluded
    exposure : ndarray of int32, shape (n_offers,)
        In how many lists each offer has stood, those left out that reached nobody.
    rows : int
        Lines that were sent, whoever has left since.
    known : int
        Those whose youth and offer are still there.
    """

    pairs: Excluded
    exposure: NDArray[np.int32]
    rows: int
    known: int


def remembered_lines(sent: pd.DataFrame | None, market: Market) -> Remembered:
    """Return the lines of earlier waves; `sent` as `matchmaker.tables.load_sent` gives it.

    A line whose youth has left since still counts for its offer's exposure: the employer
    has been shown it.

    Parameters
    ----------
    sent : DataFrame or None
        ``youth_id``, ``offer_id`` and, if there is one, ``state`` are read.
    market : Market

    Returns
    -------
    Remembered
    """
    n_offers = len(market.offer_hash)
    if sent is None:
        empty = np.zeros(0, dtype=np.int32)
        return Remembered(
            pairs=Excluded.of(empty, empty, n_offers),
            exposure=np.zeros(n_offers, dtype=np.int32),
            rows=0,
            known=0,
        )
    youth = pd.Index(market.youths["youth_id"]).get_indexer(pd.Index(sent["youth_id"]))
    offer = pd.Index(market.offers["offer_id"]).get_indexer(pd.Index(sent["offer_id"]))
    is_known = (youth >= 0) & (offer >= 0)
    pairs = Excluded.of(
        youth[is_known].astype(np.int32), offer[is_known].astype(np.int32), n_offers
    )
    if "state" in sent:
        offer = np.where(sent["state"].isin(FREED), -1, offer)
    return Remembered(
        pairs=pairs,
        exposure=np.bincount(offer[offer >= 0], minlength=n_offers).astype(np.int32),
        rows=len(sent),
        known=int(is_known.sum()),
    )
