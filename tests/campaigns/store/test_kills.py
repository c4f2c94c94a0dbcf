"""Killed at any statement the store holds what it held before, or all of what was asked."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest
from sqlalchemy import event, select

from matchmaker.campaigns.store.exposure import reserve
from matchmaker.campaigns.store.forgetting import forget_youth
from matchmaker.campaigns.store.log import log_faults
from matchmaker.campaigns.store.opening import open_store, reading
from matchmaker.campaigns.store.schema import METADATA, VERSION
from matchmaker.campaigns.store.states import mark_written, note_states
from tests.campaigns.store.stores import AT, BOTH, NAME, asked, opened, place_of

FIRST = asked([("Y1", "O1"), ("Y2", "O1"), ("Y2", "O2")])
ANSWER = pd.DataFrame({"youth_id": ["Y2"], "offer_id": ["O1"], "wave": [1], "state": ["bounced"]})
STEPS = {
    "reserve": lambda store: reserve(store, FIRST, at=AT),
    "written": lambda store: mark_written(store, NAME, wave=1, territory="53", at=AT),
    "answers": lambda store: note_states(store, NAME, ANSWER, at=AT),
    "forget": lambda store: forget_youth(store, NAME, "Y1", at=AT),
}


class Killed(BaseException):
    """No handler of ours catches it."""


def held(store):
    """Return all rows; salts are drawn, so what hangs on them is left out."""
    with reading(store, NAME) as connection:
        assert not log_faults(connection, NAME)
        return {
            table.name: sorted(
                tuple(row) for row in connection.execute(
                    select(*(c for c in table.columns if c.name not in
                             ("salt", "commitment", "h", "head")))
                )
            )
            for table in METADATA.sorted_tables if table is not VERSION
        }  # fmt: skip


@pytest.mark.parametrize("kind", BOTH)
def test_a_fault_at_each_statement_leaves_a_whole_state(kind, tmp_path):
    store, clean = opened(place_of(kind, tmp_path)), opened(place_of(kind, tmp_path))
    for step in STEPS.values():
        before = held(clean)
        step(clean)
        after = held(clean)
        assert after != before
        number = 0
        while True:
            number += 1
            seen = iter(range(number))

            def stop(*_, seen=seen):
                if next(seen, None) is None:
                    raise Killed

            event.listen(store.engine, "before_cursor_execute", stop)
            event.listen(store.engine, "commit", stop)
            try:
                step(store)
                break
            except Killed:
                pass
            finally:
                event.remove(store.engine, "before_cursor_execute", stop)
                event.remove(store.engine, "commit", stop)
            assert held(store) == before
        assert number > 3
        assert held(store) == after


KILLER = """
import os, signal, sys
from sqlalchemy import event
from tests.campaigns.store.test_kills import STEPS
from matchmaker.campaigns.store.opening import open_store
where, step = sys.argv[1:]
number = 0
while True:
    number += 1
    child = os.fork()
    if child == 0:
        store = open_store(where)
        seen = iter(range(number))
        def stop(*_):
            if next(seen, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
        event.listen(store.engine, "before_cursor_execute", stop)
        event.listen(store.engine, "commit", stop)
        STEPS[step](store)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(number)
"""


def test_sigkill_at_each_statement_and_the_same_command_again(tmp_path):
    where = place_of("sqlite", tmp_path)
    store, clean = opened(where), opened(place_of("sqlite", tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", KILLER, where, "reserve"],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert int(done.stdout) > 5
    STEPS["reserve"](clean)
    assert held(open_store(where)) == held(store) == held(clean)
