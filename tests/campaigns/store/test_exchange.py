"""A store as files and back; no name and no address gets in; who may read the files."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.campaigns.store.exchange import export_store, import_store
from matchmaker.campaigns.store.exposure import reserve, set_quotas
from matchmaker.campaigns.store.forgetting import forget_youth
from matchmaker.campaigns.store.opening import open_store, reading
from matchmaker.campaigns.store.records import note_contracts, note_oppositions, note_words
from matchmaker.campaigns.store.schema import METADATA
from matchmaker.errors import CheckError, UsageError
from matchmaker.follow_up.returned import OUTCOMES, WORDS
from matchmaker.tables.oppositions import mark
from tests.campaigns.store.stores import AT, BOTH, NAME, asked, opened, place_of

KEY = bytes(range(32))
WORD = ("Y1", "", "", "note", "Voir avec Léa Martin, lea@example.org", "Mme Le Gall", "2026-12-01")
CALL = ("Y2", "", "", "outcome", "asked_appointment", "Mme Le Gall", "2026-12-01")
SIGNED = ("Y1", "2008-01-01", "35238", "LM", "2026-11-30", "", "12345678900011", "40025214",
          "Léa Martin", "M. Le Goff", "2026-12-01")  # fmt: skip


@pytest.fixture
def full(tmp_path, kind):
    store = opened(place_of(kind, tmp_path))
    set_quotas(store, NAME, {"53": 50}, at=AT)
    reserve(store, asked([("Y1", "O1"), ("Y2", "O1"), ("é", "O2")], cap=4), at=AT)
    words = pd.DataFrame([WORD, CALL], columns=list(WORDS))
    assert note_words(store, NAME, words, key=KEY, at=AT) == 2
    assert note_words(store, NAME, words, key=KEY, at=AT) == 0
    signed = pd.DataFrame([SIGNED, ("", *SIGNED[1:])], columns=list(OUTCOMES))
    assert note_contracts(store, NAME, signed, key=KEY, at=AT) == 1
    marks = [mark(KEY, "lea@example.org")] * 2
    assert note_oppositions(store, NAME, marks, since=dt.date(2026, 12, 1), at=AT) == 1
    forget_youth(store, NAME, "Y2", at=AT)
    return store


def rows(store):
    with reading(store) as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in METADATA.sorted_tables
        }


@pytest.mark.parametrize("kind", BOTH)
def test_export_and_import_give_equal_tables(full, tmp_path):
    assert export_store(full, tmp_path / "out")["oppositions"] == 1
    again = open_store(place_of("sqlite", tmp_path), create=True)
    import_store(tmp_path / "out", again)
    assert rows(again) == rows(full)
    export_store(again, tmp_path / "twice")
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "twice" / path.name).read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="déjà une campagne"):
        import_store(tmp_path / "out", again)
    with pytest.raises(UsageError, match="pas vide"):
        export_store(again, tmp_path / "out")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_changed_export_brings_nothing_in(full, tmp_path):
    export_store(full, tmp_path / "out")
    victim = tmp_path / "out" / "sent.parquet"
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    again = open_store(place_of("sqlite", tmp_path), create=True)
    with pytest.raises(CheckError, match="sent"):
        import_store(tmp_path / "out", again)
    (tmp_path / "out" / "store.json").unlink()
    with pytest.raises(UsageError, match="export"):
        import_store(tmp_path / "out", again)
    assert not any(rows(again)[name] for name in METADATA.tables if name != "schema_version")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_no_name_and_no_address_is_in_the_file(full):
    path = Path(full.shown)
    content = b"".join(
        file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name)
    )
    assert b"asked_appointment" in content or b"contract_told" in content
    for secret in ("Martin", "Le Gall", "Le Goff", "lea@", "2008-01-01", "35238"):
        assert secret.encode() not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", BOTH)
def test_an_address_gets_into_no_text_of_any_table(full):
    for table in METADATA.sorted_tables:
        cells = {c.name: 9 if c.type.python_type is int else "x" for c in table.columns}
        known = {"state": "planned", "mark": "a" * 64, "word": "outcome", "n": 9, "cap": 9,
                 "campaign": NAME}  # fmt: skip
        cells |= {name: value for name, value in known.items() if name in cells}
        cells |= {"word": "note"} if table.name == "words" else {}
        for column in [c for c in cells if isinstance(cells[c], str) and c != "payload"]:
            value = "lea@example.org".ljust(64, "x") if column == "mark" else "lea@example.org"
            with pytest.raises(IntegrityError) as told, full.engine.begin() as connection:
                connection.execute(table.insert().values(cells | {column: value}))
            assert "no_address" in str(told.value.orig) or column == "state"
