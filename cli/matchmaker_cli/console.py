"""What goes to the terminal, in which language: results on stdout, the rest on stderr."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any

from matchmaker.errors import printable
from matchmaker.words import Lang, code_text, say

__all__ = ["fail", "language", "print_json", "progress", "sheet_lines"]

_CLEAR_LINE = "\r\x1b[2K"


def language() -> Lang:
    """Return the language of messages: that of ``--lang``, else MATCHMAKER_LANG, else French.

    The words of the command line are read as they stand: an error may end the command before
    its options are taken apart.
    """
    asked = [word.removeprefix("--lang=") for word in sys.argv if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(sys.argv) if word == "--lang"]
    asked.append(os.environ.get("MATCHMAKER_LANG", ""))
    known = [lang for lang in asked if lang in ("fr", "en")]
    return "en" if known[:1] == ["en"] else "fr"


def print_json(value: Any) -> None:
    """Print `value` on stdout as JSON, exact whatever the encoding of stdout."""
    is_utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not is_utf8, indent=2, allow_nan=False))


def sheet_lines(inputs: Iterable[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    """Say which sheets of workbooks were read, one line a table."""
    for read in inputs:
        if read["sheets"]:
            name, table = printable(read["name"]), code_text(lang, "table", read["role"])
            sheets = [f"'{printable(sheet)}'" for sheet in read["sheets"]]
            yield (
                say(
                    lang,
                    "command.sheets",
                    file=name,
                    table=table,
                    sheets=sheets,
                    n=len(sheets),
                    rows=read["rows"],
                )
                + "\n"
            )


def fail(message: str) -> None:
    """Print an error on stderr, one fault a line, without signs a terminal obeys."""
    with suppress(OSError, ValueError):  # nobody is there to read it
        for line in message.splitlines():
            print(printable(line, limit=2000), file=sys.stderr)


class _AboveTheLine(logging.Handler):
    """Writes what is logged in the place of the line that shows progress."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{_CLEAR_LINE}{record.getMessage()}\n")


@contextmanager
def progress() -> Iterator[Callable[[str, float], None] | None]:
    """Give a function that shows (stage, share of it done) on stderr; None off a terminal."""
    if not sys.stderr.isatty():
        yield None
        return

    lang = language()

    def show(stage: str, done: float) -> None:
        sys.stderr.write(f"{_CLEAR_LINE}{code_text(lang, 'stage', stage)} {done:.0%}")
        sys.stderr.flush()

    log, above = logging.getLogger("matchmaker"), _AboveTheLine()
    log.addHandler(above)
    try:
        yield show
    finally:
        log.removeHandler(above)
        sys.stderr.write(_CLEAR_LINE)
        sys.stderr.flush()
