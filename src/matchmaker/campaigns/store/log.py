"""The log of what was done: a chain of commitments whose contents can be forgotten.

h_n = SHA-256(h_(n-1) | kind | time | SHA-256(salt_n | payload_n)), with "|" written as such.
Salt and payload lie in another table; forgetting deletes them, and the chain still holds.
Without its salt a commitment tells nothing, even to who can guess the payload.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from matchmaker.campaigns.store.rows import insert_columns
from matchmaker.campaigns.store.schema import CAMPAIGNS, LOG, PAYLOADS

__all__ = ["LogEntry", "append", "first_head", "log_faults"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One thing that was done.

    Attributes
    ----------
    kind : str
        reserved, written, answered, released, told, forgotten ...
    youth_id : str
        Whom it is about; "" for nobody.
    content : dict
        Ids and figures.
    """

    kind: str
    youth_id: str
    content: dict[str, Any]


def first_head(campaign: str) -> str:
    """Return what the chain of a campaign starts from.

    Parameters
    ----------
    campaign : str

    Returns
    -------
    str
    """
    return sha256(f"matchmaker|{campaign}".encode()).hexdigest()


def append(
    connection: Connection,
    campaign: str,
    entries: Sequence[LogEntry],
    *,
    at: str,
    draw: Callable[[], str],
) -> None:
    """Add entries to the chain, in the caller's transaction.

    Parameters
    ----------
    connection : Connection
        Which holds the campaign.
    campaign : str
    entries : sequence of LogEntry
    at : str
        As `matchmaker.campaigns.store.opening.stamp` gives it.
    draw : callable
        Gives a salt.
    """
    if not entries:
        return
    is_it = CAMPAIGNS.c.campaign == campaign
    n, head = connection.execute(
        select(CAMPAIGNS.c.entries, CAMPAIGNS.c.head).where(is_it)
    ).one()  # fmt: skip
    links, contents = [], []
    for entry in entries:
        n += 1
        salt, payload = draw(), _text(entry)
        commitment = _committed(salt, payload)
        head = _next(head, entry.kind, at, commitment)
        links.append((campaign, n, entry.kind, at, commitment, head))
        contents.append((campaign, n, entry.youth_id, salt, payload))
    for table, rows in ((LOG, links), (PAYLOADS, contents)):
        names = [column.name for column in table.columns]
        columns = [list(column) for column in zip(*rows, strict=True)]
        insert_columns(connection, table, dict(zip(names, columns, strict=True)))
    connection.execute(CAMPAIGNS.update().where(is_it).values(entries=n, head=head))


def log_faults(connection: Connection, campaign: str) -> list[tuple[int, str]]:
    """Return where the log of a campaign is not as it was written.

    Parameters
    ----------
    connection : Connection
    campaign : str

    Returns
    -------
    list of (int, str)
        Number of the entry, and what is wrong: ``gap`` (an entry is missing or too much),
        ``chain`` (an entry was changed or stands in another's place), ``payload`` (what it was
        about was changed), ``head`` (the last entries are gone). None where it holds. A payload
        that is gone is none: it was forgotten.
    """
    entries, head = connection.execute(
        select(CAMPAIGNS.c.entries, CAMPAIGNS.c.head).where(CAMPAIGNS.c.campaign == campaign)
    ).one()
    rows = connection.execute(select(LOG).where(LOG.c.campaign == campaign).order_by(LOG.c.n))
    kept = {
        row.n: row
        for row in connection.execute(select(PAYLOADS).where(PAYLOADS.c.campaign == campaign))
    }
    faults: list[tuple[int, str]] = []
    at, h = 0, first_head(campaign)
    for row in rows:
        if row.n != at + 1:
            faults.append((at + 1, "gap"))
        elif row.h != _next(h, row.kind, row.at, row.commitment):
            faults.append((row.n, "chain"))
        at, h = row.n, row.h
        payload = kept.pop(row.n, None)
        if payload is not None and not _is_whole(payload, row.commitment):
            faults.append((row.n, "payload"))
    faults += [(n, "payload") for n in sorted(kept)]
    if (at, h) != (entries, head):
        faults.append((entries, "head"))
    return faults


def _is_whole(row: Any, commitment: str) -> bool:
    """Tell whether a payload is the one that was committed to, and of the youth it names."""
    is_same = _committed(row.salt, row.payload) == commitment
    return is_same and json.loads(row.payload).get("youth_id", "") == row.youth_id


def _text(entry: LogEntry) -> str:
    content = {**entry.content, **({"youth_id": entry.youth_id} if entry.youth_id else {})}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _committed(salt: str, payload: str) -> str:
    return sha256(f"{salt}|{payload}".encode()).hexdigest()


def _next(head: str, kind: str, at: str, commitment: str) -> str:
    return sha256(f"{head}|{kind}|{at}|{commitment}".encode()).hexdigest()
