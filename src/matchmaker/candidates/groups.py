"""Sectors and employers: what makes the lines of a list differ from each other.

The signal of a youth who signs is at least six applications across varied sectors
(``docs/explanation/defaults.md``).  So a list holds at most some lines of one sector, and
within it at most some of one employer: groups inside groups, which a flow can cap exactly.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.jit import jit
from matchmaker.reference.firm_names import firm_names
from matchmaker.reference.siret import MADE_UP

__all__ = ["SIREN_SIGNS", "firms_of", "main_group", "sectors_and_employers"]

SECTOR_SIGNS = 3  # of a ROME code: "D1102" is of the professional domain "D11"
SIREN_SIGNS = 9  # of a SIRET: the firm; the other five are of its site


def sectors_and_employers(offers: pd.DataFrame) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the sector and the employer of each offer, numbered in the order of their keys.

    The sector is the first three signs of an offer's first trade code: the "domaine
    professionnel" of the ROME, 110 of them.  The 14 letters would be too coarse ("H" is all
    of industry, from joinery to watchmaking), the 532 trades too fine (cook and kitchen
    hand would pass for variety).  The first code alone counts, because sectors have to be
    disjoint for the caps to stay exact, and a source gives an offer's main trade first.
    Offers without a code are a sector of their own.

    Parameters
    ----------
    offers : DataFrame
        The clean table.

    Returns
    -------
    sector : ndarray of int32, shape (n_offers,)
    employer : ndarray of int32, shape (n_offers,)
        Number of the employer within the sector: one number is never of two sectors.

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "offer_id": ["a", "b", "c"], "trade_codes": ["D1102|F1602", "D1106", "F1602"],
    ...     "siret": "1", "employer": "X", "commune_code": "75056"}, dtype="str")
    >>> sectors_and_employers(offers)
    (array([0, 0, 1], dtype=int32), array([0, 0, 1], dtype=int32))
    """
    domain = offers["trade_codes"].str.replace(r"\|.*", "", regex=True).str[:SECTOR_SIGNS]
    sector, _ = pd.factorize(domain, sort=True)
    firm, firms = pd.factorize(firms_of(offers), sort=True)
    _, employer = np.unique(sector.astype(np.int64) * len(firms) + firm, return_inverse=True)
    return sector.astype(np.int32), employer.astype(np.int32)


def firms_of(offers: pd.DataFrame) -> pd.Series:
    """Name the firm behind each offer: SIREN, else name of the employer, in a commune.

    The sites of a firm in one commune are one firm, whatever each of them calls itself; in
    two communes they are two, since a list may well hold both.  Names are compared without
    case, accents and legal form.  A made-up number (000...) stands for a firm only together
    with its name: a placeholder must not make one firm of many.  Without number and name the
    offer is a firm of its own.

    Parameters
    ----------
    offers : DataFrame
        ``offer_id``, ``siret``, ``employer`` and ``commune_code`` are read.

    Returns
    -------
    Series of str, shape (n_offers,)

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "offer_id": ["a", "b", "c"], "siret": ["73282932000074", "", ""],
    ...     "employer": ["X", "SARL X", ""], "commune_code": "75056"}, dtype="str")
    >>> firms_of(offers).tolist()
    ['siren:732829320:75056', 'name:x:75056', 'offer:c']
    """
    siret, name = offers["siret"], firm_names(offers["employer"])
    is_made_up = siret.str.startswith(MADE_UP)
    number = siret.str[:SIREN_SIGNS].where(~is_made_up, siret + ":" + name)
    by_name = ("name:" + name).where(name.ne(""), "offer:" + offers["offer_id"])
    firm = ("siren:" + number).where(siret.ne(""), by_name)
    is_alone = siret.eq("") & name.eq("")
    return firm.where(is_alone, firm + ":" + offers["commune_code"])


@jit
def main_group(
    indptr: NDArray[np.int64], offer: NDArray[np.int32], group: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the group that most offers of each row are of, -1 for empty rows.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_rows + 1,)
    offer : ndarray of int32, shape (n_pairs,)
    group : ndarray of int32, shape (n_offers,)

    Returns
    -------
    ndarray of int32, shape (n_rows,)
    """
    n_rows = len(indptr) - 1
    n_groups = group.max() + 1 if len(group) else 1
    count = np.zeros(n_groups, dtype=np.int32)
    main = np.full(n_rows, -1, dtype=np.int32)
    for row in range(n_rows):
        for i in range(indptr[row], indptr[row + 1]):
            g = group[offer[i]]
            count[g] += 1
            # Ties go to the lower number, whatever the order of the offers.
            best = main[row]
            if best < 0 or count[g] > count[best] or (count[g] == count[best] and g < best):
                main[row] = g
        for i in range(indptr[row], indptr[row + 1]):
            count[group[offer[i]]] = 0
    return main
