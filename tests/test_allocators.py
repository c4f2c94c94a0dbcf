"""The collector of cycles: paused within, and after it as it was before."""

from __future__ import annotations

import datetime as dt
import gc
import threading
from collections.abc import Iterator

import pandas as pd
import pytest

from matchmaker.allocators import collector_paused
from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import load


@pytest.fixture(autouse=True)
def _enabled() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_runs_again_after_the_last_of_nested_pauses() -> None:
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_runs_again_after_the_last_of_pauses_that_overlap() -> None:
    first, second, over = threading.Event(), threading.Event(), threading.Event()
    seen: list[bool] = []

    def one() -> None:
        with collector_paused():
            first.set()
            second.wait(10)
        seen.append(gc.isenabled())
        over.set()

    worker = threading.Thread(target=one)
    worker.start()
    assert first.wait(10)
    with collector_paused():
        second.set()
        assert over.wait(10)
    worker.join()
    assert seen == [False]
    assert gc.isenabled()


def test_a_collector_that_the_caller_turned_off_stays_off() -> None:
    gc.disable()
    with collector_paused():
        pass
    assert not gc.isenabled()


def test_reading_that_fails_leaves_it_on() -> None:
    nothing = pd.DataFrame({"x": ["1"]})
    with pytest.raises(InputError):
        load(nothing, nothing, nothing, as_of=dt.date(2023, 9, 15), settings=Settings())
    assert gc.isenabled()
