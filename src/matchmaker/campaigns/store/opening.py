"""Opening a store, and the one transaction in which anything in it changes."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from matchmaker.campaigns.store.log import first_head
from matchmaker.campaigns.store.schema import CAMPAIGNS
from matchmaker.campaigns.store.versions import migrate
from matchmaker.errors import BusyError, InfeasibleError, UsageError
from matchmaker.words import said

__all__ = [
    "Store",
    "begin_campaign",
    "draw_salt",
    "open_store",
    "reading",
    "stamp",
    "writing",
    "writing_all",
]

_PATIENCE_S = 60  # how long one region waits for the others; a wave takes seconds
_READS = "matchmaker_reads"
_NEWCOMERS = 0x6D61746368  # lock of PostgreSQL that is held while tables are made


def draw_salt() -> str:
    """Return 64 hexadecimal signs that nobody can guess or make again."""
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store that was opened.

    Attributes
    ----------
    engine : Engine
    shown : str
        Its path, or its URL without the password.
    draw : callable
        Gives the salt of an entry of the log.
    """

    engine: Engine
    shown: str
    draw: Callable[[], str] = draw_salt


def stamp(at: dt.datetime) -> str:
    """Return a moment as the store writes it, in UTC.

    Parameters
    ----------
    at : datetime
        With its time zone.

    Returns
    -------
    str

    Examples
    --------
    >>> stamp(dt.datetime(2026, 12, 1, 3, 30, tzinfo=dt.UTC))
    '2026-12-01T03:30:00Z'
    """
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def open_store(where: str | Path, *, create: bool = False) -> Store:
    """Open a store; an older schema is brought to today's first.

    Parameters
    ----------
    where : str or Path
        A path (SQLite), or a URL of PostgreSQL.
    create : bool
        Make the file, or the tables in an empty database, where there are none.

    Returns
    -------
    Store

    Raises
    ------
    UsageError
        It is not there, is no store, is of a newer matchmaker, or cannot be reached.
    BusyError
        Somebody else is writing for longer than a minute.
    """
    url = _url(where)
    shown = str(url.database) if _is_file(url) else url.render_as_string(hide_password=True)
    if _is_file(url):
        _file(Path(str(url.database)), shown, create=create)
    store = Store(engine=_engine(url, shown), shown=shown)
    with writing_all(store) as connection:
        if migrate(connection, shown) == 0 and not create:
            raise UsageError(said("store.empty", store=shown))
    return store


@contextmanager
def writing(store: Store, campaign: str) -> Iterator[Connection]:
    """Change a campaign in one transaction: all that is done within, or nothing.

    Whoever else writes to the campaign waits: places are counted and the log is chained one after
    the other, so no two can wait for each other.

    Parameters
    ----------
    store : Store
    campaign : str

    Yields
    ------
    Connection

    Raises
    ------
    UsageError
        There is no such campaign.
    BusyError, InfeasibleError
        The store is held by others, or fails.
    """
    with _told(store), store.engine.begin() as connection:
        held = select(CAMPAIGNS.c.campaign).where(CAMPAIGNS.c.campaign == campaign)
        if connection.execute(held.with_for_update()).first() is None:
            raise UsageError(_no_campaign(connection, store, campaign))
        yield connection


@contextmanager
def reading(store: Store, campaign: str | None = None) -> Iterator[Connection]:
    """Read a store at one moment, without making writers wait.

    Parameters
    ----------
    store : Store
    campaign : str, optional
        One that has to be there.

    Yields
    ------
    Connection

    Raises
    ------
    UsageError, BusyError, InfeasibleError
        As `writing`.
    """
    with _told(store), store.engine.connect() as plain:
        connection = plain.execution_options(
            **{_READS: True}, **_one_moment(store.engine.dialect.name)
        )
        if campaign is not None:
            there = select(CAMPAIGNS.c.campaign).where(CAMPAIGNS.c.campaign == campaign)
            if connection.execute(there).first() is None:
                raise UsageError(_no_campaign(connection, store, campaign))
        yield connection


@contextmanager
def writing_all(store: Store) -> Iterator[Connection]:
    """Change the store in one transaction while nobody begins or brings in a campaign.

    Parameters
    ----------
    store : Store

    Yields
    ------
    Connection

    Raises
    ------
    BusyError, InfeasibleError
        As `writing`.
    """
    with _told(store), store.engine.begin() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_NEWCOMERS})"))
        yield connection


def begin_campaign(store: Store, campaign: str, *, at: dt.datetime) -> bool:
    """Note a campaign; one that is there stays as it is.

    Parameters
    ----------
    store : Store
    campaign : str
    at : datetime

    Returns
    -------
    bool
        Whether it is new.
    """
    with writing_all(store) as connection:
        there = select(CAMPAIGNS.c.campaign).where(CAMPAIGNS.c.campaign == campaign)
        if connection.execute(there).first() is not None:
            return False
        connection.execute(
            CAMPAIGNS.insert().values(
                campaign=campaign, begun_at=stamp(at), entries=0, head=first_head(campaign)
            )
        )
        return True


def _no_campaign(connection: Connection, store: Store, campaign: str) -> Any:
    known = sorted(connection.execute(select(CAMPAIGNS.c.campaign)).scalars())
    return said("store.no_campaign", store=store.shown, campaign=campaign, known=known)


def _one_moment(dialect: str) -> dict[str, Any]:
    """Return the options that let several statements see the same rows."""
    return {"isolation_level": "REPEATABLE READ"} if dialect == "postgresql" else {}


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _url(where: str | Path) -> URL:
    """Return the URL of a path or of a text."""
    given = str(where)
    if "://" not in given:
        return URL.create("sqlite", database=given)
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise UsageError(said("store.bad_url")) from None  # quotes no password
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise UsageError(said("store.bad_url"))


def _file(path: Path, shown: str, *, create: bool) -> None:
    """Make the file of a new store, for its owner only: SQLite's other files take its rights.

    Write-ahead logging stays with the file, and is not asked of a file that may be somebody else's.
    """
    if path.is_file() and (path.stat().st_size or not create):
        return
    if not create or (path.exists() and not path.is_file()):
        raise UsageError(said("store.not_there", store=shown))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.fchmod(handle, 0o600)  # whatever the umask
    os.close(handle)
    with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")


def _engine(url: URL, shown: str) -> Engine:
    """Return an engine whose messages hold no value of a row."""
    if not _is_file(url):
        try:
            return create_engine(url, hide_parameters=True, poolclass=NullPool)
        except ImportError:
            raise UsageError(said("store.no_psycopg", store=shown)) from None
    engine = create_engine(
        url, hide_parameters=True, poolclass=NullPool, connect_args={"timeout": _PATIENCE_S}
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _: object) -> None:
    """Let us say ourselves where a transaction begins, and wait for the disk at its end."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous = FULL")


def _on_begin(connection: Connection) -> None:
    """Take the right to write at once: to ask for it halfway would fail and not wait."""
    is_reading = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """Say in a sentence what the database could not do."""
    try:
        yield
    except OperationalError as error:
        why = str(error.orig).strip().partition("\n")[0]
        if "locked" in why or "lock timeout" in why:
            raise BusyError(said("store.busy", store=store.shown)) from None
        raise InfeasibleError(said("store.fails", store=store.shown, why=why)) from None
    except DatabaseError as error:
        if "not a database" in str(error.orig):
            raise UsageError(said("store.foreign", store=store.shown)) from None
        raise
