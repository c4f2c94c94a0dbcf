"""Oppositions as keyed hashes, and what they take out of a run and of its contacts.

- An id, an INE, an e-mail address or a number of the youth's own: the youth is opposed.  Of
  an address that several youths give as their own nobody knows who objected, so all of them are.
- An address of a guardian: nothing goes to that address any more; the youth is opposed only if
  no e-mail address is left to write to.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.tables.checks import Checked
from matchmaker.tables.contact_rows import MOST, Contacts, contacts_of
from matchmaker.tables.cross import positions
from matchmaker.tables.normal_forms import normal_email, normal_phone
from matchmaker.tables.opposition_files import Row, read_rows
from matchmaker.tables.raw import InputFile, RawTable
from matchmaker.tables.sources.wish_files import pseudonym

OPPOSED = "opposed"
"""Status of a youth, beside those that a file can say."""

_NUMBER = re.compile(r"[0-9A-Z]{6,}")

__all__ = [
    "OPPOSED",
    "Heeded",
    "Oppositions",
    "contacts_left",
    "heed",
    "heed_rows",
    "mark",
    "read_oppositions",
]


def mark(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA-256 of a normal form.

    Parameters
    ----------
    key : bytes
        The campaign's (`matchmaker.tables.contacts.read_or_make_key`).
    text : str

    Returns
    -------
    bytes
        32 of them.
    """
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppositions:
    """Who must not be written to; no clear value is kept.

    Attributes
    ----------
    key : bytes
        Of the hashes.
    entries : tuple of frozenset of bytes
        Of each opposition the marks of its readings.
    files : tuple of InputFile
    passed : int
        Rows of the files that say themselves that they are none.
    """

    key: bytes
    entries: tuple[frozenset[bytes], ...]
    files: tuple[InputFile, ...]
    passed: int = 0

    def marks(self, texts: Iterable[str]) -> list[bytes]:
        """Return the marks of normal forms, b"" for what is empty.

        Parameters
        ----------
        texts : iterable of str

        Returns
        -------
        list of bytes
        """
        return [mark(self.key, text) if text else b"" for text in texts]

    def named(self) -> frozenset[bytes]:
        """Return all marks."""
        return frozenset().union(*self.entries)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heeded:
    """What oppositions came to.

    Attributes
    ----------
    youth_ids : Series of str
        Youths who are opposed.
    contacts : Contacts
        Without them, and without the addresses of guardians that are opposed.
    figures : dict
        Counts for the summary: ``given``, ``matched``, ``unmatched``, ``youths``, ``addresses``
        (of guardians, whose youths are still written to), ``passed``.
    """

    youth_ids: pd.Series
    contacts: Contacts
    figures: dict[str, int]


def read_oppositions(paths: Sequence[Path], *, key: bytes | None = None) -> Oppositions:
    """Read files of oppositions.

    Parameters
    ----------
    paths : sequence of Path
    key : bytes, optional
        The campaign's; without one, one that is drawn from the files and never kept.

    Returns
    -------
    Oppositions

    Raises
    ------
    UsageError, InputError
        As `matchmaker.tables.opposition_files.read_rows`.
    """
    rows, files, passed = read_rows(paths)
    drawn = hashlib.sha256("|".join(sorted(file.sha256 for file in files)).encode()).digest()
    secret = drawn if key is None else key
    return Oppositions(
        key=secret, entries=tuple(_entry(secret, row) for row in rows), files=files, passed=passed
    )


def _entry(key: bytes, row: Row) -> frozenset[bytes]:
    """Return the marks of an opposition; of a person's number that of its pseudonym too."""
    numbers = [one for one in row.readings if _NUMBER.fullmatch(one)]
    readings = {*row.readings, *(pseudonym(number, key) for number in numbers)}
    return frozenset(mark(key, reading) for reading in readings)


