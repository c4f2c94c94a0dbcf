"""From what people write for a trade to ROME codes, with a confidence.

A written code is taken as it is.  A title that equals a known title (once gender, number
and words of adverts are gone) takes its codes.  Any other title takes the codes of the most
similar known titles, if the confidence reaches ``min_trade_confidence``; else it stays
unresolved: it is never the nearest trade that happens to exist.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference import store
from matchmaker.reference.lexicon import Entry, lexicon
from matchmaker.reference.lookup import resolve_distinct
from matchmaker.reference.rome import Rome, rome
from matchmaker.reference.trade_index import ONE, Groups, TitleIndex, build_index, find
from matchmaker.reference.trade_text import TitleText, read_title
from matchmaker.settings import Settings

__all__ = ["check_codes", "rank_trades", "resolve_trades", "trade_table"]

_FAMILY_PART = 50  # hundredths of the family's likeness beside that of the best title
_DOMAIN_PART = 50  # the same for the domain's
_OWN_PART = 85  # hundredths that our lexicon's titles count where official ones are there
_TOP = 12  # codes looked at for each title
_MOST_CODES = 3  # codes given for one title
_CLOSE = 0.985  # codes that reach this part of the best score are given too
_GENERIC = 0.7  # a known title of whose holders fewer lie in its family names several trades
_GENERIC_SHARE = 0.15  # part of the holders that makes another family one of them
# What the lexicon says word for word is taken at its word, or an entry that somebody adds
# would have no effect.
_LEXICON_CONFIDENCE = 0.90
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

    def check(text: str) -> tuple[str, str, bool]:
        if not text.strip():
            return "", "", False
        found = list(dict.fromkeys("".join(m.groups()).upper() for m in _CODE.finditer(text)))
        kept = [code for code in found if code in known]
        rest = _CODE.sub("", text).strip(" |,;/\t")
        is_known = bool(kept) and len(kept) == len(found) and not rest
        joined = "|".join(kept)
        return joined, "unknown" if not is_known else "" if joined == text else "repaired", is_known

    return resolve_distinct(codes, check, {"codes": "str", "how": "str", "is_known": "bool"})


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
    row, distinct = pd.factorize(labels.fillna(""))
    resolver = _resolver(settings)
    answers = [
        (found, found.close if found.confidence >= settings.min_trade_confidence else ())
        for found in _rank([str(text) for text in distinct], settings)
    ]
    columns = {
        "codes": pd.array(["|".join(resolver.codes[c] for c in k) for _, k in answers], "str"),
        "label": pd.array([resolver.labels[k[0]] if k else "" for _, k in answers], "str"),
        "confidence": np.array([found.confidence for found, _ in answers], np.float32),
        "how": pd.array([found.how if k else "" for found, k in answers], "str"),
        "level": np.array([found.level for found, _ in answers], np.int8),
    }
    spread = {name: values.take(row) for name, values in columns.items()}
    return pd.DataFrame(spread, index=labels.index)


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
    for row, (text, found) in enumerate(zip(labels, _rank(labels, settings), strict=True)):
        seen: set[int] = set()
        for code, score, title in zip(found.codes, found.scores, found.titles, strict=True):
            family = int(resolver.family_of_code[code])
            if family in seen or len(seen) == top:
                continue
            seen.add(family)
            rows.append((
                row, len(seen), resolver.codes[code], resolver.labels[code],
                resolver.parents[code], resolver.titles[title] if title >= 0 else text, score, found.confidence,
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
    is_own: list[bool]  # of each title: it stands in our lexicon only
    titles: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]
    code_of_title: list[int]
    title_codes: NDArray[np.int32]  # the same, for the kernels
    index: TitleIndex
    groups: tuple[Groups, Groups]  # families (parents), domains
    exact: dict[tuple[str, ...], tuple[int, ...]]  # sorted stems -> numbers of titles
    diplomas: dict[tuple[str, ...], tuple[int, ...]]  # sorted stems -> numbers of codes


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
    tables = rome(Settings(rome_dir=rome_dir, lexicon_file=lexicon_file))
    return build_resolver(tables, lexicon(lexicon_file))


def build_resolver(tables: Rome, entries: tuple[Entry, ...] = ()) -> _Resolver:
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
    own = np.array([is_own for _, is_own in seen.values()])
    exact: dict[tuple[str, ...], tuple[int, ...]] = {}
    for title in (*np.flatnonzero(~own).tolist(), *np.flatnonzero(own).tolist()):
        name = tuple(sorted(stems_of[title]))
        known = exact.get(name, ())
        # Where the official titles are there, the lexicon adds nothing to what they say.
        if not (known and own[title] and tables.is_official and not own[known[0]]):
            exact[name] = (*known, title)
    return _Resolver(
        codes=codes,
        labels=tuple(tables.codes["label"]),
        parents=tuple(tables.codes["parent"]),
        family_of_code=family_of_code,
        is_own=own.tolist(),
        titles=tuple(title for title, _ in seen.values()),
        stems=stems_of,
        code_of_title=code_of_title.tolist(),
        title_codes=code_of_title,
        index=build_index(
            stems_of, np.where(own & tables.is_official, _OWN_PART, 100).astype(np.int64)
        ),
        groups=(
            _groups(family_of_code, stems_of, code_of_title, _FAMILY_PART),
            _groups(domain_of_code, stems_of, code_of_title, _DOMAIN_PART),
        ),
        exact=exact,
        diplomas={
            name: tuple(number[code] for code in codes_of if code in number)
            for name, codes_of in diploma_codes(entries).items()
        },
    )


def diploma_codes(entries: tuple[Entry, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of the lexicon's diplomas, by the sorted stems of their names.

    The first code of each trade that leads to the diploma, in the order of the file.
    """
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for entry in entries:
        for diploma in entry.diplomas:
            stems = read_title(diploma).stems
            if stems:
                found.setdefault(tuple(sorted(stems)), {})[entry.codes[0]] = None
    return {name: tuple(codes)[:_MOST_CODES] for name, codes in found.items()}


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
        keys, index=resolver.index, code_of_title=resolver.title_codes,
        groups=resolver.groups, top=_TOP,
    )
    ranked: dict[tuple[str, ...], _Ranked] = {}
    for i, stems in enumerate(keys):
        count = int((found.code[i] >= 0).sum())
        if count:
            ranked[stems] = _one(
                resolver, stems,
                found.code[i, :count].tolist(), found.score[i, :count].tolist(),
                found.likeness[i, :count].tolist(), found.title[i, :count].tolist(),
                found.share[i, :count].tolist(),
            )
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
                codes=(number,), scores=(1.0,), titles=(-1,), close=(number,),
                confidence=1.0, how="code", level=read.level,
            )
    taught = resolver.diplomas.get(tuple(sorted(read.stems)), ()) if read.level else ()
    if taught and found.how != "title":
        found = replace(
            found, codes=taught, scores=(1.0,) * len(taught), titles=(-1,) * len(taught),
            close=taught, confidence=_LEXICON_CONFIDENCE, how="title",
        )
    return replace(found, level=read.level)


