"""What advisers' words came to: counted by cell, and what obeying them costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from matchmaker.lists.advised import nothing_advised
from matchmaker.lists.make import YouthLists
from matchmaker.lists.word_prices import costs_of_words
from matchmaker.runs.artifacts import Prepared, Read, SharedOut
from matchmaker.runs.effects import lists_beside
from matchmaker.runs.setup import Setup
from matchmaker.territories import region_names

__all__ = ["advice_figures", "price_of_words", "priced"]

STATES = ("heeded", "superseded", "refused", "gone", "noted")


def price_of_words(ready: Prepared, lists: YouthLists, setup: Setup) -> dict[str, Any]:
    """Return what the lines that advisers keep or bar cost: together, and one by one.

    It costs a second sharing-out.  Contracts and new trades are facts and have no price.

    Parameters
    ----------
    ready : Prepared
    lists : YouthLists
        As published.
    setup : Setup

    Returns
    -------
    dict
        Empty where no words were given.  ``with`` and ``without`` the words ``served``, ``lines``
        and ``score``; ``costs``: of each row of the words, in units of score at the prices of
        these lists, -1 for what has no price.
    """
    if ready.advice is None:
        return {}
    market = ready.market
    nothing = nothing_advised(len(market.youth_hash), len(market.offer_hash))
    without = lists_beside(ready.engine, setup.settings, ready, setup, advised=nothing)
    costs = costs_of_words(
        ready.advice,
        ready.advised,
        market,
        ready.scoring.tables,
        lists.whole,
        ready.heeded.pairs,
        lists.certificates["lists"].price,
    )
    return {"with": _size(lists), "without": _size(without), "costs": costs.tolist()}


def _size(lists: YouthLists) -> dict[str, int]:
    return {
        "served": int((np.diff(lists.pairs.indptr) > 0).sum()),
        "lines": len(lists.pairs),
        "score": int(lists.pairs.score.sum(dtype=np.int64)),
    }


def advice_figures(found: Read, ready: Prepared, shared: SharedOut) -> dict[str, dict[str, Any]]:
    """Return ``words`` of the summary; nothing where no words were given.

    Parameters
    ----------
    found : Read
    ready : Prepared
    shared : SharedOut

    Returns
    -------
    dict
        ``by_word``: of each word, how many there are by what became of them; ``refused``: by the
        rule that is broken; ``by_cell``: words that are heeded, by the region of the youth's
        home; ``placed``, ``back``, ``seats``, ``trades``: youths with a contract and without one
        any more, seats taken, wishes added; ``price``: where that was asked for.
    """
    if ready.advice is None:
        return {}
    advice = ready.advice
    heeded = advice[advice["state"] == "heeded"]
    youths = found.tables.youths
    home = dict(zip(youths["youth_id"], youths["region_code"], strict=True))
    region = heeded["youth_id"].map(home).fillna("")
    names = region_names()
    price = {name: value for name, value in shared.advice.items() if name != "costs"}
    contracts = advice["word"].eq("contract")
    figures = {
        "by_word": {
            word: {state: int((its["state"] == state).sum()) for state in STATES}
            for word, its in advice.groupby("word")
        },
        "refused": _counts(advice.loc[advice["state"] == "refused", "rule"]),
        "by_cell": [
            {
                "region_code": code,
                "name": names.get(code, ""),
                "words": _counts(heeded["word"][region == code]),
            }
            for code in sorted(set(region))
        ],
        "placed": heeded.loc[heeded["word"] == "contract", "youth_id"].nunique(),
        "back": heeded.loc[heeded["word"] == "broken", "youth_id"].nunique(),
        "seats": int((contracts & advice["seats"].gt(0)).sum()),
        "trades": int(heeded["word"].eq("trade").sum()),
        **({"price": price} if price else {}),
    }
    return {"words": figures}


def _counts(texts: pd.Series) -> dict[str, int]:
    return {str(text): int(n) for text, n in sorted(texts.value_counts().items())}


def priced(ready: Prepared, shared: SharedOut) -> pd.DataFrame | None:
    """Return the words that a run keeps, each with its cost where that was asked for.

    Parameters
    ----------
    ready : Prepared
    shared : SharedOut

    Returns
    -------
    DataFrame or None
        None where no words were given.
    """
    if ready.advice is None or "costs" not in shared.advice:
        return ready.advice
    return ready.advice.assign(cost=np.array(shared.advice["costs"], dtype=np.int64))
