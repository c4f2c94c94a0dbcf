"""UTF-8 that was read in another encoding ("BoulangÃ¨re"): mended where that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

__all__ = ["is_damaged", "mended"]

# Letters and signs of French texts outside ASCII: only these are put back.
_FRENCH = "àâäçéèêëîïôöùûüÿæœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆŒ€–—‘’“”«»…•·°²³½¼™®©\u00a0\u202f"
_TIMES = 3  # a text may be damaged twice; the third time nothing is left to mend
_WRONG_ENCODINGS = ("cp1252", "latin-1", "mac_roman", "cp850", "cp437")
_REPLACEMENT = "\ufffd"


def _bytes_as_read(raw: bytes, encoding: str) -> str:
    """Return how bytes look in an encoding; Windows-1252 has five gaps, read as Latin-1."""
    return "".join(
        bytes([byte]).decode(encoding, "ignore") or chr(byte)  # no sign of its own there
        for byte in raw
    )


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds damaged letters, and the letter of each spelling."""
    letter_of = {
        _bytes_as_read(letter.encode(), encoding): letter
        for encoding in reversed(_WRONG_ENCODINGS)
        for letter in _FRENCH + _REPLACEMENT + "".join(_once())
    }
    longest_first = sorted(letter_of, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(map(re.escape, longest_first))), letter_of


def _once() -> Iterator[str]:
    """Yield the signs of letters damaged once, by Windows-1252: the middle of a double damage."""
    for letter in _FRENCH:
        yield from _bytes_as_read(letter.encode(), "cp1252")


def mended(text: str) -> str:
    """Return a text with its damaged letters put back, or as it is.

    Only whole letters that French has are put back, and only where nothing doubtful is left.

    Examples
    --------
    >>> mended("Apprentie boulangÃ¨re"), mended("PÃƒÂ¢tissier"), mended("Crème brûlée")
    ('Apprentie boulangère', 'Pâtissier', 'Crème brûlée')
    >>> mended("Ã  Paris")  # the no-break space of "à" is lost: not certain
    'Ã  Paris'
    """
    if text.isascii():
        return text
    pattern, letter_of = _spellings()
    result = text
    for _ in range(_TIMES):
        before, result = result, pattern.sub(lambda found: letter_of[found.group()], result)
        if result == before:
            break
    return text if result == text or is_damaged(result) else result


# What is left of a letter that was cut: no French text has these signs side by side.
_LEFT = re.compile(r"\ufffd|ï¿½|[ÃÂ](?=[^A-Za-zÀ-ÖØ-öø-ÿ'’-]|$)|Ã(?=[a-z])|â€|√[^\d\s(]|├")


def is_damaged(text: str) -> bool:
    """Tell whether a text holds a sign that could not be read, or a cut letter.

    Examples
    --------
    >>> [is_damaged(text) for text in ("Garage d\ufffd Prado", "Ã  Paris", "Crème", "CRÂNE")]
    [True, True, False, False]
    """
    return not text.isascii() and _LEFT.search(text) is not None
