"""The key of a row: which youth it is of, and whether the row is still whole.

A sheet comes back sorted, sometimes without all its columns.  A key holds the id, four signs by
which a slip in it shows, and three signs each for surname, first name and birth date, so that a
row whose key stands beside another youth's name is told.  It holds no more of a person than the
row itself does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from matchmaker.tables.checks.answer import fold_cell

__all__ = ["id_of_key", "is_beside", "key_of", "reference_of"]

_OWN, _PART = 4, 3  # signs of the check of the id, and of each part of who it is
_NOTHING = "-" * _PART


def _signs(text: str, count: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()[:count]


def _part(place: int, text: str) -> str:
    folded = fold_cell(text).replace("-", " ")
    return _signs(f"{place}:{folded}", _PART) if folded else _NOTHING


def key_of(youth_id: str, who: Sequence[str]) -> str:
    """Return the key of a youth's row.

    Parameters
    ----------
    youth_id : str
    who : sequence of str
        Surname, first name, birth date as YYYY-MM-DD; "" for what is not known.

    Examples
    --------
    >>> key = key_of("Y1", ["Le Goff", "Anna", ""])
    >>> id_of_key(key), is_beside(key, ["LE GOFF", "Anna", "2006-01-01"])
    ('Y1', True)
    >>> is_beside(key, ["Martin", "Paul", ""])
    False
    """
    parts = "".join(_part(place, text) for place, text in enumerate(who))
    return f"{youth_id}~{_signs(youth_id, _OWN)}{parts}"


def reference_of(offer_id: str) -> str:
    """Return an offer's id with the signs by which a slip in it shows; "" for no offer."""
    return f"{offer_id}~{_signs(offer_id, _OWN)}" if offer_id else ""


def id_of_key(key: str) -> str:
    """Return the id in a key or a reference; "" where it is none, or was changed."""
    name, mark, signs = key.strip().rpartition("~")
    return name if mark and name and signs[:_OWN] == _signs(name, _OWN) else ""


def is_beside(key: str, who: Sequence[str]) -> bool:
    """Tell whether a row's key stands beside the person that it is of.

    One part that differs is a name put right; of two compared, or three, two are another person.

    Parameters
    ----------
    key : str
        A whole one.
    who : sequence of str
        As in `key_of`, as the row has it now; "" where it cannot be compared.
    """
    signs = key.strip().rpartition("~")[2][_OWN:]
    written = [signs[at : at + _PART] for at in range(0, len(signs), _PART)]
    compared = [
        was == _part(place, text)
        for place, (was, text) in enumerate(zip(written, who, strict=False))
        if was not in ("", _NOTHING) and text.strip()
    ]
    wrong = compared.count(False)
    return wrong == 0 or (wrong == 1 and len(compared) > 1)
