"""Sectors and employers: what makes the lines of a list differ from each other.

The signal of a youth who signs is at least six applications across varied sectors
(``docs/explanation/defaults.md``).  So a list holds at most some lines of one sector, and
within it at most some of one employer: groups inside groups, which a flow can cap exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market

__all__ = ["SECTOR_SIGNS", "Groups", "firms_of", "groups_of"]

SECTOR_SIGNS = 3  # of a ROME code: "D1102" is of the professional domain "D11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The sector of each offer, and its employer within the sector.

    Attributes
    ----------
    outer : ndarray of int32, shape (n_offers,)
        Number of the sector.
    inner : ndarray of int32, shape (n_offers,)
        Number of the employer within it: one number is never of two sectors.
    """

    outer: NDArray[np.int32]
    inner: NDArray[np.int32]


def groups_of(market: Market) -> Groups:
    """Return the sector and the employer of each offer, numbered in the order of their keys.

    The sector is the first three signs of an offer's first trade code: the "domaine
    professionnel" of the ROME, 110 of them.  The 14 letters would be too coarse ("H" is all
    of industry, from joinery to watchmaking), the 532 trades too fine (cook and kitchen
    hand would pass for variety).  The first code alone counts, because sectors have to be
    disjoint for the caps to stay exact, and a source gives an offer's main trade first.
    Offers without a code are a sector of their own.

    Returns
    -------
    Groups
    """
    offers = market.offers
    sector = offers["trade_codes"].str.replace(r"\|.*", "", regex=True).str[:SECTOR_SIGNS]
    outer, _ = pd.factorize(sector, sort=True)
    firm, firms = pd.factorize(firms_of(offers), sort=True)
    _, inner = np.unique(outer.astype(np.int64) * len(firms) + firm, return_inverse=True)
    return Groups(outer=outer.astype(np.int32), inner=inner.astype(np.int32))


def firms_of(offers: pd.DataFrame) -> pd.Series:
    """Name the firm behind each offer: SIRET, else employer and commune, else the offer.

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "offer_id": ["a", "b", "c"], "siret": ["1", "", ""], "employer": ["X", "X", ""],
    ...     "commune_code": ["75056", "75056", ""]}, dtype="str")
    >>> firms_of(offers).tolist()
    ['siret:1', 'name:x:75056', 'offer:c']
    """
    by_name = "name:" + offers["employer"].str.casefold() + ":" + offers["commune_code"]
    firm = by_name.where(offers["employer"].ne(""), "offer:" + offers["offer_id"])
    return firm.where(offers["siret"].eq(""), "siret:" + offers["siret"])
