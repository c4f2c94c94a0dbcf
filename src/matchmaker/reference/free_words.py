"""Free words of a wish: what a youth likes, where no trade is named ("plutôt dehors, mécanique").

Such words stand for no trade, so they never make a *wished* one: each trade that they point
to is written as its code behind `WORD`, and `matchmaker.reference.nearness` makes it near
only, at half the value.  Nothing is guessed: a part of the label counts when it is, but for
words around it, a line of ``free_words.csv`` or a known trade, and no part that is denied
("pas la vente") or follows a denial in the same breath counts.

A title of several meanings ("Réceptionniste": of a hotel, of a firm, of goods) is a wish for the
leading one; the others are written the same way, so that they are near and no more.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import fold, read_table
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

__all__ = ["WORD", "as_meant", "is_denied", "trades_of_words"]

WORD = "~"
"""Stands before a trade code that free words point to, or another meaning of a title."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOST_CODES = 12  # of one label: more words than that tell nothing
_BREATHS = re.compile(r"[;.!?\n]|\bmais\b", re.IGNORECASE)
_PARTS = re.compile(r"[,/+&|]|\b(?:ou|et|puis|sinon)\b", re.IGNORECASE)
_DENIALS = frozenset(("pas", "sauf", "jamais", "ni", "deteste", "hais"))
_OPEN = re.compile(r"\b(?:je )?(?:ne |n )?sais pas(?: encore| trop| vraiment)?\b|\bpas de calais\b")
# Words around what is meant; those of two signs or fewer are fillers too.
_AROUND = _words(
    """
    plutot aime aimer aimerais adore voudrais veux envie souhaite faire travailler travail bosser
    dans avec les des une mon mes tout tous toute ce qui que touche autour peut etre
    metier metiers domaine secteur filiere quelque chose genre comme par pour bien surtout
    """
)


def is_denied(label: str) -> bool:
    """Tell whether a label says what is *not* wished.

    Examples
    --------
    >>> is_denied("Pas la vente"), is_denied("Je ne sais pas, vente"), is_denied("Vente")
    (True, False, False)
    """
    return not _DENIALS.isdisjoint(_OPEN.sub(" ", fold(label)).split())


def as_meant(named: pd.DataFrame) -> pd.Series:
    """Return the codes of wishes in words, other meanings than the leading one as free words.

    Parameters
    ----------
    named : DataFrame
        ``codes`` and ``leading`` of `matchmaker.reference.trades.resolve_trades`.

    Returns
    -------
    Series of str
        Aligned to `named`.

    Examples
    --------
    >>> as_meant(resolve_trades(pd.Series(["Réceptionniste", "BTS MCO"]), Settings())).tolist()
    ['G1703|~M1601|~N1103', 'D1302|D1503|D1401|D1501|D1506|~M1704|~M1705']
    """
    cells = [
        "|".join([*codes[:leading], *(WORD + code for code in codes[leading:])])
        for codes, leading in zip(named["codes"].str.split("|"), named["leading"], strict=True)
    ]
    return pd.Series(cells, index=named.index, dtype="str").where(named["codes"] != "", "")


def trades_of_words(labels: pd.Series, settings: Settings) -> pd.Series:
    """Return the trades that free words point to.

    Parameters
    ----------
    labels : Series of str
        Labels of wishes that name no one trade.
    settings : Settings
        As `matchmaker.reference.trades.resolve_trades` takes them.

    Returns
    -------
    Series of str
        Aligned to `labels`: codes behind `WORD` with ``|`` between, sorted; "" for none.

    Examples
    --------
    >>> labels = pd.Series(["plutôt des fleurs, mécanique", "tout sauf la mécanique, le bois"])
    >>> trades_of_words(labels, Settings()).tolist()
    ['~A1414|~D1209|~I1604', '']
    """
    row, distinct = pd.factorize(labels)
    parts = [_parts(str(label)) for label in distinct]
    table = _table()
    asked = list(dict.fromkeys(p for several in parts for p in several if p not in table))
    named = resolve_trades(pd.Series(asked, dtype="str"), settings)
    # Only a trade's own name: what is like one may be like it by chance in so short a text.
    is_name = named["how"].isin(["title", "diploma", "slip"])
    known = dict(zip(asked, named["codes"].where(is_name, "").str.split("|"), strict=True))
    found = [
        sorted({code for part in several for code in table.get(part) or known[part]} - {""})
        for several in parts
    ]
    cells = ["|".join(WORD + code for code in codes[:_MOST_CODES]) for codes in found]
    spread = np.array([*cells, ""], dtype=object)[row]  # a missing label has row -1
    return pd.Series(pd.array(spread, dtype="str"), index=labels.index)


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    """Return the codes of each line of ``free_words.csv``."""
    rows = read_table("free_words.csv")
    return {
        _bare(words): codes.split("|")
        for words, codes in zip(rows["words"], rows["codes"], strict=True)
    }


def _parts(label: str) -> list[str]:
    """Return what a label says, part by part, without words around it and denied parts."""
    found = []
    for breath in _BREATHS.split(label):
        for part in _PARTS.split(breath):
            if is_denied(part):
                break  # "pas la vente, la cuisine" denies both
            found.append(_bare(_OPEN.sub(" ", fold(part))))
    return [part for part in found if part]


def _bare(text: str) -> str:
    return " ".join(word for word in text.split() if len(word) > 2 and word not in _AROUND)
