"""Titles to codes: the tables in memory, what is like a title, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matchmaker.reference import store, trade_confidence
from matchmaker.reference.diploma_names import DiplomaName, diploma_names
from matchmaker.reference.rome import Rome, families, rome
from matchmaker.reference.trade_index import (
    ONE,
    CodesFound,
    Groups,
    TitleIndex,
    build_index,
    find,
)
from matchmaker.reference.trade_slips import known_words, mended
from matchmaker.reference.trade_text import TitleText, read_title
from matchmaker.settings import Settings

__all__ = [
    "CODE",
    "Ranked",
    "Resolver",
    "build_resolver",
    "codes_like",
    "mend",
    "rank_titles",
    "resolver_of",
]

_FAMILY_PART = 50  # hundredths of the family's likeness beside that of the best title
_DOMAIN_PART = 50  # the same for the domain's
_OWN_PART = 85  # hundredths that our lexicon's titles count where official ones are there
_TOP = 12  # codes looked at for each title
_MOST_CODES = 3  # codes given for one title
_CLOSE = 0.985  # codes that reach this part of the best score are given too
_GENERIC = 0.7  # a known title of whose holders fewer lie in its family names several trades
_GENERIC_SHARE = 0.15  # part of the holders that makes another family one of them
_LONGEST_SLIP = 60  # signs: one word, with its marks of gender and contract
_SLIP_CONFIDENCE = 0.90  # our judgement: see trade_slips for what was tried
CODE = re.compile(r"(?<![0-9A-Za-z])([A-Na-n])[ .]?([0-9]{2})[ .]?([0-9]{2})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
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
    # level and sorted stems -> codes, and how many of them are what the diploma trains for
    diplomas: dict[tuple[int, tuple[str, ...]], tuple[tuple[int, ...], int]]
    one_word: dict[str, str]  # words that are a whole name -> their stem
    vocabulary: frozenset[str]  # stems of all titles


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What was found for one title: numbers of codes, best first."""

    codes: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    titles: tuple[int, ...] = ()
    close: tuple[int, ...] = ()
    confidence: float = 0.0
    how: str = ""
    level: int = 0
    stems: tuple[str, ...] = ()
    taught: int = 0  # so many of its codes, from the first on, are what one diploma trains for


def resolver_of(settings: Settings) -> Resolver:
    """Return the resolver for these settings, built once for the same files."""
    key = (store.signature("rome", settings), store.signature("cfd", settings))
    return _built(settings.rome_dir, settings.diplomas_dir, settings.lexicon_file, key)


@lru_cache(maxsize=4)
def _built(rome_dir: str, diplomas_dir: str, lexicon_file: str, key: object) -> Resolver:
    """Build the resolver; `key` changes when a file does."""
    del key
    settings = Settings(rome_dir=rome_dir, diplomas_dir=diplomas_dir, lexicon_file=lexicon_file)
    return build_resolver(rome(settings), diploma_names(settings))


def build_resolver(tables: Rome, diplomas: Sequence[DiplomaName] = ()) -> Resolver:
    """Build the resolver of a nomenclature."""
    codes = tuple(tables.codes["code"])
    number = {code: i for i, code in enumerate(codes)}
    named = families(codes, tables.codes["parent"])
    family_names = sorted(set(named))
    family_number = {name: i for i, name in enumerate(family_names)}
    family_of_code = np.array([family_number[name] for name in named], np.int32)
    seen: dict[tuple[tuple[str, ...], str], tuple[str, bool]] = {}
    for code, title, is_own in tables.titles.itertuples(index=False):
        stems = read_title(title).stems
        if stems and code in number:
            seen.setdefault((stems, code), (title, is_own))
    stems_of = tuple(stems for stems, _ in seen)
    texts = tuple(title for title, _ in seen.values())
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
    index = build_index(
        stems_of,
        hundredths=np.where(own & tables.is_official, _OWN_PART, 100).astype(np.int64),
    )
    return Resolver(
        codes=codes,
        labels=tuple(tables.codes["label"]),
        parents=tuple(tables.codes["parent"]),
        family_of_code=family_of_code,
        is_own=own.tolist(),
        titles=texts,
        stems=stems_of,
        code_of_title=code_of_title.tolist(),
        title_codes=code_of_title,
        index=index,
        groups=(
            _groups(index, family_of_code, stems_of, code_of_title, _FAMILY_PART),
            _groups(index, domain_of_code, stems_of, code_of_title, _DOMAIN_PART),
        ),
        exact=exact,
        diplomas=_diplomas(diplomas, number),
        one_word=known_words(
            (seen_title, name[0])
            for name, titles in exact.items()
            if len(name) == 1
            for seen_title in (texts[t] for t in titles)
        ),
        vocabulary=frozenset(one for stems in stems_of for one in stems),
    )


def _diplomas(
    names: Sequence[DiplomaName], number: dict[str, int]
) -> dict[tuple[int, tuple[str, ...]], tuple[tuple[int, ...], int]]:
    """Return the codes of the diplomas, by level and sorted stems of their names."""
    found = {}
    for name in names:
        wished = tuple(number[code] for code in name.codes[: name.wished] if code in number)
        near = tuple(number[code] for code in name.codes[name.wished :] if code in number)
        if wished:
            found[name.level, tuple(sorted(name.stems))] = (wished + near, len(wished))
    return found


