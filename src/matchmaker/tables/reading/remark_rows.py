"""Rows that are none: totals, sources and remarks that people write under a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_remark", "remark_word"]

_WORD = re.compile(
    r"\s*((?:sous[\s-]?)?tota(?:l|ux)(?:\s+g[ée]n[ée]ral)?|grand total|sum|subtotal|somme|moyenne"
    r"|effectifs?|nombre(?: total)? d[e']|nb de lignes|sources?|notes?|n\.?b\.?(?=\s*:)|remarques?"
    r"|l[ée]gendes?|lecture(?=\s*:)|champ(?=\s*:)|extractions?|extrait|mise [àa] jour|maj"
    r"|donn[ée]es|[ée]dit[ée](?: le)?|export[ée]?(?: le)?|g[ée]n[ée]r[ée](?: le)?|fait [àal]e?"
    r"|fin(?: d[eu] .*)?|©|\*+|\(\d\))"
    r"(?=$|[\s:.;,(0-9])",
    re.IGNORECASE,
)
_SUMS = re.compile(r"\s*(?:sous|tot|grand|sum|subt|somme|moy|eff|nombre|nb)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*[-+]?\d[\d\s.,]*%?\s*")
_SENTENCE = 3  # words from which a text alone in a row is a remark and no id


def remark_word(text: str) -> str:
    """Return the word with which a total or a remark begins, "" for any other text.

    Examples
    --------
    >>> remark_word("Total"), remark_word("Source : rectorat"), remark_word("TOTAL-001")
    ('Total', 'Source', '')
    """
    found = _WORD.match(text)
    return found[1] if found else ""


def is_remark(first: str, others: Sequence[str], *, is_last: bool) -> bool:
    """Tell whether a row is a total or a remark: nearly empty, and worded as one.

    Parameters
    ----------
    first : str
        Cell of the id.
    others : sequence of str
        All other cells of the row.
    is_last : bool
        No row of the table follows.

    Examples
    --------
    >>> is_remark("Total", ["", "", "60"], is_last=False)
    True
    >>> is_remark("Source : rectorat", ["", "", ""], is_last=True)
    True
    >>> is_remark("Total", ["2008-03-01", "01000", "3"], is_last=True)  # an id and data
    False
    """
    filled = [cell for cell in others if cell.strip()]
    is_bare = len(filled) <= max(1, len(others) // 3)
    if not first.strip():
        # A row without id: a total whose word stands further right.
        worded = [cell for cell in filled if remark_word(cell)]
        is_sum = len(worded) == 1 and all(_NUMBER.fullmatch(c) for c in filled if c not in worded)
        return bool(worded) and (is_bare or (is_sum and 2 * len(filled) <= len(others) + 1))
    if remark_word(first):
        sums = _SUMS.match(first) is not None and all(map(_NUMBER.fullmatch, filled))
        return (is_bare and (is_last or sums)) or (sums and 2 * len(filled) <= len(others) + 1)
    return is_last and not filled and len(first.split()) >= _SENTENCE
