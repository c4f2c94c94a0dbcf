"""Addresses of youths: written outside a run's folder, joined to its mailing file.

A run's folder holds pseudonyms only.  ``contacts.csv`` (asked for with
``--contacts``) says which person, which line of the source file and which addresses an id
stands for, and the key beside it lets the next file give the same pseudonyms.
Each row names the run it was written with, and no
other run's mailing file is joined to it: ids of two runs may look alike and be other youths.
How the pseudonyms are made is explained in
``docs/reference/sources/affelnet.md``.
"""

from __future__ import annotations

import csv
import io
import json
import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.replacing import may_replace, replaced
from matchmaker.tables.contact_rows import MOST
from matchmaker.words import said

__all__ = [
    "CONTACT_COLUMNS",
    "Joined",
    "join",
    "key_for",
    "key_path",
    "read_contacts",
    "read_or_make_key",
    "write",
]

_KEY_BYTES = 32
CONTACT_COLUMNS = (
    "run_id", "youth_id", "first_name", "last_name",
    "email_1", "email_2", "email_3", "email_1_of", "phone_1", "phone_2", "phone_3", "phone_1_of",
    "source_file", "source_line", "address_shared",
)  # fmt: skip
"""Columns of the file, in their order."""

_YES, _NO = "oui", "non"
_BEFORE = ("run_id", "youth_id", "source_line", "emails")  # as files were written until now
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What `join` wrote.

    Attributes
    ----------
    path : Path
        The file for the mailing tool.
    rows : int
        Youths written, one row each.
    without_address : int
        Youths of the mailing file that have no address, and so no row.
    shared : int
        Rows whose first address serves another youth too (siblings).
    """

    path: Path
    rows: int
    without_address: int
    shared: int


def key_path(contacts_csv: Path) -> Path:
    """Return where the key of a contacts file lies: beside it, ``contacts.csv.key``."""
    return contacts_csv.with_name(contacts_csv.name + ".key")


def key_for(
    path: Path, *, run_dir: Path, inputs: Iterable[Path | None], force: bool = False
) -> bytes:
    """Return the key of a file of contacts, once it is known that the file may be written.

    Called before anything is read.

    Parameters
    ----------
    path : Path
        Where the contacts are to go.
    run_dir : Path
        The run's folder, in which no address may lie.
    inputs : iterable of Path or None
        What the run reads.
    force : bool
        Replace a file that holds no contacts of ours all the same.

    Returns
    -------
    bytes
        As `read_or_make_key` gives it.

    Raises
    ------
    UsageError
        `path` or its key is a file that is read, lies in `run_dir`, or is not ours.
    """
    _refuse_inside(path, run_dir)
    read = list(inputs)
    may_replace(path, inputs=read, is_ours=_are_contacts, force=force)
    may_replace(key_path(path), inputs=read, force=True)  # a key that is none is said by itself
    return read_or_make_key(key_path(path))


def _are_contacts(path: Path) -> bool:
    """Tell whether a file begins as `write` begins its own."""
    starts = [_as_csv([columns]) for columns in (CONTACT_COLUMNS, _BEFORE)]
    try:
        with path.open("rb") as file:
            begin = file.read(max(map(len, starts)))
            return any(begin.startswith(start) for start in starts)
    except OSError:
        return False


def read_or_make_key(path: Path) -> bytes:
    """Return the secret of the pseudonyms, made and kept (0600) at the first use.

    This is the one place that draws at random: the key is an input of the run from
    then on, like the files, and the same key and files give the same pseudonyms.

    Parameters
    ----------
    path : Path
        File of 64 hexadecimal signs.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    UsageError
        The file cannot be read or made, holds no such key, or can be read by others than
        its owner: whoever has the key can tell who a pseudonym is.
    """
    try:
        if not path.exists():
            _make_key(path)
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise UsageError(said("contacts.key_is_open", path=path))
            key = bytes.fromhex(file.read().decode("ascii").strip())
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=path, why=error.strerror)) from None
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise UsageError(said("contacts.no_key", path=path))
    return key


def _make_key(path: Path) -> None:
    """Make a key where there is none; of two runs at once the first makes it, both read it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # a umask such as 0277 takes the owner's rights too
            file.write((secrets.token_bytes(_KEY_BYTES).hex() + "\n").encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)  # in one step, and not where there is one by now
    finally:
        Path(name).unlink(missing_ok=True)


def write(contacts: pd.DataFrame, path: Path, *, run_dir: Path, run_id: str) -> None:
    """Write the contacts to `path`, readable by its owner only, whatever the umask.

    Parameters
    ----------
    contacts : DataFrame
        `Tables.contacts`.
    path : Path
        Where to; replaced whole.
    run_dir : Path
        The run's folder, in which no address may lie.
    run_id : str
        Of the run.

    Raises
    ------
    UsageError
        `path` lies in `run_dir`, or cannot be written.
    """
    _refuse_inside(path, run_dir)
    shared = np.where(contacts["address_shared"], _YES, _NO)
    bound = contacts.assign(run_id=run_id, address_shared=shared).sort_values("youth_id")
    rows = bound.loc[:, list(CONTACT_COLUMNS)].itertuples(index=False)
    _write_private(path, _as_csv([CONTACT_COLUMNS, *rows]))


