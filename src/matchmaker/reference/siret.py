"""SIRET numbers: what a cell that should hold one says, and whether its check digits agree.

A SIRET is the nine digits of a firm (its SIREN) and five of one of its sites.  Both end in a
digit after Luhn; sites of La Poste have a sum of digits divisible by five instead.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.reference.lookup import fold

__all__ = ["MADE_UP", "check_digits", "read_siret"]

MADE_UP = "000"
"""First signs of the numbers of made-up tables; a true one that has them keeps to its check digits."""

_LA_POSTE = (3, 5, 6, 0, 0, 0, 0, 0, 0)
_LA_POSTE_HEAD_OFFICE = (*_LA_POSTE, 0, 0, 0, 4, 8)  # the one site of it that keeps to Luhn
_DIGITS_OF_A_SITE, _DIGITS_OF_A_FIRM = 14, 9
_FEWEST_DIGITS = 12  # two zeros in front are lost at most: the number starts "00" or "0"

_TWICE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # twice a digit, its own digits added up
_DOUBLED = np.array(_TWICE)
_LABEL = re.compile(r"^\s*(?:n\s*[°ºo]?\s*)?siret\b\s*(?:n\s*[°ºo])?\s*:?", re.IGNORECASE)
_GAPS = re.compile("[\\s.,'\"’`=/_\ufffd\\-\u2010-\u2015\u2212]")
_OF_A_NUMBER = re.compile(r"[.,]0{1,2}$")  # what a spreadsheet adds to a whole number
_POWER_OF_TEN = re.compile(r"\d(?:[.,]\d+)?e\+?\d{1,2}", re.IGNORECASE)
_ABSENT = frozenset({"", "nan", "null", "none", "na", "n a", "nat", "nc", "n c", "nr"})


def read_siret(text: str) -> tuple[str, str]:
    r"""Return the SIRET that a text holds, whatever its gaps, or why it holds none.

    Gaps, dots, dashes, the ".0" of a number cell, the word SIRET and lost zeros in front
    are put right, since the check digits prove the result.  Nothing is guessed: a number that
    a spreadsheet rounded is lost.

    Returns
    -------
    siret : str
        14 digits, or 9 where only the firm is told, or "".
    how : str
        ``plain``, ``made_up`` (begins with 000), ``form`` (digits put together again), ``siren``
        (a firm without its site), ``damaged`` (3,56E+13), ``absent`` or ``invalid``.

    Examples
    --------
    >>> read_siret("732 829 320 00074"), read_siret("73282932000074.0")
    (('73282932000074', 'form'), ('73282932000074', 'form'))
    >>> read_siret("11122233344455"), read_siret("EN COURS"), read_siret("3,56E+13")
    (('', 'invalid'), ('', 'invalid'), ('', 'damaged'))
    >>> read_siret("732 829 320"), read_siret("00000000100010")
    (('732829320', 'siren'), ('00000000100010', 'made_up'))
    """
    formed = unicodedata.normalize("NFKC", text)
    written = "".join(sign for sign in formed if unicodedata.category(sign) != "Cf")
    if fold(written) in _ABSENT and "#" not in written:  # "#N/A" is an error, not an absence
        return "", "absent"
    bare = _LABEL.sub("", written).strip()
    if _POWER_OF_TEN.fullmatch(bare):
        # Fourteen figures written out are the whole number; fewer have been rounded.
        figures = re.sub(r"\D", "", bare.lower().partition("e")[0])
        is_whole = bare.lower().endswith("e+13") and _is_siret(figures)
        return (figures, "form") if is_whole else ("", "damaged")
    for reading in (_OF_A_NUMBER.sub("", bare), bare):
        siret, how = _read_digits(_GAPS.sub("", reading))
        if siret:
            return siret, "plain" if siret == text and how == "form" else how
    return "", "invalid"


def _read_digits(digits: str) -> tuple[str, str]:
    """Return what digits without gaps are; ("", "invalid") for all that is none."""
    if not (digits.isascii() and digits.isdigit()) or not _varies(digits):
        return "", "invalid"
    whole = digits.zfill(_DIGITS_OF_A_SITE)
    is_long = len(digits) >= _FEWEST_DIGITS
    if is_long and _is_siret(whole) and (whole == digits or not whole.startswith(MADE_UP)):
        return whole, "form"
    if len(digits) == _DIGITS_OF_A_SITE and digits.startswith(MADE_UP):
        return digits, "made_up"
    if len(digits) == _DIGITS_OF_A_FIRM and _is_luhn(digits):
        return digits, "siren"
    return "", "invalid"


def check_digits(texts: pd.Series) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which texts are a SIRET as they stand, and which a made-up one.

    Parameters
    ----------
    texts : Series of str, n rows

    Returns
    -------
    is_siret : ndarray of bool, shape (n,)
        14 digits, not all equal, whose check digits agree.
    is_made_up : ndarray of bool, shape (n,)
        14 digits, not all equal, that begin with 000 and have no such check digits.

    Examples
    --------
    >>> written = pd.Series(["73282932000074", "73282932000075", "00000000100010", ""], dtype="str")
    >>> [flags.tolist() for flags in check_digits(written)]
    [[True, False, False, False], [False, False, True, False]]
    """
    column = pa.array(texts, type=pa.large_string())
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    is_long = pc.equal(pc.binary_length(column), _DIGITS_OF_A_SITE)
    rows = np.flatnonzero(np.asarray(is_long))
    is_siret = np.zeros(len(texts), dtype=bool)
    is_made_up = np.zeros(len(texts), dtype=bool)
    if len(rows):
        signs = np.frombuffer(column.take(pa.array(rows)).buffers()[2], dtype=np.uint8)
        signs = signs[: len(rows) * _DIGITS_OF_A_SITE].reshape(-1, _DIGITS_OF_A_SITE)
        digits = (signs - np.uint8(ord("0"))).astype(np.uint8)  # other signs lie above nine
        are_digits = np.all(digits <= 9, axis=1)
        rows, digits = rows[are_digits], digits[are_digits]
        varies = np.any(digits != digits[:, :1], axis=1)
        is_siret[rows] = varies & _agree(digits)
        is_made_up[rows] = varies & ~is_siret[rows] & np.all(digits[:, : len(MADE_UP)] == 0, axis=1)
    return is_siret, is_made_up


