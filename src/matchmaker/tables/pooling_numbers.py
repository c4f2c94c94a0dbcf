"""Which SIRET says which site a notice is of, and which SIREN which firm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from matchmaker.reference.lookup import is_among, repeated
from matchmaker.reference.siret import MADE_UP
from matchmaker.tables.checks import Checked
from matchmaker.tables.pooling_keys import CLOSE_NAME, employer_key

__all__ = ["read_numbers", "say_shared_numbers", "unlike_names"]

_SITE_SIGNS, _FIRM_SIGNS = 14, 9
_MOST_NAMES = 2  # a brand and a legal name; of a made-up number one


def read_numbers(offers: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the number of the site and of the firm that each offer may be known by.

    A number that stands in two communes is a head office's: it tells the firm, not the site.
    One under three unlike names tells neither: a payroll office, a training centre, or a
    number that was copied down.

    Parameters
    ----------
    offers : DataFrame, n rows
        Clean offers.

    Returns
    -------
    site : Series of str, n rows
        The SIRET, "" where it tells no site.
    firm : Series of str, n rows
        The SIREN, "" where it tells no firm.

    Examples
    --------
    >>> offers = pd.DataFrame({
    ...     "siret": ["73282932000074", "73282932000074", "35600000000048"], "place_name": "",
    ...     "employer": ["X", "X", "Y"], "commune_code": ["29232", "29019", "29232"]}, dtype="str")
    >>> [numbers.tolist() for numbers in read_numbers(offers)]
    [['', '', '35600000000048'], ['732829320', '732829320', '356000000']]
    """
    siret = offers["siret"]
    is_site = siret.str.len() == _SITE_SIGNS
    is_firm = siret.ne("") & ~siret.str.startswith(MADE_UP)
    borrowed, moved = _no_keys(offers)
    is_borrowed = is_among(siret, borrowed)
    site = siret.where(is_site & ~is_borrowed & ~is_among(siret, moved), "")
    firm = siret.str[:_FIRM_SIGNS].where(is_firm & ~is_borrowed, "")
    return site, firm


def say_shared_numbers(tables: Sequence[Checked]) -> None:
    """Count the rows whose SIRET is a real one that tells no firm, or no site, in these offers."""
    usable = [np.flatnonzero(~table.findings.is_bad) for table in tables]
    offers = pd.concat(
        [
            table.frame[["siret", "commune_code", "employer", "place_name"]].iloc[rows]
            for table, rows in zip(tables, usable, strict=True)
        ],
        ignore_index=True,
    )
    borrowed, moved = _no_keys(offers)
    real = [number for number in borrowed if not number.startswith(MADE_UP)]
    for table, rows in zip(tables, usable, strict=True):
        siret = table.frame["siret"].iloc[rows]
        is_real = is_among(siret, real)
        is_moved = is_among(siret, moved) & ~is_among(siret, borrowed)
        table.findings.count("warning", "siret_of_several_firms", "siret", rows[is_real])
        table.findings.count("warning", "siret_of_several_communes", "siret", rows[is_moved])


def _no_keys(offers: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the SIRET under more unlike names than one firm has, and those of two communes."""
    siret = offers["siret"]
    shared = offers.loc[
        (siret.str.len() == _SITE_SIGNS) & repeated(siret),
        ["siret", "commune_code", "employer", "place_name"],
    ]
    communes = shared[shared["commune_code"] != ""].drop_duplicates(["siret", "commune_code"])
    moved = communes["siret"][communes["siret"].duplicated()].unique().tolist()
    named = shared[shared["employer"] != ""].drop_duplicates(["siret", "employer"])
    several = named[named["siret"].duplicated(keep=False)]
    borrowed = [
        str(number)
        for number, rows in several.groupby("siret", sort=False)
        if _is_borrowed(str(number), rows)
    ]
    return borrowed, moved


def _is_borrowed(number: str, rows: pd.DataFrame) -> bool:
    """Tell whether a number stands under more unlike names than one firm has."""
    most = 1 if number.startswith(MADE_UP) else _MOST_NAMES
    if len(rows) <= most:
        return False
    names = zip(rows["employer"].tolist(), rows["place_name"].tolist(), strict=True)
    return unlike_names(employer_key(*pair) for pair in names) > most


def unlike_names(keys: Iterable[str]) -> int:
    """Return how many of these names of firms are of different firms, as far as words tell.

    Two names are alike when one has all words of the other, or when they all but agree and
    so do their numbers.

    Parameters
    ----------
    keys : iterable of str
        Names as `employer_key` gives them; "" counts for none.

    Examples
    --------
    >>> unlike_names(["carrefour", "carrefour city", "boulangerie martin", "boulangerie martn", ""])
    2
    >>> unlike_names(["1 firme", "2 firme"])
    2
    """
    found: list[str] = []
    for key in sorted(set(keys) - {""}, key=lambda name: (len(name.split()), name)):
        if not any(_are_alike(key, other) for other in found):
            found.append(key)
    return len(found)


def _are_alike(one: str, other: str) -> bool:
    left, right = set(one.split()), set(other.split())
    if left <= right or right <= left:
        return True
    numbers = [{word for word in words if not word.isalpha()} for words in (left, right)]
    return numbers[0] == numbers[1] and fuzz.ratio(one, other) >= CLOSE_NAME
