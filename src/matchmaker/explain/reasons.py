"""One true sentence for each line, from the very features that scored it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.candidates.market import Market
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.scoring.criterion import Criterion, Lang, Lines, Phrases
from matchmaker.scoring.total import contexts
from matchmaker.settings import Settings

__all__ = ["reasons"]

FIRMS = {"fr": "candidature spontanée", "en": "unsolicited application"}
PLACES = {
    "fr": {"training": "place de formation", "school": "place en lycée ou école", "job": "emploi"},
    "en": {"training": "training place", "school": "school place", "job": "job"},
}


def reasons(
    lines: Lines,
    market: Market,
    settings: Settings,
    criteria: tuple[Criterion, ...] = CRITERIA,
) -> pd.Series[str]:
    """Return one sentence a line.

    Each criterion says its part, or nothing where it does not know; parts are joined by
    commas, the trade and the distance by a space.

    Parameters
    ----------
    lines : Lines
    market : Market
    settings : Settings
        ``lang`` chooses French or English.
    criteria : tuple of Criterion
        In the order in which they speak.

    Returns
    -------
    Series of str, shape (n_lines,)
    """
    if len(lines.youth) == 0:
        return pd.Series([], dtype="str")
    context = contexts(market, settings, criteria)
    parts = [c.phrases(lines, context[c.name], settings.lang) for c in criteria]
    parts.append(_kind(lines, market, settings.lang))
    first, *rest = [_words(p) for p in parts]
    # Null parts are skipped by the join, so that silence leaves no comma behind.
    head = pc.binary_join_element_wise(first, rest[0], " ", null_handling="skip")
    text = pc.binary_join_element_wise(head, *rest[1:], ", ", null_handling="skip")
    text = pc.binary_join_element_wise(text, ".", "")
    return pd.Series(text.to_pandas(), dtype="str")


def _words(phrases: Phrases) -> pa.Array:
    text = pa.array([t or None for t in phrases.text], type=pa.string())
    return text.take(pa.array(phrases.code))


def _kind(lines: Lines, market: Market, lang: Lang) -> Phrases:
    """Say when the line is no published offer."""
    kinds = market.offers["kind"].to_numpy(dtype=str)[lines.offer]
    used, code = np.unique(kinds, return_inverse=True)
    words = {"spontaneous": FIRMS[lang]} | PLACES[lang]
    return Phrases(code=code.astype(np.int64), text=tuple(words.get(str(k), "") for k in used))
