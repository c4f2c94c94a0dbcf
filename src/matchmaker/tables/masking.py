"""What is shown of a cell that may hold personal data: never the data.

A cell of a personal column is hidden whole.  In all others, what looks like an address or a
person's number is hidden wherever it stands: columns shift, and a note that quotes a cell
would carry it out of the file.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

__all__ = ["HIDDEN", "mask"]

HIDDEN = "…"
_SEEN = {"Cc": " ", "Cf": ""}  # what stands for signs that nobody sees
LONGEST = 200  # signs of a cell that a note quotes

_PERSONAL = re.compile(
    r"[^\s@;,<>]+@[^\s@;,<>]+"  # an e-mail address
    r"|(?<!\w)\d{9}[0-9A-Z][A-Z](?!\w)"  # INE: ten digits and a letter, or nine and two
    # NIR: sex, year, month, department, commune, order, and its key or not.
    r"|(?<!\d)[1-478][\s.\-]?\d{2}[\s.\-]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.\-]?(?:\d{2}|2[AB])[\s.\-]?\d{3}[\s.\-]?\d{3}(?:[\s.\-]?\d{2})?(?!\d)"
    # French telephone numbers, with or without country code and spaces.
    r"|(?<![\d.,])(?:\+33|0033|0)\s?[1-9](?:[\s.\-]?\d{2}){4}(?!\d)",
    re.IGNORECASE,
)
_MAY_BE_PERSONAL = re.compile(r"@|\d\d|\d[\s.\-]\d")  # in each of these, and in few cells


def mask(cells: pd.Series, *, is_personal: bool) -> pd.Series:
    """Return cells as a note may show them.

    Parameters
    ----------
    cells : Series of str, n rows
        As written.
    is_personal : bool
        The column holds personal data.

    Returns
    -------
    Series of str, n rows
        At most 200 signs a cell, without control signs.

    Examples
    --------
    >>> mask(pd.Series(["écrire à a.b@example.org", "06 12 34 56 78", "29000"], dtype="str"),
    ...      is_personal=False).tolist()
    ['écrire à …', '…', '29000']
    >>> mask(pd.Series(["2007-03-01", ""], dtype="str"), is_personal=True).tolist()
    ['…', '']
    """
    if is_personal:
        hidden = np.where(cells == "", "", HIDDEN)
        return pd.Series(hidden, index=cells.index, dtype="str")
    code, distinct = pd.factorize(cells)
    shown = [_shown(text) for text in distinct.tolist()]
    return pd.Series(np.array([*shown, ""], dtype=object)[code], index=cells.index, dtype="str")


def _shown(text: str) -> str:
    clean = text
    if not text.isprintable():
        # A spreadsheet obeys marks of direction, and a terminal whatever controls it.
        clean = "".join(_SEEN.get(unicodedata.category(sign), sign) for sign in text)
    if not clean.isascii():
        # Full-width signs and odd blanks look alike; a cell with such a number is hidden whole.
        plain = unicodedata.normalize("NFKC", clean)
        if _PERSONAL.search(plain) and not _PERSONAL.search(clean):
            return HIDDEN
    hidden = _PERSONAL.sub(HIDDEN, clean) if _MAY_BE_PERSONAL.search(clean) else clean
    return hidden if len(hidden) <= LONGEST else hidden[: LONGEST - 1] + HIDDEN
