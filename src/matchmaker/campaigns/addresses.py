"""Addresses, and the marks that stand for them: keyed hashes that nobody undoes without the key."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable

__all__ = ["digest", "marks", "normal_email", "normal_phone", "shown_name", "shown_phone"]

MARK_SIGNS = 16
_NATIONAL = re.compile(r"(?:\+33|0033|0)([1-9]\d{8})")


def normal_email(text: str) -> str:
    """Return an e-mail address in the one form in which tools compare them.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Trimmed, NFKC, lower case, the domain in ASCII; "" where it is no address.

    Examples
    --------
    >>> normal_email(" Anne@Exemple.ORG "), normal_email("a@élan.fr"), normal_email("non")
    ('anne@exemple.org', 'a@xn--lan-9la.fr', '')
    """
    name, sign, domain = unicodedata.normalize("NFKC", text).strip().lower().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    is_whole = (
        name and sign and "." in domain.strip(".") and not re.search(r"[\s,;<>]", name + domain)
    )
    return f"{name}@{domain}" if is_whole else ""


def normal_phone(text: str) -> str:
    """Return a telephone number in E.164; national forms are French.

    Examples
    --------
    >>> normal_phone("06.12.34.56.78"), normal_phone("+41 22 123 45 67"), normal_phone("x")
    ('+33612345678', '+41221234567', '')
    """
    bare = re.sub(r"[ .\-()/\u00a0\u202f]", "", unicodedata.normalize("NFKC", text))
    found = _NATIONAL.fullmatch(bare)
    if found is not None:
        return "+33" + found[1]
    bare = "+" + bare[2:] if bare.startswith("00") else bare
    return bare if re.fullmatch(r"\+\d{7,15}", bare) else ""


def digest(key: bytes, text: str) -> str:
    """Return HMAC-SHA-256 of a normalised address, number or id, in hexadecimal.

    Parameters
    ----------
    key : bytes
        The campaign's.
    text : str

    Returns
    -------
    str
        64 signs.
    """
    return hmac.digest(key, text.encode(), "sha256").hex()


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
    return [digest(key, head + text)[:MARK_SIGNS] for text in texts]


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
