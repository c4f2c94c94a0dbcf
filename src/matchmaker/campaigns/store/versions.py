"""Which schema a store has, and the steps from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection, inspect, select

from matchmaker.campaigns.store.schema import METADATA, VERSION
from matchmaker.errors import UsageError
from matchmaker.words import said

__all__ = ["STEPS", "migrate", "version_of"]

Step = Callable[[Connection], None]


def _first(connection: Connection) -> None:
    """Make the tables of version 1.

    tests/campaigns/store/version_1.sql has them word by word: whoever changes a column writes a
    second step, and then this one makes what stands there.
    """
    METADATA.create_all(connection)


STEPS: Final[tuple[Step, ...]] = (_first,)
"""The step at place v leads from version v to v + 1; 0 is an empty database."""


def version_of(connection: Connection, shown: str) -> int:
    """Return the version of the schema, 0 for an empty database.

    Parameters
    ----------
    connection : Connection
    shown : str
        The store as messages name it.

    Returns
    -------
    int

    Raises
    ------
    UsageError
        Somebody else's tables lie there.
    """
    names = inspect(connection).get_table_names()
    if not names:
        return 0
    if VERSION.name not in names:
        raise UsageError(said("store.foreign", store=shown))
    found: int | None = connection.execute(
        select(VERSION.c.n).where(VERSION.c.part == "schema")
    ).scalar()
    if found is None:
        raise UsageError(said("store.foreign", store=shown))
    return found


def migrate(connection: Connection, shown: str, steps: Sequence[Step] = STEPS) -> int:
    """Bring a database to the newest schema, within the transaction of the caller.

    Parameters
    ----------
    connection : Connection
    shown : str
    steps : sequence of callable
        Each is given the connection.

    Returns
    -------
    int
        The version that it had.

    Raises
    ------
    UsageError
        A newer matchmaker made it, or somebody else.
    """
    before = version_of(connection, shown)
    if before > len(steps):
        raise UsageError(said("store.newer", store=shown, version=before, known=len(steps)))
    for step in steps[before:]:
        step(connection)
    if before == 0:
        connection.execute(VERSION.insert().values(part="schema", n=len(steps)))
    elif before < len(steps):
        connection.execute(VERSION.update().values(n=len(steps)))
    return before
