"""What a criterion is: a small table of integers, and a few words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import Market
from matchmaker.settings import Settings

__all__ = [
    "BEST",
    "Context",
    "Criterion",
    "DistancePoints",
    "Lines",
    "PairPoints",
    "Phrases",
    "TradePoints",
    "positions",
]

Lang = Literal["fr", "en"]
BEST = 10_000  # points of a perfect step; every criterion goes from 0 to this


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a criterion may look at: the market, the settings, its own steps' points."""

    market: Market
    settings: Settings
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPoints:
    """Points over a feature of the wish entry and a feature of the offer.

    Attributes
    ----------
    entry : ndarray of uint8, shape (n_entries,)
    offer : ndarray of uint8, shape (n_offers,)
    points : ndarray of int32, shape (n_entry_features, n_offer_features)
        0 to `BEST`, or `matchmaker.candidates.pairs.FORBIDDEN` for a rule.
    """

    entry: NDArray[np.uint8]
    offer: NDArray[np.uint8]
    points: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DistancePoints:
    """Points over the step of distance (`matchmaker.candidates.geometry`)."""

    points: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePoints:
    """Points are the nearness of the trades itself, 0 to `BEST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Published lines in arrays, one entry a line: what phrases are built from.

    Attributes
    ----------
    youth, offer, entry : ndarray of int32
        Rows of the youths and offers tables; the wish entry that gave the score.
    trade : ndarray of int32
        The offer's trade code that gave the score, a position in ``market.trade_codes``.
    nearness : ndarray of int32
        Nearness of that code to the wished one, 0 to 10,000.
    nearness_step : ndarray of uint8
        0 same code, 1 same parent, 2 near, 3 same domain.
    step : ndarray of int32
        Step of distance.
    km : ndarray of float64
    rung : ndarray of uint8
    score : ndarray of int32
    """

    youth: NDArray[np.int32]
    offer: NDArray[np.int32]
    entry: NDArray[np.int32]
    trade: NDArray[np.int32]
    nearness: NDArray[np.int32]
    nearness_step: NDArray[np.uint8]
    step: NDArray[np.int32]
    km: NDArray[np.float64]
    rung: NDArray[np.uint8]
    score: NDArray[np.int32]

    def at(self, rows: slice | NDArray[np.intp]) -> Lines:
        """Return some of the lines, or all of them in another order."""
        return Lines(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Words for lines, each distinct text once: line ``i`` says ``text[code[i]]``.

    An empty text says nothing: what is unknown is never mentioned.
    """

    code: NDArray[np.int64]
    text: tuple[str, ...]


class Criterion(Protocol):
    """A point of extension: one file in ``scoring/criteria`` and one line in its list.

    Attributes
    ----------
    name : str
        As in settings, in the columns of lists.csv and in the docs.
    weight : int
        Default weight; 0 for a criterion that is only a rule.
    steps : mapping of str to int
        Default points of each step, in the order of ``settings.values[name]``.
    """

    @property
    def name(self) -> str:
        """Name of the criterion."""
        ...

    @property
    def weight(self) -> int:
        """Default weight."""
        ...

    @property
    def steps(self) -> Mapping[str, int]:
        """Default points of each step."""
        ...

    def table(self, context: Context) -> PairPoints | DistancePoints | TradePoints:
        """Return the points of all steps for this market."""
        ...

    def phrases(self, lines: Lines, context: Context, lang: Lang) -> Phrases:
        """Return what to say of each line, from the very features that scored it."""
        ...


def positions(column: pd.Series[str], names: Sequence[str]) -> NDArray[np.uint8]:
    """Return where each cell stands in `names`; 0 for a cell that is none of them.

    Each distinct text is looked up once: a feature of a million rows takes hundredths of a
    second.

    Examples
    --------
    >>> positions(pd.Series(["b", "", "c"], dtype="str"), ("", "a", "b")).tolist()
    [2, 0, 0]
    """
    code, texts = pd.factorize(column)
    at = {name: i for i, name in enumerate(names)}
    position = np.array([at.get(text, 0) for text in texts], dtype=np.uint8)
    return position[code]
