"""The tables of the store: every column that there is, and what may not stand in one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, Text

from matchmaker.campaigns.sent_table import SENT_COLUMNS
from matchmaker.follow_up.returned import OUTCOMES, WORDS
from matchmaker.tables.schemas import columns_of

__all__ = [
    "CAMPAIGNS",
    "CONTRACTS",
    "CONTRACT_COLUMNS",
    "EXPOSURE",
    "FORGOTTEN",
    "LOG",
    "METADATA",
    "OPPOSITIONS",
    "OUTCOMES_TOLD",
    "PAYLOADS",
    "QUOTAS",
    "SENT",
    "STATES",
    "VERSION",
    "WAVES",
    "WORDS_TOLD",
    "YOUTHS",
]

METADATA = MetaData()

STATES = tuple(value for value, _ in columns_of("sent")["state"].choices)
"""States of a line, the strongest first: the order in which `match --sent` reads them."""

CONTRACT_COLUMNS = tuple(
    name for name in OUTCOMES if name not in ("birth_date", "commune_code", "initials", "why")
)
"""Columns of ``outcomes.csv`` less those that tell of a person whose id is not known."""

_WHOLE = frozenset({"wave", "slot", "n", "cap", "percent", "entries"})


def _table(name: str, columns: tuple[str, ...], *, key: tuple[str, ...], rules: str = "") -> Table:
    """Return a table whose columns are all filled: texts, or whole numbers by their name.

    No cell of a text may hold an @: an e-mail address cannot get in, whoever writes.
    """
    made: list[Column[Any]] = [
        Column(
            column,
            Integer if column in _WHOLE else Text,
            primary_key=column in key,
            autoincrement=False,
            nullable=False,
            quote=True,  # `on` and `by` are words of SQL
        )
        for column in columns
    ]
    texts = [column for column in columns if column not in _WHOLE and column != "payload"]
    checks = [
        CheckConstraint(
            " AND ".join(f"replace(\"{column}\", '@', '') = \"{column}\"" for column in texts),
            name=f"{name}_no_address",
        )
    ]
    if rules:
        checks.append(CheckConstraint(rules, name=f"{name}_rules"))
    return Table(
        name, METADATA, *made, *checks, sqlite_strict=True, sqlite_with_rowid=False
    )  # fmt: skip


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f'"{column}" IN ({listed})'


VERSION = _table("schema_version", ("part", "n"), key=("part",))
CAMPAIGNS = _table("campaigns", ("campaign", "begun_at", "entries", "head"), key=("campaign",))
WAVES = _table(
    "waves",
    ("campaign", "wave", "territory", "run_id", "state", "reserved_at"),
    key=("campaign", "wave", "territory"),
    rules=_one_of("state", ("planned", "written", "released")),
)
YOUTHS = _table("youths", ("campaign", "youth_id", "territory"), key=("campaign", "youth_id"))
SENT = _table(
    "sent",
    ("campaign", *SENT_COLUMNS, "territory"),
    key=("campaign", "wave", "youth_id", "offer_id"),
    rules=_one_of("state", STATES),
)
EXPOSURE = _table(
    "exposure",
    ("campaign", "offer_id", "n", "cap"),
    key=("campaign", "offer_id"),
    rules="n >= 0 AND n <= cap",
)
QUOTAS = _table(
    "quotas",
    ("campaign", "territory", "percent"),
    key=("campaign", "territory"),
    rules="percent >= 0 AND percent <= 100",
)
FORGOTTEN = _table(
    "forgotten",
    ("campaign", "offer_id", "territory", "n"),
    key=("campaign", "offer_id", "territory"),
)
OPPOSITIONS = _table(
    "oppositions",
    ("campaign", "mark", "since", "source"),
    key=("campaign", "mark"),
    rules="length(mark) = 64",
)
CONTRACTS = _table(
    "contracts", ("campaign", *CONTRACT_COLUMNS), key=("campaign", *CONTRACT_COLUMNS)
)
OUTCOMES_TOLD = _table(
    "outcomes", ("campaign", *WORDS), key=("campaign", *WORDS), rules="word = 'outcome'"
)
WORDS_TOLD = _table(
    "words", ("campaign", *WORDS), key=("campaign", *WORDS), rules="word <> 'outcome'"
)
LOG = _table(
    "log",
    ("campaign", "n", "kind", "at", "commitment", "h"),
    key=("campaign", "n"),
)
PAYLOADS = _table(
    "log_payloads", ("campaign", "n", "youth_id", "salt", "payload"), key=("campaign", "n")
)
