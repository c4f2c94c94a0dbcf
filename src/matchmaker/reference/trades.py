"""From what people write for a trade to ROME codes, with a confidence.

A written code is taken as it is.  A title that equals a known title (once gender, number
and words of adverts are gone) takes its codes.  Any other title takes the codes of the most
similar known titles, if the confidence reaches ``min_trade_confidence``; else it stays
unresolved: it is never the nearest trade that happens to exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import resolve_distinct
from matchmaker.reference.rome import Rome, rome
from matchmaker.reference.stated_diplomas import DIPLOMA
from matchmaker.reference.trade_labels import in_words
from matchmaker.reference.trade_resolver import (
    CODE,
    Ranked,
    Resolver,
    mend,
    rank_titles,
    resolver_of,
)
from matchmaker.settings import Settings
from matchmaker.words import say

__all__ = [
    "are_codes",
    "check_codes",
    "name_of_code",
    "rank_trades",
    "resolve_trades",
    "trade_names",
    "trade_table",
]

_BETWEEN = " |,;/\t"  # signs between the codes of a cell


def trade_table(settings: Settings) -> pd.DataFrame:
    """Return the trades: code, label, parent, domain, one row a code, sorted by code.

    Examples
    --------
    >>> trade_table(Settings()).query("code == 'D1102'").to_dict("records")
    [{'code': 'D1102', 'label': 'Boulanger / Boulangère', 'parent': 'D1102', 'domain': 'D11'}]
    """
    return rome(settings).codes.copy()


def trade_names(settings: Settings) -> Mapping[str, str]:
    """Return the label of each code in words, both genders in full: as people read it.

    A code without a label (of an older version, in the user's own tables) is named by itself.

    Parameters
    ----------
    settings : Settings
        ``rome_dir`` and ``lexicon_file`` are read.

    Returns
    -------
    mapping of str to str
        All codes that are known.

    Examples
    --------
    >>> names = trade_names(Settings())
    >>> names["D1102"], names["F1602"]
    ('Boulanger ou boulangère', 'Électricien ou électricienne du bâtiment')
    """
    return _named(rome(settings))


@lru_cache(maxsize=4)
def _named(trades: Rome) -> Mapping[str, str]:
    pairs = zip(trades.codes["code"], trades.codes["label"], strict=True)
    return MappingProxyType(
        {code: in_words(label) or say("fr", "phrase.trade", code=code) for code, label in pairs}
    )


def name_of_code(code: str, names: Mapping[str, str]) -> str:
    """Return what people read for a code: the name of its trade, or of its diploma.

    Parameters
    ----------
    code : str
        Of a trade, or behind `matchmaker.reference.stated_diplomas.DIPLOMA`.
    names : mapping of str to str
        As `trade_names` gives them.

    Returns
    -------
    str
        The code itself where it has no name.

    Examples
    --------
    >>> name_of_code("diploma:CAP Cuisine", {}), name_of_code("D1102", {"D1102": "Boulanger"})
    ('CAP Cuisine', 'Boulanger')
    """
    return code.removeprefix(DIPLOMA) if code.startswith(DIPLOMA) else names.get(code, code)


def check_codes(codes: pd.Series, settings: Settings) -> pd.DataFrame:
    """Return written codes in their plain form, and whether they are known.

    Parameters
    ----------
    codes : Series of str
        One code a cell, or several with ``|``, ``,``, ``;`` or spaces between.
    settings : Settings

    Returns
    -------
    DataFrame
        Aligned to `codes`: codes (``"|"``-joined, known ones only, "" for none), how ("" as
        written, "repaired" where blanks, dots or case were mended, "unknown" where a code is
        not of the nomenclature), is_known (bool: every code is).

    Examples
    --------
    >>> check_codes(pd.Series(["D1102", "d 1102", "Z9999", ""]), Settings())
       codes       how  is_known
    0  D1102                True
    1  D1102  repaired      True
    2          unknown     False
    3                      False
    """
    known = set(rome(settings).codes["code"])

    def check(text: str) -> tuple[str, str, bool]:
        if not text.strip():
            return "", "", False
        found = list(dict.fromkeys("".join(m.groups()).upper() for m in CODE.finditer(text)))
        kept = [code for code in found if code in known]
        rest = CODE.sub("", text).strip(_BETWEEN)
        is_known = bool(kept) and len(kept) == len(found) and not rest
        joined = "|".join(kept)
        return joined, "unknown" if not is_known else "" if joined == text else "repaired", is_known

    return resolve_distinct(codes, check, {"codes": "str", "how": "str", "is_known": "bool"})


def are_codes(text: str) -> bool:
    """Tell whether a cell holds codes of the form of ROME and nothing else, known or not.

    Examples
    --------
    >>> are_codes("D1199"), are_codes("d 1102|M 18.99"), are_codes("D11"), are_codes("")
    (True, True, False, False)
    """
    return bool(CODE.search(text)) and not CODE.sub("", text).strip(_BETWEEN)


def resolve_trades(labels: pd.Series, settings: Settings) -> pd.DataFrame:
    """Return the codes that titles name.

    Parameters
    ----------
    labels : Series of str
        Titles of offers, labels of wishes; "" for none.
    settings : Settings
        ``min_trade_confidence`` is the least confidence of a code.

    Returns
    -------
    DataFrame
        Aligned to `labels`: codes (``"|"``-joined, best first, "" unresolved), label (of the
        best code), confidence (float32: how likely the first code, or one of the same
        parent, is right), how ("code", "title" for a known title, "diploma" for what a diploma trains
        for, "slip" for one with a
        slip, "text" by likeness, "" unresolved), level (int8, of a diploma named in the title,
        else 0), leading (int8: so many codes, from the first on, are the leading meaning of the
        title: of one parent, or what the diploma that it names trains for; the others are
        other meanings).  An unresolved row keeps the confidence of the best guess.

    Examples
    --------
    >>> found = resolve_trades(pd.Series(["Apprentie boulangère (CAP)", "sais pas"]), Settings())
    >>> found[["codes", "how", "level"]].values.tolist()
    [['D1102', 'diploma', 3], ['', '', 0]]
    """
    row, distinct = pd.factorize(labels)
    texts = [*map(str, distinct), ""]  # a missing label has row -1: the last text
    resolver = resolver_of(settings)
    ranked = rank_titles(texts, resolver)
    mend(ranked, texts, resolver, settings)
    answers = [
        (found, found.close if found.confidence >= settings.min_trade_confidence else ())
        for found in ranked
    ]
    meanings = [_by_meaning(resolver, found, close) for found, close in answers]
    answers = [(found, close) for (found, _), (close, _) in zip(answers, meanings, strict=True)]
    columns: dict[str, Any] = {
        "codes": pd.array(["|".join(resolver.codes[c] for c in k) for _, k in answers], "str"),
        "label": pd.array([resolver.labels[k[0]] if k else "" for _, k in answers], "str"),
        "confidence": np.array([found.confidence for found, _ in answers], np.float32),
        "how": pd.array([found.how if k else "" for found, k in answers], "str"),
        "level": np.array([found.level for found, _ in answers], np.int8),
        "leading": np.array([leading for _, leading in meanings], np.int8),
    }
    spread = {name: values.take(row) for name, values in columns.items()}
    return pd.DataFrame(spread, index=labels.index)


def _by_meaning(
    resolver: Resolver, found: Ranked, close: tuple[int, ...]
) -> tuple[tuple[int, ...], int]:
    """Return the codes of a title, the leading meaning's first, and how many these are."""
    if found.taught or not close:
        return close, found.taught
    family = resolver.family_of_code[close[0]]
    leading = tuple(code for code in close if resolver.family_of_code[code] == family)
    return leading + tuple(code for code in close if code not in leading), len(leading)


def rank_trades(labels: Sequence[str], settings: Settings, *, top: int = 5) -> pd.DataFrame:
    """Return the best codes of each title, best first, whatever the confidence.

    Returns
    -------
    DataFrame
        One row a title and code, one code a family: row (position in `labels`), rank (1
        first), code, label, parent, title (the known title it is most like), score (0 to
        1), confidence and how (of the title's answer, see `resolve_trades`).
    """
    resolver = resolver_of(settings)
    rows = []
    for row, (text, found) in enumerate(zip(labels, rank_titles(labels, resolver), strict=True)):
        seen: set[int] = set()
        for code, score, title in zip(found.codes, found.scores, found.titles, strict=True):
            family = int(resolver.family_of_code[code])
            if family in seen or len(seen) == top:
                continue
            seen.add(family)
            rows.append(
                (
                    row,
                    len(seen),
                    resolver.codes[code],
                    resolver.labels[code],
                    resolver.parents[code],
                    resolver.titles[title] if title >= 0 else text,
                    score,
                    found.confidence,
                    found.how,
                )
            )
    return pd.DataFrame(
        rows,
        columns=["row", "rank", "code", "label", "parent", "title", "score", "confidence", "how"],
    )
