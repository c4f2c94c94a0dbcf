"""The month or day on which a posting's contract starts, from its words.

A last day to apply, the end of a contract and the year in which a firm was founded are no start.
Measured by ``python -m benchmarks.levels``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from matchmaker.reference.plain_text import Sentence

__all__ = ["SIEVE", "ReadStart", "read_start"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january",
            "fevrier february",
            "mars march",
            "avril april",
            "mai may",
            "juin june",
            "juillet july",
            "aout august",
            "septembre sept september",
            "octobre october",
            "novembre november",
            "decembre december",
        ),
        start=1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?<![a-z0-9/])(?:(?:(?P<d>\d{{1,2}})[/.])?(?P<m>\d{{1,2}})[/.](?P<y>20\d\d|(?<=[/.]\d\d/)\d\d)(?![\d/])"
    rf"|(?P<iso>20\d\d-\d\d-\d\d)(?!\d)"
    rf"|(?:(?P<day>\d{{1,2}})(?:er)? )?(?P<month>{_NAME})(?![a-z])\.?(?: (?P<year>(?:19|20)\d\d))?)"
)
_AT_ONCE = re.compile(
    r"des que possible|(?:au )?plus (?:vite|tot)|immediate?(?:ment)?\b|rapidement|(?:tout )?de suite"
    r"|des (?:maintenant|a present)|as soon as possible|\basap\b"
)
_ALONE = re.compile(r"asap|as soon as possible")
# What stands before the day of a start; months and days are said of much else.
_STARTS = re.compile(
    r"debut\w*|demarr\w*|commenc\w*|start\w*|prise (?:de|du) (?:poste|fonctions?)|pourvoir|embauche"
    r"|rentree|entree|arrivee|lancement|disponib\w*|a partir d|a compter d"
)
# The same where no word of an end stands before the day at all.
_MAY_START = re.compile(
    r"\b(?:poste|contrat|cdd|formation|alternance|des|pour|date d)\b|mois (?:en|a)|integr\w*"
)
_ENDS = re.compile(
    r"jusqu|avant|\bclos\b|clotur\w+|candidatur\w+|postul\w+|recrutements? en|fonde\w*|cree\w*|depuis"
    r"|termin\w+|\bfin (?:de|du) contrat|date limite|expir\w+|entretiens?|salon|until|\bne\b|publi\w+"
    r"|mise? en ligne|mise? a jour|\boffre du|inscri\w+|portes? ouvertes?|job dating"
)
_LOOK_BACK = 60  # signs; a sentence that says more between says something else
_NEXT = re.compile(rf"^ ?(?:/|ou|et|-|or) ?(?:debut |mi-?|fin )?(?:{_NAME}) (20\d\d)")
_PAST_MONTHS = 3  # a month that passed no longer ago than this is that one, not the next year's
SIEVE = (
    r"(?i)janv|f[ée]vr|mars|avril|mai\b|juin|juil|ao[uû]t|sept|octo|nov|d[ée]c|january|february|march"
    r"|april|may|june|july|august|\d[/.]\d{1,2}[/.]\d\d|possible|plus (?:vite|t[oô]t)|imm[ée]diat"
    r"|rapidement|de suite|maintenant|asap"
)
"""A superset of what is read, in the dialect of RE2, for whole columns."""


@dataclass(frozen=True, slots=True)
class ReadStart:
    """A start that was read.

    Attributes
    ----------
    how : str
        ``day``, ``month`` (`day` is its first) or ``at_once`` (no day).
    day : date or None
    words : str
        As written.
    """

    how: str
    day: dt.date | None
    words: str


def read_start(parts: Iterable[Sentence], *, as_of: dt.date) -> ReadStart | None:
    """Return the first start that a posting names, or None.

    Parameters
    ----------
    parts : iterable of Sentence
    as_of : date
        A month without a year is the one nearest to it: no more than three months before.

    Returns
    -------
    ReadStart or None

    Examples
    --------
    >>> from matchmaker.reference.plain_text import sentences
    >>> day = dt.date(2026, 6, 15)
    >>> read_start(sentences("Candidatures avant le 30 juin. Contrat dès septembre."), as_of=day)
    ReadStart(how='month', day=datetime.date(2026, 9, 1), words='septembre')
    >>> read_start(sentences("Prise de poste le 01/09/2026."), as_of=day).day
    datetime.date(2026, 9, 1)
    >>> read_start(sentences("Fondée en septembre 1998."), as_of=day) is None
    True
    """
    for sentence in parts:
        found = [
            *_dates(sentence, as_of),
            *(
                (match.start(), ReadStart("at_once", None, _quoted(sentence, match)))
                for match in _AT_ONCE.finditer(sentence.plain)
                if _ALONE.fullmatch(match.group()) or _has_start(sentence.plain, match.start())
            ),
        ]
        if found:
            return min(found, key=lambda one: one[0])[1]
    return None


def _dates(sentence: Sentence, as_of: dt.date) -> list[tuple[int, ReadStart]]:
    """Return the days and months of a sentence on which a contract may start."""
    found, plain, last = list[tuple[int, ReadStart]](), sentence.plain, -1
    for match in _DATE.finditer(plain):
        # "du 12 octobre au 30 avril": the second is the end.
        is_end = last >= 0 and bool(
            re.fullmatch(r" ?(?:au|a|-|jusqu au) ?", plain[last : match.start()])
        )
        last = match.end()
        start = None if is_end else _start_of(match, plain[last:], as_of)
        if start is None or start[1] < as_of.replace(year=as_of.year - 1):
            continue
        has_year = bool(match["year"] or match["y"] or match["iso"])
        is_meant = _has_start(plain, match.start()) or (
            # A bare date to come, as in "CDD de 24 mois, septembre 2026".
            has_year and start[1] >= as_of and not _ENDS.search(plain[: match.start()])
        )
        if is_meant:
            found.append((match.start(), ReadStart(*start, _quoted(sentence, match))))
    return found


def _has_start(plain: str, at: int) -> bool:
    """Tell whether the words before a place are about a start, and the nearest are not about an end."""
    before = plain[max(at - _LOOK_BACK, 0) : at]
    starts = [match.start() for match in _STARTS.finditer(before)]
    ends = [match.start() for match in _ENDS.finditer(before)]
    if starts and max(starts) > max(ends, default=-1):
        return True
    return not ends and bool(_MAY_START.search(before))


def _start_of(match: re.Match[str], after: str, as_of: dt.date) -> tuple[str, dt.date] | None:
    """Return how exact a written date is, and its day; None for one that there is not."""
    year: int | None
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
    elif match["m"]:
        year, month, day = int(match["y"]) % 100 + 2000, int(match["m"]), int(match["d"] or 0)
    else:
        month, day = _MONTHS[match["month"]], int(match["day"] or 0)
        following = _NEXT.match(after)
        written = match["year"] or (following[1] if following else None)
        year = int(written) if written else None
    if year is None:
        months = (as_of.year * 12 + as_of.month) - _PAST_MONTHS
        year = -(-(months - month) // 12)  # the first whose month is none before
    try:
        return ("day" if day else "month"), dt.date(year, month, day or 1)
    except ValueError:
        return None


def _quoted(sentence: Sentence, match: re.Match[str]) -> str:
    return sentence.written[match.start() : match.end()]
