"""Lines that a person should look at twice: far away, or of no trade that was wished."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.travel import travel_times
from matchmaker.settings import Settings
from matchmaker.words import say

__all__ = ["with_risks"]

HOUR = 60  # minutes
_NEAR = (2, 4)  # rungs of near trades, of an offer and of a firm


def with_risks(
    lists: pd.DataFrame, youths: pd.DataFrame, offers: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Return lines with a column ``risk``, for advisers alone: what may lead to a broken contract.

    More than an hour away: by the table of times, where the settings name one and it has the way;
    else by the distance and ``travel_minutes_per_km``.  A trade that no wish names: a near one,
    or one of the sector.

    Parameters
    ----------
    lists : DataFrame
        ``youth_id``, ``offer_id``, ``distance_km``, ``rung``, ``doubt``.
    youths, offers : DataFrame
        ``commune_code`` by their id.
    settings : Settings
        Of the run.

    Returns
    -------
    DataFrame
    """
    is_far = _minutes(lists, youths, offers, settings) > HOUR
    rung, doubt = lists["rung"], lists["doubt"].astype("str")
    is_outside = (rung.isin(_NEAR) | doubt.eq("sector")).to_numpy(dtype=bool)
    lang = settings.lang
    far, outside = say(lang, "cells.risk_far"), say(lang, "cells.risk_outside")
    told = [
        "",
        *(f" {say(lang, 'cells.risk', why=why)}" for why in ([far], [outside], [far, outside])),
    ]
    texts = np.array(told, dtype=object)[is_far + 2 * is_outside]
    return lists.assign(risk=pd.Series(texts, index=lists.index, dtype="str"))


def _minutes(
    lists: pd.DataFrame, youths: pd.DataFrame, offers: pd.DataFrame, settings: Settings
) -> NDArray[np.float64]:
    """Return the minutes of each line; NaN where nothing is known of the way."""
    km = lists["distance_km"].to_numpy(dtype=np.float64)
    times = travel_times(settings)
    guess: NDArray[np.float64] = km * settings.travel_minutes_per_km
    if times.empty:
        return guess
    way = pd.DataFrame(
        {
            "from_commune": lists["youth_id"].map(youths.set_index("youth_id")["commune_code"]),
            "to_commune": lists["offer_id"].map(offers.set_index("offer_id")["commune_code"]),
        }
    )
    known = way.merge(times, on=["from_commune", "to_commune"], how="left")["minutes"]
    found: NDArray[np.float64] = known.to_numpy(dtype=np.float64)
    return np.where(np.isnan(found), guess, found)
