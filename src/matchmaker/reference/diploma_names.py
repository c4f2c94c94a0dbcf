"""Names of diplomas and the trades that they lead to, as one list.

Three sources, in this order: our lexicon (fine codes of ROME 4.0, of its own judgement), the
official codes of ``diplomas.csv``, and the tables that the user has added
(`matchmaker.reference.diploma_tables`).  What one of them says of a name is added to what those
before it said; codes on which the lexicon and an official table agree come first.

Official codes are those of ROME 3, each a family of trades.  In ROME 4 the same code names one
trade of its family, now and then that of its head ("Responsable marketing", for a BTS): up to
level 6 such a trade is near the diploma, and not what it trains for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from matchmaker.reference import store
from matchmaker.reference.diploma_tables import diploma_tables
from matchmaker.reference.lexicon import Entry, lexicon
from matchmaker.reference.lookup import read_table
from matchmaker.reference.rome import rome
from matchmaker.reference.trade_text import read_title
from matchmaker.settings import Settings

__all__ = ["DiplomaName", "diploma_names"]

_MOST_OF_LEXICON = 3  # trades of our lexicon for one diploma: more say that it names none
_MOST_CODES = 8
_HEADS_FROM = 6  # up to this level a diploma makes nobody the head of others
_KINDS = ("Titre professionnel ", "Bac pro ", "BTSA ", "BTS ", "CAPA ", "CAP ", "BUT ", "BP ")
_HEAD = re.compile(r"(?:Responsable|Directeur|Chef|Manager|Dirigeant|Gérant|Ingénieur)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomaName:
    """One name of a diploma.

    Attributes
    ----------
    text : str
        As it is written, its type ("CAP", "BTS") included.
    level : int
        Level that the text names, 0 where it names none.
    stems : tuple of str
        Of the words behind its type, in order.
    codes : tuple of str
        ROME codes, best first; eight at most.
    wished : int
        So many codes, from the first on, are what the diploma trains for; the others are near.
    diploma : str
        The name that all names of this diploma share, abbreviations among them.
    """

    text: str
    level: int
    stems: tuple[str, ...]
    codes: tuple[str, ...]
    wished: int
    diploma: str


def diploma_names(settings: Settings) -> tuple[DiplomaName, ...]:
    """Return all names of diplomas, each once for its level and its words.

    Parameters
    ----------
    settings : Settings
        ``lexicon_file``, ``diplomas_dir`` and ``rome_dir`` are read.

    Returns
    -------
    tuple of DiplomaName
        In the order of the lexicon, of ``diplomas.csv``, of the user's tables.

    Examples
    --------
    >>> next(name.codes for name in diploma_names(Settings()) if name.text == "BTS Communication")
    ('E1101', 'E1112', 'E1107', 'E1103')
    """
    where = settings.rome_dir, settings.diplomas_dir, settings.lexicon_file
    return _names(*where, (store.signature("cfd", settings), store.signature("rome", settings)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A name as one source gives it, with what the sources before it said."""

    text: str
    level: int
    stems: tuple[str, ...]
    own: list[str]
    official: list[str]
    diploma: str

    @property
    def key(self) -> tuple[int, tuple[str, ...]]:
        """Level and words: what makes two names the same."""
        return self.level, tuple(sorted(self.stems))


@lru_cache(maxsize=4)
def _names(
    rome_dir: str, diplomas_dir: str, lexicon_file: str, key: object
) -> tuple[DiplomaName, ...]:
    """Put the names together; `key` changes when a file does."""
    del key
    settings = Settings(rome_dir=rome_dir, diplomas_dir=diplomas_dir, lexicon_file=lexicon_file)
    ours = {name.key: name for name in _of_lexicon(lexicon(lexicon_file))}
    names = ours | {name.key: name for name in _of_package(ours)}
    for name in _of_tables(settings):
        names.setdefault(name.key, name).official.extend(name.official)
    labels = rome(settings).codes
    heads = frozenset(
        code
        for code, label in zip(labels["code"], labels["label"], strict=True)
        if _HEAD.match(label)
    )
    return tuple(_in_order(name, heads) for name in names.values())


def _in_order(name: _Name, heads: frozenset[str]) -> DiplomaName:
    """Put the codes of one name in order."""
    is_near = heads.difference(name.own) if name.level <= _HEADS_FROM else frozenset[str]()
    wished = dict.fromkeys(
        [
            *(code for code in name.own if code in name.official),
            *name.own,
            *(code for code in name.official if code not in is_near),
        ]
    )
    codes = tuple(wished | dict.fromkeys(name.official))[:_MOST_CODES]
    return DiplomaName(
        text=name.text,
        level=name.level,
        stems=name.stems,
        codes=codes,
        # Where all are of heads, they are all that there is.
        wished=min(len(wished) or len(codes), len(codes)),
        diploma=name.diploma,
    )


def _of_package(ours: Mapping[tuple[int, tuple[str, ...]], _Name]) -> Iterator[_Name]:
    """Yield the names of ``diplomas.csv``; all names of a diploma share the lexicon's trades."""
    for row in read_table("diplomas.csv").to_dict("records"):
        kind = next((k for k in _KINDS if row["diploma"].startswith(k)), "")
        others = (kind + name for name in row["other_names"].split("|") if name)
        texts = _both_forms((row["diploma"], *others))
        names = [name for text in texts for name in _read(text, diploma=row["diploma"])]
        own = [code for one in names if one.key in ours for code in ours[one.key].own]
        for name in names:
            name.own.extend(dict.fromkeys(own))
            name.official.extend(row["trade_codes"].split("|"))
            yield name


def _of_lexicon(entries: tuple[Entry, ...]) -> Iterator[_Name]:
    """Yield the lexicon's diplomas: the first code of each trade that leads to one."""
    found: dict[tuple[int, tuple[str, ...]], _Name] = {}
    for entry in entries:
        for diploma in _both_forms(entry.diplomas):
            for name in _read(diploma, diploma=diploma):
                known = found.setdefault(name.key, name).own
                if entry.codes[0] not in known and len(known) < _MOST_OF_LEXICON:
                    known.append(entry.codes[0])
    yield from found.values()


def _of_tables(settings: Settings) -> Iterator[_Name]:
    """Yield the diplomas of the user's tables that have a name and trades."""
    for diploma in diploma_tables(settings).diplomas.values():
        if diploma.label and diploma.codes:
            for name in _read(diploma.label, diploma.level, diploma=diploma.label):
                name.official.extend(diploma.codes)
                yield name


def _both_forms(names: Iterable[str]) -> Iterator[str]:
    """Yield each name, and again with the other name of its type where it has two."""
    for name in names:
        yield name
        for one, other in (("CAPA ", "CAP agricole "), ("CAP agricole ", "CAPA ")):
            if name.startswith(one):
                yield other + name.removeprefix(one)


def _read(text: str, level: int = 0, *, diploma: str) -> Iterator[_Name]:
    """Yield the name without its codes; nothing where the text is all type ("BTS")."""
    read = read_title(text)
    if read.stems:
        told = read.level or (0 if read.is_diploma else level)
        yield _Name(text=text, level=told, stems=read.stems, own=[], official=[], diploma=diploma)
