"""One true sentence for each line, from the very features that scored it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.scoring.criterion import Criterion, Lines, Phrases
from matchmaker.scoring.total import contexts
from matchmaker.settings import Settings

__all__ = ["reasons"]

BLOCK = 1 << 18  # lines of which the parts of sentences are in memory at a time
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
    context = contexts(market, settings, criteria)
    kind, kinds = pd.factorize(market.offers["kind"])
    words = {"spontaneous": FIRMS[settings.lang]} | PLACES[settings.lang]
    of_kind = tuple(words.get(k, "") for k in kinds)
    parts = []
    for start in range(0, len(lines.youth), BLOCK):
        some = lines.at(slice(start, start + BLOCK))
        phrases = [c.phrases(some, context[c.name], settings.lang) for c in criteria]
        phrases.append(Phrases(code=kind[some.offer].astype(np.int64), text=of_kind))
        parts.append(_sentences(phrases))
    whole = pa.chunked_array(parts, pa.large_string())
    return pd.Series(whole.to_pandas(), dtype="str")


def _sentences(phrases: list[Phrases]) -> pa.Array:
    """Join what is said of each line; lines that say the same share the work."""
    same = np.zeros(len(phrases[0].code), dtype=np.int64)
    for part in phrases:
        same = pd.factorize(same * len(part.text) + part.code)[0]
    # Numbers are given in the order of the lines: the first of each is larger than all before.
    example = np.flatnonzero(np.diff(np.maximum.accumulate(same), prepend=-1))
    first, *rest = [_words(part, example) for part in phrases]
    # Null parts are skipped by the join, so that silence leaves no comma behind.
    head = _joined(" ", first, rest[0])
    text = _joined("", _joined(", ", head, *rest[1:]), pa.scalar(".", pa.large_string()))
    return text.take(pa.array(same))


def _words(phrases: Phrases, lines: NDArray[np.intp]) -> pa.Array:
    """Return what some lines say of one criterion, null for nothing."""
    text = pa.array([t or None for t in phrases.text], type=pa.large_string())
    return text.take(pa.array(phrases.code[lines]))


def _joined(separator: str, *words: pa.Array | pa.Scalar) -> pa.Array:
    between = pa.scalar(separator, pa.large_string())
    return pc.binary_join_element_wise(*words, between, null_handling="skip")
