"""Wish: the rank that the youth gave to the wish."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import Market
from matchmaker.reference.free_words import WORD
from matchmaker.reference.stated_diplomas import DIPLOMA
from matchmaker.reference.trade_labels import in_words
from matchmaker.reference.trade_text import read_title
from matchmaker.reference.trades import name_of_code, trade_names
from matchmaker.reference.wish_labels import NAMED_DIPLOMA
from matchmaker.scoring.criterion import Context, PairPoints, Phrases
from matchmaker.tables.advice import OF_ADVISER
from matchmaker.tables.masking import HIDDEN, mask
from matchmaker.words import Lang, say, table

__all__ = ["Wish", "wish_in_words"]

# `ScoredLines.nearness_step` as sentences say it, another meaning of an ambiguous title, free words,
# a diploma that the offer names.
STEPS = (
    "nearness.answers",
    "nearness.family",
    "nearness.near",
    "nearness.sector",
    "nearness.meaning",
    "nearness.words",
    "nearness.diploma_of",
)
MEANING, WORDS, NAMED = 4, 5, 6
ONLY, ADVISED = -1, -2  # in place of the rank: a youth's one wish; one made with an adviser
_OR = " ou "  # between the two genders of a name in words
LONGEST_NAME = 80  # signs of a wish that a sentence quotes

RANKED = 10  # later ranks count as the tenth


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Earlier wishes get more points; wishes without rank tie, a little under the middle."""

    name: str = "wish"
    weight: int = 20
    steps: dict[str, int] = field(
        default_factory=lambda: (
            {"unranked": 7_000}
            | {f"rank_{r}": 10_000 - 700 * (r - 1) for r in range(1, RANKED + 1)}
        )
    )

    def table(self, context: Context) -> PairPoints:
        """Return points by rank; offers have no feature here.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints
        """
        market = context.market
        rank = np.clip(market.wishes["rank"].to_numpy(), 0, RANKED).astype(np.uint8)
        return PairPoints(
            entry=rank[market.entry_wish],
            offer=np.zeros(len(market.offer_hash), dtype=np.uint8),
            points=np.array(list(context.points.values()), dtype=np.int32)[:, None],
        )

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Name the wish by its rank and its name, and say what the trade of the line is to it.

        The name is what the youth wrote, else the trade of the wish; nothing is named twice.

        Parameters
        ----------
        lines : ScoredLines
        context : Context
        lang : {"fr", "en"}

        Returns
        -------
        Phrases
        """
        market = context.market
        wish = market.entry_wish[lines.entry]
        rank = _ranks(lines, market, wish)
        written, texts = pd.factorize(market.wishes["trade_label"].take(wish))
        name_of = _names(texts)
        wished = market.entry_trade[lines.entry]
        step = _steps(lines, market, wish)
        parts = (wished, lines.trade, step, rank - ADVISED, written)
        same = np.zeros(len(wish), dtype=np.int64)
        for part in parts:
            same = pd.factorize(same * (int(part.max(initial=0)) + 1) + part)[0]
        # Numbers are given in the order of the lines: the first of each exceeds all before.
        first = np.flatnonzero(np.diff(np.maximum.accumulate(same), prepend=-1))
        names, codes = trade_names(context.settings), market.trade_codes
        text = tuple(
            _said(
                name_of_code(codes[trade], names),
                name_of_code(codes[wished_trade].removeprefix(WORD), names),
                name_of[at],
                step=its_step,
                rank=wish_in_words(its_rank, lang),
                lang=lang,
            )
            for trade, wished_trade, at, its_step, its_rank in zip(
                lines.trade[first],
                wished[first],
                written[first],
                step[first].tolist(),
                rank[first].tolist(),
                strict=True,
            )
        )
        return Phrases(code=same.astype(np.int64), text=text)


def _steps(lines: ScoredLines, market: Market, wish: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the place in `STEPS` of what each line's trade is to its wish.

    Free words, other meanings of a title and trades near a diploma are codes behind `WORD`; those
    last are told as what they are, near.  A diploma is told as such.
    """
    codes, wished = market.trade_codes, market.entry_trade[lines.entry]
    at = {code: i for i, code in enumerate(codes)}
    is_word = np.array([code.startswith(WORD) for code in codes], dtype=bool)[wished]
    meant = np.array([at.get(code.removeprefix(WORD), -1) for code in codes], dtype=np.int64)
    how = market.wishes["trade_how"].iloc[wish]
    is_title, is_diploma = (how.eq(name).to_numpy(dtype=bool) for name in ("label", NAMED_DIPLOMA))
    of_word = np.where(is_title & (meant[wished] == lines.trade), MEANING, WORDS)
    is_told = is_word & ~is_diploma
    step = np.where(is_told, of_word, lines.nearness_step)
    is_named = np.array([code.startswith(DIPLOMA) for code in codes], dtype=bool)[wished]
    return np.where(is_named, NAMED, step).astype(np.int64)


