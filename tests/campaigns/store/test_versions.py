"""From an empty or an older schema to today's; what is not ours is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from matchmaker.campaigns.store.opening import open_store, writing_all
from matchmaker.campaigns.store.schema import METADATA
from matchmaker.campaigns.store.versions import STEPS, migrate, version_of
from matchmaker.errors import UsageError
from tests.campaigns.store.stores import BOTH, place_of

FROZEN = Path(__file__).with_name("version_1.sql")


def schema_of(path) -> str:
    with sqlite3.connect(path) as plain:
        rows = plain.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        return "".join(f"{sql.strip()};\n" for (sql,) in rows)


def test_version_1_is_as_it_was_published(tmp_path):
    where = place_of("sqlite", tmp_path)
    open_store(where, create=True)
    assert schema_of(where) == FROZEN.read_text("utf-8"), "a changed column needs a new step"
    assert schema_of(where).count("STRICT") == len(METADATA.tables)


@pytest.mark.parametrize("kind", BOTH)
def test_an_empty_database_gets_the_tables_only_when_asked(kind, tmp_path):
    where = place_of(kind, tmp_path)
    if kind == "sqlite":
        with pytest.raises(UsageError):
            open_store(where)
        Path(where).touch()
    with pytest.raises(UsageError, match="vide"):
        open_store(where)
    store = open_store(where, create=True)
    open_store(where, create=True)
    with writing_all(store) as connection:
        assert {*inspect(connection).get_table_names()} == {*METADATA.tables}
        assert version_of(connection, "") == len(STEPS)


@pytest.mark.parametrize("kind", BOTH)
def test_an_older_schema_gets_the_steps_that_it_lacks_or_none(kind, tmp_path):
    store = open_store(place_of(kind, tmp_path), create=True)

    def second(connection):
        connection.execute(text("ALTER TABLE waves ADD COLUMN colour TEXT NOT NULL DEFAULT ''"))

    def third(connection):
        connection.execute(text("ALTER TABLE nowhere ADD COLUMN x TEXT"))

    with pytest.raises(Exception, match="nowhere"), store.engine.begin() as connection:
        migrate(connection, "", (*STEPS, second, third))
    with writing_all(store) as connection:
        assert version_of(connection, "") == 1
        assert "colour" not in {c["name"] for c in inspect(connection).get_columns("waves")}
        assert migrate(connection, "", (*STEPS, second)) == 1
    with writing_all(store) as connection:
        assert version_of(connection, "") == 2
        assert "colour" in {c["name"] for c in inspect(connection).get_columns("waves")}
        with pytest.raises(UsageError, match="version 2"):
            migrate(connection, "")


def test_somebody_elses_file_is_refused(tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as plain:
        plain.execute("CREATE TABLE t (x)")
    letter = tmp_path / "letter.db"
    letter.write_text("Bonjour, ceci n'est pas une base." * 100)
    for path in (other, letter):
        before = path.read_bytes()
        with pytest.raises(UsageError, match="base de campagne"):
            open_store(path, create=True)
        assert path.read_bytes() == before
    for url in ("mysql://h/b", "nonsense://", "sqlite://", "postgresql://h:port/b"):
        with pytest.raises(UsageError, match="adresse"):
            open_store(url)
