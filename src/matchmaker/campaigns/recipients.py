"""Whom a message goes to: the youth, a guardian, or a person of the cell who calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.runs.mail_section import MailOptions
from matchmaker.tables.normal_forms import normal_email

__all__ = ["MAILED", "OPPOSED", "add_recipients"]

MAILED, OPPOSED = "", "opposed"
# Below it the guardian is written to: the age from which a minor alone may consent to a service.
ADULT_OF_MAIL = 16


def add_recipients(
    people: pd.DataFrame,
    *,
    opposed: frozenset[str],
    as_of: dt.date,
    options: MailOptions,
) -> pd.DataFrame:
    """Return the people with the address that their message goes to, or why there is none.

    Parameters
    ----------
    people : DataFrame
        One row a youth with lines: contacts, ``birth_date``, ``birth_is_year``, ``has_wished``.
    opposed : frozenset of str
        Ids of those who opposed.
    as_of : date
    options : MailOptions
        ``near_only`` and ``max_siblings`` are read.

    Returns
    -------
    DataFrame
        With ``address``, ``recipient`` (youth, guardian, ""), and ``code``: "" for who is written
        to, else opposed, no_address, guardian_needed, near_trades_only or address_of_many.
    """
    address = _each(people["email_1"], normal_email).to_numpy(dtype=object)
    whose = people["email_1_of"].to_numpy(dtype=object)
    is_known = np.asarray(address != "", dtype=bool)
    # The contacts have the address to write to first in the first place: of a child a guardian's.
    needs_guardian = is_known & _is_young(people, as_of) & (whose != "guardian")
    address[needs_guardian] = ""
    none = address == ""

    code = np.full(len(people), MAILED, dtype=object)
    many = pd.Series(address).map(pd.Series(address[address != ""]).value_counts()).fillna(0)
    reasons = (
        ("address_of_many", many.to_numpy() > options.max_siblings),
        ("near_trades_only", ~people["has_wished"].to_numpy() & (options.near_only == "person")),
        ("guardian_needed", needs_guardian),
        ("no_address", ~is_known),
        (OPPOSED, people["youth_id"].isin(opposed).to_numpy(dtype=bool)),
    )
    for name, holds in reasons:  # the last one that holds is the one that is said
        code[holds] = name
    return people.assign(
        address=pd.array(address, dtype="str"),
        recipient=pd.array(np.where(none, "", whose), dtype="str"),
        code=pd.array(code, dtype="str"),
    )


def _each(column: pd.Series[str], of: Callable[[str], str]) -> pd.Series[str]:
    """Return a function of each cell, worked out once a distinct one."""
    codes, distinct = pd.factorize(column)
    done = np.array([*map(of, distinct.tolist()), ""], dtype=object)
    return pd.Series(done[codes], index=column.index, dtype="str")


def _is_young(people: pd.DataFrame, as_of: dt.date) -> NDArray[np.bool_]:
    """Tell who is under 16; of a birth year the last day counts, and an unknown age is none."""
    day = (
        min(as_of.day, 28) if as_of.month == 2 else as_of.day
    )  # 29 February is no day of each year
    limit = np.datetime64(as_of.replace(year=as_of.year - ADULT_OF_MAIL, day=day), "D")
    born = people["birth_date"].to_numpy().astype("datetime64[D]")
    last = (born.astype("datetime64[Y]") + 1).astype("datetime64[D]") - 1
    born = np.where(people["birth_is_year"].to_numpy(dtype=bool), last, born)
    return np.asarray(born > limit, dtype=bool)  # false of NaT