def _ranks(lines: ScoredLines, market: Market, wish: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the rank of each line's wish; `ONLY` for a first or unranked one without others.

    `ADVISED` for one that an adviser added, whatever its rank.
    """
    rank = market.wishes["rank"].to_numpy()[wish].astype(np.int64)
    ends = np.append(market.wish_position[1:] == 0, True)
    is_only = (market.wish_position[wish] == 0) & ends[wish]
    is_only &= market.youths["wishes_rejected"].to_numpy()[lines.youth] == 0
    told = np.where(is_only & (rank <= 1), ONLY, rank)
    is_advised = market.wishes["source"].eq(OF_ADVISER).to_numpy(dtype=bool)[wish]
    return np.where(is_advised, ADVISED, told)


def wish_in_words(rank: int, lang: Lang) -> str:
    """Return a wish by its rank.

    Parameters
    ----------
    rank : int
        0 for none, `ONLY` for the one wish of a youth, `ADVISED` for one made with an adviser.
    lang : {"fr", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> [wish_in_words(rank, "fr") for rank in (0, 1, 12, ONLY)]
    ["l'un de vos vœux", 'votre premier vœu', 'votre vœu n° 12', 'votre vœu']
    """
    words = table(lang, "wish_rank")
    if rank <= 0:
        return words[{0: "unranked", ONLY: "only"}.get(rank, "advised")]
    return words.get(str(rank)) or say(lang, "wish_rank.later", rank=rank)


def _names(written: pd.Index) -> list[str]:
    """Return what youths wrote, as it may be shown; "" where it may not, or says nothing."""
    shown = mask(pd.Series(written, dtype="str"), is_personal=False)
    tidy = [in_words(" ".join(text.split())) for text in shown]
    return [text if len(text) <= LONGEST_NAME and HIDDEN not in text else "" for text in tidy]


def _said(trade: str, wished: str, written: str, *, step: int, rank: str, lang: Lang) -> str:
    """Return what one trade is to a wish of another or the same."""
    names_it = _is_name_of(written, trade)
    if step == NAMED and (not written or names_it):
        return say(lang, "nearness.diploma", wish=rank)
    if not step and (not written or names_it):
        return say(lang, "nearness.same", wish=rank)
    # What was written may name the very trade of the line, under the code of another: it is
    # the code that was searched for, so that the line is no more than near, and said so.
    is_quoted = bool(written) and not names_it and not _is_name_of(written, wished)
    if step == WORDS and not is_quoted:
        return say(lang, "nearness.words_alone", wish=rank)
    return say(lang, STEPS[step], wish=rank, name=written if is_quoted else wished)


@lru_cache(maxsize=65_536)
def _is_name_of(written: str, trade: str) -> bool:
    """Tell whether a written wish is no more than the trade's name, of one gender or of both."""
    names = {read_title(name).stems for name in (trade, *trade.split(_OR))} - {()}
    # Both genders may be written in full, where the nomenclature says their end once.
    is_both = all(read_title(half).stems in names for half in written.split(_OR))
    return is_both or read_title(written).stems in names
