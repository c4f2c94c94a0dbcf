"""Hypothesis profiles, and where the open data beside the repository lies, if it is there."""

from __future__ import annotations

import faulthandler
import os
import shutil
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


@pytest.hookimpl(trylast=True)  # pytest has it written to the common output
def pytest_configure(config: pytest.Config) -> None:
    """Let a worker that dies write where it was: what it prints is lost among others' output."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        shutil.rmtree(CRASHES, ignore_errors=True)
    else:
        CRASHES.mkdir(parents=True, exist_ok=True)
        log = (CRASHES / worker).open("w", encoding="utf-8")
        config.add_cleanup(log.close)
        config.add_cleanup(faulthandler.disable)
        faulthandler.enable(log)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print where workers died, last of all."""
    for log in sorted(CRASHES.glob("gw*")) if CRASHES.is_dir() else ():
        told = log.read_text(encoding="utf-8")
        if told:
            terminalreporter.section(f"worker {log.name} died")
            terminalreporter.write(told)


CRASHES = Path(__file__).resolve().parents[1] / ".pytest_cache" / "crashes"
SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The open data beside the repository; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/data, which is not part of the repository")
    return SHARED.resolve()
