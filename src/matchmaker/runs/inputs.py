"""What a user hands in: one small value that every run begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from matchmaker.errors import UsageError
from matchmaker.tables import Given
from matchmaker.words import said, word

__all__ = ["AsOf", "Inputs", "inputs_of"]

AsOf = dt.date | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a run reads, as it was handed in; nothing is opened yet.

    Attributes
    ----------
    youths : path, DataFrame or None
        None where the wishes file holds both (Affelnet, Parcoursup).
    wishes : path or DataFrame
    offers : tuple of path or DataFrame
        Several are pooled.
    as_of : date
        The day of the run: expiry, ages and availability are counted from it.
    formats : mapping of str to str
        ``youths``, ``wishes``, ``offers`` to the name of their source; recognised by
        their content where left out.
    referents : path, DataFrame or None
        Whom to name to youths with few lines or none.
    sent : tuple of path or DataFrame
        Lines that earlier waves sent, the lists of earlier runs, or the runs themselves.
    do_not_contact : tuple of path
        Who must not be written to (`matchmaker.tables.oppositions`).
    words : tuple of path or DataFrame
        What advisers said (`matchmaker.tables.advice`).
    contacts_key : bytes or None
        Secret of the pseudonyms (`matchmaker.tables.contacts`).
    wants_contacts : bool
        A file of contacts is to be written: tables that name nobody's address are refused.
    before : mapping of source to mapping of kind to count
        What an earlier run read (`matchmaker.runs.before`): sources that have fallen silent
        since are said, and nothing else depends on it.
    """

    youths: Given | None = None
    wishes: Given
    offers: tuple[Given, ...]
    as_of: dt.date
    formats: Mapping[str, str] = field(default_factory=dict)
    referents: Given | None = None
    sent: tuple[Given, ...] = ()
    do_not_contact: tuple[Path, ...] = ()
    words: tuple[Given, ...] = ()
    contacts_key: bytes | None = None
    wants_contacts: bool = False
    before: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def inputs_of(
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    *,
    as_of: AsOf,
    formats: Mapping[str, str] | None = None,
    referents: Given | None = None,
    sent: Given | Sequence[Given] | None = None,
    do_not_contact: str | Path | Sequence[str | Path] | None = None,
    words: Given | Sequence[Given] | None = None,
    contacts_key: bytes | None = None,
) -> Inputs:
    """Return `Inputs` from what a user types: one file of offers or several, a date or text.

    Parameters
    ----------
    youths, wishes, offers, as_of, formats, referents, sent, do_not_contact, words, contacts_key
        As for `matchmaker.match`.

    Returns
    -------
    Inputs

    Raises
    ------
    UsageError
        There is no offers file, `as_of` is no date, or `formats` names no table.

    Examples
    --------
    >>> given = inputs_of("youths.csv", "wishes.csv", "offers.csv", as_of="2023-09-15")
    >>> given.offers, given.as_of
    (('offers.csv',), datetime.date(2023, 9, 15))
    """
    several = _several(offers)
    if not several:
        raise UsageError(said("header.no_file", table=word("table", "offers")))
    unknown = sorted(set(formats or {}) - {"youths", "wishes", "offers"})
    if unknown:
        raise UsageError(said("usage.formats", name=unknown[0]))
    return Inputs(
        youths=youths,
        wishes=wishes,
        offers=several,
        as_of=_day(as_of),
        formats=dict(formats or {}),
        referents=referents,
        sent=() if sent is None else _several(sent),
        do_not_contact=_paths(do_not_contact),
        words=() if words is None else _several(words),
        contacts_key=contacts_key,
    )


def _several(given: Given | Sequence[Given]) -> tuple[Given, ...]:
    return (given,) if isinstance(given, str | Path | pd.DataFrame) else tuple(given)


def _paths(given: str | Path | Sequence[str | Path] | None) -> tuple[Path, ...]:
    if given is None:
        return ()
    return (Path(given),) if isinstance(given, str | Path) else tuple(map(Path, given))


def _day(given: AsOf) -> dt.date:
    """Return the day of a date, a datetime (a pandas Timestamp is one), or ISO text."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    try:
        # By way of its text, a Timestamp is a date and the NaT of pandas is none.
        return dt.datetime.fromisoformat(
            given.isoformat() if isinstance(given, dt.datetime) else given
        ).date()
    except (TypeError, ValueError):
        raise UsageError(said("usage.as_of", value=repr(given))) from None
