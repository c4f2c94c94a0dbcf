"""In which order youths are called, by when, and by whom."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.follow_up.texts import texts_of
from matchmaker.reference.gazetteer import departements
from matchmaker.routes.referents import assign_referents

__all__ = ["called_in_order", "due_days", "holders", "named_referents"]

_PUPIL_YEARS, _LAST_YEARS = 16, 25  # a Mission locale follows from 16 to 25 (L5314-1)
_FAR = 10_000  # days: behind all that are known


def called_in_order(facts: pd.DataFrame) -> NDArray[np.intp]:
    """Return the positions of youths in the order in which they are to be called.

    Asked for an appointment, minor or RQTH, days left (over counts as none left, unknown is not
    sorted and stands behind), no line, few lines, longest without contact, then the id.

    Parameters
    ----------
    facts : DataFrame
        ``youth_id``, ``asked`` (bool), ``is_minor``, ``has_rqth``, ``days_left`` (NaN unknown),
        ``lines``, ``last_contact`` (datetime, NaT never).

    Returns
    -------
    ndarray of intp

    Examples
    --------
    >>> facts = pd.DataFrame({"youth_id": ["a", "b", "c"], "asked": [False, False, True],
    ...     "is_minor": [False, True, False], "has_rqth": False, "days_left": np.nan, "lines": 0,
    ...     "last_contact": pd.NaT})
    >>> called_in_order(facts).tolist()
    [2, 1, 0]
    """
    never = pd.Timestamp(1900, 1, 1)
    contact = pd.to_datetime(facts["last_contact"]).fillna(never).to_numpy()
    days = facts["days_left"].clip(lower=0).fillna(_FAR).to_numpy()
    first = (facts["is_minor"] | facts["has_rqth"]).to_numpy(dtype=bool)
    ids = np.array([youth_id.encode() for youth_id in facts["youth_id"]], dtype=object)
    by_id = np.argsort(np.argsort(ids, kind="stable"), kind="stable")
    asked = facts["asked"].to_numpy(dtype=bool)
    return np.lexsort((by_id, contact, facts["lines"].to_numpy(), days, ~first, ~asked))


def due_days(
    who: NDArray[np.object_], needs: NDArray[np.bool_], as_of: dt.date, calls: int
) -> NDArray[np.datetime64]:
    """Return the working day by which each youth is to be called; NaT for who needs no call.

    Parameters
    ----------
    who : ndarray of str, shape (n,)
        Who calls; youths in the order of calling.
    needs : ndarray of bool, shape (n,)
    as_of : date
        The first day, or where it is no working day the next one.
    calls : int
        That one person makes a day.

    Returns
    -------
    ndarray of datetime64[D], shape (n,)

    Examples
    --------
    >>> people = np.array(["A", "A", "B", "A"], dtype=object)
    >>> due = due_days(people, np.array([True, True, True, False]), dt.date(2023, 9, 15), 1)
    >>> [str(day) for day in due]
    ['2023-09-15', '2023-09-18', '2023-09-15', 'NaT']
    """
    turn = pd.Series(who[needs]).groupby(who[needs], sort=False).cumcount().to_numpy()
    due = np.full(len(who), np.datetime64("NaT"), dtype="datetime64[D]")
    start = np.datetime64(as_of, "D")
    due[needs] = np.busday_offset(start, turn // calls, roll="forward")
    return due


def holders(facts: pd.DataFrame) -> NDArray[np.object_]:
    """Return the kind of structure that holds each youth's file: one, and never none.

    A centre whose three months run holds its own; else a Mission locale from 16 to 25, the cell
    before and France Travail after, and the cell for whose age nobody knows.  A transfer that a
    person decided counts before all.

    Parameters
    ----------
    facts : DataFrame
        ``days_left``, ``age`` (NaN unknown), ``transfer`` ("" for none).

    Returns
    -------
    ndarray of str, shape (n,)
    """
    age = facts["age"].to_numpy(dtype=np.float64)
    days = facts["days_left"].to_numpy(dtype=np.float64)
    kinds = np.select(
        [days >= 0, np.isnan(age) | (age < _PUPIL_YEARS), age <= _LAST_YEARS],
        ["cfa", "cell", "mission_locale"],
        "france_travail",
    ).astype(object)
    told = facts["transfer"].to_numpy(dtype=object)
    return np.where(told != "", told, kinds)


def named_referents(youths: pd.DataFrame, referents: pd.DataFrame) -> pd.DataFrame:
    """Return a referent for each youth: the even share of `assign_referents`, and nobody left out.

    Minors and RQTH choose first, then who comes first in the order of calling.  Who lives where
    no referent is gets one of the region, then any, the least loaded first.

    Parameters
    ----------
    youths : DataFrame
        ``youth_id``, ``commune_code``, ``departement``, ``region_code``, ``is_first``; in the
        order of calling.
    referents : DataFrame
        As `matchmaker.tables.referents.Referents.frame`; may be empty, then all names are "".

    Returns
    -------
    DataFrame
        ``referent_name``, ``referent_contact``; in the order of `youths`.
    """
    turns = np.argsort(~youths["is_first"].to_numpy(dtype=bool), kind="stable")
    # `assign_referents` takes youths by their id: the turn in front decides.
    queue = youths.iloc[turns].reset_index(drop=True)
    queue["youth_id"] = [f"{turn:09d}" for turn in range(len(queue))]
    named = assign_referents(queue, referents)
    for wider in (_of_regions(referents), referents.assign(**_NOWHERE)):
        left = named["referent_name"] == ""
        if not left.any() or not len(referents):
            break
        loads = named.groupby(["referent_name", "referent_contact"]).size()
        people = pd.MultiIndex.from_frame(wider[["referent_name", "referent_contact"]])
        used = loads.reindex(people).fillna(0).to_numpy()
        room = (wider["capacity"].to_numpy() - used).clip(min=0).astype(np.int64)
        found = assign_referents(queue[left], wider.assign(capacity=room))
        named.loc[left, ["referent_name", "referent_contact"]] = found[
            ["referent_name", "referent_contact"]
        ]
    back = np.empty(len(turns), dtype=np.intp)
    back[turns] = np.arange(len(turns))
    names, contacts = (named[c].to_numpy(dtype=object)[back] for c in _NAMED)
    return pd.DataFrame(dict(zip(_NAMED, (names, contacts), strict=True)), dtype="str")


_NAMED = ("referent_name", "referent_contact")
_NOWHERE = {"departement": "", "commune_code": "", "region_code": ""}


def _of_regions(referents: pd.DataFrame) -> pd.DataFrame:
    """Return the referents as if each served the whole region of their department."""
    of = departements().set_index("departement")["region_code"]
    region = texts_of(referents["departement"], of)
    region = referents["region_code"].mask(referents["region_code"] == "", region)
    wider: pd.DataFrame = referents.assign(**_NOWHERE).assign(region_code=region)
    return wider.loc[region != ""]
