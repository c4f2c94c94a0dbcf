"""Employers as people read them, where an offer does not name its own."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from matchmaker.words import Lang, say

__all__ = ["employer_names"]

_ARTICLE = re.compile(r"(Les?) (?=\w)")
_WITH_ARTICLE = {"Le": "au ", "Les": "aux "}


def employer_names(offers: pd.DataFrame, lang: Lang) -> pd.Series:
    """Return the employer of each offer, in words where it is not named.

    Such words are no name: in the clean table the employer stays empty, so that nothing is
    ever counted, capped or pooled by them.

    Parameters
    ----------
    offers : DataFrame
        ``employer``, ``delegated_by`` and ``place_name`` are read.
    lang : {"fr", "en"}

    Returns
    -------
    Series of str, shape (n_offers,)

    Examples
    --------
    >>> offers = pd.DataFrame({"employer": ["Martin", "", "", ""],
    ...     "delegated_by": ["", "CFA Nord", "", ""], "place_name": ["", "", "Le Mans", ""]})
    >>> employer_names(offers, "fr").tolist()
    ['Martin', 'une entreprise, via CFA Nord', 'un employeur au Mans', 'un employeur']
    """
    employer = offers["employer"].astype("str")
    rows = np.flatnonzero(employer == "")
    if len(rows) == 0:
        return employer
    unnamed = offers[["delegated_by", "place_name"]].take(rows).astype("str")
    code, distinct = pd.factorize(pd.MultiIndex.from_frame(unnamed))
    words = np.array([_words(centre, place, lang) for centre, place in distinct], dtype=object)
    told = employer.to_numpy(dtype=object, copy=True)
    told[rows] = words[code]
    return pd.Series(told, index=employer.index, dtype="str")


def _words(centre: str, place: str, lang: Lang) -> str:
    if centre:
        return say(lang, "employer.delegated", centre=centre)
    if not place:
        return say(lang, "employer.unnamed")
    return say(lang, "employer.unnamed_in", at=_at(place) if lang == "fr" else place)


def _at(place: str) -> str:
    """Return a place after its preposition: "à Rennes", "au Mans", "aux Ulis"."""
    article = _ARTICLE.match(place)
    return _WITH_ARTICLE[article[1]] + place[article.end() :] if article else f"à {place}"
