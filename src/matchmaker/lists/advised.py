"""What advisers said of lines, as positions of the market: lines kept, pairs barred, the order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.pairs import Pairs
from matchmaker.lists.excluded import Excluded

__all__ = ["LAST", "Advised", "nothing_advised"]

LAST = 1 << 20
"""Place of a line of which nobody said anything: behind all of which somebody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """What advisers said of lines; the lists obey it.

    Attributes
    ----------
    pins : Pairs
        Lines that are fixed before the rest is shared out; legal ones, within every cap.
    banned : Excluded
        Pairs that no list may hold; none of them is pinned.
    order : Excluded
        Pairs whose place in the list was said.
    place : ndarray of int64, shape (n_ordered,)
        That place, of the pairs of `order`: smaller ones first.
    """

    pins: Pairs
    banned: Excluded
    order: Excluded
    place: NDArray[np.int64]

    @property
    def says_lines(self) -> bool:
        """Whether any line is kept or any pair barred."""
        return len(self.pins) > 0 or len(self.banned.key) > 0

    def places(self, lines: Pairs) -> NDArray[np.int64]:
        """Return the place that was said of each line, `LAST` where none was.

        Parameters
        ----------
        lines : Pairs

        Returns
        -------
        ndarray of int64, shape (n_lines,)
        """
        place = np.full(len(lines), LAST, dtype=np.int64)
        is_told = self.order.holds(lines)
        key = lines.youth[is_told].astype(np.int64) * self.order.n_offers + lines.offer[is_told]
        place[is_told] = self.place[np.searchsorted(self.order.key, key)]
        return place


def nothing_advised(n_youths: int, n_offers: int) -> Advised:
    """Return what is advised where nobody said anything.

    Parameters
    ----------
    n_youths, n_offers : int

    Returns
    -------
    Advised

    Examples
    --------
    >>> len(nothing_advised(2, 3).pins)
    0
    """
    none = np.zeros(0, dtype=np.int32)
    no_pairs = Excluded.of(none, none, n_offers)
    byte = np.zeros(0, dtype=np.uint8)
    pins = Pairs(
        indptr=np.zeros(n_youths + 1, dtype=np.int64), offer=none, score=none, wish=byte, rung=byte
    )
    return Advised(pins=pins, banned=no_pairs, order=no_pairs, place=np.zeros(0, dtype=np.int64))
