"""Texts by which two notices of one offer are recognised, and what makes them close."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import Levenshtein

from matchmaker.reference.firm_names import names_nobody
from matchmaker.reference.lookup import fold
from matchmaker.reference.trade_text import TitleText, read_title

__all__ = [
    "CLOSE_NAME",
    "UNKNOWN_DAY",
    "IntArray",
    "Keys",
    "TextArray",
    "employer_key",
    "read_keys",
    "same_words",
    "title_key",
    "url_key",
]

IntArray: TypeAlias = npt.NDArray[np.int64]
TextArray: TypeAlias = npt.NDArray[np.object_]

# Legal forms and words around a firm's name that say nothing about which firm it is.
_FORMS = frozenset(
    {
        "sa",
        "sas",
        "sasu",
        "sarl",
        "eurl",
        "sci",
        "scop",
        "scea",
        "earl",
        "gaec",
        "snc",
        "sel",
        "selarl",
        "selas",
        "ei",
        "eirl",
        "gie",
        "asso",
        "association",
        "ets",
        "etablissement",
        "etablissements",
        "ste",
        "societe",
        "soc",
        "groupe",
        "group",
        "holding",
        "france",
        "et",
        "cie",
        "compagnie",
        "fils",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "aux",
        "au",
        "recrute",
        "recrutement",
    }
)
CLOSE_NAME = 92  # of 100: two names this alike are one
_FRANCE_TRAVAIL = re.compile(
    r"(?:pole-emploi|francetravail)\.fr/.*(?:detail|offre|offres)/([0-9]{3}[0-9A-Z]{4})\b"
)
_TRACKING = re.compile(
    r"^(?:utm_|mtm_|at_|xtor|gclid|fbclid|source=|src=|from=|cpc=)", re.IGNORECASE
)


def employer_key(name: str, town: str) -> str:
    """Return a firm's name as sorted words, without legal form and without the town.

    Examples
    --------
    >>> employer_key("SARL Boulangerie MARTIN", "Quimper")
    'boulangerie martin'
    >>> employer_key("Bmw Charleville", "Charleville-Mézières"), employer_key("Confidentiel", "")
    ('bmw', '')
    """
    words = fold(name).split()
    places = set(fold(town).split())
    kept = [w for w in words if w not in _FORMS and w not in places]
    if not kept:  # "Ets Lyon" in Lyon: the name is all there is
        kept = [w for w in words if w not in _FORMS]
    return "" if names_nobody(" ".join(kept)) else " ".join(sorted(kept))


def title_key(title: TitleText, town: TitleText) -> tuple[str, int]:
    """Return a title as sorted stems without those of the town, and the level it names.

    Examples
    --------
    >>> title_key(read_title("Apprentie boulangère H/F - Quimper"), read_title("Quimper"))
    ('boulanger', 0)
    """
    stems = [s for s in title.stems if s not in town.stems] or title.stems
    return " ".join(sorted(stems)), title.level


def same_words(one: str, other: str) -> bool:
    """Tell whether two keys hold the same words but for slips of one letter in long ones.

    Every word needs its partner: "conseiller vente" and "conseiller vente textile"
    are two offers, however alike they look as a whole. In words of fewer than six
    letters one letter makes another word.

    Examples
    --------
    >>> same_words("boulanger patissier", "boulanger patisier")
    True
    >>> same_words("electricien", "electronicien"), same_words("cuisinier", "cuisinier second")
    (False, False)
    """
    left, right = one.split(), other.split()
    if len(left) != len(right):
        return False
    for word in [w for w in left if w not in right]:
        rest = [w for w in right if w not in left]
        close = [
            w
            for w in rest
            if min(len(w), len(word)) >= 6
            and not any(sign.isdigit() for sign in w + word)
            and Levenshtein.distance(w, word, score_cutoff=1) <= 1
        ]
        if not close:
            return False
        right.remove(close[0])
        right.append(word)
    return sorted(left) == sorted(right)


def url_key(url: str) -> str:
    """Return a web address by which one notice is known, "" when it may serve many.

    Scheme, ``www.``, tracking parameters and fragment are dropped; a notice of France
    Travail is known by its number on either of its two sites.

    Examples
    --------
    >>> url_key("https://candidat.pole-emploi.fr/offres/recherche/detail/048KLTP")
    'ft:048KLTP'
    >>> url_key("http://www.x.fr/jobs/12/?utm_source=a#apply"), url_key("https://x.fr/carrieres")
    ('x.fr/jobs/12', '')
    """
    found = _FRANCE_TRAVAIL.search(url) if "/offre" in url else None
    if found:
        return f"ft:{found[1]}"
    bare, _, _ = url.strip().partition("#")
    _, scheme, rest = bare.partition("://")
    page, _, query = rest.partition("?")
    host, _, path = page.partition("/")
    told = sorted(part for part in query.split("&") if part and not _TRACKING.match(part))
    # A page without a number in its address is a firm's page, not one notice.
    if not scheme or not any(sign.isdigit() for sign in path + "".join(told)):
        return ""
    key = f"{host.casefold().removeprefix('www.')}/{path.rstrip('/')}"
    return f"{key}?{'&'.join(told)}" if told else key


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What notices are compared by: arrays of one entry a notice, in the order of ids.

    Attributes
    ----------
    kind, source : array of int64
        Codes of the texts.
    commune, employer, title, site, firm, trades, contract, url : array of text
        "" where unknown; employer, title and url as the functions above give them, site
        and firm as `matchmaker.tables.pooling_numbers.read_numbers` does.
    title_level, level : array of int64
        Level the title names, level of the notice; 0 unknown.
    start_day : array of int64
        Days since 1970; the smallest int64 where unknown.
    """

    kind: IntArray
    source: IntArray
    commune: TextArray
    employer: TextArray
    title: TextArray
    title_level: IntArray
    level: IntArray
    site: TextArray
    firm: TextArray
    trades: TextArray
    contract: TextArray
    url: TextArray
    start_day: IntArray


