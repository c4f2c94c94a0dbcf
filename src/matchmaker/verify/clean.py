"""What the checks of lists start from: the clean tables, and nothing that was made of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.reference.firm_names import firm_name

__all__ = ["Clean", "Lines", "days_after", "employers", "is_somewhere", "rows_of", "sectors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The clean tables of a run, and what earlier waves sent.

    Attributes
    ----------
    youths, wishes, offers : DataFrame
        As `matchmaker.tables.load` gives them, in any order of rows.
    sent : DataFrame or None
        ``youth_id``, ``offer_id`` of the lines of earlier waves.
    as_of : date
        The day of the run.
    nearness : DataFrame or None
        Of the trades that occur, as a run's folder keeps it; None: derived from the reference
        tables.
    words : DataFrame or None
        What became of advisers' words; None where none were given.
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    sent: pd.DataFrame | None = None
    as_of: dt.date
    nearness: pd.DataFrame | None = None
    words: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Some whole lists.

    Attributes
    ----------
    frame : DataFrame
        As in `matchmaker.MatchResult`.
    youth, offer : ndarray of int64, shape (n_lines,)
        Rows of the clean tables.
    before : int
        Lines of the file that stand before these.
    """

    frame: pd.DataFrame
    youth: NDArray[np.int64]
    offer: NDArray[np.int64]
    before: int


def is_somewhere(offers: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which offers have a region and no point in it.

    Parameters
    ----------
    offers : DataFrame

    Returns
    -------
    ndarray of bool, shape (n_offers,)
    """
    return (offers["latitude"].isna() & offers["region_code"].ne("")).to_numpy(dtype=bool)


def rows_of(ids: pd.Series, among: pd.Series) -> NDArray[np.int64]:
    """Return the row of each id in another table, -1 for none; no id becomes a Python object.

    Parameters
    ----------
    ids : Series of str, shape (n,)
    among : Series of str
        No id twice.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> rows_of(pd.Series(["b", "x"]), pd.Series(["a", "b"])).tolist()
    [1, -1]
    """
    known = pa.array(among, type=pa.large_string())
    found = pc.index_in(pa.array(ids, type=pa.large_string()), value_set=known)
    return np.asarray(found.fill_null(-1)).astype(np.int64)


def days_after(column: pd.Series, as_of: dt.date) -> NDArray[np.int64]:
    """Return days from the run to each date, 0 where it has passed or is not known.

    Parameters
    ----------
    column : Series of datetime64, shape (n,)
    as_of : date

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> dates = pd.to_datetime(pd.Series(["2023-09-17", "2023-09-01", None]))
    >>> days_after(dates, dt.date(2023, 9, 15)).tolist()
    [2, 0, 0]
    """
    day = column.to_numpy(dtype="datetime64[D]")
    days = (day - np.datetime64(as_of, "D")).astype(np.int64)
    return np.where(np.isnat(day), 0, np.maximum(days, 0))


def sectors(offers: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for the sector: the first three signs of the first trade code.

    Parameters
    ----------
    offers : DataFrame
        ``trade_codes`` is read.

    Returns
    -------
    ndarray of int64, shape (n_offers,)
    """
    number: NDArray[np.int64] = pd.factorize(offers["trade_codes"].str[:3])[0].astype(np.int64)
    return number


def employers(offers: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for the employer: SIREN or name, in a commune; else the offer's own.

    Names without case, accents and legal form.  A number that begins with 000 belongs to no
    firm: with such a one the name has to agree too.

    Parameters
    ----------
    offers : DataFrame
        ``siret``, ``employer`` and ``commune_code`` are read.

    Returns
    -------
    ndarray of int64, shape (n_offers,)

    Examples
    --------
    >>> sirets = ["73282932000074", "73282932000017", "", ""]
    >>> employers(pd.DataFrame({"siret": sirets, "employer": ["X", "Y", "SARL Z", "Z"],
    ...                         "commune_code": "75056"}, dtype="str")).tolist()
    [0, 0, 1, 1]
    """
    code, names = pd.factorize(offers["employer"])  # each distinct name once
    folded = np.array([firm_name(name) for name in names], dtype=object)
    called, calls = pd.factorize(folded)
    name = called[code]
    whole, sirets = pd.factorize(offers["siret"])
    siren, sirens = pd.factorize(sirets.str[:9])
    is_numbered = offers["siret"].ne("").to_numpy()
    is_made_up = offers["siret"].str.startswith("000").to_numpy()
    # Three kinds of firms, one after another: of a true number, of a name, of both.
    named = len(sirens) + name
    both = len(sirens) + len(calls) * (1 + whole) + name
    who = np.where(is_made_up, both, np.where(is_numbered, siren[whole], named))
    commune, communes = pd.factorize(offers["commune_code"])
    firm, firms = pd.factorize(who * len(communes) + commune)
    is_alone = ~is_numbered & (folded == "")[code]
    number: NDArray[np.int64] = np.where(is_alone, len(firms) + np.arange(len(offers)), firm)
    return number