def _groups(
    index: TitleIndex,
    group_of_code: NDArray[np.int32],
    stems_of: Sequence[Sequence[str]],
    code_of_title: NDArray[np.int32],
    part: int,
) -> Groups:
    """Put the titles of each group of codes into one document."""
    documents: list[list[str]] = [[] for _ in range(int(group_of_code.max()) + 1)]
    for stems, code in zip(stems_of, code_of_title, strict=True):
        documents[group_of_code[code]] += stems
    return Groups(
        index=build_index(documents, numbered_as=index), group_of_code=group_of_code, part=part
    )


def codes_like(queries: Sequence[tuple[str, ...]], resolver: Resolver) -> CodesFound:
    """Return the codes most like each title, given as stems, by likeness alone."""
    return find(
        queries,
        index=resolver.index,
        code_of_title=resolver.title_codes,
        groups=resolver.groups,
        top=_TOP,
    )


def rank_titles(texts: Sequence[str], resolver: Resolver) -> list[Ranked]:
    """Rank the codes of each text: distinct stems are looked up once."""
    read = [read_title(text) for text in texts]
    distinct = {r.stems: i for i, r in reversed(list(enumerate(read))) if r.stems}
    keys = list(distinct)
    found = codes_like(keys, resolver)
    columns = (found.code, found.score, found.likeness, found.title, found.share)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    counts = (found.code >= 0).sum(axis=1).tolist()
    ranked = {
        stems: _one(resolver, stems, *(values[:count] for values in row))
        for stems, row, count in zip(keys, rows, counts, strict=True)
        if count
    }
    return [
        _with_code(text, r, resolver, ranked.get(r.stems, Ranked()))
        for text, r in zip(texts, read, strict=True)
    ]


def mend(
    ranked: list[Ranked], texts: Sequence[str], resolver: Resolver, settings: Settings
) -> None:
    """Put what a trade written with one slip stands for into the answers, where none is sure."""
    slips: dict[int, str] = {}
    for i, (text, found) in enumerate(zip(texts, ranked, strict=True)):
        if (
            found.confidence < settings.min_trade_confidence
            and len(found.stems) == 1
            and found.stems[0] not in resolver.vocabulary
            and len(text) <= _LONGEST_SLIP
        ):
            slips[i] = mended(text, found.stems[0], resolver.one_word)
    wanted = {i: name for i, name in slips.items() if name}
    if not wanted:
        return
    words = {name: word for word, name in resolver.one_word.items()}
    for i, meant in zip(
        wanted, rank_titles([words[n] for n in wanted.values()], resolver), strict=True
    ):
        ranked[i] = replace(
            meant,
            confidence=min(meant.confidence, _SLIP_CONFIDENCE),
            how="slip",
            level=ranked[i].level,
        )


def _with_code(text: str, read: TitleText, resolver: Resolver, found: Ranked) -> Ranked:
    """Return what was found, with the code that the text itself gives, if it gives one."""
    for match in CODE.finditer(text):
        code = "".join(match.groups()).upper()
        if code in resolver.codes:
            number = resolver.codes.index(code)
            return Ranked(
                codes=(number,),
                scores=(1.0,),
                titles=(-1,),
                close=(number,),
                confidence=1.0,
                how="code",
                level=read.level,
            )
    taught, wished, is_whole = _taught(resolver, read) if read.is_diploma else ((), 0, False)
    if taught and (is_whole or found.how != "title"):
        found = replace(
            found,
            codes=taught,
            scores=(1.0,) * len(taught),
            titles=(-1,) * len(taught),
            close=taught,
            confidence=trade_confidence.LEXICON,
            how="diploma",
            taught=wished,
        )
    return replace(found, level=read.level, stems=read.stems)


def _taught(resolver: Resolver, read: TitleText) -> tuple[tuple[int, ...], int, bool]:
    """Return the codes of the diploma that a title is, or begins with, and whether it is.

    Between the two: how many of the codes are what the diploma trains for.
    ``BTS Technico-commercial, spécialité vins`` is a ``BTS Technico-commercial``: what stands
    behind the name (option, course, place) is left off until a name that is known is left.
    """
    for count in range(len(read.stems), 0, -1):
        name = tuple(sorted(read.stems[:count]))
        if taught := resolver.diplomas.get((read.level, name)):
            return *taught, count == len(read.stems)
    return (), 0, False


def _one(
    resolver: Resolver,
    stems: tuple[str, ...],
    codes: list[int],
    scores: list[int],
    likeness: list[int],
    titles: list[int],
    share: list[float],
) -> Ranked:
    """Weigh what was found for one title; the lists are aligned, best code first."""
    family = resolver.family_of_code[codes].tolist()
    place = {code: i for i, code in enumerate(codes)}
    # Official titles come before the lexicon's; a dict keeps the order and drops repeats.
    known = [
        t
        for t in resolver.exact.get(tuple(sorted(stems)), ())
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
        confidence = trade_confidence.by_likeness(likeness[first] / ONE, margin, len(stems))
    elif not official:
        close, confidence = said, trade_confidence.LEXICON
    else:
        close, confidence = said, trade_confidence.by_title(share[first])
        if share[first] < _GENERIC:  # "menuisier" stands in titles of several families
            told = {family[i] for i in said}
            near = {family[i]: i for i in reversed(order) if share[i] >= _GENERIC_SHARE}
            close = said + sorted(i for f, i in near.items() if f not in told)
    whole = ONE * (100 + _FAMILY_PART + _DOMAIN_PART) // 100
    return Ranked(
        codes=tuple(codes[i] for i in order),
        scores=tuple(scores[i] / whole for i in order),
        titles=tuple(titles[i] for i in order),
        close=tuple(codes[i] for i in close[:_MOST_CODES]),
        confidence=confidence,
        how="title" if said else "text",
    )
