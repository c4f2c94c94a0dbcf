"""The log: what was changed, dropped or swapped is seen; forgetting leaves it whole."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from matchmaker.campaigns.store.exposure import reserve
from matchmaker.campaigns.store.forgetting import forget_youth
from matchmaker.campaigns.store.log import log_faults
from matchmaker.campaigns.store.opening import reading
from matchmaker.campaigns.store.states import mark_written
from tests.campaigns.store.stores import AT, BOTH, NAME, asked, opened, place_of


@pytest.fixture
def store(tmp_path, kind):
    made = opened(place_of(kind, tmp_path))
    reserve(made, asked([("Y1", "O1"), ("Y2", "O1"), ("Y2", "O2")]), at=AT)
    mark_written(made, NAME, wave=1, territory="53", at=AT)
    return made


def faults(store):
    with reading(store, NAME) as connection:
        return log_faults(connection, NAME)


def changed(store, *statements):
    with store.engine.begin() as connection:
        for one in statements:
            connection.execute(text(one))


SWAP = "UPDATE log SET n = CASE n WHEN 2 THEN -3 ELSE -2 END WHERE n IN (2, 3)"
BACK = "UPDATE log SET n = -n WHERE n < 0"
TAMPERED = {
    "kind": ["UPDATE log SET kind = 'opposed' WHERE n = 2"],
    "time": ["UPDATE log SET at = '2026-12-02T00:00:00Z' WHERE n = 2"],
    "commitment": ["UPDATE log SET commitment = h WHERE n = 2"],
    "hash": ["UPDATE log SET h = commitment WHERE n = 2"],
    "dropped": ["DELETE FROM log WHERE n = 2", "DELETE FROM log_payloads WHERE n = 2"],
    "first dropped": ["DELETE FROM log WHERE n = 1", "DELETE FROM log_payloads WHERE n = 1"],
    "last dropped": ["DELETE FROM log WHERE n = 5", "DELETE FROM log_payloads WHERE n = 5"],
    "swapped": [SWAP, BACK],
    "payload": ["UPDATE log_payloads SET payload = replace(payload, 'O1', 'O9')"],
    "salt": ["UPDATE log_payloads SET salt = 'aa' WHERE n = 2"],
    "given to another youth": ["UPDATE log_payloads SET youth_id = 'Y9' WHERE n = 2"],
    "payload of nothing": ["UPDATE log_payloads SET n = 99 WHERE n = 2"],
}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_tampered_with_is_seen(store, how):
    assert faults(store) == []
    changed(store, *TAMPERED[how])
    assert faults(store)


@pytest.mark.parametrize("kind", BOTH)
def test_forgetting_a_youth_leaves_the_chain_whole(store):
    with reading(store) as connection:
        before = connection.execute(text("SELECT n, h FROM log ORDER BY n")).all()
    assert forget_youth(store, NAME, "Y2", at=AT) == 5  # the youth, two lines, two payloads
    assert faults(store) == []
    with reading(store) as connection:
        after = connection.execute(text("SELECT n, h FROM log ORDER BY n")).all()
        held = [
            cell
            for name in ("youths", "sent", "log", "log_payloads", "exposure", "forgotten")
            for row in connection.execute(text(f"SELECT * FROM {name}"))
            for cell in row
        ]
    assert after[: len(before)] == before
    assert not [cell for cell in held if "Y2" in str(cell)]
    assert forget_youth(store, NAME, "Y2", at=AT) == 0
