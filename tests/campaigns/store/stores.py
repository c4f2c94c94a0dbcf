"""Stores of both databases for the tests, and lines to send."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from itertools import count

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from matchmaker.campaigns.store.exposure import Asked
from matchmaker.campaigns.store.opening import Store, begin_campaign, open_store

POSTGRES = os.environ.get("MATCHMAKER_TEST_POSTGRES", "")
NAME = "Rentrée 2026"
AT = dt.datetime(2026, 12, 1, 3, 30, tzinfo=dt.UTC)
BOTH = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(
            not POSTGRES, reason="no PostgreSQL: run through tools/with_postgres.py"
        ),
    ),
]


def place_of(kind, folder) -> str:
    """Return a path or a URL where nothing is yet."""
    if kind == "sqlite":
        return str(folder / f"{uuid.uuid4().hex}.db")
    name = f"t{uuid.uuid4().hex}"
    admin = create_engine(
        POSTGRES.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return POSTGRES.rpartition("/")[0] + f"/{name}"


def opened(where) -> Store:
    """Open a new store with one campaign; its salts are 0, 1, 2 ..."""
    numbers = count()
    made = open_store(where, create=True)
    begin_campaign(made, NAME, at=AT)
    return Store(engine=made.engine, shown=made.shown, draw=lambda: f"{next(numbers):064x}")


def asked(pairs, *, wave=1, territory="53", run_id="run-1", cap=2, caps=None) -> Asked:
    """Ask for pairs of a youth and an offer, each youth's in this order."""
    seen: dict[str, int] = {}
    rows = []
    for youth, offer in pairs:
        seen[youth] = seen.get(youth, 0) + 1
        rows.append((youth, offer, seen[youth], f"m{wave}{youth}"))
    lines = pd.DataFrame(rows, columns=["youth_id", "offer_id", "slot", "message_id"])
    of = {offer: cap for _, offer in pairs}
    return Asked(campaign=NAME, wave=wave, territory=territory, run_id=run_id, lines=lines,
                 caps=caps or of)  # fmt: skip
