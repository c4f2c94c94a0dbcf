"""What a sharing-out gives: the chosen pairs, what is proved of them, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.terms import Terms

__all__ = ["Proof", "Round", "Shared", "Showing", "relative_gap"]


def relative_gap(bound: int, reached: int) -> float:
    """Return (bound - reached) / reached; 0 where there is nothing to share out.

    Parameters
    ----------
    bound, reached : int
        In the same unit.

    Returns
    -------
    float
        A share of what is reached.

    Examples
    --------
    >>> relative_gap(1_010, 1_000), relative_gap(5, 0)
    (0.01, 0.0)
    """
    return (bound - reached) / reached if reached > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One solve: the pairs it saw, and what it reached.

    Attributes
    ----------
    pairs : int
        Pairs of the problem.
    served : int
        Youths with a line.
    score, bound : int
        Sum of plain scores; what no lists exceed by the prices of this round.
    """

    pairs: int
    served: int
    score: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Published offers that no list had shown before, and what became of them.

    Attributes
    ----------
    is_orphan : ndarray of bool, shape (n_offers,)
        An allowed pair, and no list.
    is_for_nobody : ndarray of bool, shape (n_offers,)
        No allowed pair.
    shown : int
        Those in a list.
    is_most : bool
        True when the cut proves that no lists under these caps show more.
    bound_without : int
        No lists under these caps that serve as many youths have a greater sum of scores less
        costs, whatever offers they show: what showing them costs is at most that less the
        score.
    """

    is_orphan: NDArray[np.bool_]
    is_for_nobody: NDArray[np.bool_]
    shown: int
    is_most: bool
    bound_without: int

    @property
    def showable(self) -> int:
        """Those with an allowed pair."""
        return self.shown + int(self.is_orphan.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is certified about a sharing-out, and over which pairs.

    Attributes
    ----------
    servable : int
        Youths with at least one eligible pair.
    served : int
        Youths with at least one line.
    is_most_served : bool
        True when the cut proves that no lists under these caps serve more youths.
    score : int
        Sum of the plain scores of all lines, without bonuses.
    costs : int
        What the lists of an offer beyond its first ones cost; 0 unless asked for.
    bound : int
        No lists under these caps that serve as many youths have a greater sum of scores
        less costs.
    rounds : tuple of Round
        What each run of the solver reached; the last is the one that counts.
    offers : Showing or None
        Of the published offers that were to be shown; None where that was no aim.
    """

    servable: int
    served: int
    is_most_served: bool
    score: int
    costs: int
    bound: int
    rounds: tuple[Round, ...]
    offers: Showing | None = None

    @property
    def gap(self) -> float:
        """How far the lists may be below the best ones, as a part of what they reach."""
        return relative_gap(self.bound, self.score - self.costs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Chosen pairs, the proof, and the certificate that anybody may add up again.

    Attributes
    ----------
    pairs : Pairs
        Sorted by youth, then offer.
    candidates : Pairs
        All pairs that the solver or the bound looked at.
    proof : Proof
    terms : Terms
        What was asked for.
    certificate : Certificate
    has_candidate : ndarray of bool, shape (n_youths,)
    """

    pairs: Pairs
    candidates: Pairs
    proof: Proof
    terms: Terms
    certificate: Certificate
    has_candidate: NDArray[np.bool_]
