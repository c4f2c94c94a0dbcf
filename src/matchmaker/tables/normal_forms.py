"""The one form of an e-mail address, a telephone number and an INE, whoever wrote it down.

Two spellings of one address must be equal wherever they are compared: a mailing tool returns
an address in small letters, a spreadsheet takes the zero off a number, a phone writes +33.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["normal_email", "normal_ine", "normal_phone"]

_SHOWN_NAME = re.compile(r".*<([^<>]*)>\s*", re.DOTALL)
_LOCAL = re.compile(r"[^\s@,;<>\"|()\x00-\x1f\x7f]+")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9_\-]*[a-z0-9])?\.)+[a-z0-9\-]*[a-z][a-z0-9\-]*")
_INE = re.compile(r"\d{9}[0-9A-Z][A-Z]")
_BETWEEN = re.compile(r"[\s.\-/()_‐-―]+")
_FRENCH = re.compile(r"(?:\+33|33(?=0?[1-9]\d{8}$)|0(?=[1-9]\d{8}$)|(?=[1-9]\d{8}$))0?([1-9]\d{8})")
_OVERSEAS = re.compile(r"\+?(262|590|594|596)0?([1-9]\d{8})")
# Tools write E.164 without its sign; of 13 and 15 digits that would be a NIR.
_FOREIGN = re.compile(r"\+[1-9]\d{6,14}|[1-9]\d{9,11}")
# First signs of a national number -> country code of the departments where they are given out
# (ARCEP, plan national de numérotation).
_AREAS = {
    "262": ("262", "263", "269", "639", "692", "693"),
    "590": ("590", "690", "691"),
    "594": ("594", "694"),
    "596": ("596", "696", "697"),
}
_AREA_OF = {start: code for code, starts in _AREAS.items() for start in starts}


def _plain(text: str) -> str:
    """Return a text in NFKC, trimmed, without signs that nobody sees."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf").strip()


def normal_email(text: str) -> str:
    """Return an e-mail address in the one form in which addresses are compared.

    Parameters
    ----------
    text : str
        As written; ``Name <address>`` and ``mailto:`` are understood.

    Returns
    -------
    str
        Trimmed, NFKC, lower case, the domain in ASCII (IDNA); "" where it is no address.

    Examples
    --------
    >>> normal_email(" Anne@Exemple.ORG "), normal_email("a@élan.fr"), normal_email("non")
    ('anne@exemple.org', 'a@xn--lan-9la.fr', '')
    """
    plain = _plain(text)
    if named := _SHOWN_NAME.fullmatch(plain):
        plain = named[1].strip()
    plain = unicodedata.normalize("NFKC", plain.lower().removeprefix("mailto:"))
    local, _, domain = plain.rpartition("@")
    try:
        ascii_domain = domain.removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    is_whole = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)
    return f"{local}@{ascii_domain}" if is_whole else ""


def normal_phone(text: str) -> str:
    """Return a telephone number as E.164 has it.

    A national form is French: +33, or the code of the overseas department whose numbers begin
    so.  Nine digits are a national number whose zero a spreadsheet took.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        "" where it is no number that can be told.

    Examples
    --------
    >>> normal_phone("06 12.34-56 78"), normal_phone("0033 (0)6 12 34 56 78"), normal_phone("12")
    ('+33612345678', '+33612345678', '')
    >>> normal_phone("0692 12 34 56"), normal_phone("+262692123456")
    ('+262692123456', '+262692123456')
    """
    plain = _plain(text).lower().removeprefix("tel:").removesuffix(".0")
    bare = _BETWEEN.sub("", plain.replace("(0)", ""))
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    if not bare.removeprefix("+").isdecimal() or not bare.isascii():
        return ""
    if french := _FRENCH.fullmatch(bare):
        return f"+{_area(french[1], '33')}{french[1]}"
    if overseas := _OVERSEAS.fullmatch(bare):
        return f"+{_area(overseas[2], overseas[1])}{overseas[2]}"
    return f"+{bare.removeprefix('+')}" if _FOREIGN.fullmatch(bare) else ""


def _area(national: str, otherwise: str) -> str:
    """Return the country code of a national number; those kept for fiction are mainland ones."""
    is_fiction = national.startswith("63998")
    return otherwise if is_fiction else _AREA_OF.get(national[:3], otherwise)


def normal_ine(text: str) -> str:
    """Return the national number of a pupil in capitals, without what stands between its signs.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        "" where it is none: ten digits and a letter, or nine and two.

    Examples
    --------
    >>> normal_ine("123456789 ab"), normal_ine("12")
    ('123456789AB', '')
    """
    bare = _BETWEEN.sub("", _plain(text)).upper()
    return bare if bare.isascii() and _INE.fullmatch(bare) else ""
