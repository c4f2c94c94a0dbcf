"""What people say: words of advisers, outcomes of their calls, contracts, oppositions as hashes.

The columns are those of ``words.csv`` and ``outcomes.csv``, but a name stands in none: who said it
is kept as a mark of the campaign's key, and of a free text only that there is one.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, select

from matchmaker.campaigns.store.log import LogEntry, append
from matchmaker.campaigns.store.opening import Store, stamp, writing
from matchmaker.campaigns.store.schema import (
    CONTRACT_COLUMNS,
    CONTRACTS,
    OPPOSITIONS,
    OUTCOMES_TOLD,
    WORDS_TOLD,
)
from matchmaker.follow_up.returned import WORDS

__all__ = ["note_contracts", "note_oppositions", "note_words"]

_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*|[A-Z][0-9]{4}|[A-Z0-9:.-]{1,20}|")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|")
_NUMBER = re.compile(r"\d{9}|\d{14}|")  # SIREN, SIRET
_WITH_CODES = frozenset({"outcome", "known"})  # words whose value is one of a closed list


def note_words(
    store: Store, campaign: str, words: pd.DataFrame, *, key: bytes, at: dt.datetime
) -> int:
    """Note words of advisers; those that are there stay.

    Parameters
    ----------
    store : Store
    campaign : str
    words : DataFrame
        The columns of ``words.csv``.
    key : bytes
        The campaign's.
    at : datetime

    Returns
    -------
    int
        How many are new.
    """
    rows = [dict(zip(WORDS, row, strict=True)) for row in words[list(WORDS)].to_numpy().tolist()]
    for row in rows:
        row["by"] = _mark(key, row["by"])
        row["employer"] = _only(_NUMBER, row["employer"])
        row["value"] = _only(_CODE, row["value"]) if row["word"] in _WITH_CODES else ""
        row["on"] = _only(_DAY, row["on"])
    outcomes = [row for row in rows if row["word"] == "outcome"]
    others = [row for row in rows if row["word"] != "outcome"]
    with writing(store, campaign) as connection:
        return sum(
            _add(connection, store, campaign, table, told, at=at)
            for table, told in ((OUTCOMES_TOLD, outcomes), (WORDS_TOLD, others))
        )


def note_contracts(
    store: Store, campaign: str, outcomes: pd.DataFrame, *, key: bytes, at: dt.datetime
) -> int:
    """Note what is said of contracts of youths whose id is known; what is there stays.

    Parameters
    ----------
    store : Store
    campaign : str
    outcomes : DataFrame
        The columns of ``outcomes.csv``. Rows without a youth_id are left out: the store does not
        hold the birth date that would tell whose they are.
    key : bytes
        The campaign's.
    at : datetime

    Returns
    -------
    int
        How many are new.
    """
    known = outcomes.loc[outcomes["youth_id"] != "", list(CONTRACT_COLUMNS)]
    rows = [dict(zip(CONTRACT_COLUMNS, row, strict=True)) for row in known.to_numpy().tolist()]
    for row in rows:
        row["by"] = _mark(key, row["by"])
        row["siret"] = _only(_NUMBER, row["siret"])
        row["diploma_code"] = _only(_CODE, row["diploma_code"])
        for day in ("signed_on", "broken_on", "on"):
            row[day] = _only(_DAY, row[day])
    with writing(store, campaign) as connection:
        return _add(connection, store, campaign, CONTRACTS, rows, at=at)


def note_oppositions(
    store: Store, campaign: str, marks: Iterable[bytes], *, since: dt.date, at: dt.datetime
) -> int:
    """Note who must not be written to, as `matchmaker.tables.oppositions.mark` gives it.

    Parameters
    ----------
    store : Store
    campaign : str
    marks : iterable of bytes
        32 of them each: HMAC-SHA-256 of a normal form.
    since : date
    at : datetime

    Returns
    -------
    int
        How many are new.
    """
    day = since.isoformat()
    with writing(store, campaign) as connection:
        known = connection.execute(
            select(OPPOSITIONS.c.mark).where(OPPOSITIONS.c.campaign == campaign)
        )
        new = sorted({one.hex() for one in marks} - {*known.scalars()})
        if new:
            rows = [
                {"campaign": campaign, "mark": one, "since": day, "source": "file"} for one in new
            ]
            connection.execute(OPPOSITIONS.insert(), rows)
            entry = LogEntry(kind="oppositions", youth_id="", content={"n": len(new), "since": day})
            append(connection, campaign, [entry], at=stamp(at), draw=store.draw)
    return len(new)


def _add(
    connection: Connection,
    store: Store,
    campaign: str,
    table: Table,
    rows: list[dict[str, Any]],
    *,
    at: dt.datetime,
) -> int:
    """Insert the rows that are not there, and log each by its youth."""
    names = [column.name for column in table.columns]
    asked = {tuple({"campaign": campaign, **row}[name] for name in names) for row in rows}
    known = {
        tuple(row)
        for row in connection.execute(select(table).where(table.c.campaign == campaign))
    }  # fmt: skip
    new = [dict(zip(names, row, strict=True)) for row in sorted(asked - known)]
    if new:
        connection.execute(table.insert(), new)
    entries = [
        LogEntry(
            kind="contract_told" if table is CONTRACTS else "word",
            youth_id=row["youth_id"],
            content={name: v for name, v in row.items() if name not in ("campaign", "youth_id")},
        )
        for row in new
    ]
    append(connection, campaign, entries, at=stamp(at), draw=store.draw)
    return len(new)


def _mark(key: bytes, name: str) -> str:
    """Return 16 signs that tell one adviser from another, and not who it is."""
    return hmac.digest(key, f"adviser|{name}".encode(), "sha256").hex()[:16] if name else ""


def _only(form: re.Pattern[str], text: str) -> str:
    """Return a text of a form that can hold no name; of all others nothing."""
    return text if form.fullmatch(text) else ""
