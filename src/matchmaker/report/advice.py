"""What advisers said and what came of it, in words and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from matchmaker.words import Lang, number, say, table

__all__ = ["advice_rows", "advice_section", "told_words"]


def advice_rows(told: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return label and value of what advisers said, for the text of a run.

    Parameters
    ----------
    told : mapping
        ``words`` of the summary, empty where none were given.
    lang : {"fr", "en"}

    Returns
    -------
    list of (str, str)
    """
    if not told:
        return []
    labels = table(lang, "summary")
    heeded = _listed({name: one["heeded"] for name, one in told["by_word"].items()}, lang)
    rows = [(labels["words"], heeded)]
    refused = sum(told["refused"].values())
    counts = {"words_refused": refused, "words_placed": told["placed"], "words_back": told["back"]}
    rows += [("  " + labels[name], number(n, lang)) for name, n in counts.items() if n]
    if "price" in told:
        rows.append(("  " + labels["words_price"], _price(told["price"], lang)))
    return rows


def advice_section(told: Mapping[str, Any], lang: Lang) -> dict[str, Any] | None:
    """Return what the page of a run shows of advisers' words; None where none were given.

    Parameters
    ----------
    told, lang
        As for `advice_rows`.

    Returns
    -------
    dict or None
        ``facts``: sentences; ``cells``: name of the region, and its words that are heeded.
    """
    if not told:
        return None
    nowhere = say(lang, "report.words_nowhere")
    rows = [(label.strip(), value) for label, value in advice_rows(told, lang)]
    refused = table(lang, "advice_state")
    return {
        "facts": rows + [(refused[rule], number(n, lang)) for rule, n in told["refused"].items()],
        "cells": [(one["name"] or nowhere, _listed(one["words"], lang)) for one in told["by_cell"]],
    }


def told_words(advice: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Return the words with what became of each, in a sentence.

    Parameters
    ----------
    advice : DataFrame
        As `matchmaker.runs.artifacts.RunTables` has them.
    lang : {"fr", "en"}

    Returns
    -------
    DataFrame
        The columns of `advice` but ``rule`` and ``seats``, and ``what``, the sentence.
    """
    said = table(lang, "advice_state")
    key = advice["rule"].mask(advice["rule"] == "", advice["state"])
    what = key.map(dict(said)).astype("str")
    return advice.drop(columns=["rule", "seats"]).assign(what=what)


def _listed(counts: Mapping[str, int], lang: Lang) -> str:
    names = table(lang, "advice_word")
    some = [
        say(lang, "summary.words_counted", what=names[name], n=n) for name, n in counts.items() if n
    ]
    return ", ".join(some) or number(0, lang)


def _price(price: Mapping[str, Any], lang: Lang) -> str:
    own, without = price["with"], price["without"]
    return say(
        lang,
        "summary.words_priced",
        n=without["score"] - own["score"],
        served=own["served"],
        served_without=without["served"],
    )
