"""Types of contract as people write them, and the legal ages of each."""

from __future__ import annotations

from functools import cache

import pandas as pd

from matchmaker.reference.lookup import fold, read_table, resolve_distinct

__all__ = ["age_rules", "parse_contract_types"]


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
        ``either`` (work-study, which of the two is left open: "" as type), ``other``
        (no work-study contract), ``unknown`` (not understood), "" (blank).

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
        ``min_age`` and ``max_age`` Int16 (full years on the day the contract starts, both
        included; <NA> means no limit), ``article`` of the Code du travail, ``note``.

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
    words = folded.split()
    is_apprenticeship = any(word.startswith("apprenti") for word in words)
    is_professional = any(word.startswith("professionnalisation") for word in words)
    if is_apprenticeship != is_professional:
        return ("apprentissage" if is_apprenticeship else "professionnalisation", "name")
    if is_apprenticeship or any(word.startswith("alternan") for word in words):
        return ("", "either")
    if words[0] in _spellings():  # "CDI temps plein", "Stage de fin d'études"
        return _spellings()[words[0]]
    return (folded, "unknown")
