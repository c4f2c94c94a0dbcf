"""Ranks of wishes: counted from 0, or written in words ("V1", "vœu 2", "1er")."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from matchmaker.tables.checks.findings import Findings

__all__ = ["from_one", "rank_digits"]

_RANK = re.compile(
    r"\s*(?:v|v(?:œ|oe)ux?|rang|choix|souhait|priorit[ée]|wish|choice|rank)?"
    r"\s*(?:n\s?[°ºo]?|num[ée]ro)?\s*[:.#-]?\s*(\d{1,4})"
    r"\s*(?:[eè]re?|[eè]r|re|[eè](?:me)?|nde?|st|rd|th|[°º])?\s*",
    re.IGNORECASE,
)


def rank_digits(text: str) -> str:
    """Return the digits of a rank, "" where the text is none.

    Examples
    --------
    >>> [rank_digits(t) for t in ("V1", "vœu n° 2", "1er", "2ème", "Choix 3", "1 ou 2", "A4")]
    ['1', '2', '1', '2', '3', '', '']
    """
    found = _RANK.fullmatch(text)
    return found[1] if found else ""


def from_one(ranks: pd.Series, youth_ids: pd.Series, findings: Findings) -> pd.Series:
    """Return ranks that a whole table counts from 0 as ranks from 1; others as they are.

    The table counts from 0 where each youth with ranks has one wish of rank 0.  Where some
    have none, 0 may mean anything, and the check of the column rejects it.

    Parameters
    ----------
    ranks, youth_ids : Series of str, n rows
    findings : Findings
        The change is counted.
    """
    codes, distinct = pd.factorize(ranks)
    digits = [rank_digits(text) for text in distinct]
    values = np.array([int(text) if text else -1 for text in digits], dtype=np.int64)
    if not len(codes) or not (values == 0).any():
        return ranks
    rank = values[codes]
    ranked = np.flatnonzero(rank >= 0)
    youth, people = pd.factorize(youth_ids.iloc[ranked])
    firsts = np.bincount(youth, weights=rank[ranked] == 0, minlength=len(people))
    if not (firsts == 1).all():
        return ranks
    findings.count("repair", "rank_from_zero", "rank", ranked)
    higher = [
        str(value + 1) if value >= 0 else text for value, text in zip(values, distinct, strict=True)
    ]
    return pd.Series(pd.array(higher, dtype="str").take(codes))
