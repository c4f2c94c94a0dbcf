"""Addresses of youths: written outside a run's folder, joined to its mailing file.

A run's folder holds pseudonyms only.  ``contacts.csv`` (asked for with
``--contacts``) says which line of the source file and which addresses a pseudonym
stands for, and the key beside it lets the next file give the same pseudonyms.
How the pseudonyms are made is explained in
``docs/reference/sources/affelnet.md``.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError

__all__ = ["Joined", "join", "key_path", "read_or_make_key", "write"]

_KEY_BYTES = 32
_COLUMNS = ("youth_id", "source_line", "emails")


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
        The file cannot be read or made, or holds no such key.
    """
    try:
        text = path.read_bytes().decode("ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError:
        key = secrets.token_bytes(_KEY_BYTES)
        _write_private(path, (key.hex() + "\n").encode("ascii"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from None
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise UsageError(
            f"{path}: is no key of pseudonyms (64 hexadecimal signs). "
            "Put the right file back; with a new key all youths get new ids."
        )
    return key


def write(contacts: pd.DataFrame, path: Path, *, run_dir: Path) -> None:
    """Write the contacts to `path`, readable by its owner only, whatever the umask.

    Parameters
    ----------
    contacts : DataFrame
        `WishFile.contacts`: youth_id, source_line, emails.
    path : Path
        Where to; replaced whole.
    run_dir : Path
        The run's folder, in which no address may lie.

    Raises
    ------
    UsageError
        `path` lies in `run_dir`, or cannot be written.
    """
    _refuse_inside(path, run_dir)
    rows = contacts.loc[:, list(_COLUMNS)].sort_values("youth_id").itertuples(index=False)
    _write_private(path, _as_csv([_COLUMNS, *rows]))


def join(run_dir: Path, contacts_csv: Path) -> Joined:
    """Write the file that a mailing tool takes: the run's lists with the addresses.

    One row a youth, never one an address: siblings who share an address keep a row
    each, marked ``adresse_partagee`` = ``oui`` so that nobody lets the tool merge
    them. The file goes beside the contacts, since no address may lie in the run.

    Parameters
    ----------
    run_dir : Path
        Folder of a run; its ``mailing.csv`` is read.
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
        A file lacks its columns, names a youth twice, or no youth stands in both.
    """
    _refuse_inside(contacts_csv, run_dir)
    mailing = _read(run_dir / "mailing.csv", ("youth_id",))
    contacts = {row["youth_id"]: row for row in _read(contacts_csv, _COLUMNS)}
    known = [row for row in mailing if row["youth_id"] in contacts]
    if mailing and not known:
        raise InputError(
            [
                Issue(
                    reason="contacts_of_another_run",
                    file=str(contacts_csv),
                    message="holds no youth of this run",
                    hint="Take the contacts file written with this run, or run again with its key.",
                )
            ]
        )
    addresses = {
        row["youth_id"]: [a for a in contacts[row["youth_id"]]["emails"].split("|") if a]
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
                    "oui" if times[mails[0].casefold()] > 1 else "non",
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
        shared=sum(row[partaken] == "oui" for row in table[1:]),
    )


def _refuse_inside(path: Path, run_dir: Path) -> None:
    """Refuse a file of addresses inside the run's folder, through links too."""
    if path.resolve().is_relative_to(run_dir.resolve()):
        raise UsageError(
            f"{path}: lies in the run's folder {run_dir}, which holds no addresses. "
            "Name a file elsewhere."
        )


def _read(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of one of our own CSV files, a youth at most once."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file.") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from None
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
                message="is not there",
                hint="Take the file as matchmaker wrote it (separator ';', UTF-8).",
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
                        message="has more or fewer cells than the header, or a youth seen above",
                        hint="Take the file as matchmaker wrote it.",
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
                message=f"cannot be read as CSV ({error})",
                hint="Take the file as matchmaker wrote it.",
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
    """Replace `path` whole by `content`, mode 0600 from the first byte on."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            temporary.chmod(0o600)  # a umask such as 0277 takes the owner's rights too
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}).") from None
    finally:
        temporary.unlink(missing_ok=True)
