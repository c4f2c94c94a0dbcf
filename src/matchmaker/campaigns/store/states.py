"""What becomes of a line: written, answered, bounced, opposed, released, or a contract.

A line moves one way only, along the order in which `match --sent` reads several states of it: what
has freed a place never takes one again, since the place may have been given away.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, bindparam, select

from matchmaker.campaigns.store.log import LogEntry, append
from matchmaker.campaigns.store.opening import Store, stamp, writing
from matchmaker.campaigns.store.places import change_counts
from matchmaker.campaigns.store.schema import SENT, STATES, WAVES
from matchmaker.errors import UsageError
from matchmaker.lists.earlier import FREED
from matchmaker.words import said

__all__ = ["Moved", "mark_written", "note_states", "release"]

_RANK = {state: place for place, state in enumerate(STATES)}  # 0: the strongest


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a change of states came to.

    Attributes
    ----------
    moved : int
        Lines that have another state now.
    kept : int
        Lines that had this state, or a stronger one.
    unknown : int
        Lines that the store does not have.
    """

    moved: int
    kept: int
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    youth_id: str
    offer_id: str
    wave: int
    before: str
    after: str


def mark_written(
    store: Store,
    campaign: str,
    *,
    wave: int,
    territory: str,
    channel: str = "mail",
    at: dt.datetime,
) -> Moved:
    """Note that the lines of a wave, which were planned, have been written to the youths.

    Parameters
    ----------
    store : Store
    campaign : str
    wave : int
    territory : str
    channel : str
    at : datetime

    Returns
    -------
    Moved

    Raises
    ------
    UsageError
        The wave was not reserved.
    """
    with writing(store, campaign) as connection:
        rows = _lines(connection, campaign, wave=wave, territory=territory)
        moves = [_to(row, "written") for row in rows if row.state == "planned"]
        sent = {"sent_at": stamp(at)[:10], "channel": channel}
        _apply(connection, store, campaign, moves, at=at, **sent)
        if moves:
            _mark_wave(connection, campaign, wave, territory, "written")
    return Moved(moved=len(moves), kept=len(rows) - len(moves))


def release(
    store: Store, campaign: str, *, wave: int, territory: str, at: dt.datetime
) -> Moved:  # fmt: skip
    """Give back the places of a wave; what was sent stays known, so nobody gets it again.

    Lines that were answered, or led to a contract, keep their places.

    Parameters
    ----------
    store : Store
    campaign : str
    wave : int
    territory : str
    at : datetime

    Returns
    -------
    Moved

    Raises
    ------
    UsageError
        The wave was not reserved.
    """
    with writing(store, campaign) as connection:
        rows = _lines(connection, campaign, wave=wave, territory=territory)
        moves = [_to(row, "released") for row in rows if row.state in ("planned", "written")]
        _apply(connection, store, campaign, moves, at=at)
        if moves:
            _mark_wave(connection, campaign, wave, territory, "released")
    return Moved(moved=len(moves), kept=len(rows) - len(moves))


def note_states(store: Store, campaign: str, states: pd.DataFrame, *, at: dt.datetime) -> Moved:
    """Note what came back: of each line the strongest state that was told, in any order.

    Parameters
    ----------
    store : Store
    campaign : str
    states : DataFrame
        youth_id, offer_id, wave, state: as `matchmaker.campaigns.answers` gives them.
    at : datetime

    Returns
    -------
    Moved
    """
    told: dict[tuple[str, str, int], str] = {}
    listed = states[["youth_id", "offer_id", "wave", "state"]].itertuples(index=False)
    for youth, offer, wave, state in listed:
        if state not in _RANK:
            raise UsageError(said("store.no_state", state=state, known=list(STATES)))
        key = (youth, offer, int(wave))
        told[key] = min(state, told.get(key, state), key=_RANK.__getitem__)
    with writing(store, campaign) as connection:
        rows = {(r.youth_id, r.offer_id, r.wave): r for r in _all(connection, campaign)}
        known = {key: state for key, state in told.items() if key in rows}
        moves = [
            _to(rows[key], state)
            for key, state in sorted(known.items())
            if _RANK[state] < _RANK[rows[key].state]
        ]
        _apply(connection, store, campaign, moves, at=at)
    kept = len(known) - len(moves)
    return Moved(moved=len(moves), kept=kept, unknown=len(told) - len(known))


def _all(connection: Connection, campaign: str) -> Iterable[Any]:
    return connection.execute(select(SENT).where(SENT.c.campaign == campaign))


def _lines(connection: Connection, campaign: str, *, wave: int, territory: str) -> list[Any]:
    """Return the lines of a wave of a territory, in a fixed order."""
    is_it = (WAVES.c.wave == wave) & (WAVES.c.territory == territory)
    found = connection.execute(select(WAVES.c.state).where(WAVES.c.campaign == campaign, is_it))
    if found.first() is None:
        raise UsageError(
            said("store.no_wave", wave=wave, campaign=campaign, territory=territory)
        )  # fmt: skip
    rows = connection.execute(
        select(SENT).where(
            SENT.c.campaign == campaign, SENT.c.wave == wave, SENT.c.territory == territory
        )
    )
    return sorted(rows, key=lambda row: (row.youth_id, row.offer_id))


def _to(row: Any, state: str) -> _Move:
    return _Move(
        youth_id=row.youth_id,
        offer_id=row.offer_id,
        wave=row.wave,
        before=row.state,
        after=state,
    )


def _apply(
    connection: Connection,
    store: Store,
    campaign: str,
    moves: list[_Move],
    *,
    at: dt.datetime,
    **also: str,
) -> None:
    """Write new states, free the places that they free, and log it by youth."""
    if not moves:
        return
    is_it = (
        (SENT.c.campaign == campaign)
        & (SENT.c.wave == bindparam("of_wave"))
        & (SENT.c.youth_id == bindparam("of_youth"))
        & (SENT.c.offer_id == bindparam("of_offer"))
    )
    connection.execute(
        SENT.update().where(is_it),
        [
            {
                "of_wave": move.wave,
                "of_youth": move.youth_id,
                "of_offer": move.offer_id,
                "state": move.after,
                **also,
            }
            for move in moves
        ],
    )
    freed = Counter(
        move.offer_id for move in moves if move.after in FREED and move.before not in FREED
    )
    if freed:
        change_counts(connection, campaign, {offer: -n for offer, n in freed.items()})
    by_youth: dict[tuple[str, str, int], list[str]] = {}
    for move in moves:
        by_youth.setdefault((move.after, move.youth_id, move.wave), []).append(move.offer_id)
    entries = [
        LogEntry(kind=state, youth_id=youth, content={"wave": wave, "offers": offers})
        for (state, youth, wave), offers in sorted(by_youth.items())
    ]
    append(connection, campaign, entries, at=stamp(at), draw=store.draw)


def _mark_wave(
    connection: Connection, campaign: str, wave: int, territory: str, state: str
) -> None:
    connection.execute(
        WAVES.update()
        .where(
            WAVES.c.campaign == campaign, WAVES.c.wave == wave, WAVES.c.territory == territory
        )
        .values(state=state)
    )  # fmt: skip
