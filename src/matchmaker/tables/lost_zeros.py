"""Ids whose leading zeros a spreadsheet took away, in one of two tables."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["ids_with_zeros"]


def ids_with_zeros(
    lost: Iterable[str], wish_ids: pd.Series, youth_ids: pd.Series
) -> tuple[dict[str, str], dict[str, str]]:
    """Return which youths wishes of nobody belong to, if leading zeros are all that differs.

    Parameters
    ----------
    lost : iterable of str
        Ids of wishes that no youth has.
    wish_ids, youth_ids : Series of str
        All ids of both tables.

    Returns
    -------
    dict of str to str
        Certain: there is one such youth, no other wish names them, and all numbers among the
        ids of the other table have one width, so that the shorter one can be no id of it.
    dict of str to str
        Possible: there is one such youth.

    Examples
    --------
    >>> youths = pd.Series(["00010", "00011", "G99"], dtype="str")
    >>> ids_with_zeros(["10"], pd.Series(["10", "G99"], dtype="str"), youths)
    ({'10': '00010'}, {})
    """
    orphans = [text for text in lost if text.isascii() and text.isdigit()]
    if not orphans:
        return {}, {}
    youths, wishes = _numbers(youth_ids), _numbers(wish_ids)
    by_value: dict[str, list[str]] = {}
    for text in youths:
        by_value.setdefault(text.lstrip("0"), []).append(text)
    youth_widths, wish_widths = {len(text) for text in youths}, {len(text) for text in wishes}
    youths_have_zeros = any(text.startswith("0") for text in youths)
    certain: dict[str, str] = {}
    possible: dict[str, str] = {}
    for text in orphans:
        same = by_value.get(text.lstrip("0"), [])
        if len(same) != 1:
            continue
        known = same[0]
        in_wishes = len(youth_widths) == 1 and len(text) < len(known)
        in_youths = len(wish_widths) == 1 and len(text) > len(known) and not youths_have_zeros
        is_free = known not in wishes
        (certain if is_free and (in_wishes or in_youths) else possible)[text] = known
    return certain, possible


def _numbers(ids: pd.Series) -> set[str]:
    """Return the distinct ids that are made of digits alone."""
    distinct = pa.array(ids.unique(), type=pa.large_string())
    return set(distinct.filter(pc.ascii_is_decimal(distinct)).to_pylist())
