"""Contracts that are offered in some territories alone: a rule by the youth's home."""

from __future__ import annotations

import numpy as np

from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import LAST_DAY, StartDays
from matchmaker.scoring.criterion import positions
from matchmaker.settings import Settings

__all__ = ["CONTRACT_TYPES", "contracts_by_home"]

CONTRACT_TYPES = "contract_types"
"""Name of the rule among those of dates; no criterion: it tells nothing of a line."""


def contracts_by_home(market: Market, settings: Settings) -> StartDays | None:
    """Return the rule that keeps each youth to the contracts of their territory.

    The market holds the offers of every contract that is offered somewhere.  None where all
    territories offer the same: then the market has kept out all others.

    Parameters
    ----------
    market : Market
    settings : Settings
        ``contract_types`` is read, of all and of the territories.

    Returns
    -------
    StartDays or None
        A class a contract, 0 for an offer that names none; a day never comes where it is shut.
    """
    own = settings.in_territories("contract_types")
    if not own:
        return None
    names = ("", *(name for name in settings.contracts_anywhere if name))
    shape = len(market.youths), len(names)
    last = np.full(shape, LAST_DAY, dtype=np.int16)
    last[:, 1:] = [LAST_DAY if name in settings.contract_types else -1 for name in names[1:]]
    for code, types in own.items():
        here = market.youths["region_code"].eq(code).to_numpy(dtype=bool)
        last[here, 1:] = [LAST_DAY if name in types else -1 for name in names[1:]]
    return StartDays(
        offer=positions(market.offers["contract_type"], names),
        first=np.zeros(shape, dtype=np.int16),
        last=last,
    )
