"""From one table of wishes with personal data to youths, wishes and contacts.

Shared by Affelnet and Parcoursup.  The person's number (INE) and the addresses
stop here: youths and wishes carry a keyed hash, and only the table of contacts, which
may be written to a file of the user's own and never into a run's folder, carries e-mails.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from matchmaker.errors import Issue
from matchmaker.tables.few_youths import few_behind_pseudonyms
from matchmaker.tables.raw import RawTable
from matchmaker.words import Text, said

__all__ = ["cells", "content_key", "header_key", "plain_numbers", "pseudonym", "split"]

_NO_NUMBER = re.compile(r"[^0-9A-Za-z]+")
# What can be mailed to. No sign at the start that a spreadsheet would run, and no
# "|", which joins addresses.
_BETWEEN_EMAILS = r"[;,\s]+"
_EMAILS = ("email", "email_2", "guardian_email", "guardian_email_2")
_EMAIL = r"[^\s@|<>\"'=+\-][^\s@|<>\"]*@[^\s@|<>\"]+\.[^\s@|<>\"]+"


def pseudonym(number: str, key: bytes) -> str:
    """Return the keyed hash that stands for a person's number.

    "Y" and 20 hexadecimal signs of BLAKE2b: 80 bits, so among a million youths two
    share a pseudonym with a chance of one in 10^12; the letter keeps spreadsheets
    from reading signs such as 12E45 as a number.

    Parameters
    ----------
    number : str
        INE or other number, already in its normal form.
    key : bytes
        Secret of 16 to 64 bytes. An INE has so few possible values that without a
        secret key anyone could try them all.

    Examples
    --------
    >>> pseudonym("1234567890A", bytes(32))
    'Yd82f92cc760591ec5e03'
    """
    if not 16 <= len(key) <= 64:
        raise ValueError("the key of the pseudonyms has 16 to 64 bytes")
    return "Y" + hashlib.blake2b(number.encode(), key=key, digest_size=10).hexdigest()


def content_key(numbers: Iterable[str]) -> bytes:
    """Return a key drawn from all numbers of a file, for a run without a key file.

    It is the same for the same set of youths, whatever the order of the lines, and
    changes with the set. Who has the file knows the numbers anyway; who has only
    the run's folder would have to guess all of them at once. A file of a handful of
    youths hides little: use a key file there.

    Examples
    --------
    >>> content_key(["a", "b"]) == content_key(["b", "a", "a"])
    True
    """
    digest = hashlib.blake2b(person=b"matchmaker-ids", digest_size=32)
    digest.update("\n".join(sorted(set(numbers))).encode())
    return digest.digest()


def header_key(header: str, *, is_broken: bool = False) -> str:
    """Return a header without case, accents and signs, to compare it by.

    With `is_broken`, letters outside ASCII are dropped instead of losing their
    accent: the form in which ``Rang_du_v_u`` and ``Rang du vœu`` agree.

    Examples
    --------
    >>> header_key("Rang du vœu"), header_key("Rang_du_v_u", is_broken=True)
    ('rangduvoeu', 'rangduvu')
    """
    if not is_broken:
        header = header.replace("œ", "oe").replace("Œ", "OE")
        header = unicodedata.normalize("NFKD", header)
    letters = header.encode("ascii", "ignore").decode("ascii")
    return "".join(sign for sign in letters.casefold() if sign.isalnum())


def cells(frame: pd.DataFrame, header: str | None) -> pd.Series:
    """Return a column trimmed, "-" (the export's sign for nothing) as ""; "" where absent."""
    if header is None:
        return pd.Series("", index=frame.index, dtype="str")
    column = frame[header].str.strip()
    return column.mask(column == "-", "")


def plain_numbers(numbers: pd.Series) -> pd.Series:
    """Return numbers of persons in the form in which they are compared."""
    return numbers.str.replace(_NO_NUMBER, "", regex=True).str.upper()


def split(
    raw: RawTable,
    *,
    numbers: pd.Series,
    key: bytes | None,
    youth_columns: Mapping[str, pd.Series],
    wish_columns: Mapping[str, pd.Series],
    contact_columns: Mapping[str, pd.Series],
    notes: tuple[Text, ...],
) -> tuple[RawTable, RawTable, RawTable]:
    """Return youths, wishes and contacts of a file with one line a wish.

    A youth is written once for each address found, so that two addresses of one
    youth are a contradiction which the checks name. Wishes of a youth that agree
    in all neutral columns (the same training in two schools, unranked) are one.

    Parameters
    ----------
    raw : RawTable
        The file.
    numbers : Series of str
        The person's number, as written; it bears the name of its column in the file.
    key : bytes or None
        Secret of the pseudonyms; None draws it from the file, see `content_key`.
    youth_columns, wish_columns : mapping of neutral name to Series
        Aligned with the file.
    contact_columns : mapping of str to Series
        By their names in the table of youths: ``email``, ``guardian_email``, ``phone``, ...
    notes : tuple of str
        Added to the notes of the tables.

    Returns
    -------
    tuple of RawTable
        ``youths``; ``wishes``, whose faults are the lines without a person's number; and
        ``contacts`` (youth_id, ine and what was given), a row a wish.
    """
    written = plain_numbers(numbers)
    is_known = (written.str.len() >= 6).to_numpy(dtype=bool)
    faults = tuple(
        Issue(
            reason="person_number_missing",
            file=raw.file,
            line=int(line),
            column=str(numbers.name),
            message=said("source.no_person"),
            hint=said("source.fill_in"),
            is_personal=True,
        )
        for line in raw.lines[~is_known]
    )
    known = written[is_known].unique().tolist()
    secret = content_key(known) if key is None else key
    distinct = {number: pseudonym(number, secret) for number in known}
    few = few_behind_pseudonyms(len(known)) if key is None else ()
    ids = written[is_known].map(distinct).astype("str")
    lines = pd.Series(raw.lines[is_known], index=ids.index)

    mails = _addresses(
        ids, [contact_columns[name][is_known] for name in _EMAILS if name in contact_columns]
    )
    contacts = pd.DataFrame(
        {"youth_id": ids, "ine": written[is_known]}
        | {name: column[is_known] for name, column in contact_columns.items()}
    ).astype("str")

    def part(role: str, columns: Mapping[str, pd.Series]) -> RawTable:
        frame = pd.DataFrame({"youth_id": ids} | {n: c[is_known] for n, c in columns.items()})
        is_first = ~frame.apply(lambda c: c.str.lower()).duplicated()
        merged = int((~is_first).sum())
        return RawTable(
            role=role,
            file=raw.file,
            frame=frame[is_first].astype("str").reset_index(drop=True),
            lines=lines[is_first].to_numpy(dtype=np.int64),
            sha256=raw.sha256,
            faults=raw.faults + faults if role == "wishes" else (),
            remarks=raw.remarks + few if role == "youths" else raw.remarks,
            notes=raw.notes
            + notes
            + ((said("note.repeated", n=merged),) if role == "wishes" and merged else ()),
        )

    first = mails[~mails.index.duplicated()]
    email = pd.Series(first.reindex(ids, fill_value="").array, index=ids.index)
    email = email.reindex(raw.frame.index, fill_value="")
    return (
        part("youths", {**youth_columns, "email": email}),
        part("wishes", wish_columns),
        RawTable(
            role="contacts",
            file=raw.file,
            frame=contacts.reset_index(drop=True),
            lines=lines.to_numpy(dtype=np.int64),
            sha256=raw.sha256,
        ),
    )


def _addresses(ids: pd.Series, columns: Sequence[pd.Series]) -> pd.Series:
    """Return the distinct addresses of each youth, index youth_id, first choice first."""
    stacked = pd.concat(
        [
            pd.DataFrame({"youth_id": ids, "choice": rank, "email": column})
            for rank, column in enumerate(columns)
        ]
        or [pd.DataFrame({"youth_id": ids[:0], "choice": 0, "email": ids[:0]})]
    )
    stacked = stacked[stacked["email"] != ""].drop_duplicates()
    # Two addresses in one cell.
    stacked["email"] = stacked["email"].str.split(_BETWEEN_EMAILS, regex=True)
    stacked = stacked.explode("email").astype({"email": "str"})
    stacked = stacked[stacked["email"].str.fullmatch(_EMAIL)]
    # By value and not by line, so that the order of the lines changes nothing.
    stacked = stacked.sort_values(["youth_id", "choice", "email"]).drop_duplicates(
        ["youth_id", "email"]
    )
    return stacked.set_index("youth_id")["email"]
