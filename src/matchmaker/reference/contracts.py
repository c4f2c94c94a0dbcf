"""Types of contract as people write them, and the legal ages of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import fold, read_table, resolve_distinct

__all__ = ["LegalAges", "age_rules", "legal_ages", "parse_contract_types"]

COUNTED_ON = ("start", "signing")
NO_LIMIT = 999  # years

# Words of each work-study contract, misspelt ones too, at the start of a folded word.
_WORK_STUDY = (
    ("apprentissage", re.compile(r"ap+rent(?:i|ice)")),
    ("professionnalisation", re.compile(r"prof+es+ion+al+isation|pro$")),
    ("alternance", re.compile(r"alternan")),
)
_WELL_SPELT = re.compile(r"apprenti|professionnalisation|pro$|alternan|apprentice")
# How far a "no" reaches: to the next of these signs and words, or to the end.
_CLAUSES = re.compile(r"[,;.()\[\]\n]|\b(?:mais|sinon|plutôt)\b", re.IGNORECASE)
_NO = frozenset(
    {"hors", "pas", "sans", "non", "ni", "sauf", "aucun", "aucune", "jamais", "excepte"}
)
# After the word: "apprentissage : non", "apprentissage (exclu)", "apprentissage non accepté".
_NO_AFTER = re.compile(
    r"[\s:(\[,-]*(?:exclue?s?|impossible|refusée?|interdit|proscrit"
    r"|non(?:\s+(?:accept|propos|possible|éligible|admis|envisag|concern|souhait)\w*)?)\W*$",
    re.IGNORECASE,
)
_PERHAPS = frozenset({"possible", "possibles", "envisageable", "eventuel", "eventuelle"})
_TWO = frozenset({"apprentissage", "professionnalisation"})


def parse_contract_types(types: pd.Series) -> pd.DataFrame:
    """Return the type of contract from the ways that sources and people write it.

    Parameters
    ----------
    types : Series of str, n rows

    Returns
    -------
    DataFrame
        n rows with the index of `types`: ``contract_type`` (``apprentissage``,
        ``professionnalisation``, "" unknown, or another contract: ``cdi``, ``cdd``,
        ``stage``, ... or the folded text as written) and ``how``, one of ``name``,
        ``typo`` (one of the two, misspelt), ``either`` (work-study, which of the two is left
        open: "" as type), ``perhaps`` (another contract, "apprentissage possible": "" as type),
        ``other`` (no work-study contract, or said to be none: "hors apprentissage"),
        ``unknown`` (not understood), "" (blank).

    Examples
    --------
    >>> parse_contract_types(
    ...     pd.Series(["Contrat d’apprentissage", "Alternance", "CDI", ""])
    ... ).values.tolist()
    [['apprentissage', 'name'], ['', 'either'], ['cdi', 'other'], ['', '']]
    """
    return resolve_distinct(types, _parse, {"contract_type": "str", "how": "str"})


@cache
def age_rules() -> pd.DataFrame:
    """Return the legal ages, one row a type of contract and condition.

    The table is shared: do not change it in place.

    Returns
    -------
    DataFrame
        ``contract_type``, ``condition`` ("" for everybody, else ``after_3e``, ``rqth``, ...),
        ``min_age`` and ``max_age`` Int16 (full years, both included; <NA> means no limit),
        ``counted_on`` (``start``: on the day the contract starts; ``signing``: on the day it
        is signed), ``article`` of the Code du travail, ``note``.

    Examples
    --------
    >>> rules = age_rules().set_index(["contract_type", "condition"])
    >>> int(rules.loc[("apprentissage", ""), "max_age"])
    29
    """
    rules = read_table("age_rules.csv")
    for column in ("min_age", "max_age"):
        rules[column] = pd.to_numeric(rules[column], errors="coerce").astype("Int16")
    return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAges:
    """The ages at which a person may sign a type of contract.

    Attributes
    ----------
    low : int
    high : int or None
        Full years, both included; None for no limit.
    counted_on : str
        ``start`` or ``signing``, as in `age_rules`.
    """

    low: int
    high: int | None
    counted_on: str


@cache
def legal_ages(contract_type: str, conditions: frozenset[str]) -> LegalAges:
    """Return the ages that the law opens to a person, by all rules that apply together.

    Parameters
    ----------
    contract_type : str
    conditions : frozenset of str
        Those of `age_rules` that hold for the person; "" holds for everybody.

    Raises
    ------
    ValueError
        The table of rules does not give one range of ages, counted on one day.

    Examples
    --------
    >>> legal_ages("apprentissage", frozenset({"", "after_3e"}))
    LegalAges(low=15, high=29, counted_on='start')
    """
    rules = age_rules()
    rules = rules[
        (rules["contract_type"] == contract_type) & rules["condition"].isin(conditions)
    ].sort_values("min_age")
    days = rules["counted_on"].unique()
    if len(days) != 1 or days[0] not in COUNTED_ON:
        raise ValueError(f"age_rules.csv: {contract_type} needs one counted_on, not {list(days)}")
    low = rules["min_age"].to_numpy(dtype=np.int64)
    high = rules["max_age"].fillna(NO_LIMIT).to_numpy(dtype=np.int64)
    if (low[1:] > np.maximum.accumulate(high)[:-1] + 1).any():
        raise ValueError(f"age_rules.csv: the ages of {contract_type} are not one range")
    highest = int(high.max())
    return LegalAges(
        low=int(low[0]),
        high=None if highest == NO_LIMIT else highest,
        counted_on=str(days[0]),
    )


@cache
def _spellings() -> dict[str, tuple[str, str]]:
    """Return (type, how) by folded spelling."""
    table = read_table("contract_types.csv")
    answers = {}
    for kind, is_work_study, spellings in table.itertuples(index=False):
        if kind == "alternance":
            answer = ("", "either")
        else:
            answer = (kind, "name" if is_work_study == "yes" else "other")
        answers.update(dict.fromkeys(spellings.split("|"), answer))
    return answers


def _parse(text: str) -> tuple[str, str]:
    """Return (type, how) of one cell."""
    folded = fold(text)
    if not folded:
        return ("", "unknown" if text.strip() else "")
    if folded in _spellings():
        return _spellings()[folded]
    meant, denied = _work_study_in(text)
    another = _spellings().get(folded.split()[0], ("", ""))  # "CDI temps plein", "Stage de fin"
    is_another = another[1] == "other"
    if not meant:
        return another if is_another else (folded, "other" if denied else "unknown")
    if is_another and not _PERHAPS.isdisjoint(folded.split()):
        return ("", "perhaps")
    # Work-study "hors apprentissage" is the other one.
    named = (meant & _TWO) or (_TWO - denied if denied & _TWO else set())
    if len(named) != 1:
        return ("", "either")
    (kind,) = named
    form = dict(_WORK_STUDY)[kind]
    is_misspelt = any(form.match(w) and not _WELL_SPELT.match(w) for w in folded.split())
    return (kind, "typo" if is_misspelt else "name")


def _work_study_in(text: str) -> tuple[set[str], set[str]]:
    """Return the work-study contracts that a text means, and those that it denies."""
    meant: set[str] = set()
    denied: set[str] = set()
    no_after = _NO_AFTER.search(text)
    clauses = _CLAUSES.split(text[: no_after.start()] if no_after else text)
    for number, clause in enumerate(clauses, start=1):
        words = fold(clause).split()
        is_denied_after = no_after is not None and number == len(clauses)
        for at, word in enumerate(words):
            is_denied = is_denied_after or not _NO.isdisjoint(words[:at])
            kinds = {kind for kind, form in _WORK_STUDY if form.match(word)}
            (denied if is_denied else meant).update(kinds)
    return meant, denied - meant
