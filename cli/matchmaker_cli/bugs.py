"""What is said of a bug of ours: where it happened, and nothing of anybody's data."""

from __future__ import annotations

import platform
import traceback
from pathlib import Path

from matchmaker.version import VERSION
from matchmaker.words import Lang, say

__all__ = ["bug_text"]


def bug_text(error: BaseException, lang: Lang) -> str:
    """Return the kind of an error and the lines of code that led to it, and how to report it.

    Values of variables are left out, and the error's own words too: both may quote a table.

    Parameters
    ----------
    error : BaseException
    lang : {"fr", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> try:
    ...     {}["jean.dupont@example.org"]
    ... except KeyError as error:
    ...     "jean" in bug_text(error, "en")
    False
    """
    lines = [
        f"  {_place(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if not _place(frame.filename).startswith(("typer/", "click/"))
    ]
    what = [type(error).__name__, f"matchmaker {VERSION}", f"Python {platform.python_version()}"]
    return "\n".join([say(lang, "command.bug"), "  " + ", ".join(what), *lines])


def _place(file: str) -> str:
    """Return the end of a path, from its package on: the rest may name a person's folder."""
    return "/".join(Path(file).parts[-3:]).removeprefix("site-packages/")
