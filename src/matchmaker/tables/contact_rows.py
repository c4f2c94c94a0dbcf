"""Who a youth is and where they are reached: from the columns of a source to a row a youth.

The columns are those of the neutral table of youths, whatever the source.  Nothing of this is
part of the clean tables: it goes to the user's own file of contacts, or nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue
from matchmaker.tables.checks import Checked
from matchmaker.tables.checks.answer import tidy
from matchmaker.tables.normal_forms import normal_email, normal_ine, normal_phone
from matchmaker.tables.raw import InputFile, RawTable
from matchmaker.words import said

__all__ = ["CONTACT_FIELDS", "MOST", "Contacts", "contacts_of", "gathered", "refuse_nobody"]

MOST = 3
"""E-mail addresses, and telephone numbers, that a row has room for."""

# Columns of addresses, first choice first, and whose they are.
_ADDRESSES = {
    "email": (
        ("email", "youth"),
        ("email_2", "youth"),
        ("guardian_email", "guardian"),
        ("guardian_email_2", "guardian"),
    ),
    "phone": (
        ("phone", "youth"),
        ("phone_2", "youth"),
        ("guardian_phone", "guardian"),
        ("guardian_phone_2", "guardian"),
    ),
}
_NAMES = ("first_name", "last_name")
CONTACT_FIELDS = ("ine", *_NAMES, *(c for several in _ADDRESSES.values() for c, _ in several))
"""Columns of the table of youths that only the file of contacts may hold."""

# What parts two addresses in a cell. A blank parts no numbers: they have blanks of their own.
_BETWEEN = {"email": r"[;,|\s]+", "phone": r"[;,|]+"}
_CHILD_YEARS = 16
"""Under this age the guardian is written to first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contacts:
    """The people behind the ids of a run.

    Attributes
    ----------
    people : DataFrame
        youth_id, source_file, source_line, ine, first_name, last_name; by the bytes of youth_id.
    addresses : DataFrame
        youth (row of `people`), kind (email, phone), whose (youth, guardian), written, normal;
        usable ones only, each once a youth, first choice first.
    """

    people: pd.DataFrame
    addresses: pd.DataFrame

    def without(self, gone: NDArray[np.bool_], dropped: NDArray[np.bool_]) -> Contacts:
        """Return them without some people, and without some addresses of the others.

        Parameters
        ----------
        gone : ndarray of bool, shape (n_people,)
        dropped : ndarray of bool, shape (n_addresses,)

        Returns
        -------
        Contacts
        """
        new = np.cumsum(~gone) - 1
        youth = self.addresses["youth"].to_numpy()
        kept = self.addresses[~dropped & ~gone[youth]].reset_index(drop=True)
        return replace(
            self,
            people=self.people[~gone].reset_index(drop=True),
            addresses=kept.assign(youth=new[kept["youth"].to_numpy()]),
        )

    def rows(self, born: pd.Series, as_of: np.datetime64) -> pd.DataFrame:
        """Return a row a youth, as the file of contacts has it.

        Of who is under 16 the guardian's addresses come first, of all others their own.

        Parameters
        ----------
        born : Series of datetime64, shape (n_people,)
            Birth dates, NaT where not known.
        as_of : datetime64
            Day of the run.

        Returns
        -------
        DataFrame
            youth_id, first_name, last_name, email_1 to email_3, email_1_of, phone_1 to phone_3,
            phone_1_of, source_file, source_line, address_shared (bool).
        """
        known = born.to_numpy(dtype="datetime64[D]")
        months = known.astype("datetime64[M]")
        then = (months + 12 * _CHILD_YEARS).astype("datetime64[D]") + (
            known - months.astype("datetime64[D]")
        )
        is_child = ~np.isnat(known) & (then > as_of.astype("datetime64[D]"))
        of = self.addresses
        first = np.where(is_child[of["youth"].to_numpy()], "guardian", "youth")
        order = np.lexsort((np.arange(len(of)), of["whose"].to_numpy(dtype=str) != first))
        of = of.iloc[order]
        found = self.people[["youth_id", *_NAMES]].copy()
        for kind in _ADDRESSES:
            mine = of[of["kind"] == kind]
            nth = mine.groupby("youth").cumcount().to_numpy()
            for place in range(MOST):
                here = mine[nth == place]
                found[f"{kind}_{place + 1}"] = _spread(here["youth"], here["written"], len(found))
            here = mine[nth == 0]
            found[f"{kind}_1_of"] = _spread(here["youth"], here["whose"], len(found))
            if kind == "email":
                normal = _spread(here["youth"], here["normal"], len(found))
        found["source_file"] = self.people["source_file"].to_numpy()
        found["source_line"] = self.people["source_line"].to_numpy()
        found["address_shared"] = (normal != "") & normal.duplicated(keep=False)
        return found


def _spread(rows: pd.Series, texts: pd.Series, n: int) -> pd.Series:
    """Return texts at their rows, "" at all others."""
    cells = np.full(n, "", dtype=object)
    cells[rows.to_numpy()] = texts.to_numpy(dtype=object)
    return pd.Series(cells, dtype="str")


def refuse_nobody(rows: pd.DataFrame, files: Sequence[InputFile]) -> None:
    """Refuse tables from which a file of contacts would reach nobody.

    Parameters
    ----------
    rows : DataFrame
        As `Contacts.rows` gives them.
    files : sequence of InputFile
        Of the run.

    Raises
    ------
    InputError
        No youth has an e-mail address or a telephone number that can be used.
    """
    if (rows["email_1"] != "").any() or (rows["phone_1"] != "").any():
        return
    file = next(file.name for file in files if file.role == "youths")
    raise InputError(
        [
            Issue(
                reason="no_contacts",
                file=file,
                message=said("contacts.nobody"),
                hint=said("contacts.nobody_hint"),
            )
        ]
    )


