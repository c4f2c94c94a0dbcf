"""Addresses, and the marks that stand for them: keyed hashes that nobody undoes without the key."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable

__all__ = ["marks", "shown_name", "shown_phone"]

_MARK_SIGNS = 16
# Numbers of the overseas departments are written without their code there, too.
_NATIONAL = re.compile(r"(?:\+(?:33|262|590|594|596)|0033|0)([1-9]\d{8})")


def marks(key: bytes, campaign: str, wave: int | str, texts: Iterable[str]) -> list[str]:
    """Return the marks of addresses or youths in one wave.

    Parameters
    ----------
    key : bytes
    campaign : str
    wave : int or str
    texts : iterable of str

    Returns
    -------
    list of str
        16 hexadecimal signs of HMAC-SHA-256 of ``campaign|wave|text`` each.

    Examples
    --------
    >>> marks(bytes(32), "c", 1, ["a@example.org"])
    ['408d513d0dcb09e7']
    """
    head = f"{campaign}|{wave}|"
    return [hmac.digest(key, (head + one).encode(), "sha256").hex()[:_MARK_SIGNS] for one in texts]


def shown_name(name: str) -> str:
    """Return a first name as people write it: exports have it in capitals.

    Examples
    --------
    >>> shown_name(" JEAN-PIERRE "), shown_name("Léa"), shown_name("MacKenzie")
    ('Jean-Pierre', 'Léa', 'MacKenzie')
    """
    clean = " ".join(name.split())
    return clean.title() if clean.isupper() or clean.islower() else clean


def shown_phone(number: str) -> str:
    """Return a telephone number as people read it, without a sign that a spreadsheet obeys.

    Examples
    --------
    >>> shown_phone("+33612345678"), shown_phone("0612345678"), shown_phone("+41221234567")
    ('06 12 34 56 78', '06 12 34 56 78', '0041221234567')
    """
    bare = re.sub(r"[ .\-()]", "", number)
    found = _NATIONAL.fullmatch(bare)
    if found is None:
        return "00" + bare[1:] if bare.startswith("+") else bare
    national = "0" + found[1]
    return " ".join(national[i : i + 2] for i in range(0, 10, 2))