def _one(
    resolver: _Resolver, stems: tuple[str, ...], codes: list[int],
    scores: list[int], likeness: list[int], titles: list[int], share: list[float],
) -> _Ranked:
    """Weigh what was found for one title; the lists are aligned, best code first."""
    family = resolver.family_of_code[codes].tolist()
    place = {code: i for i, code in enumerate(codes)}
    # Official titles come before the lexicon's; a dict keeps the order and drops repeats.
    known = [
        t for t in resolver.exact.get(tuple(sorted(stems)), ())
        if resolver.code_of_title[t] in place
    ]
    official = sorted({place[resolver.code_of_title[t]] for t in known if not resolver.is_own[t]})
    said = list(dict.fromkeys([*official, *(place[resolver.code_of_title[t]] for t in known)]))
    order = said + [i for i in range(len(codes)) if i not in said]
    first = order[0]
    others = (scores[i] for i in order if family[i] != family[first])
    margin = (scores[first] - max(others, default=0)) / ONE
    if not said:
        close = [i for i in order if scores[i] >= _CLOSE * scores[first]]
        confidence = _confidence(likeness[first] / ONE, margin, share[first])
    elif not official:
        close, confidence = said, _LEXICON_CONFIDENCE
    else:
        close, confidence = said, 0.90 + 0.08 * share[first]
        if share[first] < _GENERIC:  # "menuisier" stands in titles of several families
            told = {family[i] for i in said}
            near = {family[i]: i for i in reversed(order) if share[i] >= _GENERIC_SHARE}
            close = said + sorted(i for f, i in near.items() if f not in told)
    whole = ONE * (100 + _FAMILY_PART + _DOMAIN_PART) // 100
    return _Ranked(
        codes=tuple(codes[i] for i in order),
        scores=tuple(scores[i] / whole for i in order),
        titles=tuple(titles[i] for i in order),
        close=tuple(codes[i] for i in close[:_MOST_CODES]),
        confidence=confidence,
        how="title" if said else "text",
    )


def _confidence(like: float, margin: float, share: float) -> float:
    """Return how likely a code found by likeness is right.

    Parameters
    ----------
    like, margin : float
        Likeness of the best title (0 to 1), and lead over the best code of another family.
    share : float
        Of the titles that hold all words, the part in the first code's family.

    Notes
    -----
    A logistic curve, fitted (``benchmarks/trades.py``) on official titles that were taken out
    of the index, with the official tables and with the embedded ones.
    """
    lead, narrow = min(max(margin, 0.0), 0.8), min(max(margin, 0.0), 0.15)
    odds = -2.5 + 2.4 * like + 3.6 * lead + 3.8 * narrow + 0.8 * share
    odds += 0.3 if share == 0.0 else 0.0
    # Likeness alone was never right in more than 96 of 100 cases.
    return 0.96 / (1.0 + math.exp(-odds))