def _agree(digits: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which numbers, a row of 14 digits each, have the check digits of a SIRET."""
    firm = digits[:, :_DIGITS_OF_A_FIRM]
    is_luhn = _luhn(digits)
    is_post = np.all(firm == _LA_POSTE, axis=1)
    is_head_office = np.all(digits == _LA_POSTE_HEAD_OFFICE, axis=1)
    is_post_site = (digits.sum(axis=1) % 5 == 0) | is_head_office
    is_agreed: NDArray[np.bool_] = (
        np.where(is_post, is_post_site, is_luhn) & _luhn(firm) & np.any(firm != 0, axis=1)
    )
    return is_agreed


def _luhn(digits: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which rows of digits add up to a multiple of ten, each second from the right doubled."""
    from_right = digits[:, ::-1]
    total = from_right[:, ::2].sum(axis=1) + _DOUBLED[from_right[:, 1::2]].sum(axis=1)
    return np.asarray(total % 10 == 0, dtype=bool)


def _is_siret(digits: str) -> bool:
    """Tell of one number what `_agree` tells of many; arrays of one row would take long."""
    firm = digits[:_DIGITS_OF_A_FIRM]
    if len(digits) != _DIGITS_OF_A_SITE or not firm.strip("0") or not _is_luhn(firm):
        return False
    signs = tuple(map(int, digits))
    if signs[:_DIGITS_OF_A_FIRM] == _LA_POSTE:
        return sum(signs) % 5 == 0 or signs == _LA_POSTE_HEAD_OFFICE
    return _is_luhn(digits)


def _is_luhn(digits: str) -> bool:
    """Tell of one number what `_luhn` tells of many."""
    doubled = sum(_TWICE[int(sign)] for sign in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + doubled) % 10 == 0


def _varies(digits: str) -> bool:
    return len(set(digits)) > 1
