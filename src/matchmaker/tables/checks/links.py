"""Addresses of pages: what is not http or https never becomes a link."""

from __future__ import annotations

import re

from matchmaker.tables.checks.answer import MISSING, Answer, missing, tidy

__all__ = ["PLAIN_LINK", "parse_link"]

PLAIN_LINK = (
    r"^https?://[0-9A-Za-z][0-9A-Za-z.-]*(:[0-9]+)?([/?#][0-9A-Za-z/?#%&=+:;,.~_!$@*()-]*)?$"
)
"""Addresses that need no second look; a regular expression of RE2 and of Python."""

# No blank, quote, bracket or backslash: no such sign stands in an address as it is.
_LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^@/?#]+(?:[/?#][^\s<>\"`{}|\\^]*)?", re.IGNORECASE)


def parse_link(text: str) -> Answer:
    """Read a cell that holds the address of a page.

    Examples
    --------
    >>> parse_link(" https://exemple.fr/offre?id=1 ").value
    'https://exemple.fr/offre?id=1'
    >>> [parse_link(text).value for text in ("javascript:alert(1)", "www.exemple.fr", "N/A")]
    ['', '', '']
    >>> parse_link("mailto:rh@exemple.fr").reason
    'not_a_link'
    """
    result, reason = tidy(text, is_free=True)
    if not result or result.casefold() in MISSING:
        answer = missing(result)
        return Answer("", answer.verdict, answer.reason)
    if not _LINK.fullmatch(result) or "\ufffd" in result:
        return Answer("", "warning", "not_a_link")
    return Answer(result, "repair" if reason else "", reason)
