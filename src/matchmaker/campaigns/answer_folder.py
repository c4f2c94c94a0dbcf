"""The wave that answers come back to, and the folder of what they came to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from matchmaker.campaigns.addresses import marks
from matchmaker.campaigns.answers import Answers, Wave
from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.key_path import key_path
from matchmaker.replacing import replaced
from matchmaker.runs.folder import MANIFEST
from matchmaker.tables.contacts import read_contacts, read_or_make_key
from matchmaker.words import said

__all__ = ["ANSWERS", "read_wave", "write_answers"]

ANSWERS = "answers.json"  # the folder's own, written last
_PLAN, _MAIL = "plan.parquet", "mail.json"
_COLUMNS = ("message_id", "address", "youth_id", "slot", "offer_id")
_MADE_BY = "matchmaker answers"
_GUARDED = tuple("=+-@\t\r")


def read_wave(folder: Path, contacts: Path | None) -> Wave:
    """Read the plan of a wave that was sent.

    Parameters
    ----------
    folder : Path
        What `matchmaker mail --out` wrote.
    contacts : Path or None
        File of contacts beside which the campaign's key lies.

    Returns
    -------
    Wave

    Raises
    ------
    UsageError
        There is no plan, or no key.
    InputError
        The plan lacks a column, or was a trial.
    """
    path = folder / _PLAN
    try:
        plan = pd.read_parquet(path)
    except FileNotFoundError:
        raise UsageError(said("answers.no_plan", path=path)) from None
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(said("error.cannot_read", path=path, why=error)) from None
    missing = [name for name in _COLUMNS if name not in plan]
    if missing:
        raise InputError(
            [
                Issue(reason="column_missing", file=str(path), column=name,
                      message=said("error.missing_column"), hint=said("answers.as_written"))
                for name in missing
            ]
        )  # fmt: skip
    facts = _facts(folder / _MAIL)
    if facts.get("is_test"):
        raise UsageError(said("answers.trial", path=folder))
    told = facts.get("options", {})
    campaign, wave = str(told.get("campaign", "")), str(told.get("wave", ""))
    key, people = None, None
    if contacts is not None:
        if not key_path(contacts).exists():
            raise UsageError(said("error.no_such_file", path=key_path(contacts)))
        key = read_or_make_key(key_path(contacts))
        # Answers come late: the file may be of the next run by now, if the key is the same.
        is_of_campaign = _made_with(key, plan, campaign, wave)
        people = read_contacts(contacts, run_id=None if is_of_campaign else facts.get("run_id"))
    return Wave(
        plan=plan.astype({name: "str" for name in _COLUMNS if name != "slot"}),
        campaign=campaign,
        wave=wave,
        key=key,
        people=people,
    )


def _made_with(key: bytes, plan: pd.DataFrame, campaign: str, wave: str) -> bool:
    """Tell whether a key made the ids of a plan's messages."""
    first = plan.head(1)
    return bool(len(first)) and marks(key, campaign, wave, first["address"]) == [
        str(one) for one in first["message_id"]
    ]


def _facts(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def write_answers(answers: Answers, out: Path, *, run_dirs: Iterable[Path] = ()) -> tuple[str, ...]:
    """Write a folder of answers in the place of an earlier one, for its owner only.

    Parameters
    ----------
    answers : Answers
    out : Path
    run_dirs : iterable of Path
        Folders in which no address may lie.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    UsageError
        The folder is a run, lies in one, holds what is not ours, or cannot be written.
    """
    for folder in (out, *out.resolve().parents, *run_dirs):
        if (folder / MANIFEST).exists():
            raise UsageError(said("contacts.inside", path=out, folder=folder))
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not _is_ours(out))):
        raise UsageError(said("answers.foreign", path=out))
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        out.chmod(0o700)
    except OSError as error:
        raise UsageError(said("error.cannot_write", path=out, why=error.strerror)) from None
    _put(out / ANSWERS, json.dumps({"made_by": _MADE_BY}).encode())
    names = []
    for field in fields(answers):
        table = getattr(answers, field.name)
        if isinstance(table, pd.DataFrame):
            names.append(f"{field.name}.csv")
            _put(out / names[-1], _as_csv(table))
    facts = {"made_by": _MADE_BY, "format": 1, "counts": answers.counts, "files": names}
    _put(out / ANSWERS, json.dumps(facts, indent=1).encode() + b"\n")
    return tuple(names)


def _is_ours(out: Path) -> bool:
    return _facts(out / ANSWERS).get("made_by") == _MADE_BY


def _as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV; a cell that a spreadsheet would run is guarded as in a run's files."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow([f"'{cell}" if cell.startswith(_GUARDED) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _put(path: Path, content: bytes) -> None:
    with replaced(path) as sink:
        sink.write(content)