def contacts_of(given: Sequence[RawTable], people: Checked) -> Contacts:
    """Return the people behind the ids of a run.

    Parameters
    ----------
    given : sequence of RawTable
        Of role ``contacts``, from sources that put pseudonyms in the place of persons.
    people : Checked
        The table of youths; read where no source gave contacts.

    Returns
    -------
    Contacts
    """
    if given:
        frame = pd.concat([table.frame for table in given], ignore_index=True).fillna("")
        names = [table.file for table in given for _ in range(len(table.frame))]
        lines = np.concatenate([table.lines for table in given])
        return gathered(frame, pd.Series(names, dtype="str"), lines)
    good = np.flatnonzero(~people.findings.is_bad)
    cells = people.findings.cells
    frame = pd.DataFrame({name: cells[name] for name in CONTACT_FIELDS if name in cells})
    frame.insert(0, "youth_id", people.frame["youth_id"])
    files = pd.Series(np.repeat(people.raw.file, len(good)), dtype="str")
    return gathered(frame.iloc[good].reset_index(drop=True), files, people.findings.lines[good])


def gathered(frame: pd.DataFrame, files: pd.Series, lines: NDArray[np.int64]) -> Contacts:
    """Return contacts from cells as written, of one row a youth or several.

    Parameters
    ----------
    frame : DataFrame, n rows
        youth_id and any of `CONTACT_FIELDS`, texts.
    files : Series of str, n rows
    lines : ndarray of int64, n rows

    Returns
    -------
    Contacts
    """
    youth, ids = pd.factorize(frame["youth_id"], sort=True)
    by_line = np.lexsort((lines, youth))
    first = by_line[np.unique(youth[by_line], return_index=True)[1]]
    people = pd.DataFrame(
        {
            "youth_id": pd.Series(ids, dtype="str"),
            "source_file": files.iloc[first].to_numpy(),
            "source_line": lines[first],
            "ine": _least(youth, _mapped(frame, "ine", normal_ine), len(ids)),
            **{name: _least(youth, _mapped(frame, name, _name), len(ids)) for name in _NAMES},
        }
    ).astype({"source_file": "str", "source_line": "int64"})
    parts = [
        _listed(frame[column], youth, kind, whose)
        for kind, several in _ADDRESSES.items()
        for column, whose in several
        if column in frame
    ]
    columns = ("youth", "kind", "whose", "written", "normal")
    none = pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})
    listed = pd.concat([none.astype({"youth": "int64"}), *parts], ignore_index=True)
    addresses = listed.drop_duplicates(["youth", "kind", "normal"]).reset_index(drop=True)
    return Contacts(people=people, addresses=addresses.astype({"youth": "int64"}))


def _listed(cells: pd.Series, youth: NDArray[np.intp], kind: str, whose: str) -> pd.DataFrame:
    """Return the usable addresses of one column; in a youth's cells by value, not by line."""
    filled = cells.to_numpy(dtype=object) != ""
    texts = pd.Series(cells[filled].to_numpy(dtype=object), index=youth[filled], dtype="str")
    texts = texts.str.split(_BETWEEN[kind], regex=True).explode().astype("str")
    each, distinct = pd.factorize(texts)
    form = normal_email if kind == "email" else normal_phone
    normal = np.array([form(text) for text in distinct], dtype=object)
    # No sign at the start that a spreadsheet would run.
    is_safe = np.array([text.strip()[:1] not in "=+-@" for text in distinct], dtype=bool)
    is_usable = (normal != "") & (is_safe | (kind == "phone"))
    written = [text.strip() for text in distinct] if kind == "email" else normal
    found = pd.DataFrame(
        {
            "youth": texts.index.to_numpy(dtype=np.int64),
            "kind": kind,
            "whose": whose,
            "written": np.asarray(written, dtype=object)[each],
            "normal": normal[each],
        }
    )[is_usable[each] if len(each) else np.zeros(0, dtype=bool)]
    return found.sort_values(["youth", "written"], kind="stable").astype(
        dict.fromkeys(("kind", "whose", "written", "normal"), "str")
    )


def _mapped(frame: pd.DataFrame, column: str, form: Callable[[str], str]) -> pd.Series:
    """Return a column with each distinct text in its form; "" where there is none."""
    if column not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    each, distinct = pd.factorize(frame[column])
    formed = np.array([*(form(text) for text in distinct), ""], dtype=object)
    return pd.Series(formed[each], dtype="str")


def _name(text: str) -> str:
    """Return a name without signs that a spreadsheet obeys."""
    return tidy(text, is_free=True)[0].lstrip("=+-@ ")


def _least(youth: NDArray[np.intp], texts: pd.Series, n: int) -> NDArray[np.object_]:
    """Return the first text of each youth by value, so that the order of lines changes nothing."""
    filled = texts.to_numpy(dtype=object) != ""
    order = np.lexsort((pd.factorize(texts[filled], sort=True)[0], youth[filled]))
    owner = youth[filled][order]
    cells = np.full(n, "", dtype=object)
    of_owner, at = np.unique(owner, return_index=True)
    cells[of_owner] = texts[filled].to_numpy(dtype=object)[order][at]
    return cells
