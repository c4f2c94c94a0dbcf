"""What a territory sets for itself, row by row: looked up anew, and not as the engines do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.settings import Settings

__all__ = ["has_contract", "own_values"]


def own_values(settings: Settings, name: str, regions: pd.Series) -> NDArray[Any]:
    """Return the value of a setting for each row of a table.

    Parameters
    ----------
    settings : Settings
    name : str
        Of a whole number, or of a truth.
    regions : Series of str
        Code of the region of each row; of the home of a youth, of the place of an offer.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> here = Settings(territories={"53": {"pilot": "DREETS", "min_lines": 4}})
    >>> own_values(here, "min_lines", pd.Series(["11", "53"], dtype="str")).tolist()
    [6, 4]
    """
    of_all = getattr(settings, name)
    if not settings.territories:
        return np.full(len(regions), of_all)
    code, known = pd.factorize(regions)
    values = [
        settings.territories[region].own().get(name, of_all)
        if region in settings.territories
        else of_all
        for region in map(str, known)
    ]
    return np.array([*values, of_all])[code]


def has_contract(
    settings: Settings,
    youths: pd.DataFrame,
    offers: pd.DataFrame,
    youth: NDArray[np.int64],
    offer: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell which pairs are of a contract that is offered where the youth lives.

    Parameters
    ----------
    settings : Settings
    youths, offers : DataFrame
        The clean tables.
    youth, offer : ndarray of int64, shape (n,)
        Rows of them.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    home, homes = pd.factorize(youths["region_code"])
    kind, kinds = pd.factorize(offers["contract_type"])
    is_offered = np.ones((len(homes) + 1, len(kinds) + 1), dtype=bool)
    for row, region in enumerate(map(str, homes)):
        own = settings.territories[region].own() if region in settings.territories else {}
        types = {"", *own.get("contract_types", settings.contract_types)}
        is_offered[row, :-1] = [str(name) in types for name in kinds]
    found: NDArray[np.bool_] = is_offered[home[youth], kind[offer]]
    return found
