"""Texts of postings made plain for rules: sign for sign as long as what people wrote.

What a rule finds can then be quoted as it was written, which a text without accents and marks of
its own length cannot.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Sentence", "sentences"]

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_BLANKS = re.compile(r"[^\S\n]+")
# No end: the point of a date, of an ordinal, of a number.
_END = re.compile(r"[!?;\n•*]+|\.(?!\d|\w\.)")


def _plain_sign(sign: str) -> str:
    parts = unicodedata.normalize("NFKD", sign)
    return parts[0] if parts[0].isalpha() else sign


_PLAIN = {code: _plain_sign(chr(code)) for code in range(0xC0, 0x180)}
_PLAIN |= {ord("œ"): "o", ord("Œ"): "O", ord("æ"): "a", ord("'"): " ", ord("’"): " "}
_PLAIN |= {ord("–"): "-", ord("—"): "-", ord("‑"): "-"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was written, and as rules read it.

    Attributes
    ----------
    written : str
    plain : str
        Of the same length: lower case, no accents, apostrophes made blanks.
    """

    written: str
    plain: str


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a posting, without its mark-up.

    Parameters
    ----------
    text : str

    Yields
    ------
    Sentence

    Examples
    --------
    >>> [part.plain for part in sentences("<p>Prépa d’un CAP.</p><p>Début : 01.09.2026</p>")]
    ['prepa d un cap', 'debut : 01.09.2026']
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("\n", text)
    for part in _END.split(_BLANKS.sub(" ", text)):
        written = part.strip()
        if written:
            yield Sentence(written, written.translate(_PLAIN).lower())
