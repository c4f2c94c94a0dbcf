"""From what people write for a trade to ROME codes, with a confidence.

A written code is taken as it is.  A title that equals a known title (once gender, number
and words of adverts are gone) takes its codes.  Any other title takes the codes of the most
similar known titles, if the confidence reaches ``min_trade_confidence``; else it stays
unresolved: it is never the nearest trade that happens to exist.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference import store
from matchmaker.reference.rome import Rome, rome
from matchmaker.reference.trade_index import ONE, Groups, TitleIndex, build_index, find
from matchmaker.reference.trade_text import TitleText, read_title
from matchmaker.settings import Settings

__all__ = ["check_codes", "rank_trades", "resolve_trades", "trade_table"]

_FAMILY_PART = 50  # hundredths of the family's likeness beside that of the best title
_DOMAIN_PART = 50  # the same for the domain's
_TOP = 12  # codes looked at for each title
_MOST_CODES = 3  # codes given for one title
_CLOSE = 0.985  # codes that reach this part of the best score are given too
_CODE = re.compile(r"(?<![0-9A-Za-z])([A-Na-n])[ .]?([0-9]{2})[ .]?([0-9]{2})(?![0-9A-Za-z])")


def trade_table(settings: Settings) -> pd.DataFrame:
    """Return the trades: code, label, parent, domain, one row a code, sorted by code.

    Examples
    --------
    >>> trade_table(Settings()).query("code == 'D1102'").to_dict("records")
    [{'code': 'D1102', 'label': 'Boulanger / Boulangère', 'parent': 'D1102', 'domain': 'D11'}]
    """
    return rome(settings).codes.copy()


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
    rows: dict[str, tuple[str, str, bool]] = {}
    for text in codes.unique():
        found = ["".join(m.groups()).upper() for m in _CODE.finditer(text)]
        kept = [c for c in dict.fromkeys(found) if c in known]
        rest = _CODE.sub("", text).strip(" |,;/\t")
        is_known = bool(kept) and len(kept) == len(set(found)) and not rest
        joined = "|".join(kept)
        how = "" if is_known and joined == text else "repaired" if is_known else "unknown"
        rows[text] = (joined, how if text.strip() else "", is_known)
    frame = pd.DataFrame([rows[t] for t in codes], columns=["codes", "how", "is_known"])
    return frame.set_axis(codes.index).astype({"codes": "str", "how": "str", "is_known": "bool"})


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
        parent, is right), how ("code", "title" for a known title, "text" by likeness, ""
        unresolved), level (int8, of a diploma named in the title, else 0).  An unresolved
        row keeps the confidence of the best guess.

    Examples
    --------
    >>> resolve_trades(pd.Series(["Apprentie boulangère (CAP)", "je ne sais pas"]), Settings())
       codes                   label  confidence    how  level
    0  D1102  Boulanger / Boulangère        0.99  title      3
    1                                       0.00             0
    """
    texts = [str(t) for t in labels.unique()]
    ranked = _rank(texts, settings)
    resolver = _resolver(settings)
    rows = {}
    for text, found in zip(texts, ranked, strict=True):
        is_sure = bool(found.codes) and found.confidence >= settings.min_trade_confidence
        kept = found.close if is_sure else ()
        rows[text] = (
            "|".join(resolver.codes[c] for c in kept),
            resolver.labels[kept[0]] if kept else "",
            found.confidence,
            found.how if is_sure else "",
            found.level,
        )
    frame = pd.DataFrame(
        [rows[t] for t in labels], columns=["codes", "label", "confidence", "how", "level"]
    )
    return frame.set_axis(labels.index).astype({
        "codes": "str", "label": "str", "confidence": "float32", "how": "str", "level": "int8"
    })


