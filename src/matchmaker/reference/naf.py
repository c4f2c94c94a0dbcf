"""From the activity of a firm (NAF) to the trades it may take somebody on for.

A firm that takes spontaneous applications names no trade, and the label of its activity is
seldom an official title. A table of classes, our own, gives the trades of most, the main one
first. A code of the edition of 2025, which replaces codes from 1 January 2027, goes by its label,
else by the older codes that a table of the user's gives it. For the rest two weak signs are put
together: the trades that the label is like, and the trades that firms of its division (first two
digits of the NAF code) are known to have. Only what both say is kept. The table of divisions has
up to 139 codes a division and no weights, so on its own it would make every builder a plumber.

What was measured: ``docs/explanation/trades.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference import store
from matchmaker.reference.lookup import combinations, fold, in_turn, read_table
from matchmaker.reference.trades import rank_trades, trade_table
from matchmaker.settings import Settings

__all__ = ["CONFIDENCE", "are_activities", "editions", "trades_of_activities"]

CONFIDENCE: Final = 0.8
"""Of an answer: the share whose first trade was right, of labels judged by hand."""

_LOOKED_AT = 8  # families that a label is most like
_MOST = 3  # codes of an answer
_LEAST_LIKE = 0.45  # score below which a label is like no trade
_NEAR_BEST = 0.9  # of the best score, for further codes
_CODE = re.compile(r"(\d\d)\.?(\d\d)([A-Z])")
# The two editions share their digits and no letter: 85.59A has become 85.59G.
_LETTERS_OF_2008 = frozenset("ABCDEFZ")
_SHORT = 3  # letters of a word that says nothing
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
        codes (``"|"``-joined, at most three, the main one first, "" for none) and confidence
        (float32, `CONFIDENCE` or 0).

    Examples
    --------
    >>> codes = pd.Series(["96.02A", "43.31Z", ""], dtype="str")
    >>> labels = pd.Series(["Coiffure"] * 3, dtype="str")
    >>> trades_of_activities(codes, labels, Settings())["codes"].tolist()
    ['D1202|D1216', 'D1202|D1216', '']
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
    older = _older_codes(store.signature("naf", settings))
    pairs = zip(naf_codes.iloc[first], labels.iloc[first], strict=True)
    known = [_of_class(code, label, older) for code, label in pairs]
    codes = [
        of_class
        or "|".join(code for code, score in near[:_MOST] if score >= _NEAR_BEST * near[0][1])
        for of_class, near in zip(known, found, strict=True)
    ]
    confidence = np.array([CONFIDENCE if code else 0 for code in codes], dtype=np.float32)
    return pd.DataFrame(
        {"codes": pd.array(codes, dtype="str").take(row_of), "confidence": confidence[row_of]},
        index=labels.index,
    )


def are_activities(labels: pd.Series) -> NDArray[np.bool_]:
    """Tell which labels are, word for word, those of a class of the NAF.

    Parameters
    ----------
    labels : Series of str, n rows

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> are_activities(pd.Series(["Restauration traditionnelle", "Cuisinier"])).tolist()
    [True, False]
    """
    row, distinct = pd.factorize(labels)
    known = _classes()[1]
    return np.array([fold(str(label)) in known for label in distinct], dtype=bool)[row]


def editions(naf_codes: pd.Series) -> NDArray[np.object_]:
    """Tell the edition of the NAF that each code is of.

    Parameters
    ----------
    naf_codes : Series of str, n rows

    Returns
    -------
    ndarray of str, shape (n,)
        ``rev2`` (in force since 2008), ``2025``, ``other`` for what is no code, "" for none.

    Examples
    --------
    >>> editions(pd.Series(["85.59A", "8559G", "coiffure", ""], dtype="str")).tolist()
    ['rev2', '2025', 'other', '']
    """
    row, distinct = pd.factorize(naf_codes)
    return np.array([_edition(str(code)) for code in distinct], dtype=object)[row]


def _edition(code: str) -> str:
    key = _key(code)
    if not key:
        return "other" if code.strip() else ""
    return "rev2" if key[-1] in _LETTERS_OF_2008 else "2025"


def _key(code: str) -> str:
    """Return a code as ``1071C``, "" for what is none."""
    written = _CODE.fullmatch("".join(code.upper().split()))
    return "".join(written.groups()) if written else ""


@lru_cache(maxsize=4)
def _older_codes(key: tuple[tuple[str, int, int], ...]) -> dict[str, tuple[str, ...]]:
    """Return the codes of 2008 that each code of 2025 came from, by the tables that were added.

    `key` names their files, and changes when one does.
    """
    older: dict[str, dict[str, None]] = {}
    for table in store.read_files("naf", [path for path, _, _ in key]).get("editions", []):
        for old, new in zip(table["naf_rev2"], table["naf_2025"], strict=True):
            older.setdefault(_key(new), {})[_key(old)] = None
    return {new: tuple(old) for new, old in older.items()}


def _of_class(code: str, label: str, older: Mapping[str, Sequence[str]]) -> str:
    """Return the trades of a class, "" where code and label do not name one.

    The label goes before the code, since a code may be of another edition; a code whose own
    label shares no word with the one written is such a code.  Of a code of 2025 whose label is
    not known the older codes tell the trades, each its main one first.
    """
    by_code, by_label = _classes()
    written = _key(code)
    if not written:
        return ""
    folded = fold(label)
    if folded in by_label:
        return by_label[folded]
    if written in older:
        trades = [by_code[old][1].split("|") for old in older[written] if old in by_code]
        return "|".join(in_turn(trades)[:_MOST])
    own, codes = by_code.get(written, ("", ""))
    words = {word for word in fold(_GENERIC.sub(" ", label)).split() if len(word) > _SHORT}
    return codes if not folded or words & set(own.split()) else ""


@cache
def _classes() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return folded label and trades of each class, and the trades of each folded label."""
    table = read_table("naf_classes.csv")
    codes = table["codes"].str.replace(" ", "|", regex=False)
    labels = table["label"].map(fold)
    keys = table["naf_code"].str.replace(".", "", regex=False)
    return (
        dict(zip(keys, zip(labels, codes, strict=True), strict=True)),
        dict(zip(labels, codes, strict=True)),
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
