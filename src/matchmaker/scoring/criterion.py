"""What a criterion is: a small table of integers, and a few words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.breakdown import ScoredLines
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import StartDays
from matchmaker.settings import Settings
from matchmaker.words import Lang

__all__ = [
    "BEST",
    "Context",
    "Criterion",
    "DistancePoints",
    "PairPoints",
    "Phrases",
    "TradePoints",
    "positions",
]

BEST = 10_000  # points of a perfect step; every criterion goes from 0 to this


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a criterion may look at: the market, the settings, its own steps' points.

    Attributes
    ----------
    market : Market
    settings : Settings
    points : mapping of str to int
        Step of the criterion to its points, 0 to `BEST`: the user's where they gave some.

    Examples
    --------
    >>> context = Context(market=None, settings=Settings(), points={"same": 10_000, "other": 0})
    >>> context.points["same"] == BEST
    True
    """

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
    near : ndarray of uint8, shape (n_entries,), or None
        The feature of an entry where the offer's trade is no wished one; None: `entry`.
    points : ndarray of int32, shape (n_entry_features, n_offer_features)
        0 to `BEST`, or `matchmaker.candidates.pairs.FORBIDDEN` for a rule.
    cost : ndarray of int32 or None, of the shape of `points`
        Score that a doubt about the pair costs, whatever the weight; None for nothing.
    start_days : StartDays or None
        A rule of dates beside the points.

    Examples
    --------
    >>> table = PairPoints(  # offers of feature 1 are worth full points to every wish
    ...     entry=np.zeros(2, "u1"), offer=np.array([0, 1, 1], "u1"),
    ...     points=np.array([[0, BEST]], "i4"),
    ... )
    >>> table.points[table.entry[0], table.offer].tolist()
    [0, 10000, 10000]
    """

    entry: NDArray[np.uint8]
    offer: NDArray[np.uint8]
    points: NDArray[np.int32]
    near: NDArray[np.uint8] | None = None
    cost: NDArray[np.int32] | None = None
    start_days: StartDays | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistancePoints:
    """Points over the step of distance (`matchmaker.candidates.geometry`).

    Attributes
    ----------
    points : ndarray of int32, shape (n_steps,)
        0 to `BEST`, by step; ``STEPS_PER_REACH`` times the largest
        ``mobile_reach_factor`` of them.

    Examples
    --------
    >>> DistancePoints(points=np.array([BEST, BEST // 2], "i4")).points.tolist()
    [10000, 5000]
    """

    points: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePoints:
    """Points are the nearness of the trades itself, 0 to `BEST`.

    Examples
    --------
    >>> TradePoints()
    TradePoints()
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Words for lines, each distinct text once: line ``i`` says ``text[code[i]]``.

    An empty text says nothing: what is unknown is never mentioned.

    Attributes
    ----------
    code : ndarray of int64, shape (n_lines,)
    text : tuple of str

    Examples
    --------
    >>> said = Phrases(code=np.array([1, 0, 1]), text=("", "small employer"))
    >>> [said.text[code] for code in said.code]
    ['small employer', '', 'small employer']
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

    Examples
    --------
    >>> from dataclasses import dataclass, field
    >>> @dataclass(frozen=True)
    ... class Small:
    ...     name: str = "small"
    ...     weight: int = 5
    ...     steps: dict[str, int] = field(default_factory=lambda: {"other": 0, "small": BEST})
    ...     def table(self, context):
    ...         is_small = context.market.offers["size"].eq("1-9").to_numpy()
    ...         return PairPoints(
    ...             entry=np.zeros(len(context.market.entry_wish), "u1"),
    ...             offer=is_small.astype("u1"),
    ...             points=np.array([list(context.points.values())], "i4"),
    ...         )
    ...     def phrases(self, lines, context, lang):
    ...         return Phrases(code=np.zeros(len(lines.offer), "i8"), text=("",))
    >>> criterion: Criterion = Small()  # for `matchmaker.match(..., criteria=[criterion])`
    >>> list(criterion.steps)
    ['other', 'small']
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

    def table(self, context: Context) -> PairPoints | DistancePoints | TradePoints | StartDays:
        """Return the points of all steps for this market, or a rule of dates alone.

        Parameters
        ----------
        context : Context

        Returns
        -------
        PairPoints, DistancePoints, TradePoints or StartDays
        """
        ...

    def phrases(self, lines: ScoredLines, context: Context, lang: Lang) -> Phrases:
        """Return what to say of each line, from the very features that scored it.

        A text that ends in a full stop is a sentence of its own; any other is a fragment, and
        all fragments of a line are told in one sentence.  Those of the package's own trade,
        wish, distance, region, start, level and contract have places of their own in it
        (`matchmaker.explain.reasons`).
        """
        ...


def positions(column: pd.Series[str], names: Sequence[str]) -> NDArray[np.uint8]:
    """Return where each cell stands in `names`; 0 for a cell that is none of them.

    Each distinct text is looked up once: a feature of a million rows takes hundredths of a
    second.

    Parameters
    ----------
    column : Series of str, shape (n,)
    names : sequence of str
        256 at most.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Examples
    --------
    >>> positions(pd.Series(["b", "", "c"], dtype="str"), ("", "a", "b")).tolist()
    [2, 0, 0]
    """
    code, texts = pd.factorize(column)
    at = {name: i for i, name in enumerate(names)}
    position = np.array([at.get(text, 0) for text in texts], dtype=np.uint8)
    return position[code]
