"""Ids and numbers as users write them: how they are ordered, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from matchmaker.errors import Issue, did_you_mean
from matchmaker.words import Text, said

__all__ = ["by_bytes", "fault", "is_count", "unknown"]


def by_bytes(one: object) -> bytes:
    """Return the key by which ids are sorted; what is no text is reported later on.

    Parameters
    ----------
    one : object

    Returns
    -------
    bytes
        UTF-8 of its text.
    """
    return str(one).encode()


def is_count(value: Any) -> bool:
    """Tell whether a value is a whole number from 0 up.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool
        False for a truth value too.
    """
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return is_whole and int(value) >= 0


def fault(
    where: str, owner: str | None, value: str, reason: str, message: Text, hint: Text
) -> Issue:
    """Return what is wrong with a value of a mapping, or of one list in it.

    Parameters
    ----------
    where : str
        Name of the mapping.
    owner : str or None
        Key of the list in it, if it is one.
    value : str
        As written.
    reason : str
        In snake case.
    message, hint : str or Said

    Returns
    -------
    Issue
    """
    place = where if owner is None else f"{where}['{owner}']"
    return Issue(reason=reason, file=place, value=value, message=message, hint=hint)


def unknown(where: str, owner: str | None, value: str, kind: str, known: Collection[str]) -> Issue:
    """Return the fault of an id that is not declared, with one that is like it.

    Parameters
    ----------
    where, owner, value
        As for `fault`.
    kind : {"offer", "youth"}
    known : collection of str
        Ids that are declared.

    Returns
    -------
    Issue
    """
    message = {
        "offer": said("assignment.unknown_offer", table="capacities"),
        "youth": said("assignment.unknown_youth", table="youth_preferences"),
    }
    # Names that are close are searched for in small markets only: it takes n steps.
    hint = did_you_mean(value, known) if len(known) <= 1000 else ""
    return fault(
        where,
        owner,
        value,
        f"unknown_{kind}",
        message[kind],
        hint or said("assignment.correct_or_add"),
    )
