"""Places of offers reserved and lines recorded: one transaction a territory and wave."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, func, select

from matchmaker.campaigns.sent_table import SENT_COLUMNS
from matchmaker.campaigns.store.log import LogEntry, append
from matchmaker.campaigns.store.opening import Store, reading, stamp, writing
from matchmaker.campaigns.store.places import change_counts
from matchmaker.campaigns.store.rows import Cell, insert_columns
from matchmaker.campaigns.store.schema import EXPOSURE, FORGOTTEN, QUOTAS, SENT, WAVES, YOUTHS
from matchmaker.errors import CheckError
from matchmaker.hashing import hash_ids
from matchmaker.lists.earlier import FREED
from matchmaker.words import said

__all__ = ["Asked", "Reserved", "reserve", "sent_lines", "set_quotas"]

_LINE = ("youth_id", "offer_id", "slot", "message_id")
_ENDS = {"opposed": "opposed", "contract": "found"}  # states after which nobody is written to


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """The lines that a territory wants to send in a wave.

    Attributes
    ----------
    campaign : str
    wave : int
    territory : str
    run_id : str
        Of the run that made the lists.
    lines : DataFrame
        youth_id, offer_id, slot, message_id.
    caps : mapping of str to int
        Of each offer of the lines, in how many lists of the campaign it may stand; of others too
        where the caps of today are to be kept.
    """

    campaign: str
    wave: int
    territory: str
    run_id: str
    lines: pd.DataFrame
    caps: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reserved:
    """What a territory was given.

    Attributes
    ----------
    lines : DataFrame
        youth_id, offer_id, slot, message_id of the lines that stand in the store now.
    refused : DataFrame
        The same columns and ``why``: full, quota, opposed, found, sent_before; of a wave that was
        reserved before, ``reserved_before``.
    is_new : bool
        False where the same run had reserved this wave before: nothing was changed.
    """

    lines: pd.DataFrame
    refused: pd.DataFrame
    is_new: bool


def reserve(store: Store, asked: Asked, *, at: dt.datetime, whole: bool = False) -> Reserved:
    """Reserve places and record the lines as planned: all of it, or nothing of it.

    Where an offer has fewer places left than it is asked for, first lines of a list come before
    second ones, and among equals a hash decides; the order of rows changes nothing.

    Parameters
    ----------
    store : Store
    asked : Asked
    at : datetime
    whole : bool
        Refuse the wave where one line would be refused.

    Returns
    -------
    Reserved

    Raises
    ------
    CheckError
        Another run has reserved this wave for this territory; or `whole`, and not all can be had.
    """
    order = _in_order(asked)  # before others have to wait
    with writing(store, asked.campaign) as connection:
        if _is_reserved(connection, asked):
            return _before(connection, asked)
        youths = _youths(connection, asked.campaign)
        granted, refused = _shared_out(connection, asked, order, youths)
        if whole and len(refused):
            counts = Counter(refused["why"])
            raise CheckError(
                said(
                    "store.not_whole",
                    store=store.shown,
                    wave=asked.wave,
                    n=len(refused),
                    lines=len(asked.lines),
                    why=[f"{why} {n}" for why, n in sorted(counts.items())],
                )
            )
        new = sorted({*granted["youth_id"].tolist()} - youths)
        of = {"campaign": [asked.campaign] * len(new), "territory": [asked.territory] * len(new)}
        insert_columns(connection, YOUTHS, {**of, "youth_id": new})
        _record(connection, store, asked, granted, at)
    return Reserved(lines=granted, refused=refused, is_new=True)


def sent_lines(store: Store, campaign: str) -> pd.DataFrame:
    """Return all lines of a campaign, as `match --sent` reads them.

    Parameters
    ----------
    store : Store
    campaign : str

    Returns
    -------
    DataFrame
        `SENT_COLUMNS`, by youth, wave, slot and offer; the same for both databases.
    """
    with reading(store, campaign) as connection:
        rows = connection.execute(
            select(*(SENT.c[name] for name in SENT_COLUMNS)).where(SENT.c.campaign == campaign)
        ).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(SENT_COLUMNS))
    frame = frame.sort_values(["youth_id", "wave", "slot", "offer_id"], ignore_index=True)
    return frame.astype(str)


def set_quotas(
    store: Store, campaign: str, percents: Mapping[str, int], *, at: dt.datetime
) -> None:
    """Say what share of each offer's places a territory may take; of others nothing is asked.

    Parameters
    ----------
    store : Store
    campaign : str
    percents : mapping of str to int
        By territory, 0 to 100; rounded up to a whole place of each offer.
    at : datetime
    """
    with writing(store, campaign) as connection:
        known = {
            row.territory: row.percent
            for row in connection.execute(select(QUOTAS).where(QUOTAS.c.campaign == campaign))
        }
        if known == dict(percents):
            return
        connection.execute(QUOTAS.delete().where(QUOTAS.c.campaign == campaign))
        if percents:
            connection.execute(
                QUOTAS.insert(),
                [
                    {"campaign": campaign, "territory": territory, "percent": percent}
                    for territory, percent in sorted(percents.items())
                ],
            )
        entry = LogEntry(kind="quotas", youth_id="", content={"percents": dict(percents)})
        append(connection, campaign, [entry], at=stamp(at), draw=store.draw)


def _is_reserved(connection: Connection, asked: Asked) -> bool:
    """Tell whether the same run has reserved the wave before; refuse another run."""
    run_id = connection.execute(
        select(WAVES.c.run_id).where(
            WAVES.c.campaign == asked.campaign,
            WAVES.c.wave == asked.wave,
            WAVES.c.territory == asked.territory,
        )
    ).scalar()
    if run_id is not None and run_id != asked.run_id:
        raise CheckError(
            said(
                "store.other_run",
                wave=asked.wave,
                campaign=asked.campaign,
                territory=asked.territory,
                run=run_id,
            )
        )
    return run_id is not None


def _before(connection: Connection, asked: Asked) -> Reserved:
    """Return what was reserved when the same wave was asked for first."""
    rows = connection.execute(
        select(*(SENT.c[name] for name in _LINE)).where(
            SENT.c.campaign == asked.campaign,
            SENT.c.wave == asked.wave,
            SENT.c.territory == asked.territory,
        )
    ).all()
    lines = pd.DataFrame([tuple(row) for row in rows], columns=list(_LINE))
    lines = lines.sort_values(["youth_id", "slot", "offer_id"], ignore_index=True)
    pairs = {*zip(lines["youth_id"], lines["offer_id"], strict=True)}
    wanted = asked.lines[list(_LINE)]
    is_there = [p in pairs for p in zip(wanted["youth_id"], wanted["offer_id"], strict=True)]
    refused = wanted[[not one for one in is_there]].assign(why="reserved_before")
    return Reserved(lines=lines, refused=refused.reset_index(drop=True), is_new=False)


def _in_order(asked: Asked) -> pd.DataFrame:
    """Return the lines in the order in which they are given places."""
    lines = asked.lines[list(_LINE)]
    pairs = map("|".join, zip(lines["youth_id"].tolist(), lines["offer_id"].tolist(), strict=True))
    lots = hash_ids(pairs, seed=asked.wave)
    order = lines.assign(lot=lots).sort_values(["slot", "lot", "youth_id", "offer_id"])
    return order.drop(columns="lot")


def _shared_out(
    connection: Connection, asked: Asked, order: pd.DataFrame, youths: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lines that can be had and those that cannot, each with its reason.

    `youths` are those of the campaign so far.
    """
    taken = {
        row.offer_id: row.n
        for row in connection.execute(
            select(EXPOSURE.c.offer_id, EXPOSURE.c.n).where(EXPOSURE.c.campaign == asked.campaign)
        )
    }
    ended = _ended(connection, asked.campaign)
    is_known = not youths.isdisjoint(asked.lines["youth_id"].tolist())
    before = _pairs(connection, asked.campaign) if is_known else set()
    percent = connection.execute(
        select(QUOTAS.c.percent).where(
            QUOTAS.c.campaign == asked.campaign, QUOTAS.c.territory == asked.territory
        )
    ).scalar()
    own = {} if percent is None else _taken_by(connection, asked)
    why = []
    for youth, offer in zip(order["youth_id"].tolist(), order["offer_id"].tolist(), strict=True):
        cap, n = asked.caps[offer], taken.get(offer, 0)
        if youth in ended:
            reason = ended[youth]
        elif (youth, offer) in before:
            reason = "sent_before"
        elif n >= cap:
            reason = "full"
        elif percent is not None and own.get(offer, 0) >= -(-cap * percent // 100):
            reason = "quota"
        else:
            reason = ""
            taken[offer] = n + 1
            own[offer] = own.get(offer, 0) + 1
            before.add((youth, offer))
        why.append(reason)
    order = order.assign(why=why).sort_values(["youth_id", "slot", "offer_id"])
    granted = order[order["why"] == ""].drop(columns="why")
    return granted.reset_index(drop=True), order[order["why"] != ""].reset_index(drop=True)


def _pairs(connection: Connection, campaign: str) -> set[tuple[str, str]]:
    """Return youth and offer of all lines of a campaign."""
    rows = connection.execute(
        select(SENT.c.youth_id, SENT.c.offer_id).where(SENT.c.campaign == campaign)
    )
    return {(youth, offer) for youth, offer in rows}


def _youths(connection: Connection, campaign: str) -> set[str]:
    rows = connection.execute(select(YOUTHS.c.youth_id).where(YOUTHS.c.campaign == campaign))
    return {*rows.scalars()}


def _ended(connection: Connection, campaign: str) -> dict[str, str]:
    """Return who is not written to any more, and why."""
    rows = connection.execute(
        select(SENT.c.youth_id, SENT.c.state)
        .where(SENT.c.campaign == campaign, SENT.c.state.in_(list(_ENDS)))
        .distinct()
    )
    found: dict[str, str] = {}
    for youth, state in sorted(tuple(row) for row in rows):
        found[youth] = "opposed" if found.get(youth) == "opposed" else _ENDS[state]
    return found


def _taken_by(connection: Connection, asked: Asked) -> dict[str, int]:
    """Return how many places of each offer a territory takes, forgotten youths included."""
    lines = (
        select(SENT.c.offer_id, func.count())
        .where(
            SENT.c.campaign == asked.campaign,
            SENT.c.territory == asked.territory,
            SENT.c.state.not_in(FREED),
        )
        .group_by(SENT.c.offer_id)
    )
    gone = select(FORGOTTEN.c.offer_id, FORGOTTEN.c.n).where(
        FORGOTTEN.c.campaign == asked.campaign, FORGOTTEN.c.territory == asked.territory
    )
    taken: Counter[str] = Counter()
    for offer, n in [*connection.execute(lines), *connection.execute(gone)]:
        taken[offer] += n
    return dict(taken)


def _record(
    connection: Connection, store: Store, asked: Asked, granted: pd.DataFrame, at: dt.datetime
) -> None:
    """Write the wave, its lines and what they take of each offer."""
    of = {"campaign": asked.campaign, "territory": asked.territory}
    connection.execute(
        WAVES.insert().values(
            **of, wave=asked.wave, run_id=asked.run_id, state="planned", reserved_at=stamp(at)
        )
    )
    added = Counter(granted["offer_id"].tolist())
    change_counts(connection, asked.campaign, {o: added[o] for o in asked.caps}, asked.caps)
    n = len(granted)
    same: dict[str, Cell] = {
        **of,
        "wave": asked.wave,
        "sent_at": "",
        "state": "planned",
        "channel": "",
    }
    columns: dict[str, Sequence[Cell]] = {name: [value] * n for name, value in same.items()}
    columns |= {name: granted[name].tolist() for name in _LINE}
    insert_columns(connection, SENT, columns)
    entries = [*_entries(asked, granted)]
    append(connection, asked.campaign, entries, at=stamp(at), draw=store.draw)


def _entries(asked: Asked, granted: pd.DataFrame) -> Iterator[LogEntry]:
    """Yield one entry a youth, so that one can be forgotten without another, and the wave's own."""
    about = {"wave": asked.wave, "territory": asked.territory}
    total = {**about, "run_id": asked.run_id, "lines": len(granted)}
    yield LogEntry(kind="reserved_wave", youth_id="", content=total)
    offers: dict[str, list[str]] = {}
    for youth, offer in zip(
        granted["youth_id"].tolist(), granted["offer_id"].tolist(), strict=True
    ):
        offers.setdefault(youth, []).append(offer)
    for youth, listed in offers.items():
        yield LogEntry(kind="reserved", youth_id=youth, content={**about, "offers": listed})
