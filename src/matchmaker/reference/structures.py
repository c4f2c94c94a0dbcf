"""Structures that follow youths, by the communes they serve: Missions locales, cells, centres.

No package ships them: ``matchmaker reference add structures FILE`` keeps a table of the user's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from matchmaker.errors import InputError, Issue
from matchmaker.reference.store import read_folder
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["Structures", "structures"]

_COLUMNS = ("commune_code", "structure_id", "kind", "name", "email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Structures:
    """Which structure serves a commune.

    Attributes
    ----------
    frame : DataFrame
        ``commune_code, structure_id, kind, name, email, phone``, texts; a commune at most once a
        kind.
    """

    frame: pd.DataFrame

    def has(self, kind: str) -> bool:
        """Tell whether any structure of a kind is known."""
        return bool((self.frame["kind"] == kind).any())

    def of(self, communes: pd.Series, kind: str, column: str = "structure_id") -> pd.Series:
        """Return a column of the structure that serves each commune; "" where none does.

        Parameters
        ----------
        communes : Series of str
        kind : str
        column : str

        Returns
        -------
        Series of str
        """
        served = self.frame[(self.frame["kind"] == kind) & (self.frame["commune_code"] != "")]
        texts = dict(zip(served["commune_code"], served[column], strict=True))
        found = [texts.get(commune, "") for commune in communes]
        return pd.Series(found, index=communes.index, dtype="str")

    def names(self, kind: str) -> Mapping[str, str]:
        """Return id to name of the structures of a kind."""
        of_kind = self.frame[self.frame["kind"] == kind]
        return dict(zip(of_kind["structure_id"], of_kind["name"], strict=True))


def structures(settings: Settings) -> Structures:
    """Return the structures that the user added.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    Structures

    Raises
    ------
    InputError
        A commune has two structures of one kind.
    """
    tables = read_folder("structures", settings).get("structures", [])
    none = pd.DataFrame(columns=list(_COLUMNS), dtype="str")
    frame = pd.concat([none, *(table[list(_COLUMNS)] for table in tables)], ignore_index=True)
    frame = frame.apply(lambda cells: cells.str.strip()).drop_duplicates(ignore_index=True)
    is_short = frame["commune_code"].str.fullmatch(r"\d{4}")
    frame["commune_code"] = frame["commune_code"].mask(is_short, "0" + frame["commune_code"])
    twice = frame[frame.duplicated(["commune_code", "kind"]) & (frame["commune_code"] != "")]
    if len(twice):
        raise InputError(
            [
                Issue(
                    reason="commune_in_two_structures",
                    file="structures",
                    column="commune_code",
                    value=str(row.commune_code),
                    message=said("reference.two_structures", kind=row.kind),
                    hint=said("reference.two_structures_hint"),
                )
                for row in twice.itertuples()
            ]
        )
    return Structures(frame=frame)