def read_contacts(path: Path, *, run_id: str | None) -> pd.DataFrame:
    """Read a file of contacts back.

    Parameters
    ----------
    path : Path
        File that `write` made.
    run_id : str or None
        Run that they must be of; None: of any, but of one.

    Returns
    -------
    DataFrame
        `CONTACT_COLUMNS` as texts, "" for what is not known; by the bytes of youth_id.

    Raises
    ------
    UsageError
        The file is missing or cannot be read.
    InputError
        It lacks its columns, names a youth twice, or is of another run.
    """
    rows = _read(path, CONTACT_COLUMNS)
    if len({row["run_id"] for row in rows} | ({run_id} if run_id and rows else set())) > 1:
        raise _of_another_run(path)
    frame = pd.DataFrame(rows, columns=list(CONTACT_COLUMNS), dtype="str")
    return frame.sort_values("youth_id", ignore_index=True)


def _of_another_run(path: Path) -> InputError:
    message, hint = said("contacts.other_run"), said("contacts.other_run_hint")
    reason = "contacts_of_another_run"
    return InputError([Issue(reason=reason, file=str(path), message=message, hint=hint)])


def join(run_dir: Path, contacts_csv: Path) -> Joined:
    """Write the file that a mailing tool takes: the run's lists with the addresses.

    One row a youth, never one an address: siblings who share an address keep a row
    each, marked ``adresse_partagee`` = ``oui`` so that nobody lets the tool merge
    them. The file goes beside the contacts, since no address may lie in the run.

    Parameters
    ----------
    run_dir : Path
        Folder of a run; its ``mailing.csv`` is read, and its id from ``manifest.json``.
    contacts_csv : Path
        File that `write` made. The result is ``<its name>-mailing.csv`` beside it.

    Returns
    -------
    Joined
        Where the file is and what it holds.

    Raises
    ------
    UsageError
        A file is missing, or the contacts lie in the run's folder.
    InputError
        A file lacks its columns, names a youth twice, or the contacts are of another run.
    """
    _refuse_inside(contacts_csv, run_dir)
    mailing = _read(run_dir / "mailing.csv", ("youth_id",))
    written = read_contacts(contacts_csv, run_id=None).to_dict("records")
    contacts = {row["youth_id"]: row for row in written}
    known = [row for row in mailing if row["youth_id"] in contacts]
    if mailing and {row["run_id"] for row in written} != {_run_id(run_dir)}:
        raise _of_another_run(contacts_csv)
    addresses = {
        row["youth_id"]: [
            mail
            for place in range(1, MOST + 1)
            if (mail := contacts[row["youth_id"]][f"email_{place}"])
        ]
        for row in known
    }
    times = Counter(mails[0].casefold() for mails in addresses.values() if mails)
    width = max(map(len, addresses.values()), default=1)
    offers = [name for name in (mailing[0] if mailing else {}) if name != "youth_id"]
    titles = ["email", *(f"email_{i}" for i in range(2, width + 1))]
    table = [["youth_id", *titles, "adresse_partagee", "source_line", *offers]]
    for row in known:
        mails = addresses[row["youth_id"]]
        if mails:
            table.append(
                [
                    row["youth_id"],
                    *mails,
                    *[""] * (width - len(mails)),
                    _YES if times[mails[0].casefold()] > 1 else _NO,
                    contacts[row["youth_id"]]["source_line"],
                    *(row[name] for name in offers),
                ]
            )
    path = contacts_csv.with_name(contacts_csv.stem + "-mailing.csv")
    _write_private(path, _as_csv(table))
    partaken = table[0].index("adresse_partagee")
    return Joined(
        path=path,
        rows=len(table) - 1,
        without_address=len(mailing) - len(table) + 1,
        shared=sum(row[partaken] == _YES for row in table[1:]),
    )


def _run_id(run_dir: Path) -> str:
    """Return the id of a run, as its folder says."""
    try:
        return str(json.loads((run_dir / _MANIFEST).read_bytes())["run_id"])
    except OSError as error:
        path = run_dir / _MANIFEST
        raise UsageError(said("error.cannot_read", path=path, why=error.strerror)) from None
    except (ValueError, KeyError, TypeError):
        return ""


def _refuse_inside(path: Path, run_dir: Path) -> None:
    """Refuse a file of addresses inside the run's folder, through links too."""
    if path.resolve().is_relative_to(run_dir.resolve()):
        raise UsageError(said("contacts.inside", path=path, folder=run_dir))


def _read(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of one of our own CSV files, a youth at most once."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(said("error.no_such_file", path=path)) from None
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=path, why=error.strerror)) from None
    except UnicodeDecodeError:
        text = ""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    faults: list[Issue] = []
    rows: list[dict[str, str]] = []
    seen: set[str] = set()
    try:
        header = next(reader, [])
        faults += [
            Issue(
                reason="column_missing",
                file=str(path),
                column=name,
                message=said("error.missing_column"),
                hint=said("contacts.as_written_csv"),
            )
            for name in needed
            if name not in header
        ]
        for cells in reader if not faults else ():
            row = dict(zip(header, cells, strict=False))
            if len(cells) != len(header) or row["youth_id"] in seen:
                faults.append(
                    Issue(
                        reason="line_damaged",
                        file=str(path),
                        line=reader.line_num,
                        message=said("contacts.bad_row"),
                        hint=said("contacts.as_written"),
                    )
                )
                continue
            seen.add(row["youth_id"])
            rows.append(row)
    except csv.Error as error:
        faults.append(
            Issue(
                reason="line_damaged",
                file=str(path),
                line=reader.line_num,
                message=said("contacts.not_csv", why=error),
                hint=said("contacts.as_written"),
            )
        )
    if faults:
        raise InputError(faults)
    return rows


def _as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Return rows as CSV for French spreadsheets: ``;`` and a byte order mark."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _write_private(path: Path, content: bytes) -> None:
    """Replace `path` whole by `content`, for its owner only."""
    with replaced(path) as sink:
        sink.write(content)