def heed(contacts: Contacts, oppositions: Oppositions) -> Heeded:
    """Find who is opposed, and take them and opposed addresses out of the contacts.

    Parameters
    ----------
    contacts : Contacts
        All youths of the run.
    oppositions : Oppositions

    Returns
    -------
    Heeded
    """
    people, addresses = contacts.people, contacts.addresses
    named = oppositions.named()
    ids, ines = (oppositions.marks(people[column]) for column in ("youth_id", "ine"))
    forms = oppositions.marks(addresses["normal"])
    is_opposed = np.array([one in named for one in forms], dtype=bool)
    youth = addresses["youth"].to_numpy()
    gone = np.array([a in named or b in named for a, b in zip(ids, ines, strict=True)], dtype=bool)
    is_own = (addresses["whose"] == "youth").to_numpy(dtype=bool)
    gone[youth[is_opposed & is_own]] = True
    is_mail = (addresses["kind"] == "email").to_numpy(dtype=bool)
    gone |= _emptied(len(people), youth[is_mail], is_opposed[is_mail])
    known = {*ids, *ines, *forms}
    matched = sum(not known.isdisjoint(entry) for entry in oppositions.entries)
    return Heeded(
        youth_ids=people["youth_id"][gone].reset_index(drop=True),
        contacts=contacts.without(gone, is_opposed),
        figures={
            "given": len(oppositions.entries),
            "matched": matched,
            "unmatched": len(oppositions.entries) - matched,
            "youths": int(gone.sum()),
            "addresses": int((is_opposed & ~gone[youth]).sum()),
            "passed": oppositions.passed,
        },
    )


def _emptied(n: int, youth: NDArray[np.int64], is_opposed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell who has lost addresses, and has none left."""
    left = np.bincount(youth[~is_opposed], minlength=n)
    lost = np.bincount(youth[is_opposed], minlength=n)
    emptied: NDArray[np.bool_] = (lost > 0) & (left == 0)
    return emptied


def contacts_left(
    told_of: Sequence[RawTable],
    youths: Checked,
    oppositions: Oppositions | None,
    as_of: dt.date,
) -> tuple[pd.DataFrame, Mapping[str, int] | None]:
    """Return contacts a row a youth, and give who is opposed that status.

    Parameters
    ----------
    told_of : sequence of RawTable
        Of role ``contacts``.
    youths : Checked
        The status of who is opposed is changed in its frame.
    oppositions : Oppositions or None
    as_of : date

    Returns
    -------
    contacts : DataFrame
        As `Contacts.rows`.
    figures : mapping of str to int, or None
        Of `Heeded`; None without oppositions.
    """
    contacts, figures = contacts_of(told_of, youths), None
    frame = youths.frame
    if oppositions is not None:
        heeded = heed(contacts, oppositions)
        contacts, figures = heeded.contacts, heeded.figures
        frame.loc[frame["youth_id"].isin(heeded.youth_ids), "status"] = OPPOSED
    at = positions(contacts.people["youth_id"], frame["youth_id"])
    born = frame["birth_date"].iloc[at].where(at >= 0)  # whether one is a child
    return contacts.rows(born, np.datetime64(as_of)), figures


def heed_rows(contacts: pd.DataFrame, oppositions: Oppositions) -> tuple[pd.DataFrame, int]:
    """Take oppositions that came after the run out of a file of contacts that was read back.

    The file says whose its first address is, and no more: one of the others that is opposed
    counts as the youth's own. It holds no INE: of neutral tables an opposition by INE takes effect with the next run;
    of Affelnet and Parcoursup the key turns it into the youth's id.

    Parameters
    ----------
    contacts : DataFrame
        As `matchmaker.tables.contacts.read_contacts` gives it.
    oppositions : Oppositions
        Hashed with any key.

    Returns
    -------
    contacts : DataFrame
        Rows of opposed youths are gone; of the others the addresses that are opposed, the next
        ones moving up.
    gone : int
        Youths taken out.
    """
    named = oppositions.named()
    found = contacts.reset_index(drop=True).copy()
    gone = np.array([one in named for one in oppositions.marks(found["youth_id"])], dtype=bool)
    for kind, form in (("email", normal_email), ("phone", normal_phone)):
        columns = [f"{kind}_{place}" for place in range(1, MOST + 1)]
        cells = found[columns].to_numpy(dtype=object)
        hit = np.array(
            [[one in named for one in oppositions.marks(map(form, row))] for row in cells],
            dtype=bool,
        ).reshape(cells.shape)
        is_own = (found[f"{kind}_1_of"] != "guardian").to_numpy(dtype=bool)
        gone |= (is_own & hit[:, 0]) | hit[:, 1:].any(axis=1)
        is_last = (cells != "").sum(axis=1) == 1
        if kind == "email":
            gone |= hit[:, 0] & is_last
        # Only a guardian's first address is opposed where the youth is not: the next moves up.
        moved = hit[:, 0] & ~gone
        found.loc[moved, columns] = np.column_stack([cells[moved, 1:], np.full(moved.sum(), "")])
        found.loc[moved, f"{kind}_1_of"] = np.where(is_last[moved], "", "guardian")
    kept = found[~gone].reset_index(drop=True)
    return kept.astype("str"), int(gone.sum())