UNKNOWN_DAY = int(np.iinfo(np.int64).min)


def read_keys(notices: pd.DataFrame, site: pd.Series, firm: pd.Series) -> Keys:
    """Return the keys of clean offers, each distinct text read once.

    Parameters
    ----------
    notices : DataFrame, n rows
    site, firm : Series of str, n rows
        Numbers that they may be known by.
    """
    written, towns = notices["title"].tolist(), notices["place_name"].tolist()
    read = {text: read_title(text) for text in {*written, *towns}}
    titles = [title_key(read[t], read[p]) for t, p in zip(written, towns, strict=True)]
    pairs = list(zip(notices["employer"].tolist(), towns, strict=True))
    employers = {pair: employer_key(*pair) for pair in set(pairs)}
    # Not-a-time is the smallest int64 already.
    start = notices["start_date"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    return Keys(
        kind=pd.factorize(notices["kind"])[0].astype(np.int64),
        source=pd.factorize(notices["source"])[0].astype(np.int64),
        commune=notices["commune_code"].to_numpy(dtype=object),
        employer=_text_array([employers[pair] for pair in pairs]),
        title=_text_array([text for text, _ in titles]),
        title_level=np.array([level for _, level in titles], dtype=np.int64),
        level=notices["level"].to_numpy(dtype=np.int64),
        site=site.to_numpy(dtype=object),
        firm=firm.to_numpy(dtype=object),
        trades=notices["trade_codes"].to_numpy(dtype=object),
        contract=notices["contract_type"].to_numpy(dtype=object),
        url=_text_array([url_key(url) for url in notices["url"].tolist()]),
        start_day=start,
    )


def _text_array(texts: list[str]) -> TextArray:
    """Return texts as an array of objects."""
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out
