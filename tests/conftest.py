"""Hypothesis profiles, and where the open data beside the repository lies, if it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Kernels compile in the first example, so no deadline; derandomised, so that a run is
# the same everywhere: the long target draws more.
settings.register_profile(
    "short",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("short")

os.environ.pop("MATCHMAKER_LANG", None)  # the language of whoever runs the tests


@pytest.fixture(scope="session", autouse=True)
def _signals_of_pytest() -> Iterator[None]:
    """Commands that tests call in their own process leave its signals alone.

    A command ends with its process, so what it sets up to be stopped is never taken down: one
    thread and two sockets a call.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matchmaker_cli.app.watch", lambda: None)
        yield


SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The open data beside the repository; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/data, which is not part of the repository")
    return SHARED.resolve()
