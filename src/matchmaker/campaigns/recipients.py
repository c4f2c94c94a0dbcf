"""Whom a message goes to: the youth, a guardian, or a person of the cell who calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.campaigns.addresses import digest, normal_email, normal_phone
from matchmaker.runs.mail_section import MailOptions

__all__ = ["MAILED", "OPPOSED", "add_recipients", "opposed_ids"]

MAILED, OPPOSED = "", "opposed"
# Below it the guardian is written to: the age from which a minor alone may consent to a service.
ADULT_OF_MAIL = 16
_EMAILS = ("email_1", "email_2", "email_3")
_PHONES = ("phone_1", "phone_2", "phone_3")


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
        Ids of `opposed_ids`.
    as_of : date
    options : MailOptions
        ``near_only`` and ``max_siblings`` are read.

    Returns
    -------
    DataFrame
        With ``address``, ``recipient`` (youth, guardian, ""), and ``code``: "" for who is written
        to, else opposed, no_address, guardian_needed, near_trades_only or address_of_many.
    """
    emails = [_each(people[name], normal_email) for name in _EMAILS]
    of = [people.get(f"{name}_of", pd.Series("", index=people.index)) for name in _EMAILS]
    known = [np.asarray(one != "", dtype=bool) for one in emails]
    guardian = [
        np.asarray(one == "guardian", dtype=bool) & k for one, k in zip(of, known, strict=True)
    ]
    own = [np.asarray(one == "youth", dtype=bool) & k for one, k in zip(of, known, strict=True)]
    is_young = _is_young(people, as_of)
    # The youth's own address first, else the first that there is; of a young one a guardian's only.
    choice = np.where(is_young, _first(guardian), _first([*own, *known]) % len(_EMAILS))
    none = np.where(is_young, ~np.any(guardian, axis=0), ~np.any(known, axis=0))
    rows = np.arange(len(people))
    table = np.array([one.to_numpy(dtype=object) for one in emails], dtype=object)
    address = np.where(none, "", table[choice, rows])
    whose = np.array([one.to_numpy(dtype=object) for one in of], dtype=object)[choice, rows]

    code = np.full(len(people), MAILED, dtype=object)
    many = pd.Series(address).map(pd.Series(address[address != ""]).value_counts()).fillna(0)
    reasons = (
        ("address_of_many", many.to_numpy() > options.max_siblings),
        ("near_trades_only", ~people["has_wished"].to_numpy() & (options.near_only == "person")),
        ("guardian_needed", none & is_young & np.any(known, axis=0)),
        ("no_address", ~np.any(known, axis=0)),
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


def _first(holds: Sequence[NDArray[np.bool_]]) -> NDArray[np.intp]:
    """Return the position of the first that holds, a row; 0 where none does."""
    found: NDArray[np.intp] = np.argmax(np.array(holds), axis=0)
    return found


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


def opposed_ids(contacts: pd.DataFrame, oppositions: frozenset[str], key: bytes) -> frozenset[str]:
    """Return the youths who opposed, by any address, number or id of theirs.

    Parameters
    ----------
    contacts : DataFrame
        One row a youth.
    oppositions : frozenset of str
        Digests (`matchmaker.campaigns.addresses.digest`) of normalised addresses and numbers, and
        of ids.
    key : bytes
        With which they were made.

    Returns
    -------
    frozenset of str
    """
    if not oppositions:
        return frozenset()
    is_opposed = np.zeros(len(contacts), dtype=bool)
    cells = [
        *(_each(contacts[name], normal_email) for name in _EMAILS),
        *(_each(contacts[name], normal_phone) for name in _PHONES),
        contacts["youth_id"],
    ]
    for column in cells:
        digests = _each(column, lambda text: digest(key, text) if text else "")
        is_opposed |= digests.isin(oppositions).to_numpy(dtype=bool)
    return frozenset(contacts["youth_id"][is_opposed])
