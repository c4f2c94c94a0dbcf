"""What a round of sharing-out starts from, what it measures, and what follows from that.

A round solves, bounds, and decides.  Two things may keep the gap open: pairs that the
solver has not seen, and bids in too large steps; and the bonus of a first line may be too
small to serve as many youths as can be served.  `decide` says which it is, and what the
next round does about it.  So it is with the bonus of a published offer's first list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs

__all__ = ["MAX_ROUNDS", "Decision", "Measured", "State", "decide", "next_state"]

MAX_ROUNDS = 30  # a run that needs more is said to be unproved, never cut short in silence
NEAR = 8  # times the wanted gap, within which the next round starts from these prices
MORE = 4  # times as large a bonus, where it was too small


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a round starts from.

    Attributes
    ----------
    pairs : Pairs
        Those that the solver sees.
    price : ndarray of int64, shape (n_offers,), or None
        Prices that the solver starts from.
    step : int
        The solver's step in this round.
    epsilon : int
        The step of the rounds that count; the first, rough one has a larger `step`.
    bonus : int
        What a first line earns.
    show_bonus : int
        What the first list of an offer to show earns.
    """

    pairs: Pairs
    price: NDArray[np.int64] | None
    step: int
    epsilon: int
    bonus: int
    show_bonus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a round found out.

    Attributes
    ----------
    number : int
        Of the round, from 1.
    step, epsilon : int
        As in `State`.
    within : int
        How far the choice lies below what the prices prove on the pairs that the solver
        saw: what its steps lost.
    tolerated : float
        The wanted gap, in points.
    gap, max_gap : float
        The proved gap over all eligible pairs, and the wanted one.
    has_new_pairs : bool
        The bound met pairs that the solver had not seen.
    """

    number: int
    step: int
    epsilon: int
    within: int
    tolerated: float
    gap: float
    max_gap: float
    has_new_pairs: bool

    @property
    def is_cut_short(self) -> bool:
        """There is no further round, whatever is left to do."""
        return self.number >= MAX_ROUNDS

    @property
    def is_rough(self) -> bool:
        """The step was a first, large one: its prices only tell which pairs are missing."""
        return self.step > self.epsilon

    @property
    def is_coarse(self) -> bool:
        """The gap is too wide, and the solver's steps have their part in it."""
        return self.gap > self.max_gap and self.epsilon > 1 and self.within > self.tolerated / 2

    @property
    def is_good(self) -> bool:
        """The score is as good as was asked for, or as good as it gets."""
        return self.gap <= self.max_gap or not (self.is_coarse or self.has_new_pairs)

    @property
    def counts(self) -> bool:
        """The round may be the last one, or tell that its bonus was too small."""
        return not (self.is_cut_short or self.is_rough)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from a round.

    Attributes
    ----------
    is_last : bool
    is_most_served : bool
        Proved: no lists serve more youths.
    epsilon : int
        Step of the next round.
    is_most_shown : bool
        Proved: no lists show more of the offers to show.
    raises_bonus : bool
        A first line is to earn more, so that one more youth is served.
    raises_show_bonus : bool
        A first list of an offer is to earn more, so that one more is shown.
    keeps_price : bool
        The next round starts from the prices of this one.
    """

    is_last: bool
    is_most_served: bool
    is_most_shown: bool
    epsilon: int
    raises_bonus: bool
    raises_show_bonus: bool
    keeps_price: bool


def decide(now: Measured, *, has_way: bool | None, could_show: bool | None = False) -> Decision:
    """Decide what the next round does, or that there is none.

    Parameters
    ----------
    now : Measured
    has_way : bool or None
        There is a way to serve one youth more; None where nobody looked for one, because
        the round does not count or the number of youths served is not what is asked for.
    could_show : bool or None
        The same of a way to show one more of the offers to show.

    Returns
    -------
    Decision

    Examples
    --------
    >>> seen_all = Measured(number=2, step=4, epsilon=4, within=10, tolerated=100.0, gap=0.0001,
    ...                     max_gap=0.001, has_new_pairs=False)
    >>> decide(seen_all, has_way=False).is_last, decide(seen_all, has_way=True).raises_bonus
    (True, True)
    """
    is_last = now.is_cut_short or (now.counts and now.is_good and not (has_way or could_show))
    is_proof = now.counts and now.is_good
    return Decision(
        is_last=is_last,
        is_most_served=is_proof and has_way is False,
        is_most_shown=is_proof and could_show is False,
        epsilon=_next_epsilon(now),
        raises_bonus=bool(has_way) and not is_last,
        raises_show_bonus=bool(could_show) and not is_last,
        # Prices far from the last ones are a worse start than none, and so are those for
        # another bonus.
        keeps_price=now.gap <= NEAR * now.max_gap and not (has_way or could_show),
    )


def _next_epsilon(now: Measured) -> int:
    """Return the step that would lose half of what is tolerated, if losses go by the step."""
    if not (now.is_rough or now.is_coarse):
        return now.epsilon
    lost_by_a_step = now.within / now.step
    if now.is_rough:  # never the last word
        return max(1, min(now.epsilon, int(now.tolerated / 2 / max(lost_by_a_step, 1.0))))
    return max(1, min(now.epsilon // 2, int(now.tolerated / 2 / lost_by_a_step)))


def next_state(state: State, decision: Decision, pairs: Pairs, price: NDArray[np.int64]) -> State:
    """Return what the next round starts from; `pairs` and `price` are those of this one's end.

    Parameters
    ----------
    state : State
    decision : Decision
    pairs : Pairs
    price : ndarray of int64, shape (n_offers,)

    Returns
    -------
    State
    """
    return State(
        pairs=pairs,
        price=price if decision.keeps_price else None,
        step=decision.epsilon,
        epsilon=decision.epsilon,
        bonus=state.bonus * MORE if decision.raises_bonus else state.bonus,
        show_bonus=state.show_bonus * (MORE if decision.raises_show_bonus else 1),
    )
