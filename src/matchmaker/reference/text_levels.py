"""Levels of the diplomas that a posting's words name, and the words that name them.

A diploma that one must hold ("titulaire d'un CAP") is no level that the contract leads to.  What
is no diploma at all bears the same words: bac à sable, licence IV, Scrum Master, Cap d'Agde.
Measured by ``python -m benchmarks.levels``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from matchmaker.reference.plain_text import Sentence

__all__ = ["SIEVE", "Mention", "mentions", "read_levels"]

_OF_YEARS = {2: 5, 3: 6, 4: 6, 5: 7, 6: 7, 8: 8}  # Bac+1 is no level of its own
_TOP_OF_OPEN = 7  # "Bac+2 minimum": nobody means a doctorate
_ROMAN = {"v": 3, "iv": 4, "iii": 5, "ii": 6, "i": 7}  # before 2019

_NO_CAP = (
    r"(?![ -](?:d agde|breton|emploi|gemini|horn|ferret|verde?|sur|ocean|corse|vers|a franchir|\d{4})\b"
    r"|gemini)"
)
_NO_LICENCE = r"(?! (?:iv|iii|4|3 (?:de|pour)|autocad|logiciel|office|microsoft|adobe|taxi|moto|sportive|de |d )\b)"
_SPECIALITY = (
    r"(?: (?:g[a-z]{1,3}|tc|mmi|mlt|qlio|sd|mp|rt|hse|pec|sgm|info\w*|chimie|genie|gestion"
    r"|techniques?|metiers?|carrieres?|mesures?|reseaux|qualite|management|science|statistique|packaging)\b)"
)
# Level -> what names it, in the plain text.
_NAMES: tuple[tuple[int, str], ...] = (
    (3, rf"capa?{_NO_CAP}|bepa?|cpjeps|ctm|certificats? d aptitude professionnelle"),
    (4, r"bac(?:calaureat)?s? ?(?:pro(?:fessionnels?|s)?|techno\w*|general|stmg|sti2d|st2s)"),
    (4, r"brevet professionnel|bp(?! ?\d)|bp ?jeps|bprea|bma|btm|deas|deap|deaes|daeu"),
    (4, r"bac(?:calaureat)?(?! ?\+)(?! (?:a|de|d|en|du|pour|gastro\w*|[1-8])\b(?! bac))"),
    (5, r"btsa?|btms|deust|deug|dut|brevets? de technicien superieur"),
    (6, r"bachelors?|dcg|desjeps|licences? pro(?:fessionnelles?|s)?|l3|m1|masters? 1"),
    (6, rf"licences?{_NO_LICENCE}"),
    (6, rf"but(?={_SPECIALITY}| ?[/,)]| ou )"),
    (
        7,
        r"(?<!scrum )(?<!web)masters?(?: s)?(?: 2)?(?! 1|[ -](?:class|data|chef|planner|black)\w*)",
    ),
    (7, r"masteres?(?: specialises?)?|m2|mba|msc|dscg|(?:cycle|diplome d|titre d) ?ingenieurs?"),
    (7, r"(?:grandes? )?ecoles? d ?ingenieurs?|engineering (?:school|degree)"),
    (8, r"doctorats?|doctorante?|phd|cifre"),
)
_LEVEL_OF_GROUP = {f"name{row}": level for row, (level, _) in enumerate(_NAMES)}
_NAME = "|".join(f"(?P<name{row}>{pattern})" for row, (_, pattern) in enumerate(_NAMES))
_SEPARATE = r"(?:/| a | au | ou | et |-|,(?= ?\+)| ?/ ?)"
_YEARS = rf"bac ?\+? ?[1-8](?!\d)(?:\s?{_SEPARATE}\s?(?:\+ ?)?[1-8](?!\d| ?(?:an|mois|jour|sem|h\b|e\b|eme)))*"
_NUMBER = (
    r"niveaux? ?:? ?(?:d etudes? ?:? ?)?[3-8](?!\d)(?:(?: ou | et | puis | a |/|, |-)[3-8](?!\d))*"
)
_OLD = r"niveaux? (?:iii|iv|ii|i|v)(?![a-z])"
_MENTION = re.compile(
    rf"(?<![a-z0-9])(?:(?P<years>{_YEARS})|(?P<number>{_NUMBER})|(?P<old>{_OLD})"
    rf"|(?:{_NAME})(?![a-z]))"
)
# These are words of every day unless written as abbreviations.
_IN_CAPITALS = frozenset({"but", "m1", "m2", "l3", "bp"})
_NO_LEVEL_BEFORE = re.compile(
    r"(?:anglais|espagnol|allemand|francais|langue|echelon|magasins?|enseigne|chez|pass\w+ (?:le|un)"
    r"|gard\w+ le|franchi\w* (?:le|un)|\d|plan) ?:?$"
)
# Standing right before, or after, a diploma that one has already.
_HELD_BEFORE = re.compile(
    r"(?:titulaires?|(?<!un )(?<!le )diplomee?(?:\(e\))?s?(?= d(?:u|e|es| un| une) (?!niveau))|obtention|issue?s?|justifi\w+"
    r"|possed\w+|sort\w*|sors|apres|obtenu|dispos\w+|vous avez|tu as|acces|suite a)"
    r"(?: (?:deja|minimum|au moins|au minimum))?(?: (?:d un|d une|du|de la|de|d|un|une|le|la|votre|ton))?"
    r"(?: diplome)?(?: de)?(?: niveau)? ?$|(?:requis|exige|minimum requis|obligatoire)e?s? ?: ?(?:niveau )?$"
)
_HELD_AFTER = re.compile(
    r"(?: \w+){0,2}? ?(?:valide|obtenu|requis|exige|obligatoire|est (?:requis|exige)|en poche|acquis)"
)
_ALSO = re.compile(r" ?(?:ou|et|/|,|et ?/ ?ou) ?(?:d un|d une|du|de|un|une|le)? ?$")
_TO = re.compile(r" ?(?:a|au|jusqu a|jusqu au|-|to|up to) ?(?:un |une |du |le |la )?(?:niveau )?$")
_OPEN_AFTER = re.compile(
    r" ?\)? ?(?:minimum|mini|min|et plus|ou plus|et \+|et superieur|ou superieur)\b"
)
_OPEN_BEFORE = re.compile(
    r"(?:a partir (?:de|du|d un)|au moins|des le|minimum)(?: (?:un|niveau))? ?:? ?$"
)
_PREPARED = re.compile(
    r"prepar|vis(?:ez|es|ant|e)\b|integre|poursui|entr(?:ez|es|er|ee) en|admise? en|etudiante?|suiv"
    r"|actuellement en|en cours de|annee de|diplome prepare"
)
SIEVE = (
    r"(?i)\b(?:cap|capa|bepa?|cpjeps|ctm|bac|baccalaur|brevet|bp|bpjeps|bprea|bma|btms?|deas|deap|deaes"
    r"|btsa?|deust|deug|dut|but|bachelor|dcg|licence|l3|m1|m2|master|mast[eè]re|mba|msc|dscg|desjeps"
    r"|ing[eé]nieur|engineering|doctora|phd|cifre|daeu|niveau)|certificat|bacs? ?pro"
)
"""A superset of what is read, in the dialect of RE2, for whole columns."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A diploma named in a sentence.

    Attributes
    ----------
    start, end : int
        Where its words stand in the sentence.
    levels : frozenset of int
        3 to 8.
    is_held : bool
        One has to hold it already.
    is_prepared : bool
        Words before it say that it is prepared.
    """

    start: int
    end: int
    levels: frozenset[int]
    is_held: bool
    is_prepared: bool = False


def read_levels(parts: Iterable[Sentence]) -> tuple[tuple[int, ...], str]:
    """Return the levels that a contract may lead to, and the words that say so.

    Sentences that say what is prepared count before those that merely name a diploma.

    Parameters
    ----------
    parts : iterable of Sentence

    Returns
    -------
    tuple of int
        Levels 3 to 8, rising; empty where none is named.
    str
        The words, as written; "" for none.

    Examples
    --------
    >>> from matchmaker.reference.plain_text import sentences
    >>> read_levels(sentences("De niveau Bac+2 à Bac+5, vous maîtrisez Excel."))
    ((5, 6, 7), 'Bac+2 à Bac+5')
    >>> read_levels(sentences("Titulaire d'un CAP, vous préparez un BP."))
    ((4,), 'BP')
    >>> read_levels(sentences("Scrum Master : licence IV et bac à sable."))
    ((), '')
    """
    told: list[tuple[bool, frozenset[int], str]] = []
    for sentence in parts:
        free = [found for found in mentions(sentence) if not found.is_held]
        if free:
            levels = frozenset[int]().union(*(found.levels for found in free))
            words = sentence.written[free[0].start : free[-1].end]
            told.append((any(found.is_prepared for found in free), levels, words))
    if any(is_prepared for is_prepared, _, _ in told):
        told = [part for part in told if part[0]]
    levels = frozenset[int]().union(*(part[1] for part in told))
    return tuple(sorted(levels)), " | ".join(dict.fromkeys(part[2] for part in told))


def mentions(sentence: Sentence) -> list[Mention]:
    """Return the diplomas that a sentence names; "A à B" gives B all that lies between.

    Parameters
    ----------
    sentence : Sentence

    Returns
    -------
    list of Mention
        In the order of the sentence.
    """
    plain, found = sentence.plain, list[Mention]()
    for match in _MENTION.finditer(plain):
        before, after = plain[max(match.start() - 60, 0) : match.start()], plain[match.end() :]
        levels = frozenset(_levels_of(match))
        if not levels or not _is_diploma(match, sentence, before):
            continue
        between = plain[found[-1].end : match.start()] if found else None
        is_held = bool(_HELD_BEFORE.search(before)) or bool(_HELD_AFTER.match(after))
        if between is not None and _ALSO.fullmatch(between):
            if is_held:  # "CAP/BEP exigé"
                found[-1] = replace(found[-1], is_held=True)
            is_held |= found[-1].is_held
        if between is not None and _TO.fullmatch(between) and not found[-1].is_held:
            levels |= set(range(min(found[-1].levels), max(levels)))
            is_held = False
        if _OPEN_AFTER.match(after) or _OPEN_BEFORE.search(before):
            levels |= set(range(min(levels), _TOP_OF_OPEN + 1))
        found.append(
            Mention(match.start(), match.end(), levels, is_held, bool(_PREPARED.search(before)))
        )
    return found


def _is_diploma(match: re.Match[str], sentence: Sentence, before: str) -> bool:
    """Tell whether a word that may name a diploma does, by its letters and what precedes it."""
    word = match.group()
    written = sentence.written[match.start() : match.end()]
    if word in _IN_CAPITALS and not written.isupper():
        return False
    return not (_NO_LEVEL_BEFORE.search(before) and match["years"] is None)


def _levels_of(match: re.Match[str]) -> Iterator[int]:
    """Yield the levels that one mention names."""
    text = match.group()
    if match.lastgroup in _LEVEL_OF_GROUP:
        yield _LEVEL_OF_GROUP[match.lastgroup]
    elif match["old"] is not None:
        yield _ROMAN[text.split()[-1]]
    else:
        numbers = [int(digit) for digit in re.findall(r"\d", text)]
        if re.search(r"\d ?(?:a|au) ?\+? ?\d", text):
            numbers = list(range(min(numbers), max(numbers) + 1))
        if match["number"] is not None:
            yield from numbers
        else:
            yield from (_OF_YEARS[number] for number in numbers if number in _OF_YEARS)
