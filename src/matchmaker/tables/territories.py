"""A setting by row of a table: that of all, or that of the territory where the row lies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings

__all__ = ["by_row", "with_reach"]


def by_row(settings: Settings, name: str, frame: pd.DataFrame) -> NDArray[Any]:
    """Return the value of a setting for each youth, by home, or each offer, by place.

    Parameters
    ----------
    settings : Settings
    name : str
        Of `matchmaker.territories.OF_HOME` for youths, of ``OF_PLACE`` for offers; no list.
    frame : DataFrame
        ``region_code`` is read; where it is empty, what holds for all does.

    Returns
    -------
    ndarray, shape (n,)
        int64 or bool.

    Examples
    --------
    >>> homes = pd.DataFrame({"region_code": ["53", "", "11"]})
    >>> here = {"53": {"pilot": "DREETS", "reach_km": 20}}
    >>> by_row(Settings(territories=here), "reach_km", homes).tolist()
    [20, 30, 30]
    """
    value = np.full(len(frame), getattr(settings, name))
    for code, own in settings.in_territories(name).items():
        value[frame["region_code"].eq(code).to_numpy(dtype=bool)] = own
    return value


def with_reach(youths: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return youths as they would be read with these settings: who gave no reach has another.

    Parameters
    ----------
    youths : DataFrame
        The clean table.
    settings : Settings
        ``reach_km`` is read, of all and of the territories.

    Returns
    -------
    DataFrame
    """
    own = youths["max_distance_km"].to_numpy(dtype=np.float64)
    assumed = by_row(settings, "reach_km", youths).astype(np.float64)
    return youths.assign(max_distance_km=np.where(youths["reach_is_assumed"], assumed, own))
