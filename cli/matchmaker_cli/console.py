"""What goes to the terminal: results on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from matchmaker.errors import printable

__all__ = ["fail", "print_json", "progress"]

_CLEAR_LINE = "\r\x1b[2K"


def print_json(value: Any) -> None:
    """Print `value` on stdout as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def fail(message: str) -> None:
    """Print an error on stderr, one fault a line, without signs a terminal obeys."""
    for line in message.splitlines():
        print(printable(line, limit=2000), file=sys.stderr)


@contextmanager
def progress() -> Iterator[Callable[[str, float], None] | None]:
    """Give a function that shows (stage, share of it done) on stderr; None off a terminal."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(stage: str, done: float) -> None:
        sys.stderr.write(f"{_CLEAR_LINE}{stage.replace('_', ' ')} {done:.0%}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write(_CLEAR_LINE)
        sys.stderr.flush()