def rank_trades(labels: Sequence[str], settings: Settings, *, top: int = 5) -> pd.DataFrame:
    """Return the best codes of each title, best first, whatever the confidence.

    Returns
    -------
    DataFrame
        One row a title and code, one code a family: row (position in `labels`), rank (1
        first), code, label, parent, title (the known title it is most like), score (0 to
        1), confidence (of the first code of the row).
    """
    resolver = _resolver(settings)
    rows = []
    for row, found in enumerate(_rank(list(labels), settings)):
        seen: set[int] = set()
        for code, score, title in zip(found.codes, found.scores, found.titles, strict=True):
            family = int(resolver.family_of_code[code])
            if family in seen or len(seen) == top:
                continue
            seen.add(family)
            rows.append((
                row, len(seen), resolver.codes[code], resolver.labels[code],
                resolver.parents[code], resolver.titles[title], score, found.confidence,
            ))
    return pd.DataFrame(
        rows,
        columns=["row", "rank", "code", "label", "parent", "title", "score", "confidence"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resolver:
    """All that resolving needs, built once for the same tables."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    parents: tuple[str, ...]
    family_of_code: NDArray[np.int32]
    titles: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]
    code_of_title: NDArray[np.int32]
    index: TitleIndex
    groups: tuple[Groups, Groups]  # families (parents), domains
    exact: dict[tuple[str, ...], tuple[int, ...]]  # sorted stems -> numbers of titles


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """What was found for one title: numbers of codes, best first."""

    codes: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    titles: tuple[int, ...] = ()
    close: tuple[int, ...] = ()
    confidence: float = 0.0
    how: str = ""
    level: int = 0


def _resolver(settings: Settings) -> _Resolver:
    return _built(settings.rome_dir, settings.lexicon_file, store.signature(settings))


@lru_cache(maxsize=4)
def _built(rome_dir: str, lexicon_file: str, key: object) -> _Resolver:
    """Build the resolver; `key` changes when a file does."""
    del key
    return build_resolver(rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file)))


def build_resolver(tables: Rome) -> _Resolver:
    """Build the resolver of a nomenclature."""
    codes = tuple(tables.codes["code"])
    number = {code: i for i, code in enumerate(codes)}
    # Without a parent a code is its own family: a domain is too wide to vouch for a code.
    named = [
        code if len(parent) < len(code) else parent
        for code, parent in zip(codes, tables.codes["parent"], strict=True)
    ]
    family_names = sorted(set(named))
    family_number = {name: i for i, name in enumerate(family_names)}
    family_of_code = np.array([family_number[name] for name in named], np.int32)
    seen: dict[tuple[tuple[str, ...], str], tuple[str, bool]] = {}
    for code, title, is_own in tables.titles.itertuples(index=False):
        stems = read_title(title).stems
        if stems and code in number:
            seen.setdefault((stems, code), (title, is_own))
    stems_of = tuple(stems for stems, _ in seen)
    code_of_title = np.array([number[code] for _, code in seen], np.int32)
    domain_names = sorted(set(tables.codes["domain"]))
    domain_of_code = np.searchsorted(domain_names, tables.codes["domain"]).astype(np.int32)
    exact: dict[tuple[str, ...], tuple[int, ...]] = {}
    official: set[tuple[str, ...]] = set()
    for title_number, (stems, (_, is_own)) in enumerate(zip(stems_of, seen.values(), strict=True)):
        name = tuple(sorted(stems))
        if is_own and name in official:
            continue  # official titles come first, and the lexicon does not overrule them
        if not is_own:
            official.add(name)
        exact[name] = (*exact.get(name, ()), title_number)
    return _Resolver(
        codes=codes,
        labels=tuple(tables.codes["label"]),
        parents=tuple(tables.codes["parent"]),
        family_of_code=family_of_code,
        titles=tuple(title for title, _ in seen.values()),
        stems=stems_of,
        code_of_title=code_of_title,
        index=build_index(stems_of),
        groups=(
            _groups(family_of_code, stems_of, code_of_title, _FAMILY_PART),
            _groups(domain_of_code, stems_of, code_of_title, _DOMAIN_PART),
        ),
        exact=exact,
    )


def _groups(
    group_of_code: NDArray[np.int32],
    stems_of: Sequence[Sequence[str]],
    code_of_title: NDArray[np.int32],
    part: int,
) -> Groups:
    """Put the titles of each group of codes into one document."""
    documents: list[list[str]] = [[] for _ in range(int(group_of_code.max()) + 1)]
    for stems, code in zip(stems_of, code_of_title, strict=True):
        documents[group_of_code[code]] += stems
    return Groups(index=build_index(documents), group_of_code=group_of_code, part=part)


def _rank(texts: Sequence[str], settings: Settings) -> list[_Ranked]:
    """Rank the codes of each text: distinct stems are looked up once."""
    resolver = _resolver(settings)
    read = [read_title(text) for text in texts]
    distinct = {r.stems: i for i, r in reversed(list(enumerate(read))) if r.stems}
    keys = list(distinct)
    found = find(
        keys, index=resolver.index, code_of_title=resolver.code_of_title,
        groups=resolver.groups, top=_TOP,
    )
    ranked: dict[tuple[str, ...], _Ranked] = {}
    for i, stems in enumerate(keys):
        ranked[stems] = _one(resolver, stems, found.code[i], found.score[i], found.likeness[i], found.title[i])
    return [
        _with_code(text, r, resolver, ranked.get(r.stems, _Ranked()))
        for text, r in zip(texts, read, strict=True)
    ]


def _with_code(text: str, read: TitleText, resolver: _Resolver, found: _Ranked) -> _Ranked:
    """Return what was found, with the code that the text itself gives, if it gives one."""
    for match in _CODE.finditer(text):
        code = "".join(match.groups()).upper()
        if code in resolver.codes:
            number = resolver.codes.index(code)
            return _Ranked(
                codes=(number,), scores=(1.0,), titles=(0,), close=(number,),
                confidence=1.0, how="code", level=read.level,
            )
    return replace(found, level=read.level)


def _one(
    resolver: _Resolver, stems: tuple[str, ...], codes: NDArray[np.int32],
    scores: NDArray[np.int64], likeness: NDArray[np.int64], titles: NDArray[np.int32],
) -> _Ranked:
    """Weigh what was found for one title."""
    count = int((codes >= 0).sum())
    if not count:
        return _Ranked()
    family = resolver.family_of_code[codes[:count]]
    exact = {
        int(resolver.code_of_title[t]): t for t in resolver.exact.get(tuple(sorted(stems)), ())
    }
    order = sorted(range(count), key=lambda i: (int(codes[i]) not in exact, i))
    first = order[0]
    others = [int(scores[i]) for i in order if family[i] != family[first]]
    margin = (int(scores[first]) - max(others, default=0)) / ONE
    like = int(likeness[first]) / ONE
    confidence = _confidence(like, margin, is_exact=bool(exact))
    least = _CLOSE * int(scores[first])
    close = [i for i in order if (int(codes[i]) in exact if exact else scores[i] >= least)]
    return _Ranked(
        codes=tuple(int(codes[i]) for i in order),
        scores=tuple(int(scores[i]) / (ONE * (100 + _FAMILY_PART + _DOMAIN_PART) // 100) for i in order),
        titles=tuple(int(titles[i]) for i in order),
        close=tuple(int(codes[i]) for i in close[:_MOST_CODES]),
        confidence=confidence,
        how="title" if exact else "text",
    )


def _confidence(like: float, margin: float, *, is_exact: bool) -> float:
    """Return how likely the first code's family is right."""
    if is_exact:
        return 0.99
    return float(1 / (1 + np.exp(-(-6.0 + 7.0 * like + 6.0 * margin))))
