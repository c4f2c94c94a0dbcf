"""What a parser of cells answers, and the plain form of a text that it begins with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Literal

from matchmaker.tables.checks.mojibake import mended
from matchmaker.words import Text

__all__ = ["MISSING", "Answer", "Parser", "fold_cell", "missing", "tidy"]

Verdict = Literal["", "repair", "default", "warning", "reject"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Value of a cell, and what was found: `reason` is counted, or costs the row.

    `masked` stands in for the written value where that must not be shown at all.
    """

    value: object
    verdict: Verdict = ""
    reason: str = ""
    message: Text = ""
    hint: Text = ""
    masked: str | None = None


Parser = Callable[[str], Answer]

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MARKS = ("<super>", "<sub>", "<circle>", "<fraction>")
_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# What people and programs write for "nothing", folded.
MISSING = frozenset(
    {"nan", "null", "none", "na", "n/a", "nc", "n.c.", "-", "--", "?", "nr", "<na>", "nat"}
)


@cache
def fold_cell(text: str) -> str:
    """Return a text to compare by: small letters, without accents, one blank between words.

    Examples
    --------
    >>> fold_cell("Dès  que possible")
    'des que possible'
    """
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def tidy(text: str, *, is_free: bool = False) -> tuple[str, str]:
    r"""Return a text without what nobody sees, and the reason code of the repair.

    Letters that a wrong decoding damaged are put back where that is certain. Free text keeps
    its signs (NFC); codes, dates and numbers are brought to their plain forms (NFKC, digits of
    other scripts to 0-9), but a raised or circled digit and a fraction are no digits.

    Examples
    --------
    >>> tidy(" Y\u200b001 ")
    ('Y001', 'invisible_characters')
    >>> tidy("Boulanger\x1b[31m", is_free=True)
    ('Boulanger', 'control_characters')
    >>> tidy("1²"), tidy("１２")
    (('1²', ''), ('12', 'unicode_form'))
    """
    result = text.strip(" ")
    reason = "spaces" if result != text else ""
    is_mended = False
    if not result.isascii():
        whole = mended(result)
        is_mended, result = whole != result, whole
        formed = unicodedata.normalize("NFC", result) if is_free else _plain_form(result)
        if formed != result:
            result, reason = formed, "unicode_form"
        if not result.isprintable():
            seen = "".join(c for c in result if unicodedata.category(c) != "Cf")
            if seen != result:
                result, reason = seen, "invisible_characters"
        if not is_free:
            plain = "".join(
                str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c
                for c in result
            )
            if plain != result:
                result, reason = plain, "other_digits"
    if not result.isprintable():
        plain = _ANSI.sub("", result)
        joined = _BREAKS.sub(" ", plain)
        if joined != plain:
            reason = "line_breaks"
        seen = "".join(c for c in joined if unicodedata.category(c) != "Cc")
        if seen != joined or plain != result:
            reason = "control_characters"
        result = seen
    trimmed = " ".join(result.split())
    return trimmed, "mojibake" if is_mended else reason or ("spaces" if trimmed != text else "")


def _plain_form(text: str) -> str:
    """Return a text in NFKC, but for signs that are a digit only to the eye."""
    whole = unicodedata.normalize("NFKC", text)
    if whole == text or not any(map(_is_no_digit, text)):
        return whole
    return "".join(
        part if is_mark else unicodedata.normalize("NFKC", part)
        for is_mark, part in (
            (is_mark, "".join(signs)) for is_mark, signs in groupby(text, _is_no_digit)
        )
    )


def _is_no_digit(sign: str) -> bool:
    """Tell whether a sign is a footnote mark, a number in a circle or a fraction."""
    return unicodedata.decomposition(sign).startswith(_MARKS)


def missing(written: str) -> Answer:
    """Return no value; a text that stands for "nothing" is counted."""
    return Answer(None, "repair", "written_as_missing") if written else Answer(None)
