"""The log of nights: one line of JSON an event, figures and codes only."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matchmaker.errors import MatchmakerError, UsageError
from matchmaker.words import said

__all__ = ["journal"]


@contextmanager
def journal(
    path: Path | None, *, inputs: Iterable[Path]
) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
    """Give a function that adds an event to a log; how the run ends is added by itself.

    A message is never written: it may quote a cell. An error stands there by its kind.

    Parameters
    ----------
    path : Path or None
        Made for its owner only; None: nothing is written.
    inputs : iterable of Path
        Files that the command reads, which the log must not be.

    Raises
    ------
    UsageError
        The file cannot be written to, or is one of `inputs`.
    """
    if path is None:
        yield lambda _event, _figures: None
        return
    if any(one.exists() and path.exists() and path.samefile(one) for one in inputs):
        raise UsageError(said("replacing.input", path=path))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise UsageError(said("error.cannot_write", path=path, why=error.strerror)) from None
    with os.fdopen(handle, "w", encoding="utf-8") as sink:

        def record(event: str, figures: Mapping[str, Any]) -> None:
            time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            sink.write(json.dumps({"time": time, "event": event, **figures}) + "\n")
            sink.flush()

        try:
            yield record
        except MatchmakerError as error:
            record("failed", {"kind": type(error).__name__, "exit_code": error.exit_code})
            raise
        except BaseException as error:
            record("stopped", {"kind": type(error).__name__})
            raise
        record("ended", {"exit_code": 0})
