"""True sentences for each line, from the very features that scored it.

First what the trade of the line is to the wish, then where the place is and what is known of
it, then what to do where nobody published anything, whether a school publishes it for
others, then what other criteria have to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.groups import SIREN_SIGNS, firms_of
from matchmaker.candidates.market import KINDS, Market
from matchmaker.scoring.criterion import Phrases
from matchmaker.scoring.total import Scoring
from matchmaker.settings import Settings
from matchmaker.words import Lang, say, table

__all__ = ["reasons"]

BLOCK = 1 << 18  # lines of which the parts of sentences are in memory at a time
_AT_ONCE = 2  # threads that put them together: arrow leaves Python's lock free meanwhile
# Our own criteria have places of their own in the sentences; all others follow.
HEAD = ("trade", "wish")
PLACE = ("distance", "region")
DETAILS = ("start", "level", "contract")


def reasons(
    lines: ScoredLines, market: Market, settings: Settings, scoring: Scoring
) -> pd.Series[str]:
    """Return one to five whole sentences a line.

    Each criterion says its part, or nothing where it does not know.  Of a criterion that is
    not of the package, a text that ends in a full stop is a sentence of its own; any other
    is a fragment, and all fragments of a line make one sentence.

    Parameters
    ----------
    lines : ScoredLines
    market : Market
    settings : Settings
        ``lang`` chooses French or English.
    scoring : Scoring
        The criteria, in the order in which they speak, and what each of them looked at.

    Returns
    -------
    Series of str, shape (n_lines,)
    """
    has_published = _has_published(lines, market)
    is_of_school = market.is_of_school[lines.offer]
    parts = []
    for start in range(0, len(lines.youth), BLOCK):
        here = slice(start, start + BLOCK)
        some = lines.at(here)
        phrases = {
            criterion.name: criterion.phrases(some, context, settings.lang)
            for criterion, context in zip(scoring.criteria, scoring.contexts, strict=True)
        }
        known = has_published[here], is_of_school[here]
        parts += _texts(_sentences(phrases, some, market, *known, settings.lang))
    whole = pa.chunked_array(parts, pa.large_string())
    return pd.Series(whole.to_pandas(), dtype="str")


def _has_published(lines: ScoredLines, market: Market) -> NDArray[np.bool_]:
    """Tell which lines are of a firm that has published an offer as well."""
    has = np.zeros(len(lines.offer), dtype=bool)
    of_firms = np.flatnonzero(market.is_firm[lines.offer])
    if len(of_firms) == 0:
        return has
    rows, at = np.unique(lines.offer[of_firms], return_inverse=True)
    firms = market.offers.take(rows)
    offers = market.offers.take(np.flatnonzero(market.offer_kind == KINDS.index("offer")))
    # Firms are named in full only where the number leaves it open.
    siren, published = (frame["siret"].str[:SIREN_SIGNS] for frame in (firms, offers))
    is_open = (siren.isin(published) | siren.eq("")).to_numpy(dtype=bool)
    is_it = np.zeros(len(rows), dtype=bool)
    if is_open.any():
        offers = offers[published.isin(siren[is_open])]
        is_it[is_open] = firms_of(firms[is_open]).isin(firms_of(offers)).to_numpy(dtype=bool)
    has[of_firms] = is_it[at]
    return has


def _sentences(
    phrases: Mapping[str, Phrases],
    lines: ScoredLines,
    market: Market,
    has_published: NDArray[np.bool_],
    is_of_school: NDArray[np.bool_],
    lang: Lang,
) -> list[Phrases]:
    """Return the sentences of each line, in order; an empty one is not said."""
    kind = market.offer_kind[lines.offer].astype(np.int64)
    silent = Phrases(code=np.zeros(len(kind), dtype=np.int64), text=("",))
    subjects = table(lang, "reason_subject")
    subject = Phrases(code=kind, text=tuple(subjects[name] for name in KINDS))
    action = table(lang, "reason_action")
    is_firm = market.is_firm[lines.offer]
    others = [said for name, said in phrases.items() if name not in {*HEAD, *PLACE, *DETAILS}]

    def head(trade: str, wish: str) -> str:
        if not wish:
            return say(lang, "phrase.no_wish", trade=trade)
        return say(lang, "phrase.head", trade=trade, wish=wish)

    def details(subject: str, *told: str) -> str:
        place, *more = told
        known = [text for text in (place, *more) if text]
        return f"{subject} {_listed(known, lang)}." if known else ""

    def also(*told: str) -> str:
        loose = [text for text in told if text and not text.endswith(".")]
        note = [say(lang, "phrase.also", others=loose)] if loose else []
        return " ".join([*note, *(text for text in told if text.endswith("."))])

    place = _combined(lambda *told: "".join(told), [phrases.get(name, silent) for name in PLACE])
    more = [phrases.get(name, silent) for name in DETAILS]
    return [
        _combined(head, [phrases.get(name, silent) for name in HEAD]),
        _combined(details, [subject, place, *more]),
        Phrases(
            code=is_firm * (1 + has_published.astype(np.int64)),
            text=("", action["write"], action["write_too"]),
        ),
        Phrases(
            code=is_of_school.astype(np.int64),
            text=("", table(lang, "reason_doubt")["school"]),
        ),
        _combined(also, others) if others else silent,
    ]


def _listed(texts: Sequence[str], lang: Lang) -> str:
    """Join what is said of one subject: "a, b et c".

    Examples
    --------
    >>> _listed(["est là", "commence demain"], "fr"), _listed(["est là, tout près", "vit"], "fr")
    ('est là et commence demain', 'est là, tout près, et vit')
    """
    *before, last = texts
    if not before:
        return last
    comma = "," if any(", " in text for text in before) else ""
    return f"{', '.join(before)}{comma} {table(lang, 'phrase')['and']} {last}"


def _combined(make: Callable[..., str], parts: Sequence[Phrases]) -> Phrases:
    """Make one text of several; lines that say the same share the work."""
    same, example = _distinct(parts)
    told = zip(*([p.text[c] for c in p.code[example].tolist()] for p in parts), strict=True)
    return Phrases(code=same, text=tuple(make(*texts) for texts in told))


def _distinct(parts: Sequence[Phrases]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return a number for what each line says, and one line for each number."""
    same = np.zeros(len(parts[0].code), dtype=np.int64)
    for part in parts:
        same = pd.factorize(same * len(part.text) + part.code)[0].astype(np.int64)
    # Numbers are given in the order of the lines: the first of each is larger than all before.
    return same, np.flatnonzero(np.diff(np.maximum.accumulate(same), prepend=-1))


def _texts(sentences: Sequence[Phrases]) -> list[pa.Array]:
    """Put the sentences of each line together, some lines a thread.

    Nearly all lines differ by now: what they share is no longer worth the search for it.
    """
    texts = [
        pa.array([text or None for text in part.text], type=pa.large_string()) for part in sentences
    ]
    cuts = np.linspace(0, len(sentences[0].code), _AT_ONCE + 1, dtype=np.int64).tolist()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        joined = pool.map(
            lambda start, end: _text(texts, [part.code[start:end] for part in sentences]),
            cuts[:-1],
            cuts[1:],
        )
        return list(joined)


def _text(texts: Sequence[pa.Array], codes: Sequence[NDArray[np.int64]]) -> pa.Array:
    """Return the sentences of each line as one text, without those that say nothing."""
    words = [text.take(pa.array(code)) for text, code in zip(texts, codes, strict=True)]
    between = pa.scalar(" ", pa.large_string())
    # Null parts are skipped by the join, so that silence leaves no blank behind.
    return pc.binary_join_element_wise(*words, between, null_handling="skip")
