"""From the activity of a firm (NAF) to the trades it may take somebody on for.

A firm that takes spontaneous applications names no trade, and the label of its activity is
seldom an official title. Two weak signs are put together: the trades that the label is like,
and the trades that firms of its division (first two digits of the NAF code) are known to have.
Only what both say is kept. The table of divisions has up to 139 codes a division and no
weights, so on its own it would make every builder a plumber.

What was measured: ``docs/explanation/trades.md``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import combinations, read_table
from matchmaker.reference.trades import rank_trades, trade_table
from matchmaker.settings import Settings

__all__ = ["CONFIDENCE", "trades_of_activities"]

CONFIDENCE: Final = 0.8
"""Of an answer: the share whose first trade was right, of labels judged by hand."""

_LOOKED_AT = 8  # families that a label is most like
_MOST = 3  # codes of an answer
_LEAST_LIKE = 0.45  # score below which a label is like no trade
_NEAR_BEST = 0.9  # of the best score, for further codes
_DIVISION = re.compile(r"\s*(\d\d)\.?\d")
# Words of the nomenclature of activities that say nothing about a trade.
_GENERIC = re.compile(
    r"\b(?:travaux|services?|autres?|activités|commerces? de (?:détail|gros)|commerces?"
    r"|en magasin spécialisé|sur éventaires et marchés|de détail|n\.c\.a)\b\.?",
    re.IGNORECASE,
)


def trades_of_activities(
    naf_codes: pd.Series, labels: pd.Series, settings: Settings
) -> pd.DataFrame:
    """Return the trades that activities and their labels agree on.

    Parameters
    ----------
    naf_codes : Series of str, n rows
        ``10.71C`` or ``1071C``; "" where unknown.
    labels : Series of str, n rows
        Label of the activity.
    settings : Settings
        The nomenclature; ``min_trade_confidence`` is about titles and is not read.

    Returns
    -------
    DataFrame, n rows with the index of `labels`
        codes (``"|"``-joined, at most three, best first, "" for none) and confidence
        (float32, `CONFIDENCE` or 0).

    Examples
    --------
    >>> codes = pd.Series(["96.02A", "43.31Z", ""], dtype="str")
    >>> labels = pd.Series(["Coiffure"] * 3, dtype="str")
    >>> trades_of_activities(codes, labels, Settings())["codes"].tolist()
    ['D1202', '', '']
    """
    row_of, first = combinations([naf_codes, labels])
    divisions = [_division(code) for code in naf_codes.iloc[first]]
    texts = [" ".join(_GENERIC.sub(" ", label).split()) for label in labels.iloc[first]]
    table = trade_table(settings)
    parent_of = dict(zip(table["code"], table["parent"], strict=True))
    found: list[list[tuple[str, float]]] = [[] for _ in texts]
    ranked = rank_trades(texts, settings, top=_LOOKED_AT)
    for row, code, score in zip(ranked["row"], ranked["code"], ranked["score"], strict=True):
        own = {parent_of.get(c, c) for c in _trades_of_divisions().get(divisions[row], ())}
        if score >= _LEAST_LIKE and parent_of[code] in own:
            found[row].append((code, score))
    codes = [
        "|".join(code for code, score in near[:_MOST] if score >= _NEAR_BEST * near[0][1])
        for near in found
    ]
    confidence = np.array([CONFIDENCE if code else 0 for code in codes], dtype=np.float32)
    return pd.DataFrame(
        {"codes": pd.array(codes, dtype="str").take(row_of), "confidence": confidence[row_of]},
        index=labels.index,
    )


def _division(code: str) -> str:
    """Return the division of a NAF code, "" if it is none."""
    found = _DIVISION.match(code)
    return found[1] if found else ""


@cache
def _trades_of_divisions() -> dict[str, tuple[str, ...]]:
    """Return the ROME codes of each division."""
    table = read_table("naf_rome.csv")
    return {
        division: tuple(codes.split())
        for division, codes in zip(table["naf_division"], table["codes"], strict=True)
    }
