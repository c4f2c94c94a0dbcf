"""What the law says of trades for workers under 18: works and hours, article by article."""

from __future__ import annotations

from functools import cache

import pandas as pd

from matchmaker.reference.lookup import read_table

__all__ = ["FULL_AGE", "closed_to_minors", "minors_rules"]

FULL_AGE = 18  # years (Code du travail L4153-8 and L3163-1)


@cache
def minors_rules() -> pd.DataFrame:
    """Return the rules, one row for some works or hours of some trades.

    The table is shared: do not change it in place.

    Returns
    -------
    DataFrame
        ``trades`` (codes ``A|B``; no code stands twice), ``works`` in words, ``article`` of the
        Code du travail, ``derogable`` (``yes``, ``no``), ``scope`` (what the rule takes up:
        ``job`` all of it, ``works`` or ``hours`` a part), ``quoted`` (the words of the article),
        ``read_in`` (where they were read), ``sentence_fr``, ``sentence_en``.

    Examples
    --------
    >>> rules = minors_rules()
    >>> rules.loc[rules["trades"].str.contains("D1102"), "article"].tolist()
    ['L3163-2; R3163-1 and R3163-2']
    """
    return read_table("minors_rules.csv")


def closed_to_minors() -> frozenset[str]:
    """Return the trades that the law closes to minors for all of the job, without derogation.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(closed_to_minors())
    ['I1502']
    """
    rules = minors_rules()
    is_closed = rules["derogable"].eq("no") & rules["scope"].eq("job")
    return frozenset(code for cell in rules.loc[is_closed, "trades"] for code in cell.split("|"))
